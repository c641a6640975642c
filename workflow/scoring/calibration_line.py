"""The calibration line: are probabilities too sure, or not sure enough, in one number?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import expit

from workflow.scoring.calibration import pooled


@dataclass(frozen=True)
class Line:
    """The calibration line, logit P(y = 1) = intercept + slope logit(p), with standard errors.

    Intercept 0 and slope 1 are honest; a slope below 1 is over-confidence. NaN where there is no
    such line: a probability of 0 or 1, one class alone, or classes that p separates.
    """

    intercept: float
    slope: float
    intercept_error: float
    slope_error: float


def calibration_line(y: ArrayLike, p: ArrayLike, weights: ArrayLike | None = None) -> Line:
    """Fit the calibration line by maximum likelihood.

    Source: Cox (1958), Two further applications of a model for binary regression.
    """
    said, cases, events = pooled(y, p, weights)
    with np.errstate(divide="ignore"):
        x = np.log(said) - np.log1p(-said)
    none = Line(*[float("nan")] * 4)
    if not np.isfinite(x).all() or not _determined(x, cases, events):
        return none
    design = np.column_stack([np.ones_like(x), x / np.abs(x).max()])

    def loss(line: np.ndarray) -> tuple[float, np.ndarray]:
        odds = design @ line
        value = cases @ np.logaddexp(0, odds) - events @ odds
        return float(value), design.T @ (cases * expit(odds) - events)

    def information(line: np.ndarray) -> np.ndarray:
        fitted = expit(design @ line)
        return (design.T * (cases * fitted * (1 - fitted))) @ design

    fit = minimize(
        loss, np.zeros(2), jac=True, hess=information, method="trust-exact", tol=1e-9 * cases.sum()
    )
    scale = np.array([1, np.abs(x).max()])
    errors = np.sqrt(np.diag(np.linalg.inv(information(fit.x)))) / scale
    return Line(*map(float, (*fit.x / scale, *errors)))


def _determined(x: np.ndarray, cases: np.ndarray, events: np.ndarray) -> bool:
    """Say whether the likelihood has a maximum: neither class alone, nor all of it on one side."""
    one, other = x[events > 0], x[events < cases]
    if not (one.size and other.size):
        return False
    return bool(one.min() < other.max() and other.min() < one.max())
