"""What a page says where the noise is Gaussian: explained variance, predictions, ridge."""

from collections.abc import Mapping

import pandas as pd
import xarray as xr

from reports.blocks import how
from reports.blocks.blocks import Block, Figure, Table
from reports.blocks.numbers import apart, figure, interval, number, percent
from reports.drawing import figures
from workflow.quantities import Quantity


def prior_figure(explained: xr.DataArray, sigma: xr.DataArray, name: str) -> Figure:
    """Draw the explained variance and the noise that the prior implies."""
    drawn = {
        "share of the variance explained, R²": explained,
        f"noise, sigma (units of {name})": sigma,
    }
    return figures.densities(
        "prior",
        {about: draws.to_numpy().ravel() for about, draws in drawn.items()},
        caption="What the prior implies: explained variance and noise.",
    )


def explained(r2: Quantity) -> str:
    """Say which share of the variance the terms explain."""
    return (
        f"The terms explain {percent(r2.median, r2.mcse_mean)} of the variance (95% equal-tailed "
        f"credible interval {interval(r2, 100, unit='%')})."
    )


def share(r2: Quantity) -> str:
    """Say the same for the first screen."""
    return (
        f"All terms explain {percent(r2.median, r2.mcse_mean)} of its variance "
        f"({interval(r2, 100, unit='%')})."
    )


def predictions(split: pd.DataFrame, rows: pd.DataFrame, name: str) -> list[Block]:
    """Return the predictive uncertainty of chosen rows, split into noise and parameters."""
    share = split["sd_parameters"] ** 2 / split["sd"] ** 2
    cells = []
    for row, one in split.iterrows():
        mean, lower, upper = apart(one["mean"], one["lower"], one["upper"])
        sds = (figure(one[c], 4) for c in ("sd_noise", "sd_parameters", "sd"))
        cells.append((str(row), mean, *sds, f"{lower} to {upper}", f"{share[row]:.1%}"))
    columns = (
        *("row", f"mean {name}", "sd: noise", "sd: parameters", "sd: both"),
        *("central 95% of a new observation", "variance due to parameters"),
    )
    return [
        "A prediction of a single row is unsure for two reasons. The noise (aleatoric) stays "
        "however many rows there are; not knowing the coefficients (epistemic) goes away with more "
        f"of them. Of the variance of these predictions {share.min():.1%} to {share.max():.1%} is "
        "of the second kind. Far from the data it grows, and still assumes that the line goes on.",
        Table(f"Predictions of {name} for new rows", columns, tuple(cells), how.PREDICTIONS),
    ]


def ridge(
    penalised: pd.Series, free: pd.Series | None, found: Mapping[str, Quantity], penalty: float
) -> list[Block]:
    """Return ridge and least-squares coefficients (None: there are none) beside the posterior's."""
    rows = []
    for term in penalised.index:
        q = found[f"slope[{term}]"]
        others = [penalised[term]] if free is None else [free[term], penalised[term]]
        error = q.mcse_mean
        rows.append((str(term), *(number(x, error) for x in (*others, q.mean, q.sd))))
    first = () if free is None else ("least squares",)
    columns = ("term", *first, "ridge", "posterior mean", "posterior sd")
    return [
        "If sigma were known, the posterior mode and mean of the coefficients would be those of "
        "ridge regression on standardised columns, with the penalty sigma² / (prior sd)². At the "
        f"posterior median of sigma the penalty is {figure(penalty)}. What the posterior mean has "
        "beside that is the average over sigma, and Monte Carlo error (digits stop there).",
        Table("The same slopes by other methods (own units)", columns, tuple(rows), how.RIDGE),
    ]
