"""`casebook update`: its options; what takes long to import is imported when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from analyses._given import given
from analyses._names import usable


def update(
    fit: Annotated[Path, typer.Argument(metavar="FIT", help="The .nc that a run has saved.")],
    data: Annotated[
        Path, typer.Option(parser=given, metavar="FILE", help="The new rows, as a run's --data.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder of the new page, else that of the fit.")
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(callback=usable, help="What the new page is called, else FIT_updated."),
    ] = None,
) -> None:
    """Go on from a saved fit with new rows: exactly where that can be done, else with all rows."""
    from analyses import _updating

    _updating.update(fit, data, out, name)
