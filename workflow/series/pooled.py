"""Several series whose sds are from one population: what all others say is the prior of each.

Given the population series are independent, so that the posterior of one is its likelihood times
what the others leave of the population. With that prior it has its three accounts as any series:
it stays, jumps once or drifts, while the others are taken to drift (one that stays, by hardly any).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import xarray as xr
from scipy.special import logsumexp

from workflow.checking.exact import Known
from workflow.series.accounts import Series
from workflow.series.changed import Rule
from workflow.series.plane import of_line
from workflow.series.population import NONE, Population, Wide
from workflow.series.seen import DEPTH, FINE, LEAST, MOST, ROUNDS, Nodes, Seen, around, middles
from workflow.series.several import SDS, Several, gathered

LINE = 240  # points of the noise's sd alone


@dataclass(frozen=True)
class Expected:
    """What others make expect of both log sds: points of populations, and weights of pairs.

    `noise` and `drift` are the typical sds that were expected before any values.
    """

    nodes: tuple[Nodes, Nodes]
    weights: np.ndarray
    noise: float
    drift: float


@dataclass(frozen=True)
class Pooled(Series):
    """One series, with a prior of both sds that others have made; grids are even in log sds."""

    expected: Expected

    def log_width(self, axes: tuple[np.ndarray, ...]) -> float:
        """Return 0: what a point stands for is in its prior already."""
        return 0.0

    def log_noise(self, noise: np.ndarray) -> np.ndarray:
        """Return the log prior probability of the stretch about each sd of the noise."""
        at, mass = self._masses(0, noise)
        return np.log(np.maximum(self.expected.weights.sum(1) @ mass, NONE))[at]

    def log_both(self, noise: np.ndarray, level: np.ndarray) -> np.ndarray:
        """Return the log prior probability of the stretches about both sds."""
        (row, rows), (column, columns) = self._masses(0, noise), self._masses(1, level)
        found: np.ndarray = np.log(np.maximum(rows.T @ self.expected.weights @ columns, NONE))
        return found[row, column]

    def _masses(self, i: int, sds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return which of the different sds each is, and the weights of these by point."""
        axis, at = np.unique(sds, return_inverse=True)
        name = ("noise", "drift")[i]
        shift = np.log(getattr(self.prior, name) / getattr(self.expected, name))
        mass = self.expected.nodes[i].masses(np.log(axis) - shift)
        return at.reshape(np.shape(sds)), mass

    def narrowed(self, sds: int, logs: Callable[..., np.ndarray]) -> tuple[np.ndarray, ...]:
        """Return sds, evenly apart in their logarithms, at which log posteriors count."""
        scales = np.log([self.prior.noise, self.prior.drift])[:sds]
        ends = scales[:, None] + np.log([LEAST, MOST])
        for _ in range(ROUNDS):
            points = LINE if sds == 1 else FINE
            axes = [middles(low, high, points) for low, high in ends]
            found = logs(*np.exp(np.meshgrid(*axes, indexing="ij")))
            counts = (found > found.max(tuple(range(sds))) - DEPTH).any(-1)
            each = [counts.any(tuple(j for j in range(sds) if j != i)) for i in range(sds)]
            ends = np.array([around(axis, one) for axis, one in zip(axes, each, strict=True)])
        return tuple(map(np.exp, axes))

    def sds(self) -> dict[str, Known]:
        """Return the exact posterior of both sds, if the level drifts."""
        weights = np.exp(self._drifts - logsumexp(self._drifts))
        pairs = zip(SDS, self.plane, strict=True)
        return {name: of_logs(axis, weights.sum(1 - i)) for i, (name, axis) in enumerate(pairs)}


def of_logs(axis: np.ndarray, weights: np.ndarray) -> Known:
    """Return the numbers of what has these weights at points whose logarithms are evenly apart."""
    mean = float(weights @ axis)
    sd = float(np.sqrt(weights @ (axis - mean) ** 2))
    found = of_line(np.log(axis), weights)
    ends = np.exp([found.median, found.lower, found.upper])
    return Known(mean, sd, *map(float, ends))


@dataclass(frozen=True)
class Together(Several):
    """Several series with their rules, whose sds are from one population."""

    wide: Wide
    seen: Mapping[str, Seen]
    found: dict[tuple[float, float, float], Mapping[str, Rule]] = field(default_factory=dict)

    @classmethod
    def of(cls, alone: Mapping[str, Rule], wide: Wide) -> "Together":
        """Return rules that have learned from the other series; `alone` are those that have not."""
        scale = max(wide.noise, wide.drift)
        seen = {name: Seen.of(rule.series, scale) for name, rule in alone.items()}
        own = {name: replace(one, series=replace(one.series, prior=replace(
            one.series.prior, noise=wide.noise, drift=wide.drift)), found={})
            for name, one in alone.items()}  # fmt: skip
        blank = cls(own, wide, seen)
        return replace(blank, rules=blank.under())

    @cached_property
    def population(self) -> Population:
        """Both populations, after the values of all series."""
        return Population.of(self.seen, self.wide)

    def under(
        self, noise: float = 1.0, drift: float = 1.0, between: float = 1.0
    ) -> Mapping[str, Rule]:
        """Return the rules under so many times the scales of the prior."""
        key = noise, drift, between
        if key not in self.found:
            wide = replace(
                self.wide,
                noise=noise * self.wide.noise,
                drift=drift * self.wide.drift,
                between=between * self.wide.between,
            )
            population = self.population if wide == self.wide else Population.of(self.seen, wide)
            self.found[key] = {
                name: learned(rule, population, name, wide) for name, rule in self.rules.items()
            }
        return self.found[key]

    def of_each(self, posterior: xr.Dataset) -> Iterator[tuple[str, Rule, xr.Dataset]]:
        """Yield each series, its rule under the posterior's prior, and the draws of its sds."""
        for name, rule in self.under(**(posterior.attrs.get("prior") or {})).items():
            yield name, rule, posterior[[*SDS]].sel(series=name, drop=True).assign_attrs(prior={})

    def exact(self, **knobs: float) -> str:
        """Return the exact decisions under a prior."""
        return gathered({name: rule.exact() for name, rule in self.under(**knobs).items()})


def learned(rule: Rule, population: Population, name: str, wide: Wide) -> Rule:
    """Return the rule of one series with the prior that all others make for it."""
    one, others = rule.series, population.without(name)
    expected = Expected(population.nodes, others, wide.noise, wide.drift)
    prior = replace(one.prior, noise=wide.noise, drift=wide.drift)
    return replace(rule, series=Pooled(one.y, one.times, prior, expected), found={})
