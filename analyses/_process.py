"""Kinds of options of a case about one process. Imports nothing that takes long: help needs it."""

import typer
from typer.models import OptionInfo

from analyses._columns import Values
from analyses._numbers import real

__all__ = ["Values", "real", "whole"]


def whole(help: str) -> OptionInfo:
    """Return an option that takes how many pieces there are: 1 to a billion."""
    option: OptionInfo = typer.Option(min=1, max=10**9, help=help)
    return option
