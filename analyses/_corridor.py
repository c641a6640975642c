"""One process: its limits, what was known before, and how it goes with a setting of it."""

import math
import re
from functools import partial
from pathlib import Path

import pandas as pd
import typer

from analyses._designs import of_process
from analyses._study import Study
from data._reading import DataError
from models.process_corridor import with_setting
from reports.blocks import tables
from reports.blocks.blocks import Block
from reports.blocks.mathematics import mathematics
from reports.process import pairs as words
from reports.process.named import inside
from workflow.checking.diagnostics import Status, diagnose
from workflow.process import pairs
from workflow.process.conjugate import Summary
from workflow.process.limits import Limits
from workflow.quantities import Quantity, named, summarise
from workflow.sampling.fit import compile_nuts, data_of, sample_nuts

__all__ = ["earlier", "goes_with", "in_unit", "limits", "of_process"]
TOLD = ("correlation", "slope", "sd", "sd_given")
FAR = 10  # distances of the limits, beyond which values are in another unit


def limits(
    lower: float | None, upper: float | None, aim: float | None, own: Limits | None
) -> Limits:
    """Return the limits; those of the shipped data (`own`) where neither is given.

    Raises
    ------
    typer.BadParameter
        There is none, or one without an aim; or they are not in their order.
    """
    if lower is None and upper is None:
        if own is None:
            raise typer.BadParameter(
                "--lower or --upper is needed, or both: the limits that a piece has to keep, in "
                "the unit of the file. Without them nobody can say whether it does"
            )
        lower, upper = own.lower, own.upper
    if aim is None and (lower is None or upper is None):
        raise typer.BadParameter(
            "one limit has no middle: say with --aim which mean the process is meant to have "
            "(adjusting puts it there, and the prior is about it), or give the other limit as well"
        )
    low, high = -math.inf if lower is None else lower, math.inf if upper is None else upper
    found = Limits(low, high, aim)
    if not low < high or not 2 * found.half < math.inf:
        raise typer.BadParameter(f"--lower {low:g} is not below --upper {high:g}")
    if not low < found.middle < high:
        raise typer.BadParameter(f"--aim {aim:g} is not {inside(found)}")
    return found


def in_unit(path: Path, values: pd.Series, limits: Limits) -> None:
    """Refuse values that are all far away from the limits, or far apart: in another unit.

    The distance of one limit is twice that to the aim, as of two with the aim in their middle.

    Raises
    ------
    DataError
        Every value is more than `FAR` times the distance of the limits away from their middle, or
        their sd is so large.
    """
    far = 2 * FAR * limits.half
    away, wide = (values - limits.middle).abs().min() > far, values.std() > far
    if away or wide:
        what = (
            f"every value is more than {FAR} times the distance of the limits away from"
            if away
            else f"the sd is more than {FAR} times the distance of the limits"
        )
        raise DataError(
            f"{path}: column {str(values.name)!r}: {what} "
            f"{' to '.join(f'{one:g}' for one in limits.ends)} (median {values.median():g}, "
            f"sd {values.std():g}): write the limits in the unit of the column"
        )


def earlier(text: str | None) -> Summary | None:
    """Return number, mean and sd in a text such as "75:5.61:0.048"; None for none.

    Raises
    ------
    typer.BadParameter
        The text is not a whole number of 1 or more, a number, and one of 0 or more, with colons.
    """
    if text is None:
        return None
    n, _, rest = text.partition(":")
    try:
        mean, sd = (float(one) for one in rest.split(":"))
    except ValueError:
        mean = sd = math.nan
    whole = re.fullmatch(r"\s*[1-9][0-9]{0,8}\s*", n)
    if not whole or not math.isfinite(mean) or not 0 <= sd < math.inf:
        raise typer.BadParameter(
            f"--before {text}: not how many pieces, their mean and their sd with colons between, "
            "such as 75:5.61:0.048"
        )
    return Summary(int(n), mean, sd)


def goes_with(study: Study, columns: pd.DataFrame, limits: Limits) -> dict[str, Quantity]:
    """Fit measurement and setting together, add the section, and return the correlation.

    There is nothing to tell, and nothing is returned, where the draws cannot be trusted, or where
    `columns` has no setting.
    """
    if columns.shape[1] < 2:
        return {}
    values, settings = columns.iloc[:, 0], columns.iloc[:, 1]
    name, setting = str(values.name), str(settings.name)
    study.step("fit with the setting")
    model = with_setting(values, settings)
    lengths = {"draws": study.draws, "tune": study.tune, "chains": study.chains}
    tree = sample_nuts(compile_nuts(model), data_of(model), seed=study.seed, **lengths)
    diagnosis, posterior = diagnose(tree), tree["posterior"].to_dataset()
    add = partial(study.section, f"What goes with {setting}?")
    how: list[Block] = [tables.diagnosis(diagnosis), mathematics(with_setting)]
    if diagnosis.status is Status.FAIL:
        add("Nothing is told of it, because its draws cannot be trusted.", *how)
        why = "; ".join(diagnosis.reasons())
        study.warn(
            f"How the measurement goes with {setting} is not told: {why}.",
            "Is one of the two columns computed from the other? Else draw more (--draws).",
        )
        return {}
    found = summarise(posterior[[*TOLD]])
    mean = posterior["mean"].mean(("chain", "draw")).sel(column=["y", "x"]).to_numpy()
    spread = pairs.covariances(posterior).mean(axis=0)
    along, p = pairs.axes(spread), pairs.improbable(posterior, values, settings)
    many, less = int((p < 1 - pairs.CORRIDOR).sum()), float((posterior["correlation"] ** 2).mean())
    add(
        words.words(found, less, setting, many, len(values)),
        words.corridors(values, settings, limits, (mean, spread, along), p),
        words.table(found, name, setting),
        words.axes(along, name, setting),
        *words.outside(values, settings, p),
        "The model of both columns, fitted by NUTS alone and with a prior of its own:",
        *how,
    )
    words.warn(study.page, many, len(values))
    return named(found, "correlation")
