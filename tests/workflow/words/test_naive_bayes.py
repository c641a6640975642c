"""Naive Bayes with the rates integrated out, words that come together, held-out messages."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats
from scipy.special import expit

from data.spam_words import read
from workflow.checking.diagnostics import Status
from workflow.scoring.calibration import log_loss
from workflow.words.held_out import FLAT, OWN, PLUG_IN, evaluate, mistakes
from workflow.words.naive_bayes import (
    HeldOut,
    averaged,
    decide,
    exact_decision,
    forecasts,
    held_out,
    plug_in_rates,
    posterior_means,
    predictive,
    prob_spam,
)
from workflow.words.word_numbers import numbers_check, poisson_binomial, together

RNG = np.random.default_rng(5)
ALPHA, BETA = 0.5, 5.5
SHIPPED = read()
WORDS = SHIPPED.words
SHARE = 473 / 3879
assert SHIPPED.held_out is not None
MESSAGES = held_out(SHIPPED.held_out, list(WORDS["word"]))


def rates(words: pd.DataFrame = WORDS, *, draws: int = 1000) -> xr.DataArray:
    """Return independent draws of the posterior."""
    having = words[["spam_with", "ham_with"]].to_numpy()
    total = words[["spam_total", "ham_total"]].to_numpy()
    values = RNG.beta(ALPHA + having, BETA + total - having, (4, draws, *having.shape))
    coords = {"word": list(words["word"]), "label": ["spam", "ham"]}
    return xr.DataArray(values, dims=("chain", "draw", "word", "label"), coords=coords)


def present(*words: str) -> np.ndarray:
    return WORDS["word"].isin(words).to_numpy()


@pytest.mark.parametrize(
    "words", [("he", "urgent", "call"), (), ("claim", "prize"), ("claim", "he")], ids=" ".join
)
def test_integrated_is_bayes_with_posterior_means(words: tuple[str, ...]) -> None:
    found = predictive(rates(draws=4000), present(*words), SHARE)
    exact = float(prob_spam(posterior_means(WORDS, ALPHA, BETA), present(*words), SHARE)[0])
    assert abs(found.value - exact) < 4 * found.mcse
    assert 0 < found.mcse < 0.02


def test_monte_carlo_error_is_that_of_repetitions() -> None:
    """Its size against the scatter over 60 repetitions, whose sd is known to a tenth."""
    words = present("he", "urgent", "call")
    found = [predictive(rates(draws=250), words, SHARE) for _ in range(60)]
    scatter = np.std([one.value for one in found], ddof=1)
    assert np.mean([one.mcse for one in found]) == pytest.approx(scatter, rel=0.4)


def test_mean_over_the_posterior_is_another_number() -> None:
    draws, words = rates(draws=4000), present("he", "urgent", "call")
    there = xr.DataArray(words, dims="word")
    log_p = xr.where(there, np.log(draws), np.log1p(-draws)).sum("word")
    log_odds = np.log(SHARE / (1 - SHARE)) + log_p.sel(label="spam") - log_p.sel(label="ham")
    mean_of = averaged(log_odds)
    assert mean_of.value == pytest.approx(float(expit(log_odds).mean()))
    assert mean_of.value < predictive(draws, words, SHARE).value - 10 * mean_of.mcse


def test_decision_and_what_cannot_be_told_from_it() -> None:
    draws, words = rates(), present("call", "urgent", "me")
    p = predictive(draws, words, SHARE)
    assert decide(draws, words, SHARE, p.value - 9 * p.mcse) == ("quarantine",)
    assert decide(draws, words, SHARE, p.value + 9 * p.mcse) == ("deliver",)
    assert decide(draws, words, SHARE, p.value + p.mcse) == ("deliver", "quarantine")
    assert decide(draws, words, SHARE, p.value) == ("quarantine", "deliver")
    assert decide(draws, words, SHARE, p.value + 3 * p.mcse, errors=4) == ("deliver", "quarantine")


def test_plug_in_has_certainties_and_no_answer_to_a_contradiction() -> None:
    plugged = plug_in_rates(WORDS)
    found = prob_spam(
        plugged, np.array([present("he"), present("claim"), present("he", "claim")]), SHARE
    )
    assert found[:2].tolist() == [0, 1]
    assert math.isnan(found[2])
    honest = prob_spam(posterior_means(WORDS, ALPHA, BETA), present("he", "claim"), SHARE)
    assert 0 < honest[0] < 1


def test_finite_odds_are_no_certainty() -> None:
    many = np.tile([[0.999, 1e-6]], (50, 1))
    assert 1 - 1e-15 < prob_spam(many, np.ones(50), 0.5)[0] < 1
    assert 0 < prob_spam(many[:, ::-1], np.ones(50), 0.5)[0] < 1e-15


def test_held_out_messages_have_their_words_and_counts() -> None:
    table = pd.DataFrame({"words": ["", "b a", "c"], "spam": [0, 2, 1], "ham": [5, 1, 0]})
    found = held_out(table, ["a", "b", "c"])
    rows = zip(found.y, found.present.astype(int).tolist(), found.weights, strict=True)
    assert sorted((int(y), word, int(n)) for y, word, n in rows) == [
        (0, [0, 0, 0], 5),
        (0, [1, 1, 0], 1),
        (1, [0, 0, 1], 1),
        (1, [1, 1, 0], 2),
    ]
    assert MESSAGES.weights.sum() == 1292
    assert MESSAGES.y @ MESSAGES.weights == 180


def test_what_has_no_answer_gets_the_share_of_spam() -> None:
    messages = HeldOut(
        np.array([present("he", "claim"), present("he")]), np.array([1, 0]), np.array([3, 2])
    )
    said, unanswered = forecasts(messages, {PLUG_IN: plug_in_rates(WORDS)}, 0.25)
    assert said[PLUG_IN].tolist() == [0.25, 0]
    assert unanswered == {PLUG_IN: 3}


def test_number_of_independent_events() -> None:
    """Equal rates give the binomial; unequal ones, the sum over all outcomes."""
    assert poisson_binomial(np.full((2, 6), 0.3))[1] == pytest.approx(
        stats.binom(6, 0.3).pmf(range(7))
    )
    p = np.array([0.1, 0.5, 0.8])
    by_hand = np.zeros(4)
    for outcome in itertools.product((0, 1), repeat=3):
        by_hand[sum(outcome)] += np.where(outcome, p, 1 - p).prod()
    assert poisson_binomial(p) == pytest.approx(by_hand)


def simulated(n: int, *, tied: bool) -> HeldOut:
    """Return messages of either class; `tied` words of a class always come as one."""
    rate = posterior_means(WORDS, ALPHA, BETA)
    spam, ham = (RNG.random((n, len(rate))) < rate[:, i] for i in (0, 1))
    if tied:
        ham[:, 1:8] = ham[:, [0]]
    return HeldOut(np.concatenate([spam, ham]), np.repeat([1, 0], n), np.ones(2 * n, dtype=int))


def test_number_of_words_of_independent_and_of_tied_words() -> None:
    fine = numbers_check(rates(), simulated(500, tied=False), seed=1)
    assert [check.result for check in fine] == [Status.PASS] * 4
    bad = {c.statistic: c for c in numbers_check(rates(), simulated(500, tied=True), seed=1)}
    assert bad["words in a spam message, sd"].result is Status.PASS
    check = bad["words in a ham message, sd"]
    assert check.result is Status.WARN
    assert check.observed > check.upper


def test_number_of_words_of_the_shipped_messages() -> None:
    """The observed moments by hand; ham has words that come together, spam has not clearly."""
    found = {c.statistic: c for c in numbers_check(rates(), MESSAGES, seed=1)}
    number = np.repeat(MESSAGES.present.sum(axis=1), MESSAGES.weights)
    y = np.repeat(MESSAGES.y, MESSAGES.weights)
    for label, is_spam in {"spam": 1, "ham": 0}.items():
        seen = number[y == is_spam]
        assert found[f"words in a {label} message, mean"].observed == pytest.approx(seen.mean())
        assert found[f"words in a {label} message, sd"].observed == pytest.approx(seen.std(ddof=1))
    assert found["words in a ham message, sd"].result is Status.WARN
    assert found["words in a spam message, sd"].result is Status.PASS


def test_a_class_with_one_message_has_no_row() -> None:
    messages = HeldOut(np.array([present("he"), present()]), np.array([1, 0]), np.array([1, 4]))
    names = [check.statistic for check in numbers_check(rates(), messages, seed=1)]
    assert names == ["words in a ham message, mean", "words in a ham message, sd"]


def test_pairs_that_come_together() -> None:
    first, *_ = together(MESSAGES, list(WORDS["word"]), 5)
    assert (first.label, first.words, first.together) == ("ham", ("lt", "gt"), 49)
    ham = MESSAGES.y == 0
    one = [
        MESSAGES.weights[ham] @ MESSAGES.present[ham][:, WORDS["word"] == w] for w in ("lt", "gt")
    ]
    assert first.expected == pytest.approx(float(one[0][0] * one[1][0]) / 1112)
    independent = HeldOut(
        np.array([[1, 1], [1, 0], [0, 1], [0, 0]], dtype=bool),
        np.zeros(4, dtype=int),
        np.full(4, 7),
    )
    (pair,) = together(independent, ["a", "b"], 5)
    assert (pair.together, pair.expected) == (7, 7)


def evaluation(words: pd.DataFrame = WORDS, messages: HeldOut = MESSAGES, **prior: float):  # type: ignore[no-untyped-def]
    prior = {"alpha": ALPHA, "beta": BETA} | prior
    return evaluate(words, messages, share=SHARE, threshold=0.95, seed=1, **prior)


def test_shipped_messages_are_scored() -> None:
    found = evaluation()
    said = prob_spam(posterior_means(WORDS, ALPHA, BETA), MESSAGES.present, SHARE)
    assert found.own.log_loss.value == pytest.approx(log_loss(MESSAGES.y, said, MESSAGES.weights))
    assert next(iter(found.scored)) == OWN
    assert {FLAT, PLUG_IN} <= found.scored.keys()
    parts = found.own.parts
    total = parts.miscalibration - parts.discrimination + parts.uncertainty
    assert total == pytest.approx(found.own.brier.value)
    assert "strength 200" in found.clearly(1)
    assert sum(band.cases for band in found.bands) == 1292
    assert (found.mistakes.spam, found.mistakes.ham) == (180, 1112)
    assert found.unanswered == 0
    plugged = prob_spam(plug_in_rates(WORDS), MESSAGES.present, SHARE)
    assert found.certain == tuple(MESSAGES.weights[plugged == p].sum() for p in (0, 1))


def test_one_wrong_certainty_costs_the_plug_in_everything() -> None:
    one = HeldOut(np.array([present("he")]), np.array([1]), np.array([1]))
    both = HeldOut(
        *(
            np.concatenate(pair)
            for pair in zip(vars(MESSAGES).values(), vars(one).values(), strict=True)
        )
    )
    found = evaluation(messages=both)
    assert found.scored[PLUG_IN].log_loss.value == math.inf
    assert math.isfinite(found.own.log_loss.value)


def test_mistakes_by_hand() -> None:
    messages = HeldOut(np.zeros((4, 1)), np.array([1, 1, 0, 0]), np.array([3, 4, 5, 6]))
    found = mistakes(messages, np.array([0.99, 0.5, 0.95, 0.1]), 0.95)
    assert vars(found) == {"ham": 11, "lost": 5, "spam": 7, "passed": 4}


def test_copies_of_a_word_make_it_too_sure() -> None:
    """Five copies of every word are taken for five pieces of evidence: the slope is near 1/5."""
    words = pd.concat([WORDS.assign(word=WORDS["word"] + c) for c in "abcde"], ignore_index=True)
    copies = replace(MESSAGES, present=np.tile(MESSAGES.present, (1, 5)))
    found = evaluation(words, copies)
    slope = found.own.line
    assert slope.slope < 1 - 4 * slope.slope_error
    assert found.own.log_loss.value > found.honest.value + 4 * found.honest.error
    assert any(band.observed > band.high for band in found.bands if band.upper <= 0.1)


def test_the_exact_decision_is_that_of_the_exact_probability() -> None:
    """On either side of the threshold, under a prior given by its mean and strength."""
    present, share = np.zeros(len(WORDS), dtype=bool), 0.4
    rates = posterior_means(WORDS, 0.1 * 20, 0.9 * 20)
    p = float(prob_spam(rates, present, share)[0])
    prior = {"prior_mean": 0.1, "prior_strength": 20}
    for threshold, decision in ((p - 1e-6, "quarantine"), (p + 1e-6, "deliver")):
        assert exact_decision(WORDS, present, share, threshold, **prior) == decision
