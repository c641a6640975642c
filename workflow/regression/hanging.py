"""Which coefficients hang on one row of the file, and on which.

A row stands alone for a coefficient where nothing is known of it without the row (leverage 1). It
decides one where leaving it out moves the coefficient by more than its own posterior sd, and either
the row has most of what is known of it, or its outcome is one that the model does not expect in
any row. In units of its sd a coefficient moves by z sqrt(q), with z the row's residual in its own
sd and q the growth of the coefficient's variance without the row: given Gaussian columns q times
its degrees of freedom is F distributed, and both limits are set for all rows and terms together.

Sources: Cook and Weisberg (1982), Residuals and Influence in Regression; Pregibon (1981), Logistic
regression diagnostics, for the step by which a row is left out.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import expit
from scipy.stats import f as fisher, nbinom

from workflow.quantities import SAMPLE
from workflow.regression import shares
from workflow.regression.dependence import line
from workflow.regression.grouped import design, less_groups, of_groups
from workflow.regression.regression import standardised, steps

FAMILY = 0.01  # of sound data sets in which a row is held for odd, or for having most
MOST = 3.0  # growth of the variance without a row, from which on it has most of what is known
MOVED = 1.0  # posterior sds
ALONE = 1e-8  # what is left of a row's leverage below 1
LIKELY = 1e-12  # probability of a 0 or 1, at least: for those that rounding makes impossible


@dataclass(frozen=True)
class Hanging:
    """By term, the row (line in the file) that it stands on, or that decides it and by how much.

    `moved` is in posterior sds. In 1,600 data sets of sound regressions (20 to 2,000 rows, 1 to 40
    terms; columns normal, uniform, exponential, collinear, or levels of five rows and more) a row
    was named in 12, .8%: 12 of 960 with Gaussian noise, 0 of 640 of zeros and ones. Ten were of the
    192 with exponential columns, most with 20 rows, where one row does have most of what is known;
    of all the others .3%.
    """

    alone: dict[str, int] = field(default_factory=dict)
    moved: dict[str, tuple[int, float]] = field(default_factory=dict)

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of which nothing is told as known."""
        return (*self.alone, *(term for term in self.moved if term not in self.alone))

    def in_lines(self, lines: pd.Series | None) -> "Hanging":
        """Return the same by lines of the file, where rows are trials of `lines` (by row)."""
        if lines is None:
            return self
        alone = {term: int(lines[row]) for term, row in self.alone.items()}
        moved = {term: (int(lines[row]), by) for term, (row, by) in self.moved.items()}
        return Hanging(alone, moved)


@dataclass(frozen=True)
class _Rows:
    """By row: the slope of the log-likelihood, its curvature, and if the outcome is surprising."""

    score: np.ndarray
    information: np.ndarray
    odd: np.ndarray


def hanging(
    posterior: xr.Dataset,
    terms: pd.DataFrame,
    outcome: pd.Series,
    exposure: pd.Series | None = None,
) -> Hanging:
    """Look for such rows: of Gaussian noise (`sigma`), a Student-t's (`nu`), a Beta's, 0 and 1.

    And for counts (`dispersion`), with their exposure.

    Of another outcome only rows that stand alone are found; where there are no more rows than
    coefficients, none is.
    """
    n, k = terms.shape
    if n <= k + 2:
        return Hanging()
    x, known = design(posterior, terms)
    narrow = x[:, : k + 1]
    alone = _alone(narrow, terms)
    noises = {"sigma", "nu", "dispersion", "precision"}
    if not noises & {*posterior} and not outcome.isin((0, 1)).all():
        return Hanging(alone)
    if exposure is None:
        rows = _rows(posterior, terms, outcome, narrow)
    else:
        rows = _counts(posterior, terms, outcome, exposure)
    weighed = np.vstack([x * np.sqrt(rows.information)[:, None], known])
    q = _growth(weighed)[:n, 1 : k + 1]
    limit = max(MOST, fisher.isf(FAMILY / (n * k), 1, n - k - 1) / (n - k - 1))
    shift = _shifts(posterior, terms, x, rows, np.linalg.qr(weighed)[0][:n])
    decisive = (np.abs(shift) > MOVED) & ((q > limit) | rows.odd[:, None])
    size = np.where(decisive, np.abs(shift), 0)
    moved = {
        str(terms.columns[j]): (int(terms.index[i]), float(shift[i, j]))
        for j, i in enumerate(size.argmax(axis=0))
        if size[i, j] and str(terms.columns[j]) not in alone
    }
    return Hanging(alone, moved)


def alone(terms: pd.DataFrame) -> Hanging:
    """Look only for rows without which nothing would be known of a coefficient."""
    n, k = terms.shape
    if n <= k + 2:
        return Hanging()
    x = np.column_stack([np.ones(n), standardised(terms).to_numpy(dtype=float)])
    return Hanging(_alone(x, terms))


