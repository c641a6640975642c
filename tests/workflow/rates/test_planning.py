"""Plans: one rate against every count, arms against every pair of counts, and sizes in between."""

import math
from functools import partial
from itertools import product

import numpy as np
import pytest
from scipy import stats

from tests.conftest import SEED
from workflow.rates import planning
from workflow.rates.arms_in_time import Seen
from workflow.rates.fairness import GO_ON, Fairness
from workflow.rates.planning import (
    Plan,
    Size,
    averaged,
    enough,
    of_arms,
    of_one_rate,
    of_shares,
    plan,
)
from workflow.rates.ratio import Ratio, log_bayes_factor

FAIR = Fairness("heads", 0.05, 0.95)


def decided(k: np.ndarray, n: int) -> np.ndarray:
    return FAIR.decisions(2 + k, 2 + n - k)


@pytest.mark.parametrize(("n", "rate"), [(7, 0.9), (150, 0.65), (4000, 0.5)])
def test_one_rate_is_the_sum_over_all_counts(n: int, rate: float) -> None:
    decides = right = 0.0
    truth = 1 if rate == 0.5 else 2
    for k in range(n + 1):
        p, made = stats.binom(n, rate).pmf(k), FAIR.exact(2 + k, 2 + n - k)
        decides += p * (made != GO_ON)
        right += p * (made == FAIR.sides[truth])
    found = of_one_rate(n, decided, truth, rate)
    assert (found.decides, found.right) == pytest.approx((decides, right), abs=1e-12)


def test_averaged_over_the_prior_is_beta_binomial() -> None:
    n = 60
    p = stats.betabinom(n, 2, 2).pmf(np.arange(n + 1))
    expected = p[decided(np.arange(n + 1), n) >= 0].sum()
    found = averaged(n, lambda m, rate: of_one_rate(m, decided, None, rate), 2, 2)
    assert found.decides == pytest.approx(expected, abs=1e-3)


def test_arms_are_what_every_pair_of_counts_adds_up_to() -> None:
    n, rates = 25, (0.3, 0.6)
    decides = right = 0.0
    for k in product(range(n + 1), repeat=2):
        p = float(np.prod(stats.binom(n, rates).pmf(k)))
        arm = int(Seen(np.full(2, n), np.array(k, float), 1, 4).chosen(0.01))
        decides += p * (arm >= 0)
        right += p * (arm == 1)
    many = np.tile(rates, (4000, 1))
    found = of_arms(n, many, 0.01, 1, 4, seed=SEED)
    for share, expected in ((found.decides, decides), (found.right, right)):
        assert abs(share - expected) < 4 * math.sqrt(expected * (1 - expected) / 4000)
    low, high = found.interval
    assert low < found.decides < high


def test_rates_with_and_without_a_lift() -> None:
    stated = planning.rates_of(0.05, 3, 0.01, 0.1, seed=SEED)
    assert np.unique(stated, axis=0).tolist() == [[0.05, 0.05 + 0.01, 0.05]]
    drawn = planning.rates_of(0.05, 2, None, 0.2, seed=SEED)
    odds = np.log(drawn[:, 1] / (1 - drawn[:, 1])) - math.log(0.05 / 0.95)
    assert np.all(drawn[:, 0] == 0.05)
    assert abs(odds.std() / 0.2 - 1) < 4 / math.sqrt(2 * len(odds))


def test_the_smallest_size_is_found_by_halves() -> None:
    def size(n: int) -> Size:
        return Size(n, float(-np.expm1(-n / 700)), 0.0)

    found = plan(size, 0.8)
    assert found.enough == pytest.approx(700 * math.log(5), rel=0.01)
    assert enough(found, size, 0.5) == pytest.approx(700 * math.log(2), rel=0.01)
    never = plan(partial(Size, decides=0.3, right=0.1), 0.8)
    assert never.enough is None
    assert isinstance(never, Plan)
    assert never.sizes[-1].n <= planning.LAST


def test_shares_are_what_every_count_adds_up_to() -> None:
    """Two kinds, 40 of both: every count with its probability; a truth beyond, and one within."""
    n, ratio = 40, Ratio(("a", "b"), np.array([0.5, 0.5]), 0.15, 0.85, 1.5)
    k = np.arange(n + 1)
    counts = np.stack([k, n - k], axis=1)
    outside, factor = ratio.outside(counts + 1), log_bayes_factor(counts, ratio.expected, 1)
    decided = ratio.decisions(factor, outside)
    for rate, right in ((0.75, decided == 2), (0.5, (decided == 0) | (decided == 1))):
        p = stats.binom(n, rate).pmf(k)
        many = np.tile([rate, 1 - rate], (4000, 1))
        found = of_shares(n, many, ratio, 1.0, seed=SEED)
        for share, expected in ((found.decides, p[decided >= 0]), (found.right, p[right])):
            whole = float(expected.sum())
            assert abs(share - whole) <= 4 * math.sqrt(whole * (1 - whole) / 4000) + 1e-12
    assert found.right > 0.1
