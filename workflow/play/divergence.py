"""The Kullback-Leibler divergence between two Gaussians, both ways, and as a sum on a grid."""

import numpy as np
from scipy import stats

from workflow.play.randoms import State

GRID = np.linspace(-10, 10, 801)
UNITS = np.linspace(-10, 10, 2001)  # in sds of what is averaged over: beyond is less than 1e-22


def gaussians(mean: float, sd: float, other_mean: float, other_sd: float) -> float:
    """Return KL(N(mean, sd) || N(other_mean, other_sd)) in nats, in closed form."""
    apart = (mean - other_mean) ** 2
    return float(np.log(other_sd / sd) + (sd**2 + apart) / (2 * other_sd**2) - 0.5)


def on_a_grid(p: stats.distributions.rv_frozen, q: stats.distributions.rv_frozen) -> float:
    """Return KL(p || q) as the sum of p log(p / q) over a grid, by the trapezoidal rule."""
    x = p.mean() + p.std() * UNITS
    return float(np.trapezoid(p.pdf(x) * (p.logpdf(x) - q.logpdf(x)), x))


def state(*, mean: float, sd: float) -> State:
    """Return both divergences between P = N(0, 1) and Q = N(mean, sd)."""
    p, q = stats.norm(0, 1), stats.norm(mean, sd)
    ratio = p.logpdf(GRID) - q.logpdf(GRID)
    return {
        "x": GRID,
        "p": p.pdf(GRID),
        "q": q.pdf(GRID),
        "p_log": p.pdf(GRID) * ratio,
        "q_log": -q.pdf(GRID) * ratio,
        "forward": gaussians(0, 1, mean, sd),
        "forward_grid": on_a_grid(p, q),
        "backward": gaussians(mean, sd, 0, 1),
        "backward_grid": on_a_grid(q, p),
    }
