"""Figures of an experiment's arms: the prior, the fit, the differences from the control."""

from collections.abc import Sequence

import pandas as pd
import xarray as xr

from reports.blocks.blocks import Figure
from reports.blocks.numbers import figure
from reports.drawing import figures
from workflow.checking.checks import StatisticCheck
from workflow.quantities import Quantity, label, named


def prior(prior: xr.Dataset, outcome: str, arms: tuple[str, str]) -> Figure:
    """Draw the prior of a rate, and of the difference of the rates of two arms."""
    of = {
        f"{outcome} of an arm (a rate)": prior["rate"].isel(arm=0),
        f"difference of rates, {arms[1]} − {arms[0]}": prior["difference"].isel(treatment=0),
    }
    return figures.densities(
        "prior",
        {name: draws.to_numpy().ravel() for name, draws in of.items()},
        caption="The prior of a rate, and what it implies for a difference of rates.",
    )


def fit(checks: Sequence[StatisticCheck], outcome: str) -> Figure:
    """Draw the rates of an outcome, observed and predicted."""
    caption = "Rates, observed and predicted."
    return figures.predictive("fit", checks, label=f"{outcome} (a rate)", caption=caption)


def answer(found: dict[str, Quantity], control: str, outcome: str, rope: float) -> Figure:
    """Draw the differences from the control, and the band of practical equality."""
    return figures.intervals(
        "answer",
        {label(name): {"NUTS": q} for name, q in named(found, "difference").items()},
        label=f"{outcome}, difference from {control} (percentage points)",
        caption="Median and 95% equal-tailed credible interval; grey band: practically equal.",
        scale=100,
        rope=100 * rope,
    )


def sizes(arms: pd.DataFrame, people: str, planned: str, p: float) -> str:
    """Say how many there are, and whether their arms have the sizes that were planned."""
    return (
        f"{arms['visitors'].sum():,} {people} in {len(arms)} arms; every comparison is with the "
        f"control, {arms['arm'].iloc[0]}. Under the {planned}, sizes as uneven as these or more so "
        f"have probability p = {figure(p, 2)}."
    )
