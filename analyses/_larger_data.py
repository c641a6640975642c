"""Robust regression of the larger data set, which the page of the smaller one shows beside it."""

from collections.abc import Callable, Mapping

import xarray as xr

from data.robust_regression import LARGE, load
from models.linear_regression import gaussian
from models.robust_regression import student_t
from reports.blocks import tables
from reports.blocks.blocks import Block
from reports.regression import robust, tails as said
from workflow.checking.diagnostics import Status
from workflow.quantities import summarise
from workflow.regression import residuals, rivals, tails
from workflow.sampling.fit import CompiledPyMCModel, data_of


def blocks(
    compiled: tuple[CompiledPyMCModel, CompiledPyMCModel],
    curves: Mapping[str, xr.DataArray],
    scales: Mapping[str, float],
    nu_mean: float,
    sample: Callable[..., xr.DataTree],
    assess: Callable[..., rivals.Rivals],
    seed: int,
) -> list[Block]:
    """Return the same comparison for the larger data set, which has as many terms: no compile."""
    found = load(LARGE)
    outcome, terms, n = found.outcome, found.terms, len(found.outcome)
    student = student_t(terms, outcome, **scales, nu_mean=nu_mean)
    models = student, gaussian(terms, outcome, **scales)
    trees = [sample(one, data_of(model)) for one, model in zip(compiled, models, strict=True)]
    both = assess(compiled, models, trees, terms, outcome)
    posterior = both.student.posterior
    fit = residuals.check(student, posterior, terms, outcome, seed=seed)
    nu = posterior["nu"]
    return [
        f"The second data set has {n} quarters of inflation in the United States, to be predicted "
        "from that of the two quarters before and from unemployment. Model, prior and rule are the "
        "same.",
        said.larger(
            said.verdict(both.noises[0], both.gap, n, summarise(nu.to_dataset())["nu"]),
            [check.statistic for check in fit if check.result is Status.WARN],
        ),
        *robust.told(
            "nu-larger",
            {**curves, f"{n} rows of inflation": nu},
            tails.moved(curves["prior"], nu),
            both,
            caption="nu before the data, after those of stack loss, and after those of inflation.",
        ),
        tables.predictive("Posterior predictive check of the larger data set", fit),
    ]
