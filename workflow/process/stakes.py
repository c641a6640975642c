"""Run on, adjust, or measure more: by expected costs, exactly and by draws.

Running on costs what the next pieces outside cost. Adjusting costs the stop, and what pieces
outside cost with the mean in the middle. To measure more costs its price, and would at best lead to
what is cheaper for every mean and sd: it is chosen where even so it costs less in expectation.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from workflow.deciding.decision import GRANTED, UNDECIDED, choose
from workflow.process.capability import Capability
from workflow.process.conjugate import Known
from workflow.process.limits import Limits
from workflow.quantities import Scalar, expectations

RUN_ON, ADJUST, MEASURE = "run on", "adjust", "measure more"


@dataclass(frozen=True)
class Stakes:
    """Costs of a piece outside, of adjusting, of measuring more; how many pieces lie ahead."""

    limits: Limits
    outside: float
    adjust: float
    measure: float
    ahead: int

    def costs(self, mu: np.ndarray, sigma: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return what running on, and adjusting, costs a process of known mean and sd."""
        a_share = self.outside * self.ahead
        centred = self.limits.outside(self.limits.middle, sigma)
        run_on = a_share * self.limits.outside(mu, sigma)
        return run_on, np.broadcast_to(self.adjust + a_share * centred, run_on.shape)

    def exact(self, known: Known) -> dict[str, float]:
        """Return the exact expected cost of each option; that of measuring more at best."""
        a_share = self.outside * self.ahead
        run_on = a_share * self.limits.next_outside(known)
        adjust = self.adjust + a_share * self.limits.next_outside_if_centred(known)
        saved = self._saved(known, run_on, adjust)
        return {RUN_ON: run_on, ADJUST: adjust, MEASURE: self.measure + min(run_on, adjust) - saved}

    def _saved(self, known: Known, run_on: float, adjust: float) -> float:
        """Return what knowing mean and sd would save at most: the expected regret of the best."""

        def gap(mu: np.ndarray, sigma: np.ndarray) -> np.ndarray:
            one, other = self.costs(mu, sigma)
            return np.maximum(one - other if run_on <= adjust else other - one, 0)

        return Capability(self.limits, known).expect(gap)

    def decided(self, known: Known) -> str:
        """Return the decision by the exact posterior."""
        found = self.exact(known)
        least = min((RUN_ON, ADJUST), key=lambda one: found[one])
        return MEASURE if found[MEASURE] <= found[least] else least

    def _utility(self, posterior: xr.Dataset) -> xr.DataArray:
        mu, sigma = posterior["mu"], posterior["sigma"]
        both = self.costs(mu.to_numpy(), sigma.to_numpy())
        parts = [xr.DataArray(-one, dims=mu.dims) for one in both]
        return xr.concat(parts, dim="option").assign_coords(option=[RUN_ON, ADJUST])

    def decide(self, posterior: xr.Dataset, errors: float = GRANTED) -> tuple[str, ...]:
        """Return the decision by draws, and behind it those that their errors cannot tell apart."""
        found = choose(self._utility(posterior), "option", self.measure, errors=errors)
        return tuple(MEASURE if one == UNDECIDED else one.removeprefix("choose ") for one in found)

    def drawn(self, posterior: xr.Dataset) -> Mapping[str, Scalar]:
        """Return the expected cost of each option by draws; that of measuring more at best."""
        costs = -self._utility(posterior)
        each = {
            one: expectations("cost", costs.sel(option=one, drop=True))["cost"]
            for one in (RUN_ON, ADJUST)
        }
        least = expectations("cost", costs.min("option"))["cost"]
        return each | {MEASURE: Scalar(self.measure + least.value, least.mcse)}
