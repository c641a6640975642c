"""The quantile regression: a quadrature of its density, and the linear programme of its mode."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import optimize, stats

from data.quantile_regression import load
from tests.calibration.mutants import Mutant, few_rows, replaced, with_likelihood, without_jacobian
from tests.contract import model_of
from tests.regression import axes_by_hand, scales

quantile_lines = model_of("quantile_regression")
FOUND = load()
Q = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
Y = FOUND.outcome.to_numpy()
SCALES = scales(FOUND.terms, FOUND.outcome)
Z = SCALES.z(FOUND.terms)
AXES = axes_by_hand(Z)
M = np.quantile(Y, Q)
PRIORS = [{"r2": 0.9, "noise": 0.5}, {"r2": 0.1, "noise": 3.0}]
STEP = 1e-6  # of differences: the density is straight between kinks, of which rows make many
SMALL = (0.25, 0.75)
# Koenker and Bassett's households: intercept and slope, as quantreg prints them to more digits.
# CASES.md has two last digits otherwise (.05: 124.8801, .5: 81.48226): these are the programme's.
PUBLISHED = {
    0.05: (124.88004, 0.34336),
    0.25: (95.48354, 0.47410),
    0.5: (81.48225, 0.56018),
    0.75: (62.39658, 0.64401),
    0.95: (64.10396, 0.70907),
}
HALF_WIDTH, POINTS, TAUS = 8.0, 201, 81  # of the quadrature: sds to either side, and points


def cost(residual: Any, q: Any) -> Any:
    return np.where(residual >= 0, q, q - 1) * residual


D = cost(Y[:, None] - M, Q).mean(axis=0)


def shipped(**knobs: float) -> pm.Model:
    return quantile_lines(FOUND.terms, FOUND.outcome, **knobs)


def predicted(posterior: xr.Dataset, terms: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Any]:
    """The lines, at the means of the draws, which no correction of the width moves."""
    slope = posterior["slope"].mean(("chain", "draw")).to_numpy()
    line = posterior["intercept"].mean(("chain", "draw")).to_numpy()
    found = line + terms.to_numpy(dtype=float) @ slope.T
    return {f"q{q}": found[:, j] for j, q in enumerate(posterior["quantile"].to_numpy())}


def small(**knobs: float) -> pm.Model:
    """Four rows for two lines."""
    return quantile_lines(*few_rows(FOUND.terms, FOUND.outcome), SMALL, **knobs)


def log_density(level: Any, theta: Any, tau: Any, *, r2: float = 0.5, noise: float = 1) -> float:
    beta = np.sqrt(r2 / (1 - r2)) * theta @ AXES
    mu = M + SCALES.s * (level + Z @ beta.T)
    rows = np.log(Q * (1 - Q) / (D * tau)) - cost(Y[:, None] - mu, Q) / (D * tau)
    return float(
        rows.sum()
        + stats.norm.logpdf(level).sum()
        + stats.norm.logpdf(theta).sum()
        + stats.gamma.logpdf(tau, 2, scale=noise / 2).sum()
    )


def reference(**knobs: float) -> dict[str, tuple[float, ...]]:
    """Quadrature, quantile by quantile: the lines share nothing.

    Of level and theta on a lattice of 201 x 201 points over 8 sds to either side, and at each of
    tau on 81 points of its logarithm. The costs are straight between rows, so that halving the
    lattice moves no mean and no sd by a hundredth of an sd (a test below).
    """
    found: dict[str, tuple[float, ...]] = {}
    for j, q in enumerate(Q):
        found |= {
            name.format(q=f"{q:g}"): (*pair, 0.0, 0.0)
            for name, pair in one_line(j, POINTS, **knobs).items()
        }
    return found


@cache
def one_line(
    j: int, points: int, *, r2: float = 0.5, noise: float = 1
) -> dict[str, tuple[float, float]]:
    """Return mean and sd of every quantity of one quantile, by quadrature over the lattice."""
    spread = float(np.sqrt(r2 / (1 - r2))) * AXES[0, 0]
    centre, half = np.zeros(2), np.full(2, 4.0)
    for size in (41, 41, 41, 41, 41, points):  # drawn in around the posterior, round by round
        lattice = [c + h * np.linspace(-1, 1, size) for c, h in zip(centre, half, strict=True)]
        level, theta = (x.ravel() for x in np.meshgrid(*lattice, indexing="ij"))
        sums = np.concatenate(
            [
                cost(Y - M[j] - SCALES.s * (a + spread * lattice[1][:, None] * Z[:, 0]), Q[j]).sum(
                    1
                )
                for a in lattice[0]
            ]
        )
        weight, tau, tau_squared = over_tau(sums / D[j], level, theta, noise)
        centre = np.array([weight @ level, weight @ theta])
        sd = np.sqrt([weight @ (level - centre[0]) ** 2, weight @ (theta - centre[1]) ** 2])
        half = np.maximum(HALF_WIDTH * sd, 2 * half / size)
    slope = SCALES.s * spread * theta / SCALES.scale[0]
    values = {
        "level[{q}]": level,
        "beta[{q}, income]": spread * theta,
        "slope[{q}, income]": slope,
        "intercept[{q}]": M[j] + SCALES.s * level - slope * SCALES.centre[0],
    }
    found = {name: _moments(weight, x) for name, x in values.items()}
    mean = float(weight @ tau)
    sd_of_tau = float(np.sqrt(weight @ tau_squared - mean**2))
    return found | {"tau[{q}]": (mean, sd_of_tau), "scale[{q}]": (D[j] * mean, D[j] * sd_of_tau)}


def over_tau(
    sums: np.ndarray, level: np.ndarray, theta: np.ndarray, noise: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return weights of the points, and E(tau) and E(tau^2) at each; `sums` are costs over d."""
    n = len(Y)
    middle, half = np.log(sums.min() / n), 10 / np.sqrt(n)
    logs = np.linspace(middle - half, middle + 2 * half, TAUS)
    tau = np.exp(logs)
    prior = stats.gamma.logpdf(tau, 2, scale=noise / 2) + logs - n * logs  # with the Jacobian
    density = prior - sums[:, None] / tau
    density += (stats.norm.logpdf(level) + stats.norm.logpdf(theta))[:, None]
    density = np.exp(density - density.max())
    weight = density.sum(axis=1)
    kept = np.maximum(weight, np.finfo(float).tiny)
    return weight / weight.sum(), density @ tau / kept, density @ tau**2 / kept


