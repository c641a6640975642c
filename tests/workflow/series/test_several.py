"""Several series: dense normal distributions, statsmodels, integrals by simulation, and NUTS."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import stats
from scipy.special import logsumexp
from statsmodels.tsa.statespace.structural import UnobservedComponents

from models._pooled_levels import levels_pooled
from models._several_levels import drawn_each, levels_alone
from models._threads import one_thread
from tests.calibration.study import rejected
from tests.conftest import SEED
from workflow.calibrating.sbc import simulate
from workflow.calibrating.uniformity import p_value
from workflow.checking.exact import allowed, farthest
from workflow.quantities import summarise
from workflow.sampling.fit import fit_nuts
from workflow.series.accounts import Prior, Series
from workflow.series.changed import FALLEN, RISEN, SAME, UNDECIDED, Rule
from workflow.series.plane import log_likelihood
from workflow.series.pooled import Pooled, Together
from workflow.series.population import Population, Wide
from workflow.series.seen import Seen
from workflow.series.several import Several, gathered

one_thread()
NAMES = ["north", "south, east", "west"]
TIMES = [np.array([0, 1, 2, 5, 6, 7]), np.arange(5), np.array([0, 2, 3, 4, 8, 9, 10, 11])]
FIRST, FIRST_SD = np.array([0.0, 5.0, 1.0]), np.array([10.0, 20.0, 5.0])
SCALE, STEP = np.array([1.0, 2.0, 0.5]), np.array([0.5, 1.0, 2.0])
OF = np.repeat([0, 1, 2], [len(one) for one in TIMES])
POOLED: dict[str, Any] = {"noise": 1.2, "drift": 0.8, "typical": 1.1, "between": 0.7}


def values(seed: int) -> list[np.ndarray]:
    """Return values of three series whose levels drift."""
    rng = np.random.default_rng(seed)
    found = []
    for at, first in zip(TIMES, FIRST, strict=True):
        level = first + np.cumsum(0.5 * rng.normal(size=at[-1] + 1))
        found.append(level[at] + rng.normal(size=len(at)))
    return found


Y = values(SEED)
ROWS = pd.Series(np.concatenate(Y), [f"{i}" for i in range(len(OF))])
GIVEN = ROWS, np.concatenate(TIMES), OF, NAMES


def alone() -> pm.Model:
    return levels_alone(*GIVEN, SCALE, STEP, FIRST, FIRST_SD)


def pooled() -> pm.Model:
    return levels_pooled(*GIVEN, 1.5, 2.0, FIRST, FIRST_SD, **POOLED)


def dense(i: int, noise: float, level: float) -> float:
    """Return the log density of a series as one multivariate normal distribution."""
    at = TIMES[i].astype(float)
    cov = level**2 * np.minimum.outer(at, at) + FIRST_SD[i] ** 2 + noise**2 * np.eye(len(at))
    return float(stats.multivariate_normal(np.full(len(at), FIRST[i]), cov).logpdf(Y[i]))


def statsmodels(i: int, noise: float, level: float) -> float:
    """Return the same by its Kalman filter, with the times between as missing."""
    y = np.full(TIMES[i][-1] + 1, np.nan)
    y[TIMES[i]] = Y[i]
    model = UnobservedComponents(y, "local level")
    model.ssm.initialize_known(np.array([FIRST[i]]), np.array([[FIRST_SD[i] ** 2]]))
    return float(model.smooth(np.square([noise, level])).llf_obs.sum())


@pytest.mark.parametrize("oracle", [dense, statsmodels])
def test_the_density_of_all_values_is_that_of_series_after_series(oracle: Any) -> None:
    """To 1e-8, with gaps, by both models; and no series knows of another's sds."""
    rng = np.random.default_rng(SEED)
    sds = rng.uniform(0.3, 2, (2, 3))
    known = sum(oracle(i, *sds[:, i]) for i in range(3))
    one, other = alone(), pooled()
    names = "sigma_observation", "sigma_level"
    found = pm.logp(one["y"], one.rvs_to_values[one["y"]]).sum()
    told = found.eval({one[name]: sd for name, sd in zip(names, sds, strict=True)})
    assert float(told) == pytest.approx(known, abs=1e-8)
    found = pm.logp(other["y"], other.rvs_to_values[other["y"]]).sum()
    told = found.eval({other[name]: sd for name, sd in zip(names, sds, strict=True)})
    assert float(told) == pytest.approx(known, abs=1e-8)


