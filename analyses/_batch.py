"""`casebook batch`: its options; what takes long to import is imported when it is called."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from analyses import _cases as found
from analyses._on import On, clustered


@clustered
def batch(
    context: typer.Context,
    case: Annotated[
        str,
        typer.Argument(
            callback=found.known,
            metavar="CASE",
            autocompletion=found.begun,
            help="See casebook list; its own options can follow.",
        ),
    ],
    data: Annotated[
        str, typer.Option(help="Files, as in 'tests/*.csv' (in quotes), or one file with --by.")
    ],
    by: Annotated[
        str | None,
        typer.Option(help="Column of the one file that says which data set a row is of."),
    ] = None,
    pages: Annotated[
        Literal["failed", "all", "none"],
        typer.Option(
            help="Which data sets get a page of their own: those whose answer is withheld."
        ),
    ] = "failed",
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes.", show_default="one for each core")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the table and the pages, else batch_CASE here.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")] = False,
    where: On | None = None,
) -> None:
    """Run a case on many data sets: a row each, with answer, status and number, and an index."""
    from analyses._batch_work import Batch
    from analyses._batching import run

    asked = Batch(case, tuple(context.args), data, by, pages, out or Path(f"batch_{case}"), where)
    raise typer.Exit(run(asked, jobs=jobs, quiet=quiet))
