"""New rows of a regression of shares: the share to expect, and where that of a single row lies."""

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import expit

from workflow.predicting.draws import TAILS, chunks, ends, flat

_COLUMNS = ("mean", "mean_lower", "mean_upper", "sd_parameters", "sd_noise", "sd")
_ENDS = ("lower", "upper", "mcse")
BESIDE = 0.01  # of probability on either side of an end, to see how steep the quantiles are there
LEAST = 1e-300  # of a parameter of a Beta distribution: smaller ones cannot be drawn from


def predict(
    posterior: xr.Dataset, terms: pd.DataFrame, centre: np.ndarray, *, seed: int
) -> pd.DataFrame:
    """Return what the share of a new row is to be expected to be.

    `posterior` has `intercept`, `slope` (term) and `precision`; `centre` are the means of the
    fitted terms, about which is computed.

    Columns: mean, the expected share; mean_lower and mean_upper, its central 95% (of what is not
    known of the parameters); sd_parameters, of the expected share, which more data would lower;
    sd_noise, of a single row about it, which they would not; sd, whose square is the sum of both
    squares; lower and upper, the central 95% of the share of a single row; mcse, the larger Monte
    Carlo error of these two. The interval is simulated, a share of the Beta distribution for every
    draw, with the same random numbers for every row.
    """
    slope, precision = flat(posterior, "slope"), flat(posterior, "precision")
    level = flat(posterior, "intercept") + slope @ centre
    x = terms.to_numpy(dtype=float) - centre
    found = [_rows(x[rows] @ slope.T + level, precision, seed) for rows in chunks(len(x))]
    every = np.concatenate(found) if found else np.empty((0, len(_COLUMNS + _ENDS)))
    return pd.DataFrame(every, terms.index, [*_COLUMNS, *_ENDS])


def _rows(eta: np.ndarray, precision: np.ndarray, seed: int) -> np.ndarray:
    """Return the columns of some rows, from their logits; dims: row, draw."""
    mu = expit(eta)
    variance = (mu * (1 - mu) / (1 + precision)).mean(axis=1)
    sd = mu.std(axis=1)
    sds = np.column_stack([sd, np.sqrt(variance), np.sqrt(sd**2 + variance)])
    single = np.stack([_drawn(one, precision, seed) for one in eta])
    return np.column_stack([mu.mean(axis=1), expit(ends(eta)), sds, _ends(single)])


def _drawn(eta: np.ndarray, precision: np.ndarray, seed: int) -> np.ndarray:
    a, b = (np.maximum(precision * expit(sign * eta), LEAST) for sign in (1, -1))
    found: np.ndarray = np.random.default_rng(seed).beta(a, b)
    return found


def _ends(drawn: np.ndarray) -> np.ndarray:
    """Return the central 95% of rows of draws and its Monte Carlo error; dims: row, 3."""
    low, high = TAILS
    around = (low - BESIDE, low, low + BESIDE, high - BESIDE, high, high + BESIDE)
    found = ends(drawn, around)
    share = np.sqrt(low * high / drawn.shape[1])
    steep = np.maximum(found[:, 2] - found[:, 0], found[:, 5] - found[:, 3]) / (2 * BESIDE)
    return np.column_stack([found[:, 1], found[:, 4], share * steep])
