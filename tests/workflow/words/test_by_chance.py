"""Held-out messages against those that the model makes: the level is exact, faults are seen."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from scipy.stats import binomtest

from workflow.scoring.by_chance import LIMIT, Chance, scores
from workflow.scoring.calibration_line import calibration_line
from workflow.words.by_chance import MOST, by_chance
from workflow.words.naive_bayes import HeldOut

RNG = np.random.default_rng(9)
ALPHA, BETA, WORDS = 0.5, 5.5, 8


def drawn(n: int, rates: np.ndarray, share: float, *, copies: int = 1) -> HeldOut:
    """Return messages of the model; each word stands `copies` times in the table."""
    y = (RNG.random(n) < share).astype(int)
    present = RNG.random((n, WORDS)) < rates[:, 1 - y].T
    return HeldOut(np.tile(present, copies), y, np.ones(n, dtype=int))


def counted(messages: HeldOut) -> pd.DataFrame:
    """Return the counts of messages."""
    found: dict[str, object] = {"word": [f"w{i}" for i in range(messages.present.shape[1])]}
    for label, y in (("spam", 1), ("ham", 0)):
        of_class = messages.present[messages.y == y]
        found |= {f"{label}_with": of_class.sum(axis=0), f"{label}_total": len(of_class)}
    return pd.DataFrame(found)


def chance(n: int, held_out: int, share: float, later: float, copies: int = 1) -> Chance:
    """Return what is found of held-out messages, whose share of spam is the later one."""
    rates = RNG.beta(ALPHA, BETA, size=(WORDS, 2))
    words = counted(drawn(n, rates, share, copies=copies))
    spam, ham = words[["spam_total", "ham_total"]].to_numpy()[0]
    messages = drawn(held_out, rates, later, copies=copies)
    prior = {"alpha": ALPHA, "beta": BETA, "share": spam / (spam + ham)}
    return by_chance(words, messages, **prior, seed=1)


def level(sets: int) -> None:
    """Assert that each probability is as often below .1, .2 and .5 as it says, or less often."""
    found = [chance(75, 25, share := RNG.uniform(0.15, 0.5), share) for _ in range(sets)]
    for name, limit in product(("surer", "more", "less"), (0.1, 0.2, 0.5)):
        below = sum(one.p(getattr(one, name)) <= limit for one in found)
        assert binomtest(below, sets, limit, alternative="greater").pvalue > 0.001, (name, limit)


def test_the_level_is_exact() -> None:
    level(100)


@pytest.mark.validate
def test_the_level_is_exact_with_more_power() -> None:
    level(1500)


def test_the_slopes_score_is_that_of_the_calibration_line() -> None:
    """With many messages it is (slope - 1) / error, whatever the mix."""
    log_odds = RNG.normal(-1, 2, size=20_000)
    for slope, moved in ((1, 0), (0.97, 0), (1.03, 0), (0.97, 1)):
        y = (RNG.random(log_odds.size) < expit(moved + slope * log_odds)).astype(int)
        excess, score = scores(log_odds[None], y[None])
        line = calibration_line(y, expit(log_odds))
        assert score[0] == pytest.approx((line.slope - 1) / line.slope_error, abs=0.15)
        assert excess[0] == pytest.approx((y - expit(log_odds)).sum())


def test_one_class_alone_has_a_score() -> None:
    assert np.isfinite(scores(RNG.normal(size=(1, 9)), np.zeros((1, 9)))).all()


def test_another_mix_is_seen_and_is_not_taken_for_too_sure() -> None:
    for share, later, side in ((0.1, 0.6, "more"), (0.6, 0.1, "less")):
        found = chance(600, 200, share, later)
        assert (found.other_mix, found.too_sure) == (side, False)


def test_words_that_are_copies_make_it_too_sure() -> None:
    """Of more messages than are looked at, which are then a part of them."""
    found = chance(3000, MOST + 500, 0.4, 0.4, copies=3)
    assert found.too_sure
    assert found.cases == MOST


def test_limits() -> None:
    """With 400 sets: at most one as sure, or none with such a mix."""
    fine = Chance(100, 400, surer=2, more=1, less=390)
    assert (fine.too_sure, fine.other_mix) == (False, "")
    assert fine.p(1) < LIMIT < fine.p(2)
    assert replace(fine, more=0).other_mix == "more"
    assert replace(fine, less=0).other_mix == "less"
    assert replace(fine, surer=1).too_sure
