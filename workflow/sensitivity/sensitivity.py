"""Does the prior decide? Decision and estimands over a grid of priors, and power-scaling."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import xarray as xr
from nutpie.compile_pymc import CompiledPyMCModel

from workflow.checking.diagnostics import Status
from workflow.quantities import Quantity, Scalar, flatten, summarise
from workflow.sampling.fit import SamplerError, refit
from workflow.sensitivity.curves import Curve, curve
from workflow.sensitivity.fitted import Drawn, Refit, fitted
from workflow.sensitivity.reweighting import Source


@dataclass(frozen=True)
class Point:
    """One prior: its knobs, what NUTS found, and the decision.

    That is None where the fit failed, unless it is known exactly, where the rule could not judge
    it, and where the analysis has none: an answer that is withheld must not be found here.
    """

    knobs: dict[str, float]
    status: Status
    quantities: dict[str, Quantity]
    scalars: dict[str, Scalar]
    decision: str | None
    tenable: tuple[str, ...]  # the decision, and those that Monte Carlo error cannot tell from it
    reweighted: bool = False  # draws of another prior, with weights: else those of a fit
    k_hat: float | None = None  # of the weights, where these are not all the same

    def decided(self, decision: str) -> "Point":
        """Return it with a decision that is known exactly."""
        return replace(self, decision=decision, tenable=(decision,))


@dataclass(frozen=True)
class Sweep:
    """All points of the grid, beside the decision under the prior of the analysis."""

    knobs: dict[str, tuple[float, ...]]
    points: tuple[Point, ...]
    decision: str | None
    curves: tuple[dict[str, Curve | None], ...] = ()  # a point's posterior densities by name

    @property
    def flips(self) -> list[Point]:
        """The points with another decision, beyond Monte Carlo error; none where there is none."""
        if self.decision is None:
            return []
        judged = (p for p in self.points if p.decision is not None)
        return [p for p in judged if self.decision not in p.tenable]

    @property
    def not_judged(self) -> list[Point]:
        """The points at which the fit passed, but the rule could not say what it decides."""
        sound = [p for p in self.points if p.status is not Status.FAIL]
        return [] if self.decision is None else [p for p in sound if not p.tenable]

    @property
    def failed(self) -> list[Point]:
        """The points at which the fit failed its diagnosis."""
        return [p for p in self.points if p.status is Status.FAIL]

    @property
    def reweighted(self) -> list[Point]:
        """The points that needed no fit: they have draws of another prior, with weights."""
        return [p for p in self.points if p.reweighted]

    @property
    def k_hat(self) -> float | None:
        """The greatest k-hat among them; None where no weights differ."""
        return max((p.k_hat for p in self.reweighted if p.k_hat is not None), default=None)


def knobs_of(grid: Mapping[str, Sequence[float]]) -> Iterator[dict[str, float]]:
    """Yield the knobs of every prior of a grid, the last one changing fastest."""
    for values in itertools.product(*grid.values()):
        yield dict(zip(grid, values, strict=True))


def sweep(
    compiled: CompiledPyMCModel | Refit,
    grid: Mapping[str, Sequence[float]],
    prior: Callable[..., dict[str, float]],
    decide: Callable[[xr.Dataset], Sequence[str]],
    decision: str | None,
    var_names: list[str],
    *,
    measure: Callable[[xr.Dataset], dict[str, Scalar]] = lambda posterior: {},
    told: Callable[[xr.Dataset], xr.Dataset] = lambda posterior: posterior,
    exact: Callable[..., str] | None = None,
    draws: int = 500,
    tune: int = 500,
    first: int | None = None,
    source: Source | None = None,
    chains: int = 4,
    seed: int,
    target_accept: float = 0.8,
) -> Sweep:
    """Find the posterior under every prior of `grid` (the product of its knobs' values).

    That is draws which are there already, with weights, where these are good enough, else a fit.

    Parameters
    ----------
    compiled
        Or what fits the model by another method, as `workflow.sampling.fit.refit` does by NUTS.
    prior
        From the knobs (keywords) to the `pm.Data` of the model that hold the prior.
    decide
        From a posterior (dims chain, draw, ...) to the decision, and behind it those that Monte
        Carlo error cannot tell from it (for so many points, grant three errors); to nothing where
        it cannot be judged. The attribute `prior` of the posterior has the prior's `pm.Data`.
    decision
        The decision under the analysis' own prior, with which each point is compared; None if its
        diagnosis failed: then nothing is decided under any prior.
    var_names
        Posterior variables whose summaries are kept.
    measure
        Probabilities and losses to keep of each posterior.
    told
        From a posterior to what is told of it, where its own width is not what one should know.
    exact
        From the knobs (keywords) to the decision by an exact posterior, where there is one: it
        stands where a fit failed.
    first
        Draws, and warm-up draws, that a prior is tried with first, if they are fewer. It has
        `draws` and `tune` only where these cannot be judged, or leave the decision open.
    source
        The draws of the analysis, to be reweighted where there is a decision; so are those of fits.
    target_accept
        That with which the analysis' own fit was good enough: what diverged there diverges here.

    A fit that fails the diagnosis stays a point of the sweep, without a decision; so does one that
    cannot be judged, and a prior under which the sampler cannot begin, whose numbers are NaN.

    Raises
    ------
    SamplerError
        The sampler could begin under no prior of the grid.
    """
    source = source if decision is not None else None
    points: list[Point] = []
    curves: list[dict[str, Curve | None]] = []
    few = (min(first or draws, draws), min(first or tune, tune))
    how = {"chains": chains, "seed": seed, "target_accept": target_accept}
    again = compiled if callable(compiled) else partial(refit, compiled)
    by_fit = partial(fitted, again, decide, decision, {few, (draws, tune)}, how)
    for knobs in knobs_of(grid):
        try:
            data = prior(**knobs)
            weighted = source.under(data, decide, enough=draws * chains) if source else None
            found = weighted or by_fit(data)
            if source and not weighted:
                source.learn(data, found)
        except SamplerError as error:
            points.append(Point(knobs, Status.FAIL, {}, {}, None, ()))
            curves.append({})
            cause = error
            continue
        shown = told(found.posterior)[var_names]
        points.append(_point(knobs, found, summarise(shown), measure(found.posterior)))
        curves.append({name: curve(one) for name, one in flatten(shown)})
    like = next((point for point in points if point.quantities), None)
    if like is None:
        raise cause
    known = tuple(point if point.quantities else _unknown(point, like) for point in points)
    if exact and decision is not None:
        known = tuple(p if p.decision else p.decided(exact(**p.knobs)) for p in known)
    axes = {name: tuple(values) for name, values in grid.items()}
    return Sweep(axes, known, decision, tuple(curves))


def _point(
    knobs: dict[str, float],
    found: Drawn,
    quantities: dict[str, Quantity],
    scalars: dict[str, Scalar],
) -> Point:
    """Return what was found under a prior as a point of the sweep."""
    decided, k_hat = found.tenable[0] if found.tenable else None, found.k_hat
    how = (k_hat is not None, None if k_hat == -math.inf else k_hat)
    return Point(knobs, found.status, quantities, scalars, decided, found.tenable, *how)


def _unknown(point: Point, like: Point) -> Point:
    """Return a point with the quantities and scalars of another one, all NaN."""
    nothing: dict[str, Any] = {f.name: math.nan for f in fields(Quantity) if f.name != "interval"}
    return replace(
        point,
        quantities={name: replace(q, **nothing) for name, q in like.quantities.items()},
        scalars={name: Scalar(math.nan, math.nan) for name in like.scalars},
    )
