"""Models that the data contradict.

The draws are sound here: what is wrong is what they are draws of. The data have exactly the shape
that is said, their quantiles, so that none of it is chance.
"""

import functools

import numpy as np
import pymc as pm
import xarray as xr
from scipy import stats

from data.ab_test import load
from models.ab_test import conversion
from tests.gates import models
from tests.gates.gallery import Pair, example
from workflow.checking.checks import posterior_check, prior_check
from workflow.regression.residuals import predicted_from, residual_statistics
from workflow.sampling.fit import fit_nuts
from workflow.scoring.influence import DECISIVE, influence
from workflow.scoring.psis import psis

RUN = {"draws": 500, "tune": 500, "chains": 4}
TAILS = "residuals: excess kurtosis"


def dispersion(y: xr.DataArray, given: xr.Dataset) -> xr.DataArray:
    """Return variance / mean of counts: 1 for a Poisson."""
    found: xr.DataArray = y.var("row", ddof=1) / y.mean("row")
    return found


@functools.cache
def regression(noise: str, seed: int, *, odd_row: bool = False) -> xr.DataTree:
    """Fit the casebook's Gaussian regression to data with this noise."""
    distribution = {"normal": stats.norm, "heavy": stats.t(3)}[noise]
    model = models.line(distribution, odd_row=odd_row)
    return fit_nuts(model, models.compiled(gaussian_line), **RUN, seed=seed)


def gaussian_line() -> pm.Model:
    """Return the regression, to be compiled once."""
    return models.line(stats.norm)


def converted(y: xr.DataArray, given: xr.Dataset) -> xr.DataArray:
    """Return the share of all visitors who converted."""
    found: xr.DataArray = y.sum("arm") / given["visitors"].sum("arm")
    return found


@example("variance / mean", advice="negative binomial")
def overdispersed_counts(seed: int) -> Pair:
    """Counts that vary more than a Poisson allows, under a Poisson model.

    Sound: the same model with counts that vary as a Poisson does.
    """
    found = []
    for distribution in (stats.nbinom(2, 1 / 3), stats.poisson(4)):
        model = models.counts()
        model["y_data"].set_value(models.quantiles(distribution).astype(np.int32))
        tree = fit_nuts(model, models.compiled(models.counts), **RUN, seed=seed)
        found.append(posterior_check(tree, "y", {"variance / mean": dispersion}))
    broken, sound = found
    return Pair(broken, sound)


@example(TAILS, advice="Student-t")
def heavy_tails(seed: int) -> Pair:
    """Residuals with heavy tails (Student-t, 3 degrees of freedom) under a Gaussian regression.

    Sound: the same regression with Gaussian residuals.
    """
    terms = models.predictors(0.3)
    found = []
    for noise in ("heavy", "normal"):
        tree = regression(noise, seed)
        statistics = residual_statistics(predicted_from(tree), terms)
        found.append(posterior_check(tree, "y", {TAILS: statistics[TAILS]}))
    broken, sound = found
    return Pair(broken, sound)


@example("share converted", advice="prior")
def prior_against_data(seed: int) -> Pair:
    """A prior as heavy as 1,000 visitors that expects half of them to stay; 19% do.

    Sound: the casebook's default prior, which weighs as much as five visitors.
    """
    found = []
    for knobs in ({"alpha": 500, "beta": 500}, {}):
        model = conversion(load(), **knobs)
        tree = fit_nuts(model, models.compiled(models.shop), **RUN, seed=seed)
        found.append(prior_check(tree, "conversions", {"share converted": converted}))
    broken, sound = found
    return Pair(broken, sound)


@example("Pareto k", advice=DECISIVE)
def influential_row(seed: int) -> Pair:
    """A row far out and far off, which decides the line alone: leaving it out cannot be imitated.

    Sound: the same regression without such a row.
    """
    broken, sound = (
        influence(psis(regression("normal", seed, odd_row=odd)["log_likelihood"].to_dataset()["y"]))
        for odd in (True, False)
    )
    return Pair(broken, sound)
