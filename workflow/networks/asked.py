"""One patient, a disease, and what to do: treat, wait, or first see one finding more.

The tables are integrated out: probabilities of what a patient shows are averaged over the draws,
and then Bayes' theorem applied. To wait costs where the disease is there, to treat where it is not;
after a further finding the better of the two is done. Source of the value of a finding: Raiffa and
Schlaifer (1961), Applied Statistical Decision Theory, chapter 4 (expected value of sample
information).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr

from workflow.networks.network import Network
from workflow.quantities import Scalar, expectations

TREAT, WAIT = "treat", "wait"
SEES = "{} first"
TINY, ROUNDING = 1e-300, 1e-12


@dataclass(frozen=True)
class Costs:
    """What it costs to wait where the disease is, to treat where it is not, and to see a finding.

    All are in one unit; `findings` has those that can be asked for.
    """

    miss: float
    false_alarm: float
    findings: Mapping[str, float]

    @property
    def threshold(self) -> float:
        """The probability from which on to treat costs less than to wait."""
        return self.false_alarm / (self.false_alarm + self.miss)


@dataclass(frozen=True)
class Asked:
    """Who is asked about: what was seen of them, and the disease; `diseases` are all there are."""

    network: Network
    seen: Mapping[str, int]
    disease: str
    diseases: Sequence[str]
    costs: Costs

    @cached_property
    def tests(self) -> list[str]:
        """The findings that can still be seen."""
        return [name for name in self.costs.findings if name not in self.seen]

    @property
    def options(self) -> list[str]:
        """What can be done."""
        return [TREAT, WAIT, *map(SEES.format, self.tests)]

    @cached_property
    def open(self) -> list[str]:
        """The diseases that may be there."""
        return [one for one in self.diseases if one not in self.seen]

    def measure(self, posterior: xr.Dataset) -> dict[str, Scalar]:
        """Return prob[disease], expected_cost[option] and value[finding], tables integrated out.

        The value of a finding is what it is expected to save before it is paid for.
        """
        p = self.states(posterior["table"])
        given, losses = p.sum(-1), self.losses(p)
        found = {
            f"prob[{name}]": _ratio((p * self.network.has(name)).sum(-1), given)
            for name in self.open
        }
        found |= {f"expected_cost[{one}]": _ratio(u, given) for one, u in losses.items()}
        now = min((losses[TREAT], losses[WAIT]), key=np.mean)
        for name in self.tests:
            saved = now - losses[SEES.format(name)] + self.costs.findings[name] * given
            saved = np.where(np.abs(saved) > ROUNDING * now, saved, 0.0)  # the same either way
            found[f"value[{name}]"] = _ratio(saved, given, self.costs.false_alarm)
        return found

    def decide(self, posterior: xr.Dataset, errors: float = 2) -> tuple[str, ...]:
        """Return the option of least expected cost, and behind it those within Monte Carlo error.

        So many `errors` of the difference are granted; of equal ones the first of `options` is it.
        """
        p = self.states(posterior["table"])
        losses, given = self.losses(p), p.sum(-1)
        best, *others = cheapest({one: float(u.mean()) for one, u in losses.items()})
        behind = {one: _ratio(losses[one] - losses[best], given) for one in others}
        near = [one for one, gap in behind.items() if gap.value <= errors * gap.mcse]
        return (best, *near)

    def outcomes(self, posterior: xr.Dataset) -> dict[str, "Outcome"]:
        """Return, for each finding that can still be seen, what it would say and what follows."""
        p, ill = self.states(posterior["table"]), self.network.has(self.disease)
        found = {}
        for name in self.tests:
            has = self.network.has(name)
            with_it, without = (
                (_ratio((p * (ill & one)).sum(-1), (p * one).sum(-1)), self._better(p, one))
                for one in (has, ~has)
            )
            found[name] = Outcome(_ratio((p * has).sum(-1), p.sum(-1)), *with_it, *without)
        return found

    def expected_costs(self, p: np.ndarray) -> dict[str, float]:
        """Return the expected cost of each option; `p` is P(state), the tables integrated out."""
        among = p * self.network.agree(self.seen)
        return {one: float(u / among.sum()) for one, u in self.losses(among).items()}

    def losses(self, p: np.ndarray) -> dict[str, np.ndarray]:
        """Return what each option costs times P(what was seen); dims: ..., state in, and ... out.

        `p` is P(state), and 0 of states that what was seen excludes. What is done after a further
        finding is what costs less on average.
        """
        every = np.ones(len(self.network.yes), dtype=bool)
        missed, alarms = self._two(p, every)
        found = {TREAT: alarms, WAIT: missed}
        for name in self.tests:
            has = self.network.has(name)
            with_it, without = (min(self._two(p, one), key=np.mean) for one in (has, ~has))
            found[SEES.format(name)] = with_it + without + self.costs.findings[name] * p.sum(-1)
        return found

    def states(self, table: xr.DataArray) -> np.ndarray:
        """Return P(state), 0 of states that do not agree with what was seen; chain, draw, state."""
        rows = table.transpose("chain", "draw", "row").to_numpy()
        found: np.ndarray = self.network.probabilities(rows) * self.network.agree(self.seen)
        return found

    def _better(self, p: np.ndarray, some: np.ndarray) -> str:
        missed, alarms = self._two(p, some)
        return TREAT if alarms.mean() <= missed.mean() else WAIT

    def _two(self, p: np.ndarray, some: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return what it costs in some states to wait, and to treat."""
        ill = self.network.has(self.disease)
        missed = self.costs.miss * (p * (ill & some)).sum(-1)
        return missed, self.costs.false_alarm * (p * (~ill & some)).sum(-1)


@dataclass(frozen=True)
class Outcome:
    """How probable a finding is, and for yes and no: P(disease) then, and what costs less then."""

    chance: Scalar
    ill_with: Scalar
    then_with: str
    ill_without: Scalar
    then_without: str


def cheapest(costs: Mapping[str, float]) -> list[str]:
    """Return the options, that of least cost first; equal ones stay in their order."""
    return sorted(costs, key=lambda one: float(f"{costs[one]:.12g}"))


def _ratio(above: np.ndarray, below: np.ndarray, scale: float = 1.0) -> Scalar:
    """Return the ratio of two means over the draws, with its Monte Carlo error (delta method)."""
    value = float(above.mean() / below.mean())
    left = xr.DataArray((above - value * below) / below.mean(), dims=("chain", "draw"))
    return Scalar(value, max(expectations("r", left, scale=scale)["r"].mcse, TINY))
