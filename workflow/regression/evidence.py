"""Bayes factors of Gaussian regressions without draws: the density of all rows before any is seen.

Of `models.model_comparison` everything is Gaussian given tau, so that the evidence is an integral
over log tau. The default Bayes factor of Jeffreys, Zellner and Siow has another prior, and is an
integral, too: over g, the prior variance of the coefficients in units of that of the noise.
Sources: Rouder, Speckman, Sun, Morey and Iverson (2009), Bayesian t tests for accepting and
rejecting the null hypothesis; Liang, Paulo, Molina, Clyde and Berger (2008), Mixtures of g priors
for Bayesian variable selection.
"""

import numpy as np
from scipy.special import logsumexp

from workflow.regression.gaussian_given import COARSE, LATTICE, Given

SCALE = 0.5**0.5  # of JZS, of an effect in sds of the noise: what is usual for a mean
CLOSE, HALVINGS, MATTERS = 1e-9, 30, 60.0
_WIDE = np.arange(-60.0, 60.0, 0.25)  # of log g


def log_evidence(given: Given, unit: float, log_slope: float) -> float:
    """Return log p(y) of all rows.

    `unit` is the outcome's unit in the regression (it is divided by that); `log_slope` the sum of
    the logarithms of the slope of what is predicted, as a function of the outcome.
    """
    n = len(given.rest)
    inner = _integral(given.log_joint, LATTICE, COARSE)
    return inner - n / 2 * float(np.log(2 * np.pi)) - n * float(np.log(unit)) + log_slope


def jzs(n: int, freedom: int, terms: int, r2: float, scale: float = SCALE) -> float:
    """Return the log Bayes factor of terms against none, under the prior of JZS.

        beta ~ Normal(0, g sigma^2 n (X'X)^-1),  g ~ InverseGamma(1/2, scale^2 / 2)

    and p(sigma) = 1 / sigma, the mean flat, in both.

    Parameters
    ----------
    n, terms
        Rows, and terms that are no sums of others.
    freedom
        Rows less 1 where there is an intercept in both; all rows where there is none.
    r2
        The share of the sum of squares (about the mean, or about 0) that least squares explain.
    """
    if not terms:
        return 0.0

    def log_joint(log_g: np.ndarray) -> np.ndarray:
        g = n * np.exp(log_g)
        of_data = (freedom - terms) / 2 * np.log1p(g) - freedom / 2 * np.log1p(g * (1 - r2))
        half = scale**2 / 2
        prior = 0.5 * np.log(half / np.pi) - log_g / 2 - half * np.exp(-log_g)  # of log g
        return np.asarray(of_data + prior)

    return _integral(log_joint, _WIDE, 0.25)


def _integral(log_joint, places: np.ndarray, step: float) -> float:  # type: ignore[no-untyped-def]
    """Return the log of the integral of exp(log_joint), by a lattice refined where it matters."""
    before = np.inf
    for _ in range(HALVINGS):
        found = log_joint(places)
        total = float(logsumexp(found) + np.log(step))
        kept = places[found > found.max() - MATTERS]
        if abs(total - before) < CLOSE and len(kept) > 16:
            break
        before, step = total, step / 2
        places = np.unique(np.concatenate([kept + i * step for i in (-2, -1, 0, 1, 2)]).round(12))
    return total
