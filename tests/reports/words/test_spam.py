"""Texts and tables of the case spam_words say what their numbers say."""

import math
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reports.blocks.blocks import Table
from reports.scoring import honesty
from reports.words import held_out, message, spam, together
from tests.reports.regression.test_costs import report
from workflow.checking.checks import StatisticCheck
from workflow.checking.diagnostics import Status
from workflow.quantities import Quantity, Scalar
from workflow.scoring.by_chance import Chance
from workflow.scoring.calibration import Mean
from workflow.scoring.scored import Band
from workflow.words.held_out import PLUG_IN, Evaluation, evaluate
from workflow.words.naive_bayes import HeldOut
from workflow.words.word_numbers import Pair

WORDS = pd.DataFrame(
    {
        "word": ["free", "he", "to"],
        "spam_with": [30, 0, 50],
        "spam_total": 100,
        "ham_with": [0, 90, 200],
        "ham_total": 900,
    }
)
RNG = np.random.default_rng(4)


def quantity(median: float, low: float, high: float, error: float = 0.01) -> Quantity:
    return Quantity(
        *(median, median, 1, error, low, high, "95%", error, 1, 4000, 4000, error, error, error)
    )


def evaluation(*, contradiction: bool = False) -> Evaluation:
    rates = np.array([[0.3, 0.001], [0.001, 0.1], [0.5, 0.22]])
    present = np.concatenate([RNG.random((200, 3)) < rates[:, i] for i in (0, 1)])
    y = np.repeat([1, 0], 200)
    if contradiction:
        present[0] = (False, True, False)
    messages = HeldOut(present, y, np.ones(400, dtype=int))
    prior = {"alpha": 0.5, "beta": 5.5}
    return evaluate(WORDS, messages, share=0.5, threshold=0.95, seed=1, **prior)


def test_words_never_seen_are_named() -> None:
    said = spam.never_seen(WORDS)
    assert "never in spam: he" in said
    assert "never in ham: free" in said
    assert "Every word was seen in both" in spam.never_seen(WORDS.tail(1))


def test_counts_show_small_shares() -> None:
    table = spam.counts(WORDS.assign(ham_with=[1, 90, 200]))
    assert table.rows[0] == ("free", "30", "30%", "1", "0.11%")
    assert "of 900 ham" in table.columns


def test_ratios_speak_for_the_class_that_has_the_word_more() -> None:
    found = {
        "log_rate_ratio[free]": quantity(math.log(20), math.log(10), math.log(41)),
        "log_rate_ratio[he]": quantity(math.log(0.01), math.log(1e-5), math.log(0.1), error=0.2),
    }
    more = {"prob_more_in_spam[free]": Scalar(1, 1e-4), "prob_more_in_spam[he]": Scalar(0.0, 1e-4)}
    rows = spam.ratios(found, more, ["free", "he"]).rows
    assert rows[0] == ("free", "spam", "20", "10 to 41", "> 0.999")
    assert rows[1] == ("he", "ham", "100", "10 to 100,000", "< 0.001")


def test_sides_that_are_not_settled_are_named() -> None:
    more = {"m[a]": Scalar(0.99, 0.001), "m[b]": Scalar(0.5, 0.01), "m[c]": Scalar(0.01, 0.001)}
    said = spam.in_words(more)
    assert "1 of the 3 words are more frequent in spam and 1 in ham" in said
    assert "which side b is on is not settled" in said
    assert "not settled" not in spam.in_words({"m[a]": more["m[a]"]})


@pytest.mark.parametrize(
    ("plugged", "said"),
    [(0.0, "0 exactly"), (1.0, "1 exactly"), (math.nan, "no answer: 0/0"), (0.25, "0.2500")],
)
def test_three_ways(plugged: float, said: str) -> None:
    table = message.three_ways(Scalar(0.983, 5e-4), Scalar(0.85, 0.007), plugged)
    assert [row[1] for row in table.rows] == ["0.983", "0.85", said]


def test_a_difference_of_averages_is_explained_where_there_is_one() -> None:
    assert "evidence against" in message.difference(Scalar(0.98, 0), Scalar(0.85, 0))
    assert "evidence against" not in message.difference(Scalar(0.98, 0), Scalar(0.979, 0))


def test_answer() -> None:
    p = Scalar(0.983, 5e-4)
    said = message.answer("quarantine", "Urgent  <b>\n he", p, 0.95, {"urgent": 5.0, "he": -4.0})
    assert said == (
        "Quarantine “Urgent <b> he”: it is spam with probability 0.983 by the words it has and "
        "lacks, which reaches the threshold of 0.95. Of its words, “urgent” speaks most for spam, "
        "“he” most for ham."
    )
    none = message.answer("deliver", "x" * 500, Scalar(0.02, 1e-3), 0.95, {})
    assert none.startswith("Deliver “xxx")
    assert "is below the threshold" in none
    assert none.endswith("It has none of the words that were counted.")
    assert len(none) < 400
    ham = message.answer("deliver", "he", Scalar(0.02, 1e-3), 0.95, {"he": -4.0})
    assert ham.endswith("Of its words, “he” speaks most for ham.")


