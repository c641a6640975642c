"""What is said of the next trials: the answer, the reasons, where they lie outside."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from reports.functions import beware, trial_figures, trial_tables, trials as words
from reports.functions.told import Told
from workflow.functions.surrogate import Tried
from workflow.functions.thompson import Drawn
from workflow.functions.trials import STOP, TRY, Search, Seen, Trial
from workflow.quantities import Scalar

TABLE = pd.DataFrame({"water": [120.0, 150.0, 180.0, 170.0], "age": [1.0, 7.0, 28.0, 90.0]})
RESULTS = pd.Series([10.0, 20.0, 31.0, 25.0], index=[2, 3, 4, 5], name="strength")


def told(*, pool: str = "", sign: int = 1, functions: Sequence[Drawn] = ()) -> Told:
    """Return what a page would tell of two trials, of which the second lies outside."""
    tried = TABLE.set_axis(RESULTS.index)
    settings = pd.DataFrame({"water": [160.0, 210.0], "age": [28.0, 28.0]}, index=[7, 9])
    one = np.array([32.0, 24.0])
    errors = np.array([0.06, 0.06])
    seen = Seen(one, np.array([2.0, 9.0]), np.array([2.2, 1.5]), errors, one, one)
    mean = np.array([10.5, 20.0, 30.0, 25.5])
    of_tried = Seen(mean, mean, mean, mean, mean, mean)
    search = Search(
        Tried(tried.to_numpy(), RESULTS.to_numpy(), 21.5, 9.0, 0.0), settings.to_numpy(), 0.5, sign
    )
    better = Scalar(0.5, 0.01)
    trials = [
        Trial(0, Scalar(2.2, 0.06), 32.0, 2.0, better),
        Trial(1, Scalar(1.5, 0.06), 24.0, 9.0, better),
    ]
    return Told(tried, RESULTS, settings, pool, search, seen, of_tried, trials, functions)


def test_the_answer_names_the_settings_and_the_gain() -> None:
    said = words.answer(TRY, told(pool="pool.csv"))
    assert said.startswith("Try these 2 next of pool.csv: line 7 (water 160, age 28); then line 9.")
    assert "expected to raise the best of 4 (line 4, strength 30 without its noise) by 2.2" in said
    assert "0.5 is worth a trial" in said
    assert words.answer(TRY, told()).startswith("Try these 2 next: water 160, age 28; and 1 more.")
    said = words.answer(STOP, told(pool="pool.csv"))
    assert said.startswith("Stop: no setting of pool.csv is expected to raise")
    assert said.endswith("by 0.5 or more; the most is 2.2.")
    lower = words.answer(TRY, told(sign=-1))
    assert "expected to lower the best of 4 (line 2, strength 10.5" in lower
    assert "Try" not in words.answer(None, told())


def test_reasons_say_on_which_side_of_the_best_a_setting_is() -> None:
    up, down = told(), told(sign=-1)
    assert words.reason(up, up.trials[0]) == "better by 2, ± 2"
    assert words.reason(up, up.trials[1]) == "worse by 6, but ± 9"
    assert words.reason(down, down.trials[0]) == "worse by 22, but ± 2"


def test_a_setting_that_was_tried_is_told_as_such() -> None:
    found = told()
    settings = found.settings.copy()
    settings.iloc[1] = [180.0, 28.0]
    again = replace(found, settings=settings)
    assert words.reason(again, again.trials[0]) == "better by 2, ± 2"
    assert words.reason(again, again.trials[1]) == "tried in line 4; worse by 6, but ± 9"


def test_what_lies_outside_is_named() -> None:
    found = told()
    assert found.outside(found.trials[0]) == []
    assert found.outside(found.trials[1]) == ["water 210 (tried: 120 to 180)"]


@pytest.mark.parametrize("decision", [TRY, STOP, None])
def test_the_summary_has_nothing_to_try_unless_one_should(decision: str | None) -> None:
    top = words.top(told(), decision)
    assert top["stop"] == (decision == STOP)
    assert len(top["next"]) == (2 if decision == TRY else 0)  # type: ignore[arg-type]
    if decision == TRY:
        first = {"water": 160.0, "age": 28.0, "expected_improvement": 2.2, "mean": 32.0, "sd": 2.0}
        assert top["next"][0] == first  # type: ignore[index]


def test_tables_and_figures_say_the_same_as_the_answer() -> None:
    found = told()
    rows = trial_tables.options(found).rows
    assert rows[0] == ("1", "water 160, age 28", "32 ± 2", "2.2", "better by 2, ± 2")
    full = trial_tables.settings(found)
    assert full.rows[0] == ("water", "160", "210", "180", "120 to 180")
    drawn = trial_figures.why(found)
    assert "1 predicted at 32 ± 2; 2 predicted at 24 ± 9" in drawn.alt
    assert "best tried at 30" in drawn.alt


BOTH = np.array([0, 1])
FUNCTIONS = [
    Drawn(BOTH, np.array([31.0, 25.0]), np.array([33.5, 20.0]), 0, 33.5),
    Drawn(BOTH[1:], np.array([23.0]), np.array([38.4]), 1, 38.4),
]


def test_drawn_functions_are_told_with_their_best() -> None:
    found = told(functions=FUNCTIONS)
    said = words.answer(TRY, found)
    assert "Each is the best of a function drawn from what is known" in said
    assert "the most by which a setting is expected to raise the best of 4" in said
    assert "is 2.2" in said
    assert "Thompson sampling" in words.rule_in_words(found, stated=True)
    assert "fantasies" in words.rule_in_words(told(), stated=True)
    assert [row[-1] for row in trial_tables.options(found).rows] == [
        "best of a drawn function: 33.5",
        "best of a drawn function: 38.4",
    ]
    (drawn,) = trial_figures.functions(found)
    assert drawn.alt == (
        "Functions drawn at 2 settings; the best of each: 1 33.5 (predicted 32); 2 38.4 "
        "(predicted 24)."
    )
    assert trial_figures.functions(told()) == []


def test_where_searches_ended_is_a_row_a_kind() -> None:
    ends = {"at random": np.array([[5.0, 2.0], [4.0, 4.0]]), "averaged": np.zeros((2, 2))}
    table = trial_tables.searches({"mixes": ends, "Branin": ends})
    assert table.rows == (("at random", "3 ± 1", "3 ± 1"), ("averaged", "0 ± 0", "0 ± 0"))
    assert table.caption == "Short of the best after 1 trials more, 2 searches of each kind"


@pytest.mark.parametrize(("name", "sign"), [("cost_eur", 1), ("yield", -1)])
def test_a_result_that_may_be_better_the_other_way_is_warned_of(name: str, sign: int) -> None:
    heard: list[str] = []
    report = SimpleNamespace(warn=lambda text, advice: heard.append(f"{text} {advice}"))
    for turned in (1, -1):
        found = told(sign=sign * turned)
        one = replace(found, results=found.results.rename(name))
        beware.warn_of_side(report, one)  # type: ignore[arg-type]
    (said,) = heard
    taken, other = ("More", "less") if sign > 0 else ("Less", "more")
    assert said.startswith(f"{taken} {name} is taken to be better, and by its name {other} of it")
    assert "--minimise" in said
