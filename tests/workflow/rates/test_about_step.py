"""Statistics about the best step, against plain loops; and what they see."""

import numpy as np
import pytest
from scipy import stats

from workflow.rates.about_step import best, dispersion, drift, neighbours, second_step

RNG = np.random.default_rng(3)
SERIES = np.vstack([RNG.poisson(4, (20, 15)), RNG.poisson(0.1, (10, 15)), np.zeros((1, 15), int)])


def log_likelihood(y: np.ndarray) -> float:
    return float(stats.poisson(y.mean()).logpmf(y).sum()) if len(y) and y.sum() else 0.0


def gains(y: np.ndarray) -> list[float]:
    return [log_likelihood(y[:k]) + log_likelihood(y[k:]) for k in range(1, len(y))]


@pytest.mark.parametrize("y", SERIES)
def test_the_best_step_is_that_of_all_boundaries_tried(y: np.ndarray) -> None:
    found = int(best(y[None])[0])
    assert gains(y)[found - 1] == pytest.approx(max(gains(y)), abs=1e-9)


@pytest.mark.parametrize("y", SERIES)
def test_what_is_left_is_that_of_plain_loops(y: np.ndarray) -> None:
    k, t = int(best(y[None])[0]), np.arange(len(y))
    mean = np.where(t < k, y[:k].mean(), y[k:].mean())
    left = np.divide(y - mean, np.sqrt(mean), out=np.zeros(len(y)), where=mean > 0)
    assert dispersion(y[None])[0] == pytest.approx((left**2).sum() / (len(y) - 2))
    if (left**2).sum() > 0:
        expected = (left[1:] * left[:-1]).sum() / (left**2).sum()
        assert neighbours(y[None])[0] == pytest.approx(expected)
        away = t - np.where(t < k, t[:k].mean(), t[k:].mean())
        slope = (away * (y - mean)).sum() / np.sqrt((mean * away**2).sum())
        assert drift(y[None])[0] == pytest.approx(slope)
    halves = [(part, gains(part)) for part in (y[:k], y[k:]) if len(part) > 1]
    most = max(max(tried) - log_likelihood(part) for part, tried in halves)
    assert second_step(y[None])[0] == pytest.approx(max(most, 0), abs=1e-9)


def test_each_sees_what_it_is_for() -> None:
    """Beyond the largest of 2,000 series of one step."""
    t = np.arange(100)
    sound = RNG.poisson(np.where(t < 50, 8.0, 3.0), (2000, 100))
    clumped = 5 * RNG.poisson(np.where(t < 50, 2.0, 0.6), (1, 100))
    waves = RNG.poisson(6 * np.exp(np.sin(t / 6)), (1, 100))
    falling = RNG.poisson(20 * 0.1 ** (t / 99), (1, 100))
    humped = RNG.poisson(np.where((t > 30) & (t < 60), 12.0, 3.0), (1, 100))
    assert dispersion(clumped)[0] > dispersion(sound).max()
    assert neighbours(waves)[0] > neighbours(sound).max()
    assert drift(falling)[0] < drift(sound).min()
    assert second_step(humped)[0] > second_step(sound).max()
    assert dispersion(sound).mean() == pytest.approx(1, abs=0.02)
