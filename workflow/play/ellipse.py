"""A covariance as an ellipse: its axes, its area, and what it holds."""

import numpy as np
from scipy import stats

from workflow.play.randoms import State, uniforms

SDS = (1.0, 0.6)  # of the two quantities
POINTS = 300
TURN = np.linspace(0, 2 * np.pi, 181)
DEGREES = np.linspace(0, 180, 181)


def points(covariance: np.ndarray) -> np.ndarray:
    """Return points (2, POINTS) with that covariance, from the same random numbers every time."""
    first, second = uniforms(2 * POINTS).reshape(2, POINTS)
    radius = np.sqrt(-2 * np.log(first))  # Box and Muller (1958)
    z = radius * np.array([np.cos(2 * np.pi * second), np.sin(2 * np.pi * second)])
    return np.linalg.cholesky(covariance) @ z


def state(*, correlation: float, inside: float) -> State:
    """Return the ellipse that holds a part of a Gaussian with this correlation.

    Its half axes are the roots of the eigenvalues times that of the quantile of chi-squared with
    two degrees of freedom; its area is pi times their product.
    """
    both = correlation * SDS[0] * SDS[1]
    covariance = np.array([[SDS[0] ** 2, both], [both, SDS[1] ** 2]])
    values, axes = np.linalg.eigh(covariance)
    size = float(np.sqrt(stats.chi2(2).ppf(inside / 100)))
    turned = float(np.arctan2(axes[1, 1], axes[0, 1]))
    angle = (turned + np.pi / 2) % np.pi - np.pi / 2
    long, short = size * np.sqrt(values[::-1])
    way = np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-way[1], way[0]])
    edge = np.outer(way, long * np.cos(TURN)) + np.outer(across, short * np.sin(TURN))
    found = points(covariance)
    held = np.einsum("in,ij,jn->n", found, np.linalg.inv(covariance), found) <= size**2
    looks = np.deg2rad(DEGREES)
    directions = np.array([np.cos(looks), np.sin(looks)])
    sds = np.sqrt(np.einsum("in,ij,jn->n", directions, covariance, directions))
    return {
        "edge_x": edge[0],
        "edge_y": edge[1],
        "long_x": np.array([-1, 1]) * long * way[0],
        "long_y": np.array([-1, 1]) * long * way[1],
        "short_x": np.array([-1, 1]) * short * across[0],
        "short_y": np.array([-1, 1]) * short * across[1],
        "points_x": found[0],
        "points_y": found[1],
        "degrees": DEGREES,
        "sds": sds,
        "longest": float(np.rad2deg(angle) % 180),
        "angle": float(np.rad2deg(angle)),
        "large": float(values[1]),
        "small": float(values[0]),
        "long": float(long),
        "short": float(short),
        "area": float(np.pi * long * short),
        "held": float(held.mean()),
        "sum_sd": float(np.sqrt(covariance.sum())),
        "difference_sd": float(np.sqrt(np.trace(covariance) - 2 * both)),
    }
