"""A trend: all three accounts are multivariate normal, and one of them is statsmodels' own."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats
from statsmodels.tsa.statespace.structural import UnobservedComponents

from analyses._seasonal import Course, held
from models._threads import one_thread
from models.river_level import local_level
from tests.conftest import SEED
from workflow.checking.exact import allowed, farthest
from workflow.quantities import summarise
from workflow.sampling.fit import fit_nuts
from workflow.series.account import Account
from workflow.series.accounts import Prior, Series
from workflow.series.changed import Rule, Verdict
from workflow.series.left_out import gained, scores_of
from workflow.series.levels import with_levels
from workflow.series.prior import log_prior
from workflow.series.seasonal import Seasonal, SeasonPrior, contrasts, flat

one_thread()
N, LAST = 40, 51
TIMES = np.sort(np.random.default_rng(SEED).choice(LAST + 1, N, replace=False))
TIMES = TIMES - TIMES[0]
OWN = {"noise": 1.0, "drift": 0.7, "start": 3.0, "start_sd": 5.0}
PRIOR = SeasonPrior(jump=2.0, slope_sd=0.4, **OWN)
SLOPE = 0.3


def values(rng: np.random.Generator) -> np.ndarray:
    """Return a level that drifts and goes up, seen with noise."""
    level = 3 + np.cumsum(0.4 * rng.normal(size=TIMES[-1] + 1))
    return level[TIMES] + SLOPE * TIMES + rng.normal(size=N)


Y = values(np.random.default_rng(SEED))
SERIES = Seasonal(Y, TIMES, PRIOR)


def statsmodels(noise: float, level: float) -> Any:
    """Return the results of its local linear deterministic trend, gaps and all."""
    y = np.full(TIMES[-1] + 1, np.nan)
    y[TIMES] = Y
    model = UnobservedComponents(y, "lldtrend")
    model.ssm.initialize_known(np.array([3.0, 0.0]), np.diag([25.0, PRIOR.slope_sd**2]))
    return model.smooth(np.square([noise, level]))


@pytest.mark.parametrize(("noise", "level"), [(0.5, 0.3), (1.2, 0.8), (0.9, 0.001)])
def test_a_level_that_drifts_along_a_trend_is_that_of_statsmodels(
    noise: float, level: float
) -> None:
    """To 1e-8: density, last level with its trend, slope, and what is to come."""
    known, variances = statsmodels(noise, level), (np.array([noise**2]), np.array([level**2]))
    density = SERIES.log_plane(*np.sqrt(variances))[0, 0]
    beside = log_prior(np.array([noise]), 1.0) + log_prior(np.array([level]), 0.7)
    assert density - beside[0] == pytest.approx(known.llf_obs.sum(), abs=1e-8)
    *_, joint = SERIES.ends(*variances)
    assert joint is not None
    for i, told in enumerate((joint.now(), joint.slope())):
        state = known.smoothed_state[i, -1], known.smoothed_state_cov[i, i, -1]
        assert np.ravel(told) == pytest.approx(state, abs=1e-8)
    ahead = known.get_forecast(7)
    for steps in (1, 7):
        mean, variance = joint.ahead(steps)
        assert mean[0] == pytest.approx(ahead.predicted_mean[steps - 1], abs=1e-8)
        whole = variance[0] + noise**2 + steps * level**2
        assert whole == pytest.approx(ahead.var_pred_mean[steps - 1], abs=1e-8)


def given(noise: float, jump: int | None, wanted: np.ndarray) -> tuple[float, float]:
    """Return mean and variance of a sum of first level, jump and slope (`wanted` says of which).

    By the joint normal distribution of these and of the values, at one sd of the noise.
    """
    late = np.zeros(N) if jump is None else (TIMES[jump] <= TIMES).astype(float)
    rows = np.column_stack([np.ones(N), late, TIMES])
    sds = np.array([PRIOR.start_sd, PRIOR.jump, PRIOR.slope_sd])
    whole = rows * sds**2 @ rows.T + noise**2 * np.eye(N)
    with_y = rows @ (sds**2 * wanted)
    gain = np.linalg.solve(whole, with_y)
    mean = wanted[0] * PRIOR.start + gain @ (Y - PRIOR.start)
    return float(mean), float(sds**2 @ wanted**2 - gain @ with_y)


@pytest.mark.parametrize("jump", [None, 10, 39])
def test_a_level_that_stays_or_jumps_beside_a_trend_is_conditional_normal(jump: int | None) -> None:
    """To 1e-8: level now, slope, and a value to come; and a jump less the trend."""
    noise, jumped = 0.8, float(jump is not None)
    one, last = np.array([[noise**2]]), float(TIMES[-1])
    parts = SERIES.whole if jump is None else SERIES.boundaries
    at = 0 if jump is None else jump - 1
    joint = parts.joint(one, (np.zeros(1, dtype=int), np.array([at])), PRIOR)
    assert joint is not None
    pairs = [
        (joint.now(), [1.0, jumped, last]),
        (joint.slope(), [0.0, 0.0, 1.0]),
        (joint.ahead(3), [1.0, jumped, last + 3]),
    ]
    if jump is not None:
        moved = parts.after(one, PRIOR)[2:]
        pairs.append(((moved[0][0, at], moved[1][0, at]), [0.0, 1.0, 0.0]))
    for told, wanted in pairs:
        assert np.ravel(told) == pytest.approx(given(noise, jump, np.array(wanted)), abs=1e-8)


def test_what_is_expected_if_it_jumps_has_the_trend() -> None:
    """The mean of levels at each value, over noise and boundary, by hand."""
    few = SERIES.first(6)
    noise, logs = few._jumps
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    told = np.zeros(6)
    for i, (variance,) in enumerate(noise):
        for b in range(5):
            if weights[i, b] < 1e-12:
                continue
            late = (TIMES[b + 1] <= TIMES[:6]).astype(float)
            rows = np.column_stack([np.ones(6), late, TIMES[:6]])
            sds = np.array([PRIOR.start_sd, PRIOR.jump, PRIOR.slope_sd])
            cov = rows * sds**2 @ rows.T
            gain = np.linalg.solve(cov + variance * np.eye(6), Y[:6] - PRIOR.start)
            told += weights[i, b] * (PRIOR.start + cov @ gain)
    assert few.expected_if_it_jumps() == pytest.approx(told, abs=1e-6)


def drawn(rng: np.random.Generator, account: str) -> tuple[Seasonal, dict[str, float]]:
    """Draw values of one account from the prior, with slope, last level, and the next value."""
    noise, step = (np.abs(one * rng.normal()) for one in (PRIOR.noise, PRIOR.drift))
    slope, length = PRIOR.slope_sd * rng.normal(), TIMES[-1] + 3
    level = np.full(length, PRIOR.start + PRIOR.start_sd * rng.normal())
    if account == "drifts":
        level[1:] += np.cumsum(step * rng.normal(size=length - 1))
    elif account == "jumps":
        level[TIMES[rng.integers(1, N)] :] += PRIOR.jump * rng.normal()
    y = level + slope * np.arange(length) + noise * rng.normal(size=length)
    told = {"slope": slope, "now": level[-3] + slope * TIMES[-1], "ahead": y[-1]}
    return Seasonal(y[TIMES], TIMES, PRIOR), told | {"change": level[-3] - level[0]}


@pytest.mark.parametrize("account", ["stays", "jumps", "drifts"])
def test_what_was_drawn_from_the_prior_has_any_quantile_alike(account: str) -> None:
    """Simulation-based calibration, of the exact posteriors."""
    rng, ranks = np.random.default_rng(SEED), []
    for _ in range(100):
        one, truth = drawn(rng, account)
        found: Account = getattr(one, account)
        told = {"slope": found.slope, "now": found.now, "ahead": found.ahead(2)}
        told |= {} if account == "stays" else {"change": found.change}
        ranks.append([mixture.below(truth[name]) for name, mixture in told.items()])
    for each in np.transpose(ranks):
        assert stats.kstest(each, "uniform").pvalue > 1e-4


def test_predictions_in_turn_are_growing_evidence() -> None:
    found = scores_of(SERIES)
    for at, n in ((0, 20), (19, 39)):
        for name in ("stays", "drifts"):
            more, one = (getattr(SERIES.first(size), name).log_evidence for size in (n + 1, n))
            assert found.of[name][at] == pytest.approx(more - one, abs=1e-4), name


@pytest.mark.parametrize("unit", [1e90, 1e-90])
def test_values_may_be_of_any_size(unit: float) -> None:
    """In another unit all is the same, but for the unit; a season stands beside the trend."""
    scaled = {name: unit * one for name, one in vars(PRIOR).items()}
    scaled["pattern"] = unit
    one = Seasonal(Y[:12] * unit, TIMES[:12], SeasonPrior(**scaled), K)
    own = Seasonal(Y[:12], TIMES[:12], SeasonPrior(**vars(PRIOR) | {"pattern": 1.0}), K)
    for ours, other in zip(one.accounts, own.accounts, strict=True):
        less = other.log_evidence - 12 * np.log(unit)
        assert ours.log_evidence == pytest.approx(less, abs=1e-6)
        for name in ("now", "slope", "change"):
            pair = (getattr(ours, name).mean / unit, getattr(other, name).mean)
            assert pair[0] == pytest.approx(pair[1], rel=1e-6, abs=1e-9), name


def test_a_narrow_prior_of_the_slope_is_no_trend() -> None:
    """And accounts without one are those of a series that knows none; so are its scores."""
    narrow, none = SERIES.under(slope_sd=1e-9), Series(Y, TIMES, Prior(jump=2.0, **OWN))
    zero = SERIES.under(slope_sd=0.0)
    for other, room in ((narrow, 1e-6), (zero, 1e-6)):
        logs = [Verdict.of(one.accounts).logs for one in (other, none)]
        assert logs[0] == pytest.approx(logs[1], abs=room)
    scores = [scores_of(one).of["jumps once"] for one in (zero, none)]
    assert scores[0] == pytest.approx(scores[1], abs=1e-6)


def test_an_interruption_is_told_from_the_trend_that_goes_on() -> None:
    """A fall of 8 while values rise by .3 a step: when, by how much, and both up from there."""
    rng, times = np.random.default_rng(SEED), np.arange(100)
    y = 50 + 0.3 * times - 8.0 * (times >= 60) + rng.normal(size=100)
    left, slope_sd = flat(y, times, 1)
    assert abs(slope_sd - np.ptp(y) / 99) <= 0.05
    assert np.polyfit(times, left, 1)[0] == pytest.approx(0, abs=1e-10)
    rule = Rule(Seasonal(y, times, SeasonPrior(1, 1, 5, 50, 10, slope_sd=slope_sd)), 10, 0.95)
    verdict = rule.verdict
    assert (verdict.likeliest, rule.exact()) == ("jumps once", "fallen")
    assert int(rule.series.when.argmax()) == 59
    assert abs(verdict.change.mean + 8) < 4 * verdict.change.sd
    assert abs(verdict.slope.mean - 0.3) < 4 * verdict.slope.sd
    better, error = gained(
        scores_of(rule.series), scores_of(rule.series.under(slope_sd=0.0)), verdict.likeliest
    )
    assert better > 2 * error


LONG, K = np.arange(150), 4


@cache
def by_nuts() -> tuple[Seasonal, xr.Dataset]:
    """Values with a trend and a season, and draws of the model, as a page makes them."""
    rng = np.random.default_rng(SEED)
    effects = contrasts(K) @ rng.normal(size=K - 1)
    y = 3 + np.cumsum(0.3 * rng.normal(size=150)) + effects[LONG % K] + rng.normal(size=150)
    found = pd.Series(y + SLOPE * LONG, LONG.astype(str))
    names = [f"{i + 1} of {K}" for i in range(K)]
    model = local_level(found, LONG, phases=names, pattern=1.0, slope_sd=0.4, **OWN)
    fit = fit_nuts(model, draws=1000, tune=1000, chains=4, seed=SEED)
    prior = SeasonPrior(jump=2.0, pattern=1.0, slope_sd=0.4, **OWN)
    return Seasonal(found.to_numpy(), LONG, prior, K), fit["posterior"].to_dataset()


def test_nuts_is_where_the_exact_posterior_is() -> None:
    """Sds, slope, effects, change, the last level, values to come; the probability of a fall."""
    own, posterior = by_nuts()
    drifts, ahead = own.drifts, [str(150 + i) for i in range(K)]
    found = summarise(with_levels(posterior, own, list(map(str, LONG)), ahead, seed=SEED))
    exact = own.sds() | {"change": drifts.change.known(), "slope": drifts.slope.known()}
    exact |= {"level[149]": drifts.now.known()}
    exact |= {f"season[{i + 1} of {K}]": drifts.effect(i).known() for i in range(K)}
    exact |= {f"forecast[{one}]": drifts.ahead(i + 1).known() for i, one in enumerate(ahead)}
    assert max(farthest(found[name], one) for name, one in exact.items()) < allowed(len(exact))
    p = Rule(own, 10, 0.95).measure(posterior)["prob_fallen"]
    assert abs(p.value - drifts.change.below(0)) < 4 * p.mcse + 1e-3


def test_the_model_s_density_is_that_of_values_less_the_trend() -> None:
    """Given the slope, and both sds: the filter of statsmodels with the slope known."""
    model = local_level(pd.Series(Y, TIMES.astype(str)), TIMES, phases=(), slope_sd=0.4, **OWN)
    point = model.initial_point() | {"slope": np.array(0.21)}
    point |= {f"sigma_{k}_log__": np.log(v) for k, v in (("observation", 0.8), ("level", 0.4))}
    level = 25.0 + 0.16 * np.minimum.outer(TIMES, TIMES) + 0.64 * np.eye(N)
    whole = stats.multivariate_normal(3 + 0.21 * TIMES, level).logpdf(Y)
    density = model.compile_fn(model.logp(vars=[model["y"]]), inputs=model.value_vars)
    assert float(density(point)) == pytest.approx(float(whole), abs=1e-8)
    sds = stats.halfnorm(0, [1.0, 0.7]).logpdf([0.8, 0.4]).sum() + np.log(0.8 * 0.4)
    prior = sds + stats.norm(0, 0.4).logpdf(0.21)
    assert float(model.compile_logp()(point)) == pytest.approx(float(whole + prior), abs=1e-8)


def test_options_make_a_series_and_the_prior_that_a_later_one_goes_on_with() -> None:
    """Of a season and a trend what is there is held, by the names of the options, nothing else."""
    prior = Prior(jump=2.0, **OWN)
    for season, trend, names in (
        (None, False, set()),
        (None, True, {"slope_sd"}),
        (4, False, {"pattern"}),
        (4, True, {"pattern", "slope_sd"}),
    ):
        found = Course(season, None, trend, None).series(Y, TIMES, prior)
        assert {*held(found)} == {*vars(prior)} | names
        again = Course(
            season, held(found).get("pattern"), trend, held(found).get("slope_sd")
        ).series(10 * Y, TIMES, prior)
        assert again.prior == found.prior
