"""What the pages of regressions say: directions, joint contrasts, few rows; numbers as computed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from reports.blocks.blocks import Table
from reports.page.page import Report
from reports.regression import gaussian, joint, priors, regression as sentences
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


SHARE = (0.5, 0.43, 0.56)


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
        gaussian.share(SHARE),
    )
    median = found(posterior)["slope[c]"].median
    assert f"+{median:.1f}"[:4] in said
    assert "per unit of c" in said
    assert "The direction of a + b, <i> is not known" in said
    assert "95% equal-tailed credible intervals" in said
    assert "In rows left out, all terms explain 50% of the variance (43% to 56%)" in said


def test_answer_without_a_direction(posterior: xr.Dataset) -> None:
    even = {f"prob_positive[{name}]": Scalar(0.5, 0.01) for name in NAMES}
    said = sentences.answer("x", NAMES, found(posterior), even, 0.975, "y", gaussian.share(SHARE))
    assert said.startswith("No term predicts y in a direction that is known")


def test_contrasts_are_shown_beside_their_terms(posterior: xr.Dataset) -> None:
    """Also where a term's own name has a plus in it."""
    pairs = summarise(contrasts(posterior["beta"]).to_dataset(name="together"))
    alone = summarise(posterior[["beta"]])
    _, table = joint.known_together(pairs, alone)
    assert isinstance(table, Table)
    assert "a + b + <i>" in text_of(table)
    (row,) = table.rows
    sds = [pairs["together[a + b + <i>]"].sd, alone["beta[a + b]"].sd, alone["beta[<i>]"].sd]
    assert list(row[3:]) == [f"{sd:.2g}" for sd in sds]
    (only,) = joint.known_together({}, alone)
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


@pytest.mark.parametrize(("rows", "words"), [(3, "prior decides"), (12, ""), (40, "")])
def test_few_rows_warn(tmp_path: Path, rows: int, words: str) -> None:
    data = tmp_path / "own.csv"
    data.write_text("x")
    report = Report("x", title="x", question="x", data=data, settings={"quiet": True, "seed": 1})
    sentences.warn_of_few(report, pd.DataFrame(np.ones((rows, 3)), columns=NAMES))
    assert [words in warned.text for warned in report.warnings] == ([True] if words else [])


@pytest.mark.parametrize("known", [{"r2": 0.5}, {"slope_sd": 0.5}])
def test_without_least_squares_there_is_no_column_for_it(
    known: dict[str, float], posterior: xr.Dataset
) -> None:
    ridge = pd.Series([1.0, 2.0, 3.0], index=NAMES)
    for free, columns in ((None, 4), (ridge * 1.25, 5)):
        words, _, table = priors.shrunk(known, ridge, free, found(posterior), 2.0)
        assert isinstance(table, Table)
        assert len(table.columns) == columns == len(table.rows[0])
    said = "that number is 0.8" if "r2" in known else "the penalty is 4"
    assert said in str(words)


def test_what_is_known_only_together_is_told() -> None:
    rng = np.random.default_rng(3)
    a = rng.normal(0, 1, (4, 500))
    beta = np.stack([a, 0.5 - a + rng.normal(0, 0.05, a.shape)], axis=-1)
    posterior = xr.DataArray(beta, dims=("chain", "draw", "term"), coords={"term": ["x1", "x2"]})
    pairs = contrasts(posterior)
    about = summarise(pairs.to_dataset(name="together")), rises(pairs), rises(posterior)
    (said,) = joint.only_together(*about, 0.975, "y")
    assert said.startswith(
        "Known only together: for one sd more of both x1 and x2, y differs by +0"
    )
    known = {f"prob_positive[{name}]": Scalar(1.0, 0.0) for name in ("x1", "x2")}
    assert joint.only_together(*about[:2], known, 0.975, "y") == []
    no = sentences.answer(
        None, ["x1"], {}, {"prob_positive[x1]": Scalar(0.5, 0)}, 0.9, "y", "", [said]
    )
    assert "No term predicts y by itself" in no
    assert said in no


def test_chance_is_told_of_many_terms() -> None:
    assert "Of 40 terms" in sentences.chance(40, 0.975)
    assert "make 2 known" in sentences.chance(40, 0.975)
    assert sentences.chance(3, 0.975) == ""


def test_a_share_that_may_be_nothing_is_no_share() -> None:
    said = gaussian.share((0.02, -0.1, 0.12))
    assert said.startswith("It is not known that all terms together predict new rows better")


def test_scales_show_the_outcome_last() -> None:
    terms = pd.DataFrame({"a": [1.0, 3.0]})
    table = sentences.scales(terms, pd.Series([10.0, 30.0], name="y"))
    assert table.rows[-1] == ("y", "20", "14.14", "10", "30")


def test_data_say_that_rows_are_few() -> None:
    few, many = (
        sentences.data(pd.Series(range(n), name="y"), pd.DataFrame(np.ones((n, 3))), [], "y", "L")
        for n in (12, 20)
    )
    assert str(few[2]).startswith("These are few rows for 4 coefficients")
    assert [one for one in many if isinstance(one, str)][1:] == ["L"]


def test_data_say_association_and_not_cause() -> None:
    terms = pd.DataFrame({"a": [1.0, 3.0]})
    notes = ["2 rows were left out."]
    blocks = sentences.data(pd.Series([1.0, 2.0], name="y"), terms, notes, "y", "L")
    assert "These are associations" in str(blocks[0])
    assert blocks[-2] == "2 rows were left out."
    assert "1: 1; 2: 1" in getattr(blocks[-1], "alt", "")
