"""Predictive checks and PIT: calibrated predictions pass, others do not, saturated ones cannot."""

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from tests.conftest import SEED
from workflow.checking.advising import UNDEFINED, of_conflict, of_misfit
from workflow.checking.checks import SATURATED, pit, posterior_check, prior_check
from workflow.checking.status import Status

Tree = xr.DataTree


def predictive(y: np.ndarray, drawn: np.ndarray, group: str = "posterior_predictive") -> Tree:
    """Return a tree with data `y` (obs) and predictive draws (draw, obs)."""
    predicted = xr.Dataset({"y": (("chain", "draw", "obs"), drawn[None])})
    return Tree.from_dict({"observed_data": xr.Dataset({"y": ("obs", y)}), group: predicted})


STATISTICS: dict[str, Callable[[xr.DataArray, xr.Dataset], xr.DataArray]] = {
    "variance": lambda y, given: y.var("obs"),
    "share of zeros": lambda y, given: (y == 0).mean("obs"),
}


def test_calibrated_predictions_pass_and_overdispersion_does_not() -> None:
    rng = np.random.default_rng(6)
    drawn = rng.poisson(4, size=(4000, 200))
    fits = posterior_check(predictive(rng.poisson(4, 200), drawn), "y", STATISTICS)
    assert [one.result for one in fits] == [Status.PASS, Status.PASS]
    wide = rng.negative_binomial(2, 2 / 6, 200)
    fails = posterior_check(predictive(wide, drawn), "y", STATISTICS)
    assert [one.result for one in fails] == [Status.WARN, Status.WARN]
    assert fails[0].p < 0.005 < fits[0].p


def test_p_and_tail_count_ties() -> None:
    tree = predictive(np.array([1.0]), np.array([[0.0], [1.0], [1.0], [2.0]]))
    (one,) = posterior_check(tree, "y", {"y": lambda y, given: y.sum("obs")})
    assert (one.observed, one.p, one.tail, one.median) == (1, 0.5, 0.75, 1)


def test_saturated_says_that_it_cannot_fail() -> None:
    """Unless a strong prior holds its predictions away from the data."""
    drawn = np.random.default_rng(1).normal(size=(1000, 1))
    for observed, result in ((0.5, SATURATED), (9.0, Status.WARN)):
        tree = predictive(np.array([observed]), drawn)
        (one,) = posterior_check(tree, "y", {"y": lambda y, given: y.sum("obs")}, saturated=True)
        assert one.result == result


@pytest.mark.parametrize(("observed", "result"), [(2.0, Status.PASS), (3.5, Status.WARN)])
def test_prior_conflict_is_a_tail_below_one_percent(observed: float, result: Status) -> None:
    drawn = np.random.default_rng(7).normal(size=(4000, 1))
    for sign in (-1, 1):
        tree = predictive(np.array([sign * observed]), drawn, "prior_predictive")
        (one,) = prior_check(tree, "y", {"y": lambda y, given: y.sum("obs")})
        assert one.result is result


def test_pit_of_counts_is_uniform_only_when_randomised() -> None:
    rng = np.random.default_rng(8)
    rate = rng.gamma(2, 1, size=2000)
    drawn = rng.poisson(rate, size=(1000, 2000))
    found = pit(predictive(rng.poisson(rate), drawn), "y", seed=1)
    assert found.dims == ("obs",)
    assert stats.kstest(found, "uniform").pvalue > 1e-4
    off = pit(predictive(rng.poisson(1.3 * rate), drawn), "y", seed=1)
    assert stats.kstest(off, "uniform").pvalue < 1e-6


@pytest.mark.parametrize(("observed", "side"), [(9.0, "greater"), (-9.0, "smaller")])
def test_a_warning_says_on_which_side_the_data_are(observed: float, side: str) -> None:
    drawn = np.random.default_rng(1).normal(size=(1000, 1))
    for check, group in ((posterior_check, "posterior"), (prior_check, "prior")):
        tree = predictive(np.array([observed]), drawn, f"{group}_predictive")
        (one,) = check(tree, "y", {"y": lambda y, given: y.sum("obs")})
        assert one.result is Status.WARN
        assert side in one.advice
        (fine,) = check(
            predictive(np.array([0.0]), drawn, f"{group}_predictive"),
            "y",
            {"y": lambda y, given: y.sum("obs")},
        )
        assert (fine.result, fine.advice) == (Status.PASS, "")


def test_a_statistic_that_is_not_a_number_does_not_pass() -> None:
    """Comparisons with NaN are all false, and p = (0 + 1 - 0) / 2 looked perfect."""
    drawn = np.random.default_rng(1).normal(size=(1000, 1))
    few, many = drawn.copy(), drawn.copy()
    few[:10], many[:100] = np.nan, np.nan
    for observed, draws, result in (
        (0.0, few, Status.PASS),
        (0.0, many, Status.WARN),
        (np.nan, drawn, Status.WARN),
        (0.0, drawn[:0], Status.WARN),
    ):
        for check, group in ((posterior_check, "posterior"), (prior_check, "prior")):
            tree = predictive(np.array([observed]), draws, f"{group}_predictive")
            (one,) = check(tree, "y", {"y": lambda y, given: y.sum("obs", skipna=False)})
            assert one.result is result
            assert (one.advice == UNDEFINED) == (result is Status.WARN)


def test_advice_is_by_what_the_statistic_measures_and_by_the_side() -> None:
    assert "Student-t" in of_misfit("residuals: excess kurtosis", 0)
    assert "Student-t" not in of_misfit("residuals: excess kurtosis", 1)
    grows = of_misfit("residuals: size against prediction (correlation)", 0)
    assert "log() of the outcome" in grows
    assert "Poisson" not in grows
    assert "negative binomial" in of_misfit("variance / mean", 0)
    assert "--means" in of_misfit("one-step errors: correlation that comes again (season)", 0)
    assert "overshoots" in of_misfit("one-step errors: correlation with the one before", 1)
    assert "widen" in of_conflict("sd of price", 0)
    assert "widen" not in of_conflict("sd of price", 1)
    assert "narrow it" in of_conflict("sd of price", 1)


def test_statistics_of_the_prior_share_its_rate_of_false_alarms() -> None:
    """Data from the prior itself, six statistics: at .01 on either side each, 12% of pages warned.

    At most 2% are meant. Of 400, 8 are expected at most, and more than 20 have a probability of
    less than .0001.
    """
    rng = np.random.default_rng(SEED)
    statistics = {f"{i}": (lambda y, given, i=i: y.isel(row=i)) for i in range(6)}
    drawn = xr.DataArray(rng.normal(size=(1, 8000, 6)), dims=("chain", "draw", "row"))
    prior = drawn.to_dataset(name="y")
    warned = 0
    for _ in range(400):
        y = xr.DataArray(rng.normal(size=6), dims="row").to_dataset(name="y")
        tree = xr.DataTree.from_dict({"observed_data": y, "prior_predictive": prior})
        found = prior_check(tree, "y", statistics)
        warned += any(one.result is Status.WARN for one in found)
    assert warned <= 20
