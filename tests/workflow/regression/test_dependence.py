"""Files whose rows are not independent: what is found, and which interval it makes too narrow."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import linear_regression, logistic_regression, prior_sensitivity
from data._regression import Regression
from workflow.checking.alike import look
from workflow.rates.dependence import of_one_rate
from workflow.regression import logistic
from workflow.regression.dependence import residuals

OWN = Path(__file__).parents[2] / "own_data"


def least_squares(found: Regression) -> xr.Dataset:
    """A posterior of one draw: the least-squares fit."""
    x = np.column_stack([np.ones(len(found.terms)), found.terms.to_numpy()])
    at = np.linalg.lstsq(x, found.outcome.to_numpy(dtype=float), rcond=None)[0]
    dims = ("chain", "draw")
    slope = xr.DataArray(at[None, None, 1:], dims=(*dims, "term"))
    return xr.Dataset({"intercept": (dims, at[None, None, 0]), "slope": slope})


def test_births_of_a_mother() -> None:
    found = prior_sensitivity.read(OWN / "births.csv")
    left = of_one_rate(found.rows)
    assert left is not None
    (one,) = look(left, found.beside.groups, found.beside.times, seed=1)
    assert (one.column, one.groups, one.rows, one.matters) == ("mother", 100, 500, True)
    assert abs(one.icc - 0.3) < 3 * one.error
    assert one.factor == pytest.approx(np.sqrt(1 + 4 * one.icc))


def test_pupils_of_a_school() -> None:
    """The slope of what a whole school shares: sqrt(1 + 14 icc); that of age hardly suffers."""
    found = linear_regression.load(OWN / "pupils.csv", "score ~ hours + age")
    left = residuals(least_squares(found), found.terms, found.outcome)
    (one,) = look(left, found.beside.groups, found.beside.times, seed=1)
    assert (one.column, one.most, one.matters) == ("school", "the slope of hours", True)
    assert one.factor == pytest.approx(np.sqrt(1 + 14 * one.icc), rel=0.02)


def test_days_one_after_the_other() -> None:
    found = linear_regression.load(OWN / "days.csv", "sales ~ temperature")
    left = residuals(least_squares(found), found.terms, found.outcome)
    worst, *_ = look(left, found.beside.groups, found.beside.times, seed=1)
    assert worst.matters
    assert worst.ordered
    assert worst.factor == pytest.approx(np.sqrt((1 + 0.56) / (1 - 0.56)), rel=0.25)  # .8 * .7


def test_people_whose_rows_are_copies() -> None:
    found = logistic_regression.load(OWN / "people.csv", "ill ~ a + b + c + d + e")
    train, held = logistic_regression.split(found, 0.3, 1)
    assert logistic_regression.on_both_sides(train, held) == []
    nothing = least_squares(train) * 0
    left = logistic.residuals(nothing, train.terms, train.outcome)
    groups = look(left, train.beside.groups, train.beside.times, seed=1)
    assert {one.column for one in groups if one.matters} == {"person", "values of all terms"}
    assert all(one.icc == pytest.approx(1) for one in groups)
