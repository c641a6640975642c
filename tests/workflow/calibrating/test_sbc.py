"""Simulation-based calibration against the exact posterior of one rate."""

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy.stats import beta, binom, norm

from models.linear_regression import gaussian
from models.prior_sensitivity import births
from tests.conftest import SEED
from workflow.calibrating.sbc import (
    LOG_LIKELIHOOD,
    RANKED,
    Calibration,
    covered,
    joint_log_likelihood,
    rank,
    simulate,
    thinned,
)
from workflow.sampling.fit import compile_nuts

FEW = 40


@pytest.fixture(scope="module")
def model() -> pm.Model:
    counts = pd.DataFrame({"girls": [0], "births": [20]})
    return births(counts, prior_mean=0.3, prior_strength=5.0)


@pytest.fixture(scope="module")
def calibration(model: pm.Model) -> Calibration:
    return Calibration(model, compile_nuts(model))


def test_the_first_simulations_do_not_depend_on_their_number(model: pm.Model) -> None:
    few, more = (simulate(model, n, seed=SEED) for n in (5, 50))
    assert few.truth.equals(more.truth.isel(replicate=slice(5)))
    assert (few.outcomes["girls_data"] == more.outcomes["girls_data"][:5]).all()


def test_simulations_come_from_prior_and_model(model: pm.Model) -> None:
    """Mean and variance of the Beta-Binomial, within four standard errors."""
    found = simulate(model, 4000, seed=SEED)
    theta, girls = found.truth["theta"].to_numpy(), found.outcomes["girls_data"]
    prior = beta(1.5, 3.5)
    assert abs(theta.mean() - prior.mean()) < 4 * prior.std() / np.sqrt(4000)
    given = girls - 20 * theta
    sd = np.sqrt(20 * np.mean(theta * (1 - theta)))
    assert abs(given.mean()) < 4 * sd / np.sqrt(4000)
    assert given.std() == pytest.approx(sd, rel=4 / np.sqrt(2 * 4000))


def test_ranks_are_those_in_the_exact_posterior(model: pm.Model, calibration: Calibration) -> None:
    """Of 100 independent draws Binomial(100, F(theta)) are below theta; the sums of squares too."""
    simulated = simulate(model, FEW, seed=SEED)
    z = []
    for i in range(FEW):
        truth, data = simulated[i]
        found = calibration.replicate(truth, data, seed=i)
        girls = int(data["girls_data"])
        below = beta(1.5 + girls, 3.5 + 20 - girls).cdf(float(truth["theta"]))
        z.append((found.ranks["theta"] - RANKED * below) / np.sqrt(RANKED * below * (1 - below)))
        assert found.ranks["theta"] == found.ranks["log_odds"]  # an increasing function of it
        assert found.least_ess >= 100
    assert np.mean(np.square(z)) < 1 + 4 * np.sqrt(2 / FEW)


def test_log_likelihood_of_a_binomial(model: pm.Model) -> None:
    draws = xr.Dataset({"theta": ("draw", [0.1, 0.5, 0.9])})
    found = joint_log_likelihood(model)(draws, {"girls_data": np.asarray(7, dtype="int32")})
    assert found == pytest.approx(binom(20, [0.1, 0.5, 0.9]).logpmf(7))


def test_log_likelihood_of_a_regression() -> None:
    rng = np.random.default_rng(1)
    terms = pd.DataFrame({"a": rng.normal(size=9), "b": 3 + 2 * rng.normal(size=9)})
    outcome = pd.Series(rng.normal(size=9), name="y")
    evaluate = joint_log_likelihood(gaussian(terms, outcome, slope_sd=0.5))
    draws = xr.Dataset(
        {
            "level": ("draw", [0.1, -1.0]),
            "beta": (("term", "draw"), [[0.2, 0.0], [-0.4, 1.0]]),
            "tau": ("draw", [0.8, 2.0]),
        }
    )
    y = rng.normal(size=9)
    m, s = outcome.mean(), outcome.std()
    z = (terms - terms.mean()) / terms.std()
    exact = [
        norm(m + s * (level + z @ slopes), s * tau).logpdf(y).sum()
        for level, slopes, tau in [(0.1, [0.2, -0.4], 0.8), (-1.0, [0.0, 1.0], 2.0)]
    ]
    assert evaluate(draws, {"y_data": y}) == pytest.approx(exact)


def test_changed_data_change_the_fit(model: pm.Model, calibration: Calibration) -> None:
    """A prior that knows better puts every true value at an end."""
    sure = Calibration(
        model,
        calibration.fitted,
        change=lambda data: (
            data | {"prior_mean": np.asarray(0.9), "prior_strength": np.asarray(1e4)}
        ),
    )
    truth, data = simulate(model, 1, seed=SEED)[0]
    assert sure.replicate(truth, data, seed=1).ranks["theta"] == 0


def test_thinned_draws_are_even_and_from_all_chains() -> None:
    draws = np.arange(4 * 250).reshape(4, 250)
    found = thinned(xr.Dataset({"x": (("chain", "draw"), draws)}))["x"].to_numpy()
    assert len(set(found)) == RANKED
    for chain in range(4):
        of_chain = found[(found >= 250 * chain) & (found < 250 * (chain + 1))]
        assert len(of_chain) == RANKED // 4
        assert np.diff(np.sort(of_chain)).min() >= 10


def test_ties_are_broken_at_random() -> None:
    truth = xr.Dataset({"x": ("draw", [1.0])})
    draws = xr.Dataset({"x": ("draw", [0.0] * 3 + [1.0] * 5 + [2.0] * 4)})
    found = [rank(truth, draws, seed=seed)["x"] for seed in range(300)]
    assert set(found) == {3, 4, 5, 6, 7, 8}
    assert np.bincount(found)[3:].min() > 50 - 4 * np.sqrt(300 / 6)


def test_what_is_not_a_number_has_any_rank() -> None:
    truth = xr.Dataset({"x": ("draw", [1.0])})
    draws = xr.Dataset({"x": ("draw", [0.0, np.nan, np.nan])})
    assert {rank(truth, draws, seed=seed)["x"] for seed in range(60)} == {1, 2, 3}


def test_covered_is_inside_the_central_95_percent() -> None:
    draws = xr.Dataset({"x": (("chain", "draw"), np.linspace(0, 1, 1001)[None])})
    for value, inside in ((0.02, False), (0.03, True), (0.97, True), (0.98, False)):
        assert covered(xr.Dataset({"x": value}), draws) == {"x": inside}
    assert LOG_LIKELIHOOD not in covered(xr.Dataset({"x": 0.5}), draws)
