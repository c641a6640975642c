"""What is known of differences, on a page: the prior, the table of what shrinks, the warning."""

from dataclasses import replace

import pandas as pd
import pytest

from reports.page.page import Report
from reports.rates import effects
from tests.reports.rates.test_experiment import difference
from workflow.deciding.decision import UNDECIDED
from workflow.rates.alike import ANY, MODEST, Known, known_by_effects

# Two arms of a small test: B is ahead by 2.5 points, which luck alone may do.
SMALL = pd.DataFrame({"arm": ["A", "B"], "visitors": [600, 600], "conversions": [54, 69]})
FOUND = known_by_effects(SMALL, 1, 4)
EFFECT = replace(difference(0.27), sd=0.19)


def warned(decision: str | None, limit: float = 0.002, effect: float = 0.27) -> list[str]:
    report = Report.__new__(Report)
    report.warnings = []
    of_effect = replace(EFFECT, median=effect)
    effects.warn(report, FOUND[ANY], FOUND[MODEST], of_effect, "B", decision, limit)
    return [warning.text for warning in report.warnings]


def test_a_choice_that_modest_effects_would_halve_is_warned_of() -> None:
    (said,) = warned("choose B")
    assert said == (
        "Few data: if the odds of arms mostly differ by less than 22% (--effect-sd 0.1), the "
        "difference of B to expect is +0.52 percentage points and not +2.48."
    )
    (undone,) = warned("choose B", limit=0.001)
    assert undone.endswith(f"and not +2.48, and the decision “{UNDECIDED}”.")


def test_nothing_chosen_or_an_effect_that_is_not_modest_is_not_warned_of() -> None:
    assert warned(UNDECIDED) == warned(None) == []
    assert warned("choose B", effect=0.9) == []


def test_the_table_says_what_part_of_the_estimate_is_left() -> None:
    (_, table) = effects.blocks(list(FOUND.values()), "B", 0.002)
    first, *others = table.rows  # type: ignore[union-attr]
    assert first == ("not known", "–", "+2.48", "1.00", "choose B")
    assert others[1] == ("0.1", "22%", "+0.52", "0.21", "choose B")
    assert [row[0] for row in others] == ["0.05", "0.1", "0.2", "0.5", "1"]
    equal = Known(ANY, pd.Series({"A": 0.1, "B": 0.1}), pd.Series({"A": 0.0, "B": 0.0}))
    assert effects.table([equal], "B", 0.1).rows[0][3] == "–"


@pytest.mark.parametrize(("effect_sd", "words"), [(None, "knows nothing"), (0.1, "than 22%, and")])
def test_the_prior_says_what_it_knows_of_differences(effect_sd: float | None, words: str) -> None:
    said = " ".join(map(str, effects.prior_words(0.14, effect_sd)))
    assert words in said
    assert "half of them exceed 14 percentage points (exact)" in said
