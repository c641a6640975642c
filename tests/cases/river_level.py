"""A level that moves, seen with noise: given the sds all values are jointly normal.

Small has five values over six times. Data that are doubled look as if both sds were twice as large,
and who samples variances under the prior of the sds has each sd once too often as a factor.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import typer
import xarray as xr
from scipy import stats
from scipy.special import logsumexp
from statsmodels.tsa.statespace.structural import UnobservedComponents

from analyses.river_level import main
from data.river_level import load
from tests.calibration.mutants import Mutant, doubled, replaced
from tests.conftest import SEED
from tests.contract import fitted, model_of
from workflow.checking.checks import posterior_check
from workflow.checking.exact import WORST, farthest
from workflow.deciding.decision import UNDECIDED
from workflow.quantities import summarise
from workflow.sampling.part import BUDGET, part_for, row_dim
from workflow.series.accounts import Prior, Series, usual
from workflow.series.changed import CHANGED, FALLEN, RISEN, SAME, Rule, Verdict
from workflow.series.kalman import filtered, smoothed
from workflow.series.left_out import scores_of
from workflow.series.levels import with_levels
from workflow.series.one_step import statistics
from workflow.series.plane import ends, log_likelihood

local_level = model_of("river_level")
NILE = load()
Y = NILE.values.to_numpy(dtype=float)
OWN = {"noise": 200.0, "drift": 200.0, "start": 1200.0, "start_sd": 2000.0}
PRIORS = [
    {"noise": 50.0, "drift": 400.0, "start": 1000.0, "start_sd": 300.0},
    {"noise": 800.0, "drift": 20.0, "start": 1100.0, "start_sd": 100.0},
]
NAMES = "sigma_observation", "sigma_level"
FEW = pd.Series([0.5, -1.0, 2.0, 1.5, 4.0], list("12356"))
TIMES = np.array([0, 1, 2, 4, 5])
PUBLISHED = 15099.0, 1469.1  # variances, Durbin and Koopman (2012), section 2.10


def shipped(**knobs: float) -> pm.Model:
    return local_level(NILE.values, NILE.at, **OWN | knobs)


def small(**knobs: float) -> pm.Model:
    prior = {"noise": 1.0, "drift": 1.0, "start": 0.0, "start_sd": 2.0}
    return local_level(FEW, TIMES, **prior | knobs)


def log_density(
    sigma_observation: Any,
    sigma_level: Any,
    *,
    noise: float = 200.0,
    drift: float = 200.0,
    start: float = 1200.0,
    start_sd: float = 2000.0,
) -> Any:
    """The first value and all differences at once: their covariance has three diagonals.

    Those are moves of the level and differences of noise; its Cholesky factor has two diagonals.
    """
    off = -(sigma_observation**2) + 0.0 * sigma_level
    each = start_sd**2 + sigma_observation**2 + 0.0 * sigma_level
    left = Y[0] - start + 0.0 * sigma_level
    found = stats.norm(0, np.sqrt(each)).logpdf(left)
    for step in np.diff(Y):
        left = step - off / each * left
        each = sigma_level**2 + 2 * sigma_observation**2 - off**2 / each
        found = found + stats.norm(0, np.sqrt(each)).logpdf(left)
    prior = stats.halfnorm(0, noise).logpdf(sigma_observation)
    return found + prior + stats.halfnorm(0, drift).logpdf(sigma_level)


def reference(**knobs: float) -> dict[str, tuple[float, ...]]:
    """Exact: the joint density by a Cholesky factor at 64 x 64 Gauss-Legendre nodes of both sds."""
    at, weight, density = nodes(**knobs)
    p = weight * np.exp(density - density.max())
    p /= p.sum()
    names = ("sigma_observation", "sigma_level")
    means = [float((p * one).sum()) for one in at]
    sds = [float(np.sqrt((p * (one - m) ** 2).sum())) for one, m in zip(at, means, strict=True)]
    return {name: (m, sd, 0, 0) for name, m, sd in zip(names, means, sds, strict=True)}


@cache
def nodes(**knobs: float) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray, np.ndarray]:
    """Return both sds at all nodes, their weights, and the log density there."""
    x, w = np.polynomial.legendre.leggauss(64)
    half = 200.0  # sds from 0 to 400: beyond is next to nothing of the posterior
    noise, level = np.meshgrid(half * (x + 1), half * (x + 1), indexing="ij")
    return (noise, level), np.multiply.outer(w, w) * half**2, log_density(noise, level, **knobs)


def wide_prior() -> Mutant:
    return replaced("a step of the level with twice the prior scale", drift=2.0)


def wrong_likelihood() -> Mutant:
    return doubled("y_data")


def dropped_jacobian() -> Mutant:
    model = small()
    with model:
        sds = model["sigma_observation"] * model["sigma_level"]
        pm.Potential("dropped", pm.math.log(sds))
    return Mutant("variances sampled under the prior of the sds", model)


def test_the_density_by_hand_is_a_multivariate_normal() -> None:
    place = NILE.at.astype(float)
    cov = 40.0**2 * np.minimum.outer(place, place) + 2000.0**2 + 120.0**2 * np.eye(len(Y))
    whole = stats.multivariate_normal(np.full(len(Y), 1200.0), cov).logpdf(Y)
    prior = stats.halfnorm(0, 200).logpdf([120.0, 40.0]).sum()
    assert log_density(120.0, 40.0) == pytest.approx(whole + prior, rel=1e-10)


def series(**knobs: float) -> Series:
    return Series(Y, NILE.at, Prior(**OWN | {"jump": 200.0} | knobs))


def seen(start_var: float) -> tuple[Any, Any]:
    """Return the Nile filtered and smoothed with the published variances."""
    noise, level = PUBLISHED
    gained = level * series().steps[:, None]
    found = filtered(Y[:, None], gained, np.array([noise]), 0.0, start_var)
    return found, smoothed(found, gained)


def test_the_published_numbers() -> None:
    """The log density of all values but the first, and the level of 1871, hang on the start.

    Both are told for a start at 0 with the variance 1e6 (that of statsmodels), which is not diffuse
    yet: it holds the level of 1871 back by 4. Without end they are -632.5456 and 1111.668.
    """
    found, levels = seen(1e12)
    assert found.log_density[1:].sum() == pytest.approx(-632.5456, abs=5e-5)
    assert found.level[-1, 0] == pytest.approx(798.370, abs=5e-4)
    assert found.of_level[-1, 0] == pytest.approx(4032.2, abs=0.05)
    ahead = found.of_level[-1, 0] + sum(PUBLISHED)
    assert np.sqrt(ahead) == pytest.approx(143.53, abs=5e-3)
    diffuse = UnobservedComponents(Y, "local level", use_exact_diffuse=True).smooth(PUBLISHED)
    assert levels.level[0, 0] == pytest.approx(diffuse.smoothed_state[0, 0], abs=1e-4)
    close, held = seen(1e6)
    assert close.log_density[1:].sum() == pytest.approx(-632.5377, abs=5e-5)
    assert held.level[0, 0] == pytest.approx(1107.204, abs=5e-4)
    assert np.sqrt(held.of_level[0, 0]) == pytest.approx(63.372, abs=5e-4)


@pytest.mark.parametrize("missing", [[], [3, 40, 41, 42, 98]])
def test_the_filter_is_statsmodels(missing: list[int]) -> None:
    """Log densities, predictions, filtered and smoothed levels, to 1e-8; years may be missing."""
    y = Y.copy()
    y[missing] = np.nan
    model = UnobservedComponents(y, "local level")
    model.ssm.initialize_known(np.array([1200.0]), np.array([[2000.0**2]]))
    known = model.smooth(PUBLISHED)
    kept = np.flatnonzero(~np.isnan(y))
    steps = np.diff(kept, prepend=kept[0]).astype(float)
    gained = PUBLISHED[1] * steps[:, None]
    found = filtered(y[kept, None], gained, np.array([PUBLISHED[0]]), 1200.0, 2000.0**2)
    levels = smoothed(found, gained)
    pairs = (
        (found.log_density[:, 0], known.llf_obs[kept]),
        (found.errors[:, 0], known.forecasts_error[0, kept]),
        (found.level[:, 0], known.filtered_state[0, kept]),
        (found.of_level[:, 0], known.filtered_state_cov[0, 0, kept]),
        (levels.level[:, 0], known.smoothed_state[0, kept]),
        (levels.of_level[:, 0], known.smoothed_state_cov[0, 0, kept]),
    )
    for ours, theirs in pairs:
        assert ours == pytest.approx(theirs, rel=1e-8, abs=1e-8)


def test_the_model_s_density_is_the_filter_s() -> None:
    """Of five values with a gap, at random sds: turned into eigenvectors, and one by one."""
    model, rng = small(), np.random.default_rng(SEED)
    density = model.compile_fn(model.logp(vars=[model["y"]]), inputs=model.value_vars)
    for _ in range(5):
        sds = rng.exponential(size=2)
        logs = dict(zip((one.name for one in model.value_vars), np.log(sds), strict=True))
        gained = sds[1] ** 2 * np.diff(TIMES, prepend=0)[:, None]
        found = filtered(FEW.to_numpy()[:, None], gained, np.array([sds[0] ** 2]), 0.0, 4.0)
        assert density(logs) == pytest.approx(float(found.log_density.sum()), rel=1e-10)


@pytest.mark.parametrize("knobs", [{}, *PRIORS], ids=str)
def test_the_exact_posterior_is_the_reference(knobs: dict[str, float]) -> None:
    """And the evidence of a level that drifts is the integral of the same density."""
    own = series(**knobs)
    exact = own.sds()
    for name, (mean, sd, *_) in reference(**knobs).items():
        assert exact[name].mean == pytest.approx(mean, rel=1e-6), name
        assert exact[name].sd == pytest.approx(sd, rel=1e-5), name
    _, weight, density = nodes(**knobs)
    top = density.max()
    integral = top + np.log((weight * np.exp(density - top)).sum())
    assert own.drifts.log_evidence == pytest.approx(integral, abs=1e-5)


@pytest.mark.parametrize("knobs", [{}, *PRIORS], ids=str)
def test_nuts_is_where_the_exact_posterior_is(knobs: dict[str, float]) -> None:
    """Both sds, the change, the last level and the next value: mean, median and both ends."""
    own, drawn = series(**knobs), fitted("river_level", **knobs)["posterior"].to_dataset()
    found = summarise(with_levels(drawn, own, NILE.all, ["1971"], seed=SEED))
    exact = own.sds() | {
        "change": own.drifts.change.known(),
        "level[1970]": own.drifts.now.known(),
        "forecast[1971]": own.drifts.ahead(1).known(),
    }
    assert max(farthest(found[name], one) for name, one in exact.items()) < WORST
    rule = Rule(own, 10, 0.95)
    assert rule.exact() in rule.decide(drawn)


def run(tmp_path: Path, table: pd.DataFrame, **options: Any) -> dict[str, Any]:
    """Return the summary of a quick page of some values."""
    path = tmp_path / "own.csv"
    table.to_csv(path, index=False)
    main(data=path, out=tmp_path, draws=300, quick=True, quiet=True, seed=SEED, **options)
    found: dict[str, Any] = json.loads((tmp_path / "river_level.json").read_text("utf-8"))
    return found


RNG = np.random.default_rng(SEED)
MONTHS = [f"{2000 + i // 12}-{i % 12 + 1:02d}" for i in range(60)]
STILL = 5 + RNG.normal(size=60)


@pytest.mark.parametrize(
    ("values", "decisions"),
    [
        (STILL, {SAME, UNDECIDED}),
        (STILL - 4 * (np.arange(60) >= 30), {FALLEN}),
        (STILL + np.cumsum(1 + 0.1 * RNG.normal(size=60)), {RISEN}),
        (STILL + 6 * ((np.arange(60) >= 20) & (np.arange(60) < 40)), {CHANGED}),
    ],
    ids=["stays", "jumps", "rises", "there and back"],
)
def test_a_level_that_moved_is_told_from_one_that_stays(
    values: np.ndarray, decisions: set[str]
) -> None:
    """And turned upside down it has gone to the other side, with the same evidence."""
    turned = {FALLEN: RISEN, RISEN: FALLEN}
    rules = [Rule(of_any(one), 10, 0.95) for one in (values, -values)]
    assert rules[0].exact() in decisions
    assert rules[1].exact() == turned.get(rules[0].exact(), rules[0].exact())
    logs = [one.under().log_bayes_factor for one in rules]
    assert logs[0] == pytest.approx(logs[1], abs=1e-6)
    evidence = np.exp(abs(logs[0]))
    assert Rule(rules[0].series, 1.01 * evidence, 0.95).exact() == UNDECIDED
    assert Rule(rules[0].series, 0.99 * evidence, 0.95).exact() != UNDECIDED


def of_any(values: np.ndarray) -> Series:
    """Return a series under the prior that the page has for it."""
    scale = usual(values)
    start = float(round(values[0] / scale) * scale)
    return Series(values, np.arange(len(values)), Prior(scale, scale, scale, start, 10 * scale))


def test_a_page_of_months_in_any_order_with_some_missing(tmp_path: Path) -> None:
    values = STILL - 4 * (np.arange(60) >= 30)
    table = pd.DataFrame({"month": MONTHS, "price": values}).drop([7, 8, 50])
    found = run(tmp_path, table.sample(frac=1, random_state=SEED), ahead=2)
    assert found["decision"] == FALLEN
    assert "2002-07" in found["answer"]
    assert "level[2000-08]" in found["quantities"]
    assert {"forecast[2005-01]", "forecast[2005-02]"} <= {*found["quantities"]}
    assert len(found["warnings"]) == 1  # of --quick


def test_a_page_of_months_with_a_season(tmp_path: Path) -> None:
    """The season has its effects in the summary, no check finds one; the level is without."""
    season = 4 * np.sin(np.arange(60) * np.pi / 6)
    values = 20 + STILL + season - 4 * (np.arange(60) >= 30)
    table = pd.DataFrame({"month": MONTHS, "price": values}).drop([7, 8, 50])
    found = run(tmp_path, table, ahead=2, season=12)
    assert found["decision"] == FALLEN
    assert "The level of price, its season aside, has fallen" in found["answer"]
    effects = [found["quantities"][f"season[{one}]"] for one in ("April", "October")]
    assert effects[0]["lower"] > 0 > effects[1]["upper"]
    assert not [one for one in found["warnings"] if "not those of a level" in one]
    assert found["quantities"]["change"]["upper"] < 0


def test_a_page_of_months_with_a_trend(tmp_path: Path) -> None:
    """A fall beside a rise: the first sentence has both, and what is to come goes on with one."""
    values = 20 + STILL + 0.5 * np.arange(60) - 6 * (np.arange(60) >= 30)
    table = pd.DataFrame({"month": MONTHS, "price": values}).drop([7, 8, 50])
    found = run(tmp_path, table, ahead=2, trend=True)
    assert found["decision"] == FALLEN
    assert "The level of price, apart from its trend of 0.5" in found["answer"]
    assert "; up with probability > 0.999), has fallen" in found["answer"]
    assert found["scalars"]["prob_slope_above_0"]["value"] > 0.999
    slope, ahead = found["quantities"]["slope"], found["quantities"]["forecast[2005-02]"]
    assert slope["lower"] < 0.5 < slope["upper"]
    assert ahead["lower"] < 20 + 5 + 0.5 * 61 - 6 < ahead["upper"]
    assert abs(found["quantities"]["level[2004-12]"]["median"] - (20 + 5 + 0.5 * 59 - 6)) < 3
    with pytest.raises(typer.BadParameter, match="give --trend too"):
        run(tmp_path, table, slope_sd=1.0)


@pytest.mark.parametrize("steps", [np.ones(29), np.resize([1, 3, 1, 2], 29)], ids=["even", "gaps"])
def test_predictions_in_turn_are_growing_evidence(steps: np.ndarray) -> None:
    """Each value's log density is the evidence with it less that without, by the accounts."""
    y = np.cumsum(0.5 * RNG.normal(size=30)) + RNG.normal(size=30)
    times = np.concatenate([[0], np.cumsum(steps)]).astype(int)
    own = Series(y, times, Prior(1.0, 1.0, 2.0, 0.0, 10.0))
    found = scores_of(own)
    for at, n in ((0, 15), (7, 22), (14, 29)):
        one, more = own.first(n), own.first(n + 1)
        for name in ("stays", "drifts"):
            grown = getattr(more, name).log_evidence - getattr(one, name).log_evidence
            assert found.of[name][at] == pytest.approx(grown, abs=1e-5), name
    assert found.of["jumps once"][-1] == pytest.approx(jumps_last(own), abs=1e-5)


