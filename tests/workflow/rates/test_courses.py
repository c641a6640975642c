"""Other courses of a rate than one step: their evidence by integrals and sums, and what is told."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats
from scipy.special import gammaln, logsumexp

from tests.cases.coal_rate import OWN
from workflow.rates.courses import AT_ONCE, BIT_BY_BIT, OPEN, TWICE, Courses, Two
from workflow.rates.step import Step
from workflow.rates.trend import Trend, _quantiles


def of(y: np.ndarray, mean: float | None = None, shape: float = 1.0) -> Step:
    usual = max(float(y.mean()), 1 / len(y)) if mean is None else mean
    return Step(y, np.arange(float(len(y))), usual, shape)


@pytest.mark.parametrize("y", [[3, 0, 4, 9], [9, 2, 0], [0, 0, 1, 0, 0]])
def test_the_evidence_of_a_trend_is_an_integral_over_both_rates(y: list[int]) -> None:
    """By Gauss-Legendre in both logarithms, of Poisson probabilities, whatever is in the code."""
    u, prior = np.linspace(0, 1, len(y)), stats.gamma(2, scale=0.75)
    nodes, weights = np.polynomial.legendre.leggauss(500)
    log = -25 + 14.5 * (nodes + 1)  # from -25 to 4
    along = 14.5 * weights * np.exp(log) * prior.pdf(np.exp(log))
    rates = np.exp(log[:, None, None] * (1 - u) + log[:, None] * u)
    value = along @ stats.poisson(rates).pmf(y).prod(-1) @ along
    found = Trend(of(np.array(y), 1.5, 2.0)).log_evidence
    assert found - gammaln(np.array(y) + 1).sum() == pytest.approx(math.log(value), abs=1e-8)


def test_with_two_periods_a_trend_is_a_step() -> None:
    for y in ([0, 0], [3, 40], [10**6, 10**5]):
        assert Courses(of(np.array(y)), 10).log_factors[BIT_BY_BIT] == pytest.approx(0, abs=1e-7)


def part(counts: np.ndarray) -> float:
    """Log evidence of one rate with the prior Gamma of mean 1.5 and shape 2, count after count."""
    total, a, b = 0.0, 2.0, 2.0 / 1.5
    for one in counts:
        total += stats.nbinom(a, b / (b + 1)).logpmf(one)
        a, b = a + one, b + 1
    return total


def test_the_evidence_of_two_steps_is_a_sum_over_pairs() -> None:
    """Each part by a chain of negative binomial probabilities, one period after the other."""
    y = np.array([0, 3, 1, 7, 2, 1])
    step = of(y, 1.5, 2.0)
    pairs = list(itertools.combinations(range(1, 6), 2))
    each = [sum(map(part, np.split(y, pair))) for pair in pairs]
    log, best = Two(step).found
    assert log - gammaln(y + 1).sum() == pytest.approx(logsumexp(each) - math.log(len(pairs)))
    assert best == pairs[int(np.argmax(each))]
    a, b = best
    none = log - gammaln(y + 1).sum() - part(y)
    assert Courses(step, 10).best == TWICE
    assert Courses(step, 10).against_none() == pytest.approx(none)
    assert Two(step).rates()[1] == pytest.approx((2 + y[a:b].sum()) / (2 / 1.5 + b - a))


def test_of_coal_mines_a_step_and_a_slow_fall_are_not_told_apart() -> None:
    """FINDING: the date of 1891 rests on the assumption of one step, not on the counts alone."""
    courses = Courses(OWN, 10)
    assert courses.log_factors[BIT_BY_BIT] == pytest.approx(-1.3909, abs=1e-4)
    assert courses.log_factors[TWICE] == pytest.approx(1.4818, abs=1e-4)
    assert courses.told() == OPEN


@pytest.mark.parametrize(
    ("course", "told"), [("step", AT_ONCE), ("fall", BIT_BY_BIT), ("bump", TWICE), ("wave", TWICE)]
)
def test_the_course_that_was_put_in_is_told(course: str, told: str) -> None:
    """At a hundred periods of 20 events never another one, in forty files."""
    t, rng = np.linspace(0, 1, 100), np.random.default_rng(2026)
    rate = {
        "step": np.where(t < 0.4, 20, 10),
        "fall": 20 * np.exp(-1.5 * t),
        "bump": np.where((t > 0.3) & (t < 0.6), 10, 20),
        "wave": 20 * np.exp(0.7 * np.sin(2 * np.pi * t)),
    }[course]
    found = [Courses(of(rng.poisson(rate)), 10).told() for _ in range(40)]
    assert set(found) <= {told, OPEN}
    assert found.count(told) >= 36


def test_what_stays_is_called_nothing_else() -> None:
    """With the prior of the file, no other course reaches ten times the evidence of none."""
    rng = np.random.default_rng(5)
    over = [Courses(of(rng.poisson(5, 60)), 10).against_none() >= math.log(10) for _ in range(200)]
    # By the definition of a Bayes factor at most one in ten, for each of the two; hardly any here.
    assert sum(over) <= 8


def test_a_trend_that_is_turned_round_and_other_units_of_time() -> None:
    y = np.random.default_rng(3).poisson(20 * np.exp(-np.linspace(0, 1.5, 80)))
    one, back = Trend(of(y)), Trend(of(y[::-1].copy()))
    assert one.log_evidence == pytest.approx(back.log_evidence, abs=1e-6)
    assert one.prob_fallen() == pytest.approx(1 - back.prob_fallen(), abs=1e-9)
    assert one.quantiles()["first"] == pytest.approx(back.quantiles()["last"], rel=1e-3)
    lower, upper = one.quantiles()["ratio"][1:]
    assert lower < math.exp(-1.5) < upper


def test_quantiles_of_weights_that_are_alike() -> None:
    middle, lower, upper = _quantiles(np.array([3.0, 1, 0, 2, 4]), np.full(5, 0.2))
    assert middle == pytest.approx(2)
    assert lower + upper == pytest.approx(4)


def test_the_reach_over_priors_has_each_prior() -> None:
    courses = Courses(OWN, 10)
    reach = courses.reach(prior_mean=[1.0, 4.0], prior_shape=[1.0])
    other = Courses(OWN.under(prior_mean=4.0, prior_shape=1.0), 10).log_factors
    for course, log in courses.log_factors.items():
        assert reach[course] == (min(log, other[course]), max(log, other[course]))


def test_no_events_and_very_many() -> None:
    nothing = Courses(of(np.zeros(300, dtype=int)), 10)
    assert nothing.told() == OPEN
    assert nothing.against_none() < 1
    huge = Courses(of(np.array([10**8, 2 * 10**8, 10**8])), 10)
    assert huge.told() == TWICE
    assert huge.trend.quantiles()["ratio"] == pytest.approx([1, 1, 1], abs=1e-3)
