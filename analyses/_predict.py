"""`casebook predict`: its options; what takes long to import is imported when it is called."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from analyses._given import given


def predict(
    fit: Annotated[Path, typer.Argument(metavar="FIT", help="The .nc that a run has saved.")],
    data: Annotated[
        Path | None,
        typer.Option(
            parser=given, metavar="FILE", help="New rows, as a run's --data; of arms: arm,visitors."
        ),
    ] = None,
    following: Annotated[
        int | None,
        typer.Option("--next", min=1, max=10**9, help="So many more trials, or visitors an arm."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="CSV to write, else FIT_predictions.csv beside the fit.")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="Such as latin-1; else UTF-8.")] = None,
    separator: Annotated[str | None, typer.Option(help="Between cells, such as ';'.")] = None,
    decimal: Annotated[Literal[".", ","] | None, typer.Option(help="The decimal sign.")] = None,
    dates: Annotated[
        Literal["dmy", "mdy"] | None, typer.Option(help="Day first, or month first.")
    ] = None,
) -> None:
    """Predict new rows from a saved fit, without sampling again."""
    from analyses import _predicting

    reading = {"encoding": encoding, "separator": separator, "decimal": decimal, "dates": dates}
    raise typer.Exit(_predicting.predict(fit, data, following, out, reading))
