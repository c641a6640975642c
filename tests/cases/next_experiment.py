"""The surrogate of an experiment: importance sampling of its density, which is written by hand.

Small has six trials of one setting. The density of the results is that of a joint normal
distribution, by its covariance and Cholesky's factor, for all draws at once.
"""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
from scipy import stats

from data.next_experiment import load
from tests.calibration.mutants import Mutant, replaced, with_likelihood, without_jacobian
from tests.contract import model_of
from tests.importance import Sample, importance_sample, moments

surrogate = model_of("next_experiment")
FOUND = load()
NAMES = list(FOUND.settings)
X, Y = FOUND.settings.to_numpy(), FOUND.results.to_numpy()
UNIT = X.std(axis=0, ddof=1) * np.sqrt(X.shape[1])
SQUARES = (X.T[:, :, None] - X.T[:, None, :]) ** 2  # column, row, row
SHIFT = np.array([0.5, 0.1])  # of both sds, in those of the results, before the logarithm
PRIORS = [
    {"typical_length": 0.8, "length_spread": 0.6, "amplitude": 1.5, "level": 1.5, "noise": 0.2},
    {"length_spread": 0.5, "noise": 0.4},
]


def shipped(**knobs: float) -> pm.Model:
    return surrogate(FOUND.settings, FOUND.results, **knobs)


def small(**knobs: float) -> pm.Model:
    x = pd.DataFrame({"a": [0.0, 0.3, 1.0, 1.1, 2.0, 3.0]})
    return surrogate(x, pd.Series([0.1, 0.8, 1.0, 0.7, -1.0, 0.2], name="y"), **knobs)


def log_density(
    log_length: Any,
    sigma_f: Any,
    sigma: Any,
    *,
    typical_length: float = 1.0,
    length_spread: float = 0.75,
    amplitude: float = 1.0,
    noise: float = 0.3,
    level: float = 1.0,
) -> Any:
    """Parameters may have draws as their first dim; so has then what is returned."""
    s, n = Y.std(ddof=1), len(Y)
    size = np.asarray(sigma_f)[..., None, None]
    apart = np.sqrt(5 * np.einsum("...k,kij->...ij", np.exp(-2 * np.asarray(log_length)), SQUARES))
    k = (s * level) ** 2 + size**2 * (1 + apart + apart**2 / 3) * np.exp(-apart)
    variance = np.asarray(sigma)[..., None, None] ** 2 + 1e-8 * s**2
    factor = np.linalg.cholesky(k + variance * np.eye(n))
    left = np.broadcast_to((Y - Y.mean())[:, None], (*factor.shape[:-1], 1))
    z = np.linalg.solve(factor, left)[..., 0]
    halves = np.log(np.diagonal(factor, axis1=-2, axis2=-1)).sum(axis=-1)
    results = -(z**2).sum(axis=-1) / 2 - halves - n / 2 * np.log(2 * np.pi)
    lengths = stats.norm.logpdf(log_length, np.log(typical_length * UNIT), length_spread)
    return (
        results
        + lengths.sum(axis=-1)
        + stats.halfnorm.logpdf(sigma_f, scale=s * amplitude)
        + stats.gamma.logpdf(sigma, 2, scale=s * noise / 2)
    )


def reference(**knobs: float) -> dict[str, tuple[float, ...]]:
    """Importance sampling of the posterior density written by hand (tests/importance.py).

    Parameters: logarithms of the lengths, and of sigma_f and sigma moved by parts of an sd of the
    results (all may be noise, or hardly anything: on the plain log scale the tails would
    reach far). Proposal: multivariate t (8 degrees of freedom) with the mean and 1.2 times the sds
    of weighted pilot draws around the mode, rounded; 5 seeds of 100,000 draws. Mean, sd and their
    standard errors by the delta method; Pareto k-hat of the weights, and of weights times
    quantities and squared deviations, below .5 (tests/cases/test_reference.py).
    """
    drawn, quantities = weighted(**knobs)
    return {name: moments(drawn, values) for name, values in quantities.items()}


@cache
def weighted(**knobs: float) -> tuple[Sample, dict[str, np.ndarray]]:
    """Return weighted draws, and every quantity of the tree computed from them."""

    sd = Y.std(ddof=1)

    def sds(x: np.ndarray) -> np.ndarray:
        return np.asarray(sd * (np.exp(x[:, -2:]) - SHIFT))

    def density(x: np.ndarray) -> np.ndarray:
        x = np.clip(x, -25, 25)
        parts = np.maximum(sds(x), 1e-9 * sd).T
        whole = log_density(x[:, :-2], *parts, **knobs) + x[:, -2:].sum(axis=1)
        return np.asarray(np.where((sds(x) > 0).all(axis=1), whole, -np.inf))

    start = np.array([*np.log(UNIT), *np.log(np.array([1.0, 0.2]) + SHIFT)])
    drawn = importance_sample(density, start, wider=1.2)
    sigma_f, sigma = sds(drawn.x).T
    found = {f"log_length[{name}]": drawn.x[:, k] for k, name in enumerate(NAMES)}
    return drawn, found | {"sigma_f": sigma_f, "sigma": sigma}


def wide_prior() -> Mutant:
    return replaced("noise expected four times as large", noise=1.2)


def wrong_likelihood() -> Mutant:
    told = "results in the likelihood twice as far from one another as the parameters say"
    return Mutant(told, with_likelihood(small(), "result", lambda mean, cov: (mean, 4 * cov)))


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logarithm of sigma", without_jacobian(small(), "sigma"))
