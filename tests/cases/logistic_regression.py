"""The logistic regression: importance sampling of its density, which is written by hand."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from pytensor.tensor.variable import TensorVariable
from scipy.special import expit

from data.logistic_regression import load
from tests.calibration.mutants import Mutant, few_rows, replaced, with_likelihood
from tests.conftest import SEED
from tests.contract import compiled, fitted, model_of
from tests.importance import Sample, importance_sample, moments
from tests.regression import axes_by_hand, mean_of, own_units, scales
from workflow.checking.diagnostics import Status, diagnose
from workflow.quantities import original_scale, summarise
from workflow.regression.logistic import map_estimate
from workflow.sampling.fit import refit

bernoulli = model_of("logistic_regression")
FOUND = load()
SCALES = scales(FOUND.terms)
Z, Y = SCALES.z(FOUND.terms), FOUND.outcome.to_numpy()
AXES = axes_by_hand(Z)
PRIORS = [{"r2": 0.3, "level_sd": 1.0}]


def shipped(**knobs: float) -> pm.Model:
    """All rows, which the analysis fits."""
    return bernoulli(FOUND.terms, FOUND.outcome, **knobs)


def predicted(posterior: xr.Dataset, terms: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Any]:
    return {"probability": mean_of(posterior, terms, expit)}


def small(**knobs: float) -> pm.Model:
    """22 rows for 11 coefficients."""
    return bernoulli(*few_rows(FOUND.terms, FOUND.outcome), **knobs)


def spread(r2: float) -> float:
    """Return the prior sd of the log-odds over the rows."""
    return float(np.pi / np.sqrt(3) * np.sqrt(r2 / (1 - r2)))


def log_density(level: Any, theta: Any, *, r2: float = 0.75, level_sd: float = 2.5) -> Any:
    """Parameters may have draws as their first dim; so has then what is returned.

    log P(y | eta) = y eta - max(eta, 0) - log(1 + exp(-|eta|)). A product of 569 numbers from 1 to
    2 does not overflow, and one logarithm does for all.
    """
    eta = np.asarray(level)[..., None] + spread(r2) * theta @ AXES @ Z.T
    linear = (Y * eta - np.maximum(eta, 0)).sum(axis=-1)
    likelihood = linear - np.log((1 + np.exp(-np.abs(eta))).prod(axis=-1))
    b, sd = np.concatenate([np.asarray(level)[..., None], theta], axis=-1), level_sd
    sds = np.array([sd, *np.ones(Z.shape[1])])
    normal = -np.square(b / sds) / 2 - np.log(sds) - np.log(2 * np.pi) / 2
    return likelihood + normal.sum(axis=-1)


def reference(**knobs: float) -> dict[str, tuple[float, ...]]:
    """Importance sampling of the posterior density written by hand (tests/importance.py).

    Proposal: multivariate t (8 degrees of freedom) with mean and covariance of weighted pilot draws
    around the mode, rounded; 5 seeds of 100,000 draws. Mean, sd and their standard errors by the
    delta method; Pareto k-hat of the weights, and of weights times quantities and squared
    deviations, below .5 (tests/cases/test_reference.py).
    """
    drawn, quantities = weighted(**knobs)
    return {name: moments(drawn, values) for name, values in quantities.items()}


@cache
def weighted(*, r2: float = 0.75, level_sd: float = 2.5) -> tuple[Sample, dict[str, np.ndarray]]:
    """Return the weighted draws, and every quantity of the tree computed from them."""

    def density(b: np.ndarray) -> np.ndarray:
        return np.asarray(log_density(b[:, 0], b[:, 1:], r2=r2, level_sd=level_sd))

    drawn = importance_sample(density, np.zeros(1 + Z.shape[1]))
    level, beta = drawn.x[:, 0], spread(r2) * drawn.x[:, 1:] @ AXES
    quantities = {f"log_odds_ratio[{n}]": beta[:, k] for k, n in enumerate(FOUND.terms)}
    return drawn, quantities | {"level": level} | own_units(SCALES, FOUND.terms, level, beta)


def wide_prior() -> Mutant:
    return replaced("prior sd of the log-odds 6.2 instead of 3.1", r2=12 / 13)


def wrong_likelihood() -> Mutant:
    def probit(p: TensorVariable) -> tuple[TensorVariable, ...]:
        return (pm.math.invprobit(pm.math.logit(p)),)

    return Mutant("probit in place of logit", with_likelihood(small(), "y", probit))


def dropped_jacobian() -> Mutant:
    """Sample the odds ratios under the prior of their logarithms.

    No parameter of this model is transformed. Who samples odds ratios instead, and keeps the prior
    density of the log odds ratios as it is, leaves out
    exp(-log odds ratio) for each.
    """
    model = small()
    with model:
        pm.Potential("dropped", model["log_odds_ratio"].sum())
    return Mutant("odds ratios sampled under the prior of their logarithms", model)


def test_map_is_the_mode_of_the_model() -> None:
    """Along every coordinate the density falls to both sides, and alike."""
    density = shipped().compile_logp()

    def log_p(b: np.ndarray) -> float:
        return float(density({"level": b[0], "theta": b[1:]}))

    z = pd.DataFrame(Z, columns=FOUND.terms.columns, index=FOUND.terms.index)
    root = spread(0.75) * AXES.T
    found = map_estimate(z, FOUND.outcome, root=root, level_sd=2.5)
    mode = np.array([found.level, *np.linalg.solve(root, found.log_odds_ratio)])
    best = log_p(mode)
    for step in 1e-3 * np.eye(11):
        up, down = log_p(mode + step) - best, log_p(mode - step) - best
        assert up < 0
        assert down < 0
        assert up == pytest.approx(down, rel=0.02)


def test_own_units() -> None:
    """Slopes and intercept give the same log-odds; the page's odds ratio is exp of the median."""
    posterior = fitted("logistic_regression")["posterior"].to_dataset()
    one = posterior.isel(chain=0, draw=17)
    own = float(one["intercept"]) + FOUND.terms.to_numpy()[:3] @ one["slope"].to_numpy()
    z = float(one["level"]) + Z[:3] @ one["log_odds_ratio"].to_numpy()
    assert own == pytest.approx(z, rel=1e-9)
    found = summarise(posterior)
    ratio = original_scale(found)["odds_ratio[mean_texture]"]
    assert ratio.median == pytest.approx(np.exp(found["log_odds_ratio[mean_texture]"].median))
    assert ratio.mean is None