def by_hand(point: dict[str, np.ndarray]) -> float:
    """Return the log density of the pooled model at unconstrained values, Jacobians and all."""
    offsets, total = point["group_z"], stats.norm.logpdf(point["group_z"]).sum()
    sds = []
    scales = (POOLED["noise"] * 1.5, POOLED["drift"] * 2.0)
    for i, (kind, scale) in enumerate(zip(("observation", "level"), scales, strict=True)):
        middle, spread = (point[f"{what}_{kind}_log__"] for what in ("typical", "between"))
        total += stats.norm(np.log(scale), POOLED["typical"]).logpdf(middle)
        total += stats.halfnorm(0, POOLED["between"]).logpdf(np.exp(spread)) + spread
        sds.append(np.exp(middle + np.exp(spread) * offsets[i]))
    return float(total + sum(dense(i, *(one[i] for one in sds)) for i in range(3)))


def test_the_pooled_density_is_that_by_hand_and_so_are_its_slopes() -> None:
    model, rng = pooled(), np.random.default_rng(SEED)
    whole, slope = model.compile_logp(), model.compile_dlogp()
    start = model.initial_point()
    point = {name: rng.normal(scale=0.5, size=np.shape(one)) for name, one in start.items()}
    assert float(whole(point)) == pytest.approx(by_hand(point), abs=1e-8)
    found, differences = slope(point), []
    for name in (one.name for one in model.continuous_value_vars):
        for i in np.ndindex(np.shape(point[name])):
            ends = []
            for step in (1e-5, -1e-5):
                moved = {key: np.array(one, dtype=float) for key, one in point.items()}
                moved[name][i] += step
                ends.append(by_hand(moved))
            differences.append((ends[0] - ends[1]) / 2e-5)
    assert found == pytest.approx(differences, rel=1e-5, abs=1e-5)


def test_draws_of_all_series_have_the_moments_of_dense_normals() -> None:
    steps = np.concatenate([np.diff(one, prepend=0).astype(float) for one in TIMES])
    rng, n = np.random.default_rng(SEED), 20_000
    noise, level = np.array([0.5, 1.0, 2.0]), np.array([1.0, 0.3, 0.6])
    found = drawn_each(FIRST, FIRST_SD, noise, level, steps, OF, rng, (n,))
    assert found.shape == (n, len(OF))
    cov = np.zeros((len(OF), len(OF)))
    for i, at in enumerate(TIMES):
        mine = np.flatnonzero(i == OF)
        own = level[i] ** 2 * np.minimum.outer(at, at).astype(float) + FIRST_SD[i] ** 2
        cov[np.ix_(mine, mine)] = own + noise[i] ** 2 * np.eye(len(at))
    error = np.sqrt((cov**2 + np.outer(np.diag(cov), np.diag(cov))) / n)
    assert (np.abs(np.cov(found.T) - cov) / error).max() < 5
    off = (found.mean(0) - FIRST[OF]) / np.sqrt(np.diag(cov) / n)
    assert np.abs(off).max() < 5


def rules() -> dict[str, Rule]:
    """Return each series by itself, under the prior of the model of series alone."""
    return {
        name: Rule(Series(Y[i], TIMES[i], Prior(SCALE[i], STEP[i], 1.0, FIRST[i], FIRST_SD[i])),
                   10, 0.95)
        for i, name in enumerate(NAMES)
    }  # fmt: skip


WIDE = Wide(1.5 * POOLED["noise"], 2.0 * POOLED["drift"], POOLED["typical"], POOLED["between"])


@cache
def together() -> Together:
    return Together.of(rules(), WIDE)


