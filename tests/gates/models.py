"""The models of the gallery: a few lines each, with what breaks them as `pm.Data`."""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
from scipy import stats

from data.ab_test import load
from models.ab_test import conversion
from models.linear_regression import gaussian
from workflow.sampling.fit import CompiledPyMCModel, compile_nuts

ROWS = 200
APART = 6.0  # half the distance of the two modes, in sds of either


def shop() -> pm.Model:
    """Return the shipped A/B test: as well-behaved as a model can be."""
    return conversion(load())


def funnel() -> pm.Model:
    """Return Neal's funnel, centred: the scale of x is a parameter, and x has no data."""
    with pm.Model() as model:
        log_scale = pm.Normal("log_scale", 0, pm.Data("width", 3.0))
        pm.Normal("x", 0, pm.math.exp(log_scale / 2), shape=2)
        pm.Normal("y", 0, 1, observed=pm.Data("y_data", 0.0))
    return model


def funnel_non_centred() -> pm.Model:
    """Return the same funnel, with x = z exp(log_scale / 2)."""
    with pm.Model() as model:
        pm.Normal("log_scale", 0, pm.Data("width", 3.0))
        pm.Normal("z", 0, 1, shape=2)
        pm.Normal("y", 0, 1, observed=pm.Data("y_data", 0.0))
    return model


def two_modes() -> pm.Model:
    """Return a mixture of two Gaussians, `apart` to either side of 0, with two functions of x."""
    with pm.Model() as model:
        apart = pm.Data("apart", APART)
        x = pm.Normal("x", 0, 10)
        modes = pm.math.stack([-0.5 * (x - apart) ** 2, -0.5 * (x + apart) ** 2])
        pm.Potential("modes", pm.math.logsumexp(modes))
        pm.Deterministic("log_dose", pm.math.log(x + pm.Data("dose_at_0", 100.0)))
        pm.Deterministic("response", pm.math.exp(pm.Data("rate", 0.01) * x))
    return model


def one_tail() -> pm.Model:
    """Return a Student-t with `nu` degrees of freedom: below 1 it has no mean."""
    with pm.Model() as model:
        pm.StudentT("x", nu=pm.Data("nu", 30.0), mu=0, sigma=1)
    return model


def many_tails() -> pm.Model:
    """Return a Student-t in ten dimensions: direction mixes at once, distance does not."""
    with pm.Model() as model:
        nu = pm.Data("nu", 30.0)
        pm.MvStudentT("x", nu=nu, mu=np.zeros(10), scale=np.eye(10))
    return model


def counts() -> pm.Model:
    """Return counts of one Poisson rate."""
    with pm.Model(coords={"row": range(ROWS)}) as model:
        rate = pm.Gamma("rate", 2, 0.5)
        pm.Poisson("y", rate, observed=pm.Data("y_data", np.zeros(ROWS, np.int32)), dims="row")
    return model


def slopes(correlation: float = 0.95) -> pm.Model:
    """Return two slopes of predictors that go together, and known noise: a Gaussian posterior.

    Each slope is 1.1 posterior sds from 0: its direction is not known.
    """
    terms = predictors(correlation)
    true = 1.1 / math.sqrt(ROWS * (1 - correlation**2))
    y = true * terms.sum(axis=1) + spread(stats.norm, terms)
    with pm.Model(coords={"row": range(ROWS), "term": list(terms)}) as model:
        slope = pm.Normal("slope", 0, 1, dims="term")
        x = pm.Data("terms", terms.to_numpy(), dims=("row", "term"))
        pm.Normal("y", x @ slope, 1, observed=pm.Data("y_data", y.to_numpy()), dims="row")
    return model


def line(noise: Any, *, odd_row: bool = False) -> pm.Model:
    """Return the casebook's linear regression of 200 rows with this noise (of `scipy.stats`).

    With `odd_row` the last row is far out, in the predictors and off the line.
    """
    terms = predictors(0.3)
    y = 0.5 * terms.sum(axis=1) + spread(noise, terms)
    if odd_row:
        terms.iloc[-1], y.iloc[-1] = 8.0, -8.0
    return gaussian(terms, y.rename("y"))


def predictors(correlation: float) -> pd.DataFrame:
    """Return two columns of mean 0 and sd 1 with exactly this correlation; dims: row, column."""
    random = np.random.default_rng(1).normal(size=(ROWS, 2))
    basis = np.linalg.qr(np.column_stack([np.ones(ROWS), random]))[0]
    a, b = basis[:, 1:].T * math.sqrt(ROWS - 1)
    both = {"width": a, "length": correlation * a + math.sqrt(1 - correlation**2) * b}
    return pd.DataFrame(both)


def spread(distribution: Any, terms: pd.DataFrame) -> np.ndarray:
    """Return the quantiles of a distribution in random order, sd 1, without any part in `terms`.

    So the noise has this shape and nothing else happened by chance.
    """
    x = np.random.default_rng(2).permutation(quantiles(distribution))
    basis = np.linalg.qr(np.column_stack([np.ones(ROWS), terms.to_numpy()]))[0]
    x = x - basis @ basis.T @ x
    found: np.ndarray = x / x.std()
    return found


def quantiles(distribution: Any) -> np.ndarray:
    """Return ROWS evenly spaced quantiles: data as this distribution has them."""
    found: np.ndarray = distribution.ppf((np.arange(ROWS) + 0.5) / ROWS)
    return found


@functools.cache
def compiled(build: Callable[..., pm.Model]) -> CompiledPyMCModel:
    """Compile a model of this module for nutpie, once."""
    return compile_nuts(build())
