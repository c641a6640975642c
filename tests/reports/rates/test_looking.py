"""Warnings of a rule that was met late, also where earlier observations are known as counts."""

from pathlib import Path

import pytest

from reports.page.page import Report
from reports.rates import coin, ratio


@pytest.mark.parametrize("warn", [coin.warn_of_looking, ratio.warn_of_looking])
@pytest.mark.parametrize(
    ("after", "n", "earlier", "warned"),
    [
        (95, 100, 0, "after 95"),
        (50, 100, 0, ""),
        (1010, 1060, 1010, ""),  # these were decided before the first row: nobody stopped for it
        (1050, 1060, 1010, "after 1,050"),
    ],
)
def test_data_that_end_when_the_rule_is_met(
    warn: object, after: int, n: int, earlier: int, warned: str, tmp_path: Path
) -> None:
    data = tmp_path / "x.csv"
    data.write_text("x\n1\n", encoding="utf-8")
    report = Report("x", title="x", question="x", data=data, settings={"quiet": True, "seed": 1})
    warn(report, "a", (after, "a"), n, earlier)  # type: ignore[operator]
    found = " ".join(map(str, report.warnings))
    assert warned in found
    assert bool(found) == bool(warned)
