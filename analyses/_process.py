"""Options of a case about one process: its limits, what was known before, how a file is read."""

import math
import re
from pathlib import Path

import pandas as pd
import typer
from typer.models import OptionInfo

from analyses._files import Values
from data._reading import DataError
from workflow.process.conjugate import Summary
from workflow.process.limits import Limits

__all__ = ["Values", "earlier", "in_unit", "limits", "real", "whole"]
FAR = 10  # distances of the limits, beyond which values are in another unit


def real(help: str, *, above: float = -math.inf) -> OptionInfo:
    """Return an option that takes any finite number above one; anything else is refused."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not above < value < math.inf:
            more = f" above {above:g}" if math.isfinite(above) else ""
            raise typer.BadParameter(f"{text!r} is not a number{more}")
        return value

    option: OptionInfo = typer.Option(parser=parse, help=help, metavar="NUMBER")
    return option


def whole(help: str) -> OptionInfo:
    """Return an option that takes how many pieces there are: 1 to a billion."""
    option: OptionInfo = typer.Option(min=1, max=10**9, help=help)
    return option


def limits(lower: float | None, upper: float | None, own: Limits | None) -> Limits:
    """Return both limits; those of the shipped data (`own`) where neither is given.

    Raises
    ------
    typer.BadParameter
        One is missing, or the lower one is not below the upper one.
    """
    if lower is None and upper is None and own is not None:
        return own
    if lower is None or upper is None:
        raise typer.BadParameter(
            "--lower and --upper are both needed: the limits that a piece has to keep, in the unit "
            "of the file. Without them nobody can say whether it does"
        )
    if not lower < upper or not upper - lower < math.inf:
        raise typer.BadParameter(f"--lower {lower:g} is not below --upper {upper:g}")
    return Limits(lower, upper)


def in_unit(path: Path, values: pd.Series, limits: Limits) -> None:
    """Refuse values that are all far away from the limits, or far apart: in another unit.

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
            f"{limits.lower:g} to {limits.upper:g} (median {values.median():g}, "
            f"sd {values.std():g}): write --lower and --upper in the unit of the column"
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