def _moments(weight: np.ndarray, x: np.ndarray) -> tuple[float, float]:
    mean = float(weight @ x)
    return mean, float(np.sqrt(weight @ (x - mean) ** 2))


def wide_prior() -> Mutant:
    return replaced("prior sd of predictions 2 sds of the outcome instead of 1", r2=0.8)


def wrong_likelihood() -> Mutant:
    told = "a line of the quantile 1 - q where that of q is asked for"
    return Mutant(told, with_likelihood(small(), "y", lambda b, kappa, mu: (b, 1 / kappa, mu)))


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logarithm of tau", without_jacobian(small(), "tau"))


@cache
def programme(q: float) -> tuple[float, float]:
    """Return intercept and slope of least cost, by a linear programme; knows nothing of densities.

    y = x b + up - down with up and down at least 0; what is least is q up + (1 - q) down.
    """
    n, x = len(Y), np.column_stack([np.ones(len(Y)), FOUND.terms])
    found = optimize.linprog(
        np.concatenate([np.zeros(2), np.full(n, q), np.full(n, 1 - q)]),
        A_eq=np.hstack([x, np.eye(n), -np.eye(n)]),
        b_eq=Y,
        bounds=[(None, None)] * 2 + [(0, None)] * (2 * n),
        method="highs",
    )
    return float(found.x[0]), float(found.x[1])


