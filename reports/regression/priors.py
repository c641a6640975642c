"""What the pages of the regressions say of the slopes' prior, and of what it holds back."""

from collections.abc import Mapping
from math import sqrt

import numpy as np
import pandas as pd
import xarray as xr

from reports.blocks.blocks import Block, Table
from reports.blocks.numbers import number, percent
from reports.page.page import Report
from reports.regression import how
from workflow.quantities import Quantity
from workflow.regression.held_back import held_back

type Known = Mapping[str, float]  # r2, or slope_sd: which of them the prior is made of


def expected(known: Known, sd: float, name: str) -> str:
    """Say what is expected of the slopes before the data; `sd` is that of the outcome."""
    if "slope_sd" in known:
        slope_sd = known["slope_sd"]
        return (
            "One sd of a term (of a level: what sets it off from its reference) goes with a "
            "difference of the outcome whose prior sd is "
            f"{slope_sd:g} sds (--slope-sd), {slope_sd * sd:.3g} units of {name}, each term by "
            "itself (--prior independent)."
        )
    spread = sqrt(known["r2"] / (1 - known["r2"]))
    return (
        f"All terms together are expected to explain about {percent(known['r2'], 0.01)} of the "
        "variance (--r2), were the noise as large as the outcome's own sd: what they predict has, "
        f"over the rows, a prior sd of {spread * sd:.3g} units of {name}. That is so for any "
        "number of terms, and however their columns are written: centred or not, in any unit, as "
        "products, with any level as the reference."
    )


def knob(known: Known) -> str:
    """Name the knob of the slopes' prior, for what the sweep changes."""
    if "slope_sd" in known:
        return "the prior sd of the coefficients, in sds"
    return "the share of the variance that the terms are expected to explain, r2"


def warn_of_held_back(
    report: Report, known: Known, posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series
) -> None:
    """Warn, on the first screen, where the prior keeps the terms from predicting as they could."""
    found = held_back(posterior, terms, outcome)
    if found is None or not found.clearly:
        return
    option = "--slope-sd" if "slope_sd" in known else "--r2"
    shares = (
        f" They explain {percent(found.ours, 0.001)} of the variance of these rows; least squares, "
        f"with the same terms, {percent(found.free, 0.001)}."
        if found.ours is not None and found.free is not None
        else ""
    )
    report.warn(
        "The prior holds the terms back: without it they would predict these rows clearly better."
        f"{shares} What is said of a term may be the prior's doing.",
        f"Use a larger {option}"
        + (", or the default prior (--prior predictive)." if "slope_sd" in known else "."),
    )


def shrunk(
    known: Known,
    penalised: pd.Series,
    free: pd.Series | None,
    found: Mapping[str, Quantity],
    ratio: float,
) -> list[Block]:
    """Return the slopes by least squares (None: there are none) and ridge beside the posterior's.

    `ratio` is the posterior median of sigma over the prior's sd: that of a coefficient for one sd,
    or of what the terms predict.
    """
    also = " and the sd between groups" if "group_sd" in found else ""
    rows = []
    for term in penalised.index:
        q = found[f"slope[{term}]"]
        others = [penalised[term]] if free is None else [free[term], penalised[term]]
        error = q.mcse_mean
        rows.append((str(term), *(number(x, error) for x in (*others, q.mean, q.sd))))
    first = () if free is None else ("least squares",)
    columns = ("term", *first, "ridge", "posterior mean", "posterior sd")
    return [
        _of_columns(ratio, also) if "slope_sd" in known else _of_predictions(penalised, free, also),
        "What the posterior mean has beside that is the average over sigma, and Monte Carlo error "
        "(digits stop there).",
        Table("The same slopes by other methods (own units)", columns, tuple(rows), how.RIDGE),
    ]


def _of_columns(ratio: float, also: str) -> str:
    return (
        f"If sigma{also} were known, the posterior mode and mean of the coefficients would be "
        "those of ridge regression on standardised columns, with the penalty sigma² / (prior sd)². "
        f"At the posterior median of sigma the penalty is {ratio**2:.3g}."
    )


def _of_predictions(penalised: pd.Series, free: pd.Series | None, also: str) -> str:
    told = (
        f"If sigma{also} were known, the posterior mode and mean of the coefficients would be "
        "those of ridge regression with a penalty on the size of the predictions, not of the "
        "columns"
    )
    if free is None:
        return f"{told}."
    factor = float(np.nanmedian(penalised / free))
    return (
        f"{told}: every coefficient is that of least squares, times the same number below 1. At "
        f"the posterior median of sigma that number is {factor:.4g}."
    )
