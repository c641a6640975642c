"""Small files by the kind of their outcome, the tricky ones among them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from data import _kinds as kinds, linear_regression, logistic_regression, robust_regression
from data._asked import asked
from data._how import Reading
from data._kinds import far_off, kind_of
from data._misfit import own_kind
from data._suited import SUITED
from data._table import DataError
from tests.data.test_own_files import refused, write
from tests.test_layers import CASES, ROOT

RNG = np.random.default_rng(15)
X = RNG.normal(size=60).round(3)
POISSON, AGES = RNG.poisson(1.5, 60), RNG.integers(0, 91, 60)


def table(cells: Sequence[object], name: str = "y", x: Sequence[object] = tuple(X)) -> str:
    """Return a file of 60 rows with x and a column whose cells come again from the first."""
    rows = [f"{x[i]},{cells[i % len(cells)]}" for i in range(60)]
    return "\n".join([f"x,{name}", *rows]) + "\n"


KINDS: dict[str, tuple[str, str]] = {
    "0 and 1": (table([0, 1, 1]), kinds.TWO),
    "yes and no": (table(["yes", "no", "no"]), kinds.TWO),
    "yes in two spellings": (table(["Yes", "yes", "no", "NO"]), kinds.TWO),
    "two words": (table(["ill", "well", "well"]), kinds.TWO),
    "1 and 2": (table([1, 2, 2]), kinds.TWO),
    "two with a gap": (table([0, 1, ""]), kinds.TWO),
    "small counts": (table(POISSON.tolist()), kinds.COUNT),
    "many noughts and a few large": (table([0, 0, 7, 50, 9, 0, 120, 12, 20, 8]), kinds.COUNT),
    "large, called a count": (table((1000 + AGES).tolist(), "visits"), kinds.COUNT),
    "children, one to six": (table([1, 2, 3, 4, 6, 2], "n_children"), kinds.COUNT),
    "ratings": (table([1, 2, 3, 4, 5]), kinds.ORDERED),
    "ratings to ten": (table([*range(1, 11)]), kinds.ORDERED),
    "ratings from 0": (table([0, 1, 2, 3, 4], "rating"), kinds.ORDERED),
    "wine": (table([3, 5, 6, 7, 8, 4], "quality"), kinds.ORDERED),
    "around nought": (table([-2, -1, 0, 1, 2]), kinds.ORDERED),
    "likert": (table(["disagree", "neutral", "agree", "strongly agree"]), kinds.ORDERED),
    "low to high": (table(["high", "low", "medium"]), kinds.ORDERED),
    "shares": (table([0.1, 0.25, 0.6, 0.05]), kinds.SHARE),
    "shares with edges": (table([0, 0.25, 1, 0.05]), kinds.SHARE),
    "with signs": (table(["10%", "25%", "60%"]), kinds.SHARE),
    "per cents": (table([10, 25.5, 60, 99], "pct_food"), kinds.PERCENT),
    "growth": (table([1.5, 2.5, 3, 4], "growth_pct"), kinds.REAL),
    "scores": (table([55.5, 61, 70, 48, 83]), kinds.REAL),
    "ages": (table([*AGES.tolist(), 0], "age"), kinds.REAL),
    "ages without a name": (table(AGES.tolist()), kinds.REAL),
    "ages of children": (table([*range(11)], "age_years"), kinds.REAL),
    "large counts": (table(RNG.poisson(150, 60).tolist()), kinds.REAL),
    "prices": (table((100 * RNG.integers(3000, 5000, 60)).tolist(), "price"), kinds.REAL),
    "incomes": (table(np.exp(RNG.normal(10, 1, 60)).round(2).tolist()), kinds.SKEWED),
    "temperatures": (table([-3, 0, 4, 12, 20, 25], "temp"), kinds.REAL),
    "ids": (table([*range(1001, 1061)], "id"), kinds.NAMES),
    "numbers of rows": (table([*range(1, 61)], "v1"), kinds.NAMES),
    "postcodes": (table(["01067", "10115", "80331"]), kinds.NAMES),
    "names": (table([f"u{i}a" for i in range(60)]), kinds.NAMES),
    "years": (table([*range(1950, 2010)], "year"), kinds.TIME),
    "days": (table([f"2024-01-{d:02d}" for d in range(1, 31)]), kinds.TIME),
    "towns": (table(["Rome", "Oslo", "Bern"]), kinds.CLASSES),
}


@pytest.mark.parametrize("case", KINDS)
def test_a_file_is_of_the_kind_of_its_outcome(case: str, tmp_path: Path) -> None:
    text, kind = KINDS[case]
    found = asked(write(tmp_path, text))
    assert found.kind is not None
    assert found.kind.name == kind, found.kind


def test_every_kind_that_has_a_case_has_a_file_here() -> None:
    assert {*SUITED} <= {kind for _, kind in KINDS.values()}


BAD = {
    "all missing": ("x,y\n1,\n2,NA\n4,\n", "the outcome 'y' has no value in any row"),
    "constant": ("x,y\n1,3\n2,3\n4,3\n", "the outcome 'y' has one value, '3'"),
    "one column of numbers": ("y\n1.5\n2\n4\n", "there is one column, 'y'; a regression needs two"),
    "a spreadsheet's error": (table([1.5, "#DIV/0!", 3, 4]), "is an error of a spreadsheet"),
    "no rows": ("x,y\n", "there is a header line and no rows"),
    "empty": ("", "the file is empty"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_used_is_refused(case: str, tmp_path: Path) -> None:
    text, said = BAD[case]
    assert said in refused(asked, write(tmp_path, text))


@pytest.mark.parametrize(
    "text", [BAD[k][0] for k in ("all missing", "one column of numbers", "empty")]
)
def test_what_cannot_be_read_is_told_as_the_cases_tell_it(text: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    assert refused(asked, path) == refused(linear_regression.load, path)


def test_an_outcome_that_is_not_there_is_told_as_the_cases_tell_it(tmp_path: Path) -> None:
    path, reading = write(tmp_path, table([1, 2, 4])), Reading(outcome="z")
    said = refused(asked, path, reading)
    assert said == refused(linear_regression.load, path, reading=reading)


CELLS = st.lists(
    st.one_of(
        st.integers(-3, 12).map(str),
        st.floats(0, 1).map(lambda x: f"{x:.3g}"),
        st.sampled_from(["", "NA", "yes", "no", "1,5", "12%", "$3", "2024-01-02", "low", "high"]),
        st.text(st.characters(codec="utf-8", exclude_characters='",;\t\r\n|\0'), max_size=4),
    ),
    min_size=1,
    max_size=14,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(CELLS)
def test_any_file_has_a_kind_or_is_refused(tmp_path: Path, cells: list[str]) -> None:
    path = write(
        tmp_path, "x,z,y\n" + "".join(f"{i * i},b{i % 2},{c}\n" for i, c in enumerate(cells))
    )
    try:
        found = asked(path)
    except DataError:  # anything else would be a bug
        return
    assert found.kind is not None or found.layouts
    assert found.kind is None or found.kind.seen


@settings(max_examples=150, deadline=None)
@given(st.lists(st.floats(-1e100, 1e100), min_size=2, max_size=20))
def test_any_numbers_have_one_kind_whatever_their_order(values: list[float]) -> None:
    column = pd.Series(values, name="y")
    if column.nunique() > 1:
        found = kind_of(column)
        assert kind_of(column[::-1]).name == found.name
        assert found.rough == kind_of(column[::-1]).rough


def test_far_off() -> None:
    assert far_off(pd.Series([1.0, 2, 3, 4, 5, 100])) == 1
    assert far_off(pd.Series([1.0, 1, 1, 5])) == 0


ROUGH = {name for name, (_, kind) in KINDS.items() if kind in {kinds.COUNT, kinds.SHARE}}
ROUGH |= {"0 and 1", "1 and 2", "ratings", "ratings from 0", "wine", "around nought"}
ROUGH -= {"large, called a count"}  # which Gaussian noise may have made
TEXTS = {
    "yes and no",
    "yes in two spellings",
    "two words",
    "likert",
    "low to high",
    "names",
    "towns",
}


@pytest.mark.parametrize("case", sorted(KINDS.keys() - TEXTS - {"two with a gap"}))
def test_gaussian_noise_is_warned_of_where_it_plainly_did_not_make_the_outcome(
    case: str, tmp_path: Path
) -> None:
    path = write(tmp_path, KINDS[case][0])
    kind = own_kind(linear_regression.load(path))
    assert kind is not None
    assert kind.rough == (case in ROUGH), kind


@pytest.mark.parametrize("case", [case for case in CASES if case.endswith("_regression")])
def test_what_ships_with_cases_of_gaussian_noise_is_of_no_other_kind(case: str) -> None:
    if case not in {"linear_regression", "robust_regression"}:
        pytest.skip("it has a kind of its own")
    kind = own_kind(linear_regression.load(ROOT / f"data/{case}.csv"))
    assert kind is not None
    assert not kind.rough


def test_a_computed_outcome_is_of_no_kind_but_two_values(tmp_path: Path) -> None:
    path = write(tmp_path, table([0.1, 0.25, 0.6, 0.05]))
    for formula in ("log(y / (1 - y)) ~ x", "log(y) ~ x", "I(y / 2) ~ x"):
        assert own_kind(linear_regression.load(path, formula)) is None
    kind = own_kind(linear_regression.load(path, "I(y > .2) ~ x"))
    assert kind is not None
    assert kind.name == kinds.TWO


def test_heavy_tails_are_refused_for_two_values(tmp_path: Path) -> None:
    path = write(tmp_path, table([0, 0, 0, 1]))
    said = refused(robust_regression.load, path)
    assert "the outcome 'y' has two values, 0 and 1" in said
    assert "casebook run logistic_regression --data" in said
    logistic_regression.load(path)
