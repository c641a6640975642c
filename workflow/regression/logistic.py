"""Logistic regression beside its posterior: probabilities of rows, MAP, what the prior implies."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr
from arviz_stats.base import array_stats
from scipy.optimize import minimize
from scipy.special import expit, logit
from scipy.stats import norm

from workflow.checking.alike import Residuals
from workflow.quantities import SAMPLE, Scalar
from workflow.regression.dependence import line, of_slopes
from workflow.regression.regression import offsets

CHUNK = 1000  # rows at a time: draws times rows would not fit into memory for large files
POINTS = 1000  # of a quadrature over a standard normal
SMOOTH = 5000  # rows for which that is done one by one
LEAST = 0.01  # variance of an outcome: else a row held for all but impossible drowns the others
NEAREST = np.finfo(float).epsneg  # how near to 0 and 1 double precision can tell a probability


@dataclass(frozen=True)
class Map:
    """The posterior mode: log-odds at the average row, and log odds ratios for one sd."""

    level: float
    log_odds_ratio: pd.Series

    def probabilities(self, z: pd.DataFrame) -> np.ndarray:
        """Return P(event) of rows at the mode; `z` are standardised terms."""
        p = expit(self.level + z.to_numpy(dtype=float) @ self.log_odds_ratio.to_numpy())
        return np.clip(p, NEAREST, 1 - NEAREST)


def map_estimate(
    z: pd.DataFrame, outcome: pd.Series, *, root: float | np.ndarray, level_sd: float = np.inf
) -> Map:
    """Return the mode of the posterior under a Normal prior of the slopes and Normal(0, level_sd).

    With a flat prior of the level (infinite sd) and a number as the root it is L2-penalised
    logistic regression with C = root^2: the penalty's weight 1 / (2 C) is the prior's.

    Parameters
    ----------
    z
        Standardised terms.
    outcome
        0 or 1, both present.
    root
        A square root of the prior covariance of the log odds ratios, root @ root.T; a number is the
        prior sd of each by itself.
    """
    x = design(z, root)
    y = outcome.to_numpy(dtype=float)
    weight = np.array([level_sd, *[1.0] * z.shape[1]]) ** -2.0

    def objective(b: np.ndarray) -> tuple[float, np.ndarray]:
        eta = x @ b
        loss = np.logaddexp(0, eta).sum() - y @ eta + weight @ b**2 / 2
        return float(loss), x.T @ (expit(eta) - y) + weight * b

    def curvature(b: np.ndarray) -> np.ndarray:
        p = expit(x @ b)
        return (x.T * (p * (1 - p))) @ x + np.diag(weight)

    start = np.array([logit(y.mean()), *np.zeros(z.shape[1])])
    options = {"gtol": 1e-9, "maxiter": 1000}
    found = minimize(
        objective, start, jac=True, hess=curvature, method="trust-exact", options=options
    )
    return Map(float(found.x[0]), pd.Series(_matrix(root, z) @ found.x[1:], index=z.columns))


def design(z: pd.DataFrame, root: float | np.ndarray) -> np.ndarray:
    """Return a column of 1 and the terms along the prior's directions, of which each has sd 1."""
    return np.column_stack([np.ones(len(z)), z.to_numpy(dtype=float) @ _matrix(root, z)])


def _matrix(root: float | np.ndarray, z: pd.DataFrame) -> np.ndarray:
    return np.asarray(root) * np.eye(z.shape[1]) if np.ndim(root) == 0 else np.asarray(root)


def map_estimates(
    z: pd.DataFrame, outcome: pd.Series, variances: Iterable[float]
) -> dict[float, Map]:
    """Return the mode with a flat prior of the level, by variance of the slopes' prior."""
    return {v: map_estimate(z, outcome, root=float(np.sqrt(v))) for v in variances}


def residuals(posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series) -> Residuals:
    """Return Pearson residuals at the posterior mean; the estimates are slopes."""
    p = expit(line(posterior, terms))
    variance = np.maximum(p * (1 - p), LEAST)
    return of_slopes((outcome - p) / np.sqrt(variance), terms, variance.to_numpy())


def predictive(posterior: xr.Dataset, terms: pd.DataFrame) -> np.ndarray:
    """Return P(event) of each row, averaged over the posterior (not at its mean)."""
    return np.concatenate([p.mean(axis=(0, 1)) for p in _drawn(posterior, terms)])


