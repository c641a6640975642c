"""A slope that itself changes: statsmodels' local linear trend, and multivariate normals."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats
from statsmodels.tsa.statespace.structural import UnobservedComponents

from models._threads import one_thread
from models._turning_level import turning_level
from models.river_level import local_level
from tests.conftest import SEED
from workflow.checking.exact import allowed, farthest
from workflow.deciding.decision import UNDECIDED
from workflow.quantities import summarise
from workflow.sampling.fit import fit_nuts
from workflow.series.directions import SDS, Turning, usual_bend
from workflow.series.prior import usual
from workflow.series.rising import CHANGING, FALLING, NONE, RISING, STEADY, Rule
from workflow.series.seasonal import flat
from workflow.series.turned import drawn, with_slopes
from workflow.series.turning import Passed, Sds, TurnPrior

one_thread()
N, LAST = 40, 51
TIMES = np.sort(np.random.default_rng(SEED).choice(LAST + 1, N, replace=False))
TIMES = TIMES - TIMES[0]
OWN = {"noise": 1.0, "drift": 0.7, "start": 3.0, "start_sd": 5.0, "slope_sd": 0.4, "bend": 0.1}
PRIOR = TurnPrior(**OWN)


def made(rng: np.random.Generator, prior: TurnPrior = PRIOR) -> tuple[np.ndarray, np.ndarray]:
    """Return levels and slopes of all steps, step by step, with sds from the prior."""
    step, bend = (np.abs(one * rng.normal()) for one in (prior.drift, prior.bend))
    level = prior.start + prior.start_sd * rng.normal()
    slope, found = prior.slope_sd * rng.normal(), []
    for _ in range(TIMES[-1] + 6):
        found.append((level, slope))
        level, slope = level + slope + step * rng.normal(), slope + bend * rng.normal()
    levels, slopes = np.transpose(found)
    return levels, slopes


Y = made(np.random.default_rng(SEED))[0][TIMES] + np.random.default_rng(SEED + 1).normal(size=N)
SERIES = Turning(Y, TIMES, PRIOR)
SETTINGS = [(0.5, 0.3, 0.05), (1.2, 0.8, 0.4), (0.9, 0.001, 0.001)]


def statsmodels(noise: float, level: float, bend: float) -> Any:
    """Return the results of its local linear trend, gaps and all."""
    y = np.full(TIMES[-1] + 1, np.nan)
    y[TIMES] = Y
    model = UnobservedComponents(y, "lltrend")
    model.ssm.initialize_known(np.array([3.0, 0.0]), np.diag([25.0, 0.16]))
    return model.smooth(np.square([noise, level, bend]))


def one(*sds: float) -> Sds:
    """Return one setting."""
    return Sds(*(np.array([sd**2]) for sd in sds))


def point(noise: float, level: float, bend: float) -> dict[str, Any]:
    """Return where the model is asked."""
    return {f"{name}_log__": np.log(sd) for name, sd in zip(SDS, (noise, level, bend), strict=True)}


@cache
def model() -> Any:
    return turning_level(pd.Series(Y, TIMES.astype(str)), TIMES, **OWN)


@pytest.mark.parametrize("sds", SETTINGS, ids=str)
def test_density_level_slope_and_what_is_to_come_are_those_of_statsmodels(
    sds: tuple[float, float, float],
) -> None:
    """To 1e-8, and so is the density of the model."""
    known, (logs, now) = statsmodels(*sds), SERIES.ends(one(*sds))
    assert logs[0] == pytest.approx(known.llf_obs.sum(), abs=1e-8)
    density = model().compile_fn(model().logp(vars=[model()["y"]]), inputs=model().value_vars)
    assert float(density(point(*sds))) == pytest.approx(known.llf_obs.sum(), abs=1e-8)
    cov = known.smoothed_state_cov[:, :, -1]
    assert (now.level[0], now.slope[0]) == pytest.approx(known.smoothed_state[:, -1], abs=1e-8)
    told = now.of_level[0], now.both[0], now.of_slope[0]
    assert told == pytest.approx((cov[0, 0], cov[0, 1], cov[1, 1]), abs=1e-8)
    ahead = known.get_forecast(7)
    for steps in (1, 7):
        later = now.after(float(steps), one(*sds))
        assert later.level[0] == pytest.approx(ahead.predicted_mean[steps - 1], abs=1e-8)
        wide = later.of_level[0] + sds[0] ** 2
        assert wide == pytest.approx(ahead.var_pred_mean[steps - 1], abs=1e-8)
    passed = Passed.of(Y[:, None], SERIES.steps, PRIOR, one(*sds))
    assert passed.errors[:, 0] == pytest.approx(known.forecasts_error[0, TIMES], abs=1e-8)
    assert passed.of_errors[:, 0] == pytest.approx(known.forecasts_error_cov[0, 0, TIMES], abs=1e-8)


def test_slopes_of_the_density_are_its_differences() -> None:
    """By three sds, by each value, and by the priors of the first level and slope."""
    density, slope = model().compile_logp(), model().compile_dlogp()
    names = [one.name for one in model().value_vars]
    for sds in SETTINGS:
        at, found = point(*sds), slope(point(*sds))
        for i, name in enumerate(names):
            ends = [float(density(at | {name: at[name] + h})) for h in (1e-5, -1e-5)]
            assert found[i] == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-5, abs=1e-5)


def by_hand(sds: tuple[float, float, float], length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what noise, steps, turns and starts do to levels and slopes: matrices, by loops.

    Columns: first level, first slope, moves of the level, and of the slope, of every step.
    """
    level, slope = np.zeros((2, length, 2 + 2 * (length - 1)))
    level[:, 0] = 5.0
    slope[:, 1] = 0.4
    for t in range(1, length):
        slope[t, 2:] = slope[t - 1, 2:]
        level[t, 1:] = level[t - 1, 1:] + slope[t - 1, 1:]
        level[t, 1 + t] = sds[1]
        slope[t, length + t] = sds[2]
    return level, slope


