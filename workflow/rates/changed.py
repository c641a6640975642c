"""Has a rate changed, and to which side? By a Bayes factor, and by the draws of the ratio."""

import math
from dataclasses import dataclass

import numpy as np
import xarray as xr

from workflow.deciding.decision import GRANTED, UNDECIDED
from workflow.quantities import Scalar, expectations
from workflow.rates.step import Step

FALLEN, RISEN, CHANGED, SAME = "fallen", "risen", "changed", "unchanged"
VAST = 700.0  # a logarithm from which on there is no number of the computer's


@dataclass(frozen=True)
class Rule:
    """A rate has changed where the counts are `evidence` times more probable so than without.

    It has not where they are so much less probable. It has fallen, or risen, where that side has
    the posterior probability `sure`.
    """

    step: Step
    evidence: float
    sure: float

    def named(self, log_bayes_factor: float, fallen: float) -> str:
        """Return the decision by a log Bayes factor and the probability of a fall."""
        if abs(log_bayes_factor) < math.log(self.evidence):
            return UNDECIDED
        if log_bayes_factor < 0:
            return SAME
        return FALLEN if fallen >= self.sure else RISEN if 1 - fallen >= self.sure else CHANGED

    def exact(self, *, prior_mean: float, prior_shape: float) -> str:
        """Return the exact decision under a prior."""
        under = self.step.under(prior_mean=prior_mean, prior_shape=prior_shape)
        return self.of(under)

    def of(self, step: Step) -> str:
        """Return the exact decision of other counts, or of another prior."""
        return self.named(step.log_bayes_factor, step.prob_fallen())

    def measure(self, posterior: xr.Dataset) -> dict[str, Scalar]:
        """Return by draws the probability that the rate after is the smaller one."""
        return {"prob_fallen": expectations("p", posterior["log_ratio"] < 0)["p"]}

    def decide(self, posterior: xr.Dataset, errors: float = GRANTED) -> tuple[str, ...]:
        """Return the decision, and behind it those that the draws cannot tell from it.

        The Bayes factor is exact, under the prior of the posterior (its attribute `prior`).
        """
        prior, p = posterior.attrs.get("prior"), self.measure(posterior)["prob_fallen"]
        step = self.step.under(**prior) if prior else self.step
        evidence, room = step.log_bayes_factor, errors * p.mcse
        found = (self.named(evidence, float(p.value + one)) for one in (0, -room, room))
        return tuple(dict.fromkeys(found))


def told(log_bayes_factor: float) -> dict[str, Scalar]:
    """Return the Bayes factor and its logarithm; exact, so without an error."""
    vast = log_bayes_factor > VAST
    factor = math.inf if vast else math.exp(log_bayes_factor)
    exact = {"bayes_factor_change": factor, "log_bayes_factor_change": log_bayes_factor}
    return {name: Scalar(value, math.nan) for name, value in exact.items()}


def over_priors(step: Step, means: np.ndarray, shapes: list[float]) -> dict[float, np.ndarray]:
    """Return the log Bayes factor under prior means, for each prior shape."""
    return {
        shape: np.array(
            [
                step.under(prior_mean=float(mean), prior_shape=shape).log_bayes_factor
                for mean in means
            ]
        )
        for shape in shapes
    }
