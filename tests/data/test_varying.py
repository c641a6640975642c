"""(1 | group) in a formula: which column it is, what a file's groups are, what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data._beside import Beside
from data._how import Reading
from data._notation import read
from data._regression import read_numeric
from data._table import DataError
from data._varying import MOST, formula_with
from data.logistic_regression import load as load_events
from tests.data.test_weighted import pair

SLEEP = Path(__file__).parents[1] / "own_data/sleepstudy.csv"


@pytest.mark.parametrize(
    ("formula", "text", "group"),
    [
        ("y ~ x + (1 | g)", "y ~ x", "g"),
        ("y ~ x+(1|g)+z", "y ~ x +z", "g"),
        ("y ~ (1 | g) + x", "y ~ x", "g"),
        ("y ~ x + (1 || g) - z", "y ~ x - z", "g"),
        ("y ~ x + (1 | `a | b`)", "y ~ x", "a | b"),
        ('y ~ x + (1 | Q("a b"))', "y ~ x", "a b"),
        ("y ~ `(1 | g)` + z", "y ~ `(1 | g)` + z", None),
        ("y ~ x", "y ~ x", None),
    ],
)
def test_the_group_is_taken_out_of_the_text(formula: str, text: str, group: str | None) -> None:
    found = read(formula, ())
    assert (found.text.replace("~  ", "~ ").split(), found.group) == (text.split(), group)


def test_groups_go_with_an_event_and_with_counts() -> None:
    assert read("y['a'] ~ x + (1 | g)", ()).event == "a"
    found = read("s | trials(n) ~ x + (1 | g)", ())
    assert found.binomial is not None
    assert found.group == "g"


def test_a_number_is_the_name_of_a_group_and_a_dot_is_not_about_it() -> None:
    found = read_numeric(SLEEP, "reaction ~ . + (1 | subject)")
    assert list(found.terms) == ["days"]
    assert found.groups is not None
    assert found.groups.of_row.loc[2] == "308"
    assert list(found.groups.of_row.index) == list(found.terms.index)
    assert found.groups.of_row.nunique() == 18
    assert "18 groups of 10 rows" in found.notes[-1]
    assert "subject" not in found.beside.groups  # the model has it; no more is to be looked for
    without = read_numeric(SLEEP, "reaction ~ days")
    assert without.groups is None
    assert "subject" in without.beside.groups


def test_the_formula_to_type_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"a b": rng.normal(size=60), "user id": np.repeat(range(12), 5)})
    table.assign(y=rng.normal(size=60))[["a b", "user id", "y"]].to_csv(path, index=False)
    beside = read_numeric(path, "y ~ `a b`").beside
    assert isinstance(beside, Beside)
    for formula in (None, "y ~ `a b`"):
        made = formula_with(formula, beside.outcome, beside.columns["user id"])
        found = read_numeric(path, made)
        assert found.groups is not None
        assert found.groups.column == "user id"
        assert list(found.terms) == ["a b"]


WRONG = {
    "reaction ~ days + (1 | subjet)": "did you mean 'subject'?",
    "reaction ~ days + (1 | each)": "another value in every row",
    "reaction ~ days + (1 | same)": "has one value, 'a'",
    "reaction ~ days + (1 | many)": f"at most {MOST} groups are fitted",
    "reaction ~ days + (1 | gaps)": "line 5: no value in 'gaps'",
}


@pytest.mark.parametrize("formula", WRONG)
def test_groups_that_cannot_be_are_refused(formula: str, tmp_path: Path) -> None:
    n = 2 * MOST + 2
    table = pd.DataFrame({"days": np.arange(n) % 7, "subject": np.arange(n) % 9})
    table = table.assign(each=range(n), same="a", many=np.arange(n) // 2, gaps="b")
    table.loc[:9, "gaps"] = "c"
    table.loc[3, "gaps"] = ""
    table["reaction"] = np.random.default_rng(2).normal(size=n)
    table.to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(DataError) as refused:
        read_numeric(tmp_path / "a.csv", formula)
    assert WRONG[formula] in str(refused.value)


def test_rows_without_a_group_are_left_out_when_asked(tmp_path: Path) -> None:
    table = pd.read_csv(SLEEP, dtype=str)
    table.loc[[0, 20], "subject"] = ["", "NA"]
    table.to_csv(tmp_path / "a.csv", index=False)
    found = read_numeric(tmp_path / "a.csv", "reaction ~ days + (1 | subject)", drop_missing=True)
    assert found.groups is not None
    assert list(found.groups.of_row) == list(table["subject"].drop([0, 20]))


def test_groups_of_lines_that_stand_for_several_rows(tmp_path: Path) -> None:
    table = pd.read_csv(SLEEP).head(60)
    table = table[["reaction", "days", "subject"]]
    times = np.random.default_rng(3).integers(0, 3, len(table))
    lines, rows = pair(tmp_path, table, times)
    formula = "reaction ~ days + (1 | subject)"
    one = read_numeric(lines, formula, reading=Reading(weights="n")).groups
    other = read_numeric(rows, formula).groups
    assert one is not None
    assert other is not None
    assert one.of_row.tolist() == other.of_row.tolist()


def test_trials_have_the_group_of_their_line(tmp_path: Path) -> None:
    text = "s,n,x,g\n1,3,.1,a\n2,2,.5,b\n0,1,.2,a\n1,2,.9,b\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    found = load_events(tmp_path / "a.csv", "s | trials(n) ~ x + (1 | g)")
    assert found.groups is not None
    assert found.groups.of_row.tolist() == [*"aaabbabb"]
    assert list(found.groups.of_row.index) == list(found.outcome.index)