def test_units_do_not_matter() -> None:
    """Thousandths and millions give the same odds ratios, with the same draws."""
    factor = np.where(np.arange(10) % 2, 1e6, 1e-3)
    data: dict[str, np.ndarray] = {
        "terms": FOUND.terms.to_numpy() * factor,
        "centre": SCALES.centre * factor,
        "scale": SCALES.scale * factor,
    }
    model = compiled("logistic_regression")
    one = refit(model, {}, draws=20, tune=20, chains=2, seed=1)
    other = refit(model, data, draws=20, tune=20, chains=2, seed=1)
    same = one["posterior"]["log_odds_ratio"].to_numpy()
    assert other["posterior"]["log_odds_ratio"].to_numpy() == pytest.approx(same, rel=1e-4)
    slope = one["posterior"]["slope"].to_numpy() / factor
    assert other["posterior"]["slope"].to_numpy() == pytest.approx(slope, rel=1e-4)


def test_perfect_separation_is_sampled_and_the_prior_decides() -> None:
    """A wider prior makes the coefficient of the separating term several times larger."""
    outcome = (Z[:, list(FOUND.terms).index("mean_texture")] > 0.3).astype(int)
    medians = []
    for r2 in (0.5, 0.99):
        data: dict[str, Any] = {"y_data": outcome, "r2": r2}
        model = compiled("logistic_regression")
        tree = refit(model, data, draws=500, tune=500, chains=4, seed=SEED)
        assert diagnose(tree).status is not Status.FAIL
        beta = tree["posterior"]["log_odds_ratio"].sel(term="mean_texture")
        medians.append(float(beta.median()))
    assert medians[1] > 3 * medians[0] > 3


def test_one_term() -> None:
    terms = pd.DataFrame({"a b": [1.0, 2.0, 4.0]}, index=[2, 3, 5])
    model = bernoulli(terms, pd.Series([0, 1, 1], index=[2, 3, 5]), r2=0.4, level_sd=3)
    assert model.coords["term"] == ("a b",)
    assert model.coords["row"] == (2, 3, 5)
    assert float(model["r2"].get_value()) == 0.4
    assert float(model["scale"].get_value()[0]) == pytest.approx(terms["a b"].std())
