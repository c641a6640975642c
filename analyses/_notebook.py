"""A case as a notebook: its analysis cut into cells, to be run, and changed, step by step.

An analysis needs no marks for that. Its docstring becomes the title, the signature of `main` the
settings, each paragraph or section of `main` a cell, and the page comes at the end.
"""

import ast
import contextlib
import importlib
import inspect
import os
import textwrap
import typing
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from typer.models import OptionInfo

from analyses._cells import Piece, bound_by, calls, cells_of, code, names_in, pieces_of
from reports.publishing.files import OutputError

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
MADE = (
    "*Made by `casebook notebook {case}` from `analyses/{case}.py`. It runs where casebook is "
    "installed: choose the Python of that environment as the kernel.*"
)
SETTINGS = (
    "# The settings: what the command line calls --data and so on, with the defaults.\n"
    "# Change them and run all cells."
)
NEEDED = (
    "# What the notebook itself needs.\nfrom pathlib import Path\n\n"
    "from IPython.display import FileLink, display\n\nfrom reports.page.page import CHANGED"
)
LAST = """
# Page, draws and numbers go to `out`. The answer, or why it is withheld:
{save}
if code != CHANGED:  # else nothing was written
    display(FileLink(out / f"{{study.page.case}}.html"))"""
OWN = {"out": 'Path("html")'}  # beside the notebook, where Jupyter can open the page


class NotebookError(Exception):
    """An analysis cannot be cut into cells; the message says which, and why."""


def percent(case: str) -> str:
    """Return the notebook of a case as a script with `# %%` between cells (jupytext's percent).

    Raises
    ------
    NotebookError
        `main` has not the form that the contract of a case asks for.
    """
    return jupytext.writes(_notebook(case), fmt="py:percent")


def write(case: str, path: Path) -> Path:
    """Write the notebook of a case to `path` (.ipynb), whole or not at all, and return `path`.

    Raises
    ------
    NotebookError
        As `percent` does.
    OutputError
        It cannot be written; what was there before is whole.
    """
    content = jupytext.writes(_notebook(case), fmt="ipynb").encode()
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise OutputError.of(path.parent, error) from None
    return path


def _notebook(case: str) -> NotebookNode:
    module = importlib.import_module(f"analyses.{case}")
    try:
        cells = _all_cells(case, inspect.getsource(module), module.main)
    except (NotebookError, SyntaxError) as error:
        raise NotebookError(f"analyses/{case}.py cannot become a notebook: {error}") from None
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"  # else random: no two notebooks of a case would be the same
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def _all_cells(case: str, source: str, function: Callable[..., int]) -> list[NotebookNode]:
    """Return the cells of an analysis, whose `main` is `function`."""
    docstring, *pieces = pieces_of(source)
    (main,) = (one.node for one in pieces if getattr(one.node, "name", "") == function.__name__)
    if not isinstance(main, ast.FunctionDef):
        raise NotebookError("main is no function of its own")
    both = bound_by(main.args, *main.body) & bound_by(*(one.node for one in pieces))
    if both:  # in a notebook they would be one variable
        raise NotebookError(f"main has names of its own that the module has, too: {sorted(both)}")
    cells = [
        *_definitions(pieces),
        new_code_cell(_parameters(main, function), metadata={"tags": ["parameters"]}),
        *cells_of(_steps(_body(source, main), function)),
    ]
    used = names_in(cells)
    own = f"\n__doc__ = {docstring.text}" if "__doc__" in used else ""  # else it is IPython's
    head = code([*_imports(pieces, used), "", NEEDED, own])
    return [_title(case, source), *head, *cells]


def _title(case: str, source: str) -> NotebookNode:
    title, _, about = (ast.get_docstring(ast.parse(source)) or case).partition("\n")
    told = (f"# {title}", about.strip(), MADE.format(case=case))
    return new_markdown_cell("\n\n".join(filter(None, told)))


def _imports(pieces: list[Piece], used: set[str]) -> Iterator[str]:
    """Yield the imports, without names that only the command line needs."""
    for piece in pieces:
        node = piece.node
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        kept = [one for one in node.names if bound_by(one) & used]
        if len(kept) == len(node.names):
            yield piece.text
        elif kept:
            node.names = kept
            yield ast.unparse(node)


def _definitions(pieces: list[Piece]) -> Iterator[NotebookNode]:
    """Yield constants and functions beside `main`, in their order: what is alike in one cell."""
    rest = [
        piece
        for piece in pieces
        if not isinstance(piece.node, ast.Import | ast.ImportFrom)
        and getattr(piece.node, "name", "") != "main"
        and not (isinstance(piece.node, ast.If) and "__name__" in ast.unparse(piece.node.test))
    ]
    for _, alike in groupby(rest, lambda one: isinstance(one.node, ast.FunctionDef | ast.ClassDef)):
        yield from code(piece.text for piece in alike)


def _parameters(main: ast.FunctionDef, function: Callable[..., int]) -> str:
    """Return one assignment for each parameter of `main`, with the help of its option."""
    hints = typing.get_type_hints(function, include_extras=True)
    names = [one.arg for one in (*main.args.args, *main.args.kwonlyargs)]
    defaults = [one for one in (*main.args.defaults, *main.args.kw_defaults) if one]
    if len(names) != len(defaults):
        raise NotebookError("a parameter of main has no default")
    lines = [SETTINGS]
    for name, default in zip(names, defaults, strict=True):
        options = getattr(hints.get(name), "__metadata__", ())
        told = [one.help for one in options if isinstance(one, OptionInfo) and one.help]
        line = f"{name} = {OWN.get(name) or ast.unparse(default)}"
        lines.append("  # ".join([line, *(" ".join(text.split()) for text in told)]))
    return "\n".join(lines)


def _body(source: str, main: ast.FunctionDef) -> list[Piece]:
    """Return the statements of `main` below its docstring, as they stand in a module."""
    if not ast.get_docstring(main):
        raise NotebookError("main has no docstring")
    lines = source.split("\n")[main.body[0].end_lineno : main.end_lineno]
    pieces = pieces_of(textwrap.dedent("\n".join(lines)))
    if [ast.dump(one.node) for one in pieces] != [ast.dump(node) for node in main.body[1:]]:
        raise NotebookError("main has a text in quotes that goes over several lines")
    return pieces


def _steps(body: list[Piece], function: Callable[..., int]) -> list[Piece]:
    """Put what a notebook says in the place of the first and the last statement of `main`."""
    first, last = body[0].node, body[-1].node
    if not (isinstance(first, ast.Assign) and ast.unparse(first) == "settings = dict(locals())"):
        raise NotebookError("main does not begin with settings = dict(locals())")
    if not (isinstance(last, ast.Return) and calls(last.value, "save")):
        raise NotebookError("main does not end in return study.save(...)")
    save = body[-1].text.replace("return study.save(", "code = study.save(").strip("\n")
    own = f"{_settings(function)}\n", LAST.format(save=save)
    return [Piece(first, own[0]), *body[1:-1], Piece(last, own[1])]


def _settings(function: Callable[..., int]) -> str:
    """Return what gathers the settings for the page; a path may be given as text."""
    hints = typing.get_type_hints(function)
    lines = ["# As the page names them; a path may have been given as text."]
    for name, hint in hints.items():
        if hint == Path:
            lines.append(f"{name} = Path({name})")
        elif hint == Path | None:
            lines.append(f"{name} = Path({name}) if {name} else None")
    named = ", ".join(f"{name}={name}" for name in hints if name != "return")
    call = textwrap.fill(f"settings = dict({named})", 88, subsequent_indent=" " * 16)
    return "\n".join([*lines, call])