def test_pairs_and_bands() -> None:
    table = together.independence([], [Pair("ham", ("lt", "gt"), 49, 2.338)])[0]
    assert isinstance(table, Table)
    assert table.rows == (("lt + gt", "ham", "49", "2.3"),)
    found = [Band(0, 0.001, 167, 0.04, 0, 1, 1), Band(0.999, 1, 62, 61.99, 62, 62, 60)]
    rows = honesty.bands("c", found, event="spam", cases="messages").rows
    assert rows[0] == ("0 to 0.001", "167", "0.04", "0 to 1", "1")
    assert rows[1][-1] == "60 (outside)"


def test_plug_in_says_when_a_certainty_was_wrong() -> None:
    fine, wrong = evaluation(), evaluation(contradiction=True)
    assert "None of these certainties was wrong" in held_out.plug_in(fine)
    assert math.isinf(wrong.scored[PLUG_IN].log_loss.value)
    assert "its log loss is infinite" in held_out.plug_in(wrong)
    assert f"{fine.certain[0]:,} messages certainly ham" in held_out.plug_in(fine)


def test_verdict_follows_the_numbers() -> None:
    own = evaluation().own
    fine = replace(own, line=replace(own.line, slope=1.02, slope_error=0.05))
    loss = own.log_loss.value
    assert "not clearly above 1" in honesty.verdict(fine, Mean(loss, 0.01))
    sure = replace(own, line=replace(own.line, slope=0.5, slope_error=0.05))
    assert "clearly below 1 (too sure)" in honesty.verdict(sure, Mean(loss, 0.01))
    assert "10.0 sd above" in honesty.verdict(fine, Mean(loss - 0.1, 0.01))
    none = replace(own, line=replace(own.line, slope=math.nan))
    assert "slope" not in honesty.verdict(none, Mean(loss, 0.0))


def test_another_mix_of_classes_is_not_over_confidence(tmp_path: Path) -> None:
    """One warning at most: too sure, else more spam or less than was said."""
    found, page = evaluation(), report(tmp_path)
    fine = Chance(1292, 400, surer=200, more=100, less=300)
    for off, said in (
        ({}, []),
        ({"more": 0}, ["more"]),
        ({"less": 0}, ["less"]),
        ({"surer": 0, "more": 0}, ["too sure"]),
    ):
        page.warnings.clear()
        held_out.warn(page, replace(found, chance=replace(fine, **off)))
        assert [word in page.warnings[0].text for word in said] == [True] * len(page.warnings)


def test_chance_is_told_with_its_numbers() -> None:
    said = held_out.chance(Chance(1292, 400, surer=113, more=27, less=373))
    assert "400 sets of 1,292 messages" in said
    assert "113 of them look at least as much too sure" in said
    assert "in 27 spam" in said
    assert "in 373 as much less" in said


def test_mistakes_are_those_where_the_filter_is_used() -> None:
    """With spam twice as likely beforehand no fewer messages are quarantined."""
    words = RNG.random((300, 3)) < 0.3
    messages = HeldOut(words, np.repeat([1, 0], 150), np.ones(300, dtype=int))
    score = partial(
        evaluate, WORDS, messages, alpha=0.5, beta=5.5, share=0.2, threshold=0.8, seed=1
    )
    here, there = score(), score(share_where_used=0.9)
    assert there.mistakes.passed < here.mistakes.passed
    assert there.own == here.own


def test_numbers_of_words_are_told_by_what_is_off(tmp_path: Path) -> None:
    def check(statistic: str, observed: float, result: Status) -> StatisticCheck:
        return StatisticCheck(statistic, observed, 0.9, 1.0, 1.1, 0.0, 0.0, result)

    page = report(tmp_path)
    good = check("words in a ham message, sd", 1.0, Status.PASS)
    together.warn(page, [good])
    assert not page.warnings
    together.warn(page, [check("words in a ham message, mean", 1.3, Status.WARN)])
    together.warn(page, [check("words in a ham message, sd", 1.3, Status.WARN)])
    together.warn(page, [check("words in a ham message, sd", 0.7, Status.WARN)])
    told = [warned.text for warned in page.warnings]
    assert "more or fewer of these words" in told[0]
    assert "words come together" in told[1]
    assert "exclude one another" in told[2]


def test_evaluation_has_its_parts() -> None:
    found = held_out.evaluation(evaluation(), 0.95, 0.5, 0.5)
    kinds = [getattr(block, "kind", "text") for block in found]
    assert kinds == [*("text", "table", *["text"] * 4), "figure", "table", "text"]
