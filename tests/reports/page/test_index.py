"""The front page: what each case says of itself, and nothing of one that is damaged."""

import json
from pathlib import Path
from typing import Any

import pytest

from reports.page.html import ENVIRONMENT, ICONS
from reports.page.index import HOW, matrix, write_index
from reports.publishing.sealed import seal
from workflow.checking.status import Status


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
        "sensitivity": {"points": [{"decision": "yes"}] * 3, "failed": 0, "decision_flips": False},
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


def told(*found: dict[str, Any]) -> dict[str, tuple[object, ...]]:
    """Return the columns of the matrix by check."""
    table = matrix([*found])
    return dict(zip(table.columns[1:], list(zip(*table.rows, strict=True))[1:], strict=True))


def test_matrix_has_every_check_of_every_case() -> None:
    other = summary("b", diagnostics=[{"check": "E-BFMI", "status": "FAIL"}], predictive={})
    assert [row[0] for row in matrix([summary("a"), other]).rows] == ["Case a", "Case b"]
    assert matrix([other]).how == HOW
    assert told(summary("a"), other) == {
        "the page": (Status.PASS, Status.PASS),
        "sampler": (Status.WARN, Status.FAIL),
        "prior predictive": (Status.PASS, "–"),
        "posterior predictive": ("cannot fail", "–"),
        "mean-field ADVI": ("means only", "means only"),
        "prior sweep": ("same decision (3 priors)", "same decision (3 priors)"),
        "warnings on the page": ("1", "1"),
    }
    assert told(summary("a", diagnostics=[]))["sampler"] == ("–",)


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
    assert told(summary("a", predictive=checks))["posterior predictive"] == (shown,)


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"failed": 2, "decision_flips": True}, "flips (3 priors, 2 fits failed)"),
        ({"failed": 1, "decision_flips": False}, "same decision (3 priors, 1 fit failed)"),
        ({"failed": 3, "decision_flips": False}, "no fit passed (3 priors)"),
        (
            {"failed": 1, "not_judged": 1, "decision_flips": False},
            "not known (3 priors, 1 fit failed, 1 not judged)",
        ),
        (
            {"failed": 1, "not_judged": 2, "decision_flips": False},
            "not known (3 priors, 1 fit failed, 2 not judged)",
        ),
    ],
)
def test_flips_and_failed_fits_are_told(changes: dict[str, Any], shown: str) -> None:
    without = changes["failed"] + changes.get("not_judged", 0)
    points = [{"decision": None}] * without + [{"decision": "yes"}] * (3 - without)
    swept = {"points": points} | changes
    assert told(summary("a", sensitivity=swept))["prior sweep"] == (shown,)
    assert told(summary("a", sensitivity=swept, decision=None))["prior sweep"] == ("no decision",)


def test_what_is_known_exactly_is_judged_though_every_fit_failed() -> None:
    swept = {"points": [{"decision": "yes"}] * 2, "failed": 2, "decision_flips": False}
    shown = told(summary("a", sensitivity=swept))["prior sweep"]
    assert shown == ("same decision (2 priors, 2 fits failed)",)


def test_index_has_a_card_a_case_by_subject(tmp_path: Path) -> None:
    """Answer in a sentence, and the interval that the page draws; no seconds."""
    shown = {"label": "B", "told": "+2 (1 to 3)", "low": 1.0, "median": 2.0, "high": 3.0}
    long = summary("a", subject="rates", shown=shown, answer="It is. The rest is on the page.")
    page = published(tmp_path, summary("b"), long)
    assert page.index(">Rates</h2>") < page.index("Case a") < page.index(">Others</h2>")
    assert 'href="a.html"' in page
    assert "It is." in page
    assert "The rest is on the page." not in page
    assert "B: +2 (1 to 3) <svg" in page
    assert page.count('class="whisker"') == 1
    assert "seconds" not in page
    assert "<span>Cases by checks</span>" in page


@pytest.mark.parametrize("low", [None, "<script>"])
def test_an_interval_that_is_none_is_not_drawn(tmp_path: Path, low: object) -> None:
    shown = {"label": "B", "told": "–", "low": low, "median": 2.0, "high": 3.0}
    page = published(tmp_path, summary("a", shown=shown))
    assert 'class="whisker"' not in page
    assert "<script>" not in page[page.index("<main") : page.index("</main")]


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
