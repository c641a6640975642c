"""What is said of a level: probabilities near 0 and 1, a misfit of an account that is ruled out."""

import re

import numpy as np
import pytest

from reports.blocks.blocks import Table
from reports.series import beware, level, several
from tests.conftest import SEED
from workflow.deciding.decision import UNDECIDED
from workflow.series.accounts import DRIFTS, JUMPS, Prior, Series
from workflow.series.changed import FALLEN, RISEN, SAME, Rule

AT = np.arange(60)
NOISE = np.random.default_rng(SEED).normal(size=60)


def rule_of(y: np.ndarray) -> Rule:
    prior = Prior(noise=3.0, drift=3.0, start=0.0, start_sd=30.0, jump=3.0)
    return Rule(Series(y, AT, prior), 10.0, 0.95)


JUMPED = rule_of(NOISE - 10.0 * (AT >= 30))
DRIFTED = rule_of(NOISE + np.cumsum(np.random.default_rng(SEED + 1).normal(size=60)))


def test_a_jump_beyond_doubt_is_told_by_bounds() -> None:
    """Never as the probability 1.00, beside one of 0.00."""
    words = level.Words("flow", "year", [str(1950 + i) for i in AT], [], ["2010"])
    line, said = level.accounts(JUMPED, words), level.how(JUMPED, words)
    assert JUMPED.verdict.weights[1] > 0.999
    assert "jumped once with probability above 0.999, most probably from 1980 on" in line
    assert "it drifts with probability below 0.001, and stays with below 0.001." in line
    assert not re.search(r"1\.00|0\.00\b", line + said)


@pytest.mark.parametrize(
    ("p", "said"), [(1.0, "above 0.999"), (0.0, "below 0.001"), (0.5, "0.50"), (0.997, "0.9970")]
)
def test_a_probability_is_no_more_certain_than_it_is(p: float, said: str) -> None:
    assert level.chance(p) == said


def test_a_misfit_says_what_the_answer_rests_on() -> None:
    """Forecasts rest on a level that drifts where that has a part in them, and only there."""
    text, rests = beware.misfit(JUMPED)
    assert text.endswith("the probability of such a level is below 0.001 anyway")
    assert f"rest on other accounts, “{JUMPS}” before all" in rests
    assert DRIFTED.verdict.likeliest == DRIFTS
    text, rests = beware.misfit(DRIFTED)
    assert text.endswith("seen with noise")
    assert rests.startswith("Forecasts and their width then rest on a model that is wrong")


def table_of(decisions: list[str]) -> Table:
    rows = tuple((f"series {i}", one) for i, one in enumerate(decisions))
    return Table("Each series", ("series", "its level has"), rows, "How.")


def test_of_many_series_those_that_changed_are_shown_first() -> None:
    few = table_of([UNDECIDED, RISEN, SAME, UNDECIDED, FALLEN, SAME])
    assert several.shown(few) is few
    many = table_of([SAME, UNDECIDED, RISEN, SAME, UNDECIDED, FALLEN, SAME, RISEN])
    shown = several.shown(many)
    assert [row[0] for row in shown.rows] == [f"series {i}" for i in (5, 2, 7, 0, 3, 6)]
    assert shown.caption.startswith("6 of 8 series")
    assert len(many.rows) == 8
