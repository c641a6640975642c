"""The Student-t regression against a density written by hand and against importance sampling."""

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats

from data.robust_regression import load
from models.robust_regression import student_t
from tests.conftest import SEED
from tests.importance import K_GOOD, Sample, k_hat, moments
from tests.reference.__main__ import HERE
from tests.reference.robust_regression import Posterior, posterior, quantities, sample
from workflow.checking.diagnostics import Status, diagnose
from workflow.quantities import summarise
from workflow.sampling.fit import CompiledPyMCModel, compile_nuts, refit
from workflow.variational.moments import moments as fitted_moments

FOUND = load()


@pytest.fixture(scope="module")
def compiled() -> CompiledPyMCModel:
    """The model of stack loss, compiled once."""
    return compile_nuts(student_t(FOUND.terms, FOUND.outcome))


@pytest.fixture(scope="module")
def drawn() -> tuple[Posterior, Sample]:
    """Weighted draws of the default posterior."""
    target = posterior()
    return target, sample(target)


def assert_meets(tree: xr.DataTree, reference: dict[str, tuple[float, ...]]) -> None:
    """Mean and sd within four combined Monte Carlo errors."""
    found = fitted_moments(tree["posterior"].to_dataset(), independent=False)
    for name, (mean, sd, mean_error, sd_error) in reference.items():
        (mean_found, sd_found, *_), (error, error_of_sd, *_) = found[name]
        assert abs(mean_found - mean) < 4 * np.hypot(error, mean_error), name
        assert abs(sd_found - sd) < 4 * np.hypot(error_of_sd, sd_error), name


def small(outcome: float = 1, predictor: float = 1) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(4)
    terms = pd.DataFrame({"a": rng.normal(size=12), "b": rng.normal(size=12)})
    y = pd.Series(3 + terms["a"] - terms["b"] + rng.standard_t(3, size=12), name="y")
    return terms * [predictor, 1], outcome * y


POINT = {"level": 0.2, "beta": np.array([0.5, -0.1]), "tau_log__": -0.3, "excess_log__": 1.1}


def test_density_is_the_one_written_by_hand() -> None:
    terms, y = small()
    model = student_t(terms, y, slope_sd=0.3, noise=0.7, nu_mean=9)
    tau, excess = np.exp(-0.3), np.exp(1.1)
    z = (terms - terms.mean()) / terms.std()
    mu = y.mean() + y.std() * (0.2 + z.to_numpy() @ POINT["beta"])
    by_hand = (
        stats.t(2 + excess, mu, y.std() * tau).logpdf(y).sum()
        + stats.norm(0, 1).logpdf(0.2)
        + stats.norm(0, 0.3).logpdf(POINT["beta"]).sum()
        + stats.gamma(2, scale=0.35).logpdf(tau)
        + stats.expon(scale=7).logpdf(excess)
        + np.log(tau * excess)  # the Jacobians of the logarithms
    )
    assert float(model.compile_logp()(POINT)) == pytest.approx(by_hand, abs=1e-9)


@pytest.mark.parametrize(("outcome", "predictor"), [(2e4, 1e-3), (1e-6, 1e8)])
def test_the_prior_scales_with_the_data(outcome: float, predictor: float) -> None:
    """In other units the density at the same standardised point differs by the units alone."""
    terms, y = small()
    log_p = student_t(terms, y).compile_logp()(POINT)
    other = student_t(*small(outcome, predictor)).compile_logp()(POINT)
    assert float(other) == pytest.approx(float(log_p) - len(y) * np.log(outcome), abs=1e-6)


def test_the_reference_can_be_trusted(drawn: tuple[Posterior, Sample]) -> None:
    """k-hat below .5 for the weights, and for weights times quantities and squared deviations."""
    target, weighted = drawn
    assert k_hat(weighted) < K_GOOD
    for name, values in quantities(target, weighted).items():
        assert k_hat(weighted, values) < K_GOOD, name
        mean = moments(weighted, values)[0]
        assert k_hat(weighted, np.square(values - mean)) < K_GOOD, name


