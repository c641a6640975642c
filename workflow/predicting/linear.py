"""New rows of a linear regression: the outcome to expect, and what of its spread is noise."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from workflow.predicting import huber
from workflow.predicting.draws import TAILS, chunks, ends, flat

BESIDE = 0.01  # of probability on either side of an end, to see how steep the quantiles are there
UNSURE = 0.05  # relative Monte Carlo error of the noise's variance, above which none is told


@dataclass(frozen=True)
class Noise:
    """Noise that `scale` alone tells: quantiles, and the variance, of scale 1."""

    quantile: Callable[[np.ndarray], np.ndarray]
    variance: float


def _of_laplace(p: np.ndarray) -> np.ndarray:
    found: np.ndarray = -np.sign(p - 0.5) * np.log1p(-2 * np.abs(p - 0.5))
    return found


LAPLACE, HUBER = Noise(_of_laplace, 2.0), Noise(huber.quantile, huber.VARIANCE)


def predict(
    posterior: xr.Dataset,
    terms: pd.DataFrame,
    centre: np.ndarray,
    *,
    seed: int,
    noise: Noise | None = None,
) -> pd.DataFrame:
    """Return what a new observation of each row is to be expected to be.

    `posterior` has `intercept`, `slope` (term) and, of Gaussian noise, `sigma`, of Student-t noise
    `scale` and `nu`; `centre` are the means of the fitted terms, about which is computed. Of other
    `noise` it has `scale`.

    Columns: mean; sd_parameters, of the linear predictor, which more data would lower; sd_noise,
    which they would not; sd, whose square is the sum of both squares; lower and upper, the central
    95%; mcse, the larger Monte Carlo error of the two ends. The mean and the sds are the exact
    moments of the draws. sd_noise and sd are NaN where the draws cannot tell them: Student-t noise
    has an sd that grows without bound as nu comes near 2, and the interval is then what to look at.

    The interval is simulated: every draw of the parameters with one of the noise, the same for all
    rows, whose quantiles are spread evenly over the draws (a Latin hypercube, McKay, Beckman and
    Conover 1979), so that the noise's part of the error all but vanishes.
    """
    slope = flat(posterior, "slope")
    level = flat(posterior, "intercept") + slope @ centre
    x = terms.to_numpy(dtype=float) - centre
    drawn, variance = _noise(posterior, seed, noise)
    mean = level.mean() + x @ slope.mean(axis=0)
    cov = np.atleast_2d(np.cov(np.column_stack([level, slope]), rowvar=False, ddof=0))
    one = np.column_stack([np.ones(len(x)), x])
    sd = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", one, cov, one), 0))
    found = [_ends(level + drawn, slope, x[rows]) for rows in chunks(len(x))]
    lower, upper, mcse = np.concatenate(found).T if found else np.empty((3, 0))
    sds = {"sd_parameters": sd, "sd_noise": np.sqrt(variance), "sd": np.sqrt(sd**2 + variance)}
    columns = {"mean": mean, **sds, "lower": lower, "upper": upper, "mcse": mcse}
    return pd.DataFrame(columns, index=terms.index)


def _noise(posterior: xr.Dataset, seed: int, of: Noise | None) -> tuple[np.ndarray, float]:
    """Return a noise for each draw, and the mean variance; NaN where draws cannot tell it."""
    rng = np.random.default_rng(seed)
    if of is not None:
        scale = flat(posterior, "scale")
        drawn = scale * of.quantile(_evenly(rng, len(scale)))
        return drawn, of.variance * float(np.mean(scale**2))
    if "nu" not in posterior:
        sigma = flat(posterior, "sigma")
        return sigma * _spread(rng, len(sigma), None), float(np.mean(sigma**2))
    scale, nu = flat(posterior, "scale"), flat(posterior, "nu")
    noise = scale * _spread(rng, len(nu), nu)
    with np.errstate(divide="ignore", invalid="ignore"):
        variances = np.where(nu > 2, scale**2 * nu / (nu - 2), np.inf)
    mean = float(variances.mean())
    told = np.isfinite(mean) and variances.std() / np.sqrt(len(nu)) < UNSURE * mean
    return noise, mean if told else np.nan


def _spread(rng: np.random.Generator, n: int, nu: np.ndarray | None) -> np.ndarray:
    """Return n quantiles, spread evenly and in random order, of a Normal or of t with nu[i]."""
    from scipy.special import ndtri, stdtrit

    p = _evenly(rng, n)
    found: np.ndarray = ndtri(p) if nu is None else stdtrit(nu, p)
    return found


def _evenly(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return n probabilities, spread evenly and in random order."""
    found: np.ndarray = (rng.permutation(n) + rng.uniform(size=n)) / n
    return found


def _ends(own: np.ndarray, slope: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the central 95% of some rows, and its Monte Carlo error; dims: row, 3.

    The error of a quantile is that of the share of draws below it, sqrt(p (1 - p) / draws), times
    how fast quantiles grow there.
    """
    low, high = TAILS
    around = (low - BESIDE, low, low + BESIDE, high - BESIDE, high, high + BESIDE)
    found = ends(x @ slope.T + own, around)
    share = np.sqrt(low * high / len(own))
    steep = np.maximum(found[:, 2] - found[:, 0], found[:, 5] - found[:, 3]) / (2 * BESIDE)
    return np.column_stack([found[:, 1], found[:, 4], share * steep])
