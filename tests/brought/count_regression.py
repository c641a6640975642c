"""Files that people bring to count regression."""

import numpy as np
import pandas as pd
import pymc as pm

from data import count_regression
from data._regression import Regression
from tests.brought import _regression as regression
from tests.brought._brought import Own, Reader, Sheet, fault, spread
from tests.brought._regression import predicted, shape, smooth, terms
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

negative_binomial = model_of("count_regression")


def _counts(found: Regression) -> pm.Model:
    return negative_binomial(found.terms, found.outcome, found.also.iloc[:, 0])


READERS = {"": Reader(count_regression.load, _counts)}

LIKE = regression.LIKE
numbers = regression.numbers


def sound(rng: np.random.Generator) -> Sheet:
    """Negative binomial counts, most of them Poisson nearly, counted for different times."""
    n, k = shape(rng)
    x = terms(rng, n, k)
    days, dispersion = rng.uniform(1, 3, size=n), spread(rng, 0.05, 2)
    mu = days * spread(rng, 1, 30) * np.exp(predicted(rng, x, rng.uniform(0, 0.4)))
    y = rng.poisson(mu * rng.gamma(1 / dispersion, dispersion, size=n))
    return Sheet(x.assign(days=days.round(3), y=y), {"exposure": "days"})


@fault(PREDICTIVE[False])
def bent_counts(rng: np.random.Generator) -> Sheet:
    """The square of a term is left out, which multiplies counts by up to 50."""
    x, mu = smooth(rng)
    y = rng.poisson(np.exp(1 + mu / 2 + x["x2"] ** 2) * rng.gamma(4, 1 / 4, size=len(x)))
    return Sheet(x.assign(y=y), {})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Three terms, and counts that scatter more than Poisson."""
    x = rng.normal(size=(n, 3))
    rate = np.exp(x @ [0.5, -0.3, 0.02]) * rng.gamma(2, 1 / 2, n)
    return pd.DataFrame(x, columns=["a", "b", "c"]).assign(y=rng.poisson(rate)).round(5)


OWN = Own(regression.odd(lambda i: i * 7 % 23 * (i % 3)), {}, "")
