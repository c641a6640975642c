"""Is NUTS right, where the exact posterior is known? Differences in Monte Carlo errors."""

from collections.abc import Mapping

import numpy as np

from workflow.quantities import Quantity

WORST = 4  # Monte Carlo errors: among so few comparisons, more is no chance


def off(found: Mapping[str, Quantity], exact: Mapping[str, float]) -> float:
    """Return the largest difference of posterior means from exact ones, in Monte Carlo errors.

    NaN where any is not a number.
    """
    gaps = [(found[name].mean, found[name].mcse_mean, mean) for name, mean in exact.items()]
    mean, error, truth = np.array(gaps, dtype=float).T
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.max(np.abs(mean - truth) / error))
