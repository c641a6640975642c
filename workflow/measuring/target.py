"""Is the quantity known well enough, would more readings do, or a better calibration?

By a stated sd: more readings pay only as long as what they can take away keeps the quantity from
it, and where the bias alone is too much, no number of them is enough.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import xarray as xr
from arviz_stats.base import array_stats

from workflow.deciding.decision import GRANTED
from workflow.measuring.gaussian import Instrument, Posterior
from workflow.quantities import Scalar, expectations

DONE, MEASURE, CALIBRATE = "done", "measure more", "calibrate"


@dataclass(frozen=True)
class Target:
    """The sd that the quantity has to have, and what it is known by; perhaps an accepted value."""

    sd: float
    known: Instrument
    reference: float | None = None

    def exact(self, n: int, **knobs: float) -> str:
        """Return the decision after `n` readings by the exact posterior, under other knobs."""
        known = self.known.under(**knobs)
        return DONE if known.sd_of_quantity(n) <= self.sd else self._not_yet(known)

    def decide(self, posterior: xr.Dataset, errors: float = GRANTED) -> tuple[str, ...]:
        """Return the decision by draws, and behind it those that their errors cannot tell apart.

        Whether readings can reach the target follows from the priors (attribute `prior`).
        """
        found = self.sd_of(posterior)
        not_yet = self._not_yet(self.known.under(**_knobs(posterior.attrs.get("prior", {}))))
        room = errors * found.mcse
        steps = (DONE if found.value + s <= self.sd else not_yet for s in (0, -room, room))
        return tuple(dict.fromkeys(steps))

    def sd_of(self, posterior: xr.Dataset) -> Scalar:
        """Return the sd of the quantity by draws, with its Monte Carlo error."""
        x = posterior["quantity"].transpose("chain", "draw").to_numpy()
        return Scalar(float(x.std(ddof=1)), float(array_stats.mcse(x, method="sd")))

    def measure(self, posterior: xr.Dataset) -> dict[str, Scalar]:
        """Return the probability by draws that the quantity is above the accepted value, if any."""
        if self.reference is None:
            return {}
        above = posterior["quantity"] > self.reference
        return expectations("prob_above_reference", above)

    def probabilities(self, exact: Posterior) -> dict[str, float]:
        """Return the same, exactly."""
        if self.reference is None:
            return {}
        above = exact.distributions()["quantity"].sf(self.reference)
        return {"prob_above_reference": float(above)}

    def _not_yet(self, known: Instrument) -> str:
        return MEASURE if math.isfinite(known.needed(self.sd)) else CALIBRATE


def with_next(posterior: xr.Dataset, noise_sd: float, *, seed: int) -> xr.Dataset:
    """Return quantity, bias and mean, and a next reading for each draw."""
    mean = posterior["mean"]
    noise = np.random.default_rng(seed).normal(0, noise_sd, size=mean.shape)
    return posterior[["quantity", "bias", "mean"]].assign(next_reading=mean + noise)


def _knobs(prior: Mapping[str, float]) -> dict[str, float]:
    names = {field.name for field in fields(Instrument)}
    return {name: float(value) for name, value in prior.items() if name in names}
