"""Bridge sampling against a density in closed form, for an outlier and for a row on the line.

The row is y = 0 ~ Normal(mu, 1); without it mu ~ Normal(m, v).
"""

import numpy as np
import pytest
from scipy import stats

from workflow.scoring import bridge
from workflow.scoring.bridge import bridged

SHAPE, SEEDS = (4, 250), 100


def drawn(m: float, v: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """log p(y | mu) for draws of mu with and without the row."""
    rng = np.random.default_rng(seed)
    whole = rng.normal(m / (1 + v), np.sqrt(v / (1 + v)), SHAPE)
    rest = rng.normal(m, np.sqrt(v), SHAPE)
    return stats.norm(whole).logpdf(0), stats.norm(rest).logpdf(0)


@pytest.mark.parametrize(("m", "v"), [(0.5, 0.2), (6.0, 1.5)])
def test_errors_hold_and_are_smaller_than_those_of_a_refit_alone(m: float, v: float) -> None:
    exact = stats.norm(m, np.sqrt(1 + v)).logpdf(0)
    found = []
    for seed in range(SEEDS):
        whole, rest = drawn(m, v, seed)
        log_p, error = bridged(whole, rest)
        found.append((log_p - exact, error, np.log(np.exp(rest).mean()) - exact))
    off, errors, alone = np.array(found).T
    assert np.sqrt(np.mean((off / errors) ** 2)) == pytest.approx(1, abs=4 / np.sqrt(2 * SEEDS))
    assert (np.abs(off) > 2 * errors).mean() < 0.05 + 4 * np.sqrt(0.05 * 0.95 / SEEDS)
    assert np.std(off) < 0.9 * np.std(alone)


def test_a_density_that_is_the_same_for_all_draws_is_known() -> None:
    log_p, _ = bridged(np.full((2, 50), -3.0), np.full((4, 70), -3.0))
    assert log_p == pytest.approx(-3, abs=1e-9)


def test_of_posteriors_with_nothing_in_common_only_bounds_are_claimed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An outlier at 9 sds: a mean over the draws without it is 10 nats off, with an error of 1.

    By Markov's inequality the bounds, at two errors, may fail in a tenth (300 seeds: .3%).
    """
    monkeypatch.setattr(bridge, "STEPS", 1)  # the sum that cannot be found need not be looked for
    exact, missed, alone = stats.norm(9, np.sqrt(1.25)).logpdf(0), 0, []
    for seed in range(50):
        rng = np.random.default_rng(seed)
        draws = rng.normal(1.8, np.sqrt(0.2), SHAPE), rng.normal(9, 1, SHAPE)
        whole, rest = (stats.norm(mu, 0.5).logpdf(0) for mu in draws)
        log_p, error = bridged(whole, rest)
        assert 2 < error < 30
        missed += abs(log_p - exact) > 2 * error
        alone.append(np.log(np.exp(rest).mean()) - exact)
    assert missed <= 0.1 * 50
    assert np.mean(alone) < -5


def test_densities_of_any_size_do_not_overflow() -> None:
    whole, rest = drawn(0.5, 0.2, 1)
    log_p, error = bridged(whole, rest)
    far, same = bridged(whole - 2000, rest - 2000)
    assert far == pytest.approx(log_p - 2000, abs=1e-6)
    assert same == pytest.approx(error, rel=1e-6)
