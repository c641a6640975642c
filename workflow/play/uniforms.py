"""The sum of some uniform numbers is nearly Gaussian, first in its middle, last in its tails."""

import numpy as np
from scipy import stats

from workflow.play.randoms import State

GRID = np.linspace(-4, 4, 801)  # in standard deviations of the sum


def state(*, n: int, beyond: float) -> State:
    """Return the standardised sum of n numbers, uniform between 0 and 1, beside the Gaussian.

    The sum has mean n / 2 and variance n / 12; its distribution is that of Irwin and Hall.
    """
    sd = np.sqrt(n / 12)
    total = stats.irwinhall(n)
    difference = total.cdf(n / 2 + sd * GRID) - stats.norm.cdf(GRID)
    return {
        "z": GRID,
        "density": sd * total.pdf(n / 2 + sd * GRID),
        "gaussian": stats.norm.pdf(GRID),
        "difference": difference,
        "largest": float(np.abs(difference).max()),
        "tail": float(2 * total.cdf(n / 2 - sd * beyond)),
        "gaussian_tail": float(2 * stats.norm.sf(beyond)),
        "kurtosis": -6 / (5 * n),
        "range": float(np.sqrt(3 * n)),
        "beyond": beyond,
        "below": -beyond,
    }
