"""Options of a case about one process: its limits, what was known before, how a file is read."""

import math
import re

import typer
from typer.models import OptionInfo

from analyses._files import Values
from workflow.process.conjugate import Summary
from workflow.process.limits import Limits

__all__ = ["Values", "earlier", "limits", "real", "whole"]


def real(help: str) -> OptionInfo:
    """Return an option that takes any finite number, one below 0 too; anything else is refused."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise typer.BadParameter(f"{text!r} is not a number")
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
