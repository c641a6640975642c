"""Files that people bring to quantile regression."""

from functools import partial

import numpy as np

from data import quantile_regression
from tests.brought import _regression as regression
from tests.brought._brought import ROWS, Own, Reader, Sheet, fault, spread
from tests.brought._regression import TERMS, many_rows, predicted, smooth, terms
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

quantile_lines = model_of("quantile_regression")

READERS = {"": Reader(quantile_regression.load, partial(regression.built, quantile_lines))}

LIKE = regression.LIKE
numbers = regression.numbers


def sound(rng: np.random.Generator) -> Sheet:
    """Noise whose spread grows with a term that is above 0, so that every quantile is a line.

    At least 20 rows for each coefficient beyond the outer lines.
    """
    n = round(spread(rng, 120, ROWS[1]))
    k = round(spread(rng, 1, max(1, min(TERMS, n / 40 - 1))))
    x = terms(rng, n, k)
    wide = rng.gamma(3, 1 / 3, size=n)
    sd = 0.5 + rng.uniform(0, 1) * wide
    y = predicted(rng, x, rng.uniform(0, 0.5)) + wide + sd * rng.normal(size=n)
    return Sheet(x.assign(wide=wide.round(5), y=y), {"quantiles": "0.25,0.5,0.75"})


@fault(PREDICTIVE[False])
def bent_quantiles(rng: np.random.Generator) -> Sheet:
    """The square of a term is left out: lines are too low at both ends of it, or too high."""
    x, mu = smooth(rng)
    y = mu + x["x2"] ** 2 + rng.normal(size=len(x))
    return Sheet(x.assign(y=y), {"quantiles": "0.25,0.5,0.75"})


rows = many_rows

OWN = Own(
    regression.odd(lambda i: i * 7 % 23 + i % 5 + i / 50),
    {"quantiles": "0.2,0.5,0.8"},
    "Few rows lie beyond",
)
