"""Sentences of a logistic regression: they follow the numbers, whatever those are."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from reports.blocks.blocks import Table
from reports.regression import held_out as seen, logistic
from tests.reports.regression.test_costs import report
from workflow.quantities import Scalar, summarise
from workflow.regression.logistic import Implied, Map
from workflow.scoring.calibration import Mean

RNG = np.random.default_rng(1)
DRAWS = xr.Dataset(
    {
        "log_odds_ratio": (("chain", "draw", "term"), RNG.normal([1, 0], 0.5, (4, 500, 2))),
        "level": (("chain", "draw"), RNG.normal(size=(4, 500))),
    },
    coords={"term": ["x", "z"]},
)
FOUND = summarise(DRAWS)
SHOWN = "log_odds_ratio[x]"


def test_odds_ratios_are_exponentials() -> None:
    logs = {name: q for name, q in FOUND.items() if name.startswith("log_odds_ratio")}
    prob = {"prob_positive[x]": Scalar(0.977, 0.003), "prob_positive[z]": Scalar(0.5, 0.01)}
    (first, _), columns = logistic.odds_ratios(logs, prob).rows, logistic.odds_ratios(logs, prob)
    assert columns.columns[-1] == "P(above 1)"
    assert first[0] == "x"
    assert float(str(first[1])) == pytest.approx(np.exp(FOUND[SHOWN].median), abs=0.06)
    assert first[3] == "0.98"


def test_the_prior_is_told_for_one_term_and_for_all(tmp_path: Path) -> None:
    together = " ".join(map(str, logistic.prior_words({"r2": 0.75}, 2.5, 10)))
    assert "explain about 75%" in together
    assert "prior sd of 3.14" in together
    alone = {"slope_sd": 1.5}
    words = " ".join(str(block) for block in logistic.prior_words(alone, 2.5, 10))
    assert "between 0.053 and 18.9" in words
    assert "between 0.7% and 99.3%" in words
    assert "(10 here)" in words
    assert "∞" in " ".join(map(str, logistic.prior_words({"slope_sd": 1e6}, 2.5, 10)))
    table = logistic.sureness({1.5: Implied(0.31, 0.88), 0.25: Implied(0.1, 0.8)}, "slope_sd", 1.5)
    assert [row[0] for row in table.rows] == ["0.25", "1.5 (this analysis)"]
    assert table.rows[1][1:] == ("31%", "88%")
    page = report(tmp_path)
    logistic.warn_of_sure_prior(page, 0.31, "r2")
    assert not page.warnings
    logistic.warn_of_sure_prior(page, 0.8, "r2")
    assert "holds 80% of the rows for all but decided" in page.warnings[0].text


def test_paired_says_whether_the_rows_can_tell() -> None:
    found = {"log loss": Mean(-0.03, 0.01), "ECE": Mean(0.001, 0.01), "none": Mean(0, 0)}
    rows = seen.paired(found, "a", "b").rows
    assert [row[3][:3] for row in rows if isinstance(row[3], str)] == ["yes", "no:", "no:"]
    assert rows[0][1] == "−0.0300"


def test_modes_stand_beside_the_posterior_mean() -> None:
    one = Map(0.5, pd.Series({"x": 1.25, "z": -0.5}))
    text, table = logistic.modes({0.1: one, 100.0: one}, one, FOUND, "this prior")
    assert "C = τ²" in str(text)
    assert isinstance(table, Table)
    assert table.columns[1:4] == ("τ² = 0.1", "τ² = 100", "this prior")
    assert [row[:2] for row in table.rows] == [
        ("x", "1.250"),
        ("z", "−0.500"),
        ("level (average row)", "0.500"),
    ]


def test_the_split_is_counted() -> None:
    counts = pd.DataFrame({"all": [1398, 171], "ill": [148, 64]}, index=["fitted", "held out"])
    assert seen.counts(counts).rows == (("fitted", "1,398", "148"), ("held out", "171", "64"))
