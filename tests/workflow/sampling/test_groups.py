"""The groups of a tree: aligned with the model's data and with each other."""

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from tests.conftest import SEED
from workflow.sampling.fit import fit_nuts
from workflow.sampling.groups import add_groups


def test_predictions_scatter_around_the_rates(nuts: xr.DataTree) -> None:
    """Given its rate, a predicted count is Binomial: z scores have mean 0 and sd 1."""
    visitors = nuts["constant_data"]["visitors"]
    rate, y = nuts["posterior"]["rate"], nuts["posterior_predictive"]["conversions"]
    z = (y - visitors * rate) / np.sqrt(visitors * rate * (1 - rate))
    assert abs(float(z.mean())) < 4 / np.sqrt(z.size)
    assert float(z.std()) == pytest.approx(1, abs=4 / np.sqrt(2 * z.size))


def test_densities_are_those_of_scipy(nuts: xr.DataTree) -> None:
    rate = nuts["posterior"]["rate"].to_numpy()[:, :9]
    likelihood = nuts["log_likelihood"]["conversions"].to_numpy()[:, :9]
    prior = nuts["log_prior"]["rate"].to_numpy()[:, :9]
    assert likelihood == pytest.approx(stats.binom([44700, 45489], rate).logpmf([8502, 8279]))
    assert prior == pytest.approx(stats.beta(1, 4).logpdf(rate))


def test_prior_is_the_prior(nuts: xr.DataTree) -> None:
    rate = nuts["prior"]["rate"].to_numpy().ravel()
    assert stats.kstest(rate, stats.beta(1, 4).cdf).pvalue > 1e-4


def test_outcomes_without_dims_and_without_parameters() -> None:
    with pm.Model() as model:
        mu = pm.Normal("mu", 0, 1)
        pm.Normal("y", mu, 1, observed=pm.Data("y_data", np.zeros(3)))
        pm.Normal("z", 0, 1, observed=pm.Data("z_data", 0.0))
    tree = fit_nuts(model, draws=500, tune=200, chains=2, seed=SEED)
    assert tree["posterior_predictive"]["y"].shape == (2, 500, 3)
    assert tree["posterior_predictive"]["z"].shape == (2, 500)
    assert set(tree["log_prior"].data_vars) == {"mu"}


def test_predictions_do_not_hang_on_how_the_prior_was_drawn() -> None:
    """Noise and parameters have random numbers of their own: correlation 0 within 4.5 errors."""
    with pm.Model() as model:
        mean = pm.Normal("mean", 0, 1)
        pm.Normal("y", mean, 1, observed=0.0)
    draws = xr.Dataset({"mean": (("chain", "draw"), np.zeros((2, 20)))})
    tree = add_groups(xr.DataTree.from_dict({"posterior": draws}), model, seed=SEED)
    prior = tree["prior"]["mean"].to_numpy().ravel()
    noise = tree["prior_predictive"]["y"].to_numpy().ravel() - prior
    assert abs(np.corrcoef(prior, noise)[0, 1]) < 4.5 / np.sqrt(prior.size)
