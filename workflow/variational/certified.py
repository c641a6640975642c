"""A Gaussian at the mode of many rows, certified: its draws, weighted exactly, are the posterior.

The log density of all rows is known exactly at every draw, so each has an exact weight: posterior
over Gaussian. Where Pareto k-hat of the weights is below .5 they have a variance, and the draws are
made draws of the posterior by Metropolis's rule with independent proposals: the next draw is taken
in proportion to its weight, else the one before comes again. Chains of these are judged like any
others, R-hat and effective numbers included, and what the weights cost is in their Monte Carlo
errors. Sources: Tierney (1994), Markov chains for exploring posterior distributions; Vehtari et al.
(2024), Pareto smoothed importance sampling.
"""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from workflow.variational.khat import pareto_k

METHOD = "laplace"  # the attribute `method` of a tree of such draws
BEFORE = 100  # proposals of each chain before the first draw that is kept
STEPS, HALVINGS = 50, 30  # of Newton's method
STILL = 1e-12  # of Newton's decrement, half the squared distance to the mode in sds


class Density(Protocol):
    """All rows, given the coefficients: how likely they are."""

    def log_density(self, points: np.ndarray) -> np.ndarray:
        """Return the log likelihood of all rows at each of many points; dims: point, coefficient.

        Exact, up to a constant.
        """


class Likelihood(Density, Protocol):
    """The same, and what all rows say at a point."""

    def slope_and_curvature(self, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the first and minus the second derivatives of the log likelihood at a point."""


class NotFoundError(ValueError):
    """Newton's method did not arrive at a mode."""


@dataclass(frozen=True)
class Mode:
    """Where the posterior is highest, and a root of the covariance there, cov = root @ root.T."""

    at: np.ndarray
    root: np.ndarray


@dataclass(frozen=True)
class Proposals:
    """Draws of the Gaussian at a mode, by chain: dims of `points`: chain, draw, coefficient.

    `of_rows` is the log likelihood of all rows at each, `log_q` the log density of the Gaussian.
    """

    points: np.ndarray
    of_rows: np.ndarray
    log_q: np.ndarray

    def first(self, steps: int) -> "Proposals":
        """Return the first so many of each chain."""
        return Proposals(*(one[:, :steps] for one in (self.points, self.of_rows, self.log_q)))


@dataclass(frozen=True)
class Chains:
    """Draws of a posterior (chain, draw, coefficient), the rows' log likelihood at each, and k-hat.

    `taken` says which proposals were.
    """

    draws: np.ndarray
    of_rows: np.ndarray
    taken: np.ndarray
    k_hat: float


def log_prior(points: np.ndarray, precision: np.ndarray) -> np.ndarray:
    """Return the log density of a Normal prior about 0, up to a constant; last dim: coefficient."""
    found: np.ndarray = -np.einsum("...k,kl,...l->...", points, precision, points) / 2
    return found


def mode(rows: Likelihood, precision: np.ndarray, start: np.ndarray) -> Mode:
    """Return the mode under a Normal prior about 0, by Newton's method from `start`.

    Steps are halved until they lead up. The posterior has to be log-concave, or `start` near.

    Raises
    ------
    NotFoundError
        The search did not arrive, or the curvature is none.
    """
    at = np.array(start, dtype=float)

    def height(b: np.ndarray) -> float:
        return float(rows.log_density(b[None])[0] + log_prior(b, precision))

    now = height(at)
    for _ in range(STEPS):
        slope, curved = rows.slope_and_curvature(at)
        up, curved = slope - precision @ at, curved + precision
        try:
            lower = np.linalg.cholesky(curved)
        except np.linalg.LinAlgError:
            break
        step = np.linalg.solve(curved, up)
        if up @ step / 2 < STILL:
            return Mode(at, np.linalg.inv(lower).T)
        sizes = (2.0**-i for i in range(HALVINGS))
        tried = ((at + size * step, height(at + size * step)) for size in sizes)
        least = now - 1e-9 * (1 + abs(now))  # what rounding of a sum over many rows may do
        better = next((one for one in tried if one[1] >= least), None)
        if better is None:
            break
        at, now = better
    raise NotFoundError("the search for the mode of the posterior did not arrive")


def propose(
    rows: Density, about: Mode, *, draws: int, chains: int, seed: int, freedom: float = math.inf
) -> Proposals:
    """Draw from the Gaussian at a mode, and find the likelihood of all rows at each draw.

    With `freedom` it is a Student t of so many degrees, about the mode and with that root of its
    scale: for a posterior whose tails may be heavier than those of a Gaussian.
    """
    size, rng = len(about.at), np.random.default_rng(seed)
    z = rng.normal(size=(chains, BEFORE + draws, size))
    log_q = -np.square(z).sum(axis=-1) / 2
    if math.isfinite(freedom):
        z /= np.sqrt(rng.chisquare(freedom, z.shape[:2]) / freedom)[..., None]
        log_q = -(freedom + size) / 2 * np.log1p(np.square(z).sum(axis=-1) / freedom)
    points = about.at + z @ about.root.T
    of_rows = rows.log_density(points.reshape(-1, size)).reshape(chains, -1)
    return Proposals(points, of_rows, log_q - np.log(np.abs(np.linalg.det(about.root))))


def chains_of(found: Proposals, precision: np.ndarray, *, seed: int) -> Chains:
    """Return draws of the posterior under a Normal prior about 0, and k-hat of the weights.

    The prior may be another than that of the mode: the likelihood at the proposals is the same, and
    k-hat says whether they do for it.
    """
    return metropolis(found, log_prior(found.points, precision), seed=seed)


def metropolis(found: Proposals, of_prior: np.ndarray, *, seed: int) -> Chains:
    """Return the same under a prior whose log density at the proposals is `of_prior`."""
    log_w = found.of_rows + of_prior - found.log_q
    chains, steps = log_w.shape
    tries = np.log(np.random.default_rng([seed, 1]).random((chains, steps)))
    each, at = np.arange(chains), np.zeros(chains, dtype=int)
    kept = np.zeros((chains, steps), dtype=int)
    for i in range(steps):
        at = np.where(tries[:, i] < log_w[:, i] - log_w[each, at], i, at)
        kept[:, i] = at
    kept, each = kept[:, BEFORE:], each[:, None]
    taken = kept == np.arange(BEFORE, steps)
    return Chains(found.points[each, kept], found.of_rows[each, kept], taken, k_of(log_w))


def k_of(log_w: np.ndarray) -> float:
    """Return Pareto k-hat of the weights; infinite where one is not a number."""
    return pareto_k(np.ravel(log_w - np.max(log_w)))
