"""The exact posterior, and where it flips: against published numbers, quadrature and properties."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy import integrate, stats

from workflow.deciding.threshold import NOT_SHOWN, Rule
from workflow.rates.beta_binomial import (
    CONFLICT,
    Count,
    beta_prior,
    changes,
    conflicting,
    extended,
    find_flips,
    moved,
    posterior,
    predictive_tail,
    surface,
)

COUNT, RULE = Count(437, 980), Rule(0.485, 0.95)
BELOW, ABOVE = RULE.below, RULE.above


def test_posterior_is_prior_times_likelihood() -> None:
    def joint(theta: float) -> float:
        return stats.beta(3, 7).pdf(theta) * stats.binom(12, theta).pmf(9)

    total = integrate.quad(joint, 0, 1)[0]
    for theta in (0.2, 0.5, 0.7):
        assert posterior(Count(9, 12), 0.3, 10).pdf(theta) == pytest.approx(joint(theta) / total)
    assert beta_prior(0.3, 10).mean() == pytest.approx(0.3)


@pytest.mark.parametrize(("mean", "strength"), [(0.485, 20), (0.4, 200), (0.8, 200)])
def test_predictive_tail(mean: float, strength: float) -> None:
    exact = stats.betabinom(980, mean * strength, (1 - mean) * strength)
    tail = min(exact.cdf(437), exact.sf(436))
    assert predictive_tail(COUNT, mean, strength) == pytest.approx(tail, abs=2e-4)


def test_moved() -> None:
    assert [moved(0.485, by) for by in (-0.4, -0.2, 0, 0.2, 0.4)] == [0.39, 0.44, 0.485, 0.53, 0.58]
    assert moved(0.485, 1.45) == 0.8
    assert moved(0.001, 0.2) == 0.0012
    assert moved(0.999, -0.2) == 0.9988


def test_flip_at_the_reference_is_a_root() -> None:
    """Near a strength of 1200, as the published case has it; from there on it is not shown."""
    (start, weak), (flip, strong) = changes(COUNT, RULE, 0.485)
    assert (start, weak, strong) == (1, BELOW, NOT_SHOWN)
    assert flip == pytest.approx(1194.62, abs=0.01)
    assert posterior(COUNT, 0.485, flip).cdf(0.485) == pytest.approx(0.95, abs=1e-9)


def test_a_prior_on_the_other_side_flips_twice() -> None:
    assert [side for _, side in changes(COUNT, RULE, 0.53)] == [BELOW, NOT_SHOWN, ABOVE]
    assert changes(COUNT, RULE, 0.44) == [(1, BELOW)]


@pytest.mark.parametrize("mean", [0.7, 0.72, 0.74, 0.76, 0.78])
def test_both_limits_within_one_step_of_the_search(mean: float) -> None:
    """With a thousand million trials one side follows on the other almost at once."""
    for data, prior, sides in (
        (0.4, mean, [BELOW, NOT_SHOWN, ABOVE]),
        (0.6, 1 - mean, [ABOVE, NOT_SHOWN, BELOW]),
    ):
        found = changes(Count(data * 1e9, 1e9), RULE, prior)
        assert [side for _, side in found] == sides
        assert found[1][0] < found[2][0] < 1.006 * found[1][0]


@given(
    st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.floats(0.05, 0.95),
    st.floats(0.05, 0.95),
    st.floats(0.6, 0.99),
)
@settings(max_examples=40, deadline=None)
def test_changes_are_the_decisions_on_either_side(
    counted: tuple[int, int], mean: float, reference: float, sure: float
) -> None:
    count, rule = Count(*counted), Rule(reference, sure)
    found = changes(count, rule, mean)
    ends = [at for at, _ in found[1:]] + [1e9]
    for (start, side), end in zip(found, ends, strict=True):
        inside = np.sqrt(start * end)
        if end / start > 1.02:
            assert rule.side(float(posterior(count, mean, inside).cdf(reference))) == side
    assert all(a[1] != b[1] for a, b in pairwise(found))


def test_flips_and_the_grid_that_reaches_them() -> None:
    flips = find_flips(COUNT, RULE, (-0.2, 0.0, 0.2))
    assert list(flips.course) == [0.44, 0.485, 0.53]
    assert flips.at == flips.until == pytest.approx(1194.62, abs=0.01)
    assert extended((2, 20, 200), flips.until) == (2, 20, 200, 500, 1000, 2000)
    none = find_flips(Count(48, 100), RULE, (-0.2, 0.0, 0.2))
    assert none.at is None
    assert none.until == min(none.course[m][1][0] for m in (0.44, 0.53))


def test_extended() -> None:
    assert extended((2, 20, 200), 0) == extended((2, 20, 200), 200) == (2, 20, 200)
    far = extended((2, 20, 200), 3e7)
    assert far[-1] == 5e7
    assert len(far) <= 3 + 6
    assert extended((2, 20, 200), 1e12)[-1] == 5e9


def test_surface_is_the_posterior_and_contains_the_priors() -> None:
    found = surface(COUNT, RULE, [0.39, 0.58], [2, 2000])
    mean, strength = found["prior_mean"].to_numpy(), found["prior_strength"].to_numpy()
    assert 0 < mean[0] < 0.39
    assert 0.58 < mean[-1] < 1
    assert strength[0] <= 1
    assert strength[-1] >= 2000
    exact = posterior(COUNT, mean[7], strength[80]).cdf(0.485)
    assert float(found[7, 80]) == pytest.approx(exact)


@pytest.mark.parametrize(
    ("count", "reference"),
    [(COUNT, 0.485), (Count(600, 980), 0.485), (Count(0, 1), 0.5), (Count(1, 1), 0.001)],
)
def test_conflicting_is_on_the_other_side_and_in_conflict(count: Count, reference: float) -> None:
    mean, strength = conflicting(count, Rule(reference, 0.95))
    assert (mean > reference) == (count.rate <= reference)
    assert predictive_tail(count, mean, strength) < CONFLICT


def test_conflicting_for_the_shipped_data() -> None:
    assert conflicting(COUNT, RULE) == (0.8, 200)
