"""How probable three accounts of a series are, and a fall of its level, under one prior."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import log_softmax, logsumexp

BEFOREHAND = (0.5, 0.25, 0.25)  # of the three accounts: a change is as likely as none


@dataclass(frozen=True)
class Odds:
    """How probable three accounts are: their log evidences, and the probability of a fall.

    `falls` are those of a jump and of a drift. Nothing else is kept of other priors: what
    the accounts expect has a normal distribution for each setting, of which there may be many.
    """

    logs: tuple[float, ...]
    falls: tuple[float, ...]

    @property
    def log_bayes_factor(self) -> float:
        """Log Bayes factor of a jump or a drift, each as likely as the other, against none."""
        stays, *moves = self.logs
        return float(logsumexp(moves) - math.log(2) - stays)

    @property
    def weights(self) -> np.ndarray:
        """Posterior probability of each account."""
        found: np.ndarray = np.exp(log_softmax(np.array(self.logs) + np.log(BEFOREHAND)))
        return found

    @property
    def at_once(self) -> float:
        """Return the probability that the level jumped, if it changed."""
        jumps, drifts = self.weights[1:]
        return float(jumps / (jumps + drifts))

    def prob_fallen(self, if_it_drifts: float | None = None) -> float:
        """Return the probability of a fall, if the level changed."""
        moves = self.weights[1:] / self.weights[1:].sum()
        jumps, drifts = self.falls
        drifts = drifts if if_it_drifts is None else if_it_drifts
        return float(moves[0] * jumps + moves[1] * drifts)
