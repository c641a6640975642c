"""Robust regression of the larger data set, which the page of the smaller one shows beside it."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pymc as pm
import xarray as xr

from data.robust_regression import LARGE, load
from models.linear_regression import gaussian
from models.robust_regression import student_t
from reports.blocks import tables
from reports.blocks.blocks import Block
from reports.regression import tail_figures, tail_tables, tails as tail_sentences
from workflow.checking.checks import StatisticCheck, posterior_check
from workflow.checking.diagnostics import Status
from workflow.quantities import summarise
from workflow.regression.residuals import residual_statistics
from workflow.regression.tails import favours, fitted, gap, moved
from workflow.sampling.fit import CompiledPyMCModel, data_of
from workflow.sampling.simulating import simulate

PREDICTED = 1000  # data sets


def blocks(
    compiled: tuple[CompiledPyMCModel, CompiledPyMCModel],
    curves: dict[str, np.ndarray],
    knobs: dict[str, float],
    sample: Callable[..., xr.DataTree],
    *,
    chains: int,
    seed: int,
) -> list[Block]:
    """Return the same comparison for the larger data set, which has as many terms: no compile."""
    found = load(LARGE)
    outcome, terms, n = found.outcome, found.terms, len(found.outcome)
    normal = {name: value for name, value in knobs.items() if name != "nu_mean"}
    models = student_t(terms, outcome, **knobs), gaussian(terms, outcome, **normal)
    student, rival = (
        fitted(
            one,
            data_of(model),
            sample(one, data_of(model)),
            terms,
            outcome,
            chains=chains,
            seed=seed,
        )
        for one, model in zip(compiled, models, strict=True)
    )
    told_apart = gap(student, rival)
    fit = checked(models[0], student.posterior, outcome, terms, seed=seed)
    failing = [check.statistic for check in fit if check.result is Status.WARN]
    nu = student.posterior["nu"]
    return [
        f"The second data set has {n} quarters of inflation in the United States, to be predicted "
        "from that of the two quarters before and from unemployment. Model, prior and rule are the "
        "same.",
        tail_sentences.larger(
            tail_sentences.verdict(
                favours(told_apart, n)[0], told_apart, n, summarise(nu.to_dataset())["nu"]
            ),
            failing,
        ),
        tail_sentences.moved(moved(curves["prior"], nu), n),
        tail_figures.cumulative(
            "nu-larger",
            curves | {f"{n} rows of inflation": nu.to_numpy().ravel()},
            label="nu",
            caption="nu before the data, after those of stack loss, and after those of inflation.",
        ),
        *tail_tables.leave_one_out(student, rival, told_apart),
        tables.predictive("Posterior predictive check of the larger data set", fit),
    ]


def checked(
    model: pm.Model, posterior: xr.Dataset, outcome: pd.Series, terms: pd.DataFrame, *, seed: int
) -> list[StatisticCheck]:
    """Check what the model does not fit, from `PREDICTED` data sets simulated from it."""
    drawn = simulate(model, posterior, ["y"], size=PREDICTED, seed=seed)
    tree = xr.DataTree.from_dict(
        {
            "posterior_predictive": drawn.rename(sample="draw").expand_dims("chain"),
            "observed_data": xr.Dataset({"y": ("row", outcome)}),
        }
    )
    return posterior_check(tree, "y", residual_statistics(terms, ordered=True))
