"""Telling how long it will take, before anybody waits for a regression of many rows."""

import math
from collections.abc import Mapping, Sequence

import pymc as pm

from reports.page.page import Report
from reports.regression.part import expected
from workflow.sampling.effort import MANY, effort, gradient_seconds
from workflow.sampling.fit import CompiledPyMCModel, data_of

SWEPT = 500  # draws, and warm-up draws, of a fit under another prior


def tell(
    report: Report,
    compiled: CompiledPyMCModel,
    model: pm.Model,
    knobs: Mapping[str, Sequence[float]],
    *,
    fits: int = 1,
    draws: int,
    tune: int,
    chains: int,
) -> None:
    """Say on stderr how long `fits` fits, a sweep over `knobs` and ADVI will take, if long."""
    rows, terms = model["terms"].get_value(borrow=True).shape
    if rows * terms < MANY:
        return
    gradient = gradient_seconds(compiled, data_of(model))
    found = effort(
        gradient,
        fits=fits,
        draws=draws + tune,
        chains=chains,
        points=math.prod(map(len, knobs.values())),
        each=min(draws, SWEPT) + min(tune, SWEPT),
    )
    report.steps.say(expected(report.case, rows, found))
