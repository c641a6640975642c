"""What the page of a quantile regression says: the spread, weak lines and crossing, as computed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from reports.page.page import Report
from reports.regression import quantile_figures as figures, quantile_result, quantiles as told
from workflow.quantities import Quantity, Scalar, summarise
from workflow.regression.hanging import Hanging
from workflow.regression.quantiles import decide, widening, with_widening
from workflow.regression.regression import rises

Q = (0.05, 0.5, 0.95)
NAMES = ["<i>", "b", "c: X rather than Y"]
PHRASES = {"c: X rather than Y": ("c, X rather than Y", "")}


@pytest.fixture
def lines() -> xr.Dataset:
    """Slopes with an sd of .1, of which the first grows over the quantiles and the last falls."""
    rng = np.random.default_rng(6)
    middle = np.array([[1.0, 1.5, 2.0], [2.0, 2.0, 2.02], [3.0, 1.0, -1.0]]).T
    draws = middle + 0.1 * rng.normal(size=(4, 500, 3, 3))
    at = ("chain", "draw", "quantile")
    return xr.Dataset(
        {
            "slope": ((*at, "term"), draws),
            "beta": ((*at, "term"), 2 * draws),
            "intercept": (at, 0.1 * rng.normal(size=(4, 500, 3))),
        },
        coords={"quantile": list(Q), "term": NAMES},
    )


def about(lines: xr.Dataset) -> tuple[dict[str, Quantity], dict[str, Scalar]]:
    return summarise(with_widening(lines)), rises(widening(lines)) | rises(lines["beta"])


def test_the_answer_says_with_what_the_outcome_spreads(lines: xr.Dataset) -> None:
    found, prob = about(lines)
    decision = decide(lines, 0.975)[0]
    assert decision == f"spread grows with {NAMES[0]}; spread shrinks with {NAMES[2]}"
    of = [NAMES[2], NAMES[0], NAMES[1]], found, prob, 0.975, "y", Q, PHRASES
    said = quantile_result.answer(decision, *of, Hanging(), "More.")
    less = said.index("less for c, X rather than Y: the 95% line is 1.00 less")
    assert said.startswith("Y spreads, other terms being equal, less")
    assert less < said.index("more where <i> is larger: per unit of <i> the 95% line changes by +2")
    assert "the 5% line 3.00 more" in said
    assert "than b" not in said
    assert said.endswith("More.")
    hanging = Hanging(alone={NAMES[0]: 7})
    said = quantile_result.answer(decision, *of, hanging, "")
    assert "more where" not in said
    assert "line 7" in said
    withheld = quantile_result.answer(None, *of, Hanging(), "")
    assert withheld.startswith(
        "It is not known that y spreads more or less with c: X rather than Y"
    )


def test_the_table_has_the_lines_and_their_difference(lines: xr.Dataset) -> None:
    found, prob = about(lines)
    of = NAMES, found, prob, 0.975, "y", Q, "one sd", PHRASES
    (table,) = quantile_result.result(*of, Hanging(alone={"b": 3}))
    assert table.columns == ("term", "5% line", "50% line", "95% line", "difference", "", "spread")
    assert [row[-1] for row in table.rows] == ["grows", "line 3 alone", "shrinks"]
    up = found["widening[<i>]"]
    assert up.median == pytest.approx(1, abs=0.02)
    assert str(table.rows[0][4]).startswith("+1.0")
    assert str(table.rows[2][4]).startswith("4.0")  # of a comparison, as so much less
    assert "less" in str(table.rows[2][4])


def report(tmp_path: Path) -> Report:
    (tmp_path / "x.csv").write_text("x\n1\n")
    return Report(
        "quantile_regression", title="t", question="?", data=tmp_path / "x.csv", settings={}
    )


@pytest.mark.parametrize(
    ("quantiles", "rows", "said", "advice"),
    [
        (Q, 235, "5% and 95% lines", "--quantiles 0.25,0.5,0.75"),
        ((0.25, 0.9), 235, "90% line:", "--quantiles"),
        ((0.25, 0.5, 0.75), 30, "25% and 75% lines", "Collect more rows"),
    ],
)
def test_lines_that_rest_on_few_rows_are_named(
    quantiles: tuple[float, ...], rows: int, said: str, advice: str, tmp_path: Path
) -> None:
    page = report(tmp_path)
    told.warn_of_few(page, quantiles, rows, 2)
    (found,) = page.warnings
    assert said in str(found)
    assert advice in str(found)


def test_lines_that_do_not_are_not(tmp_path: Path) -> None:
    page = report(tmp_path)
    told.warn_of_few(page, (0.25, 0.5, 0.75), 235, 2)
    crossed = pd.Series([False] * 3, index=[2, 3, 4])
    assert "No two lines cross" in told.warn_of_crossing(page, crossed)
    assert not page.warnings
    crossed[3] = True
    assert "cross at 1 of 3 rows (line 3)" in told.warn_of_crossing(page, crossed)
    assert len(page.warnings) == 1


def test_pictures_say_what_they_show(lines: xr.Dataset) -> None:
    """Lines from the least to the greatest x, whatever the order of the rows; slopes at ends."""
    rows = pd.DataFrame({"<x>": [3.0, 1.0, 2.0], "y": [1.0, 2.0, 3.0]})
    line = pd.DataFrame({0.5: [30.0, 10.0, 20.0], 0.9: [40.0, 11.0, 25.0]})
    shown = figures.lines(rows, line, 0.5, "y")
    assert "50%, from 10 to 30" in shown.alt
    assert "90%, from 11 to 40" in shown.alt
    found, _ = about(lines)
    shown = figures.slopes(found, NAMES, Q, "y")
    assert "<i>: 5% 2.0" in shown.alt
    assert "<script" not in shown.svg
