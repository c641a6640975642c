"""Exact posteriors of a process: in pieces, one-sided against the noncentral t, costs by draws."""

import math

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from data.process_corridor import load
from workflow.process.capability import Capability
from workflow.process.conjugate import NOTHING, Known, Summary, summary_of
from workflow.process.limits import Limits, expected
from workflow.process.stakes import ADJUST, MEASURE, RUN_ON, Stakes
from workflow.process.stretches import stretches

RINGS, LIMITS = load().to_numpy(), Limits(5.49, 5.79)
PRIOR = Known(5.64, 0.1, 0.05, 1.0)
DRAWS = 400_000


def drawn(known: Known, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Return independent draws of mean and sd, by a chi-squared and a normal."""
    rng = np.random.default_rng(seed)
    sigma = known.spread * np.sqrt(known.spread_pieces / rng.chisquare(known.spread_pieces, DRAWS))
    return rng.normal(known.center, sigma / math.sqrt(known.pieces)), sigma


def test_pieces_come_in_any_batches() -> None:
    """One after the other, in halves, as a summary and at once: the same posterior."""
    whole = PRIOR.after(summary_of(RINGS))
    halves = PRIOR.after(summary_of(RINGS[:30])).after(summary_of(RINGS[30:]))
    single = PRIOR
    for x in RINGS:
        single = single.after(Summary(1, float(x), 0.0))
    pooled = PRIOR.after(summary_of(RINGS[:30]).pooled(summary_of(RINGS[30:])))
    for other in (halves, single, pooled):
        assert vars(other) == pytest.approx(vars(whole), rel=1e-12)
    assert summary_of(RINGS).pooled(None) == summary_of(RINGS)


def test_what_was_before_is_told_and_taken_up_again() -> None:
    first, second = summary_of(RINGS[:30]), summary_of(RINGS[30:])
    n, mean, sd = first.told().split(":")
    again = Summary(int(n), float(mean), float(sd))
    assert again == first
    knobs = {"mean_pieces": 0.1, "sd_pieces": 1.0}
    known = expected(LIMITS, None, again).under(**knobs).after(second)
    assert vars(known) == pytest.approx(vars(PRIOR.after(summary_of(RINGS))), rel=1e-12)
    nothing = expected(LIMITS, None, again).nothing(second)
    assert vars(nothing) == pytest.approx(vars(NOTHING.after(summary_of(RINGS))), rel=1e-12)


def test_without_a_prior_the_interval_of_the_mean_is_the_classical_one() -> None:
    known = NOTHING.after(summary_of(RINGS))
    error = RINGS.std(ddof=1) / math.sqrt(len(RINGS))
    classical = stats.t(len(RINGS) - 1, RINGS.mean(), error).interval(0.95)
    assert known.mu.interval(0.95) == pytest.approx(classical, rel=1e-12)
    pivot = (len(RINGS) - 1) * RINGS.var(ddof=1)
    low, high = np.sqrt(pivot / stats.chi2(len(RINGS) - 1).ppf((0.975, 0.025)))
    assert known.sigma.interval(0.95) == pytest.approx((low, high), rel=1e-9)


@pytest.mark.parametrize("asked", [0.5, 0.8, 1.0, 1.33])
@pytest.mark.parametrize("pieces", [5, 75, 100_000])
def test_one_limit_against_the_noncentral_t(asked: float, pieces: int) -> None:
    """With the other limit far away, sqrt(k) (upper - mu) / sigma is a ratio that scipy knows."""
    known = NOTHING.after(Summary(pieces, 5.6136, 0.0483132))
    upper, root = 5.6136 + 3 * 0.9 * 0.0483132, math.sqrt(pieces)
    nct = stats.nct(known.spread_pieces, 3 * asked * root)
    expected_ = nct.cdf(root * (upper - known.center) / known.spread)
    for limits in (Limits(-1e9, upper), Limits(-math.inf, upper, 5.6)):
        assert Capability(limits, known).prob_above(asked) == pytest.approx(expected_, abs=1e-7)


def test_a_limit_far_away_is_none() -> None:
    """Mean, sd and quantiles of cpk, the costs: the same to the digits of the rule."""
    known = PRIOR.after(summary_of(RINGS))
    for near, far in (
        (Limits(5.49, math.inf, 5.7), Limits(5.49, 1e6, 5.7)),
        (Limits(-math.inf, 5.79, 5.6), Limits(-1e6, 5.79, 5.6)),
    ):
        one, other = (Capability(limits, known) for limits in (near, far))
        assert vars(one.known_cpk()) == pytest.approx(vars(other.known_cpk()), rel=1e-8)
        assert one.probabilities() == pytest.approx(other.probabilities(), rel=1e-12)
        costs = [Stakes(limits, 10.0, 20.0, 5.0, 1000).exact(known) for limits in (near, far)]
        assert costs[0] == pytest.approx(costs[1], rel=1e-12)
        assert near.half == pytest.approx(abs(near.ends[0] - near.middle))


@pytest.mark.parametrize("limits", [Limits(5.49, math.inf, 5.7), Limits(5.49, 5.79, 5.6)])
def test_one_limit_or_an_aim_by_draws(limits: Limits) -> None:
    """Adjusting puts the mean where it is meant; cpk has the moments that draws have."""
    known = PRIOR.after(summary_of(RINGS[:20]))
    mu, sigma = drawn(known)
    mean, sd = Capability(limits, known).moments
    cpk, root = limits.cpk(mu, sigma), math.sqrt(DRAWS)
    assert abs(cpk.mean() - mean) < 4 * sd / root
    assert abs(((cpk - mean) ** 2).mean() - sd**2) < 4 * np.std((cpk - mean) ** 2) / root
    stakes = Stakes(limits, 10.0, 20.0, 5.0, 1000)
    adjusted = 20 + 10_000 * limits.outside(limits.aim or 0.0, sigma)
    assert abs(adjusted.mean() - stakes.exact(known)[ADJUST]) < 4 * adjusted.std() / root


@pytest.mark.parametrize(
    "known", [PRIOR.after(summary_of(x)) for x in (RINGS, RINGS[:5], RINGS[:5] + 0.2)]
)
def test_what_is_summed_up_is_what_draws_average(known: Known) -> None:
    """Moments and quantiles of cpk, the share outside and the costs, in errors of the draws."""
    mu, sigma = drawn(known)
    exact = Capability(LIMITS, known)
    cpk, outside = LIMITS.cpk(mu, sigma), LIMITS.outside(mu, sigma)
    root = math.sqrt(DRAWS)
    mean, sd = exact.moments
    assert abs(cpk.mean() - mean) < 4 * sd / root
    variance_error = np.std((cpk - mean) ** 2) / root
    assert abs(((cpk - mean) ** 2).mean() - sd**2) < 4 * variance_error
    for p in (0.025, 0.5, 0.975):
        share = (cpk < exact.quantile(p)).mean()
        assert abs(share - p) < 4 * math.sqrt(p * (1 - p)) / root
    next_outside = LIMITS.next_outside(known)
    assert abs(outside.mean() - next_outside) < 4 * outside.std() / root
    assert exact.expect(LIMITS.outside) == pytest.approx(next_outside, rel=1e-6)
    squares = (outside - next_outside) ** 2
    assert abs(squares.mean() - exact.sd_of_outside**2) < 4 * squares.std() / root

    stakes = Stakes(LIMITS, 10.0, 20.0, 5.0, 1000)
    costs, found = stakes.costs(mu, sigma), stakes.exact(known)
    for name, one in zip((RUN_ON, ADJUST), costs, strict=True):
        assert abs(one.mean() - found[name]) < 4 * one.std() / root, name
    least = np.minimum(*costs)
    assert abs(least.mean() + 5 - found[MEASURE]) < 4 * least.std() / root


def test_the_least_cost_decides_by_draws_as_exactly() -> None:
    """Each option is the best under some costs; and where it is a tie, draws say that."""
    known = PRIOR.after(summary_of(RINGS))
    mu, sigma = (one[:40_000].reshape(4, -1) for one in drawn(known))
    posterior = xr.Dataset({"mu": (("chain", "draw"), mu), "sigma": (("chain", "draw"), sigma)})
    for costs, expected_ in (
        ((10.0, 20.0, 5.0), ADJUST),
        ((10.0, 200.0, 5.0), RUN_ON),
        ((10.0, 40.0, 0.1), MEASURE),
    ):
        stakes = Stakes(LIMITS, *costs, 1000)
        exact, by_draws = stakes.exact(known), stakes.drawn(posterior)
        assert min(exact, key=lambda one: exact[one]) == expected_
        assert stakes.decided(known) == expected_
        assert stakes.decide(posterior) == (expected_,)
        for name, one in by_draws.items():
            assert abs(one.value - exact[name]) < 4 * one.mcse, name
    equal = 10_000 * (LIMITS.next_outside(known) - LIMITS.next_outside_if_centred(known))
    tied = Stakes(LIMITS, 10.0, equal, 1e6, 1000)
    assert set(tied.decide(posterior, errors=3)) == {RUN_ON, ADJUST}


def test_the_middle_is_where_fewest_are_outside() -> None:
    at = np.linspace(5.4, 5.9, 101)
    shares = LIMITS.outside(at, 0.05)
    assert at[shares.argmin()] == pytest.approx(LIMITS.middle)
    assert LIMITS.cpk(LIMITS.middle, LIMITS.half / 3) == pytest.approx(1)
    assert LIMITS.outside(LIMITS.middle, LIMITS.half / 3) == pytest.approx(2 * stats.norm.sf(3))


def test_stretches_have_their_own_posterior() -> None:
    found = stretches(RINGS, LIMITS, PRIOR)
    assert [one.label for one in found] == [
        "1 to 15",
        "16 to 30",
        "31 to 45",
        "46 to 60",
        "61 to 75",
    ]
    last = PRIOR.after(summary_of(RINGS[60:]))
    assert found[-1].outside == LIMITS.next_outside(last)
    assert found[-1].cpk.mean == Capability(LIMITS, last).moments[0]
    assert stretches(RINGS[:9], LIMITS, PRIOR) == []
    assert len(stretches(RINGS[:11], LIMITS, PRIOR)) == 2
