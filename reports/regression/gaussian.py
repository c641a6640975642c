"""What a page says where the noise is Gaussian: explained variance, predictions, ridge."""

import pandas as pd
import xarray as xr

from reports.blocks.blocks import Block, Figure, Table
from reports.blocks.numbers import MINUS, apart, figure, interval, percent
from reports.drawing import figures
from reports.regression import how
from workflow.quantities import Quantity

LOSS = (
    "The noise is Gaussian: the loss that fits it is the squared error, and what is predicted is "
    "the mean of rows with the same terms. A row twice as far off counts four times as much."
)

NEW_GROUP = (
    " These are rows of a group that was not fitted: how far it is from the middle is a third "
    "reason, which only rows of that very group can take away."
)


def prior(noise: float, sd: float, explained: xr.DataArray, groups: pd.Series | None = None) -> str:
    """Say what is expected of the noise, whose prior mean is `noise` sds of the outcome."""
    also = "" if groups is None else " and the groups"
    low, high = explained.quantile((0.025, 0.975)).to_numpy()
    return (
        f"The noise is expected near {noise * sd:.3g} units (--noise) and can be a tenth or three "
        f"times that, so the terms{also} explain {percent(low, 0.01)} to {percent(high, 0.01)} of "
        "the variance (central 95%) before the data are seen."
    )


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


def explained(
    r2: Quantity, left_out: tuple[float, float, float], groups: pd.Series | None = None
) -> str:
    """Say which share of the variance the terms explain, here and in rows that are left out.

    Where rows have `groups`, with what these add.
    """
    also = "" if groups is None else " and the groups"
    return (
        f"In these very rows the terms{also} explain {percent(r2.median, r2.mcse_mean)} of the "
        f"variance (95% equal-tailed credible interval {interval(r2, 100, unit='%')}), noise that "
        f"they happen to follow among it. {share(left_out, groups)} That is what new rows "
        "of the same kind can expect: each row is predicted from all the others, given sigma, and "
        "the interval says what other rows would give (Bayesian bootstrap)."
    )


def share(left_out: tuple[float, float, float], groups: pd.Series | None = None) -> str:
    """Say the share explained in rows that are left out, for the first screen."""
    also = "" if groups is None else " and the groups"
    middle, low, high = (f"{x:.0%}".replace("-", MINUS) for x in left_out)
    if left_out[1] <= 0:
        return (
            f"It is not known that all terms{also} together predict new rows better than the mean "
            f"does (of their variance they explain {low} to {high})."
        )
    return f"In rows left out, all terms{also} explain {middle} of the variance ({low} to {high})."


def predictions(split: pd.DataFrame, rows: pd.DataFrame, name: str) -> list[Block]:
    """Return the predictive uncertainty of chosen rows, split into noise and parameters.

    And what a new group adds, where rows have groups.
    """
    share = split["sd_parameters"] ** 2 / split["sd"] ** 2
    sds = {"sd_noise": "sd: noise", "sd_groups": "sd: groups", "sd_parameters": "sd: parameters"}
    told = {one: said for one, said in sds.items() if one in split}
    told["sd"] = "sd: both" if len(told) == 2 else "sd: all"
    cells = []
    for row, one in split.iterrows():
        mean, lower, upper = apart(one["mean"], one["lower"], one["upper"])
        each = (figure(one[c], 4) for c in told)
        cells.append((str(row), mean, *each, f"{lower} to {upper}", f"{share[row]:.1%}"))
    columns = (
        *("row", f"mean {name}", *told.values()),
        *("central 95% of a new observation", "variance due to parameters"),
    )
    return [
        "A prediction of a single row is unsure for two reasons. The noise (aleatoric) stays "
        "however many rows there are; not knowing the coefficients (epistemic) goes away with more "
        f"of them. Of the variance of these predictions {share.min():.1%} to {share.max():.1%} is "
        "of the second kind. Far from the data it grows, and still assumes that the line goes on."
        + (NEW_GROUP if "sd_groups" in split else ""),
        Table(f"Predictions of {name} for new rows", columns, tuple(cells), how.PREDICTIONS),
    ]
