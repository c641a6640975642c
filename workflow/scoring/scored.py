"""All scores of one set of probabilities, beside what they are compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import entr, logit

from workflow.scoring.calibration import (
    Corp,
    Mean,
    corp,
    difference,
    ece,
    log_scores,
    mean_of,
    pooled,
    squared_errors,
)
from workflow.scoring.calibration_line import Line, calibration_line

CHUNK = 1000  # values of p whose events are drawn at once
EDGES = (0, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1)  # of bands of probabilities


@dataclass(frozen=True)
class Scored:
    """Scores of some probabilities; `against` is their log loss less that of the first ones."""

    log_loss: Mean
    brier: Mean
    parts: Corp
    ece: float
    line: Line
    against: Mean


def score(
    y: ArrayLike, sets: Mapping[str, ArrayLike], weights: ArrayLike | None = None, *, bins: int = 10
) -> dict[str, Scored]:
    """Score sets of probabilities (name: p) of the same cases y; the first is the one to beat.

    Parameters
    ----------
    y, weights
        What happened (0 or 1), and how many cases a row stands for (none: one each).
    bins
        Of the expected calibration error.
    """
    first = next(iter(sets.values()))
    return {
        name: Scored(
            mean_of(log_scores(y, p), weights),
            mean_of(squared_errors(y, p), weights),
            corp(y, p, weights),
            ece(y, p, bins, weights),
            calibration_line(y, p, weights),
            difference(y, p, first, weights),
        )
        for name, p in sets.items()
    }


@dataclass(frozen=True)
class Band:
    """Cases given a probability from `lower` to `upper`, and how often the event happened.

    `low` and `high` are the ends of the central 95% of that number if the probabilities are honest.
    """

    lower: float
    upper: float
    cases: float
    expected: float
    low: float
    high: float
    observed: float


def bands(
    y: ArrayLike,
    p: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    edges: Sequence[float] = EDGES,
    resamples: int = 4000,
    seed: int,
) -> list[Band]:
    """Return expected and observed events by bands of p (each from its edge to below the next).

    The last band includes 1; bands without cases are left out. `weights` are counts.
    """
    said, cases, events = pooled(y, p, weights)
    rng = np.random.default_rng(seed)
    at = np.clip(np.searchsorted(edges, said, side="right") - 1, 0, len(edges) - 2)
    found = []
    for i in np.unique(at):
        here = at == i
        drawn = _events(cases[here].astype(int), said[here], resamples, rng)
        low, high = np.quantile(drawn, (0.025, 0.975))
        numbers = cases[here].sum(), cases[here] @ said[here], low, high, events[here].sum()
        found.append(Band(edges[i], edges[i + 1], *map(float, numbers)))
    return found


def _events(
    cases: np.ndarray, p: np.ndarray, resamples: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw the number of events in all cases, in parts: memory must not grow with the cases."""
    parts = range(0, len(p), CHUNK)
    return np.sum(
        [
            rng.binomial(
                cases[i : i + CHUNK], p[i : i + CHUNK], (resamples, len(p[i : i + CHUNK]))
            ).sum(axis=1)
            for i in parts
        ],
        axis=0,
    )


def if_honest(p: ArrayLike, weights: ArrayLike | None = None) -> Mean:
    """Return the log loss to be expected if the probabilities are honest, and its sd.

    An actual loss well above it is over-confidence. After Spiegelhalter (1986), Probabilistic
    prediction in patient management and clinical trials, who has the Brier score.
    """
    said = np.asarray(p, dtype=float)
    counts = np.ones(said.shape) if weights is None else np.asarray(weights, dtype=float)
    n = counts.sum()
    inside = np.clip(said, 1e-300, 1 - 1e-16)  # p (1 - p) logit(p)^2 is 0 at both ends
    variance = said * (1 - said) * np.square(logit(inside))
    mean = counts @ (entr(said) + entr(1 - said)) / n
    return Mean(float(mean), float(np.sqrt(counts @ variance) / n))
