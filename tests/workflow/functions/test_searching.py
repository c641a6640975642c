"""Searches where the truth is known: Branin's function, and the mixes of concrete."""

import json
from collections.abc import Callable

import numpy as np
import pytest
from scipy import optimize, stats
from scipy.stats import qmc
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

from data.next_experiment import REGRET
from models._threads import one_thread
from tests.cases import next_experiment as case
from tests.conftest import SEED
from tests.regret import (
    BRANIN,
    HARTMANN,
    LEAST_BRANIN,
    LEAST_HARTMANN,
    SEEDS,
    TRIALS,
    branin,
    hartmann,
    regrets,
    settings,
)
from workflow.functions.searching import (
    FIRST,
    POLICIES,
    Policy,
    at_random,
    averaged,
    climbed,
    height,
    plug_in,
    search,
    seen,
)

one_thread()
RANDOM, PLUG_IN, AVERAGED = list(POLICIES)[:3]


@pytest.mark.parametrize(
    ("of", "places", "least", "width"),
    [(branin, LEAST_BRANIN, BRANIN, 15.0), (hartmann, LEAST_HARTMANN, HARTMANN, 1.0)],
)
def test_the_least_of_the_functions_is_the_published_one(
    of: Callable[[np.ndarray], np.ndarray], places: np.ndarray, least: float, width: float
) -> None:
    """At the published places, and nowhere near them less."""
    assert of(places) == pytest.approx(least, abs=1e-5)
    for place in places:
        found = optimize.minimize(lambda x: float(of(x[None])[0]), place + 0.01 * width)
        assert found.fun == pytest.approx(least, abs=1e-5)
        assert found.x == pytest.approx(place, abs=1e-3 * width)


def test_plug_in_unknowns_are_the_likeliest_that_scikit_learn_finds() -> None:
    """A kernel of the same form, its parameters free but for the level; then equal improvements."""
    x, y = case.X[:12, :3], case.Y[:12]
    tried = seen(x, y)
    unit = np.sqrt(3) * x.std(axis=0, ddof=1)
    far = (1e-3, 1e3)
    lengths = Matern(unit, [tuple(np.multiply(one, far)) for one in unit], nu=2.5)
    s = tried.level
    of_noise = WhiteKernel(0.09 * s**2, (1e-6 * s**2, 1e6 * s**2))
    scale = ConstantKernel(s**2, (1e-6 * s**2, 1e6 * s**2))
    kernel = ConstantKernel(s**2, "fixed") + scale * lengths + of_noise
    other = GaussianProcessRegressor(kernel, alpha=tried.jitter).fit(x, y - tried.mean)
    at = climbed(tried, prior=False)
    found = height(tried, at, prior=False)[0]
    assert found == pytest.approx(other.log_marginal_likelihood_value_, abs=1e-3)


@pytest.mark.parametrize("prior", [True, False])
def test_the_height_is_the_density_of_the_case_and_has_its_slope(prior: bool) -> None:
    """But for a constant the hand's density of logarithms, at three places."""
    tried = seen(case.X, case.Y)
    rng = np.random.default_rng(SEED)
    usual = np.log([*case.UNIT, case.Y.std(), case.Y.std() / 3])
    apart = []
    for at in usual + 0.5 * rng.normal(size=(3, len(usual))):
        value, slope = height(tried, at, prior=prior)
        steps = 1e-5 * np.eye(len(at))
        ends = [[height(tried, at + i * one, prior=prior)[0] for i in (1, -1)] for one in steps]
        differences = [(up - down) / 2e-5 for up, down in ends]
        assert slope == pytest.approx(differences, rel=1e-5, abs=1e-5)
        hand = case.log_density(at[:-2], np.exp(at[-2]), np.exp(at[-1])) + at[-2:].sum()
        apart.append(value - hand if prior else 0.0)
        if not prior:
            given = tried.given(np.exp(at[:-2]), float(np.exp(at[-2])), float(np.exp(at[-1])))
            assert value == pytest.approx(given.log_evidence, rel=1e-12)
    assert apart == pytest.approx([apart[0]] * 3, abs=1e-8)


@pytest.mark.parametrize("policy", [averaged, plug_in])
def test_a_search_comes_near_the_least_of_branin_where_chance_does_not(policy: Policy) -> None:
    """Of 4,096 settings, in 30 trials, three times: how likely is it that chance does as well?"""
    x = qmc.scale(qmc.Sobol(2, rng=SEED).random(4096), [-5, 0], [10, 15])
    y, trials = -branin(x), 30
    found = [search(policy, x, y, trials, seed=seed)[-1] for seed in range(3)]
    as_good = [int((y >= one).sum()) for one in found]
    p = [stats.hypergeom(len(y), k, trials).sf(0) for k in as_good]
    assert stats.combine_pvalues(p, "fisher").pvalue < 0.01
    by_chance = [search(at_random, x, y, trials, seed=seed)[-1] for seed in range(3)]
    assert np.mean(found) > np.mean(by_chance)


def test_the_frozen_regrets_are_those_of_the_command() -> None:
    """Those of chance all, of the others the first search."""
    frozen = json.loads(REGRET.read_text("utf-8"))
    assert frozen["first"] == FIRST
    assert list(frozen["regret"]) == ["mixes", "Branin", "Hartmann"]
    for of, kinds in frozen["regret"].items():
        assert list(kinds) == list(POLICIES)
        for rows in kinds.values():
            assert np.shape(rows) == (SEEDS, TRIALS - FIRST + 1)
            assert (np.diff(rows) <= 0).all()
            assert np.min(rows) >= 0
        again = [regrets(at_random, seed, name=of) for seed in range(SEEDS)]
        assert kinds[RANDOM] == again
        for name in (PLUG_IN, AVERAGED):
            some = regrets(POLICIES[name], 0, FIRST + 2, of)
            assert some == pytest.approx(kinds[name][0][:3], abs=1e-3)


@pytest.mark.parametrize("of", ["mixes", "Branin", "Hartmann"])
def test_searches_that_learn_come_nearer_than_chance(of: str) -> None:
    """Of 30 pairs that begin alike, by ranks of their differences at the end.

    Drawn functions are not claimed to do so in the six settings of Hartmann's (p .0105).
    """
    kinds = json.loads(REGRET.read_text("utf-8"))["regret"][of]
    chance = np.array(kinds[RANDOM])[:, -1]
    for name in list(kinds)[1 : 3 if of == "Hartmann" else 4]:
        ends = np.array(kinds[name])[:, -1]
        assert stats.wilcoxon(ends, chance, alternative="less").pvalue < 0.01, name


def test_the_best_of_the_settings_is_the_published_one() -> None:
    assert settings("Branin")[1].max() == pytest.approx(-BRANIN, abs=1e-6)
    assert settings("Hartmann")[1].max() == pytest.approx(-HARTMANN, abs=1e-5)


@pytest.mark.validate
@pytest.mark.parametrize("of", ["mixes", "Branin", "Hartmann"])
@pytest.mark.parametrize("name", list(POLICIES))
def test_all_frozen_regrets_are_those_of_the_command(name: str, of: str) -> None:
    frozen = json.loads(REGRET.read_text("utf-8"))["regret"][of][name]
    for seed in range(SEEDS):
        assert regrets(POLICIES[name], seed, name=of) == pytest.approx(frozen[seed], abs=1e-3)
