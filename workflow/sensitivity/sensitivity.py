"""Does the prior decide? Decision and estimands over a grid of priors, and power-scaling."""

import itertools
import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import arviz_stats as azs
import pandas as pd
import xarray as xr
from nutpie.compile_pymc import CompiledPyMCModel

from workflow.checking.diagnostics import Status, diagnose
from workflow.quantities import Quantity, Scalar, flatten, summarise
from workflow.sampling.fit import SamplerError, refit
from workflow.sampling.groups import JOINT
from workflow.sensitivity.curves import Curve, curve


@dataclass(frozen=True)
class Point:
    """One prior: its knobs, what NUTS found, and the decision.

    That is None where the fit failed, unless it is known exactly, and where the analysis has none:
    an answer that is withheld must not be found here.
    """

    knobs: dict[str, float]
    status: Status
    quantities: dict[str, Quantity]
    scalars: dict[str, Scalar]
    decision: str | None
    tenable: tuple[str, ...]  # the decision, and those that Monte Carlo error cannot tell from it


@dataclass(frozen=True)
class Sweep:
    """All points of the grid, beside the decision under the prior of the analysis."""

    knobs: dict[str, tuple[float, ...]]
    points: tuple[Point, ...]
    decision: str | None
    curves: tuple[dict[str, Curve | None], ...] = ()  # a point's posterior densities by name

    @property
    def flips(self) -> list[Point]:
        """The points at which the decision is another one, beyond Monte Carlo error.

        None where the analysis itself has no decision.
        """
        if self.decision is None:
            return []
        judged = (p for p in self.points if p.decision is not None)
        return [p for p in judged if self.decision not in p.tenable]

    @property
    def failed(self) -> list[Point]:
        """The points at which the fit failed its diagnosis."""
        return [p for p in self.points if p.status is Status.FAIL]


def knobs_of(grid: Mapping[str, Sequence[float]]) -> Iterator[dict[str, float]]:
    """Yield the knobs of every prior of a grid, the last one changing fastest."""
    for values in itertools.product(*grid.values()):
        yield dict(zip(grid, values, strict=True))


def _nothing(posterior: xr.Dataset) -> dict[str, Scalar]:
    return {}


def sweep(
    compiled: CompiledPyMCModel,
    grid: Mapping[str, Sequence[float]],
    prior: Callable[..., dict[str, float]],
    decide: Callable[[xr.Dataset], Sequence[str]],
    decision: str | None,
    var_names: list[str],
    *,
    measure: Callable[[xr.Dataset], dict[str, Scalar]] = _nothing,
    exact: Callable[..., str] | None = None,
    draws: int = 500,
    tune: int = 500,
    first: int | None = None,
    chains: int = 4,
    seed: int,
) -> Sweep:
    """Fit the compiled model under every prior of `grid` (the product of its knobs' values).

    Parameters
    ----------
    prior
        From the knobs (keywords) to the `pm.Data` of the model that hold the prior.
    decide
        From a posterior (dims chain, draw, ...) to the decision, and behind it those that Monte
        Carlo error cannot tell from it (for so many points, grant three errors).
    decision
        The decision under the analysis' own prior, with which each point is compared; None if its
        diagnosis failed: then nothing is decided under any prior.
    var_names
        Posterior variables whose summaries are kept.
    measure
        Probabilities and losses to keep of each posterior.
    exact
        From the knobs (keywords) to the decision by an exact posterior, where there is one: it
        stands where a fit failed.
    first
        Draws, and warm-up draws, that a prior is tried with first, if they are fewer. It has
        `draws` and `tune` only where these cannot be judged, or leave the decision open.

    A fit that fails the diagnosis stays a point of the sweep, without a decision; so does a prior
    under which the sampler cannot begin, and its numbers are NaN.

    Raises
    ------
    SamplerError
        The sampler could begin under no prior of the grid.
    """
    points: list[Point] = []
    curves: list[dict[str, Curve | None]] = []
    few = (min(first or draws, draws), min(first or tune, tune))
    fitted = partial(_fitted, compiled, decide, decision, {few, (draws, tune)}, chains, seed)
    for knobs in knobs_of(grid):
        try:
            posterior, status, tenable = fitted(prior(**knobs))
        except SamplerError as error:
            points.append(Point(knobs, Status.FAIL, {}, {}, None, ()))
            curves.append({})
            cause = error
            continue
        found = summarise(posterior[var_names])
        decided = tenable[0] if tenable else None
        points.append(Point(knobs, status, found, measure(posterior), decided, tenable))
        curves.append({name: curve(one) for name, one in flatten(posterior[var_names])})
    like = next((point for point in points if point.quantities), None)
    if like is None:
        raise cause
    known = tuple(point if point.quantities else _unknown(point, like) for point in points)
    if exact and decision is not None:
        known = tuple(p if p.decision else _decided(p, exact(**p.knobs)) for p in known)
    axes = {name: tuple(values) for name, values in grid.items()}
    return Sweep(axes, known, decision, tuple(curves))


def _fitted(
    compiled: CompiledPyMCModel,
    decide: Callable[[xr.Dataset], Sequence[str]],
    decision: str | None,
    lengths: set[tuple[int, int]],
    chains: int,
    seed: int,
    data: Mapping[str, float],
) -> tuple[xr.Dataset, Status, tuple[str, ...]]:
    """Return a posterior, its status and what is tenable, of the shortest run that settles it."""
    for draws, tune in sorted(lengths):
        tree = refit(compiled, data, draws=draws, tune=tune, chains=chains, seed=seed)
        posterior, status = tree["posterior"].to_dataset(), diagnose(tree).status
        withheld = decision is None or status is Status.FAIL
        tenable = () if withheld else tuple(decide(posterior))
        if status is not Status.FAIL and len(tenable) < 2:
            break  # where it warns: of so few draws, some R-hat of many is large by chance
    return posterior, status, tenable


def _decided(point: Point, decision: str) -> Point:
    """Return a point with a decision that is known exactly."""
    return replace(point, decision=decision, tenable=(decision,))


def _unknown(point: Point, like: Point) -> Point:
    """Return a point with the quantities and scalars of another one, all NaN."""
    nothing: dict[str, Any] = {f.name: math.nan for f in fields(Quantity) if f.name != "interval"}
    return replace(
        point,
        quantities={name: replace(q, **nothing) for name, q in like.quantities.items()},
        scalars={name: Scalar(math.nan, math.nan) for name in like.scalars},
    )


@dataclass(frozen=True)
class PowerScaling:
    """ArviZ' power-scaling table (prior, likelihood, diagnosis), or why there is none."""

    table: pd.DataFrame | None
    reason: str


def power_scaling(tree: xr.DataTree, var_names: list[str]) -> PowerScaling:
    """Return how much each quantity moves when prior or likelihood is made a little stronger.

    Source: Kallioinen et al. (2024), Detecting and diagnosing prior and likelihood sensitivity with
    power-scaling. Needs the groups log_prior and log_likelihood; a flat prior cannot be scaled. The
    likelihood that is scaled is that of all data: where log_likelihood has a part of the rows
    (see `workflow.sampling.part`), the sums in joint_log_likelihood are taken.
    """
    if JOINT in tree.children:
        tree = tree.filter(lambda node: node.name != "log_likelihood")
        tree["log_likelihood"] = tree[JOINT].to_dataset()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = azs.psense_summary(tree, var_names=var_names)
    except (ValueError, TypeError, IndexError) as error:
        return PowerScaling(None, f"Power-scaling does not apply here: {error}")
    return PowerScaling(pd.DataFrame(table), "")
