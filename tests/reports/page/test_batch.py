"""The index of many data sets: what came out is counted, and no name is more than text."""

import csv
import io
from typing import Any

import pytest

from reports.blocks.text import NOT_PRINTABLE
from reports.page.batch import (
    COLUMNS,
    NOT_KNOWN,
    NOTHING,
    chance,
    counted,
    index,
    same_data,
    share,
    spreadsheet,
)
from tests.faults.names import ATTRIBUTES, ELEMENTS, HOSTILE, Elements

SHOWN = {"label": "B", "told": "+1 (0 to 2)", "column": "points (95%)", "mcse": 0.01}
SHOWN |= {"median": 1.0, "low": 0.0, "high": 2.0}


def row(**changes: Any) -> dict[str, Any]:
    """Return a row of a data set in which B was chosen, wrongly with probability .25."""
    return {
        "name": "x",
        "data": "x.csv",
        "sha256": changes.get("name", "x"),
        "code": 0,
        "seed": 1,
        "rows": 2,
        "status": "WARN",
        "decision": "choose B",
        "answer": "Choose B.",
        "reason": "",
        "warnings": 0,
        "shown": SHOWN,
        "wrong": 0.25,
        "wrong_mcse": 0.01,
        "page": "",
    } | changes


WITHHELD = {"code": 4, "status": "FAIL", "decision": None, "wrong": None, "shown": None}
REFUSED = {**WITHHELD, "code": 3, "status": "", "answer": "", "reason": "no arms"}
UNDECIDED = {"decision": "not decided yet", "wrong": None}


def test_every_data_set_is_counted_once() -> None:
    several = [row(), row(**UNDECIDED), row(**WITHHELD), row(**REFUSED), row(**REFUSED, name="y")]
    assert counted(several) == (
        "5 data sets: 2 answered, 1 of them by a choice, 1 withheld, 2 without a result."
    )
    assert counted([row(**UNDECIDED)]) == "1 data set: 1 answered."


def test_the_share_is_that_of_the_choices_that_stand() -> None:
    """One that is withheld, or not made, is none of them."""
    others = [
        row(**UNDECIDED),
        row(**{**WITHHELD, "wrong": 0.9, "wrong_mcse": 0.1}),
        row(**REFUSED),
    ]
    told = share([row(), row(wrong=0.05, wrong_mcse=0.01), *others])
    assert told.startswith("Of the 2 choices, 0.3 are expected to be wrong: 15.0% (Monte")
    assert "warnings of their own" not in told
    assert "1 of these choices come" in share([row(), row(warnings=2)])


def test_what_is_not_known_of_the_share_is_said() -> None:
    assert share([row(**UNDECIDED), row(**REFUSED)]) == NOTHING
    assert share([]) == NOTHING
    assert share([row(decision="refer", wrong=None)]) == NOT_KNOWN


@pytest.mark.parametrize(
    ("p", "said"), [(0.0, "<0.1%"), (0.0009, "<0.1%"), (0.001, "0.1%"), (0.0123, "1.2%")]
)
def test_a_chance_that_draws_cannot_tell_from_none_is_not_none(p: float, said: str) -> None:
    assert chance(p) == said
    assert f">{said.replace('<', '&lt;')}<" in index("ab_test", [], [row(wrong=p)])


def test_the_column_says_what_its_number_is_if_all_rows_say_the_same() -> None:
    assert "points (95%)</th>" in index("ab_test", [], [row(), row(**REFUSED)])
    other = row(shown=SHOWN | {"column": "lift"})
    assert "number</th>" in index("ab_test", [], [row(), other])


@pytest.mark.parametrize(
    ("sums", "said"), [(["a", "b", "", ""], ""), (["a", "a"], "1 data set is"), ("aaab", "2 data")]
)
def test_the_same_data_twice_are_told(sums: list[str], said: str) -> None:
    told = same_data([row(sha256=one) for one in sums])
    assert told.startswith(said)
    assert bool(told) == bool(said)


def test_a_spreadsheet_has_all_rows_and_no_formula() -> None:
    content = spreadsheet([row(name=name) for name in HOSTILE] + [row(**REFUSED)])
    found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert tuple(found[0]) == COLUMNS
    assert len(found) == len(HOSTILE) + 2
    assert {len(one) for one in found} == {len(COLUMNS)}
    assert not any(cell.lstrip()[:1] in "=+@" and cell for one in found[1:] for cell in one)
    assert found[-1][COLUMNS.index("median")] == ""


def test_hostile_names_stay_text() -> None:
    page = index("ab_test", ["casebook", HOSTILE[0]], [row(name=name) for name in HOSTILE])
    found = Elements(page)
    assert found.elements <= ELEMENTS
    assert found.attributes <= ATTRIBUTES | {"data-kind", "data-warnings"}
    assert found.addresses == {"data:,", "#main", "batch.csv"}
    assert page.count("<script") == 2  # ours, whose hashes the page's policy names
    assert not NOT_PRINTABLE.search(page)
    assert max(len(text) for tag, text in found.texts if tag == "th") < 200


def test_a_row_links_to_its_page_if_there_is_one() -> None:
    page = index("ab_test", [], [row(page="pages/x.html"), row(name="y")])
    assert page.count('<a href="pages/') == 1
    assert "at best WARN" in page
    assert "at best WARN" not in index("ab_test", [], [row(page="pages/x.html")])
