"""A season: all three accounts are multivariate normal distributions, written down here whole."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats

from models._threads import one_thread
from models.river_level import local_level
from tests.conftest import SEED
from workflow.checking.exact import allowed, farthest
from workflow.quantities import summarise
from workflow.sampling.fit import fit_nuts
from workflow.series.accounts import Account, Series
from workflow.series.changed import Rule
from workflow.series.left_out import gained, scores_of
from workflow.series.levels import with_levels
from workflow.series.one_step import of_all
from workflow.series.seasonal import Seasonal, SeasonPrior, contrasts, usual_beside, usual_pattern

one_thread()
RNG = np.random.default_rng(SEED)
K, N = 5, 40
TIMES = np.sort(RNG.choice(52, N, replace=False))
TIMES = TIMES - TIMES[0]
EFFECTS = np.array([1.0, -1.0, 2.0, 0.0, -2.0])
LEVELS = 3 + np.cumsum(0.4 * RNG.normal(size=52))
Y = LEVELS[TIMES] + EFFECTS[TIMES % K] + RNG.normal(size=N)
PRIOR = SeasonPrior(noise=1.0, drift=0.7, jump=2.0, start=3.0, start_sd=5.0, pattern=1.3)
OWN = Seasonal(Y, TIMES, PRIOR, K)
WITHIN = PRIOR.pattern**2 * (np.eye(K) - 1 / K)  # covariance of effects that sum to zero
NAMES = [f"{i + 1} of {K}" for i in range(K)]
SETTINGS = [(0.5, 0.3, None), (1.2, 0.8, None), (0.9, 0.0, None), (0.5, 0.0, 10), (1.2, 0.0, 39)]


def cov(noise: float, level: float, jump: int | None, times: np.ndarray) -> np.ndarray:
    """Return the covariance of values at times; a jump comes before the value of this number."""
    found = PRIOR.start_sd**2 + level**2 * np.minimum.outer(times, times)
    found = found + WITHIN[np.ix_(times % K, times % K)]
    if jump is not None:
        late = times >= TIMES[jump]
        found = found + PRIOR.jump**2 * np.outer(late, late)
    return found + noise**2 * np.eye(len(times))


def density(noise: Any, level: Any = 0.0, jump: int | None = None, n: int = N) -> float:
    """Return the log density of the first values."""
    normal = stats.multivariate_normal(np.full(n, PRIOR.start), cov(noise, level, jump, TIMES[:n]))
    return float(normal.logpdf(Y[:n]))


def test_densities_are_multivariate_normal() -> None:
    """To 1e-8: of a level that drifts, one that stays, and one that jumps at each boundary."""
    sds = np.array([[0.3, 1.0], [2.0, 0.1]])
    drifts = OWN.log_plane(sds, sds.T)[..., 0]
    for i, j in np.ndindex(2, 2):
        a, b = sds[i, j], sds[j, i]
        prior = stats.halfnorm(0, PRIOR.noise).logpdf(a) + stats.halfnorm(0, PRIOR.drift).logpdf(b)
        assert drifts[i, j] - prior == pytest.approx(density(a, b), abs=1e-8)
    noise = np.array([[0.4], [1.5]])
    jumps, stays = (one.log_density(noise**2, PRIOR) for one in (OWN.boundaries, OWN.whole))
    for i, (sd,) in enumerate(noise):
        assert stays[i, 0] == pytest.approx(density(sd), abs=1e-8)
        assert jumps[i] == pytest.approx([density(sd, 0, b) for b in range(1, N)], abs=1e-8)


def known(setting: tuple[float, float, int | None]) -> tuple[Any, ...]:
    """Return now, change (mean, variance), and the joint of level and season, at one setting."""
    noise, level, jump = setting
    one = np.array([noise**2])
    if level:
        now, of_now, change, of_change, joint = OWN.ends(one, np.array([level**2]))
        return (now[0], of_now[0]), (change[0], of_change[0]), joint
    parts = OWN.whole if jump is None else OWN.boundaries
    at = 0 if jump is None else jump - 1
    joint = parts.joint(one[:, None], (np.zeros(1, dtype=int), np.array([at])), PRIOR)
    if jump is None:
        now, of_now = parts.first(one[:, None], PRIOR)
        return (now[0, 0], of_now[0, 0]), (0.0, 0.0), joint
    found = [part[0, at] for part in parts.after(one[:, None], PRIOR)]
    return tuple(found[:2]), tuple(found[2:]), joint


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_levels_effects_and_what_comes_next_are_conditional_normal(
    setting: tuple[float, float, int | None],
) -> None:
    """To 1e-8: last level, change, each effect, and values up to two periods on."""
    noise, level, jump = setting
    late = 0.0 if jump is None else (TIMES[jump] <= TIMES) * PRIOR.jump**2
    last = TIMES[-1]
    top = PRIOR.start_sd**2 + level**2 * last + (PRIOR.jump**2 if jump is not None else 0)
    whole = cov(noise, level, jump, TIMES)

    def given(with_y: np.ndarray, own: float, mean: float) -> tuple[float, float]:
        gain = np.linalg.solve(whole, with_y)
        return float(mean + gain @ (Y - PRIOR.start)), float(own - gain @ with_y)

    now, change, joint = known(setting)
    moved = level**2 * TIMES + late
    of_level = PRIOR.start_sd**2 + moved
    assert now == pytest.approx(given(of_level, top, PRIOR.start), abs=1e-8)
    assert change == pytest.approx(given(moved, top - PRIOR.start_sd**2, 0.0), abs=1e-8)
    for k in range(K):
        told = [float(one[0]) for one in joint.effect(k)]
        assert told == pytest.approx(given(WITHIN[k][TIMES % K], WITHIN[k, k], 0.0), abs=1e-8)
    for steps in range(1, 2 * K):
        place = (last + steps) % K
        with_y, own = of_level + WITHIN[place][TIMES % K], top + WITHIN[place, place]
        told = [float(one[0]) for one in joint.ahead(steps)]
        assert told == pytest.approx(given(with_y, own, PRIOR.start), abs=1e-8)


def test_evidences_are_integrals_of_the_densities() -> None:
    """By Gauss and Legendre, over one sd and over two; 12 values, so that all sds count."""
    x, w = np.polynomial.legendre.leggauss(60)
    few, at, weight = OWN.first(12), 4 * (x + 1), 4 * w
    noise = stats.halfnorm(0, PRIOR.noise).pdf(at) * weight
    level = stats.halfnorm(0, PRIOR.drift).pdf(at) * weight
    stays = sum(p * np.exp(density(sd, n=12)) for p, sd in zip(noise, at, strict=True))
    jumps = sum(
        p * np.exp(density(sd, 0, b, n=12)) / 11
        for p, sd in zip(noise, at, strict=True)
        for b in range(1, 12)
    )
    drifts = sum(
        p * q * np.exp(density(a, b, n=12))
        for p, a in zip(noise, at, strict=True)
        for q, b in zip(level, at, strict=True)
    )
    logs = [one.log_evidence for one in few.accounts]
    assert logs == pytest.approx(np.log([stays, jumps, drifts]), abs=1e-4)


def test_predictions_in_turn_are_growing_evidence() -> None:
    found = scores_of(OWN)
    for at, n in ((0, 20), (9, 29), (19, 39)):
        for name in ("stays", "drifts"):
            more, one = (getattr(OWN.first(size), name).log_evidence for size in (n + 1, n))
            assert found.of[name][at] == pytest.approx(more - one, abs=1e-4), name
    one = [density(sd, 0, b, n=N - 1) for sd in (0.7,) for b in range(1, N - 1)]
    parts = OWN.first(N - 1).parts(np.arange(1, N - 1))
    assert parts.log_density(np.array([[0.49]]), PRIOR)[0] == pytest.approx(one, abs=1e-8)


def test_a_coarser_grid_of_many_values_is_as_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    n = 520
    times = np.arange(n)
    y = 3 + np.cumsum(0.3 * RNG.normal(size=n)) + EFFECTS[times % K] + RNG.normal(size=n)
    monkeypatch.setattr("workflow.series.seasonal.SMALL", 0)
    coarse = Seasonal(y, times, PRIOR, K)
    assert coarse.fineness[0] == 48
    logs = coarse.drifts.log_evidence
    monkeypatch.setattr("workflow.series.seasonal.SMALL", n * K)
    fine = Seasonal(y, times, PRIOR, K)
    assert fine.fineness[0] == 80
    assert logs == pytest.approx(fine.drifts.log_evidence, abs=1e-6)
    assert coarse.drifts.now.mean == pytest.approx(fine.drifts.now.mean, abs=1e-6)


def drawn(rng: np.random.Generator, account: str) -> tuple[Seasonal, np.ndarray, float]:
    """Draw values of one account from the prior, with their effects and their last level."""
    effects = contrasts(K) @ (PRIOR.pattern * rng.normal(size=K - 1))
    noise, step = (np.abs(one * rng.normal()) for one in (PRIOR.noise, PRIOR.drift))
    level = np.full(TIMES[-1] + 1, PRIOR.start + PRIOR.start_sd * rng.normal())
    if account == "drifts":
        level[1:] += np.cumsum(step * rng.normal(size=len(level) - 1))
    elif account == "jumps":
        level[TIMES[rng.integers(1, N)] :] += PRIOR.jump * rng.normal()
    y = level[TIMES] + effects[TIMES % K] + noise * rng.normal(size=N)
    return Seasonal(y, TIMES, PRIOR, K), effects, float(level[-1])


@pytest.mark.parametrize("account", ["stays", "jumps", "drifts"])
def test_what_was_drawn_from_the_prior_has_any_quantile_alike(account: str) -> None:
    """Simulation-based calibration, of the exact posteriors: an effect, and the last level."""
    rng, ranks = np.random.default_rng(SEED), []
    for _ in range(100):
        one, effects, now = drawn(rng, account)
        found: Account = getattr(one, account)
        ranks.append([found.effect(2).below(effects[2]), found.now.below(now)])
    for each in np.transpose(ranks):
        assert stats.kstest(each, "uniform").pvalue > 1e-4


LONG = np.arange(150)  # of few values noise may be near 0, where NUTS is slow and its errors wide


@cache
def by_nuts() -> tuple[Seasonal, xr.Dataset]:
    """Many values, and draws of the model with the season, as a page makes them."""
    level = 3 + np.cumsum(0.3 * RNG.normal(size=len(LONG)))
    values = pd.Series(level + EFFECTS[LONG % K] + RNG.normal(size=len(LONG)), LONG.astype(str))
    own = {k: v for k, v in vars(PRIOR).items() if k != "jump"}
    model = local_level(values, LONG, phases=NAMES, **own)
    fit = fit_nuts(model, draws=1000, tune=1000, chains=4, seed=SEED)
    return Seasonal(values.to_numpy(), LONG, PRIOR, K), fit["posterior"].to_dataset()


def test_nuts_is_where_the_exact_posterior_is() -> None:
    """Sds, effects, change, last level, values to come; and the probability of a fall."""
    (own, posterior), names = by_nuts(), list(map(str, LONG))
    ahead, drifts = [str(len(LONG) + i) for i in range(K)], own.drifts
    found = summarise(with_levels(posterior, own, names, ahead, seed=SEED))
    exact = own.sds() | {"change": drifts.change.known()}
    exact |= {f"level[{names[-1]}]": drifts.now.known()}
    exact |= {f"season[{name}]": drifts.effect(i).known() for i, name in enumerate(NAMES)}
    exact |= {f"forecast[{one}]": drifts.ahead(i + 1).known() for i, one in enumerate(ahead)}
    worst = max(farthest(found[name], one) for name, one in exact.items())
    assert worst < allowed(len(exact))
    assert float(np.abs(posterior["season"].sum("phase")).max()) < 1e-10
    p = Rule(own, 10, 0.95).measure(posterior)["prob_fallen"]
    assert abs(p.value - drifts.change.below(0)) < 4 * p.mcse + 1e-3


def test_the_model_s_density_is_that_of_values_less_the_season() -> None:
    """Given effects, and both sds: a multivariate normal of what is left; a draw has both parts."""
    values = pd.Series(Y, list(map(str, TIMES)))
    own = {k: v for k, v in vars(PRIOR).items() if k != "jump"}
    model = local_level(values, TIMES, phases=NAMES, **own)
    u = RNG.normal(size=K - 1)
    point = model.initial_point() | {"season_zerosum__": u}
    point |= {f"sigma_{k}_log__": np.log(v) for k, v in (("observation", 0.8), ("level", 0.4))}
    both = model.compile_fn([model.logp(vars=[model["y"]]), model.unobserved_value_vars[-1]])
    found, season = both(point)
    left = Y - season[TIMES % K] - PRIOR.start
    level = PRIOR.start_sd**2 + 0.16 * np.minimum.outer(TIMES, TIMES)
    whole = stats.multivariate_normal(np.zeros(N), level + 0.64 * np.eye(N))
    assert float(found) == pytest.approx(float(whole.logpdf(left)), abs=1e-8)


def test_scales_have_no_part_of_the_season() -> None:
    """A season a thousand times as high changes neither the scale nor what the prior is asked."""
    times = np.arange(60)
    y = np.cumsum(0.3 * RNG.normal(size=60)) + RNG.normal(size=60)
    high = y + 1000 * EFFECTS[times % K]
    assert usual_beside(high, times, K) == usual_beside(y, times, K)
    assert usual_beside(y, times, K) == float(f"{np.diff(y).std():.0e}")
    unbiased = EFFECTS.std() * np.sqrt(K / (K - 1))
    assert usual_pattern(1000 * EFFECTS[times % K], K) == float(f"{1000 * unbiased:.0e}")
    name = "sd of the differences of values a season apart"
    told = [
        float(of_all(K)[name](xr.DataArray(one, dims="row"), xr.Dataset())) for one in (y, high)
    ]
    assert told[0] == pytest.approx(told[1], rel=1e-9)


def test_months_with_a_known_season_are_found_again() -> None:
    """Ten years of months, some missing; each effect and the last level within 4 sds."""
    n = 120
    kept = np.setdiff1d(np.arange(n), [5, 17, 60])
    effects = 3 * np.sin(np.arange(12) * np.pi / 6)
    level = 40 + np.cumsum(0.3 * RNG.normal(size=n))
    y = (level + effects[np.arange(n) % 12] + RNG.normal(size=n))[kept]
    scale = usual_beside(y, kept, 12)
    prior = SeasonPrior(scale, scale, scale, 40.0, 10 * scale, usual_pattern(y, 12))
    series = Seasonal(y, kept, prior, 12)
    found = series.drifts
    off = [(found.effect(i).mean - effects[i]) / found.effect(i).sd for i in range(12)]
    assert np.abs(off).max() < 4
    assert abs(found.now.mean - level[-1]) < 4 * found.now.sd
    better, error = gained(scores_of(series), scores_of(Series(y, kept, prior)), "drifts")
    assert better > 2 * error  # the season is as high as 3 sds of the noise
