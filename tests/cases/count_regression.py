"""The negative binomial regression: importance sampling of its density, written by hand."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import optimize, stats
from scipy.special import gammaln

from data.count_regression import load
from models.count_regression import poisson
from tests.calibration.mutants import Mutant, doubled, few_rows, replaced, without_jacobian
from tests.contract import fitted, model_of
from tests.importance import Sample, importance_sample, moments
from tests.regression import axes_by_hand, mean_of, own_units, scales
from workflow.checking.status import Status
from workflow.quantities import SAMPLE
from workflow.regression import count_rivals, counts

negative_binomial = model_of("count_regression")
FOUND = load()
EXPOSURE = FOUND.also.iloc[:, 0]
SCALES = scales(FOUND.terms)
Z, Y, OVER = SCALES.z(FOUND.terms), FOUND.outcome.to_numpy(), EXPOSURE.to_numpy()
AXES, MEAN = axes_by_hand(Z), float(np.log(Y.sum() / OVER.sum()))
VALUES, TIMES = np.unique(Y, return_counts=True)
NAMES = list(FOUND.terms)
PRIORS = [{"r2": 0.2, "level_sd": 0.5, "scatter": 0.3}]

# Published: median (MAD sd), Gelman, Hill and Vehtari (2020), chapter 15, by rstanarm; and MLE.
NEGATIVE_BINOMIAL = {
    "intercept": (2.84, 0.23),
    "slope[roach1_hundreds]": (1.31, 0.25),
    "slope[treatment]": (-0.79, 0.24),
    "slope[senior]": (-0.34, 0.27),
    "reciprocal": (0.27, 0.03),
}
POISSON = {
    "intercept": (3.09, 0.02),
    "slope[roach1_hundreds]": (0.70, 0.01),
    "slope[treatment]": (-0.52, 0.02),
    "slope[senior]": (-0.38, 0.03),
}
MLE = (2.839, 1.288, -0.777, -0.344, 0.274)
MODE = "FAST_COMPILE"  # evaluated a few times only
DRAWS_THERE = 4000  # of the published medians


def shipped(**knobs: float) -> pm.Model:
    return negative_binomial(FOUND.terms, FOUND.outcome, EXPOSURE, **knobs)


def predicted(posterior: xr.Dataset, terms: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Any]:
    return {"mean": mean_of(posterior, terms, np.exp) * rows["exposure2"].to_numpy()}


def small(**knobs: float) -> pm.Model:
    """8 rows for 4 coefficients."""
    terms, outcome = few_rows(FOUND.terms, FOUND.outcome)
    return negative_binomial(terms, outcome, EXPOSURE[terms.index], **knobs)


def log_likelihood(eta: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Return the log probability of all counts; `eta` log rates (draw, row), `size` 1 / dispersion.

    What does not depend on the row is computed once for each different count.
    """
    log_mu, n = np.log(OVER) + eta, np.asarray(size)[..., None]
    constant = gammaln(VALUES + n) - gammaln(n) - gammaln(VALUES + 1)
    rest = Y * (log_mu - np.log(n)) - (Y + n) * np.log1p(np.exp(log_mu) / n)
    found: np.ndarray = constant @ TIMES + rest.sum(axis=-1)
    return found


def log_density(
    level: Any, theta: Any, cv: Any, *, r2: float = 0.5, level_sd: float = 1, scatter: float = 1
) -> Any:
    """Parameters may have draws as their first dim; so has then what is returned."""
    level = np.asarray(level)
    beta = np.sqrt(r2 / (1 - r2)) * theta @ AXES
    return (
        log_likelihood(MEAN + level[..., None] + beta @ Z.T, 1 / np.square(cv))
        + stats.norm(0, level_sd).logpdf(level)
        + stats.norm.logpdf(theta).sum(axis=-1)
        + stats.halfnorm(0, scatter).logpdf(cv)
    )


def reference(**knobs: float) -> dict[str, tuple[float, ...]]:
    """Importance sampling of the posterior density written by hand (tests/importance.py).

    Parameters: level, theta, log cv. Proposal: multivariate t (8 degrees of freedom) with the mean
    and the sds of weighted pilot draws around the mode, rounded; 5 seeds of 100,000 draws. Mean, sd
    and their standard errors by the delta method; Pareto k-hat of the weights, and of weights times
    quantities and squared deviations, below .5 (tests/cases/test_reference.py).
    """
    drawn, quantities = weighted(**knobs)
    return {name: moments(drawn, values) for name, values in quantities.items()}


