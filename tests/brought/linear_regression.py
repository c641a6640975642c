"""Files that people bring to linear regression."""

from functools import partial

import numpy as np

from data import linear_regression
from tests.brought import _regression as regression
from tests.brought._brought import ALIKE, Own, Reader, Sheet, csv, drawn, fault
from tests.brought._regression import many_rows, predicted, shape, smooth, terms
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

gaussian = model_of("linear_regression")

READERS = {
    "": Reader(linear_regression.load, partial(regression.built, gaussian)),
    "incomplete": Reader(
        partial(linear_regression.load, drop_missing=True), partial(regression.built, gaussian)
    ),
    "formula": Reader(
        lambda path: linear_regression.load(path, "y ~ . + log(x)"),
        partial(regression.built, gaussian),
    ),
}

LIKE = regression.LIKE
numbers = regression.numbers


def sound(rng: np.random.Generator) -> Sheet:
    """Terms of all kinds, none to nine tenths of the variance explained, Gaussian noise."""
    n, k = shape(rng)
    x = terms(rng, n, k)
    y = predicted(rng, x, rng.uniform(0, 0.9)) + rng.normal(size=n)
    return Sheet(x.assign(y=y), {})


@fault(PREDICTIVE[False])
def wild_noise(rng: np.random.Generator) -> Sheet:
    """The noise has the tails of a Student-t with 2 degrees of freedom."""
    x, mu = smooth(rng)
    return Sheet(x.assign(y=mu + rng.standard_t(2, size=len(x))), {})


@fault(PREDICTIVE[False])
def bent(rng: np.random.Generator) -> Sheet:
    """The square of a term is left out, which adds as much variance as the noise has."""
    x, mu = smooth(rng)
    return Sheet(x.assign(y=mu + 0.84 * x["x2"] ** 2 + rng.normal(size=len(x))), {})


@fault(PREDICTIVE[False])
def growing_noise(rng: np.random.Generator) -> Sheet:
    """The noise grows with a term, fourfold over its range."""
    x, mu = smooth(rng)
    return Sheet(x.assign(y=mu + np.exp(0.35 * x["x1"]) * rng.normal(size=len(x))), {})


@fault(ALIKE)
def sites(rng: np.random.Generator) -> Sheet:
    """Rows of a site share a third of the noise's variance, and one term is that of the site."""
    x, _ = smooth(rng)
    site = rng.integers(20, size=len(x))
    x["x1"] = rng.normal(size=20)[site]
    y = x["x1"] + rng.normal(size=20)[site] * 0.7 + rng.normal(size=len(x))
    return Sheet(x.assign(y=y, site=site), {"formula": "y ~ x1 + x2"})


@fault("Warn, on the first screen, where the prior keeps the terms")
def held(rng: np.random.Generator) -> Sheet:
    """A price is that of a list less a discount, under a prior for each column by itself."""
    x, _ = smooth(rng)
    x["x2"] = x["x1"] + 0.02 * x["x2"]
    y = 50 * (x["x1"] - x["x2"]) + 0.5 * rng.normal(size=len(x))
    return Sheet(x.assign(y=y), {"prior": "independent", "slope_sd": 0.5})


rows = many_rows

OWN = Own(csv("a,b,c,d,self", drawn(4, 5)), {}, "4 rows for 5 coefficients: the prior decides")
