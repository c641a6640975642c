"""Files that people bring to sparse regression."""

from functools import partial

import numpy as np

from data import sparse_regression
from tests.brought import _regression as regression
from tests.brought._brought import Own, Reader, Sheet, csv, drawn, fault
from tests.brought._regression import many_rows, shape, smooth, terms
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

laplace = model_of("sparse_regression")

READERS = {"": Reader(sparse_regression.load, partial(regression.built, laplace))}

LIKE = regression.LIKE
numbers = regression.numbers


def sound(rng: np.random.Generator) -> Sheet:
    """As in linear regression, two terms at least, and of the coefficients most are small."""
    n, k = shape(rng)
    x = terms(rng, n, max(k, 2))
    z = (x - x.mean()) / x.std()
    mu = (z @ rng.laplace(size=z.shape[1])).to_numpy()
    r2 = rng.uniform(0, 0.9)
    return Sheet(x.assign(y=mu / mu.std() * np.sqrt(r2 / (1 - r2)) + rng.normal(size=n)), {})


@fault(PREDICTIVE[False])
def no_square(rng: np.random.Generator) -> Sheet:
    """The square of a term is not among the terms, which adds as much variance as the noise has."""
    x, mu = smooth(rng)
    return Sheet(x.assign(y=mu + 0.84 * x["x1"] ** 2 + rng.normal(size=len(x))), {})


rows = many_rows

OWN = Own(csv("a,b,c,d,e,self", drawn(6, 6)), {}, "6 rows for 6 coefficients: the prior decides")
