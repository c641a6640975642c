"""The mode of a logistic regression without each of its rows: exact, or by one step of Newton's.

The penalised likelihood without a row is convex, and the mode of all rows is near its own: a step
of Newton's method is closed in form (the influence of the row), some more make it exact. Sources:
Pregibon (1981), Logistic regression diagnostics; Rahnama Rad and Maleki (2020), A scalable estimate
of the out-of-sample prediction error via approximate leave-one-out cross-validation.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from workflow.regression.logistic import NEAREST, design, map_estimate

EXACT = 1000  # rows up to which the mode without each is exact; of more, a row moves it little
STEPS, SMALL, AT_ONCE = 30, 1e-8, 2_000_000  # of Newton's method; rows times rows in memory


@dataclass(frozen=True)
class Quadratic:
    """Log-odds of rows without themselves, and their variance, by one step from the mode of all."""

    log_odds: np.ndarray
    variance: np.ndarray


def mode_left_out(
    z: pd.DataFrame, outcome: pd.Series, *, root: float | np.ndarray, level_sd: float = np.inf
) -> np.ndarray:
    """Return P(event) of each row at the mode of the others; parameters as of `map_estimate`.

    Centres and scales of `z` stay those of all rows. Exact up to `EXACT` rows, else by one step.
    """
    x, y = design(z, root), outcome.to_numpy(dtype=float)
    weight = np.array([level_sd, *[1.0] * z.shape[1]]) ** -2.0
    whole = map_estimate(z, outcome, root=root, level_sd=level_sd)
    mode = np.array([whole.level, *np.linalg.lstsq(x[:, 1:], z @ whole.log_odds_ratio)[0]])
    if len(y) > EXACT:
        eta = without_itself(x, y[None], mode[None], weight).log_odds[0]
    else:
        parts = range(0, len(y), max(AT_ONCE // len(y), 1))
        step = max(AT_ONCE // len(y), 1)
        eta = np.concatenate([_exact(x, y, mode, weight, slice(at, at + step)) for at in parts])
    return np.clip(expit(eta), NEAREST, 1 - NEAREST)


def modes(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the modes (set, coefficient) of several sets of outcomes (set, row) of the same rows.

    `x` has the rows of the design, `weight` the prior's precisions.
    """
    return _newton(x, y, np.zeros((len(y), x.shape[1])), weight, np.ones_like(y))


def without_itself(x: np.ndarray, y: np.ndarray, mode: np.ndarray, weight: np.ndarray) -> Quadratic:
    """Return log-odds of each row (set, row) by one step from the modes of all rows.

    h = x' H^-1 x of a row, H the curvature at the mode, and w = p (1 - p): without the row the
    variance of its log-odds is h / (1 - w h), by which times (p - y) they move.
    """
    p = expit(mode @ x.T)
    w = p * (1 - p)
    inverse = np.linalg.inv(_curvature(x, w, weight))
    h = np.einsum("nk,skl,nl->sn", x, inverse, x, optimize=True)
    variance = h / np.maximum(1 - w * h, 1e-9)
    return Quadratic(mode @ x.T + variance * (p - y), variance)


def _exact(
    x: np.ndarray, y: np.ndarray, mode: np.ndarray, weight: np.ndarray, rows: slice
) -> np.ndarray:
    """Return the log-odds of some rows, each at the mode of all others."""
    at = np.arange(len(y))[rows]
    kept = np.ones((len(at), len(y)))
    kept[np.arange(len(at)), at] = 0
    found = _newton(x, np.tile(y, (len(at), 1)), np.tile(mode, (len(at), 1)), weight, kept)
    eta: np.ndarray = (found * x[at]).sum(axis=1)
    return eta


def _newton(
    x: np.ndarray, y: np.ndarray, start: np.ndarray, weight: np.ndarray, kept: np.ndarray
) -> np.ndarray:
    """Return modes by Newton's method, its steps halved until they do not lead up; dims of `y`."""
    b = start.copy()

    def loss(b: np.ndarray) -> np.ndarray:
        eta = b @ x.T
        found: np.ndarray = (kept * (np.logaddexp(0, eta) - y * eta)).sum(1) + b**2 @ weight / 2
        return found

    now = loss(b)
    for _ in range(STEPS):
        p = expit(b @ x.T)
        slope = (kept * (p - y)) @ x + weight * b
        step = np.linalg.solve(_curvature(x, kept * p * (1 - p), weight), slope[..., None])[..., 0]
        size = np.ones(len(b))
        for _ in range(STEPS):
            then = loss(b - size[:, None] * step)
            up = then > now + 1e-9 * (1 + np.abs(now))
            if not up.any():
                break
            size[up] /= 2
        b, now = b - size[:, None] * step, then
        if np.abs(step).max() < SMALL:
            break
    return b


def _curvature(x: np.ndarray, w: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return x' diag(w) x + diag(weight) for each set of `w` (set, row)."""
    n, k = x.shape
    squares = (x[:, :, None] * x[:, None, :]).reshape(n, -1)
    return (w @ squares).reshape(-1, k, k) + np.diag(weight)
