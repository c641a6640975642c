"""Files that people bring to ordinal regression."""

from functools import partial

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from data import ordinal_regression
from data._how import Reading
from tests.brought import _regression as regression
from tests.brought._brought import OWN_DATA, ROWS, Own, Reader, Sheet, fault, spread
from tests.brought._regression import TERMS, predicted, smooth, terms
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

cumulative = model_of("ordinal_regression")

READERS = {
    "": Reader(
        ordinal_regression.load, lambda found: cumulative(found.terms, found.outcome, found.ratings)
    )
}

LIKE = regression.LIKE
numbers = partial(regression.numbers, "ratings")


def sound(rng: np.random.Generator) -> Sheet:
    """Ratings of the model's own, three to seven, each with ten rows a term at least."""
    while True:
        n, ratings = round(spread(rng, 60, ROWS[1])), int(rng.integers(3, 8))
        k = round(spread(rng, 1, max(1, min(TERMS, n / (15 * ratings)))))
        x = terms(rng, n, k)
        eta = predicted(rng, x, rng.uniform(0, 0.5)) * np.pi / np.sqrt(3)
        cuts = logit(np.cumsum(rng.dirichlet(np.full(ratings, 3.0)))[:-1])
        y = 1 + np.searchsorted(cuts, eta + rng.logistic(size=n))
        if np.bincount(y, minlength=ratings + 1)[1:].min() >= 10 * k:
            return Sheet(x.assign(y=y), {})


@fault(PREDICTIVE[False])
def other_slopes(rng: np.random.Generator) -> Sheet:
    """A term tells whether a rating is above the lowest, and nothing of the others."""
    x, _ = smooth(rng)
    low = rng.random(len(x)) < expit(-0.7 - 1.5 * x["x1"])
    return Sheet(x.assign(y=np.where(low, 1, 2 + rng.integers(3, size=len(x)))), {})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Three terms and ratings from 1 to 5."""
    x = rng.normal(size=(n, 3))
    y = 1 + np.searchsorted([-2.0, -0.5, 1.0, 2.5], x @ [1.0, -0.5, 0.02] + rng.logistic(size=n))
    return pd.DataFrame(x, columns=["a", "b", "c"]).assign(y=y).round(5)


OWN = Own(
    (OWN_DATA / "content.csv").read_text(encoding="utf-8"),
    {"reading": Reading(levels=("content=not at all,a little,rather,very",))},
    "",
)