@pytest.mark.parametrize("sds", SETTINGS, ids=str)
def test_draws_of_levels_and_slopes_are_conditional_normal(sds: tuple[float, float, float]) -> None:
    """At every step of time, with gaps: means and variances by a dense multivariate normal."""
    draws = 4000
    given = Sds(*(np.full(draws, sd**2) for sd in sds))
    found = drawn(SERIES, given, np.random.default_rng(SEED))
    level, slope = by_hand(sds, TIMES[-1] + 1)
    rows = level[TIMES]
    whole = rows @ rows.T + sds[0] ** 2 * np.eye(N)
    assert stats.multivariate_normal(np.full(N, 3.0), whole).logpdf(Y) == pytest.approx(
        SERIES.ends(one(*sds))[0][0], abs=1e-6
    )
    for told, of, start in ((found.level, level, 3.0), (found.slope, slope, 0.0)):
        gain = np.linalg.solve(whole, rows @ of.T).T
        mean, variance = start + gain @ (Y - 3.0), np.diag(of @ of.T - gain @ rows @ of.T)
        assert np.abs((told.mean(1) - mean) / np.sqrt(variance / draws)).max() < 5
        assert np.abs(told.var(1, ddof=1) / variance - 1).max() < 5 * np.sqrt(2 / draws)
    both = np.corrcoef(found.level[-1], found.slope[-1])[0, 1]
    now = SERIES.ends(one(*sds))[1]
    true = now.both[0] / np.sqrt(now.of_level[0] * now.of_slope[0])
    assert abs(both - true) < 5 / np.sqrt(draws)


