"""Predictions in the outcome's own unit, where a transformation of it was fitted; their errors."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

BACK: dict[str, Callable[[Any], Any]] = {
    "exp": np.exp,
    "10^": lambda x: 10.0**x,
    "2^": lambda x: 2.0**x,
    "expm1": np.expm1,
    "square": np.square,
}


def outcomes(found: pd.DataFrame, design: Mapping[str, Any]) -> pd.DataFrame:
    """Add the interval in the outcome's own unit where a transformation of it was fitted."""
    outcome = design["outcome"]
    if "back" in outcome:
        back, of = BACK[outcome["back"]], outcome["of"]
        for end in ("lower", "upper"):
            within = np.maximum(found[end], 0) if outcome["back"] == "square" else found[end]
            found[f"{of}_{end}"] = back(within)
    return found


def lines(found: pd.DataFrame, design: Mapping[str, Any]) -> pd.DataFrame:
    """Add the lines in the outcome's own unit where a transformation was fitted; note crossings.

    A quantile of a growing function is the function of the quantile.
    """
    outcome, crossing = design["outcome"], found.pop("crossing")
    if "back" in outcome:
        back, of = BACK[outcome["back"]], outcome["of"]
        for name in list(found):
            within = np.maximum(found[name], 0) if outcome["back"] == "square" else found[name]
            found[f"{of}_{name}"] = back(within)
    said = "lines cross here: no order of quantiles"
    return found.assign(note=np.where(crossing, said, ""))


def largest_error(found: pd.DataFrame) -> str:
    """Say how large the Monte Carlo error of an interval's end is at most."""
    if found.empty:
        return ""
    width = (found["upper"] - found["lower"]).to_numpy()
    share = float((found["mcse"] / np.where(width > 0, width, np.nan)).max())
    return (
        f" The ends of the intervals have Monte Carlo errors of at most {share:.1%} of the width."
    )
