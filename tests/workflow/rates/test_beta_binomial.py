"""The exact posterior of one rate: against quadrature and scipy's beta-binomial."""

import pytest
from scipy import integrate, stats

from workflow.checking.conflict import PLAIN
from workflow.deciding.threshold import Rule
from workflow.rates.beta_binomial import (
    Count,
    beta_prior,
    conflicting,
    expects,
    moved,
    plane,
    posterior,
    predictive_tail,
    surface,
)

COUNT, RULE = Count(437, 980), Rule(0.485, 0.95)


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


def test_surface_is_the_posterior_and_contains_the_priors() -> None:
    found = surface(COUNT, RULE, [0.39, 0.58], [2, 2000])
    mean, strength = found["prior_mean"].to_numpy(), found["prior_strength"].to_numpy()
    assert 0 < mean[0] < 0.39
    assert 0.58 < mean[-1] < 1
    assert strength[0] <= 1
    assert strength[-1] >= 2000
    exact = posterior(COUNT, mean[7], strength[80]).cdf(0.485)
    assert float(found[7, 80]) == pytest.approx(exact)
    knobs, own = ({"prior_mean": m, "prior_strength": s} for m, s in ((0.39, 2.0), (0.58, 2000.0)))
    assert plane(COUNT, RULE, {name: [one] for name, one in knobs.items()}, own).equals(found)


@pytest.mark.parametrize(
    ("count", "reference"),
    [(COUNT, 0.485), (Count(600, 980), 0.485), (Count(0, 1), 0.5), (Count(1, 1), 0.001)],
)
def test_conflicting_is_on_the_other_side_and_in_conflict(count: Count, reference: float) -> None:
    mean, strength = conflicting(count, Rule(reference, 0.95))
    assert (mean > reference) == (count.rate <= reference)
    assert predictive_tail(count, mean, strength) < PLAIN


def test_conflicting_for_the_shipped_data() -> None:
    assert conflicting(COUNT, RULE) == (0.8, 200)


def test_what_a_prior_expects() -> None:
    (low, high), below = expects(RULE, 0.485, 20)
    prior = stats.beta(9.7, 10.3)
    assert prior.cdf([low, high]) == pytest.approx([0.025, 0.975])
    assert below == pytest.approx(prior.cdf(0.485))
