"""What is decided of a change of a rate, and by which ends: exact, and by draws."""

import math

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from tests.cases.coal_rate import YEARS, Y
from workflow.checking.exact import Known, farthest
from workflow.deciding.decision import UNDECIDED
from workflow.predicting.counts import next_periods
from workflow.quantities import summarise
from workflow.rates.changed import CHANGED, FALLEN, RISEN, SAME, Rule, told
from workflow.rates.step import Step

COAL = Step(Y, YEARS.astype(float), 1.0, 1.0)
RULE = Rule(COAL, 10.0, 0.95)


def of(*counts: int, mean: float = 5.0) -> Step:
    return Step(np.array(counts), np.arange(float(len(counts))), mean, 1.0)


@pytest.mark.parametrize(
    ("log", "fallen", "decision"),
    [
        (math.log(10.1), 0.96, FALLEN),
        (math.log(10.1), 0.04, RISEN),
        (math.log(10.1), 0.5, CHANGED),
        (math.log(9.9), 1.0, UNDECIDED),
        (-math.log(9.9), 0.0, UNDECIDED),
        (-math.log(10.1), 1.0, SAME),
    ],
)
def test_the_rule(log: float, fallen: float, decision: str) -> None:
    assert RULE.named(log, fallen) == decision


def test_the_rule_by_draws_knows_the_prior_of_the_draws() -> None:
    """Nearly sure, a draw more or less decides; under an absurd prior the evidence is another."""
    below = np.full((4, 500), -1.0)
    below[:, :25] = 1.0  # .95 of the draws have fallen
    drawn = xr.Dataset(
        {"log_ratio": (("chain", "draw"), np.random.default_rng(1).permuted(below, axis=1))}
    )
    assert set(RULE.decide(drawn)) == {FALLEN, CHANGED}
    drawn.attrs["prior"] = {"prior_mean": 1e-4, "prior_shape": 50.0}
    evidence = COAL.under(**drawn.attrs["prior"]).log_bayes_factor
    assert RULE.decide(drawn)[0] == RULE.named(evidence, 0.95)
    assert abs(evidence) < COAL.log_bayes_factor


def test_turned_round_in_time_what_fell_has_risen() -> None:
    back = Step(Y[::-1].copy(), YEARS.astype(float), 1.0, 1.0)
    assert RULE.of(COAL) == FALLEN
    assert RULE.of(back) == RISEN
    assert back.log_bayes_factor == pytest.approx(COAL.log_bayes_factor, abs=1e-9)
    assert back.known()["log_ratio"].mean == pytest.approx(-COAL.known()["log_ratio"].mean)


def test_a_period_that_is_not_whole_is_found_by_the_others() -> None:
    """By the negative binomial probability of its count, where there is one boundary."""
    step = of(20, 22, 4)
    rest = of(20, 22)
    a, b = 1 + 22, 1 / 5 + 1
    assert rest.after[0][0] == a
    first, last = step.tails_of_ends()
    assert last == pytest.approx(stats.nbinom(a, b / (b + 1)).cdf(4), rel=1e-12)
    assert last < 0.001 < first


def test_very_large_counts_and_none() -> None:
    huge = of(*np.random.default_rng(1).poisson(1e8, 30), mean=1e8)
    assert huge.weights.sum() == pytest.approx(1)
    assert RULE.of(huge) == SAME
    assert huge.known()["rate_before"].lower < 1e8 * 1.001
    nothing = of(*[0] * 20, mean=0.05)
    assert RULE.of(nothing) == UNDECIDED
    assert nothing.prob_fallen() == pytest.approx(0.5)
    assert told(800.0)["bayes_factor_change"].value == math.inf
    assert told(800.0)["log_bayes_factor_change"].value == 800


def test_a_quantity_with_steps_is_compared_by_its_mean() -> None:
    """Draws that are all the same are right where others hardly happen, and wrong else."""
    same = summarise(xr.Dataset({"x": (("chain", "draw"), np.full((4, 500), 1961.0))}))["x"]
    assert farthest(same, Known(1961 + 1e-9, 3e-5, 1961, 1961, 1961, step=1)) < 1
    assert farthest(same, Known(1962, 1e-3, 1962, 1962, 1962, step=1)) > 100
    rng = np.random.default_rng(2)
    drawn = xr.Dataset({"x": (("chain", "draw"), rng.binomial(3, 0.5, (4, 500)).astype(float))})
    assert farthest(summarise(drawn)["x"], Known(1.5, 0.866, 1, 0, 3, step=1)) < 4
    assert farthest(summarise(drawn)["x"], Known(1.7, 0.866, 2, 0, 3, step=1)) > 4


def test_the_next_periods_are_a_mixture_of_poisson() -> None:
    """Of Gamma draws: negative binomial."""
    rate = stats.gamma(20, scale=0.1).ppf((np.arange(20_000) + 0.5) / 20_000)
    found, exact = next_periods(rate, 5), stats.nbinom(20, 10 / (10 + 5))
    assert found.mean == pytest.approx(exact.mean(), rel=1e-3)
    assert found.sd == pytest.approx(exact.std(), rel=1e-3)
    assert (found.lower, found.upper) == (exact.ppf(0.025), exact.ppf(0.975))
