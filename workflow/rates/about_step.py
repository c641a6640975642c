"""Test statistics of counts of periods about their best step, for `workflow.checking.checks`.

Each finds, for the data and for every simulated series alike, the boundary at which one step fits
best, and looks at what is left: whether counts spread more than Poisson ones, whether neighbours
are alike, whether rates drift where they should be constant, and whether one more step would fit.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import xarray as xr
from scipy.special import xlogy

from workflow.checking.checks import Statistic
from workflow.quantities import SAMPLE

SERIES = 1000  # at a time, so that memory does not grow with draws


def statistics() -> dict[str, Statistic]:
    """Return what is looked at, about the best step."""
    kinds: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "variance over mean, about the step": dispersion,
        "correlation of neighbours, about the step": neighbours,
        "drift before and after the step": drift,
        "gain by a second step": second_step,
    }
    return {name: partial(_of_periods, of=of) for name, of in kinds.items()}


def of_all() -> dict[str, Statistic]:
    """Return what the prior is asked for: the mean count and the largest."""
    return {
        "mean count of a period": partial(_of_periods, of=lambda y: y.mean(-1)),
        "largest count of a period": partial(_of_periods, of=lambda y: y.max(-1)),
    }


def dispersion(y: np.ndarray) -> np.ndarray:
    """Return the sum of squared Pearson residuals, over periods less two; about 1 for Poisson."""
    left, _ = _residuals(y)
    found: np.ndarray = np.square(left).sum(-1) / (y.shape[-1] - 2)
    return found


def neighbours(y: np.ndarray) -> np.ndarray:
    """Return the correlation of Pearson residuals with those of the period before."""
    left, _ = _residuals(y)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: np.ndarray = (left[:, 1:] * left[:, :-1]).sum(-1) / np.square(left).sum(-1)
    return np.where(np.isfinite(found), found, 0.0)


def drift(y: np.ndarray) -> np.ndarray:
    """Return the slope of counts within both sides of the step, over its sd by Poisson."""
    time = np.arange(y.shape[-1], dtype=float)
    left, late = _residuals(y)
    _, mean = _sides(y, late)
    middle = _means(np.broadcast_to(time, y.shape), late)
    moved = (time - middle) * np.sqrt(mean)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (moved * left).sum(-1) / np.sqrt(np.square(moved).sum(-1))
    return np.where(np.isfinite(found), found, 0.0)


def second_step(y: np.ndarray) -> np.ndarray:
    """Return by how much the best second boundary raises the log likelihood."""
    n = y.shape[-1]
    early, at = np.cumsum(y, -1, dtype=float), best(y)[:, None]
    first, whole = np.take_along_axis(early, at - 1, -1), early[:, -1:]
    k = np.arange(1, n)
    s = early[:, :-1]
    before = _fit(s, k) + _fit(first - s, at - k) - _fit(first, at)
    after = _fit(s - first, k - at) + _fit(whole - s, n - k) - _fit(whole - first, n - at)
    gain = np.where(k < at, before, np.where(k > at, after, 0.0))
    found: np.ndarray = gain.max(-1)
    return found


def best(y: np.ndarray) -> np.ndarray:
    """Return how many periods stand before the boundary at which one step fits best."""
    n, early = y.shape[-1], np.cumsum(y, -1, dtype=float)
    k, s = np.arange(1, n), early[:, :-1]
    found: np.ndarray = (_fit(s, k) + _fit(early[:, -1:] - s, n - k)).argmax(-1) + 1
    return found


def _fit(events: np.ndarray, periods: np.ndarray) -> np.ndarray:
    """Return the log likelihood of the rate that fits best, but for what all rates share."""
    rate = np.maximum(events, 0) / np.maximum(periods, 1)
    found: np.ndarray = np.where(periods > 0, xlogy(events, rate), 0.0)
    return found


def _means(x: np.ndarray, late: np.ndarray) -> np.ndarray:
    """Return for each period the mean of its side."""
    n = late.sum(-1, keepdims=True)
    after = (x * late).sum(-1, keepdims=True) / n
    before = (x * ~late).sum(-1, keepdims=True) / (x.shape[-1] - n)
    return np.where(late, after, before)


def _sides(y: np.ndarray, late: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return counts less the mean of their side, and that mean."""
    mean = _means(y, late)
    return y - mean, mean


def _residuals(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return Pearson residuals about the best step, and which periods are after it."""
    late = np.arange(y.shape[-1]) >= best(y)[:, None]
    left, mean = _sides(y, late)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(mean > 0, left / np.sqrt(mean), 0.0), late


def _of_periods(
    y: xr.DataArray, given: xr.Dataset, *, of: Callable[[np.ndarray], np.ndarray]
) -> xr.DataArray:
    """Apply a function of series (series, period) to all draws."""
    kept = [dim for dim in SAMPLE if dim in y.dims]
    array = y.transpose(*kept, "row").to_numpy()
    flat = array.reshape(-1, array.shape[-1])
    found = [of(flat[at : at + SERIES]) for at in range(0, len(flat), SERIES)]
    return xr.DataArray(np.concatenate(found).reshape(array.shape[:-1]), dims=kept)
