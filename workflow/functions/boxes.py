"""Settings within ranges that could be tried: spread evenly, then more of them near the best.

Source: Sobol points as in scipy.stats.qmc.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import qmc

from workflow.functions.trials import Search

FIRST, NEAR, ROUNDS, AROUND = 1024, 256, 2, 8  # settings; those that others are put around
CLOSE = 0.1  # sd of what is put around a setting in the first round, in ranges; then a third of it
DIGITS = 2  # that a setting has behind the first digit of its range
FEW = 5  # values of a setting that has no others


@dataclass(frozen=True)
class Box:
    """The range of each setting, and which values it can have there (none named: any)."""

    low: np.ndarray
    high: np.ndarray
    values: tuple[np.ndarray | None, ...]

    @classmethod
    def around(cls, settings: pd.DataFrame, given: Mapping[str, tuple[float, float]]) -> "Box":
        """Return the ranges that were given, and of other settings those that were tried.

        A setting that was tried at a few values only has no others, unless its range was given.
        """
        ends = {name: (x.min(), x.max()) for name, x in settings.items()} | dict(given)
        tried = (
            None if name in given or x.nunique() > FEW else np.unique(x.to_numpy())
            for name, x in settings.items()
        )
        low, high = (np.array([ends[str(name)][i] for name in settings]) for i in (0, 1))
        return cls(low, high, tuple(tried))

    def at(self, shares: np.ndarray, whole: np.ndarray) -> np.ndarray:
        """Return the settings at shares (row, column; 0 to 1) of the ranges, rounded."""
        width = self.high - self.low
        unit = np.where(whole, 1.0, 10.0 ** (np.floor(np.log10(width)) - DIGITS))
        found = np.clip(np.round((self.low + shares * width) / unit) * unit, self.low, self.high)
        for i, values in enumerate(self.values):
            if values is not None:
                nearest = np.abs(found[:, i, None] - values).argmin(axis=1)
                found[:, i] = values[nearest]
        return np.unique(found, axis=0)


def explored(search: Search, posterior: xr.Dataset, box: Box, *, seed: int) -> Search:
    """Return the search with settings of the box: spread evenly, and near those that are best."""
    rng = np.random.default_rng(seed)
    whole = (search.tried.x == np.round(search.tried.x)).all(axis=0)
    points = qmc.Sobol(len(box.low), rng=rng).random(FIRST)
    found = replace(search, candidates=box.at(points, whole))
    width = box.high - box.low
    for i in range(ROUNDS):
        seen, _ = found.seen(posterior)
        best = found.candidates[np.argsort(-seen.improvement)[:AROUND]]
        around = np.repeat((best - box.low) / width, NEAR // AROUND, axis=0)
        moved = around + CLOSE / 3**i * rng.normal(size=around.shape)
        both = [found.candidates, box.at(np.clip(moved, 0, 1), whole)]
        found = replace(found, candidates=np.unique(np.concatenate(both), axis=0))
    return found
