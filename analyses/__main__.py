"""The command line of the casebook: `casebook`, or `python -m analyses`.

What takes long to import is imported by the command that needs it, so that help comes at once.
"""

import json
import shlex
import sys
import webbrowser
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from analyses import UNWRITABLE, _cases as found, leave_when_interrupted
from analyses._batch import batch
from analyses._building import build
from analyses._plan import app as plan
from analyses._predict import predict
from analyses._suggest import suggest
from analyses._update import update
from reports.blocks.text import visible
from reports.publishing.files import HTML, OutputError
from reports.terminal.listing import in_lines
from reports.terminal.progress import allow_any_text, tell

USAGE = 2

app = typer.Typer(
    help="Bayesian case studies that can be run, trusted and copied.",
    pretty_exceptions_enable=False,
)
_case: dict[str, Any] = {"metavar": "CASE", "autocompletion": found.begun}
Case = Annotated[str, typer.Argument(callback=found.known, help="See casebook list.", **_case)]
Out = Annotated[Path, typer.Option(help="Folder of the pages.")]
Json = Annotated[bool, typer.Option("--json", help="Print it for tools, as JSON.")]


def main() -> None:
    """Do what the command line says, and exit."""
    leave_when_interrupted()
    allow_any_text()
    app(sys.argv[1:] or ["--help"], prog_name="casebook")


@app.command("list")
def list_(out: Out = HTML, as_json: Json = False) -> None:
    """List the cases, and pages of your own: status of the page if it is sound, question."""
    rows: list[dict[str, str | None]] = [
        {"case": case, "status": one.get("status"), "question": one.get("question")}
        for case, one in found.listed(out).items()
    ]
    tell(json.dumps(rows, indent=1)) if as_json else in_lines(rows)


@app.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def run(
    context: typer.Context,
    case: Case,
    options: Annotated[
        list[str] | None, typer.Argument(metavar="OPTIONS OF THE CASE", help="See CASE --help.")
    ] = None,
) -> None:
    """Run a case with its own options; casebook run CASE --help shows them."""
    from analyses import _command
    from analyses._options import main_of

    _command.run(main_of(case), options or [], f"{context.command_path} {case}")


for command in (build, predict, suggest, update):
    app.command()(command)
app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})(batch)
app.add_typer(plan, name="plan")


@app.command()
def compare(
    fits: Annotated[list[Path], typer.Argument(metavar="FIT.nc...", help="Two or more.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder of the page, else that of the first fit.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="What the page is called; it begins with compare_.")
    ] = None,
) -> None:
    """Put saved fits side by side: which predicts best, or what changed between two runs."""
    from analyses import _compare

    raise typer.Exit(_compare.compare(fits, out, name))


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="CASE", help="What to call it.")],
    source: Annotated[
        str | None,
        typer.Option(
            "--from", callback=found.known, help="The case to copy; else the smallest.", **_case
        ),
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Without tests, until casebook test CASE --write.")
    ] = False,
) -> None:
    """Make a case of your own: the smallest one, or a copy of another; say what to edit next."""
    from analyses._new import copy, next_steps

    try:
        made = copy(source, name, draft=draft)
    except (ValueError, OSError) as error:
        raise typer.BadParameter(visible(str(error)), param_hint="CASE") from None
    tell("\n".join(next_steps(name, made)))


@app.command("test")
def check_case(
    case: Case,
    write: Annotated[
        bool, typer.Option("--write", help="Write the tests that a draft was made without.")
    ] = False,
) -> None:
    """Run the tests of one case; its part of make test."""
    from analyses._testing import run, written

    try:
        for line in written(case) if write else []:
            tell(line)
    except (ValueError, OSError) as error:
        _refuse(str(error))
    if not write:
        raise typer.Exit(run(case))


@app.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
def validate(context: typer.Context) -> None:
    """Try to find models wrong by simulation, in a checkout; hours, --on a cluster fewer."""
    from analyses._testing import validate as all_models

    raise typer.Exit(all_models(context.args))


@app.command()
def notebook(
    case: Case,
    out: Annotated[
        Path | None, typer.Option(help="File to write, else CASE.ipynb here.", metavar="FILE")
    ] = None,
) -> None:
    """Write a case as a Jupyter notebook, which runs where the casebook is installed."""
    from analyses._notebook import NotebookError, write

    path = out or Path(f"{case}.ipynb")
    if path.exists():
        _refuse(f"{path} is there already; remove it, or name another file with --out")
    try:
        tell(f"notebook: {write(case, path).resolve()}")
    except NotebookError as error:
        _refuse(str(error))
    except OutputError as error:
        _refuse(str(error), UNWRITABLE)


@app.command("open")
def open_(
    case: Annotated[
        str | None, typer.Argument(help="A case, or the name of a page; else the index.", **_case)
    ] = None,
    out: Out = HTML,
) -> None:
    """Open the page of a case, one of your own by its name, or the index, in the browser."""
    page = out / f"{case if case in found.own(out) else found.known(case) or 'index'}.html"
    if not page.is_file():
        words = ["casebook", *(["run", case] if case else ["build"])]
        words += [] if out == HTML else ["--out", str(out)]
        _refuse(f"there is no {page} yet; this makes it: {shlex.join(words)}")
    if not webbrowser.open(page.resolve().as_uri()):
        _refuse(f"no browser is found here; the page is {page.resolve()}")


def _refuse(text: str, code: int = USAGE) -> NoReturn:
    sys.stderr.write(f"{visible(text)}\n")
    raise typer.Exit(code)


if __name__ == "__main__":
    main()