@cache
def simulated() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return typical log sds and spreads (by kind), and log likelihoods (by series), by the prior.

    Draws of the prior, weighted by the likelihood: an integral that has no grid.
    """
    rng, n = np.random.default_rng(SEED), 400_000
    center = np.log([[WIDE.noise], [WIDE.drift]])
    middle = center + WIDE.typical * rng.normal(size=(2, n))
    spread = np.abs(WIDE.between * rng.normal(size=(2, n)))
    each, logs = [], []
    for one in (rule.series for rule in rules().values()):
        sds = np.exp(middle + spread * rng.normal(size=(2, n)))
        logs.append(log_likelihood(one.y, one.steps, one.prior, *sds**2))
        each.append(sds)
    return np.concatenate([np.exp(middle), spread]), np.array(each), np.array(logs)


def test_the_population_is_what_draws_of_its_prior_say() -> None:
    """Evidence, typical sds, spreads, and sds of each series: within four Monte Carlo errors."""
    found, (parts, each, logs) = together().population, simulated()
    total = logs.sum(0)
    weights = np.exp(total - total.max())
    evidence = np.log(weights.mean()) + total.max()
    error = weights.std() / weights.mean() / np.sqrt(len(weights))
    assert error < 0.02
    assert found.log_evidence == pytest.approx(evidence, abs=4 * error)
    p = weights / weights.sum()
    pairs = [("typical_observation", parts[0]), ("typical_level", parts[1]),
             ("between_observation", parts[2]), ("between_level", parts[3])]  # fmt: skip
    known = found.known()
    for i, (name, rule) in enumerate(together().rules.items()):
        for what, one in rule.series.sds().items():
            known[f"{what}[{name}]"] = one
        pairs += [(f"sigma_observation[{name}]", each[i, 0]), (f"sigma_level[{name}]", each[i, 1])]
    for what, one in pairs:
        mean = float(p @ one)
        error = float(np.sqrt((p**2) @ (one - mean) ** 2))
        assert known[what].mean == pytest.approx(mean, abs=4 * error), what
        for bound, share in ((known[what].lower, 0.025), (known[what].upper, 0.975)):
            below = one < bound
            error = float(np.sqrt((p**2) @ (below - share) ** 2))
            assert float(p @ below) == pytest.approx(share, abs=4 * error), what


@pytest.mark.parametrize("name", NAMES)
def test_the_evidence_of_one_is_what_it_adds_to_that_of_the_others(name: str) -> None:
    """If its level drifts. The others' population is found on points of its own."""
    whole = together()
    others = {one: seen for one, seen in whole.seen.items() if one != name}
    rest = Population.of(others, WIDE).log_evidence
    own = whole.rules[name].series.drifts.log_evidence
    assert own == pytest.approx(whole.population.log_evidence - rest, abs=0.01)


def test_series_that_may_not_differ_have_the_same_sds() -> None:
    """A population of hardly any width: one sd of each kind for all, by a plain integral."""
    scale = np.log([WIDE.noise, WIDE.drift])
    axis = np.linspace(-6, 4, 400)
    noise, level = np.meshgrid(axis, axis, indexing="ij")
    logs = sum(
        log_likelihood(one.y, one.steps, one.prior, np.exp(2 * noise), np.exp(2 * level))
        for one in (rule.series for rule in rules().values())
    )
    logs = logs + stats.norm(scale[0], WIDE.typical).logpdf(noise)
    logs = logs + stats.norm(scale[1], WIDE.typical).logpdf(level)
    whole = float(logsumexp(logs)) + 2 * np.log(axis[1] - axis[0])
    seen = {name: Seen.of(rule.series, 2.0) for name, rule in rules().items()}
    narrow = Population.of(seen, Wide(WIDE.noise, WIDE.drift, WIDE.typical, 1e-3))
    assert narrow.log_evidence == pytest.approx(whole, abs=0.01)
    wide = together().population.log_evidence
    assert abs(wide - whole) > 0.05  # else this could not fail


