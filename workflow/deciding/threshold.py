"""On which side of a reference is a rate? A decision by a stated probability."""

from dataclasses import dataclass

import xarray as xr

from workflow.deciding.decision import GRANTED
from workflow.quantities import Scalar, expectations

NOT_SHOWN = "not shown"


@dataclass(frozen=True)
class Rule:
    """A side is shown once its posterior probability reaches `sure`, which is above one half."""

    reference: float
    sure: float

    @property
    def below(self) -> str:
        """The decision that the rate is below the reference."""
        return f"below {self.reference:g}"

    @property
    def above(self) -> str:
        """The decision that the rate is above the reference."""
        return f"above {self.reference:g}"

    def side(self, prob_below: float) -> str:
        """Return the decision at a posterior probability of being below."""
        if prob_below >= self.sure:
            return self.below
        return self.above if prob_below <= 1 - self.sure else NOT_SHOWN

    def probability(self, rate: xr.DataArray) -> Scalar:
        """Return the posterior probability of being below, from draws of the rate."""
        (found,) = expectations("prob_below", rate < self.reference).values()
        return found

    def decide(self, rate: xr.DataArray, *, errors: float = GRANTED) -> tuple[str, ...]:
        """Return the decision, and behind it those that Monte Carlo error cannot tell from it."""
        p = self.probability(rate)
        room = errors * p.mcse
        return tuple(dict.fromkeys(self.side(p.value + step) for step in (0, -room, room)))
