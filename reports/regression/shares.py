"""What the page of a regression of shares says: its noise, prior, fit, points and new rows."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from reports.blocks.blocks import Block, Figure, Table
from reports.blocks.numbers import interval, number, percent
from reports.drawing import figures
from reports.regression.terms import Phrases
from workflow.quantities import Quantity, label

LOSS = (
    "The noise is a Beta distribution, on shares above 0 and below 1; the loss that fits it is "
    "minus its log density (not the squared error). What is predicted is the expected share, the "
    "mean of rows like these; a single row scatters about it, less near 0 and 1: its variance is "
    "mean × (1 − mean) / (1 + precision), with the same precision for all rows."
)
FIT = (
    "The model fits an expected share for every row and one precision. It does not fit how many "
    "shares lie near 0 or 1, whether the precision changes with the mean or along a term, or "
    "whether a line on the logit scale bends. Residuals of the checks are the share less the "
    "expected share; in the picture they are divided by the sd that the noise has there, so that "
    "the band of a good fit is equally wide everywhere. "
)
REMEDIES = {
    "size along": "the precision changes along a term, which this model takes as one number: "
    "intervals of single rows are too wide on one side and too narrow on the other; look for a "
    "term that is missing, or split the file there",
    "size against prediction": "the precision changes with the expected share, which this model "
    "takes as one number: intervals of single rows are too wide at one end and too narrow at the "
    "other; look for a term that is missing, or split the file there",
    "rows below": "the Beta distribution does not have as many shares near 0 as the data: are "
    "these rows of another kind (nothing spent, nothing measured)? Look at them",
    "rows above": "the Beta distribution does not have as many shares near 1 as the data: are "
    "these rows of another kind? Look at them",
    "skewness": "single rows scatter farther to one side than a Beta distribution: look at the "
    "rows farthest off",
    "kurtosis": "more rows, or fewer, lie far off than a Beta distribution has: look at the rows "
    "farthest off",
    "largest / sd": "a row lies farther off than a Beta distribution has: look whether it is right",
}
OWN = "Coefficients in their own units (logit of {name} per unit of the term)"
HOW_POINTS = (
    "One row a term: by how many percentage points the expected share differs for one more of "
    "a number, or for a level rather than its reference, the other terms as they are, averaged "
    "over the rows (of a term in a square or a product it is a part of the effect alone: see what "
    "each column does, below). Median and 95% equal-tailed credible interval. Logits bend: "
    "the same coefficient is most points near 50% and few near 0% and 100%."
)
HOW_ROWS = (
    "One row a case, with the terms that its name says. The expected share is the mean of such "
    "rows; its 95% interval says what is not known of the coefficients and gets narrower with more "
    "rows. A single new row lies in the last interval with probability .95, given model and prior; "
    "that one has the noise, too, and stays."
)

NEW_GROUP = (
    " These are rows of a group that was not fitted: how far it is from the middle is among the "
    "parameters here, and only rows of that very group can take it away."
)


def prior(
    noise: float, sd: xr.DataArray, explained: xr.DataArray, groups: pd.Series | None = None
) -> str:
    """Say what is expected of the noise; `sd` is that of a single row, in points."""
    also = "" if groups is None else " and the groups"
    low, high = sd.quantile((0.025, 0.975)).to_numpy()
    least, most = explained.quantile((0.025, 0.975)).to_numpy()
    return (
        f"The noise is expected to be {noise:g} times as large as the outcome's own spread "
        f"(--noise): a single row lies {low:.2g} to {high:.2g} percentage points (its sd, central "
        f"95%) about the expected share where that is average, so the terms{also} explain "
        f"{percent(least, 0.01)} to {percent(most, 0.01)} of the variance before the data are seen."
    )


def prior_figure(explained: xr.DataArray, sd: xr.DataArray) -> Figure:
    """Draw the explained variance and the noise that the prior implies."""
    drawn = {
        "share of the variance explained, R²": explained,
        "noise: sd of a single row, percentage points": sd,
    }
    return figures.densities(
        "prior",
        {about: draws.to_numpy().ravel() for about, draws in drawn.items()},
        caption="What the prior implies: explained variance and noise.",
    )


def explained(r2: Quantity, groups: pd.Series | None = None) -> str:
    """Say which share of the variance the terms explain, for the first screen.

    Where rows have `groups`, with what these add.
    """
    also = "" if groups is None else " and the groups"
    return (
        "Numbers are percentage points of the share, averaged over the rows; the logit scale of "
        f"the coefficients is further down. In these very rows all terms{also} explain "
        f"{percent(r2.median, r2.mcse_median)} of the variance ({interval(r2, 100, unit='%')})."
    )


def in_points(phrases: Phrases, terms: pd.DataFrame) -> Phrases:
    """Return how terms are spoken of where slopes are percentage points."""
    found = {str(name): phrases.get(str(name), ("", f"per unit of {name}")) for name in terms}
    return {name: (before, f"points {behind}") for name, (before, behind) in found.items()}


def points(found: Mapping[str, Quantity], name: str) -> Table:
    """Return by how many points the share differs with each term; `found` by points[term]."""
    rows = tuple(
        (label(term), number(q.median, q.mcse_median, sign=True), interval(q, sign=True))
        for term, q in found.items()
    )
    caption = f"Differences of {name}, percentage points, averaged over the rows"
    return Table(caption, ("term", "for one more (median)", "95% interval"), rows, HOW_POINTS)


def as_slopes(found: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """Return points under the names of slopes, and of coefficients for a step."""
    renamed = {"points[": "slope[", "beta_points[": "beta["}
    return {
        new + name.removeprefix(old): q
        for name, q in found.items()
        for old, new in renamed.items()
        if name.startswith(old)
    }


def predictions(found: pd.DataFrame, name: str, groups: pd.Series | None = None) -> list[Block]:
    """Return expected shares of chosen rows, and where a single one lies.

    Where rows have `groups`, these are of a new one.
    """
    part = found["sd_parameters"] ** 2 / found["sd"] ** 2
    ends = ("mean", "mean_lower", "mean_upper", "lower", "upper")
    rows = []
    for row, one in found.iterrows():
        mean, *others = (f"{100 * one[end]:.1f}%" for end in ends)
        middle, low, high = others[:2], others[2], others[3]
        rows.append((str(row), mean, " to ".join(middle), f"{low} to {high}", f"{part[row]:.1%}"))
    columns = ("row", f"expected {name}", "its 95% interval", "95% of a single row")
    return [
        "The expected share is the mean of rows like this one; a single row scatters about it. Of "
        f"the variance of a single row {np.min(part):.1%} to {np.max(part):.1%} comes from not "
        "knowing the parameters, and goes away with more rows; the rest is noise and stays. No "
        "interval leaves 0 to 100%." + ("" if groups is None else NEW_GROUP),
        Table(
            f"Predictions of {name}",
            (*columns, "variance due to parameters"),
            tuple(rows),
            HOW_ROWS,
        ),
    ]
