"""What one account of a series says of it: its evidence, its level, and what comes next."""

from dataclasses import dataclass

import numpy as np

from workflow.series.mixture import Mixture
from workflow.series.regressed import Joint

STAYS, JUMPS, DRIFTS = "stays", "jumps once", "drifts"
SURE = Mixture(np.ones(1), np.zeros(1), np.zeros(1))  # that there is no change


@dataclass(frozen=True)
class Account:
    """What one account says: its log evidence, what it expects, and by how much the level changed.

    `now` is the level at the last time, `change` that less the level at the first. `of_noise`,
    `of_level` are the variances of a value about its level, and that the level gains in a step.
    """

    name: str
    log_evidence: float
    now: Mixture
    change: Mixture
    of_noise: np.ndarray
    of_level: np.ndarray
    season: Joint | None = None

    def ahead(self, steps: int) -> Mixture:
        """Return what the value will be so many steps after the last."""
        more = self.of_noise + steps * self.of_level
        means, variances = self.now.means, self.now.variances
        if self.season is not None:
            means, variances = self.season.ahead(steps)
        return Mixture(self.now.weights, means, variances + more)

    def effect(self, place: int) -> Mixture:
        """Return the season's effect at a place of the period; the first time has 0."""
        assert self.season is not None
        return Mixture(self.now.weights, *self.season.effect(place))
