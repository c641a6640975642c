"""How far counts are from expected ones: chi-square, whether that is too far, or too near.

Under shares that are exactly as expected counts are multinomial, and their chi-square is simulated:
of few counts it has not the chi-square distribution. Too near is as telling as too far: counts that
were chosen, or mended, agree better with a theory than chance would have them. Source: Fisher
(1936), Has Mendel's work been rediscovered?
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy import stats

from workflow.rates.looking import Share

SIMULATED = 20_000
TOO_NEAR = 0.01  # probability of so small a chi-square, below which counts are too good
EQUAL = 1e-9  # of a chi-square, within which two are the same
CELLS = 1_000_000  # simulated counts at once


@dataclass(frozen=True)
class Squares:
    """Chi-square of counts, and how probable one as small, or as large, is.

    `p` is by the chi-square distribution. `nearer` and `farther` are shares of simulated counts
    under exactly the expected shares, ties in both; `predicted` the share of posterior
    predictive counts that are as near.
    """

    value: float
    freedom: int
    p: float
    nearer: Share
    farther: Share
    predicted: Share
    least: float  # expected count

    @property
    def too_near(self) -> bool:
        """Whether counts are nearer to the expected ones than chance has them."""
        return self.nearer.interval[1] < TOO_NEAR


def chi_square(counts: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return the sum of (observed - expected) squared by expected counts; last axis: kind."""
    of = counts.sum(axis=-1, keepdims=True) * expected
    found: np.ndarray = ((counts - of) ** 2 / of).sum(axis=-1)
    return found


def squares(
    counts: np.ndarray, expected: np.ndarray, predicted: xr.DataArray, *, seed: int
) -> Squares:
    """Compare the chi-square of counts with simulated ones, and with `predicted` counts."""
    n, value = int(counts.sum()), float(chi_square(counts, expected))
    limit, freedom = value * (1 + EQUAL), len(counts) - 1
    rng, nearer, farther = np.random.default_rng(seed), 0, 0
    for size in _pieces(len(counts)):
        drawn = chi_square(rng.multinomial(n, expected, size=size), expected)
        nearer += int((drawn <= limit).sum())
        farther += int((drawn >= value * (1 - EQUAL)).sum())
    again = chi_square(predicted.transpose(..., "kind").to_numpy(), expected)
    return Squares(
        value,
        freedom,
        float(stats.chi2.sf(value, freedom)),
        Share(nearer, SIMULATED),
        Share(farther, SIMULATED),
        Share(int((again <= limit).sum()), again.size),
        float(n * expected.min()),
    )


def _pieces(kinds: int) -> list[int]:
    """Return how many are simulated at once, for each time."""
    most = max(CELLS // kinds, 1)
    return [most] * (SIMULATED // most) + ([SIMULATED % most] if SIMULATED % most else [])
