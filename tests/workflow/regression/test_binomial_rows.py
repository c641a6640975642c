"""The likelihood of many rows in blocks: row by row in more digits, and its derivatives."""

import numpy as np
import pytest

from workflow.regression import binomial_rows
from workflow.regression.binomial_rows import BinomialRows


def rows(n: int, trials: int, k: int = 4) -> BinomialRows:
    rng = np.random.default_rng(n)
    x = np.column_stack([np.ones(n), rng.normal(size=(n, k - 1))])
    many = np.ones(n) if trials == 1 else rng.integers(1, trials, n).astype(float)
    return BinomialRows(x, np.floor(rng.random(n) * (many + 1)), many)


def directly(of: BinomialRows, point: np.ndarray) -> float:
    """One row after the other, in the longest numbers that there are."""
    x = of.x.astype(np.longdouble)
    eta = x @ point
    return float((of.events * eta - of.trials * np.logaddexp(np.longdouble(0), eta)).sum())


@pytest.mark.parametrize("n", [7, 512, 1000, 100_003])
@pytest.mark.parametrize("trials", [1, 9])
@pytest.mark.parametrize("size", [0.3, 5.0, 90.0])
def test_the_density_is_that_of_all_rows(n: int, trials: int, size: float) -> None:
    """Log-odds of several hundred among them, where products would be too large."""
    of = rows(n, trials)
    points = np.random.default_rng(1).normal(0, size, (600, 4))
    found = of.log_density(points)
    for at in (0, 1, 511, 512, 599):
        assert found[at] == pytest.approx(directly(of, points[at]), rel=1e-12, abs=1e-8)


@pytest.mark.parametrize("trials", [1, 9])
def test_slopes_and_curvature_are_those_of_the_density(trials: int) -> None:
    of, point, step = rows(300, trials), np.array([0.2, -0.5, 0.1, 0.4]), 1e-5
    slope, curved = of.slope_and_curvature(point)
    for k, one in enumerate(step * np.eye(4)):
        up, down = of.log_density(np.array([point + one, point - one]))
        assert slope[k] == pytest.approx((up - down) / (2 * step), rel=1e-6, abs=1e-5)
        ahead, behind = (
            of.slope_and_curvature(point + one)[0],
            of.slope_and_curvature(point - one)[0],
        )
        np.testing.assert_allclose(curved[k], (behind - ahead) / (2 * step), rtol=1e-6, atol=1e-5)


def test_parts_on_two_cores_give_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    of, points = rows(120_000, 1), np.random.default_rng(2).normal(size=(30, 4))
    found = of.log_density(points)
    monkeypatch.setattr(binomial_rows, "CORES", 1)
    assert np.array_equal(found, of.log_density(points))
