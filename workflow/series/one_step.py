"""Test statistics of what a level that drifts leaves over, for `workflow.checking.checks`.

Each value is predicted from those before it, by the two sds of each draw; errors in their own sds
are independent and standard normal if the model is right. For the data and for every simulated
series alike it is looked at whether neighbours hang together, whether a season comes again, whether
there are tails, whether the noise grows, whether errors have a side, and whether the level jumps.
Source: Durbin and Koopman (2012), sections 2.12 and 4.5.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import numpy as np
import xarray as xr

from workflow.checking.checks import Statistic
from workflow.quantities import SAMPLE

NUMBERS = 4_000_000  # errors that are looked at: of many values and draws every so many draws
FEWEST = 8  # values, of fewer nothing is looked at
LAGS = 40  # rows back, at most


class Predicted(Protocol):
    """Values of which each is predicted from those before it, by the sds of each draw."""

    @property
    def y(self) -> np.ndarray:
        """The values."""
        ...

    def passed(self, y: np.ndarray, given: xr.Dataset) -> Any:
        """Return errors (`standardised`) and the `largest_move` of values (time, draws)."""
        ...


def statistics(series: Predicted, tree: xr.DataTree) -> dict[str, Statistic]:
    """Return what is looked at; none of very few values. The posterior of `tree` has both sds.

    Of its draws those count that values were simulated from.
    """
    simulated = tree["posterior_predictive"]["draw"].to_numpy()
    posterior = tree["posterior"].to_dataset().sel(draw=simulated)
    kinds: dict[str, Callable[[np.ndarray, Any], np.ndarray]] = {
        "one-step errors: correlation with the one before": lambda e, _: lagged(e, 1),
        "one-step errors: correlation that comes again (season)": lambda e, _: season(e),
        "one-step errors: largest in its sds": lambda e, _: np.abs(e).max(0),
        "one-step errors: size of the late to the early": lambda e, _: growth(e),
        "one-step errors: mean, in sds": lambda e, _: e.mean(0),
        "largest single move of the level, in its sds": lambda _, seen: seen.largest_move(),
    }
    numbers = len(series.y) * posterior["sigma_level"].size
    thin = posterior.isel(draw=slice(None, None, -(-numbers // NUMBERS)))
    of = partial(_of_errors, series=series, posterior=thin)
    few = len(series.y) < FEWEST
    return {} if few else {name: partial(of, kind=kind) for name, kind in kinds.items()}


def of_all(season: int = 1) -> dict[str, Statistic]:
    """Return what the prior is asked for: how far apart neighbours are, and all values.

    With a season not neighbours but values a period apart: the season has no part in these.
    """
    apart = "neighbours" if season == 1 else "values a season apart"
    kinds: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "first value": lambda y: y[..., 0],
        f"sd of the differences of {apart}": lambda y: (y[..., season:] - y[..., :-season]).std(-1),
        "sd of the values": lambda y: y.std(-1),
    }
    return {name: partial(_of_rows, of=kind) for name, kind in kinds.items()}


def lagged(e: np.ndarray, lag: int) -> np.ndarray:
    """Return the correlation of errors (dims: time, settings) with those `lag` rows before."""
    left = e - e.mean(0)
    found: np.ndarray = (left[lag:] * left[:-lag]).sum(0) / np.square(left).sum(0)
    return found


def season(e: np.ndarray) -> np.ndarray:
    """Return the largest correlation with errors 2 and more rows before, up to a third of all."""
    lags = range(2, max(3, min(LAGS, len(e) // 3)) + 1)
    found: np.ndarray = np.max([lagged(e, lag) for lag in lags], axis=0)
    return found


def growth(e: np.ndarray) -> np.ndarray:
    """Return the logarithm of the root mean square of the late half of errors to the early one."""
    half = len(e) // 2
    found: np.ndarray = np.log(np.square(e[-half:]).mean(0) / np.square(e[:half]).mean(0)) / 2
    return found


def _of_errors(
    y: xr.DataArray,
    given: xr.Dataset,
    *,
    series: Predicted,
    posterior: xr.Dataset,
    kind: Callable[[np.ndarray, Any], np.ndarray],
) -> xr.DataArray:
    """Apply a function of errors (time, settings) to the data, or to simulated series, by draws."""
    drawn = "draw" in y.dims
    kept = np.isin(posterior["draw"], y["draw"]) if drawn else slice(None)
    given_sds = posterior.isel(draw=kept)
    if drawn:
        y = y.sel(draw=given_sds["draw"]).transpose("row", *SAMPLE)
    seen = series.passed(y.to_numpy().reshape(len(series.y), -1), given_sds)
    found = kind(seen.standardised[1:], seen)
    return xr.DataArray(found.reshape([given_sds.sizes[dim] for dim in SAMPLE]), dims=SAMPLE)


def _of_rows(
    y: xr.DataArray, given: xr.Dataset, *, of: Callable[[np.ndarray], np.ndarray]
) -> xr.DataArray:
    """Apply a function of an array whose last axis is the rows."""
    kept = [dim for dim in SAMPLE if dim in y.dims]
    return xr.DataArray(of(y.transpose(*kept, "row").to_numpy()), dims=kept)
