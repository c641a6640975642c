"""What the pages of regressions say: directions, joint contrasts, few rows; numbers as computed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from reports.blocks.blocks import Table
from reports.page.page import Report
from reports.regression import gaussian, regression as sentences
from workflow.quantities import Quantity, Scalar, summarise
from workflow.regression.gaussian import uncertainty
from workflow.regression.regression import contrasts, directions, rises, telling_rows

RNG = np.random.default_rng(6)
NAMES = ["a + b", "<i>", "c"]


@pytest.fixture
def posterior() -> xr.Dataset:
    """Slopes of which the first two are known together, and the third is above 0."""
    cov = np.array([[1, -0.95, 0], [-0.95, 1, 0], [0, 0, 1]])
    draws = RNG.multivariate_normal([0, 0, 5], cov, size=(4, 1000))
    beta = xr.DataArray(draws, dims=("chain", "draw", "term"), coords={"term": NAMES})
    one = xr.ones_like(beta[..., 0].drop_vars("term"))
    return xr.Dataset(
        {"beta": beta, "slope": 2 * beta, "intercept": 0 * one, "sigma": one + 0.01 * beta[..., 0]}
    )


def found(posterior: xr.Dataset) -> dict[str, Quantity]:
    return summarise(posterior[["beta", "slope"]])


def text_of(table: Table) -> str:
    return " ".join(str(cell) for row in table.rows for cell in row)


def r2() -> Quantity:
    draws = xr.DataArray(RNG.normal(0.5, 0.01, (4, 500)), dims=("chain", "draw"))
    return summarise(draws.to_dataset(name="r2"))["r2"]


def test_answer_names_what_is_known_and_what_is_not(posterior: xr.Dataset) -> None:
    prob = rises(posterior["beta"])
    ranked = ["c", *NAMES[:2]]
    said = sentences.answer(
        directions(posterior["beta"], 0.975)[0],
        ranked,
        found(posterior),
        prob,
        0.975,
        "y",
        gaussian.share(r2()),
    )
    median = found(posterior)["slope[c]"].median
    assert f"+{median:.1f}"[:4] in said
    assert "per unit of c" in said
    assert "The direction of a + b, <i> is not known" in said
    assert "95% equal-tailed credible intervals" in said
    assert "All terms explain" in said


def test_answer_without_a_direction(posterior: xr.Dataset) -> None:
    even = {f"prob_positive[{name}]": Scalar(0.5, 0.01) for name in NAMES}
    said = sentences.answer("x", NAMES, found(posterior), even, 0.975, "y", gaussian.share(r2()))
    assert said.startswith("No term predicts y in a direction that is known")


def test_contrasts_are_shown_beside_their_terms(posterior: xr.Dataset) -> None:
    """Also where a term's own name has a plus in it."""
    joint = summarise(contrasts(posterior["beta"]).to_dataset(name="together"))
    alone = summarise(posterior[["beta"]])
    _, table = sentences.known_together(joint, alone)
    assert isinstance(table, Table)
    assert "a + b + <i>" in text_of(table)
    (row,) = table.rows
    sds = [joint["together[a + b + <i>]"].sd, alone["beta[a + b]"].sd, alone["beta[<i>]"].sd]
    assert list(row[3:]) == [f"{sd:.2g}" for sd in sds]
    (only,) = sentences.known_together({}, alone)
    assert "No two coefficients" in str(only)


def test_prediction_shares_come_from_the_numbers(posterior: xr.Dataset) -> None:
    terms = pd.DataFrame(RNG.normal(size=(30, 3)), columns=NAMES)
    rows = telling_rows(terms, "c")
    split = uncertainty(posterior, rows, seed=1)
    text, table = gaussian.predictions(split, rows, "y")
    share = (split["sd_parameters"] / split["sd"]) ** 2
    assert f"{share.max():.1%}" in str(text)
    assert isinstance(table, Table)
    assert len(table.rows) == 4


@pytest.mark.parametrize(("rows", "words"), [(3, "prior decides"), (12, "only 12 rows"), (40, "")])
def test_few_rows_warn(tmp_path: Path, rows: int, words: str) -> None:
    data = tmp_path / "own.csv"
    data.write_text("x")
    report = Report("x", title="x", question="x", data=data, settings={"quiet": True, "seed": 1})
    sentences.warn_of_few(report, pd.DataFrame(np.ones((rows, 3)), columns=NAMES))
    assert [words in warned.text for warned in report.warnings] == ([True] if words else [])


def test_without_least_squares_there_is_no_column_for_it(posterior: xr.Dataset) -> None:
    ridge = pd.Series([1.0, 2.0, 3.0], index=NAMES)
    for free, columns in ((None, 4), (ridge, 5)):
        _, table = gaussian.ridge(ridge, free, found(posterior), 2.0)
        assert isinstance(table, Table)
        assert len(table.columns) == columns == len(table.rows[0])


def test_scales_show_the_outcome_last() -> None:
    terms = pd.DataFrame({"a": [1.0, 3.0]})
    table = sentences.scales(terms, pd.Series([10.0, 30.0], name="y"))
    assert table.rows[-1] == ("y", "20", "14.14", "10", "30")


def test_data_say_association_and_not_cause() -> None:
    terms = pd.DataFrame({"a": [1.0, 3.0]})
    blocks = sentences.data(pd.Series([1.0, 2.0], name="y"), terms, ["2 rows were left out."], "y")
    assert "These are associations" in str(blocks[0])
    assert blocks[-1] == "2 rows were left out."