def test_a_level_that_stays_or_jumps_has_the_noise_that_others_expect() -> None:
    """Evidences by draws of the population that the others leave."""
    name = NAMES[0]
    one = together().rules[name].series
    assert isinstance(one, Pooled)
    rng = np.random.default_rng(SEED)
    expected = one.expected
    at = rng.choice(expected.weights.size, 40_000, p=expected.weights.ravel())
    row = at // expected.weights.shape[1]
    nodes = expected.nodes[0]
    noise = np.exp(nodes.middle[row] + nodes.spread[row] * rng.normal(size=len(row)))
    stays = log_likelihood(one.y, one.steps, one.prior, noise**2, np.zeros(len(noise)))
    jumps = logsumexp(one.boundaries.log_density(noise[:, None] ** 2, one.prior), axis=1)
    for logs, account in ((stays, one.stays), (jumps - np.log(len(one.y) - 1), one.jumps)):
        weights = np.exp(logs - logs.max())
        error = weights.std() / weights.mean() / np.sqrt(len(weights))
        told = np.log(weights.mean()) + logs.max()
        assert account.log_evidence == pytest.approx(told, abs=4 * error)


def test_nuts_is_where_the_exact_posterior_is() -> None:
    """Populations and the sds of all series: mean, median and both ends."""
    tree = fit_nuts(pooled(), draws=1000, tune=1000, chains=4, seed=SEED)
    found = summarise(tree["posterior"].to_dataset())
    exact = together().population.known()
    for name, rule in together().rules.items():
        exact |= {f"{what}[{name}]": one for what, one in rule.series.sds().items()}
    assert {*exact} == {*found}
    assert max(farthest(found[name], one) for name, one in exact.items()) < allowed(len(exact))
    unpooled = {f"{what}[{name}]": one for name, rule in rules().items()
                for what, one in rule.series.sds().items()}  # fmt: skip
    off = max(farthest(found[name], one) for name, one in unpooled.items())
    assert off > 2 * allowed(len(exact))  # series by themselves are not taken for pooled ones


def drawn(noise: float, level: float) -> xr.Dataset:
    """Return draws that all have the same sds."""
    dims = ("chain", "draw", "series")
    return xr.Dataset(
        {name: (dims, np.full((2, 50, 3), sd) * (1 + 1e-3 * np.arange(50))[:, None])
         for name, sd in (("sigma_observation", noise), ("sigma_level", level))},
        {"series": NAMES},
    )  # fmt: skip


def test_what_is_measured_of_each_is_what_its_rule_measures() -> None:
    several = Several(rules())
    found = several.measure(drawn(1.0, 0.5))
    for i, name in enumerate(NAMES):
        one = drawn(1.0, 0.5).isel(series=i, drop=True)
        assert found[f"prob_fallen[{name}]"] == rules()[name].measure(one)["prob_fallen"]
    wide = drawn(1.0, 0.5).assign_attrs(prior={"noise": 4.0, "drift": 0.25})
    own = rules()[NAMES[1]]
    told = own.under(noise=4 * SCALE[1], drift=0.25 * STEP[1])
    _, (of, rule, alike), _ = several.of_each(wide)
    assert of == NAMES[1]
    assert rule.under(**alike.attrs["prior"]).logs == told.logs
    assert several.decide(wide)[0] == several.exact(noise=4.0, drift=0.25)


def test_decisions_of_all_are_one_and_each_may_be_another() -> None:
    found = gathered({"a": UNDECIDED, "b": FALLEN, "c": SAME, "d": FALLEN, "e": RISEN})
    assert found == f"fallen: b, d; risen: e; unchanged: c; {UNDECIDED}: a"
    assert gathered({"a, b": FALLEN, "c": FALLEN}) == "fallen: “a, b”, c"
    assert gathered({"a": FALLEN, "b, c": FALLEN}) == "fallen: a, “b, c”"

    class Two(Several):
        def decisions(self, posterior: xr.Dataset, errors: float = 2) -> dict[str, list[str]]:
            return {"a": [FALLEN, UNDECIDED], "b": [SAME]}

    assert Two({}).decide(xr.Dataset()) == (
        f"fallen: a; {SAME}: b", f"{SAME}: b; {UNDECIDED}: a"
    )  # fmt: skip


