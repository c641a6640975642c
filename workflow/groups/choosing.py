"""Which group to pick: probabilities to be the best, expected losses, ranks, and the decision."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from workflow.deciding.decision import GRANTED, choose, is_best, regret
from workflow.quantities import SAMPLE, Scalar, expectations, label, named, summarise


@dataclass(frozen=True)
class Pick:
    """By which quantity of the groups one is picked, and how much it may be expected to give away.

    `lowest` says that the lowest is the best.
    """

    variable: str
    limit: float
    lowest: bool = False

    def decide(self, posterior: xr.Dataset, errors: float = GRANTED) -> tuple[str, ...]:
        """Pick the group of least expected loss, if that is below the limit (see `choose`)."""
        return choose(self._utility(posterior), "group", self.limit, errors=errors)

    def measure(self, posterior: xr.Dataset) -> dict[str, Scalar]:
        """Return prob_best[group] and expected_loss[group], by draws."""
        utility = self._utility(posterior)
        drawn = posterior[[self.variable]]
        ess = min(q.ess_bulk for q in summarise(drawn).values())
        scale = float(utility.std(SAMPLE).max())
        losses = expectations("expected_loss", regret(utility, "group"), ess=ess, scale=scale)
        return expectations("prob_best", is_best(utility, "group")) | losses

    def ranks(self, posterior: xr.Dataset) -> dict[str, tuple[int, int]]:
        """Return between which ranks each group is with probability .95 or more; 1 is the best."""
        utility = self._utility(posterior).transpose(*SAMPLE, "group")
        drawn = utility.to_numpy().reshape(-1, utility.sizes["group"])
        place = (-drawn).argsort(axis=1).argsort(axis=1) + 1
        ends = np.quantile(place, (0.025, 0.975), axis=0, method="closest_observation")
        names = map(str, utility["group"].to_numpy())
        return {name: (int(a), int(b)) for name, a, b in zip(names, *ends, strict=True)}

    def _utility(self, posterior: xr.Dataset) -> xr.DataArray:
        values = posterior[self.variable]
        return -values if self.lowest else values


def by_loss(measured: dict[str, Scalar]) -> list[str]:
    """Return the groups by their expected loss, the least first."""
    losses = named(measured, "expected_loss")
    return [label(name) for name in sorted(losses, key=lambda name: losses[name].value)]


def could_be(measured: dict[str, Scalar], sure: float = 0.95) -> list[str]:
    """Return the fewest groups among which the best one is with so much probability."""
    best = named(measured, "prob_best")
    order = sorted(best, key=lambda name: -best[name].value)
    below = np.cumsum([best[name].value for name in order])
    return [label(name) for name in order[: int(np.searchsorted(below, sure)) + 1]]
