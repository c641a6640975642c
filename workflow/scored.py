"""All scores of one set of probabilities, beside what they are compared with."""

from collections.abc import Mapping
from dataclasses import dataclass

from numpy.typing import ArrayLike

from workflow.calibration import (
    Corp,
    Mean,
    corp,
    difference,
    ece,
    log_scores,
    mean_of,
    squared_errors,
)
from workflow.calibration_line import Line, calibration_line


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
