"""Could probabilities look so dishonest by chance, where what made them is as unsure as here?

Probabilities of many cases are wrong together: by the estimates that they come from. Standard
errors over cases leave that out, and are exceeded too often. So what is seen is compared with whole
sets of outcomes that the model itself makes, with its unknowns drawn from their posterior. Source:
Gelman et al. (2013), Bayesian Data Analysis, section 6.3; for new data the p-value is uniform where
the model is true.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

SETS = 400  # of outcomes that are made
LIMIT = 0.005  # chance of a warning of too sure probabilities, and of one of another mix
STEPS, SMALL = 20, 1e-4  # of Newton's method, each 2 nats long at most; the last one's length


@dataclass(frozen=True)
class Chance:
    """How many `sets` of so many `cases`, made by the model, are as far off as what is seen.

    At least as much too sure (by the score test of the calibration slope, whatever the mix), with
    at least as many more events than the probabilities say, and with as many fewer.
    """

    cases: int
    sets: int
    surer: int
    more: int
    less: int

    def p(self, as_far: int) -> float:
        """Return the probability of being so far off by chance: what is seen is one of all."""
        return (1 + as_far) / (1 + self.sets)

    @property
    def too_sure(self) -> bool:
        """Whether the probabilities are too sure, and that by more than chance."""
        return self.p(self.surer) < LIMIT

    @property
    def other_mix(self) -> str:
        """Return "more" or "less" where events are so much more, or less, common; else nothing."""
        found = {"more": self.more, "less": self.less}
        return next((side for side, n in found.items() if self.p(n) < LIMIT / 2), "")


def compared(
    seen: tuple[np.ndarray, np.ndarray], made: Sequence[tuple[np.ndarray, np.ndarray]], cases: int
) -> Chance:
    """Return how many of the sets made are as far off; both are what `scores` returns."""
    excess, slope = (np.concatenate(one) for one in zip(*made, strict=True))
    as_far = slope <= seen[1], excess >= seen[0], excess <= seen[0]
    return Chance(cases, len(slope), *(int(one.sum()) for one in as_far))


def scores(log_odds: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return by set the events beyond those expected, and the slope's score; dims: set, case.

    The score of the calibration slope at 1, over its standard error, where the intercept is fitted:
    below 0, the probabilities are too sure.
    """
    excess = (y - expit(log_odds)).sum(axis=1)
    moved = np.zeros((len(y), 1))
    for _ in range(STEPS):
        p = expit(log_odds + moved)
        information = np.maximum((p * (1 - p)).sum(axis=1), 1e-9)
        step = np.clip((y - p).sum(axis=1) / information, -2, 2)[:, None]
        moved += step
        if np.abs(step).max() < SMALL:
            break
    p = expit(log_odds + moved)
    weight = p * (1 - p)
    middle = (weight * log_odds).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9)
    apart = log_odds - middle[:, None]
    error = np.sqrt((weight * apart**2).sum(axis=1))
    return excess, ((y - p) * apart).sum(axis=1) / np.maximum(error, 1e-9)
