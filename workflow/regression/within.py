"""The probability of an interval around an outcome, which can be held against that of a count."""

import numpy as np
from scipy import stats
from scipy.special import log_ndtr

NARROW = 1e-5  # of an interval, in sds: its probability is then the density times the width


def log_within(z: np.ndarray, half: np.ndarray) -> np.ndarray:
    """Return the log probability that a standard normal is within `half` of z.

    By its tails, on the side where these are small; of a narrow interval by density times width.
    """
    z = np.abs(z)
    near, far = log_ndtr(half - z), log_ndtr(-half - z)
    with np.errstate(divide="ignore"):
        wide = near + np.log1p(-np.exp(np.minimum(far - near, 0.0)))
        narrow = stats.norm.logpdf(z) + np.log(2 * half)
    return np.where(half * np.maximum(z, 1) < NARROW, narrow, wide)
