"""Files that people bring to logistic regression."""

from functools import partial

import numpy as np
import pandas as pd
import pymc as pm
from scipy.special import expit, logit

from data import logistic_regression
from data._regression import Regression
from data._table import DataError
from tests.brought import _regression as regression
from tests.brought._brought import ROWS, Own, Reader, Sheet, csv, drawn, fault, size, spread
from tests.brought._regression import TERMS, many_rows, predicted, smooth, terms
from tests.contract import model_of

bernoulli = model_of("logistic_regression")


def _split(found: Regression) -> pm.Model | None:
    try:
        train, _ = logistic_regression.split(found, 0.3, 1)
    except DataError:
        return None
    return bernoulli(train.terms, train.outcome)


READERS = {
    "": Reader(logistic_regression.load, _split),
    "event": Reader(partial(logistic_regression.load, event="A"), _split),
}

LIKE = regression.LIKE
numbers = partial(regression.numbers, "two values")


def sound(rng: np.random.Generator) -> Sheet:
    """Outcomes of the model's own, 5% to 50% of them 1, ten for each term at least."""
    while True:
        n, level = round(spread(rng, 60, ROWS[1])), logit(spread(rng, 0.05, 0.5))
        k = round(spread(rng, 1, max(1, min(TERMS, n * expit(level) / 15))))
        x = terms(rng, n, k)
        y = rng.random(n) < expit(level + predicted(rng, x, rng.uniform(0, 0.5)))
        if min(y.sum(), n - y.sum()) >= 10 * k:
            return Sheet(x.assign(y=y.astype(int)), {})


@fault("Warn of perfect separation, which the likelihood alone cannot")
def told_apart(rng: np.random.Generator) -> Sheet:
    """A term is known only after the event."""
    x, mu = smooth(rng)
    y = (rng.random(len(x)) < expit(mu)).astype(int)
    return Sheet(x.assign(after=y + 0.1 * rng.random(len(x)), y=y), {})


@fault("Warn where rows are alike that belong together")
def both_sides(rng: np.random.Generator) -> Sheet:
    """Six rows a person, whose outcome is a coin of the person's, on both sides of the split."""
    people = size(rng) // 4
    person = np.repeat(np.arange(people), 6)
    x = pd.DataFrame(rng.normal(size=(len(person), 2)), columns=["x1", "x2"])
    y = (rng.random(len(person)) < rng.beta(0.3, 0.3, size=people)[person]).astype(int)
    return Sheet(x.assign(person=person, y=y), {"formula": "y ~ x1 + x2"})


rows = partial(many_rows, event=True)

OWN = Own(  # a column that tells the event without fail, one that does not, and text in the outcome
    csv(
        "km/h,<b>z</b>,state", [[x, z, "ill" if float(x) > 0 else "well"] for x, z in drawn(30, 2)]
    ),
    {"event": "ill"},
    "separate",
)