def test_a_slope_that_does_not_change_is_a_trend() -> None:
    """With turns of nearly nothing: evidence, slope, and values to come are the steady trend's."""
    narrow = SERIES.under(bend=1e-7)
    steady = narrow.with_steady().drifts
    assert narrow.log_evidence == pytest.approx(steady.log_evidence, abs=1e-5)
    for ours, other in (
        (narrow.slope, steady.slope),
        (narrow.now, steady.now),
        (narrow.ahead(3), steady.ahead(3)),
    ):
        assert (ours.mean, ours.sd) == pytest.approx((other.mean, other.sd), abs=1e-5)
    knobs: Any = {name: one for name, one in OWN.items() if name != "bend"}
    known = local_level(pd.Series(Y, TIMES.astype(str)), TIMES, **knobs)
    density = known.compile_fn(known.logp(vars=[known["y"]]), inputs=known.value_vars)
    sds = point(0.8, 0.4, 1e-8)
    at = {name: sds[name] for name in list(sds)[:2]}
    logs = [float(density(at | {"slope": x})) for x in np.linspace(-4, 4, 4001)]
    prior = stats.norm(0, 0.4).logpdf(np.linspace(-4, 4, 4001))
    summed = np.log(np.exp(np.array(logs) + prior).sum() * 0.002)
    assert SERIES.ends(one(0.8, 0.4, 1e-8))[0][0] == pytest.approx(summed, abs=1e-8)


def test_the_grid_is_as_good_as_a_finer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half as many points again, in each direction; and sds are those of importance sampling."""
    finer = Turning(Y, TIMES, PRIOR)
    monkeypatch.setattr("workflow.series.directions.FINE", 48)
    assert len(finer.box[2]) >= 48
    assert SERIES.log_evidence == pytest.approx(finer.log_evidence, abs=1e-6)
    for ours, other in ((SERIES.slope, finer.slope), (SERIES.ahead(2), finer.ahead(2))):
        assert (ours.mean, ours.sd) == pytest.approx((other.mean, other.sd), rel=1e-6)
        assert ours.below(0) == pytest.approx(other.below(0), abs=1e-8)
    rng = np.random.default_rng(SEED)
    sds = [np.abs(scale * rng.normal(size=100_000)) for scale in (1.0, 0.7, 0.1)]
    logs, _ = SERIES.ends(Sds(*(sd**2 for sd in sds)))
    weight = np.exp(logs - logs.max())
    mean, error = weight.mean(), weight.std() / np.sqrt(len(weight))
    assert abs(np.exp(SERIES.log_evidence - logs.max()) - mean) < 4 * error
    for name, sd in zip(SDS, sds, strict=True):
        told = (weight * sd).sum() / weight.sum()
        room = np.sqrt((weight**2 * (sd - told) ** 2).sum()) / weight.sum()
        assert abs(SERIES.sds()[name].mean - told) < 4 * room, name


def test_what_was_drawn_from_the_prior_has_any_quantile_alike() -> None:
    """Simulation-based calibration, of the exact posterior: slope and level now, and a value."""
    rng, ranks = np.random.default_rng(SEED), []
    for _ in range(60):
        levels, slopes = made(rng)
        noise = np.abs(rng.normal())
        y = levels + noise * rng.normal(size=len(levels))
        found = Turning(y[TIMES], TIMES, PRIOR)
        last = TIMES[-1]
        pairs = (
            (found.slope, slopes[last]),
            (found.now, levels[last]),
            (found.ahead(4), y[last + 4]),
        )
        ranks.append([mixture.below(truth) for mixture, truth in pairs])
    for each in np.transpose(ranks):
        assert stats.kstest(each, "uniform").pvalue > 1e-4


def test_predictions_in_turn_are_growing_evidence() -> None:
    found = Rule(SERIES, 0.95).scores()
    for at, n in ((0, 20), (19, 39)):
        more, less = (SERIES.first(size) for size in (n + 1, n))
        grown = more.log_evidence - less.log_evidence
        assert found.of[CHANGING][at] == pytest.approx(grown, abs=1e-4)
        steady = more.with_steady().drifts.log_evidence - less.with_steady().drifts.log_evidence
        assert found.of[STEADY][at] == pytest.approx(steady, abs=1e-4)
        none = more.without().drifts.log_evidence - less.without().drifts.log_evidence
        assert found.of[NONE][at] == pytest.approx(none, abs=1e-4)


def of_any(y: np.ndarray) -> Turning:
    """Return a series under the prior that the page has for it."""
    times = np.arange(len(y))
    left, slope_sd = flat(y, times, 1)
    scale = usual(left)
    start = float(round(y[0] / scale) * scale)
    return Turning(
        y, times, TurnPrior(scale, scale, usual_bend(y, times), start, 10 * scale, slope_sd)
    )


def test_a_slope_that_turned_is_seen_and_a_steady_trend_gets_it_wrong() -> None:
    """Up for 80 steps, then down for 40, twice as steeply: a fall, which no steady trend tells."""
    rng, times = np.random.default_rng(SEED), np.arange(120)
    y = 50 + 0.5 * np.minimum(times, 80) - np.maximum(times - 80, 0) + rng.normal(size=120)
    rule = Rule(of_any(y), 0.95)
    assert rule.exact() == FALLING
    assert abs(rule.series.slope.mean + 1) < 4 * rule.series.slope.sd
    assert rule.steady.slope.mean > 0
    assert rule.log_bayes_factor > 0
    turned = Rule(of_any(-y), 0.95)
    assert turned.exact() == RISING
    assert turned.series.log_evidence == pytest.approx(rule.series.log_evidence, abs=1e-6)


def test_a_straight_line_shows_no_changes() -> None:
    """The slope's changes are small, and slope and forecast are those of the steady trend."""
    rng, times = np.random.default_rng(SEED), np.arange(120)
    own = of_any(50 + 0.3 * times + rng.normal(size=120))
    rule = Rule(own, 0.95)
    assert rule.exact() == RISING
    assert rule.log_bayes_factor < 0
    assert own.sds()["sigma_slope"].median < own.prior.bend / 4
    gap = own.slope.mean - rule.steady.slope.mean
    assert abs(gap) < own.slope.sd
    still = Rule(of_any(rng.normal(size=120)), 0.95)
    assert still.exact() == UNDECIDED


