"""Arms row by row: losses against one-dimensional integrals, the rule, looks by enumeration."""

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, strategies as st
from scipy import stats

from tests.conftest import SEED
from tests.exact import BetaBinomial, expected_excess, prob_above
from workflow.rates.arms_in_time import Seen, in_time, look, looked_at
from workflow.rates.experiment import as_good

PAIRS = [
    ((600, 54), (500, 60)),
    ((44_700, 8_502), (45_489, 8_279)),
    ((20, 3), (50_000, 9_000)),  # one that few saw beside one that many did
    ((0, 0), (1, 1)),
    ((10**6, 0), (10**6, 3)),
]


def seen(*arms: tuple[int, int], alpha: float = 1.0, beta: float = 4.0) -> Seen:
    visitors, events = np.array(arms, dtype=float).T
    return Seen(visitors, events, alpha, beta)


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_losses_and_best_are_exact(pair: tuple[tuple[int, int], tuple[int, int]]) -> None:
    one, other = (BetaBinomial(n, k, 1, 4) for n, k in pair)
    found = seen(*pair)
    scale = max(one.sd, other.sd)
    expected = [expected_excess(other, one)[0], expected_excess(one, other)[0]]
    assert found.losses() == pytest.approx(expected, abs=1e-6 * scale)
    p = prob_above(one, other)
    assert found.best() == pytest.approx([p, 1 - p], abs=1e-6)


def test_three_arms_by_independent_draws() -> None:
    arms = ((300, 40), (250, 41), (20, 2))
    found = seen(*arms)
    rng = np.random.default_rng(SEED)
    draws = np.stack([rng.beta(1 + k, 4 + n - k, size=400_000) for n, k in arms])
    loss = draws.max(0) - draws
    error = loss.std(1) / math.sqrt(loss.shape[1])
    assert np.all(np.abs(found.losses() - loss.mean(1)) < 4 * error)
    best = np.bincount(draws.argmax(0), minlength=3) / draws.shape[1]
    assert found.best().sum() == pytest.approx(1, abs=1e-8)
    assert np.all(np.abs(found.best() - best) < 4 * np.sqrt(best / draws.shape[1]))


counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@example([(40, 0), (400, 4), (200, 2)], 0.05)  # two that are as good: more saw the first
@given(st.lists(counts, min_size=2, max_size=4), st.sampled_from([0.001, 0.01, 0.05]))
def test_the_rule_is_that_of_the_page(arms: list[tuple[int, int]], limit: float) -> None:
    """`least_loss` in words of a table: of arms that are as good, the first that is cheap."""
    found, losses = seen(*arms), seen(*arms).losses()
    table = pd.DataFrame(arms, columns=["visitors", "conversions"]).assign(arm=range(len(arms)))
    least = int(losses.argmin())
    rivals = as_good(table, least)  # type: ignore[arg-type]
    cheap = [arm for arm in rivals if losses[int(arm)] < limit]
    expected = -1
    if losses[least] < limit:
        expected = int(cheap[0]) if cheap else -1 if rivals else least
    assert int(found.chosen(limit)) == expected


def test_looks_by_enumeration() -> None:
    """Two arms of 12 visitors that differ: every outcome with its probability, one look."""
    n, limit, rates = 12, 0.02, np.array([0.3, 0.5])
    rows = pd.DataFrame({"arm": ["a", "b"] * n, "conversions": 0})
    tests = np.tile(rates, (3000, 1))
    found = look(in_time(rows, ["a", "b"], 1, 4), tests, limit, seed=SEED)
    chosen = wrong = 0.0
    for k in product(range(n + 1), repeat=2):
        p = float(np.prod(stats.binom(n, rates).pmf(k)))
        arm = int(seen((n, k[0]), (n, k[1])).chosen(limit))
        chosen += p * (arm >= 0)
        wrong += p * (arm == 0)
    for share, expected in ((found.decided_at_end, chosen), (found.wrong_at_end, wrong)):
        assert abs(share.value - expected) < 4 * math.sqrt(expected * (1 - expected) / share.of)
    assert found.decided.count >= found.decided_at_end.count
    assert found.wrong.count > found.wrong_at_end.count


def test_rows_are_counted_in_their_order() -> None:
    rows = pd.DataFrame({"arm": list("aabab"), "conversions": [1, 0, 1, 1, 0]})
    found = in_time(rows, ["a", "b"], 1, 4)
    assert looked_at(5).tolist() == [1, 2, 3, 4, 5]
    assert (len(looked_at(10**6)), looked_at(10**6)[-1]) == (30, 10**6)
    assert found.visitors[-1].tolist() == [3, 2]
    assert found.events[-1].tolist() == [2, 1]
