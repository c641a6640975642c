"""The exact posterior of groups with a normal population, by quadrature over (mu, tau) and effects.

Given mu and tau groups know nothing of one another, so all is sums over one grid of effects, which
is that of mu, too. It is even in u, where effect = middle + scale sinh(u): fine in the middle, and
far-reaching. tau is even in v, tau = scale sinh(v). The trapezoidal rule of smooth functions that
vanish at their ends converges faster than any power of the step.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from workflow.checking.exact import Known
from workflow.groups.masses import finer, of_masses
from workflow.groups.observed import Observed

POINTS, LEVELS = 501, 64  # of effects, and of tau
ROUGH = 400  # levels of tau for a first look
LEFT = 25.0  # log density below its highest, where nothing is left
FARTHEST = 11.0  # in v: 30,000 scales
BEYOND = 7.0  # standard errors, or sds of the population, to which effects reach
COARSE = 0.5  # standard errors of a group that a step of the grid may have


@dataclass(frozen=True)
class Prior:
    """mu ~ Normal(mean, sd), and tau half-normal (of counts) or half-Cauchy with its scale."""

    mu_mean: float
    mu_sd: float
    tau_scale: float
    counted: bool
    sigma_scale: float | None = None  # of the sd within groups, half-Cauchy, where it is unknown

    def log_mu(self, mu: np.ndarray) -> np.ndarray:
        """Return the log density of mu."""
        return np.asarray(stats.norm(self.mu_mean, self.mu_sd).logpdf(mu))

    def log_tau(self, tau: np.ndarray) -> np.ndarray:
        """Return the log density of tau."""
        law = stats.halfnorm if self.counted else stats.halfcauchy
        return np.asarray(law(scale=self.tau_scale).logpdf(tau))


class TooFineError(ValueError):
    """Some groups are known too well beside the others for the grid."""


@dataclass(frozen=True)
class Grid:
    """Points in u with their effects, and points in v with their tau and the weight of each."""

    u: np.ndarray
    middle: float
    scale: float
    v: np.ndarray
    ends: np.ndarray  # weights of the trapezoidal rule in v, without the step

    def effect(self, u: np.ndarray | float) -> np.ndarray:
        """Return effects at points in u."""
        return np.asarray(self.middle + self.scale * np.sinh(u))

    def tau(self, v: np.ndarray | float) -> np.ndarray:
        """Return tau at points in v."""
        return np.asarray(self.scale * np.sinh(v))

    @property
    def cells(self) -> np.ndarray:
        """Length of the cell of each effect."""
        return np.asarray(self.scale * np.cosh(self.u) * (self.u[1] - self.u[0]))

    def kernel(self, tau: float) -> np.ndarray:
        """Return the probability of each effect (columns) for each mu (rows)."""
        x = self.effect(self.u)
        if tau < self.cells.min() / 20:
            return np.eye(len(x))
        with np.errstate(under="ignore"):
            mass = np.exp(-(((x - x[:, None]) / tau) ** 2) / 2) * self.cells
        return mass / mass.sum(axis=1, keepdims=True)


def grid_of(observed: Observed, prior: Prior) -> Grid:
    """Return a grid on which the posterior has its weight, by a normal approximation.

    Raises
    ------
    TooFineError
        The grid would have to be finer than `POINTS`.
    """
    x, se = observed.rough
    scale, middle = max(float(np.std(x)), float(np.min(se))), float(np.median(x))
    v = np.linspace(0, FARTHEST, ROUGH)
    tau = scale * np.sinh(v)
    variance = se**2 + tau[:, None] ** 2
    precision = (1 / variance).sum(1) + prior.mu_sd**-2.0
    at = ((x / variance).sum(1) + prior.mu_mean / prior.mu_sd**2) / precision
    square = (x**2 / variance).sum(1) + (prior.mu_mean / prior.mu_sd) ** 2 - at**2 * precision
    logs = -(np.log(variance).sum(1) + np.log(precision) + square) / 2
    logs += prior.log_tau(tau) + np.log(np.cosh(v))
    held = np.flatnonzero(logs > logs.max() - LEFT)
    low, high = v[max(held[0] - 1, 0)], v[min(held[-1] + 1, ROUGH - 1)]
    levels = np.linspace(low, high, LEVELS)
    ends = np.ones(LEVELS)
    ends[[0, -1]] = 0.5
    likely = logs > logs.max() - LEFT / 2
    wide = np.sqrt(1 / precision + tau**2)[likely].max()
    reach = max(
        float(np.abs(x - middle).max() + BEYOND * se.max()),
        float(np.abs(at[likely] - middle).max() + BEYOND * wide),
    )
    u = np.linspace(-1, 1, POINTS) * np.arcsinh(reach / scale)
    grid = Grid(u, middle, scale, levels, ends)
    cells = np.interp(x, grid.effect(u), grid.cells)
    if (cells > COARSE * se).any():
        raise TooFineError("some groups are known too well beside how far groups reach")
    return grid


class Exact:
    """The posterior of mu, tau, every group and a new one.

    `weights` are probabilities of (tau, mu); `masses` those of each effect on the grid by group,
    and of a new group's last.
    """

    def __init__(self, observed: Observed, prior: Prior) -> None:
        self.observed, self.prior = observed, prior
        self.grid = grid = grid_of(observed, prior)
        logs = observed.log_likelihood(x := grid.effect(grid.u))
        self._highest = logs.max(axis=0)
        likelihood, tau = np.exp(logs - self._highest), grid.tau(grid.v)
        step = np.log(grid.ends) + np.log(np.cosh(grid.v)) + prior.log_tau(tau)
        before = prior.log_mu(x) + np.log(grid.cells)
        levels = [_level(grid.kernel(float(one)), likelihood, before) for one in tau]
        size = step + [one.log for one in levels]
        share = np.exp(size - size.max())
        share /= sum(one * level.weights.sum() for one, level in zip(share, levels, strict=True))
        self.weights = share[:, None] * [one.weights for one in levels]
        self.masses = np.einsum("t,txg->xg", share, [one.masses for one in levels])
        self._without = np.einsum("t,tg->g", share, [one.without for one in levels])

    @property
    def tau_mass(self) -> np.ndarray:
        """Return the probability of each tau on the grid."""
        return np.asarray(self.weights.sum(axis=1))

    def known(self) -> dict[str, Known]:
        """Return the numbers of mu, tau, and of each group on the scale that is shown."""
        grid, observed = self.grid, self.observed
        found = {
            "mu": of_masses(grid.u, self.weights.sum(axis=0), grid.effect),
            "tau": of_masses(*finer(grid.v, self.tau_mass / grid.ends), grid.tau),
        }
        for name, mass in zip(observed.names, self.masses.T, strict=False):
            found[f"{observed.variable}[{name}]"] = self._shown(mass)
        return found

    def new_group(self) -> Known:
        """Return the numbers of a group that was not seen, on the scale that is shown."""
        return self._shown(self.masses[:, -1])

    def elpd(self) -> np.ndarray:
        """Return the log probability of each group's data given those of all the others."""
        return np.asarray(self._highest - np.log(self._without))

    def _shown(self, mass: np.ndarray) -> Known:
        return of_masses(self.grid.u, mass, lambda u: self.observed.shown(self.grid.effect(u)))


@dataclass(frozen=True)
class _Level:
    """One tau: weights of mu, masses of effects, and the sum of weights over the likelihood.

    All of them are less the factor exp(log).
    """

    log: float
    weights: np.ndarray
    masses: np.ndarray
    without: np.ndarray


def _level(kernel: np.ndarray, likelihood: np.ndarray, before: np.ndarray) -> _Level:
    """Sum over the effects of every group, given mu and one tau."""
    seen = kernel @ likelihood  # (mu, group)
    with np.errstate(divide="ignore"):
        logs = before + np.log(seen).sum(axis=1)
    weights = np.exp(logs - logs.max())
    each = np.divide(weights[:, None], seen, out=np.zeros_like(seen), where=seen > 0)
    groups = likelihood * (kernel.T @ each)
    masses = np.column_stack([groups, kernel.T @ weights])
    return _Level(float(logs.max()), weights, masses, each.sum(axis=0))
