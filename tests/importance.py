"""Importance sampling of a hand-written log density: references that no Markov chain made.

The proposal is a multivariate t around the mode, so its tails are heavier than the posterior's and
the weights are bounded; Pareto k-hat says whether they are well-behaved. Source: Vehtari et al.
(2024), Pareto smoothed importance sampling.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from arviz_stats.base import array_stats
from scipy import stats

DRAWS = 100_000
CHUNK = 1000
SEEDS = (1, 2, 3, 4, 5)
K_GOOD = 0.5


@dataclass(frozen=True)
class Sample:
    """Draws of all seeds (draw, parameter), their weights (sum 1) and seeds."""

    x: np.ndarray
    weight: np.ndarray
    seed: np.ndarray


def importance_sample(
    log_density: Callable[[np.ndarray], np.ndarray],
    mode: np.ndarray,
    covariance: np.ndarray,
    *,
    df: float = 8,
) -> Sample:
    """Draw from a multivariate t and weight by the density; `DRAWS` draws for each of `SEEDS`.

    `log_density` takes (draw, parameter) and need not be normalised.
    """
    proposal = stats.multivariate_t(mode, covariance, df=df)
    xs = [proposal.rvs(DRAWS, random_state=seed) for seed in SEEDS]
    logs = np.concatenate([_in_chunks(log_density, x) - proposal.logpdf(x) for x in xs])
    weight = np.exp(logs - logs.max())
    return Sample(np.concatenate(xs), weight / weight.sum(), np.repeat(SEEDS, DRAWS))


def _in_chunks(log_density: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> np.ndarray:
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
    """Return the Pareto k-hat of the weights times the size of `values`."""
    with np.errstate(divide="ignore"):
        logs = np.log(sample.weight) + np.log(np.abs(values))
    return float(array_stats.psislw(-logs[np.isfinite(logs)])[1])  # it negates what it is given
