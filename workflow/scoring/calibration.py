"""Are probabilities of an event honest? Scores, their parts, and the reliability diagram.

Everywhere `y` is what happened (0 or 1), `p` the probability that was said before (0 to 1), and
`weights` how many cases a row stands for (none: one each). All that counts is how often the event
happened at each value of `p`, so equal values are pooled first.
Source: Dimitriadis, Gneiting and Jordan (2021), Stable reliability diagrams for probabilistic
classifiers (CORP).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import isotonic_regression
from scipy.special import xlogy

BAND = 0.9  # of a consistency band, at each value of p by itself
RESAMPLES = 1000
KEPT = 2000  # values of p at which the band is computed; between them it is interpolated


@dataclass(frozen=True)
class Mean:
    """A mean over cases and its standard error, from the cases' own scatter."""

    value: float
    error: float


@dataclass(frozen=True)
class Corp:
    """The Brier score's parts: it is miscalibration - discrimination + uncertainty, exactly.

    Miscalibration is what recalibrating would save, discrimination what the recalibrated
    probabilities save against saying the overall rate to everyone, uncertainty that rate's score.
    """

    miscalibration: float
    discrimination: float
    uncertainty: float


@dataclass(frozen=True)
class Reliability:
    """A reliability diagram, by value of p in increasing order (all arrays of that length).

    `observed` is the isotonic estimate of how often the event happens at `p`; between `lower` and
    `upper` it lies with probability `BAND` at each p if the probabilities are honest.
    """

    p: np.ndarray
    cases: np.ndarray
    observed: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def squared_errors(y: ArrayLike, p: ArrayLike) -> np.ndarray:
    """Return the Brier score of each row."""
    return np.square(np.asarray(p, dtype=float) - np.asarray(y))


def log_scores(y: ArrayLike, p: ArrayLike) -> np.ndarray:
    """Return the log loss of each row, in nats; infinite where what happened had probability 0."""
    happened, said = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    with np.errstate(divide="ignore"):
        return -(xlogy(happened, said) + xlogy(1 - happened, 1 - said)) + 0.0


def brier(y: ArrayLike, p: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the Brier score: the mean squared distance of p from what happened; 0 is best."""
    return mean_of(squared_errors(y, p), weights).value


def log_loss(y: ArrayLike, p: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the mean log loss, in nats a case; 0 is best."""
    return mean_of(log_scores(y, p), weights).value


def mean_of(scores: ArrayLike, weights: ArrayLike | None = None) -> Mean:
    """Return the mean of rows' scores, each standing for `weights` cases; error NaN for one case.

    For two sets of probabilities of the same cases, the mean of the differences of their scores is
    the paired comparison. An infinite score has an infinite mean and no error.
    """
    values = np.asarray(scores, dtype=float)
    counts = np.ones(values.shape) if weights is None else np.asarray(weights, dtype=float)
    values, counts = values[counts > 0], counts[counts > 0]
    n = counts.sum()
    if not np.isfinite(values).all():
        return Mean(float(values.sum()), float("nan"))
    mean = float(np.average(values, weights=counts))
    if n <= 1:
        return Mean(mean, float("nan"))
    variance = float(counts @ np.square(values - mean)) / (n - 1)
    return Mean(mean, float(np.sqrt(variance / n)))


def difference(
    y: ArrayLike, p: ArrayLike, other: ArrayLike, weights: ArrayLike | None = None
) -> Mean:
    """Return the log loss of `p` minus that of `other` on the same cases; below 0, p is better.

    Rows on which both are equal (infinite ones too) differ by 0.
    """
    one, two = log_scores(y, p), log_scores(y, other)
    with np.errstate(invalid="ignore"):
        return mean_of(np.where(one == two, 0.0, one - two), weights)


def corp(y: ArrayLike, p: ArrayLike, weights: ArrayLike | None = None) -> Corp:
    """Return the CORP parts of the Brier score, with isotonic recalibration."""
    said, cases, events = pooled(y, p, weights)
    overall = events.sum() / cases.sum()

    def score(probability: np.ndarray | float) -> float:
        wrong = events * np.square(1 - probability) + (cases - events) * np.square(probability)
        return float(np.sum(wrong) / cases.sum())

    recalibrated = _isotonic(events, cases)
    before, after, constant = score(said), score(recalibrated), score(overall)
    return Corp(before - after, constant - after, constant)


def ece(y: ArrayLike, p: ArrayLike, bins: int = 10, weights: ArrayLike | None = None) -> float:
    """Return the expected calibration error: mean |rate of the event - mean p| over bins.

    Bins hold equally many cases, as nearly as equal values of p, which stay together, allow. It is
    above 0 even for honest probabilities: a rate in a bin is never exact.
    """
    said, cases, events = pooled(y, p, weights)
    middle = (np.cumsum(cases) - cases / 2) / cases.sum()
    at = np.minimum((bins * middle).astype(int), bins - 1)
    gap = np.bincount(at, events - cases * said)
    return float(np.abs(gap).sum() / cases.sum())


def reliability(
    y: ArrayLike,
    p: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int,
) -> Reliability:
    """Return the reliability diagram with its consistency band.

    The band is made by drawing what would happen if p were honest, `resamples` times, and
    recalibrating each: how far the diagram of honest probabilities strays. `weights` are counts.
    """
    said, cases, events = pooled(y, p, weights)
    rng = np.random.default_rng(seed)
    whole = cases.astype(int)
    kept = np.unique(np.linspace(0, len(said) - 1, KEPT).round().astype(int))
    drawn = [_isotonic(rng.binomial(whole, said), cases)[kept] for _ in range(resamples)]
    ends = np.quantile(drawn, ((1 - BAND) / 2, (1 + BAND) / 2), axis=0)
    lower, upper = (np.interp(np.arange(len(said)), kept, end) for end in ends)
    return Reliability(said, cases, _isotonic(events, cases), lower, upper)


def pooled(
    y: ArrayLike, p: ArrayLike, weights: ArrayLike | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the values of p in increasing order, and how many cases and events each has.

    Raises
    ------
    ValueError
        There are no cases, y is not 0 or 1, p is not within 0 to 1, or a weight is negative.
    """
    happened, said = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    counts = np.ones(said.shape) if weights is None else np.asarray(weights, dtype=float)
    fine = np.isin(happened, (0, 1)).all() and ((said >= 0) & (said <= 1)).all()
    if not (fine and (counts >= 0).all() and counts.sum() > 0):
        raise ValueError("needs y of 0 or 1, p within 0 to 1, weights of 0 or more, and cases")
    kept = counts > 0
    values, at = np.unique(said[kept], return_inverse=True)
    return values, np.bincount(at, counts[kept]), np.bincount(at, counts[kept] * happened[kept])


def _isotonic(events: np.ndarray, cases: np.ndarray) -> np.ndarray:
    """Return the rates, never decreasing, that fit events among cases best."""
    return np.clip(isotonic_regression(events / cases, weights=cases).x, 0, 1)
