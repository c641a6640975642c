"""Of all distributions with one variance the Gaussian has the largest entropy."""

import numpy as np
from scipy import stats

from workflow.play.randoms import State

GRID = np.linspace(-6, 6, 601)
SHAPES = 10 ** np.linspace(-0.2, 1.7, 191)  # at which the entropy is drawn


def shaped(shape: float | np.ndarray, sd: float) -> stats.distributions.rv_frozen:
    """Return the distribution with density proportional to exp(-|x / scale|^shape) and this sd."""
    return stats.gennorm(shape, scale=sd / stats.gennorm(shape).std())


def state(*, shape: float, sd: float) -> State:
    """Return the density of a shape beside the Gaussian, and entropies in nats."""
    own, gaussian = float(shaped(shape, sd).entropy()), float(stats.norm(0, sd).entropy())
    return {
        "x": GRID,
        "density": shaped(shape, sd).pdf(GRID),
        "gaussian_density": stats.norm(0, sd).pdf(GRID),
        "shapes": SHAPES,
        "along": shaped(SHAPES, sd).entropy() - gaussian,
        "shape": shape,
        "entropy": own,
        "gaussian": gaussian,
        "difference": own - gaussian,
        "laplace": float(stats.laplace(0, sd / np.sqrt(2)).entropy()),
        "logistic": float(stats.logistic(0, sd * np.sqrt(3) / np.pi).entropy()),
        "uniform": float(stats.uniform(0, sd * np.sqrt(12)).entropy()),
    }
