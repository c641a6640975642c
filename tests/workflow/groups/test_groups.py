"""Groups from one population: what a normal one need not fit, grids, ways to pool, coordinates."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats

from tests.conftest import SEED
from workflow.checking.alike import look
from workflow.checking.checks import posterior_check
from workflow.checking.status import Status
from workflow.groups.exact import Exact, Prior, TooFineError
from workflow.groups.observed import Observed, between
from workflow.groups.pooling import COMPLETE, NONE, PARTIAL, estimates, held, on_arcsine
from workflow.groups.population import farthest_group, new_groups, replicated, shapes
from workflow.groups.rows import residuals

DRAWS = (4, 1000)


def measured(effects: np.ndarray, errors: float | np.ndarray = 1.0) -> Observed:
    names = [f"g{i}" for i in range(len(effects))]
    table = {"group": names, "effect": effects, "standard_error": errors}
    return Observed.of(pd.DataFrame(table))


def counted(events: list[int], trials: list[int]) -> Observed:
    names = [f"g{i}" for i in range(len(events))]
    return Observed.of(pd.DataFrame({"group": names, "successes": events, "trials": trials}))


def drawn(observed: Observed, mu: float, tau: float) -> xr.DataTree:
    """A posterior that knows mu and tau, and what was observed."""
    shape = (("chain", "draw"), np.full(DRAWS, mu))
    spread = (("chain", "draw"), np.full(DRAWS, tau))
    at = {"chain": range(DRAWS[0]), "draw": range(DRAWS[1]), "group": list(observed.names)}
    return xr.DataTree.from_dict(
        {
            "posterior": xr.Dataset({"mu": shape, "tau": spread}, at),
            "observed_data": xr.Dataset(
                {"y": (("group",), observed.first)}, {"group": at["group"]}
            ),
        }
    )


def test_normal_groups_look_normal_and_one_far_off_does_not() -> None:
    rng = np.random.default_rng(SEED)
    effects = rng.normal(2, np.sqrt(1 + 0.5**2), size=20)
    alone = np.where(np.arange(20) == 7, effects + 12, effects)
    for values, fine in ((effects, True), (alone, False)):
        observed = measured(values)
        tree = replicated(drawn(observed, 2, 0.5), observed, "y", seed=SEED)
        found = posterior_check(tree, "y", shapes(observed))
        assert all(one.result is Status.PASS for one in found) == fine
    assert farthest_group(measured(alone)) == "g7"


def test_replicates_have_the_spread_of_groups_and_of_errors() -> None:
    observed = measured(np.zeros(6), np.arange(1.0, 7))
    y = replicated(drawn(observed, 1, 2), observed, "y", seed=SEED)["posterior_predictive"]["y"]
    sd, n = y.std(("chain", "draw")).to_numpy(), np.prod(DRAWS)
    expected = np.sqrt(4 + np.arange(1.0, 7) ** 2)
    assert np.abs(sd / expected - 1).max() < 4.5 / np.sqrt(2 * n)
    of_counts = counted([1, 2, 3], [10, 20, 30])
    tree = replicated(drawn(of_counts, 0, 1), of_counts, "y", seed=SEED)
    mean = tree["posterior_predictive"]["y"].mean(("chain", "draw")).to_numpy()
    assert mean / [10, 20, 30] == pytest.approx(0.5, abs=0.03)  # 4 sds of 1,000 rates or more


def test_rows_of_a_day_that_are_alike_are_seen_beyond_their_group() -> None:
    """Groups differ, and that is no dependence; days differ, and that is one."""
    rng = np.random.default_rng(SEED)
    group, day = np.repeat(np.arange(4), 150), np.tile(np.arange(30), 20)
    for apart in (0.0, 0.35):
        p = 0.2 + 0.15 * group + apart * np.where(day % 2, 1, -0.2) * (group < 3)
        rows = pd.DataFrame({"arm": group.astype(str), "conversions": rng.random(600) < p})
        found = residuals(rows.astype({"conversions": int}))
        assert found is not None
        looked = look(found, {"day": pd.Series(day)}, {}, seed=SEED)
        assert any(one.found for one in looked) == (apart > 0)
    assert residuals(None) is None


def test_a_new_group_has_the_population() -> None:
    found = new_groups(
        drawn(measured(np.zeros(3)), 1, 2)["posterior"].to_dataset(),
        measured(np.zeros(3)),
        seed=SEED,
    )
    law = stats.norm(1, 2)
    for tail in (0.025, 0.5, 0.975):
        assert float(found.quantile(tail)) == pytest.approx(law.ppf(tail), abs=0.02)


def test_the_exact_posterior_does_not_depend_on_the_unit() -> None:
    effects, errors = np.array([3.0, -1.0, 4.0, 1.5]), np.array([1.0, 2.0, 0.5, 1.0])
    one = Exact(measured(effects, errors), Prior(0.0, 10.0, 2.0, False)).known()
    unit = 1e5
    other = Exact(measured(unit * effects, unit * errors), Prior(0, 10 * unit, 2 * unit, False))
    for name, known in other.known().items():
        assert known.mean == pytest.approx(unit * one[name].mean, rel=1e-9)
        assert known.lower == pytest.approx(unit * one[name].lower, rel=1e-6, abs=1e-3)


def test_extreme_counts_have_an_exact_posterior() -> None:
    """No successes, and nothing else: against a finer rule of another kind, over mu and tau."""
    observed = counted([0, 20, 0, 3], [20, 20, 5, 6])
    found = Exact(observed, Prior(0.0, 1.5, 1.0, True)).known()
    z, at = np.polynomial.hermite_e.hermegauss(101)
    mu, tau = np.linspace(-7, 7, 121), np.linspace(0.005, 6, 120)
    rate = 1 / (1 + np.exp(-(mu[:, None, None] + tau[:, None] * z)))
    each, of = [], []
    for k, n in zip(observed.first, observed.second, strict=True):
        p = stats.binom(n, rate).pmf(k) * at / at.sum()
        each.append(p.sum(-1))
        of.append((p * rate).sum(-1) / p.sum(-1))
    prior = stats.norm(0, 1.5).pdf(mu)[:, None] * stats.halfnorm.pdf(tau)
    weights = prior * np.prod(each, axis=0)
    weights /= weights.sum()
    for i in range(4):
        assert found[f"rate[g{i}]"].mean == pytest.approx((weights * of[i]).sum(), rel=1e-3)
    assert found["tau"].mean == pytest.approx((weights * tau).sum(), rel=1e-3)


def test_a_grid_that_would_be_too_coarse_is_refused() -> None:
    errors = np.array([1.0, 1.0, 1.0, 1e-5])
    with pytest.raises(TooFineError):
        Exact(measured(np.array([0.0, 10.0, 20.0, 30.0]), errors), Prior(0, 10, 10, False))


def test_the_rough_sd_between_groups_is_that_of_moments() -> None:
    """Equal errors: the variance of the effects less that of the errors, or 0."""
    effects = np.array([1.0, 4.0, -2.0, 6.0])
    assert between(effects, np.ones(4)) == pytest.approx(np.sqrt(effects.var(ddof=1) - 1))
    assert between(effects, 9 * np.ones(4)) == 0


def test_ways_to_pool() -> None:
    observed = counted([1, 9], [10, 30])
    found = estimates(observed, np.array([0.15, 0.28]))
    assert found[NONE].tolist() == [0.1, 0.3]
    assert found[COMPLETE].tolist() == [0.25, 0.25]
    assert found[PARTIAL].tolist() == [0.15, 0.28]
    assert on_arcsine(observed, found, np.array([0.1, 0.3])) == {}
    weighted = measured(np.array([1.0, 4.0]), np.array([1.0, 2.0]))
    assert weighted.pooled == pytest.approx((1 + 4 / 4) / (1 + 1 / 4))


def test_later_counts_inside_what_was_predicted() -> None:
    rates = np.random.default_rng(SEED).beta(300, 700, size=(2000, 3))
    later = pd.DataFrame({"later_successes": [30, 60, 31], "later_trials": [100, 100, 100]})
    assert held(rates, later, seed=SEED) == 2
    assert held(rates, later[["later_trials"]].drop(columns="later_trials"), seed=SEED) is None
