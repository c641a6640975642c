"""Files that people bring to proportion regression."""

from functools import partial

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from data import proportion_regression
from tests.brought import _regression as regression
from tests.brought._brought import Own, Reader, Sheet, fault, spread
from tests.brought._regression import many_rows, predicted, shape, smooth, terms
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

beta_shares = model_of("proportion_regression")

READERS = {"": Reader(proportion_regression.load, partial(regression.built, beta_shares))}

LIKE = regression.LIKE
numbers = regression.numbers


def sound(rng: np.random.Generator) -> Sheet:
    """Shares around .05 to .95, with a Beta's noise; such as round to 0 or 1 are drawn again."""
    n, k = shape(rng)
    x = terms(rng, n, k)
    mu = expit(logit(rng.uniform(0.05, 0.95)) + predicted(rng, x, rng.uniform(0, 0.5)))
    precision = spread(rng, 5, 200)
    y = np.zeros(n)
    while (bad := (y < 1e-9) | (y > 1 - 1e-9)).any():
        y[bad] = rng.beta(mu[bad] * precision, (1 - mu[bad]) * precision)
    return Sheet(x.assign(y=y), {})


@fault(PREDICTIVE[False])
def bent_shares(rng: np.random.Generator) -> Sheet:
    """The square of a term is left out, which moves shares from a third to nine tenths."""
    x, mu = smooth(rng)
    share = expit(mu / 2 - 0.5 + 0.7 * x["x2"] ** 2)
    return Sheet(x.assign(y=rng.beta(20 * share, 20 * (1 - share)).clip(1e-9, 1 - 1e-9)), {})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """The regression's rows with a share as the outcome."""
    table = many_rows(rng, n)
    name = table.columns[-1]
    y = table[name]
    return table.assign(**{name: 1 / (1 + np.exp(-(y - y.mean()) / y.std()))})


OWN = Own(regression.odd(lambda i: (i * 7 % 23 + 1) / 25), {}, "")
