"""Files that people bring to noise models."""

from functools import partial

import numpy as np

from data import noise_models
from tests.brought import _regression as regression
from tests.brought._brought import Own, Reader, Sheet, fault
from tests.brought._regression import many_rows, predicted, shape, smooth, terms
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE
from workflow.predicting.huber import quantile

huber = model_of("noise_models")

READERS = {"": Reader(noise_models.load, partial(regression.built, huber))}

LIKE = regression.LIKE
numbers = regression.numbers


def sound(rng: np.random.Generator) -> Sheet:
    """Terms of all kinds, and Huber's noise: Gaussian in the middle, with straight tails."""
    n, k = shape(rng)
    x = terms(rng, n, k)
    y = predicted(rng, x, rng.uniform(0, 0.9)) + quantile(rng.uniform(size=n))
    return Sheet(x.assign(y=y), {"kind": "real"})


@fault(PREDICTIVE[False])
def growing_errors(rng: np.random.Generator) -> Sheet:
    """The noise grows with a term, fourfold over its range: no loss of one scale knows of it."""
    x, mu = smooth(rng)
    return Sheet(x.assign(y=mu + np.exp(0.35 * x["x1"]) * rng.normal(size=len(x))), {})


rows = many_rows

OWN = Own(regression.odd(lambda i: i * 7 % 23 * (i % 3)), {"kind": "counts", "loss": "poisson"}, "")
