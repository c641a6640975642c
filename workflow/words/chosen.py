"""Do word counts contradict a prior, where the words were chosen by these very counts?

Words are in a table because they are frequent, or because they tell the classes apart. That changes
nothing in the posterior of their rates, but they are no longer what the prior says of any word: of
100 words with rates from Beta(.5, 5.5), the 25 that tell most have rates too high for it in half
of all files. From how many words they were chosen is not in the counts. A conflict is therefore
what is one under every choice: none, and the most frequent or the most telling of up to 10,000.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from workflow.checking.checks import CONFLICT, Statistic, StatisticCheck, prior_check
from workflow.checking.status import Status
from workflow.words.word_numbers import evidence

POOL = 200_000  # words from the prior, of whose order statistics the chosen ones are
FILES = 2000  # tables of words that are drawn for each choice
MOST, NUMBERS = 10_000, 6  # words to choose from: so many numbers, from none left out to this


@dataclass(frozen=True)
class Ranked:
    """Words of the prior (counts by class), the best first, of which `chosen` are in the table."""

    words: np.ndarray
    chosen: int

    def draw(self, of: float, rng: np.random.Generator) -> np.ndarray:
        """Return the best of so many words, as many times as there are files.

        The ranks of the best of n are the least of n uniform numbers: sums of exponential ones.
        """
        n = max(round(of * len(self.words) / POOL), self.chosen)
        steps = rng.exponential(size=(FILES, self.chosen)).cumsum(axis=1)
        others = rng.gamma(n + 1 - self.chosen, size=(FILES, 1))
        ranks = steps / (steps[:, -1:] + others)
        return self.words[(ranks * len(self.words)).astype(int)]


def check(
    tree: xr.DataTree,
    outcome: str,
    statistics: Mapping[str, Statistic],
    *,
    alpha: float,
    beta: float,
    seed: int,
) -> list[StatisticCheck]:
    """Return the prior predictive check of words, where what a choice explains is no conflict.

    Parameters
    ----------
    tree
        Has the outcome, observed and from the prior, and the constant `messages` (dim label).
    outcome, statistics
        The counts (dims word, label), and statistics of them. One in conflict gets the greatest
        tail probability of all choices, on the side where it is.
    alpha, beta
        The prior of the rates.

    Source: Gelman et al. (2013), Bayesian Data Analysis, chapter 8: a choice by what is counted is
    ignorable for the posterior, and is part of the model that replicates data.
    """
    found = prior_check(tree, outcome, statistics)
    suspects = [one for one in found if one.result is Status.WARN]
    if not suspects:
        return found
    given = tree["constant_data"].to_dataset()
    observed = tree["observed_data"].to_dataset()[outcome]
    tails = {one.statistic: one.tail for one in suspects}
    for table in _tables(observed, given["messages"].to_numpy(), (alpha, beta), seed):
        for one in suspects:
            drawn = statistics[one.statistic](table, given)
            beyond = drawn >= one.observed if one.p < 0.5 else drawn <= one.observed
            tails[one.statistic] = max(tails[one.statistic], float(beyond.mean()))
    least = CONFLICT / len(found)
    return [_judged(one, tails[one.statistic], least) if one in suspects else one for one in found]


def _judged(one: StatisticCheck, tail: float, least: float) -> StatisticCheck:
    if tail >= least:
        return replace(one, tail=tail, result=Status.PASS, advice="")
    return replace(one, tail=tail)


def _tables(
    observed: xr.DataArray, messages: np.ndarray, prior: tuple[float, float], seed: int
) -> Iterator[xr.DataArray]:
    """Yield counts of words from the prior (dims draw, word, label), for every choice of them."""
    rng = np.random.default_rng(seed)
    pool = rng.binomial(messages, rng.beta(*prior, size=(POOL, 2)))
    for ways in (_frequent(pool, observed), _telling(pool, observed, messages)):
        if not all(len(one.words) for one in ways):  # the prior has no word of this kind
            continue
        for of in np.geomspace(len(observed), MOST, NUMBERS):
            table = np.concatenate([one.draw(of, rng) for one in ways], axis=1)
            yield xr.DataArray(table, dims=("draw", *observed.dims), coords=observed.coords)


def _frequent(pool: np.ndarray, observed: xr.DataArray) -> Sequence[Ranked]:
    return [Ranked(pool[np.argsort(-pool.sum(axis=1), kind="stable")], len(observed))]


def _telling(pool: np.ndarray, observed: xr.DataArray, messages: np.ndarray) -> Sequence[Ranked]:
    """Rank the words of either class by what they tell of it: as many as are observed of each."""
    ordered = pool[np.argsort(-evidence(pool, messages), kind="stable")]
    of_spam, in_spam = (
        y[:, 0] / messages[0] > y[:, 1] / messages[1] for y in (ordered, observed.to_numpy())
    )
    parts = ((of_spam, in_spam), (~of_spam, ~in_spam))
    return [Ranked(ordered[of], int(n.sum())) for of, n in parts if n.any()]