@cache
def weighted(
    *, r2: float = 0.5, level_sd: float = 1, scatter: float = 1
) -> tuple[Sample, dict[str, np.ndarray]]:
    """Return weighted draws, and every quantity of the tree computed from them."""
    knobs = {"r2": r2, "level_sd": level_sd, "scatter": scatter}

    def density(b: np.ndarray) -> np.ndarray:
        log_cv = np.clip(b[:, -1], -50, 50)
        return np.asarray(log_density(b[:, 0], b[:, 1:-1], np.exp(log_cv), **knobs) + b[:, -1])

    drawn = importance_sample(density, np.zeros(2 + Z.shape[1]))
    level, cv = drawn.x[:, 0], np.exp(drawn.x[:, -1])
    beta = np.sqrt(r2 / (1 - r2)) * drawn.x[:, 1:-1] @ AXES
    found = {f"beta[{name}]": beta[:, k] for k, name in enumerate(NAMES)}
    own = own_units(SCALES, FOUND.terms, level + MEAN, beta)
    return drawn, found | own | {"level": level, "cv": cv, "dispersion": cv**2}


def wide_prior() -> Mutant:
    return replaced("prior sd of the log rates 2 instead of 1", r2=0.8)


def wrong_likelihood() -> Mutant:
    return doubled("y_data")


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logarithm of cv", without_jacobian(small(), "cv"))


@cache
def of_published_prior(likelihood: Callable, extra: int) -> tuple[Sample, dict[str, np.ndarray]]:
    """Sample under rstanarm's default prior: (level, beta for one step, log of 1 / dispersion).

    Intercept at the average row Normal(0, 2.5), coefficients for one sd, or from 0 to 1,
    Normal(0, 2.5), 1 / dispersion Exponential(1).
    """

    def density(b: np.ndarray) -> np.ndarray:
        level, beta, log_size = b[:, 0], b[:, 1 : 1 + Z.shape[1]], np.clip(b[:, -1], -50, 50)
        found = likelihood(MEAN + level[:, None] + beta @ Z.T, log_size)
        found = found + stats.norm(0, 2.5).logpdf(beta).sum(axis=1)
        found = found + stats.norm(0, 2.5).logpdf(MEAN + level)
        return np.asarray(found + extra * (log_size - np.exp(log_size)))

    drawn = importance_sample(density, np.zeros(1 + Z.shape[1] + extra))
    beta = drawn.x[:, 1 : 1 + Z.shape[1]]
    found = own_units(SCALES, FOUND.terms, drawn.x[:, 0] + MEAN, beta)
    return drawn, found | ({"reciprocal": np.exp(drawn.x[:, -1])} if extra else {})


def of_poisson(eta: np.ndarray, ignored: np.ndarray) -> np.ndarray:
    mu = OVER * np.exp(np.minimum(eta, 50))
    found: np.ndarray = (Y * (np.log(OVER) + eta) - mu).sum(axis=-1)
    return found


@pytest.mark.parametrize(
    ("likelihood", "published"),
    [
        (lambda eta, log_size: log_likelihood(eta, np.exp(log_size)), NEGATIVE_BINOMIAL),
        (of_poisson, POISSON),
    ],
    ids=["negative binomial", "Poisson"],
)
def test_the_published_posterior(likelihood: Callable, published: dict) -> None:
    """Within rounding, and four Monte Carlo errors of the published 4,000 draws."""
    drawn, found = of_published_prior(likelihood, extra=int("reciprocal" in published))
    for name, (median, sd) in published.items():
        order = np.argsort(found[name])
        at = np.searchsorted(np.cumsum(drawn.weight[order]), 0.5)
        error = 1.2533 * moments(drawn, found[name])[1] / np.sqrt(DRAWS_THERE)
        assert found[name][order][at] == pytest.approx(median, abs=4 * error + 5e-3), name
        # The MAD sd of so many draws has a standard error of 1.17 sd / sqrt(draws).
        room = 4 * 1.17 * sd / np.sqrt(DRAWS_THERE) + 5e-3
        assert moments(drawn, found[name])[1] == pytest.approx(sd, abs=room), name


