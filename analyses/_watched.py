"""A step of ab_test: the evidence as it came in, where rows have an order and arms are few."""

from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr

from analyses._study import Study
from reports.rates import arms_watched as words
from workflow.rates import arms_in_time
from workflow.sampling.simulating import evenly_spaced


def arms(
    study: Study,
    rows: pd.DataFrame | Literal[False] | None,
    posterior: xr.Dataset,
    limit: float,
    prior: tuple[float, float],
) -> None:
    """Add P(best) and losses after every look, when the rule was first met, and what looking does.

    Nothing is added where there are no `rows` in their order, or more arms than can be told apart.
    """
    names = [str(arm) for arm in posterior["arm"].to_numpy()]
    if rows is None or rows is False or not study.sound or len(names) > words.MOST:
        return
    study.step("evidence in time")
    seen, at = arms_in_time.in_time(rows, names, *prior), arms_in_time.looked_at(len(rows))
    chosen = seen.chosen(limit)
    first = np.flatnonzero(chosen >= 0)
    met = (int(at[first[0]]), names[chosen[first[0]]]) if first.size else None
    drawn = evenly_spaced(posterior[["rate"]], arms_in_time.SEQUENCES)["rate"]
    same = np.full((arms_in_time.SEQUENCES, len(names)), rows["conversions"].mean())
    rates = {"all arms the same rate": same, "as the posterior has it": drawn.to_numpy()[0]}
    found = {
        kind: arms_in_time.look(seen, one, limit, seed=study.seed) for kind, one in rates.items()
    }
    picture = words.evidence(at, seen, names, limit, met)
    study.section("The evidence as it came in", picture, *words.looks(found))
    words.warn(study.page, met, study.decision)
