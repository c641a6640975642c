"""Designs of cases that stand alone: putts, groups, effects, a series, trials of an experiment."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analyses._designs import EFFECTS, GROUPS, HOLDS, PUTTS, SERIES, TRIALS


def of_series(
    name: str, prior: Mapping[str, float], by: str = ", by three accounts together"
) -> dict[str, Any]:
    """Return that a series is forecast on its page: what comes next is no row of anything.

    Its prior is held when later rows come: else it would be made of them, and today's posterior
    were not tomorrow's prior.
    """
    return {
        "kind": SERIES,
        HOLDS: {name: repr(float(value)) for name, value in prior.items()},
        "cannot": f"{name} is forecast on its own page{by}: run the case "
        "again with --ahead (how many times to come), or go on with casebook update",
    }


def of_putts(counts: pd.DataFrame, room: float) -> dict[str, Any]:
    """Return how far the ball's middle may pass the hole's, and the distances that were tried."""
    tried = [float(counts["distance_ft"].min()), float(counts["distance_ft"].max())]
    return {"kind": PUTTS, "room": room, "distances": tried}


def of_groups(groups: Sequence[str], *, counted: bool) -> dict[str, Any]:
    """Return the groups, if their trials are counted; of effects and means there are none."""
    if counted:
        return {"kind": GROUPS, "groups": list(groups)}
    said = "there are no trials; the page and its .json say what each group and a new one are"
    return {"kind": GROUPS, "cannot": said}


def of_effects(groups: Sequence[str]) -> dict[str, Any]:
    """Return the groups of a fit that is there to judge methods by, and predicts nothing."""
    said = "it is there to compare methods; of a group that is not in it, mu and tau are all it has"
    return {"kind": EFFECTS, "groups": list(groups), "cannot": said}


def of_settings(settings: Sequence[str], result: str) -> dict[str, Any]:
    """Return settings and result of an experiment: names alone, since the study predicts."""
    said = (
        "its function is summed out, so that new settings need the results beside the draws: run "
        "next_experiment on what was tried, with the new settings as --pool"
    )
    return {"kind": TRIALS, "settings": list(settings), "result": result, "cannot": said}
