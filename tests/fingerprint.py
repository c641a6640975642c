"""Prints a hash of some draws: run it in another process, or with another compile cache.

A linear model, because with PyTensor's default fastmath a cold and a warm cache give other draws
for it (for the A/B model they happen to be the same, so that a test of that one cannot fail).
"""

import hashlib

import numpy as np
import pymc as pm

from workflow.sampling.fit import compile_nuts, refit


def fingerprint() -> str:
    """Return the SHA-256 of the slopes' draws."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(100, 3))
    y = x.sum(axis=1) + rng.normal(size=100)
    with pm.Model() as model:
        slope = pm.Normal("slope", 0, 1, shape=3)
        sigma = pm.HalfNormal("sigma", 1)
        pm.Normal("y", pm.Data("x", x) @ slope, sigma, observed=pm.Data("y_data", y))
    tree = refit(compile_nuts(model), {}, draws=100, tune=200, chains=2, seed=2026)
    return hashlib.sha256(tree["posterior"]["slope"].to_numpy().tobytes()).hexdigest()


if __name__ == "__main__":
    print(fingerprint())
