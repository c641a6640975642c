"""Files that people bring to the comparison of formulas."""

from pathlib import Path

import numpy as np
import pymc as pm

from data.model_comparison import Formula, load
from tests.brought import _regression as regression
from tests.brought._brought import Own, Reader, Sheet, fault
from tests.brought._regression import many_rows, predicted, shape, smooth, terms
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

gaussian = model_of("model_comparison")


def read(path: Path) -> list[Formula]:
    return load(path)


def built(found: list[Formula]) -> pm.Model:
    return gaussian(found[0].found.terms, found[0].found.outcome)


READERS = {"": Reader(read, built)}

LIKE = regression.LIKE
numbers = regression.numbers


def sound(rng: np.random.Generator) -> Sheet:
    """Terms of all kinds and Gaussian noise: all of them, and the mean alone."""
    n, k = shape(rng)
    x = terms(rng, n, k)
    y = predicted(rng, x, rng.uniform(0, 0.9)) + rng.normal(size=n)
    return Sheet(x.assign(y=y), {})


@fault(PREDICTIVE[False])
def bent_in_every_formula(rng: np.random.Generator) -> Sheet:
    """The square of a term is in no formula, so that the best one of them is bent, too."""
    x, mu = smooth(rng)
    y = mu + x["x2"] ** 2 + rng.normal(size=len(x))
    return Sheet(x.assign(y=y), {"formula": ["y ~ .", "y ~ x1", "y ~ x2"]})


rows = many_rows

OWN = Own(regression.odd(lambda i: i * 7 % 23 + i % 5 + 1), {}, "")