def _alone(x: np.ndarray, terms: pd.DataFrame) -> dict[str, int]:
    """Return the terms that cannot be estimated without some row, and that row's line."""
    basis, r = np.linalg.qr(x)
    found: dict[str, int] = {}
    for i in np.flatnonzero(1 - (basis**2).sum(axis=1) < ALONE):
        lost = np.abs(np.linalg.solve(r, basis[i]))[1:]  # the direction that the row alone has
        for j in np.flatnonzero(lost > 1e-6 * max(lost.max(), 1e-300)):
            found.setdefault(str(terms.columns[j]), int(terms.index[i]))
    return found


def _growth(x: np.ndarray) -> np.ndarray:
    """Return by what share each coefficient's variance grows without a row; row, coefficient."""
    basis, r = np.linalg.qr(x)
    dual = basis @ np.linalg.inv(r).T
    left = np.maximum(1 - (basis**2).sum(axis=1), 1e-12)
    found: np.ndarray = dual**2 / (dual**2).sum(axis=0) / left[:, None]
    return found


def _shifts(
    posterior: xr.Dataset, terms: pd.DataFrame, x: np.ndarray, rows: _Rows, basis: np.ndarray
) -> np.ndarray:
    """Return by how many posterior sds each coefficient is higher with each row than without it.

    `basis` is orthonormal: of what the rows (and what is known of groups before them) say.
    """
    slope = posterior["slope"].transpose(*SAMPLE, "term").to_numpy().reshape(-1, terms.shape[1])
    level = posterior["intercept"].transpose(*SAMPLE).to_numpy().ravel()
    level = level + slope @ terms.mean().to_numpy()
    drawn = np.column_stack([level, slope * steps(terms).to_numpy(), *of_groups(posterior)])
    covariance = np.cov(drawn, rowvar=False)
    pulled = x @ covariance
    # Leverage near 1 is lost in the Monte Carlo error: the prior only ever lowers that of the data.
    drawn_leverage = rows.information * (pulled * x).sum(axis=1)
    leverage = np.minimum(np.minimum(drawn_leverage, (basis**2).sum(axis=1)), 1 - 1e-6)
    found = pulled * (rows.score / (1 - leverage))[:, None] / np.sqrt(np.diag(covariance))
    return np.asarray(found[:, 1 : terms.shape[1] + 1])


def _rows(posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, x: np.ndarray) -> _Rows:
    """Return what each row says, at the posterior mean."""
    n, k = terms.shape
    eta, y = line(posterior, terms).to_numpy(), outcome.to_numpy(dtype=float)
    if "sigma" in posterior:
        precision = float(1 / (posterior["sigma"] ** 2).mean())
        odd = _odd(x, less_groups(posterior, outcome).to_numpy(dtype=float), k)
        return _Rows((y - eta) * precision, np.full(n, precision), odd)
    if "nu" in posterior:
        nu, scale = (float(posterior[name].mean(SAMPLE)) for name in ("nu", "scale"))
        weight = (nu + 1) / (nu + ((y - eta) / scale) ** 2) / scale**2
        return _Rows((y - eta) * weight, weight, np.zeros(n, dtype=bool))
    p = np.clip(expit(eta), LIKELY, 1 - LIKELY)
    if "precision" in posterior:
        found = shares.score(p, float(posterior["precision"].mean(SAMPLE)), y)
        return _Rows(*found, np.zeros(n, dtype=bool))
    return _Rows(y - p, p * (1 - p), np.where(y == 1, p, 1 - p) < FAMILY / n)


def _counts(
    posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, exposure: pd.Series
) -> _Rows:
    """Return what each row of negative binomial counts says, at the posterior mean."""
    mu, y = exposure.to_numpy() * np.exp(line(posterior, terms).to_numpy()), outcome.to_numpy()
    a = float(posterior["dispersion"].mean(SAMPLE))
    law = nbinom(1 / a, 1 / (1 + a * mu))
    tails = 2 * np.minimum(law.cdf(y), law.sf(y - 1))
    return _Rows((y - mu) / (1 + a * mu), mu / (1 + a * mu), tails < FAMILY / len(y))


def _odd(x: np.ndarray, y: np.ndarray, k: int) -> np.ndarray:
    """Say which rows are outliers of least squares, by the residual from the fit without each."""
    basis = np.linalg.qr(x)[0]
    left = y - basis @ (basis.T @ y)
    free = np.maximum(1 - (basis**2).sum(axis=1), 1e-12)
    df = len(y) - k - 2
    own = left**2 / free
    squared = own * df / np.maximum(left @ left - own, 1e-300)
    found: np.ndarray = squared > fisher.isf(FAMILY / len(y), 1, df)
    return found
