"""Is a rate practically one half? A decision by a stated probability, exact and by draws."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from scipy import stats

from workflow.deciding.decision import GRANTED
from workflow.quantities import Scalar, expectations

HALF = 0.5
GO_ON = "go on"


@dataclass(frozen=True)
class Fairness:
    """A rate is fair, or biased, once that has the posterior probability `sure`, above one half.

    Fair is a rate within `rope` of one half, ends included; biased one beyond that, on one side.
    """

    event: str
    rope: float
    sure: float

    @property
    def sides(self) -> tuple[str, str, str]:
        """What can be decided, for the rates below, within and above the range of fair ones."""
        return f"biased against {self.event}", "practically fair", f"biased towards {self.event}"

    @property
    def range(self) -> tuple[float, float]:
        """The least and the greatest rate that is practically fair."""
        return HALF - self.rope, HALF + self.rope

    def probabilities(self, alpha: ArrayLike, beta: ArrayLike) -> np.ndarray:
        """Return the exact probability of each side under Beta(alpha, beta); first axis: side."""
        low, high = (stats.beta.cdf(end, alpha, beta) for end in self.range)
        return np.stack([low, high - low, stats.beta.sf(self.range[1], alpha, beta)])

    def decisions(self, alpha: ArrayLike, beta: ArrayLike) -> np.ndarray:
        """Return the decision under Beta(alpha, beta): the place in `sides`, or -1 to go on."""
        p = self.probabilities(alpha, beta)
        return np.where(p.max(axis=0) >= self.sure, p.argmax(axis=0), -1)

    def named(self, place: int) -> str:
        """Return the decision of a place in `sides`, -1 among them."""
        return GO_ON if place < 0 else self.sides[place]

    def exact(self, alpha: float, beta: float) -> str:
        """Return the decision under Beta(alpha, beta)."""
        return self.named(int(self.decisions(alpha, beta)))

    def known(self, alpha: float, beta: float) -> dict[str, float]:
        """Return the exact probabilities under Beta(alpha, beta), by the names of `measure`."""
        sides = zip(self.sides, self.probabilities(alpha, beta), strict=True)
        found = {f"prob[{side}]": float(p) for side, p in sides}
        return found | {"prob_above_half": float(stats.beta.sf(HALF, alpha, beta))}

    def measure(self, posterior: xr.Dataset) -> dict[str, Scalar]:
        """Return by draws of `rate` the probability of each side, and that of above one half."""
        low, high = self.range
        rate = posterior["rate"]
        where = (rate < low, (rate >= low) & (rate <= high), rate > high)
        names = [f"prob[{side}]" for side in self.sides]
        said = dict(zip((*names, "prob_above_half"), (*where, rate > HALF), strict=True))
        return {name: expectations("p", one)["p"] for name, one in said.items()}

    def decide(self, posterior: xr.Dataset, errors: float = GRANTED) -> tuple[str, ...]:
        """Return the decision by draws, and behind it those that their errors cannot tell apart."""
        found = self.measure(posterior)
        sides = {side: found[f"prob[{side}]"] for side in self.sides}
        side = max(sides, key=lambda one: sides[one].value)
        p, room = sides[side].value, errors * sides[side].mcse
        steps = (side if p + step >= self.sure else GO_ON for step in (0, -room, room))
        return tuple(dict.fromkeys(steps))
