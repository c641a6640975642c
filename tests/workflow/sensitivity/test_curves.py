"""Densities for a page: against the normal density, and nothing where there is none."""

import numpy as np
import pytest
from scipy.stats import norm

from workflow.sensitivity.curves import curve


def test_density_of_normal_draws_is_the_normal_density() -> None:
    draws = norm(3, 2).ppf((np.arange(20_000) + 0.5) / 20_000).reshape(4, -1)
    found = curve(draws)
    assert found
    grid = np.linspace(found.start, found.end, len(found.heights))
    expected = norm(3, 2).pdf(grid) / norm(3, 2).pdf(3)
    inner = np.abs(grid - 3) < 4  # at the ends of the range the estimate knows only one side
    assert np.array(found.heights)[inner] == pytest.approx(expected[inner], abs=0.03)
    assert max(found.heights) == 1
    assert (found.lower, found.upper) == pytest.approx(norm(3, 2).ppf((0.025, 0.975)), abs=0.01)
    step = grid[1] - grid[0]
    assert (found.start, found.end) == pytest.approx(norm(3, 2).ppf((0.005, 0.995)), abs=step)


@pytest.mark.parametrize(
    "draws",
    [np.zeros(100), np.array([1.0, np.nan] * 50), np.array([1.0, np.inf] * 50)],
    ids=["constant", "NaN", "infinite"],
)
def test_no_density_where_there_is_none(draws: np.ndarray) -> None:
    assert curve(draws) is None


def test_far_tails_do_not_flatten_the_curve() -> None:
    draws = np.concatenate([np.linspace(-1, 1, 5000), [1e9, -1e9]])
    found = curve(draws)
    assert found
    assert -1 <= found.start < found.end <= 1


def test_nearly_equal_draws_give_a_curve_or_none_but_no_nan() -> None:
    draws = np.concatenate([np.zeros(500), np.linspace(0, 1, 20)])
    found = curve(draws)
    assert found is None or np.isfinite(found.heights).all()


def test_nearly_constant_draws_have_no_density() -> None:
    assert curve(np.concatenate([np.zeros(1000), [1.0]])) is None