def held_out_scores(
    posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series
) -> dict[str, Scalar]:
    """Return log loss (nats) and Brier score of the predictive probabilities of held-out rows.

    With their Monte Carlo errors by the delta method: the score's derivative in each row's
    probability makes one series of draws of all of them, whose error is known. How far the scores
    would differ on other rows is another matter (`workflow.scoring.calibration.mean_of`).
    """
    y, p = outcome.to_numpy(), predictive(posterior, terms)
    happened = np.where(y == 1, p, 1 - p)
    sign = np.where(y == 1, 1, -1)
    slopes = {"log_loss": -sign / happened, "brier_score": 2 * (p - y)}
    series = dict.fromkeys(slopes, 0.0)
    for at, drawn in zip(range(0, len(y), CHUNK), _drawn(posterior, terms), strict=True):
        for name, slope in slopes.items():
            series[name] = series[name] + drawn @ slope[at : at + CHUNK] / len(y)
    values = {"log_loss": -np.log(happened).mean(), "brier_score": np.square(p - y).mean()}
    axes = {"chain_axis": 0, "draw_axis": 1}
    return {
        name: Scalar(float(value), float(array_stats.mcse(series[name], method="mean", **axes)))
        for name, value in values.items()
    }


def near_cut(
    posterior: xr.Dataset, terms: pd.DataFrame, cut: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return P(event) of each row and the probability that Monte Carlo error puts it above `cut`.

    The second is 0 or 1 but for the rows within a few Monte Carlo errors of the cut.
    """
    p, above = [], []
    axes = {"chain_axis": 1, "draw_axis": 2}
    for drawn in _drawn(posterior, terms):
        mean = drawn.mean(axis=(0, 1))
        sure = (mean >= cut).astype(float)
        naive = drawn.std(axis=(0, 1)) / np.sqrt(drawn.shape[0] * drawn.shape[1])
        near = np.flatnonzero(np.abs(mean - cut) < 50 * naive)
        if near.size:
            some = np.moveaxis(drawn[..., near], -1, 0)
            error = np.atleast_1d(array_stats.mcse(some, method="mean", **axes))
            sure[near] = norm.cdf((mean[near] - cut) / error)
        p.append(mean)
        above.append(sure)
    return np.concatenate(p), np.concatenate(above)


@dataclass(frozen=True)
class Implied:
    """What a prior implies for the probabilities of the rows, averaged over them.

    `sure` is the share below 1% or above 99%; `foreseen` how often somebody who knew the
    probabilities would be right.
    """

    sure: float
    foreseen: float


def implied(z: pd.DataFrame, *, root: float | np.ndarray, level_sd: float) -> Implied:
    """Return what the prior implies for rows of standardised terms.

    Given the row, the log-odds are Normal(0, sqrt(level_sd^2 + |z root|^2)), with `root` that of
    `map_estimate`; `foreseen` by quadrature.
    """
    sd = np.sqrt(level_sd**2 + np.square(z.to_numpy() @ _matrix(root, z)).sum(axis=1))
    grid = norm.ppf((np.arange(POINTS) + 0.5) / POINTS)
    some = sd if len(sd) <= SMOOTH else np.linspace(sd.min(), sd.max(), SMOOTH)
    right = np.array([expit(np.abs(grid * one)).mean() for one in some])
    if some is not sd:  # a smooth function of sd: between so many values a line is as good
        right = np.interp(sd, some, right)
    return Implied(float((2 * norm.cdf(logit(0.01) / sd)).mean()), float(np.mean(right)))


def _drawn(posterior: xr.Dataset, terms: pd.DataFrame) -> Iterator[np.ndarray]:
    """Yield P(event) draw by draw for `CHUNK` rows at a time: chain, draw, row."""
    slope = posterior["slope"].transpose(*SAMPLE, "term").to_numpy()
    intercept = posterior["intercept"].transpose(*SAMPLE).to_numpy()[..., None]
    x = terms.to_numpy(dtype=float)
    parts = (slice(at, at + CHUNK) for at in range(0, len(x), CHUNK))
    of_rows = partial(_offsets, posterior, terms.index)
    odds = (intercept + slope @ x[part].T + of_rows(part) for part in parts)
    return (np.clip(expit(one), NEAREST, 1 - NEAREST) for one in odds)


def _offsets(posterior: xr.Dataset, rows: pd.Index, part: slice) -> np.ndarray | float:
    """Return what groups add to the log-odds of some rows; dims: chain, draw, row."""
    if "offset" not in posterior:
        return 0.0
    return offsets(posterior, rows[part]).transpose(*SAMPLE, "row").to_numpy()
