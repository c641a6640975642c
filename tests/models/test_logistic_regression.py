"""The logistic regression against a density written by hand and against importance sampling."""

import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from nutpie.compile_pymc import CompiledPyMCModel
from scipy import stats

from data.logistic_regression import load, split
from models.logistic_regression import bernoulli
from tests.conftest import SEED
from tests.importance import K_GOOD, k_hat, moments
from tests.reference.__main__ import HERE
from tests.reference.logistic_regression import HELD_OUT, SPLIT_SEED, sample
from workflow.checking.diagnostics import Status, diagnose
from workflow.quantities import original_scale, summarise
from workflow.regression.logistic import map_estimate
from workflow.sampling.fit import compile_nuts, refit
from workflow.variational.moments import moments as fitted_moments

TRAIN, _ = split(load(), HELD_OUT, SPLIT_SEED)
CENTRE, SCALE = TRAIN.terms.mean(), TRAIN.terms.std()
Z = (TRAIN.terms - CENTRE) / SCALE


@pytest.fixture(scope="module")
def model() -> pm.Model:
    return bernoulli(TRAIN.terms, TRAIN.outcome)


@pytest.fixture(scope="module")
def log_p(model: pm.Model) -> Callable[[np.ndarray], float]:
    """The model's log density as a function of level and log odds ratios."""
    compiled = model.compile_logp()
    return lambda b: float(compiled({"level": b[0], "log_odds_ratio": b[1:]}))


@pytest.fixture(scope="module")
def compiled(model: pm.Model) -> CompiledPyMCModel:
    return compile_nuts(model)


@pytest.fixture(scope="module")
def posterior(compiled: CompiledPyMCModel) -> xr.Dataset:
    tree = refit(compiled, {}, draws=2500, tune=1000, chains=4, seed=SEED)
    assert diagnose(tree).status is Status.PASS
    return tree["posterior"].to_dataset()


def by_hand(b: np.ndarray) -> float:
    p = 1 / (1 + np.exp(-(b[0] + Z.to_numpy() @ b[1:])))
    return float(
        stats.bernoulli(p).logpmf(TRAIN.outcome).sum()
        + stats.norm(0, 2.5).logpdf(b[0])
        + stats.norm(0, 1.5).logpdf(b[1:]).sum()
    )


def test_density_is_the_one_written_by_hand(log_p: Callable[[np.ndarray], float]) -> None:
    rng = np.random.default_rng(7)
    for _ in range(5):
        b = rng.normal(0, 1, 11)
        assert log_p(b) == pytest.approx(by_hand(b), rel=1e-9, abs=1e-9)


def test_map_is_the_mode_of_the_model(log_p: Callable[[np.ndarray], float]) -> None:
    """Along every coordinate the density falls to both sides, and alike."""
    found = map_estimate(Z, TRAIN.outcome, slope_sd=1.5, level_sd=2.5)
    mode = np.array([found.level, *found.log_odds_ratio])
    best = log_p(mode)
    for step in 1e-3 * np.eye(11):
        up, down = log_p(mode + step) - best, log_p(mode - step) - best
        assert up < 0
        assert down < 0
        assert up == pytest.approx(down, rel=0.02)


def test_fit_meets_the_reference(posterior: xr.Dataset) -> None:
    """Mean and sd of every quantity within 4 combined Monte Carlo errors, of 10,000 draws."""
    frozen = json.loads((HERE / "logistic_regression.json").read_text(encoding="utf-8"))
    found = fitted_moments(posterior, independent=False)
    assert found.keys() == frozen["quantities"].keys()
    for name, exact in frozen["quantities"].items():
        (mean, sd, *_), (mean_error, sd_error, *_) = found[name]
        assert abs(mean - exact["mean"]) < 4 * np.hypot(mean_error, exact["mcse_mean"]), name
        assert abs(sd - exact["sd"]) < 4 * np.hypot(sd_error, exact["mcse_sd"]), name


