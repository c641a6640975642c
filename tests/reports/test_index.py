"""The front page: what each case says of itself, and nothing of one that is damaged."""

import json
from pathlib import Path
from typing import Any

import pytest

from reports.html import ENVIRONMENT, ICONS
from reports.index import HOW, matrix, write_index
from reports.sealed import seal
from workflow.status import Status


def summary(case: str, **changes: Any) -> dict[str, Any]:
    """Return a summary with two checks of the sampler, predictive checks, one ADVI and a sweep."""
    method = {"verdict": "means only", "seconds": 4.4, "nuts_seconds": 12.6}
    return {
        "case": case,
        "title": f"Case {case}",
        "question": "Is it?",
        "answer": "It is.",
        "status": "PASS",
        "decision": "yes",
        "warnings": ["Careful."],
        "diagnostics": [
            {"check": "R-hat", "status": "PASS"},
            {"check": "divergences", "status": "WARN"},
        ],
        "predictive": {"prior": [{"result": "PASS"}], "posterior": [{"result": "cannot fail"}]},
        "advi": {"advi": method},
        "sensitivity": {"points": [1, 2, 3], "failed": 0, "decision_flips": False},
        "provenance": {"seconds": {"a": 1.0, "b": 2.0}},
    } | changes


def published(folder: Path, *found: dict[str, Any]) -> str:
    """Write sealed summaries and the index, and return the index."""
    for one in found:
        (folder / f"{one['case']}.html").write_text("<title>x · casebook</title>")
        files: dict[str, bytes | memoryview] = {
            f"{one['case']}.html": b"<title>x \xc2\xb7 casebook</title>"
        }
        (folder / f"{one['case']}.json").write_bytes(seal(one, files))
    return write_index(folder, ENVIRONMENT, ICONS).read_text(encoding="utf-8")


def test_matrix_has_every_check_of_every_case() -> None:
    other = summary("b", diagnostics=[{"check": "E-BFMI", "status": "FAIL"}], predictive={})
    found = matrix([summary("a"), other])
    checks = ("R-hat", "divergences", "E-BFMI", "prior predictive", "posterior predictive")
    last = ("mean-field ADVI", "prior sweep", "warnings on the page")
    assert found.columns == ("case", "page", *checks, *last)
    first, second = found.rows
    assert first == (
        "Case a",
        Status.PASS,
        Status.PASS,
        Status.WARN,
        "–",
        Status.PASS,
        "cannot fail",
        "means only",
        "same decision (3 priors)",
        "1",
    )
    assert second[2:7] == ("–", "–", Status.FAIL, "–", "–")
    assert found.how == HOW


@pytest.mark.parametrize(
    ("results", "shown"),
    [
        (["PASS", "WARN"], Status.WARN),
        (["cannot fail", "WARN"], Status.WARN),
        (["PASS", "cannot fail"], "cannot fail"),
        ([], "–"),
    ],
)
def test_a_predictive_check_is_as_bad_as_its_worst(results: list[str], shown: object) -> None:
    checks = {"posterior": [{"result": one} for one in results]}
    assert matrix([summary("a", predictive=checks)]).rows[0][5] == shown


def test_flips_and_failed_fits_are_told() -> None:
    swept = {"points": [1] * 30, "failed": 2, "decision_flips": True}
    assert (
        matrix([summary("a", sensitivity=swept)]).rows[0][-2] == "flips (30 priors, 2 fits failed)"
    )


def test_what_was_not_decided_is_not_the_same_decision() -> None:
    none = {"points": [1] * 3, "failed": 3, "decision_flips": False}
    (row,) = matrix([summary("a", sensitivity=none)]).rows
    assert row[-2] == "no fit passed (3 priors)"
    (row,) = matrix([summary("a", decision=None)]).rows
    assert row[-2] == "no decision"


def test_index_has_answer_seconds_and_verdict(tmp_path: Path) -> None:
    page = published(tmp_path, summary("a"), summary("b"))
    for part in (
        'href="a.html"',
        "It is.",
        "<td>13</td>",
        "mean-field 4: means only",
        "<td>3</td>",
    ):
        assert part in page
    assert "<caption>Cases by checks</caption>" in page


def test_a_damaged_case_vouches_for_nothing(tmp_path: Path) -> None:
    published(tmp_path, summary("a"), summary("b"))
    (tmp_path / "a.html").write_text("<title>other · casebook</title>")
    page = write_index(tmp_path, ENVIRONMENT, ICONS).read_text(encoding="utf-8")
    assert page.count("It is.") == 1
    assert "Not to be relied on" in page
    assert page.count("Case a") == 1  # in the list, not in the matrix
    (tmp_path / "b.json").write_text(json.dumps(summary("b")))
    page = write_index(tmp_path, ENVIRONMENT, ICONS).read_text(encoding="utf-8")
    assert "It is." not in page
    assert "Cases by checks" not in page