def jumps_last(own: Series) -> float:
    """Return the last value's log density if the level jumps once, by the filter on a grid."""
    sds = np.linspace(0.01, 6, 600)
    prior, n = own.prior, len(own.y)
    gained = np.zeros((n, 1, n - 1))
    gained[np.arange(1, n), 0, np.arange(n - 1)] = prior.jump**2
    noise = np.broadcast_to(sds[:, None] ** 2, (len(sds), n - 1))
    seen = filtered(own.y[:, None, None], gained, noise, prior.start, prior.start_sd**2)
    weight = stats.halfnorm(0, prior.noise).logpdf(sds)[:, None]
    whole, but_last = (seen.log_density[:k].sum(0) + weight for k in (n, n - 1))
    assert own.jumps.log_evidence == pytest.approx(
        logsumexp(whole) - np.log(n - 1) + np.log(sds[1] - sds[0]), abs=1e-4
    )
    return float(logsumexp(whole) - logsumexp(but_last))


def test_levels_at_times_without_a_value_are_smoothed_ones() -> None:
    """Those of statsmodels at the published variances, by as many draws as there are sds."""
    y = Y.copy()
    y[20:40] = np.nan
    model = UnobservedComponents(y, "local level")
    model.ssm.initialize_known(np.array([1200.0]), np.array([[2000.0**2]]))
    known, kept = model.smooth(PUBLISHED), np.flatnonzero(~np.isnan(y))
    names, sds = ("sigma_observation", "sigma_level"), np.sqrt(PUBLISHED)
    shape = ("chain", "draw"), np.ones((1, 4000))
    given = xr.Dataset({k: (shape[0], sd * shape[1]) for k, sd in zip(names, sds, strict=True)})
    part = Series(y[kept], kept, series().prior)
    drawn = with_levels(given, part, NILE.all, ["1971"], seed=SEED)["level"].to_numpy()[0]
    means, variances = known.smoothed_state[0], known.smoothed_state_cov[0, 0]
    assert np.abs((drawn.mean(0) - means) / np.sqrt(variances / 4000)).max() < 5
    ratio = drawn.var(0, ddof=1) / variances
    assert np.abs(ratio - 1).max() < 5 * np.sqrt(2 / 4000)