@pytest.mark.parametrize("q", PUBLISHED)
def test_the_line_of_least_cost_is_the_published_one(q: float) -> None:
    """To half of the last digit printed, and statsmodels' cost is no less."""
    from statsmodels.regression.quantile_regression import QuantReg

    intercept, slope = programme(q)
    published = PUBLISHED[q]
    assert intercept == pytest.approx(published[0], abs=6e-6)
    assert slope == pytest.approx(published[1], abs=6e-6)
    x = np.column_stack([np.ones(len(Y)), FOUND.terms])
    theirs = QuantReg(Y, x).fit(q=q).params
    costs = [cost(Y - x @ line, q).sum() for line in (np.array([intercept, slope]), theirs)]
    assert costs[0] <= costs[1] * (1 + 1e-12)
    assert costs[1] == pytest.approx(costs[0], rel=1e-6)


def test_under_a_flat_prior_the_mode_is_the_line_of_least_cost() -> None:
    """The model's likelihood, at any scale, falls from the programme's lines as their cost grows.

    Its logarithm is a constant less cost / scale: exactly, at 200 lines around those of least cost,
    none of which it prefers. The two observations that a line goes through are on it.
    """
    model = shipped()
    density = model.compile_fn(model.observedlogp, inputs=model.value_vars)
    best = np.array([programme(q) for q in Q])
    tau = np.array([0.3, 0.5, 0.4, 1.0, 0.2])

    def at(lines: np.ndarray) -> tuple[float, float]:
        """The model's log-likelihood, and the costs over the scales by hand."""
        beta = lines[:, 1:] * SCALES.scale / SCALES.s
        level = (lines[:, 0] + lines[:, 1] * SCALES.centre[0] - M) / SCALES.s
        point = {"level": level, "theta": beta / AXES[0, 0], "tau_log__": np.log(tau)}
        off = Y[:, None] - lines[:, 0] - FOUND.terms.to_numpy() * lines[:, 1]
        return float(density(point)), float((cost(off, Q).sum(axis=0) / (D * tau)).sum())

    here, least = at(best)
    rng = np.random.default_rng(5)
    for _ in range(200):
        step = rng.normal(size=best.shape) * [10.0, 0.01] * 10.0 ** rng.uniform(-3, 0)
        log_p, costs = at(best + step)
        assert costs > least
        assert here - log_p == pytest.approx(costs - least, rel=1e-7, abs=1e-8)
    for (intercept, slope), q in zip(best, Q, strict=True):
        off = np.abs(Y - intercept - slope * FOUND.terms.iloc[:, 0])
        assert (off < 1e-6).sum() >= 2, q


def test_half_the_lattice_gives_the_same_numbers() -> None:
    for j in range(len(Q)):
        fine, coarse = one_line(j, POINTS), one_line(j, POINTS // 2 + 1)
        for name, (mean, sd) in fine.items():
            assert coarse[name][0] == pytest.approx(mean, abs=0.01 * sd), (name, Q[j])
            assert coarse[name][1] == pytest.approx(sd, rel=0.01), (name, Q[j])


def test_the_prior_scales_with_the_data() -> None:
    """In other units the density differs by the units alone: once for each row and quantile."""
    terms, y = few_rows(FOUND.terms, FOUND.outcome, each=4)
    point = {
        "level": np.array([0.3, -0.2]),
        "theta": np.array([[0.5], [0.2]]),
        "tau_log__": np.array([-0.4, 0.1]),
    }
    here = float(quantile_lines(terms, y, SMALL).compile_logp()(point))
    for outcome, predictor in ((2e4, 1e-3), (1e-6, 1e8)):
        model = quantile_lines(terms * predictor, y * outcome, SMALL)
        there = float(model.compile_logp()(point))
        assert there == pytest.approx(here - len(SMALL) * len(y) * np.log(outcome), abs=1e-6)
