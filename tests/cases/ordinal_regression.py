"""The ordinal regression: importance sampling of its density, which is written by hand."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from pytensor.tensor.variable import TensorVariable
from scipy import optimize, special, stats

from data.ordinal_regression import load
from tests.calibration.mutants import Mutant, few_rows, replaced, with_likelihood
from tests.contract import fitted, model_of
from tests.importance import Sample, importance_sample, moments
from tests.regression import scales

cumulative = model_of("ordinal_regression")
FOUND = load()
SCALES = scales(FOUND.terms)
Z, Y = SCALES.z(FOUND.terms), FOUND.outcome.to_numpy()
# The two terms are uncorrelated and equally spread: then they are the axes themselves, in order.
AXES = np.diag(1 / np.sqrt(2 * Z.var(axis=0, ddof=1)))
K = len(FOUND.ratings)
PRIORS = [{"r2": 0.2, "concentration": 3.0}]


def shipped(**knobs: float) -> pm.Model:
    return cumulative(FOUND.terms, FOUND.outcome, FOUND.ratings, **knobs)


def predicted(posterior: xr.Dataset, terms: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Any]:
    line = posterior["slope"].to_numpy() @ terms.to_numpy(dtype=float).T
    below = special.expit(posterior["cut"].to_numpy()[..., None, :] - line[..., None])
    share = np.diff(below.mean(axis=(0, 1)), prepend=0, append=1)
    return {f"P({one})": share[:, j] for j, one in enumerate(FOUND.ratings)}


def small(**knobs: float) -> pm.Model:
    """Twelve rows for two slopes and four cuts."""
    return cumulative(*few_rows(FOUND.terms, FOUND.outcome, each=4), FOUND.ratings, **knobs)


def spread(r2: float) -> float:
    """Return the prior sd of eta over the rows."""
    return float(np.pi / np.sqrt(3) * np.sqrt(r2 / (1 - r2)))


def log_likelihood(level: np.ndarray, eta: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return log P(y); dims: draw, row. By the difference of two logistic functions."""
    ends = np.full((len(level), 1), np.inf)
    level = np.concatenate([-ends, level, ends], axis=1)
    return np.log(special.expit(level[:, y + 1] - eta) - special.expit(level[:, y] - eta))


def log_density(share: Any, theta: Any, *, r2: float = 0.5, concentration: float = 1.0) -> Any:
    """Parameters may have draws as their first dim; so has then what is returned."""
    share, theta = np.atleast_2d(share), np.atleast_2d(theta)
    level = special.logit(share.cumsum(axis=1)[:, :-1])
    likelihood = log_likelihood(level, spread(r2) * theta @ AXES @ Z.T, Y).sum(axis=1)
    normal = stats.norm().logpdf(theta).sum(axis=1)
    alpha = np.full(K, concentration)
    found = likelihood + normal + stats.dirichlet(alpha).logpdf((share / share.sum(1)[:, None]).T)
    return found if len(found) > 1 else float(found[0])


def reference(**knobs: float) -> dict[str, tuple[float, ...]]:
    """Importance sampling of the posterior density written by hand (tests/importance.py).

    In logarithms of ratios to the last share, with their Jacobian. Mean, sd and their standard
    errors by the delta method; Pareto k-hat of the weights, and of weights times quantities and
    squared deviations, below .5 (tests/cases/test_reference.py).
    """
    drawn, quantities = weighted(**knobs)
    return {name: moments(drawn, values) for name, values in quantities.items()}


@cache
def weighted(
    *, r2: float = 0.5, concentration: float = 1.0
) -> tuple[Sample, dict[str, np.ndarray]]:
    """Return the weighted draws, and every quantity of the tree computed from them."""

    def shares(b: np.ndarray) -> np.ndarray:
        return special.softmax(np.column_stack([b[:, : K - 1], np.zeros(len(b))]), axis=1)

    def density(b: np.ndarray) -> np.ndarray:
        share = shares(b)
        jacobian = np.log(share).sum(axis=1)
        found = log_density(share, b[:, K - 1 :], r2=r2, concentration=concentration)
        return np.atleast_1d(found) + jacobian

    drawn = importance_sample(density, np.zeros(K - 1 + Z.shape[1]))
    share, beta = shares(drawn.x), spread(r2) * drawn.x[:, K - 1 :] @ AXES
    slope = beta / SCALES.scale
    cut = special.logit(share.cumsum(axis=1)[:, :-1]) + (slope @ SCALES.centre)[:, None]
    found = {f"share[{one}]": share[:, k] for k, one in enumerate(FOUND.ratings)}
    found |= {f"cut[{k + 1}]": cut[:, k] for k in range(K - 1)}
    for k, name in enumerate(FOUND.terms):
        found |= {f"beta[{name}]": beta[:, k], f"slope[{name}]": slope[:, k]}
    return drawn, found


