"""Many rows at the mode: by the model's own names, and under its own priors."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from analyses._many_rows import at_mode
from models.logistic_regression import bernoulli
from tests.conftest import SEED
from workflow.checking.diagnostics import Status, diagnose
from workflow.checking.sampler_checks import K_HAT
from workflow.quantities import summarise
from workflow.regression import at_mode as at_mode_module
from workflow.regression.at_mode import AtMode
from workflow.regression.binomial_rows import BinomialRows
from workflow.sampling.fit import data_of
from workflow.sampling.groups import JOINT
from workflow.variational.unconstrained import Unconstrained

LENGTHS: dict[str, Any] = {"draws": 1000, "chains": 4, "seed": SEED}

# Mean, its Monte Carlo error and sd of each quantity: nutpie, 4 chains of 1000 + 1000 draws of the
# model by row, 50,000 rows of `table`, seed 1.
FROZEN = {
    "level": (-2.769380, 0.000282, 0.019825),
    "log_odds_ratio[x0]": (0.347709, 0.000431, 0.030384),
    "log_odds_ratio[x1]": (-0.242544, 0.000400, 0.030446),
    "log_odds_ratio[x2]": (0.461550, 0.000511, 0.037742),
    "log_odds_ratio[x3]": (0.031355, 0.000231, 0.017763),
    "log_odds_ratio[x4]": (0.111255, 0.000228, 0.017769),
    "log_odds_ratio[x5]": (0.039634, 0.000243, 0.018220),
    "log_odds_ratio[x6]": (-0.006177, 0.000232, 0.017758),
    "log_odds_ratio[x7]": (-0.396858, 0.000259, 0.018055),
    "log_odds_ratio[x8]": (0.222476, 0.000239, 0.018085),
    "log_odds_ratio[x9]": (-0.026551, 0.000247, 0.018032),
}


def table(n: int, k: int = 10) -> tuple[pd.DataFrame, pd.Series]:
    """Two terms that go together, one of 0 and 1, and a rare event."""
    rng = np.random.default_rng(20)
    z = rng.normal(size=(n, k))
    z[:, 1] = 0.8 * z[:, 0] + 0.6 * z[:, 1]
    z[:, 2] = z[:, 2] > 0
    terms = pd.DataFrame(z, columns=[f"x{i}" for i in range(k)])
    slopes = np.array([0.3, -0.2, 0.5, 0, 0.1, 0.05, 0, -0.4, 0.2, 0])[:k]
    p = 1 / (1 + np.exp(3 - z @ slopes))
    return terms, pd.Series((rng.random(n) < p).astype(int), name="y")


def made(n: int, k: int = 10) -> AtMode:
    build = partial(bernoulli, *table(n, k), None)
    found = at_mode(build, build)
    assert found
    return found


@pytest.mark.parametrize("knob", [{"r2": 0.3}, {"slope_sd": 0.4}], ids=["r2", "slope_sd"])
def test_densities_and_variables_are_those_of_the_model(knob: dict[str, float]) -> None:
    terms, outcome = table(10_000, 3)
    model = bernoulli(terms, outcome, level_sd=1.5, **knob)
    data: dict[str, Any] = dict(data_of(model))
    tree = made(10_000, 3).refit(data, draws=200, chains=2, seed=SEED)
    posterior = tree["posterior"].to_dataset()
    free = [one.name for one in model.free_RVs]
    flat = posterior[free].stack(one=("chain", "draw")).transpose("one", ...)
    points = np.column_stack([flat[name].to_numpy().reshape(400, -1) for name in free])
    target = Unconstrained(model)
    told = target.quantities(points[::40])
    assert set(told) == set(posterior)
    for name, values in told.items():
        by_draw = posterior[name].stack(one=("chain", "draw")).transpose("one", ...)
        np.testing.assert_allclose(by_draw.to_numpy()[::40], values[0].to_numpy(), atol=1e-10)
        for dim in set(values.dims) - {"chain", "draw"}:
            assert list(values[dim].to_numpy()) == list(posterior[dim].to_numpy())
    log_prior = target.log_density(points[::40]) - np.ravel(tree[JOINT]["y"])[::40]
    sds = {"level": 1.5, "theta": 1.0, "log_odds_ratio": knob.get("slope_sd", 1.0)}
    sd = np.concatenate([[sds[name]] * flat[name][0].size for name in free])
    by_hand = -(points[::40] ** 2 / sd**2).sum(axis=1) / 2 - np.log(sd * np.sqrt(2 * np.pi)).sum()
    np.testing.assert_allclose(log_prior, by_hand, atol=1e-7)


def means(tree: xr.DataTree) -> dict[str, tuple[float, float]]:
    """Return mean and Monte Carlo error of each quantity."""
    found = summarise(tree["posterior"].to_dataset())
    return {name: (one.mean or 0.0, one.mcse_mean or 0.0) for name, one in found.items()}


def test_draws_are_as_those_of_nuts() -> None:
    """All means within four Monte Carlo errors of 4000 draws by NUTS of 50,000 rows, frozen."""
    tree, found = made(50_000).fit({"level_sd": 2.5, "r2": 0.75}, **LENGTHS)
    assert found.status is Status.PASS
    assert found[K_HAT].worst < 0.3
    quantities = summarise(tree["posterior"].to_dataset()[["level", "log_odds_ratio"]])
    assert list(quantities) == list(FROZEN)
    for name, (mean, error, sd) in FROZEN.items():
        one = quantities[name]
        assert one.mcse_mean is not None
        assert one.mean == pytest.approx(mean, abs=4 * np.hypot(error, one.mcse_mean))
        assert one.sd == pytest.approx(sd, rel=4 * np.sqrt(1 / 2000 + 1 / 2000))  # of 1000 at least


def test_another_prior_is_another_posterior_and_its_own_mode_says_the_same() -> None:
    """The draws about the first mode are weighted anew; a fit that knows no other agrees."""
    first = made(10_000, 3)
    first.fit({"level_sd": 2.5, "r2": 0.75}, **LENGTHS)
    prior = {"level_sd": 0.5, "r2": 0.02}
    again = first.refit(prior, tune=500, target_accept=0.8, **LENGTHS)
    alone = made(10_000, 3).refit(prior, **LENGTHS)
    assert diagnose(again).status is diagnose(alone).status is Status.PASS
    before = first.refit({"level_sd": 2.5, "r2": 0.75}, **LENGTHS)
    one, other = means(again), means(alone)
    for name, (mean, error) in one.items():
        assert mean == pytest.approx(other[name][0], abs=4 * np.hypot(error, other[name][1]))
    assert means(before)["level"][0] < one["level"][0] - 0.01


def test_three_events_are_not_certified() -> None:
    """The level is skewed, and k-hat says so."""
    terms, _ = table(10_000, 3)
    outcome = pd.Series(np.isin(np.arange(10_000), [5, 700, 9000]).astype(int), name="y")
    build = partial(bernoulli, terms, outcome, None)
    of = at_mode(build, build)
    assert of
    _, found = of.fit({"level_sd": 2.5, "r2": 0.75}, **LENGTHS)
    assert found[K_HAT].status is not Status.PASS


def test_where_no_mode_is_found_nothing_is_certified() -> None:
    of = made(10_000, 3)
    assert isinstance(of.rows, BinomialRows)
    of.rows.events[0] = np.nan
    with np.errstate(invalid="ignore"):
        _, found = of.fit({"level_sd": 2.5, "r2": 0.75}, **LENGTHS)
    assert found.status is Status.FAIL
    assert found[K_HAT].worst == np.inf


@pytest.mark.parametrize(("k_hat", "modes"), [(0.49, 1), (0.6, 2)])
def test_draws_are_weighed_anew_only_while_k_hat_is_good(
    monkeypatch: pytest.MonkeyPatch, k_hat: float, modes: int
) -> None:
    """Else the mode is looked for under the other prior; the second time is that of other draws."""
    real, sought = at_mode_module.mode, []
    found = made(10_000, 3)
    own = found.refit({"level_sd": 2.5, "r2": 0.75}, **LENGTHS)
    weighed = at_mode_module.chains_of

    def spy(*about: Any) -> Any:
        sought.append(about)
        return real(*about)

    def with_tail(*about: Any, **how: Any) -> Any:
        return replace(weighed(*about, **how), k_hat=k_hat)

    assert float(own["sample_stats"]["pareto_k"]) < 0.49
    monkeypatch.setattr(at_mode_module, "mode", spy)
    monkeypatch.setattr(at_mode_module, "chains_of", with_tail)
    found.refit({"level_sd": 2.5, "r2": 0.7}, **LENGTHS)
    assert 1 + len(sought) == modes
