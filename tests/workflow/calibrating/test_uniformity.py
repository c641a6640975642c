"""Uniformity of ranks: exact where there are two cells, and the promised error rates."""

import numpy as np
import pytest
from scipy.stats import binom, binomtest
from statsmodels.stats.multitest import multipletests

from workflow.calibrating.uniformity import NULL, band, ecdf, holm, null_gammas, p_value

N, DRAWS = 100, 100


@pytest.mark.parametrize("low", [6, 8, 11, 15])
def test_two_cells_are_a_binomial_test(low: int) -> None:
    """With one draw to be ranked among, p is the sum of all counts at least as far in the tails."""
    n = 24
    counts = np.arange(n + 1)
    tail = 2 * np.minimum(binom.cdf(counts, n, 0.5), binom.sf(counts - 1, n, 0.5))
    exact = binom.pmf(counts, n, 0.5)[tail <= tail[low] * (1 + 1e-9)].sum()
    found = p_value(np.array([0] * low + [1] * (n - low)), 1)
    assert abs(found - exact) < 4 * np.sqrt(exact * (1 - exact) / NULL) + 1 / NULL


def test_uniform_ranks_are_rejected_as_often_as_said() -> None:
    rng = np.random.default_rng(1)
    p = [p_value(rng.integers(0, DRAWS + 1, N), DRAWS) for _ in range(4000)]
    for level in (0.01, 0.05, 0.5):
        found = binomtest(int(np.sum(np.array(p) <= level)), len(p), level)
        assert found.proportion_ci(0.9999).low <= level  # ties make it a little too seldom


@pytest.mark.parametrize(("a", "b"), [(0.6, 0.6), (2, 2), (1.5, 1)])
def test_other_ranks_are_rejected(a: float, b: float) -> None:
    """Posteriors too narrow, too wide, and shifted."""
    rng = np.random.default_rng(2)
    ranks = (101 * rng.beta(a, b, 400)).astype(int)
    assert p_value(ranks, DRAWS) < 1e-3


def test_the_band_is_where_the_p_value_changes_sides() -> None:
    """A sample is inside the 95% band everywhere where its p-value is above .05, and only there."""
    rng = np.random.default_rng(3)
    lower, upper = band(N, DRAWS, 0.95)
    edge = np.quantile(null_gammas(N, DRAWS), 0.05)
    both = []
    for _ in range(400):
        ranks = (101 * rng.beta(1.2, 1, N)).astype(int)
        found = ecdf(ranks, DRAWS)
        inside = bool(((lower <= found) & (found <= upper)).all())
        p = p_value(ranks, DRAWS)
        if abs(p - 0.05) > 0.01:
            assert inside == (p > 0.05)
            both.append(inside)
    assert 0.1 < np.mean(both) < 0.9
    assert 0 < edge < 0.05


def test_ecdf_counts_ranks_below() -> None:
    assert ecdf(np.array([0, 0, 2, 3]), 3) == pytest.approx([0.5, 0.5, 0.75])


def test_holm_is_that_of_statsmodels() -> None:
    p = np.random.default_rng(4).uniform(0, 0.2, 12)
    names = [f"q{i}" for i in range(12)]
    found = holm(dict(zip(names, p.tolist(), strict=True)))
    expected = multipletests(p, method="holm")[1]
    assert [found[name] for name in names] == pytest.approx(list(expected))
