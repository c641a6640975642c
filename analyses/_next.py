"""Kinds of options of a case about trials. Imports nothing that takes long: help needs it."""

from typing import Annotated, Literal

import typer
from typer.models import OptionInfo

from analyses._columns import Results

__all__ = ["By", "Minimise", "Results", "several", "trials"]
MOST_TRIALS = 20

Minimise = Annotated[
    bool, typer.Option("--minimise", help="Less of the result is better, and not more.")
]
By = Annotated[
    Literal["improvement", "thompson"],
    typer.Option(help="Choose by expected improvement, or the best of drawn functions."),
]


def several(help: str) -> OptionInfo:
    """Return an option that can come again."""
    option: OptionInfo = typer.Option(help=help, metavar="COLUMN=LEAST:GREATEST")
    return option


def trials(help: str) -> OptionInfo:
    """Return an option that takes how many trials there are at once."""
    option: OptionInfo = typer.Option(min=1, max=MOST_TRIALS, help=help)
    return option