def wide_prior() -> Mutant:
    return replaced("prior sd of eta over the rows 3.6 instead of 1.8", r2=0.8)


def wrong_likelihood() -> Mutant:
    def one_lower(p: TensorVariable) -> tuple[TensorVariable, ...]:
        return (p[:, ::-1],)

    return Mutant("the ratings in reverse", with_likelihood(small(), "y", one_lower))


def dropped_jacobian() -> Mutant:
    """Sample the odds ratios under the prior of their logarithms.

    Without the Jacobian of the shares the posterior of a rating without a row would have no end.
    """
    model = small()
    with model:
        pm.Potential("dropped", model["beta"].sum())
    return Mutant("odds ratios sampled under the prior of their logarithms", model)


def test_the_greatest_likelihood_is_the_published_one() -> None:
    """Of the model's own likelihood, with the flat prior: Randall's wines, as CASES.md has them.

    The prior is taken off by hand (Dirichlet(1) is flat, theta standard normal), and the standard
    errors are those of the inverse curvature in own units.
    """
    model = shipped()
    density = model.compile_fn(model.observedlogp, inputs=model.value_vars)
    names = [variable.name for variable in model.value_vars]
    assert names == ["share_simplex__", "theta"]

    def surprise(b: np.ndarray) -> float:
        cut, slope = b[: K - 1], b[K - 1 :]
        share = np.diff(special.expit([-np.inf, *(cut - slope @ SCALES.centre), np.inf]))
        logs = np.log(np.maximum(share, 1e-300))
        theta = np.linalg.solve(AXES.T, slope * SCALES.scale) / spread(0.5)
        return -float(density({names[0]: (logs - logs.mean())[:-1], names[1]: theta}))

    start = np.array([-1.0, 1.0, 3.0, 5.0, 1.0, 1.0])
    best = optimize.minimize(surprise, start, method="Nelder-Mead", options={"maxiter": 20_000})
    best = optimize.minimize(surprise, best.x, method="BFGS", options={"gtol": 1e-7})
    assert -best.fun == pytest.approx(-86.492, abs=5e-4)
    assert best.x[: K - 1] == pytest.approx([-1.3444, 1.2508, 3.4669, 5.0064], abs=1e-4)
    assert best.x[K - 1 :] == pytest.approx([2.5031, 1.5278], abs=1e-4)
    step = 1e-3 * np.eye(K + 1)
    curvature = [
        [
            surprise(best.x + i + j)
            - surprise(best.x + i - j)
            - surprise(best.x - i + j)
            + surprise(best.x - i - j)
            for i in step
        ]
        for j in step
    ]
    errors = np.sqrt(np.diag(np.linalg.inv(np.array(curvature) / 4e-6)))
    assert errors[K - 1 :] == pytest.approx([0.529, 0.477], abs=1e-3)


def test_the_density_of_the_levels_is_the_one_that_the_docstring_gives() -> None:
    """Dirichlet times prod_j P_j (1 - P_j): by the determinant of the differences."""
    level = np.array([-1.3, 0.2, 0.9, 2.5])

    def shares(level: np.ndarray) -> np.ndarray:
        return np.diff(special.expit([-np.inf, *level, np.inf]))[:-1]

    steps = 1e-6 * np.eye(4)
    by_differences = [(shares(level + one) - shares(level - one)) / 2e-6 for one in steps]
    p = special.expit(level)
    assert np.linalg.det(by_differences) == pytest.approx(np.prod(p * (1 - p)), rel=1e-6)


def test_far_out_the_probabilities_keep_their_digits() -> None:
    """Where both logistic functions are 1 in double precision their difference is not 0."""
    terms = pd.DataFrame({"x": [0.0, 2.0, 4.0]})
    model = cumulative(terms, pd.Series([0, 1, 2]), ["low", "middle", "high"])
    density, slope = model.compile_logp(), model.compile_dlogp()
    point = {"share_simplex__": np.zeros(2), "theta": np.array([40.0])}
    assert np.isfinite(density(point))
    assert np.isfinite(slope(point)).all()


def test_slopes_and_cuts_give_the_same_probabilities() -> None:
    """logit P(y <= j) = cut[j] - terms in own units, of the tree and by the shares."""
    one = fitted("ordinal_regression")["posterior"].to_dataset().isel(chain=0, draw=17)
    own = one["cut"].to_numpy() - (FOUND.terms.to_numpy() @ one["slope"].to_numpy())[:, None]
    level = special.logit(one["share"].to_numpy().cumsum()[:-1])
    assert own == pytest.approx(level - (Z @ one["beta"].to_numpy())[:, None], rel=1e-9)
