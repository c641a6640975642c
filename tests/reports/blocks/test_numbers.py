"""Digits follow the Monte Carlo error; probabilities near 0 and 1 are bounds."""

import math

import pytest

from reports.blocks.numbers import number, per_thousand, percent, points, probability
from workflow.quantities import Scalar


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
