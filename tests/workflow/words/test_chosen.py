"""Words that were chosen are no conflict with a prior, and a prior that is wrong is one still."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.stats import binomtest

from data._messages import choose
from data.spam_words import load
from workflow.checking.checks import CONFLICT, StatisticCheck, prior_check
from workflow.checking.conflict import PLAIN
from workflow.checking.status import Status
from workflow.words.chosen import FILES, POOL, Ranked, check
from workflow.words.word_numbers import count_statistics

RNG = np.random.default_rng(8)
DEFAULT = {"alpha": 0.5, "beta": 5.5}
STATISTICS = count_statistics()
WRONG = [(50, 1), (50, 550), (1, 1), (1, 100)]


def tree(words: pd.DataFrame, alpha: float, beta: float) -> xr.DataTree:
    """Return what was observed, and what the prior predicts."""
    total = words[["spam_total", "ham_total"]].to_numpy()[0]
    rate = RNG.beta(alpha, beta, size=(1, 4000, len(words), 2))
    dims, coords = ("word", "label"), {"word": list(words["word"]), "label": ["spam", "ham"]}
    observed = words[["spam_with", "ham_with"]].to_numpy()
    predicted = (("chain", "draw", *dims), RNG.binomial(total, rate))
    return xr.DataTree.from_dict(
        {
            "observed_data": xr.Dataset({"having": (dims, observed)}, coords=coords),
            "prior_predictive": xr.Dataset({"having": predicted}, coords=coords),
            "constant_data": xr.Dataset({"messages": ("label", total)}, coords=coords),
        }
    )


def warned(found: list[StatisticCheck]) -> list[StatisticCheck]:
    return [one for one in found if one.result is Status.WARN]


def checked(words: pd.DataFrame, prior: Mapping[str, float]) -> list[StatisticCheck]:
    return check(tree(words, **prior), "having", STATISTICS, **prior, seed=1)


def chosen_of(words: int) -> pd.DataFrame:
    """Return the words that tell most, by the rule of the page, of so many from the prior."""
    totals = {"spam": 100, "ham": 300}
    having = RNG.binomial([100, 300], RNG.beta(0.5, 5.5, size=(words, 2)))
    names = [chr(97 + i // 26) + chr(97 + i % 26) for i in range(words)]
    counts = pd.DataFrame(having, columns=["spam", "ham"], index=names)
    found = counts.loc[choose(counts, totals)].reset_index(names="word")
    found.columns = pd.Index(["word", "spam_with", "ham_with"])
    return found.assign(spam_total=100, ham_total=300)


def test_the_best_of_so_many() -> None:
    """The expected ranks of the best five of n are 1, ..., 5 over n + 1."""
    pool = np.arange(POOL)[:, None] / POOL
    for of in (5, 50, 5000):
        ranks = Ranked(pool, 5).draw(of, RNG)[..., 0]
        error = ranks.std(axis=0) / np.sqrt(FILES)
        assert (np.abs(ranks.mean(axis=0) - np.arange(1, 6) / (of + 1)) < 4.5 * error).all()


def test_chosen_words_are_no_conflict() -> None:
    """Of 300 words from the prior itself, those chosen conflict with it, if one forgets why."""
    tables = [chosen_of(300) for _ in range(6)]
    assert all(warned(prior_check(tree(t, **DEFAULT), "having", STATISTICS)) for t in tables)
    assert sum(bool(warned(checked(table, DEFAULT))) for table in tables) <= 1


@pytest.mark.validate
@pytest.mark.parametrize("of", [30, 100, 300])
def test_chosen_words_are_no_conflict_with_more_power(of: int) -> None:
    """Measured on 100 files of messages: forgetting the choice, 57 of 100 words, 100 of 300."""
    found = sum(bool(warned(checked(chosen_of(of), DEFAULT))) for _ in range(100))
    assert binomtest(found, 100, 2 * CONFLICT, alternative="greater").pvalue > 0.001


@pytest.mark.parametrize(("alpha", "beta"), WRONG)
def test_a_wrong_prior_is_a_conflict_whatever_was_chosen(alpha: float, beta: float) -> None:
    """Of the shipped words: their rates are .06 to .6 in one class, and often 0 in the other.

    Also found, at the first count: Beta(5, 55), (10, 90), (5, 5), (2, 2), (20, 20), (.1, 100), (.5,
    50), (2, 98), (15, 85) and (30, 170); of those before, Beta(.1, 1.9) alone is none any more.
    """
    found = warned(checked(load(), {"alpha": alpha, "beta": beta}))
    assert min(one.tail for one in found) < PLAIN
    assert all(one.advice for one in found)


def test_what_is_no_conflict_is_as_it_was() -> None:
    """The default, on the shipped words: no choice is looked at."""
    given = tree(load(), **DEFAULT)
    found = check(given, "having", STATISTICS, **DEFAULT, seed=1)
    assert found == prior_check(given, "having", STATISTICS)
    assert not warned(found)


def test_a_prior_that_has_no_word_at_all_is_a_conflict() -> None:
    """No word of the pool is more frequent in spam, so that none can be chosen for that."""
    assert warned(checked(load(), {"alpha": 1e-6, "beta": 1e3}))
