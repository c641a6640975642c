"""Digits follow the Monte Carlo error; probabilities near 0 and 1 are bounds."""

import math

import numpy as np
import pytest
import xarray as xr

from reports.blocks.numbers import (
    apart,
    ends,
    estimate,
    figure,
    interval,
    number,
    per_thousand,
    percent,
    points,
    probability,
)
from workflow.quantities import INTERVAL, Quantity, Scalar, summarise


@pytest.mark.parametrize(
    ("value", "error", "shown"),
    [
        (-0.81634, 0.0029, "−0.82"),
        (0.1902152, 0.00002, "0.1902"),
        (1234.567, 0.9, "1,235"),
        (1234.567, 3, "1,230"),
        (-3507652.0, 9000, "−3,510,000"),
        (0.5, None, "0.500"),
        (3.2e-12, 1.2e-14, "3.2e−12"),
        (2_543_210_987.0, 3e7, "2.5e+09"),
        (-2_543_210_987.0, 3.0, "−2.54321099e+09"),
        (2_543_210_987.0, None, "2.5432e+09"),
        (999_876_543.0, 3e7, "1.0e+09"),
        (989_876_543.0, 3e6, "990,000,000"),
        (-4.5678e-7, 1e-10, "−4.568e−07"),
        (0.0, 1e-14, "0.00000000"),
        (None, 0.1, "–"),
        (math.nan, 0.1, "not a number"),
        (-math.inf, 0.1, "−∞"),
    ],
)
def test_number(value: float | None, error: float | None, shown: str) -> None:
    assert number(value, error) == shown


def test_points_and_percent() -> None:
    assert points(0.0082, 0.00003, sign=True) == "+0.82"
    assert points(-0.00001, 0.0003, sign=True) == "0.0"
    assert percent(0.1902, 0.00003) == "19.02%"


@pytest.mark.parametrize(
    ("value", "mcse", "shown"),
    [
        (0.0372, 0.002, "0.04"),
        (0.0, 1e-4, "< 0.001"),
        (0.0005, 0.0001, "< 0.001"),
        (0.0005, 0.00035, "< 0.002"),
        (1.0, 1e-4, "> 0.999"),
        (0.9995, 0.00035, "> 0.998"),
        (0.0, 0.02, "< 0.04"),
        (0.0015, 0.0006, "0.002"),
        (0.996, 0.002, "> 0.992"),
        (0.004, 0.002, "< 0.008"),
    ],
)
def test_probability(value: float, mcse: float, shown: str) -> None:
    assert probability(Scalar(value, mcse)) == shown


def test_loss() -> None:
    assert per_thousand(Scalar(5.5e-7, 3e-7)) == "< 0.01"
    assert per_thousand(Scalar(9e-6, 1e-5)) == "< 0.03"
    assert per_thousand(Scalar(4e-5, 4e-5)) == "< 0.2"
    assert per_thousand(Scalar(0.0082, 0.00003)) == "8.2"


def quantity(lower: float, upper: float, errors: tuple[float, float]) -> Quantity:
    worse = max(errors)
    return Quantity(
        *(None, 6.6, None, None, lower, upper, INTERVAL, worse, 1.0, 900.0, 900.0, 0.04, *errors)
    )


def test_each_end_has_digits_of_its_own() -> None:
    """One error for both printed "6.6 (0 to 30)"."""
    assert estimate(quantity(3.27, 30.2, (0.06, 4))) == "6.6 (3.3 to 30)"


@pytest.mark.parametrize(
    ("lower", "upper", "errors", "shown"),
    [
        (-0.3, 10.2, (2, 2), ("−0.3", "+10")),
        (-0.04, 10.2, (2, 0.1), ("−0.04", "+10.2")),
        (-0.002, 0.002, (2, 2), ("−0.00", "+0.00")),
        (0.0, 3.04, (0.02, 0.02), ("0.0", "+3.0")),
        (-30.4, -0.2, (2, 0.5), ("−30", "−0.2")),
        (-math.inf, math.nan, (math.nan, math.nan), ("−∞", "not a number")),
    ],
)
def test_the_sign_of_an_end_is_never_lost(
    lower: float, upper: float, errors: tuple[float, float], shown: tuple[str, str]
) -> None:
    assert ends(quantity(lower, upper, errors), sign=True) == shown


def test_an_interval_has_its_unit_at_both_ends() -> None:
    assert interval(quantity(0.004, 0.31, (2e-4, 0.004)), 100, unit="%") == "0.4% to 31%"


def test_the_old_key_has_the_larger_error() -> None:
    """A long upper tail: its end is known far less well than the lower."""
    draws = np.random.default_rng(3).lognormal(0, 1.5, (4, 1000))
    (q,) = summarise(xr.Dataset({"x": (("chain", "draw"), draws)})).values()
    assert q.mcse_upper > 10 * q.mcse_lower
    assert q.mcse_interval == q.mcse_upper


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (123456.0, 3, "123,000"),
        (0.00123456, 3, "0.00123"),
        (3e7, 3, "30,000,000"),
        (5.000000000000004, 3, "5"),
        (-0.25, 2, "−0.25"),
        (1.2e-12, 2, "1.2e−12"),
        (2.5e11, 3, "2.50e+11"),
        (0.0, 3, "0"),
        (999_999.7, 3, "1,000,000"),
        (math.nan, 3, "not a number"),
        (math.inf, 3, "∞"),
    ],
)
def test_figure(value: float, digits: int, shown: str) -> None:
    assert figure(value, digits) == shown


def test_a_large_offset_keeps_the_digits_that_vary() -> None:
    """An outcome 1e6 + 2 x: both ends had been "1e+06"."""
    assert apart(1e6 - 1.2345, 1e6 + 2.3456) == ("999,998.77", "1,000,002.35")
    assert apart(0.0002, 120.44, 3.0) == ("0.0002", "120.4", "3")
    assert apart(7.0, 7.0) == ("7", "7")
    assert apart(1e6, math.nan) == ("1,000,000", "not a number")
