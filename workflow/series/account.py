"""What one account of a series says of it: its evidence, its level, and what comes next."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workflow.series.mixture import Mixture
from workflow.series.regressed import Joint

STAYS, JUMPS, DRIFTS = "stays", "jumps once", "drifts"
SURE = Mixture(np.ones(1), np.zeros(1), np.zeros(1))  # that there is no change


@dataclass(frozen=True)
class Account:
    """What one account says: its log evidence, what it expects, and by how much the level changed.

    `last` is the level at the last time, `change` that less the level at the first, both without
    what season and trend add, whose coefficients are in `joint`. `of_noise`, `of_level` are the
    variances of a value about its level, and that the level gains in a step.
    """

    name: str
    log_evidence: float
    last: Mixture
    change: Mixture
    of_noise: np.ndarray
    of_level: np.ndarray
    joint: Joint | None = None

    @cached_property
    def now(self) -> Mixture:
        """The level at the last time, which a trend is a part of."""
        return self.last if self.joint is None else Mixture(self.last.weights, *self.joint.now())

    @property
    def slope(self) -> Mixture:
        """What the trend adds in a step of time."""
        assert self.joint is not None
        return Mixture(self.last.weights, *self.joint.slope())

    def ahead(self, steps: int) -> Mixture:
        """Return what the value will be so many steps after the last."""
        more = self.of_noise + steps * self.of_level
        means, variances = self.last.means, self.last.variances
        if self.joint is not None:
            means, variances = self.joint.ahead(steps)
        return Mixture(self.last.weights, means, variances + more)

    def effect(self, place: int) -> Mixture:
        """Return the season's effect at a place of the period; the first time has 0."""
        assert self.joint is not None
        return Mixture(self.last.weights, *self.joint.effect(place))
