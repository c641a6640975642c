"""Several series whose sds are from one population: the model, and what the page says of it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pymc as pm

from analyses._pooled import without_offsets
from analyses._study import Study
from models._pooled_levels import levels_pooled
from models._threads import one_thread
from reports.series import population as words
from workflow.checking.exact import Known
from workflow.series.changed import FACTORS, Rule
from workflow.series.pooled import Together
from workflow.series.population import Wide
from workflow.series.several import Several

TYPICAL, BETWEEN = 1.5, 1.0  # prior sd of a typical log sd, and scale of the sd between series
APART = (0.5, 1.0, 2.0)  # times the scale of the sd between series, in the sweep


def pooled(
    alone: Mapping[str, Rule], rows: Sequence[Any]
) -> tuple[Together, "partial[pm.Model]", dict[str, tuple[float, ...]]]:
    """Return the rules, the model and the knobs of series whose sds are from one population."""
    one_thread()
    values, times, of, names, noise, drift, first, first_sd = rows
    scale, step = (float(np.exp(np.median(np.log(one)))) for one in (noise, drift))
    build = partial(
        levels_pooled, values, times, of, names, scale, step, first, first_sd,
        typical=TYPICAL, between=BETWEEN,
    )  # fmt: skip
    together = Together.of(alone, Wide(scale, step, TYPICAL, BETWEEN))
    return together, build, {"drift": FACTORS, "between": APART}


def names(rule: Several) -> list[str]:
    """Return what the populations are called in the model; of series alone there are none."""
    return list(known(rule))


def known(rule: Several) -> dict[str, Known]:
    """Return what is known exactly of the populations; nothing of series by themselves."""
    return rule.population.known() if isinstance(rule, Together) else {}


def tell(study: Study, rule: Several, alone: Mapping[str, Rule]) -> None:
    """Add how alike the series are, and what each is by itself; nothing of series alone."""
    if not isinstance(rule, Together):
        return
    without_offsets(study)
    found = known(rule)
    study.section(
        "How alike are the series?",
        words.alike(found),
        words.beside(rule.rules, alone),
        line=words.line(found),
    )
