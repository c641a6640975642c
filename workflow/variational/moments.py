"""Mean, sd and interval ends of draws, each with its own Monte Carlo error."""

import math

import numpy as np
import xarray as xr
from arviz_stats.base import array_stats

from workflow.quantities import TAILS, stack


def moments(
    posterior: xr.Dataset, *, independent: bool
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return mean, sd and interval ends of every scalar, and the Monte Carlo error of each."""
    names, draws = stack(posterior)
    values = np.array(
        [
            draws.mean(axis=(1, 2)),
            draws.std(axis=(1, 2), ddof=1),
            *np.quantile(draws, TAILS, axis=(1, 2)),
        ]
    ).T
    if independent:
        errors = np.array([_independent_errors(x.ravel()) for x in draws])
    else:
        kinds = [("mean", None), ("sd", None), *(("quantile", p) for p in TAILS)]
        axes = {"chain_axis": 1, "draw_axis": 2}
        errors = np.array([array_stats.mcse(draws, method=m, prob=p, **axes) for m, p in kinds]).T
    return {name: (values[i], errors[i]) for i, name in enumerate(names)}


def _independent_errors(x: np.ndarray) -> list[float]:
    """Monte Carlo errors of mean, sd and interval ends for independent draws `x`.

    The sd's by its fourth moment; a quantile's by the order statistics one binomial sd to either
    side.
    """
    n, sd = x.size, x.std(ddof=1)
    fourth = np.mean((x - x.mean()) ** 4)
    sd_error = math.sqrt(max(fourth - sd**4, 0) / n) / (2 * sd) if sd > 0 else math.nan
    ends = []
    for p in TAILS:
        step = math.sqrt(p * (1 - p) / n)
        low, high = np.quantile(x, (max(p - step, 0), min(p + step, 1)))
        ends.append(float(high - low) / 2)
    return [float(sd) / math.sqrt(n), sd_error, *ends]