RARE = np.sort(RNG.choice(3000, 2500, replace=False))
DAILY = 7 + np.cumsum(0.3 * RNG.normal(size=3000))[RARE] + RNG.normal(size=2500)


def of_days(noise: float, level: float) -> Any:
    """Return the results of statsmodels for all days, those without a value too."""
    y = np.full(RARE[-1] - RARE[0] + 1, np.nan)
    y[RARE - RARE[0]] = DAILY
    model = UnobservedComponents(y, "local level")
    model.ssm.initialize_known(np.array([7.0]), np.array([[100.0]]))
    return model.smooth(np.square([noise, level]))


@pytest.mark.parametrize(("noise", "level"), [(1.0, 0.3), (0.2, 2.0), (1.0, 1e-3)])
def test_thousands_of_days_have_the_density_and_the_ends_of_statsmodels(
    noise: float, level: float
) -> None:
    """And the slopes are those of the density, by differences."""
    prior = {"noise": 1.0, "drift": 1.0, "start": 7.0, "start_sd": 10.0}
    at, own = RARE - RARE[0], Prior(jump=1.0, **prior)
    model = local_level(pd.Series(DAILY, list(map(str, at))), at, **prior)
    density, slope = model.compile_logp(model.observed_RVs), model.compile_dlogp()
    whole = model.compile_logp()
    known, names = of_days(noise, level), [one.name for one in model.value_vars]
    point = dict(zip(names, np.log([noise, level]), strict=True))
    assert float(density(point)) == pytest.approx(known.llf_obs.sum(), rel=1e-8)
    steps = np.diff(at, prepend=0).astype(float)
    variances = np.array([noise**2]), np.array([level**2])
    assert log_likelihood(DAILY, steps, own, *variances)[0] == pytest.approx(
        known.llf_obs.sum(), rel=1e-8
    )
    now, of_now, change, of_change = ends(DAILY, steps, own, *variances)[:, 0]
    assert (now, of_now) == pytest.approx(
        (known.smoothed_state[0, -1], known.smoothed_state_cov[0, 0, -1]), rel=1e-8
    )
    gained = steps[:, None] * level**2
    seen = filtered(DAILY[:, None], gained, variances[0], 7.0, 100.0)
    both = np.array(smoothed(seen, gained).change)[:, 0]
    assert (change, of_change) == pytest.approx(tuple(both), rel=1e-6)
    for i, name in enumerate(names):
        moved = [point | {name: point[name] + h} for h in (1e-5, -1e-5)]
        ahead, behind = (float(whole(one)) for one in moved)
        assert slope(point)[i] == pytest.approx((ahead - behind) / 2e-5, rel=1e-4, abs=1e-3)


