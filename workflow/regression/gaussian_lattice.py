"""A regression with Gaussian noise, of scaled data: with groups one for each sd between them."""

from collections.abc import Mapping

import numpy as np

from workflow.regression.gaussian_given import Given, design_of, given_of, grouped_of
from workflow.sampling.members import OF_ROW

STEP, PLACES = 0.5, 21  # of the log ratio: of the first lattice, and of the last
RATIOS = np.arange(-10, 6.1, STEP)  # logs of how many times tau the sd between groups is
DEEP = 12.0  # nats below the likeliest ratio, at which the last lattice ends


def several(of: Mapping[str, np.ndarray], half: float = 0.0) -> list[Given]:
    """Return the regression; with groups one for each place of a lattice of the log ratio.

    The ratio is that of the sd between groups to tau, and the lattice reaches as far as it matters.
    """
    z = (of["terms"] - of["centre"]) / of["scale"]
    y = (of["y_data"] - of["outcome_mean"]) / of["outcome_sd"]
    covariance, noise = prior_covariance(of), float(of["noise"])
    if OF_ROW not in of:
        return [given_of(z, y, covariance, noise, half)]
    design, codes = design_of(z, covariance), of[OF_ROW].astype(int)
    between = float(of["between"])

    def at(log_ratio: float) -> Given:
        return grouped_of(design, y, codes, float(np.exp(log_ratio)), noise, between)

    likely = np.array([likely_of(at(place)) for place in RATIOS])
    kept = RATIOS[likely > likely.max() - DEEP]
    return [at(one) for one in np.linspace(kept.min() - STEP, kept.max() + STEP, PLACES)]


def likely_of(given: Given) -> float:
    """Return log p(y) of a regression, about: by the height at its mode and its width there."""
    at = given.likeliest() + np.array([-0.05, 0.0, 0.05])
    low, middle, high = given.log_joint(at)
    curved = max((2 * middle - low - high) / 0.05**2, 1e-6)
    return float(middle - 0.5 * np.log(curved))


def prior_covariance(data: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the prior covariance of beta, the coefficients of standardised terms."""
    if "slope_sd" in data:
        return np.asarray(data["slope_sd"] ** 2 * np.eye(data["terms"].shape[1]))
    share, axes = data["r2"], data["axes"]
    return np.asarray(share / (1 - share) * axes.T @ axes)
