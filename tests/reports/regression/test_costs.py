"""Costs on a page: the sentence of each decision, its warnings, the figure's words."""

from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from reports.page.page import Report
from reports.regression import costs
from workflow.deciding.costs import Cost, Errors, Stakes, cost_curve

STAKES = Stakes(miss=49, false_alarm=1, prevalence=0.1, fitted=0.37)
WORDS = costs.Words("malignant", "refer")
FOUND = {
    "follow the model": Cost(0.4408, 0.1612, 3e-5),
    "refer everyone": Cost(0.9, 0, 0),
    "refer no one": Cost(4.9, 0, 0),
}
ERRORS = Errors(events=64, missed=4, others=107, false_alarms=16)


def report(tmp_path: Path) -> Report:
    data = tmp_path / "d.csv"
    data.write_text("x,y\n", encoding="utf-8")
    return Report("c", title="t", question="q", data=data, settings={"seed": 1, "quiet": True})


def test_the_sentence_says_option_threshold_costs_and_errors() -> None:
    said = costs.answer("follow the model", FOUND, ERRORS, STAKES, WORDS)
    assert said == (
        "Follow the model: refer whoever has P(malignant) of 2% or more (9.74% or more by the "
        "probabilities as fitted below). At a prevalence of 10% "
        "and with a miss as bad as 49 false alarms, this costs 0.44 ± 0.16 false alarms per "
        "person on 171 held-out rows; the others: refer everyone 0.9, refer no one 4.9 (± one "
        "standard error over rows). The model's errors there: 4 of 64 with the event missed, 16 "
        "false alarms among 107 others."
    )


@pytest.mark.parametrize("option", ["refer everyone", "refer no one"])
def test_the_sentence_when_the_model_does_not_pay(option: str) -> None:
    found = FOUND | {option: Cost(0.01, 0, 0)}
    said = costs.answer(option, found, ERRORS, Stakes(1, 1, 0.1, 0.37), WORDS)
    assert said.startswith(f"R{option[1:]}: following the model does not pay here.")
    assert "a miss as bad as a false alarm, this costs" in said
    assert "follow the model 0.44 ± 0.16" in said


def test_a_model_that_points_out_nobody_is_no_one(tmp_path: Path) -> None:
    """And that following it would not be dearer is no doubt about the decision."""
    nobody = Errors(events=20, missed=20, others=280, false_alarms=0)
    found = {
        "follow the model": Cost(0.0667, 0.003, 1e-4),
        "refer everyone": Cost(0.9, 0, 0),
        "refer no one": Cost(0.0667, 0, 0),
    }
    stakes = Stakes(1, 1, 0.0667, 0.0667)
    said = costs.answer("refer no one", found, nobody, stakes, WORDS)
    assert said.startswith("Refer no one: the model gives nobody here P(malignant) of 50% or more.")
    page = report(tmp_path)
    costs.warn_of_doubt(page, found, nobody, "refer no one", WORDS)
    assert page.warnings == []
    everybody = Errors(events=20, missed=0, others=280, false_alarms=280)
    both = {option: Cost(0.01, 0.001, 0) for option in list(found)[:2]}
    told = costs.answer("refer everyone", found | both, everybody, stakes, WORDS)
    assert told.startswith("Refer everyone: the model gives everybody here P(malignant) of 50%")


def test_costs_are_counted_in_false_alarms() -> None:
    """Ten times both prices: the same sentence."""
    dear = {o: Cost(10 * c.value, 10 * c.error, 10 * c.mcse) for o, c in FOUND.items()}
    stakes = Stakes(490, 10, 0.1, 0.37)
    same = costs.answer("follow the model", dear, ERRORS, stakes, WORDS)
    assert same == costs.answer("follow the model", FOUND, ERRORS, STAKES, WORDS)
    assert costs.table(dear, stakes) == costs.table(FOUND, STAKES)


def test_the_rule_names_both_thresholds() -> None:
    said = costs.rule(STAKES, WORDS)
    assert "1 / (1 + 49) = 2% or more" in said
    assert "exchanging the prior odds" in said
    assert "the threshold is 9.7%" in said  # 1/49 times (.37/.63) / (.1/.9), as a probability
    assert "exchanging" not in costs.rule(Stakes(49, 1, 0.37, 0.37), WORDS)


def test_close_and_few_are_warned_of(tmp_path: Path) -> None:
    one = report(tmp_path)
    costs.warn_of_doubt(one, FOUND, ERRORS, "follow the model", WORDS)
    assert one.warnings == []
    close = FOUND | {"refer everyone": Cost(0.7, 0, 0)}
    costs.warn_of_doubt(one, close, ERRORS, "follow the model", WORDS)
    said = costs.answer("follow the model", close, ERRORS, STAKES, WORDS)
    assert said.startswith(
        "These rows cannot tell yet: “follow the model” costs least on them, but"
    )
    assert "not cheaper than “refer everyone” by two standard errors" in one.warnings[0].text
    few = Errors(events=3, missed=0, others=50, false_alarms=1)
    costs.warn_of_doubt(one, FOUND, few, "follow the model", WORDS)
    assert "few (with the event 3, without 50)" in one.warnings[1].text
    tied = {"refer everyone": Cost(0.5, 0, 0), "refer no one": Cost(0.5, 0, 0)}
    costs.warn_of_doubt(one, tied, ERRORS, "refer everyone", WORDS)
    assert len(one.warnings) == 3
    # The model is the dearest of the three, but within its error: it has to be compared too.
    within = {
        "follow the model": Cost(0.52, 0.05, 0),
        "refer everyone": Cost(0.49, 0, 0),
        "refer no one": Cost(0.51, 0, 0),
    }
    costs.warn_of_doubt(one, within, ERRORS, "refer everyone", WORDS)
    assert "“follow the model” by two standard errors" in one.warnings[3].text


def test_costs_that_nobody_named_are_said() -> None:
    words = costs.Words("ill", "act on", usual=True)
    options = dict(zip(words.options, FOUND.values(), strict=True))
    said = costs.answer("follow the model", options, ERRORS, Stakes(1, 1, 0.1, 0.1), words)
    assert "with a miss as bad as a false alarm, as nobody said otherwise (--cost-miss), " in said


def test_figure_is_drawn_for_any_stakes() -> None:
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, 40)
    p = np.clip(rng.normal(0.3 + 0.4 * y, 0.2), 0.01, 0.99)
    for stakes in (STAKES, Stakes(1e6, 1e-6, 1e-6, 0.5), Stakes(1e-6, 1e6, 1 - 1e-6, 0.5)):
        figure = costs.by_prevalence("a", cost_curve(y, p, stakes, WORDS.options), stakes, "rows")
        ET.fromstring(str(figure.svg))
        assert "refer no one costs least at" in figure.alt
