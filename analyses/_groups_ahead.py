"""The next trials of groups from one population: of those that were fitted, and of a new one."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import xarray as xr

from analyses._predicted import SEED, Predictions
from workflow.groups.population import new_rates
from workflow.predicting.counts import next_events
from workflow.predicting.draws import flat

NEW = "a new group"


def of_next_trials(posterior: xr.Dataset, design: Mapping[str, Any], following: int) -> Predictions:
    """Predict so many further trials of every group, and of one that was not fitted."""
    asked = pd.DataFrame({"group": [*design["groups"], NEW], "trials": following, "note": ""})
    return of_groups(posterior, design, asked)


def of_groups(posterior: xr.Dataset, design: Mapping[str, Any], asked: pd.DataFrame) -> Predictions:
    """Predict the successes in so many trials of each group; rows with a note have none.

    A group that was not fitted has a rate from the population of groups.
    """
    known = dict(zip(design["groups"], flat(posterior, "rate").T, strict=True))
    new, rows = new_rates(posterior, seed=SEED).to_numpy().ravel(), []
    for group, trials, note in asked[["group", "trials", "note"]].itertuples(index=False):
        row = {"group": group, "trials": trials}
        if not note:
            found = next_events(known.get(group, new), trials, seed=SEED)
            row |= {"mean": found.mean, "sd": found.sd}
            row |= {"lower": found.lower, "upper": found.upper}
            unseen = group not in known and group != NEW
            note = "was not fitted: any group" if unseen else ""
        rows.append(row | {"note": note})
    reasons = [note for note in asked["note"] if note]
    table = pd.DataFrame(rows, dtype=object)
    return Predictions(table, "groups", len(asked) - len(reasons), 0, reasons)