def test_the_seeds_agree(drawn: tuple[Posterior, Sample]) -> None:
    """Each seed's mean lies within four of its own errors of that of all five."""
    target, weighted = drawn
    for name in ("slope[air_flow]", "scale", "nu", "log_sd"):
        values = quantities(target, weighted)[name]
        mean = moments(weighted, values)[0]
        for seed in np.unique(weighted.seed):
            one = weighted.seed == seed
            part = Sample(weighted.x[one], weighted.weight[one] / weighted.weight[one].sum(), seed)
            found, _, error, _ = moments(part, values[one])
            assert abs(found - mean) < 4 * error, name


def test_posterior_meets_the_reference(compiled: CompiledPyMCModel) -> None:
    frozen = json.loads((HERE / "robust_regression.json").read_text(encoding="utf-8"))
    # log_sd has a long tail: where 4,000 draws hardly visit it, sd and error both come out small.
    tree = refit(compiled, {}, draws=20_000, tune=1000, chains=4, seed=SEED)
    assert diagnose(tree).status is Status.PASS
    found = frozen["quantities"]
    assert len(found) == len(summarise(tree["posterior"].to_dataset()))
    assert_meets(tree, {name: tuple(one.values()) for name, one in found.items()})


def test_posterior_meets_a_reference_of_another_prior(compiled: CompiledPyMCModel) -> None:
    """Where the prior insists on heavy tails, weights of rows matter and slopes move."""
    base = posterior()
    target = Posterior(base.x, base.y, slope_sd=1.0, noise=0.5, nu_mean=3.0)
    weighted = sample(target)
    knobs = {"slope_sd": 1.0, "noise": 0.5, "nu_mean": 3.0}
    tree = refit(compiled, knobs, draws=4000, tune=1000, chains=4, seed=SEED, target_accept=0.95)
    assert diagnose(tree).status is Status.PASS
    assert k_hat(weighted) < K_GOOD
    expected = quantities(target, weighted)
    assert_meets(tree, {name: moments(weighted, values) for name, values in expected.items()})


def test_least_squares_where_neither_tails_nor_prior_matter(compiled: CompiledPyMCModel) -> None:
    """Published: .716, 1.295, -.152, intercept -39.92."""
    knobs = {"slope_sd": 100, "noise": 1, "nu_mean": 1e7}
    tree = refit(compiled, knobs, draws=4000, tune=1000, chains=4, seed=SEED)
    found = summarise(tree["posterior"].to_dataset())
    published = dict(zip(FOUND.terms, (0.716, 1.295, -0.152), strict=True))
    for name, value in published.items():
        q = found[f"slope[{name}]"]
        assert q.mean == pytest.approx(value, abs=4 * (q.mcse_mean or 0) + 5e-4), name
    q = found["intercept"]
    assert q.mean == pytest.approx(-39.92, abs=4 * (q.mcse_mean or 0) + 5e-3)


def test_scale_and_sd_are_told_apart(compiled: CompiledPyMCModel) -> None:
    """sd = scale * sqrt(nu / (nu - 2)), which is scipy's sd of a t."""
    tree = refit(compiled, {}, draws=100, tune=200, chains=1, seed=SEED)
    posterior = tree["posterior"].to_dataset().isel(chain=0)
    sd = stats.t(posterior["nu"], scale=posterior["scale"]).std()
    assert np.exp(posterior["log_sd"].to_numpy()) == pytest.approx(sd, rel=1e-9)
    assert bool((posterior["nu"] > 2).all())


def test_the_prior_of_nu_is_what_its_docstring_says() -> None:
    excess = stats.expon(scale=18)
    assert excess.cdf(5 - 2) == pytest.approx(0.15, abs=0.005)
    assert excess.sf(30 - 2) == pytest.approx(0.21, abs=0.005)
