"""What a page says of two kinds of noise follows from the numbers, and is left out without them."""

import pandas as pd
import pytest
import xarray as xr

from reports.blocks.blocks import Table
from reports.regression import robust
from tests.reports.regression.test_tails import GAP, NORMALS, STUDENTS, Q, fit, rows
from workflow.checking.diagnostics import Diagnosis
from workflow.regression.rivals import Rivals
from workflow.regression.tails import Moved
from workflow.sensitivity.sensitivity import Sweep

BOTH = Rivals(
    fit([-1.0] * 21),
    fit([-1.5] * 21),
    GAP,
    21,
    lambda posterior: pytest.fail("no other prior is asked for"),
)
FAR = Moved((14.0, 2.4, 70.0), (3.0, 2.1, 5.0), 0.83, 4.7)


@pytest.mark.parametrize(("heavy", "settled"), [(0.36, False), (0.04, True), (0.97, True)])
def test_a_prior_that_settles_what_is_asked_says_so(heavy: float, settled: bool) -> None:
    text = robust.prior(20, heavy)
    assert f"below 10, where tails matter, with probability {heavy:.2f}" in text
    assert ("this prior all but settles what is asked (--nu-mean)" in text) is settled
    assert ("so the prior does not settle what is asked" in text) is not settled


def test_the_rival_is_told_with_its_reasons() -> None:
    assert robust.rival(Diagnosis(())) == "The rival, by the same checks: PASS."


def test_predictions_below_0_are_told_of_data_that_have_none() -> None:
    assert "predicts loss below 0" in str(robust.below_zero("loss", 7, -2.0)[0])
    assert robust.below_zero("loss", -1, -2.0) == robust.below_zero("loss", 7, 0.0) == []


def test_rows_and_tails_in_their_order() -> None:
    _, table, _ = robust.rows(rows(0.9, 0.2), "loss", 1)
    assert isinstance(table, Table)
    assert "every 3rd" in str(robust.rows(rows(0.9, 0.2), "loss", 3)[-1])
    nu = xr.DataArray([[2.5, 3.0, 5.0, 9.0]], dims=("chain", "draw"))
    curves = {"prior": nu * 3, "21 rows": nu}
    said, figure, how, _ = robust.told("nu", curves, FAR, BOTH, caption="nu.")
    assert str(said).startswith("Given 21 rows, nu moved far")
    assert "prior 12" in figure.alt  # type: ignore[union-attr]
    assert "21 rows 4" in figure.alt  # type: ignore[union-attr]
    assert "21 fits, each without one row" in str(how)


def test_the_answer_has_verdict_slopes_and_least_row() -> None:
    found, signs = (STUDENTS | {"nu": Q}, NORMALS), ({"a": 1, "b": 0}, {"a": 1, "b": 0})
    text = robust.answer(BOTH, ["a", "b"], found, signs, rows(0.9, 0.2), FAR, "loss")
    assert text.startswith("21 rows cannot tell heavy tails from Gaussian noise (")
    assert "per unit of a with Student-t noise" in text
    assert "line 3 of the file, counts 0.20 times" in text


def test_without_a_sweep_there_is_an_empty_table() -> None:
    _, table = robust.by_prior(Sweep({}, (), None), 22, {"r2": 0.5})
    assert isinstance(table, Table)
    assert table.rows == ()


def test_the_picture_has_both_kinds_of_noise() -> None:
    beta = {"beta[a]": Q}
    figure = robust.picture(beta, beta, "loss", pd.DataFrame({"a": [1.0, 2, 4]}), scale=2)
    assert "a by Student-t: 2.00 (1.20 to 2.80)" in figure.alt
    assert "a by Gaussian: 2.00 (1.20 to 2.80)" in figure.alt
