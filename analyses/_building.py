"""`casebook build`: its options; what takes long to import is imported when it is called."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from analyses import UNWRITABLE, _cases as found
from analyses._on import NoClusterError, On, clustered
from reports.blocks.text import visible
from reports.publishing.files import HTML, OutputError


@clustered
def build(
    cases: Annotated[
        list[str] | None,
        typer.Argument(
            callback=found.all_known,
            metavar="CASE",
            autocompletion=found.begun,
            help="Else all.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the pages.")] = HTML,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Cases at a time.", show_default="one for each core")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for tools, as JSON.")] = False,
    where: On | None = None,
) -> None:
    """Compute the cases whose pages are not up to date, several at a time, and the index."""
    from analyses._build import build as all_of, cores

    options: dict[str, Any] = {"jobs": jobs or cores(), "quiet": quiet, "as_json": as_json}
    try:
        code = all_of(cases or [], out, **options, on=where)
    except (OutputError, NoClusterError) as error:
        sys.stderr.write(f"{visible(str(error))}\n")
        code = UNWRITABLE
    raise typer.Exit(code)