@cache
def by_nuts() -> xr.Dataset:
    """Return draws enough that their Monte Carlo errors are known.

    At 1,000 a chain, worth 500, the largest of 28 was above its limit for 2 of 20 seeds; at 5,000
    for none, 3.3 at most.
    """
    fit = fit_nuts(model(), draws=5000, tune=1000, chains=4, seed=SEED)
    return fit["posterior"].to_dataset()


def test_nuts_is_where_the_exact_posterior_is() -> None:
    """Three sds, level and slope at the end, values to come; and the probability of a rise."""
    names = [str(i) for i in range(TIMES[-1] + 1)]
    found = summarise(with_slopes(by_nuts(), SERIES, names, ["a", "b", "c"], seed=SEED))
    last = names[-1]
    exact = SERIES.sds() | {
        f"slope[{last}]": SERIES.slope.known(),
        f"level[{last}]": SERIES.now.known(),
        "forecast[a]": SERIES.ahead(1).known(),
        "forecast[c]": SERIES.ahead(3).known(),
    }
    assert max(farthest(found[name], known) for name, known in exact.items()) < allowed(len(exact))
    rule = Rule(SERIES, 0.95)
    p = rule.measure(by_nuts())["prob_rising"]
    assert abs(p.value - rule.rises()) < 4 * p.mcse
    assert rule.exact() in rule.decide(by_nuts())


@pytest.mark.parametrize("unit", [1e90, 1e-90])
def test_values_may_be_of_any_size(unit: float) -> None:
    """In another unit all is the same, but for the unit."""
    scaled = TurnPrior(**{name: unit * scale for name, scale in OWN.items()})
    other, own = Turning(Y[:12] * unit, TIMES[:12], scaled), SERIES.first(12)
    less = own.log_evidence - 12 * np.log(unit)
    assert other.log_evidence == pytest.approx(less, abs=1e-6)
    assert other.slope.mean / unit == pytest.approx(own.slope.mean, rel=1e-6)
    assert other.slope.below(0) == pytest.approx(own.slope.below(0), abs=1e-6)