def test_checks_of_a_series_look_at_its_rows_alone() -> None:
    """Data in which one series is another is told by the checks of that one."""
    rng = np.random.default_rng(SEED)
    times = [np.arange(20)] * 3
    of = np.repeat([0, 1, 2], 20)
    own = {
        name: Rule(Series(rng.normal(size=20), at, Prior(1, 1, 1, 0, 10)), 10, 0.95)
        for name, at in zip(NAMES, times, strict=True)
    }
    y = np.concatenate([rule.series.y for rule in own.values()])
    tree = xr.DataTree.from_dict(
        {"posterior": drawn(1.0, 0.1).assign_coords(draw=np.arange(50)),
         "posterior_predictive": xr.Dataset(coords={"draw": np.arange(0, 50, 5)})}
    )  # fmt: skip
    found = Several(own).statistics(tree, of)
    assert len(found) == 3 * 6
    changed = y.copy()
    changed[25] += 30
    before, after = (
        {name: float(np.mean(one(xr.DataArray(rows, dims="row"), xr.Dataset())))
         for name, one in found.items()}
        for rows in (y, changed)
    )  # fmt: skip
    moved = {name.partition(": ")[0] for name in found if before[name] != after[name]}
    assert moved == {NAMES[1]}


REPLICATES, FINE, BINS = 300, 40, 99
GRID = np.geomspace(1e-3, 5, FINE)  # prior scales


def p_values(scale: np.ndarray, step: np.ndarray, before: int = 0) -> dict[str, float]:
    """Return how uniform the ranks are of sds from the model's prior among those that data leave.

    By dense normal distributions on a grid, without NUTS and without the code of the project. What
    is fitted may have other scales of its prior, or the values of the series `before` it.
    """
    many, ranks = simulate(alone(), REPLICATES, seed=SEED), dict[str, list[int]]()
    for i, name in enumerate(NAMES):
        j = (i - before) % len(NAMES)
        at = TIMES[i][: len(TIMES[j])].astype(float)
        noise, level = np.meshgrid(GRID * scale[i], GRID * step[i], indexing="ij")
        covariance = level[..., None, None] ** 2 * np.minimum.outer(at, at) + FIRST_SD[i] ** 2
        covariance = covariance + noise[..., None, None] ** 2 * np.eye(len(at))
        lower = np.linalg.inv(np.linalg.cholesky(covariance))
        prior = np.log(noise * level) - (noise / scale[i]) ** 2 / 2 - (level / step[i]) ** 2 / 2
        prior += np.log(np.diagonal(lower, axis1=-2, axis2=-1)).sum(-1)
        for k in range(REPLICATES):
            truth, data = many[k]
            y = data["y_data"][j == OF][: len(at)] - FIRST[i]
            logs = prior - np.square(lower @ y).sum(-1) / 2
            weights = np.exp(logs - logsumexp(logs))
            for sd, axis, unit in (("sigma_observation", 1, scale[i]), ("sigma_level", 0, step[i])):
                cdf = np.cumsum(weights.sum(axis)) - weights.sum(axis) / 2
                below = np.interp(np.log(truth[sd].item(i) / unit), np.log(GRID), cdf)
                ranks.setdefault(f"{sd}[{name}]", []).append(int(below * (BINS + 1)))
    return {name: p_value(np.array(of), BINS) for name, of in ranks.items()}


def test_sds_from_the_prior_rank_evenly_among_those_that_their_values_leave() -> None:
    """What the model draws is from what it says; and other priors, and other series, are found."""
    assert not rejected(p_values(SCALE, STEP))
    assert rejected(p_values(SCALE, 2 * STEP))
    assert rejected(p_values(SCALE[[1, 2, 0]], STEP))
    assert rejected(p_values(SCALE, STEP, before=1))