def test_a_coarser_grid_of_many_values_is_as_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than twice as many points in each direction find the same numbers.

    A level that stays has noise far above what its prior expects, and one that jumps less: there
    the line has points enough for both. What the last values add to the evidence is their score.
    """
    own = Series(DAILY, RARE - RARE[0], Prior(1.0, 1.0, 1.0, 7.0, 10.0))
    assert len(own.plane[0]) < 40 < len(own.line)
    coarse = Verdict.of(own.accounts)
    monkeypatch.setattr("workflow.series.left_out.LATE", 40)
    scores, early = scores_of(own), own.first(len(DAILY) - 40)
    for name in ("stays", "drifts"):
        grown = getattr(own, name).log_evidence - getattr(early, name).log_evidence
        assert scores.elpd[name] == pytest.approx(grown, abs=1e-6), name
    monkeypatch.setattr("workflow.series.values.MANY", len(DAILY))
    finer = Series(own.y, own.times, own.prior)
    assert len(finer.plane[0]) > 2 * len(own.plane[0])
    fine = Verdict.of(finer.accounts)
    assert coarse.logs == pytest.approx(fine.logs, abs=1e-6)
    assert coarse.falls == pytest.approx(fine.falls, abs=1e-8)
    for one, other in zip(coarse.accounts, fine.accounts, strict=True):
        assert (one.now.mean, one.now.sd) == pytest.approx((other.now.mean, other.now.sd), rel=1e-8)


def test_of_many_times_levels_are_told_at_some(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws are taken in parts, and each time that is told has the level of statsmodels."""
    noise, level = 1.0, 0.3
    given = xr.Dataset(
        {
            name: (("chain", "draw"), np.full((2, 300), sd))
            for name, sd in (("sigma_observation", noise), ("sigma_level", level))
        }
    )
    at = RARE - RARE[0]
    own = Series(DAILY, at, Prior(1.0, 1.0, 1.0, 7.0, 10.0))
    monkeypatch.setattr("workflow.series.levels.AT_A_TIME", 70 * len(at))
    names = [str(i) for i in range(at[-1] + 1)]
    drawn = with_levels(given, own, names, ["next"], seed=SEED)["level"]
    assert drawn.sizes == {"chain": 2, "draw": 300, "time": 500}
    told = drawn["time"].to_numpy().astype(int)
    assert (told[0], told[-1]) == (0, at[-1])
    known = of_days(noise, level)
    means, variances = known.smoothed_state[0][told], known.smoothed_state_cov[0, 0][told]
    off = (drawn.mean(("chain", "draw")).to_numpy() - means) / np.sqrt(variances / 600)
    assert np.abs(off).max() < 5


