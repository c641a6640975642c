"""A Gaussian regression of several of one outcome: its elpd and its evidence, exactly.

Given tau, a regression of `models.model_comparison` is Gaussian, whatever its terms are, so rows
are left out and the evidence is found by a quadrature over log tau, under any prior, in a moment.
Densities are those of the outcome itself: where a function g of it is predicted, log |g'| is added.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workflow.comparing.forms import Form
from workflow.regression import gaussian_loo
from workflow.regression.evidence import SCALE, jzs, log_evidence
from workflow.regression.gaussian_given import Given, left_over
from workflow.scoring.elpd import QUADRATURE, Elpd, Looked

EXACT = 1e-12  # share of the sum of squares that is rounding


@dataclass(frozen=True)
class Prior:
    """What the priors of all regressions share.

    `width` is the prior sd of what the terms predict together (or of each coefficient), and `noise`
    the prior mean of that of the noise, both in sds of the outcome.
    """

    width: float
    noise: float = 1.0


@dataclass(frozen=True)
class Line:
    """A regression of g(y) on its terms.

    Parameters
    ----------
    z
        Standardised terms; dims: row, term. None, or of one value where there is no intercept.
    root
        A square root of the prior covariance of the coefficients at a width of 1.
    y, form
        The outcome as it is, and what is predicted of it.
    about, unit
        What is predicted less `about` is divided by `unit`: its mean and sd; or 0, and how far it
        is from 0, where there is no intercept.
    lines
        What the rows are called.
    """

    name: str
    z: np.ndarray
    root: np.ndarray
    y: np.ndarray
    predicted: np.ndarray
    form: Form
    about: float
    unit: float
    lines: tuple[int, ...]
    intercept: bool = True

    @property
    def standardised(self) -> np.ndarray:
        """What is predicted, in its own units of the prior."""
        return np.asarray((self.predicted - self.about) / self.unit)

    @cached_property
    def log_slope(self) -> np.ndarray:
        """What the change of variables adds to the log density of each row, the unit included."""
        return np.asarray(self.form.log_slope(self.y) - np.log(self.unit))

    def design(self, prior: Prior) -> np.ndarray:
        """Return the columns whose coefficients have a prior sd of 1; dims: row, direction."""
        ones = [np.ones(len(self.y))] if self.intercept else []
        return np.column_stack([*ones, prior.width * self.z @ self.root])

    def given(self, prior: Prior) -> Given:
        """Return the regression given tau."""
        return given_of(self.design(prior), self.standardised, prior.noise)

    def elpd(self, prior: Prior, at: slice | np.ndarray = slice(None)) -> Elpd:
        """Return the elpd of the outcome by leave-one-out, without error, of the rows at `at`."""
        given, every = self.given(prior), np.arange(len(self.y))
        rows = every[at]
        pointwise = gaussian_loo.densities([given], rows) + self.log_slope[rows]
        looked = None
        if not isinstance(at, slice):
            stand_in = given.log_rows(every, given.likeliest()).ravel() + self.log_slope
            looked = Looked(at, stand_in)
        none = np.full(len(rows), np.nan)
        lines = tuple(self.lines[i] for i in rows)
        return Elpd(QUADRATURE, lines, pointwise, 0 * pointwise, none, np.inf, looked=looked)

    def evidence(self, prior: Prior) -> float:
        """Return the log density of all rows, before any is seen."""
        n = len(self.y)
        slope = float(self.log_slope.sum()) + n * float(np.log(self.unit))
        return log_evidence(self.given(prior), self.unit, slope)

    @cached_property
    def least_squares(self) -> tuple[int, float, float]:
        """Return how many terms are no sums of others, R^2, and the sum of squares left.

        R^2 is about the mean, or about 0 without an intercept.
        """
        y = self.standardised
        x = np.column_stack([np.ones(len(y)), self.z]) if self.intercept else self.z
        _, _, rank, _ = found = np.linalg.lstsq(x, y, rcond=None) if x.size else (0, 0, 0, 0)
        left = y - x @ found[0] if x.size else y
        whole = y - y.mean() if self.intercept else y
        rest = float(left @ left)
        rest = 0.0 if rest < EXACT * float(whole @ whole) else rest
        return int(rank) - self.intercept, 1 - rest / float(whole @ whole), rest

    def information(self) -> tuple[float, float] | None:
        """Return AIC and BIC; None where least squares leave nothing over."""
        terms, _, rest = self.least_squares
        n = len(self.y)
        if not rest or n <= terms + self.intercept:
            return None
        likely = -n / 2 * (np.log(2 * np.pi * rest / n) + 1) + self.log_slope.sum()
        parameters = terms + self.intercept + 1
        return -2 * likely + 2 * parameters, -2 * likely + np.log(n) * parameters

    def jzs(self, scale: float = SCALE) -> float:
        """Return the log Bayes factor against no terms, under the prior of JZS."""
        terms, r2, _ = self.least_squares
        n = len(self.y)
        return jzs(n, n - self.intercept, terms, min(r2, 1 - EXACT), scale)

    def left_out(self, prior: Prior, at: slice | np.ndarray = slice(None)) -> np.ndarray:
        """Return the median of the outcome of each row of `at`, predicted from all other rows."""
        given, rows = self.given(prior), np.arange(len(self.y))[at]
        free, residual = given.left(rows, given.likeliest())
        off = (residual / np.maximum(free, EXACT)).ravel()
        return self.back(self.standardised[rows] - off)

    def back(self, standardised: np.ndarray) -> np.ndarray:
        """Return what is predicted as an outcome; the median goes with any rising function."""
        with np.errstate(all="ignore"):
            return np.asarray(self.form.back(self.about + self.unit * standardised))


def given_of(design: np.ndarray, y: np.ndarray, noise: float) -> Given:
    """Return a regression, of a design whose coefficients have a prior sd of 1."""
    u, s, _ = np.linalg.svd(design, full_matrices=False)
    return Given(u, s, u.T @ y, left_over(u, y), noise)
