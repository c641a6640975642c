"""Could probabilities of unseen rows look so dishonest by chance, with coefficients so unsure?"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import expit, logit

from workflow.quantities import SAMPLE
from workflow.regression.logistic import design
from workflow.regression.modes_left_out import modes, without_itself
from workflow.scoring.by_chance import SETS, Chance, compared, scores

MOST = 20_000  # rows of a set
AT_ONCE = 2_000_000  # rows times sets in memory
WORTH = 500_000_000  # sets times rows times squares of coefficients for which sets are fitted

type Numbers = np.ndarray


def of_new_rows(
    posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, p: Numbers, *, seed: int
) -> Chance:
    """Compare probabilities `p` of rows that were not fitted with outcomes that the model makes.

    The coefficients are drawn from the posterior, so the p-value is uniform where the model holds.
    """
    rng = np.random.default_rng(seed)
    n = len(outcome)
    at = np.arange(n) if n <= MOST else np.sort(rng.choice(n, MOST, replace=False))
    odds, y = logit(p[at])[None], outcome.to_numpy(dtype=float)[None, at]
    made = [scores(odds, drawn) for drawn in _made(posterior, terms.iloc[at], rng)]
    return compared(scores(odds, y), made, len(at))


def of_rows_left_out(
    posterior: xr.Dataset,
    terms: pd.DataFrame,
    outcome: pd.Series,
    *,
    z: pd.DataFrame,
    root: float | Numbers,
    level_sd: float,
    seed: int,
) -> Chance:
    """Compare probabilities of rows left out one at a time with those of outcomes of the model.

    A row's probability depends on the outcomes of all others: a row with the event makes the event
    rarer in the rest. So every set of outcomes has probabilities of its own, from its own fit, by
    the mode and its curvature and a step of Newton's method for each row; the data's are compared
    as they come out of the same.

    Of 202 data sets made from the prior (60 to 500 rows, 3 to 10 terms) none was called too sure,
    and none of 210 with effects of .3 times its size; of 210 without any effect, under the same
    prior, 17 were: their probabilities are too sure. Of held-out rows (`of_new_rows`): 0 of 207, 3
    of 210, 41 of 210. Outcomes drawn by the rows' own probabilities would not do: up to 13% of
    weak effects, and 59 to 96% without any, looked too sure at a level of 1%.

    Parameters are those of `map_estimate`, of all rows; `terms` are in own units.
    """
    x, y = design(z, root), outcome.to_numpy(dtype=float)[None]
    weight = np.array([level_sd, *[1.0] * z.shape[1]]) ** -2.0
    rng = np.random.default_rng(seed)
    made = [_judged(x, drawn, weight) for drawn in _made(posterior, terms, rng)]
    return compared(_judged(x, y, weight), made, len(terms))


def worth_fitting(terms: pd.DataFrame) -> bool:
    """Say whether sets of outcomes of so many rows and terms are fitted in seconds."""
    return SETS * len(terms) * (terms.shape[1] + 1) ** 2 <= WORTH


def _judged(x: Numbers, y: Numbers, weight: Numbers) -> tuple[Numbers, Numbers]:
    """Return the scores of outcomes (set, row) by probabilities from the other rows of the set."""
    found = without_itself(x, y, modes(x, y, weight), weight)
    # The mean of a logistic function of a Normal, by its likeness to a Normal's (MacKay, 1992).
    return scores(found.log_odds / np.sqrt(1 + np.pi * found.variance / 8), y)


def _made(
    posterior: xr.Dataset, terms: pd.DataFrame, rng: np.random.Generator
) -> Iterator[Numbers]:
    """Yield outcomes (set, row) of draws of the coefficients, `SETS` in all."""
    flat = posterior[["intercept", "slope"]].stack(one=SAMPLE).transpose("one", ...)
    slope, intercept = flat["slope"].to_numpy(), flat["intercept"].to_numpy()
    n, some = len(slope), np.linspace(0, len(slope) - 1, SETS).astype(int)
    at = some if n >= SETS else rng.choice(n, SETS)
    each = int(np.clip(AT_ONCE // len(terms), 1, SETS))
    for start in range(0, SETS, each):
        now = at[start : start + each]
        odds = intercept[now, None] + slope[now] @ terms.to_numpy(dtype=float).T
        yield (rng.random(odds.shape) < expit(odds)).astype(float)