def test_of_many_values_fewer_draws_are_looked_at_and_all_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A series has no parts; the checks take the draws that values were simulated from."""
    n = 20_000
    many = pd.Series(np.arange(n) % 7.0, list(map(str, range(n))))
    model = local_level(many, np.arange(n))
    part = part_for(model, (4, 1000), 4000, seed=SEED, run=row_dim(model)[1])
    assert (part.rows, part.of_rows) == (n, n)
    assert 4 * len(range(0, 1000, part.every)) * n <= BUDGET
    own = of_any(STILL)
    sds = {name: (("chain", "draw"), np.ones((2, 90))) for name in NAMES}
    simulated = STILL + RNG.normal(size=(2, 30, 60))
    tree = xr.DataTree.from_dict(
        {
            "posterior": xr.Dataset(sds, {"draw": np.arange(90)}),
            "posterior_predictive": xr.Dataset(
                {"y": (("chain", "draw", "row"), simulated)}, {"draw": np.arange(0, 90, 3)}
            ),
            "observed_data": xr.Dataset({"y": ("row", STILL)}),
        }
    )
    monkeypatch.setattr("workflow.series.one_step.NUMBERS", 60 * 2 * 30 // 4)
    found = {name: of for name, of in statistics(own, tree).items() if "mean" in name}
    (one,) = posterior_check(tree, "y", found)
    first = statistics(own, tree)["one-step errors: mean, in sds"]
    drawn = first(tree["posterior_predictive"].to_dataset()["y"], xr.Dataset())
    assert drawn.sizes == {"chain": 2, "draw": 8}  # every fourth of thirty
    seen = filtered(
        simulated[1, 4][:, None], own.steps[:, None], np.ones(1), own.prior.start,
        own.prior.start_sd**2,
    )  # fmt: skip
    assert drawn[1, 1] == pytest.approx(seen.standardised[1:].mean(), rel=1e-10)
    assert 0 < one.p < 1
