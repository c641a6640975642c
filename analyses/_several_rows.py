"""Several series of a file as those of the statistics, with priors, names, and rows of a model."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from data._recorded import Recorded
from reports.series import level as words
from workflow.series import accounts

FAR = 10  # scales: how far from the first value the first level may be


def series(one: Recorded, settings: Mapping[str, Any]) -> accounts.Series:
    """Return a series with the prior that it has by itself, or the one that was given for all."""
    y = one.values.to_numpy(dtype=float)
    scale = accounts.usual(y)
    start = settings["start"]
    noise, drift, jump = (settings[name] or scale for name in ("noise", "drift", "jump"))
    prior = accounts.Prior(
        noise,
        drift,
        jump,
        start=round(y[0] / scale) * scale if start is None else start,
        start_sd=settings["start_sd"] or FAR * scale,
    )
    return accounts.Series(y, one.at, prior)


def about(recorded: Mapping[str, Recorded], ahead: int) -> dict[str, words.Words]:
    """Return what each series and its times are called."""
    return {
        name: words.Words(
            name, one.unit, list(map(str, one.values.index)), one.missing, one.ahead(ahead)
        )
        for name, one in recorded.items()
    }


def rows(
    recorded: Mapping[str, Recorded], every: Mapping[str, accounts.Series], of: np.ndarray
) -> tuple[Any, ...]:
    """Return what the model is of: values, times, whose they are, names, and the prior's scales."""
    found = list(every.values())
    names = [f"{name}, {time}" for name, one in recorded.items() for time in one.values.index]
    values = pd.Series(np.concatenate([one.y for one in found]), names, name="value")
    scales = [
        np.array([getattr(one.prior, name) for one in found])
        for name in ("noise", "drift", "start", "start_sd")
    ]
    return values, np.concatenate([one.times for one in found]), of, list(every), *scales
