"""`casebook suggest`: its options; what takes long to import is imported when it is called."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from analyses._given import DATA, given


def suggest(
    data: Annotated[Path, typer.Argument(parser=given, metavar="FILE", help=DATA)],
    outcome: Annotated[str | None, typer.Option(help="Column to predict, if not the last.")] = None,
    weights: Annotated[
        str | None, typer.Option(help="Column with how many rows a line stands for.")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="Such as latin-1; else UTF-8.")] = None,
    separator: Annotated[str | None, typer.Option(help="Between cells, such as ';'.")] = None,
    decimal: Annotated[Literal[".", ","] | None, typer.Option(help="The decimal sign.")] = None,
    dates: Annotated[
        Literal["dmy", "mdy"] | None, typer.Option(help="Day first, or month first.")
    ] = None,
) -> None:
    """Say which case fits a file, and why, with the command to run."""
    from analyses import _suggested

    reading = {"encoding": encoding, "separator": separator, "decimal": decimal, "dates": dates}
    raise typer.Exit(_suggested.suggest(data, reading | {"outcome": outcome, "weights": weights}))
