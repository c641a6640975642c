"""Options of a case about readings: what is stated of an instrument, what was known before."""

import math
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pandas as pd
import pymc as pm
import typer
import xarray as xr

from analyses._study import Study
from data._beside import Beside
from data._reading import DataError
from models.known_noise import as_written
from reports.blocks.blocks import Table
from reports.blocks.numbers import figure
from reports.measuring import tables
from workflow.measuring.agreement import apart
from workflow.measuring.gaussian import Instrument
from workflow.variational.advi import fit_both

NEEDED = {
    "noise_sd": "by how much single readings of the instrument scatter",
    "bias_sd": "how well its calibration is known: the sd of what all readings are off by together",
    "target_sd": "how well the quantity has to be known",
}
WIDE = 10  # sds of a single reading that a prior has which nobody stated
MOST_GROUPS = 12
FARTHEST = 1e5  # standard errors from prior to readings: beyond, no sampler can begin
FINEST = 1e-9  # of the readings: noise below that is lost in the digits of a number


def earlier(text: str | None) -> tuple[float, float]:
    """Return number and mean in a text such as "100:852.4"; zeros for none.

    Raises
    ------
    typer.BadParameter
        The text is not a whole number of 1 or more and a number with a colon between.
    """
    if text is None:
        return 0.0, 0.0
    n, _, rest = text.partition(":")
    try:
        mean = float(rest)
    except ValueError:
        mean = math.nan
    if not re.fullmatch(r"\s*[1-9][0-9]{0,8}\s*", n) or not abs(mean) <= 1e100:
        raise typer.BadParameter(
            f"--before {text}: not how many readings and their mean with a colon between, such as "
            "100:852.4"
        )
    return float(n), mean


def stated(
    path: Path, values: pd.Series, given: Mapping[str, float | None], usual: Mapping[str, float]
) -> dict[str, float]:
    """Return what was stated of noise, bias and target, else the `usual` of the shipped data.

    Raises
    ------
    DataError
        Something is missing, and nothing usual: no reading tells it. Or the noise is so small that
        readings as large as these cannot show it.
    """
    known = {**usual, **{name: value for name, value in given.items() if value is not None}}
    missing = [name for name in NEEDED if name not in known]
    if missing:
        scatter = f" (these scatter by {figure(float(values.std()), 4)})" if len(values) > 1 else ""
        hints = {"noise_sd": scatter}
        said = [
            f"--{name.replace('_', '-')}: {NEEDED[name]}{hints.get(name, '')}" for name in missing
        ]
        raise DataError(
            f"{path}: state in the unit of {values.name!r}, since no reading tells it: "
            + "; ".join(said)
        )
    if known["noise_sd"] < FINEST * float(values.abs().max()):
        raise DataError(
            f"{path}: the noise, {known['noise_sd']:g}, is lost in the digits of readings as "
            f"large as {float(values.abs().max()):g}; subtract what they have in common"
        )
    return known


def instrument(
    path: Path, values: pd.Series, known: Mapping[str, float], before: tuple[float, float]
) -> tuple[Instrument, bool]:
    """Return what is known before the readings, and whether the prior is made from them.

    Where nothing of the quantity was stated, its prior lies around the mean of the readings, with
    `WIDE` times the sd that noise and bias give a single one.

    Raises
    ------
    DataError
        The prior is so far from the readings that nobody can have meant it.
    """
    wide = WIDE * math.hypot(known["noise_sd"], known["bias_sd"])
    mean, sd = known.get("prior_mean"), known.get("prior_sd")
    at = float(values.mean()) if mean is None else mean
    error = known["noise_sd"] / math.sqrt(len(values))
    if abs(float(values.mean()) - at) > FARTHEST * error:
        raise DataError(
            f"{path}: --prior-mean {at:g} is more than {FARTHEST:,.0f} standard errors from the "
            f"mean of {values.name!r}, {float(values.mean()):g}: is it in the same unit? If "
            "nothing was known, leave it out"
        )
    found = Instrument(
        prior_mean=at,
        prior_sd=wide if sd is None else sd,
        bias_sd=known["bias_sd"],
        noise_sd=known["noise_sd"],
        n_before=before[0],
        mean_before=before[1],
    )
    return found, mean is None


def fit_as_written(build: "partial[pm.Model]", *, seed: int) -> dict[str, xr.DataTree]:
    """Fit ADVI to the model in the coordinates quantity and bias (`Study` has `approximate`)."""
    return fit_both(partial(as_written, *build.args, **build.keywords), seed=seed)


def by_group(study: Study, values: pd.Series, beside: Beside, cells: pd.DataFrame) -> list[Table]:
    """Return a table for each column whose groups the readings can be of."""
    noise = float(study.model["noise_sd"].get_value())
    columns = {label: beside.columns[label] for label in beside.groups if label in beside.columns}
    return [
        tables.apart(apart(values, cells[column], label, noise))
        for label, column in columns.items()
        if cells[column].nunique() <= MOST_GROUPS
    ]
