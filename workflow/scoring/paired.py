"""Two sets of probabilities of the same cases: by how much do their scores differ?"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from workflow.scoring.calibration import Mean, corp, ece, log_scores, mean_of, squared_errors

RESAMPLES = 500


def paired(
    y: ArrayLike, p: ArrayLike, other: ArrayLike, *, bins: int = 10, seed: int
) -> dict[str, Mean]:
    """Return the scores of `p` less those of `other`, with standard errors over the cases.

    Log loss and Brier score are means over cases, whose paired differences have an error in closed
    form. The parts of the Brier score and the calibration error are not: their errors are the sd of
    the difference over `RESAMPLES` bootstrap samples of the cases, the same ones for both.
    """
    happened, one, two = (np.asarray(values, dtype=float) for values in (y, p, other))
    found = {
        "log loss": mean_of(log_scores(happened, one) - log_scores(happened, two)),
        "Brier score": mean_of(squared_errors(happened, one) - squared_errors(happened, two)),
    }
    rng = np.random.default_rng(seed)
    scores = _parts(bins)
    again: dict[str, list[float]] = {name: [] for name in scores}
    for _ in range(RESAMPLES):  # one at a time: memory must not grow with samples times cases
        i = rng.integers(len(happened), size=len(happened))
        for name, score in scores.items():
            again[name].append(score(happened[i], one[i]) - score(happened[i], two[i]))
    for name, score in scores.items():
        value = score(happened, one) - score(happened, two)
        found[name] = Mean(value, float(np.std(again[name], ddof=1)))
    return found


def _parts(bins: int) -> dict[str, Callable[[np.ndarray, np.ndarray], float]]:
    """Return the scores that are no means over cases."""
    return {
        "miscalibration": lambda y, p: corp(y, p).miscalibration,
        "discrimination": lambda y, p: corp(y, p).discrimination,
        "ECE": lambda y, p: ece(y, p, bins),
    }
