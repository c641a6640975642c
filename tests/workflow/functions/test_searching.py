"""Searches where the truth is known: Branin's function, and the mixes of concrete."""

import json

import numpy as np
import pytest
from scipy import stats
from scipy.stats import qmc

from data.next_experiment import REGRET
from tests.cases import next_experiment as case
from tests.conftest import SEED
from tests.regret import SEEDS, TRIALS, regrets
from workflow.functions.searching import (
    FIRST,
    POLICIES,
    Policy,
    at_random,
    averaged,
    height,
    plug_in,
    search,
    seen,
)

RANDOM, PLUG_IN, AVERAGED = list(POLICIES)[:3]


def branin(x: np.ndarray) -> np.ndarray:
    """Least at (pi, 2.275) and two other places: .397887."""
    one, two = x.T
    inner = two - 5.1 / (4 * np.pi**2) * one**2 + 5 / np.pi * one - 6
    return np.asarray(inner**2 + 10 * (1 - 1 / (8 * np.pi)) * np.cos(one) + 10)


def test_the_least_of_branin_is_the_published_one() -> None:
    places = np.array([[-np.pi, 12.275], [np.pi, 2.275], [9.42478, 2.475]])
    assert branin(places) == pytest.approx(0.397887, abs=1e-6)


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
    assert list(frozen["regret"]) == list(POLICIES)
    for rows in frozen["regret"].values():
        assert np.shape(rows) == (SEEDS, TRIALS - FIRST + 1)
        assert (np.diff(rows) <= 0).all()
    again = [regrets(at_random, seed) for seed in range(SEEDS)]
    assert frozen["regret"][RANDOM] == again
    for name in (PLUG_IN, AVERAGED):
        some = regrets(POLICIES[name], 0, FIRST + 3)
        assert some == pytest.approx(frozen["regret"][name][0][:4], abs=1e-3)


@pytest.mark.validate
@pytest.mark.parametrize("name", list(POLICIES))
def test_all_frozen_regrets_are_those_of_the_command(name: str) -> None:
    frozen = json.loads(REGRET.read_text("utf-8"))["regret"][name]
    for seed in range(SEEDS):
        assert regrets(POLICIES[name], seed) == pytest.approx(frozen[seed], abs=1e-3)
