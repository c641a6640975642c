"""Kinds of options of a case about one process. Imports nothing that takes long: help needs it."""

import math

import typer
from typer.models import OptionInfo

from analyses._files import Values

__all__ = ["Values", "real", "whole"]


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
