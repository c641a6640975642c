"""Does a level rise or fall at the end, if its slope itself changes? Exactly, and by the draws."""

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import xarray as xr

from workflow.deciding.decision import GRANTED, UNDECIDED
from workflow.quantities import SAMPLE, Scalar, expectations
from workflow.series.account import Account
from workflow.series.directions import Turning, variances
from workflow.series.left_out import Scores, first_of, if_it_drifts
from workflow.series.mixture import prob_below
from workflow.series.turning import TurnPrior

NONE, STEADY, CHANGING = "none", "steady", "changes"
RISING, FALLING = "rising", "falling"


@dataclass(frozen=True)
class Rule:
    """A level rises, or falls, at the end where its slope there does so with probability `sure`."""

    series: Turning
    sure: float
    found: dict[TurnPrior, float] = field(default_factory=dict)

    @cached_property
    def steady(self) -> Account:
        """What is known if the slope stays the same."""
        return self.series.with_steady().drifts

    @cached_property
    def none(self) -> Account:
        """What is known if there is no slope."""
        return self.series.without().drifts

    @property
    def logs(self) -> dict[str, float]:
        """Log evidences of no slope, of one that stays the same, and of one that changes."""
        one, other = self.none.log_evidence, self.steady.log_evidence
        return {NONE: one, STEADY: other, CHANGING: self.series.log_evidence}

    @property
    def log_bayes_factor(self) -> float:
        """How much more probable values are with a slope that changes than with a steady one."""
        return self.logs[CHANGING] - self.logs[STEADY]

    def rises(self, **prior: float) -> float:
        """Return the exact probability of a slope above 0 at the end, under a prior."""
        series = self.series.under(**prior)
        series = self.series if series.prior == self.series.prior else series
        if series.prior not in self.found:
            self.found[series.prior] = 1 - series.slope.below(0)
        return self.found[series.prior]

    def named(self, p: float) -> str:
        """Return the decision by the probability of a slope above 0."""
        return RISING if p >= self.sure else FALLING if 1 - p >= self.sure else UNDECIDED

    def exact(self, **prior: float) -> str:
        """Return the exact decision under a prior."""
        return self.named(self.rises(**prior))

    def measure(self, posterior: xr.Dataset) -> dict[str, Scalar]:
        """Return by draws the probability that the level rises at the end."""
        _, now = self.series.ends(variances(posterior))
        p = 1 - prob_below(0, now.slope, now.of_slope)
        drawn = xr.DataArray(p.reshape([posterior.sizes[one] for one in SAMPLE]), dims=SAMPLE)
        return {"prob_rising": expectations("p", drawn)["p"]}

    def decide(self, posterior: xr.Dataset, errors: float = GRANTED) -> tuple[str, ...]:
        """Return the decision, and behind it those that the draws cannot tell from it."""
        p = self.measure(posterior)["prob_rising"]
        room = 0.0 if math.isnan(p.mcse) else errors * p.mcse
        return tuple(
            dict.fromkeys(self.named(one) for one in (p.value, p.value - room, p.value + room))
        )

    def scores(self) -> Scores:
        """Return how well each of the later values is predicted by those before it, three ways."""
        first = first_of(len(self.series.y))
        axes = self.series.narrowed(self.series, self.series.first(first))
        points = (one.ravel() for one in np.meshgrid(*axes, indexing="ij"))
        return Scores(
            {
                NONE: if_it_drifts(self.series.without(), first),
                STEADY: if_it_drifts(self.series.with_steady(), first),
                CHANGING: np.diff(self.series.grown(first, *points)),
            }
        )

    def told(self) -> dict[str, Scalar]:
        """Return how much more probable values are with a slope that changes; exact."""
        return {"log_bayes_factor_changes": Scalar(self.log_bayes_factor, math.nan)}