def test_the_reference_can_be_relied_on() -> None:
    """k-hat of weights, and of weights times quantities and squares; the five seeds agree."""
    drawn, quantities = sample()
    assert k_hat(drawn) < K_GOOD
    for name, values in quantities.items():
        mean, _, error, _ = moments(drawn, values)
        if not name.startswith("slope"):  # a slope is its log odds ratio in other units
            assert k_hat(drawn, values) < K_GOOD, name
            assert k_hat(drawn, np.square(values - mean)) < K_GOOD, name
        seeds = [
            np.average(values[drawn.seed == seed], weights=drawn.weight[drawn.seed == seed])
            for seed in np.unique(drawn.seed)
        ]
        # chi-squared with 4 degrees of freedom; 22 quantities are looked at
        scatter = np.square(np.array(seeds) - mean).sum() / (5 * error**2)
        assert stats.chi2(4).sf(scatter) > 1e-4, name


def test_own_units(posterior: xr.Dataset) -> None:
    """Slopes and intercept give the same log-odds; the page's odds ratio is exp of the median."""
    x = TRAIN.terms.to_numpy()[:3]
    one = posterior.isel(chain=0, draw=17)
    own = float(one["intercept"]) + x @ one["slope"].to_numpy()
    z = float(one["level"]) + Z.to_numpy()[:3] @ one["log_odds_ratio"].to_numpy()
    assert own == pytest.approx(z, rel=1e-9)
    found = summarise(posterior)
    ratio = original_scale(found)["odds_ratio[mean_texture]"]
    assert ratio.median == pytest.approx(np.exp(found["log_odds_ratio[mean_texture]"].median))
    assert ratio.mean is None


def test_units_do_not_matter(compiled: CompiledPyMCModel) -> None:
    """Thousandths and millions give the same odds ratios, with the same draws."""
    factor = np.where(np.arange(10) % 2, 1e6, 1e-3)
    data = {
        "terms": TRAIN.terms.to_numpy() * factor,
        "centre": CENTRE.to_numpy() * factor,
        "scale": SCALE.to_numpy() * factor,
    }
    options = {"draws": 20, "tune": 20, "chains": 2, "seed": 1}
    one, other = (refit(compiled, given, **options) for given in ({}, data))
    same = one["posterior"]["log_odds_ratio"].to_numpy()
    assert other["posterior"]["log_odds_ratio"].to_numpy() == pytest.approx(same, rel=1e-4)
    slope = one["posterior"]["slope"].to_numpy() / factor
    assert other["posterior"]["slope"].to_numpy() == pytest.approx(slope, rel=1e-4)


def test_perfect_separation_is_sampled_and_the_prior_decides(compiled: CompiledPyMCModel) -> None:
    """A tenfold prior sd makes the coefficient of the separating term several times larger."""
    outcome = (Z["mean_texture"] > 0.3).astype(int).to_numpy()
    medians = []
    for slope_sd in (0.5, 5.0):
        data = {"y_data": outcome, "slope_sd": slope_sd}
        tree = refit(compiled, data, draws=500, tune=500, chains=4, seed=SEED)
        assert diagnose(tree).status is not Status.FAIL
        beta = tree["posterior"]["log_odds_ratio"].sel(term="mean_texture")
        medians.append(float(beta.median()))
    assert medians[1] > 3 * medians[0] > 3


def test_one_term() -> None:
    terms = pd.DataFrame({"a b": [1.0, 2.0, 4.0]}, index=[2, 3, 5])
    model = bernoulli(terms, pd.Series([0, 1, 1], index=[2, 3, 5]), slope_sd=2, level_sd=3)
    assert model.coords["term"] == ("a b",)
    assert model.coords["row"] == (2, 3, 5)
    assert float(model["slope_sd"].get_value()) == 2
    assert float(model["scale"].get_value()[0]) == pytest.approx(terms["a b"].std())
