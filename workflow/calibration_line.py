"""The calibration line: are probabilities too sure, or not sure enough, in one number?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from workflow.calibration import pooled


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
    """Fit the calibration line by maximum likelihood (Newton's method).

    Source: Cox (1958), Two further applications of a model for binary regression.
    """
    said, cases, events = pooled(y, p, weights)
    none = Line(*[float("nan")] * 4)
    with np.errstate(divide="ignore"):
        x = np.column_stack([np.ones_like(said), np.log(said) - np.log1p(-said)])
    if not np.isfinite(x).all() or len(said) < 2:
        return none
    line = np.array([0.0, 1.0])
    for _ in range(50):
        fitted = expit(x @ line)
        information = (x.T * (cases * fitted * (1 - fitted))) @ x
        if np.linalg.cond(information) > 1e12:
            return none
        step = np.linalg.solve(information, x.T @ (events - cases * fitted))
        line = line + step * min(1.0, 2.0 / np.abs(step).max(initial=1e-12))
        if np.abs(step).max() < 1e-10:
            errors = np.sqrt(np.diag(np.linalg.inv(information)))
            return Line(float(line[0]), float(line[1]), float(errors[0]), float(errors[1]))
    return none
