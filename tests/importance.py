"""Importance sampling of a hand-written log density: references that no Markov chain made.

The proposal is a multivariate t that has the posterior's place and shape, with heavier tails, so
that the weights are bounded; Pareto k-hat says whether they are well-behaved. Its centre and its
triangular factor are rounded to what a proposal needs: then the last digits of a linear algebra,
which differ between processors, do not reach the draws. Source: Vehtari et al. (2024), Pareto
smoothed importance sampling.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from arviz_stats.base import array_stats
from scipy import optimize

DRAWS, PILOT = 100_000, 40_000
CHUNK = 1000
SEEDS = (1, 2, 3, 4, 5)
K_GOOD = 0.5
STEP = 1e-3

LogDensity = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Sample:
    """Draws of all seeds (draw, parameter), their weights (sum 1) and seeds."""

    x: np.ndarray
    weight: np.ndarray
    seed: np.ndarray

    def of(self, seed: int) -> "Sample":
        """Return the draws of one seed."""
        one = self.seed == seed
        return Sample(self.x[one], self.weight[one] / self.weight[one].sum(), self.seed[one])


@dataclass(frozen=True)
class Proposal:
    """A multivariate t: centre + factor @ (a standard t of `df` degrees of freedom)."""

    centre: np.ndarray
    factor: np.ndarray  # lower triangular
    df: float

    def weighted(self, log_density: LogDensity, draws: int, seeds: tuple[int, ...]) -> Sample:
        """Draw so many for each seed and weight them by the density, which needs no constant."""
        xs, logs = [], []
        for seed in seeds:
            rng = np.random.default_rng(seed)
            t = rng.standard_normal((draws, len(self.centre)))
            t /= np.sqrt(rng.chisquare(self.df, draws) / self.df)[:, None]
            log_q = -(self.df + t.shape[1]) / 2 * np.log1p(np.square(t).sum(axis=1) / self.df)
            xs.append(self.centre + t @ self.factor.T)
            logs.append(_in_chunks(log_density, xs[-1]) - log_q)
        log_weight = np.concatenate(logs)
        weight = np.exp(log_weight - log_weight.max())
        return Sample(np.concatenate(xs), weight / weight.sum(), np.repeat(seeds, draws))


def importance_sample(
    log_density: LogDensity, start: np.ndarray, *, df: float = 8, wider: float = 1
) -> Sample:
    """Draw from a multivariate t and weight by the density; `DRAWS` draws for each of `SEEDS`.

    The t has the mean of weighted pilot draws, and `wider` times their sds; the pilot's t has mode
    and curvature, which are looked for from `start`. `log_density` takes (draw, parameter) and need
    not be normalised.
    """
    pilot = at_the_mode(log_density, start, df).weighted(log_density, PILOT, (0,))
    mean = pilot.weight @ pilot.x
    covariance = np.cov(pilot.x, rowvar=False, aweights=pilot.weight, ddof=0)
    return rounded(mean, wider**2 * covariance, df).weighted(log_density, DRAWS, SEEDS)


def at_the_mode(log_density: LogDensity, start: np.ndarray, df: float) -> Proposal:
    """Return the t around the mode, with the inverse curvature there, by differences, as scale.

    The mode is rounded before the curvature is taken, so that every processor takes it there.
    """

    def height(x: np.ndarray) -> float:
        return float(log_density(x[None])[0])

    mode = optimize.minimize(lambda x: -height(x), start, method="BFGS").x
    rough = np.linalg.inv(_curvature(height, mode))
    mode = rounded(mode, rough, df).centre
    return rounded(mode, np.linalg.inv(_curvature(height, mode)), df)


def rounded(mean: np.ndarray, covariance: np.ndarray, df: float) -> Proposal:
    """Return the t of this mean and covariance, to about a tenth and a hundredth of each sd."""
    factor = np.linalg.cholesky(covariance)
    unit = 10.0 ** np.floor(np.log10(np.sqrt(np.diag(covariance))))
    centre = np.round(mean / unit, 1) * unit
    return Proposal(centre, np.round(factor / unit[:, None], 2) * unit[:, None], df)


def _curvature(height: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    """Return minus the matrix of second derivatives, by central differences."""
    steps = STEP * np.eye(len(at))
    found = [
        [
            sum(i * j * height(at + i * one + j * other) for i in (1, -1) for j in (1, -1))
            for other in steps
        ]
        for one in steps
    ]
    return -np.array(found) / (4 * STEP**2)


def _in_chunks(log_density: LogDensity, x: np.ndarray) -> np.ndarray:
    """Evaluate some draws at a time: what fits into the processor's cache is fastest."""
    return np.concatenate([log_density(x[i : i + CHUNK]) for i in range(0, len(x), CHUNK)])


def moments(sample: Sample, values: np.ndarray) -> tuple[float, float, float, float]:
    """Return mean and sd of a function of the draws, and the standard error of each.

    Self-normalised, with errors by the delta method.
    """
    w = sample.weight
    mean = float(w @ values)
    squares = np.square(values - mean)
    variance = float(w @ squares)
    mean_error = float(np.sqrt(np.square(w) @ squares))
    variance_error = float(np.sqrt(np.square(w) @ np.square(squares - variance)))
    sd = float(np.sqrt(variance))
    return mean, sd, mean_error, variance_error / (2 * sd)


def k_hat(sample: Sample, values: np.ndarray | float = 1.0) -> float:
    """Return the Pareto k-hat of the weights times the size of `values`; -inf of equal ones."""
    with np.errstate(divide="ignore"):
        logs = np.log(sample.weight) + np.log(np.abs(values))
    if np.ptp(logs) == 0:
        return -np.inf
    return float(array_stats.psislw(-logs[np.isfinite(logs)])[1])  # it negates what it is given