def test_maximum_likelihood() -> None:
    x = np.column_stack([np.ones(len(Y)), FOUND.terms.to_numpy()])
    found = optimize.minimize(
        lambda b: -log_likelihood(x @ b[:-1], np.exp(b[-1])), np.r_[3, 1, 0, 0, -1], tol=1e-10
    ).x
    assert np.r_[found[:-1], np.exp(found[-1])] == pytest.approx(MLE, abs=6e-4)


def test_the_density_by_hand_is_scipys() -> None:
    rng = np.random.default_rng(1)
    eta, size = rng.normal(2, 1, (3, len(Y))), np.array([0.1, 0.27, 50])
    mu = OVER * np.exp(eta)
    scipys = stats.nbinom.logpmf(Y, size[:, None], size[:, None] / (size[:, None] + mu))
    assert log_likelihood(eta, size) == pytest.approx(scipys.sum(axis=1), rel=1e-10)


def test_the_densities_of_leave_one_out_are_those_of_the_model() -> None:
    tree = fitted("count_regression")
    some = tree["posterior"].to_dataset().isel(chain=[0], draw=slice(5))
    found = counts.log_density(some, FOUND.terms, FOUND.outcome, EXPOSURE).to_numpy()[0]
    model = shipped()
    each = model.compile_fn(
        model.logp(vars=model["y"], sum=False)[0], on_unused_input="ignore", mode=MODE
    )
    for j in range(5):
        values = {name: some[name].to_numpy()[0, j] for name in ("level", "theta")}
        point = values | {"cv_log__": np.log(some["cv"].to_numpy()[0, j])}
        assert found[j] == pytest.approx(np.asarray(each(point)), rel=1e-8)


def test_poisson_does_not_have_the_zeros() -> None:
    """Published: .36 of the flats have no catch, of those that a Poisson regression predicts .0007;
    of those of the negative binomial .34."""
    drawn, found = of_published_prior(of_poisson, extra=0)
    at = np.random.default_rng(1).choice(len(drawn.weight), 4000, p=drawn.weight)
    eta = np.column_stack([found["intercept"][at], *(found[f"slope[{n}]"][at] for n in NAMES)])
    rate = OVER * np.exp(eta @ np.column_stack([np.ones(len(Y)), FOUND.terms]).T)
    none = np.random.default_rng(2).poisson(rate) == 0
    shares = none.mean(axis=1)
    assert (Y == 0).mean() == pytest.approx(0.36, abs=0.005)
    assert shares.mean() == pytest.approx(0.0007, abs=4 * shares.std() / np.sqrt(4000) + 5e-5)
    assert shares.max() < 0.02


def test_the_poisson_regression_refuses_to_vouch() -> None:
    """Its posterior predictive check warns of the zeros, and of the sd; of the mean it cannot."""
    drawn, _ = of_published_prior(of_poisson, extra=0)
    x = drawn.x[np.random.default_rng(3).choice(len(drawn.weight), 1000, p=drawn.weight)]
    found = {"level": (SAMPLE, x[None, :, 0]), "beta": ((*SAMPLE, "term"), x[None, :, 1:])}
    posterior = xr.Dataset(found, coords={"term": NAMES})
    model = poisson(FOUND.terms, FOUND.outcome, EXPOSURE, slope_sd=2.5)
    checks = count_rivals.check(model, posterior, FOUND.outcome, "y", seed=1)
    results = {one.statistic: one.result for one in checks}
    assert results["share of zeros of y"] is Status.WARN
    assert results["sd of y"] is Status.WARN
    assert results["mean of y"] is Status.PASS


def test_the_three_models_are_one_another_where_they_should_be() -> None:
    """With a dispersion of nearly 0 the density is Poisson's, without further zeros the same."""
    point = {"level": 0.1, "theta": np.array([0.2, -0.1, 0.3])}
    plain = poisson(FOUND.terms, FOUND.outcome, EXPOSURE)
    near = float(plain.compile_logp(vars=plain["y"], mode=MODE)(point))
    model = shipped()
    scattered = model.compile_logp(vars=model["y"], mode=MODE)(point | {"cv_log__": np.log(1e-4)})
    assert float(scattered) == pytest.approx(near, rel=1e-4)
