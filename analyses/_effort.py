"""Telling how long it takes: before anybody waits for many rows, and once there is an answer."""

import math
from collections.abc import Mapping, Sequence

import pymc as pm
import xarray as xr

from reports.blocks.part import expected, follows
from reports.page.page import Report
from workflow.checking.diagnostics import Diagnosis
from workflow.sampling.effort import MANY, SWEPT, effort, gradient_seconds, rest, swept
from workflow.sampling.fit import CompiledPyMCModel, data_of, tries
from workflow.sampling.part import row_dim

type Knobs = Mapping[str, Sequence[float]]


def points(knobs: Knobs) -> int:
    """Return how many priors a grid has."""
    return math.prod(map(len, knobs.values()))


def first_tried(model: pm.Model, knobs: Knobs) -> int:
    """Return how many draws, and warm-up draws, each prior of a grid is first tried with."""
    return swept(_numbers(model), points(knobs))


def fewer(model: pm.Model, knobs: Knobs) -> int | None:
    """Return the same where it is fewer than usual; None where a sweep is what it always was."""
    first = first_tried(model, knobs)
    return first if first < SWEPT else None


def _numbers(model: pm.Model) -> int:
    """Return how many numbers the largest data of a model have."""
    return max((values.size for values in data_of(model).values()), default=0)


def tell(
    report: Report,
    compiled: CompiledPyMCModel,
    model: pm.Model,
    knobs: Knobs,
    *,
    fits: int = 1,
    draws: int,
    tune: int,
    chains: int,
) -> None:
    """Say on stderr how long `fits` fits, a sweep over `knobs` and ADVI will take, if long."""
    if _numbers(model) < MANY:
        return
    each = first_tried(model, knobs)
    found = effort(
        gradient_seconds(compiled, data_of(model)),
        fits=fits,
        draws=draws + tune,
        chains=chains,
        points=points(knobs),
        each=min(draws, each) + min(tune, each),
    )
    report.steps.say(expected(report.case, row_dim(model)[1], found))


def minutes(
    compiled: CompiledPyMCModel, model: pm.Model, *, draws: int, tune: int, chains: int
) -> float:
    """Return how many minutes NUTS will take for one fit; 0 where nobody waits for long."""
    if _numbers(model) < MANY:
        return 0.0
    gradient = gradient_seconds(compiled, data_of(model))
    return effort(gradient, fits=1, draws=draws + tune, chains=chains, points=0, each=0).nuts


def so_far(
    report: Report,
    tree: xr.DataTree,
    diagnosis: Diagnosis,
    decision: str | None,
    points: int,
    tried: int,
) -> None:
    """Say on stderr what is decided once the gate has passed, and how long the page still takes.

    `points` priors are to come, each first tried with so many draws and warm-up draws.
    """
    last = tries(tree)[-1]
    each = min(last.draws, tried) + min(last.tune, tried)
    seconds = rest(last.seconds, last.draws + last.tune, points=points, each=each)
    report.steps.say(follows(report.case, decision, diagnosis, seconds))
