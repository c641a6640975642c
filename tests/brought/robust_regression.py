"""Files that people bring to robust regression."""

from functools import partial

import numpy as np

from data import robust_regression
from tests.brought import _regression as regression
from tests.brought._brought import Own, Reader, Sheet, fault, spread
from tests.brought._regression import many_rows, predicted, shape, smooth, terms
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

student_t = model_of("robust_regression")

READERS = {"": Reader(robust_regression.load, partial(regression.built, student_t))}

LIKE = regression.LIKE
numbers = regression.numbers


def sound(rng: np.random.Generator) -> Sheet:
    """The same with Student-t noise, of 3 to 30 degrees of freedom."""
    n, k = shape(rng)
    x = terms(rng, n, k)
    y = predicted(rng, x, rng.uniform(0, 0.9)) + rng.standard_t(spread(rng, 3, 30), size=n)
    return Sheet(x.assign(y=y), {})


@fault(PREDICTIVE[False])
def lopsided(rng: np.random.Generator) -> Sheet:
    """The noise has one long tail: it is exponential."""
    x, mu = smooth(rng)
    return Sheet(x.assign(y=mu + rng.exponential(size=len(x))), {})


rows = many_rows

OWN = Own(regression.odd(lambda i: i * 7 % 23 + i % 5), {}, "")
