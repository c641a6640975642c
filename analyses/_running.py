"""Running an analysis from the command line: options in, exit code out."""

import contextlib
import errno
import functools
import inspect
import io
import multiprocessing
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from analyses import UNWRITABLE, leave_when_interrupted
from analyses._files import expanded, gathered
from analyses._names import output_name
from analyses._numbers import not_both
from data._how import AS_IT_IS
from data._reading import DataError
from reports.blocks.text import visible
from reports.publishing.files import OutputError
from reports.terminal.progress import allow_any_text, tell

DONE, DATA_UNUSABLE, NOT_TRUSTED = 0, 3, 4
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}
Json = Annotated[bool, typer.Option("--json", help="Print the summary instead of the answer.")]


def run(main: Callable[..., int], words: list[str] | None = None, name: str | None = None) -> None:
    """Run `main` with the options of the command line and exit with its code.

    0 done, 2 wrong usage, 3 the data are not usable, 4 done but the diagnosis failed (or nothing
    was written, because there were no draws to diagnose), 5 the results cannot be written, 130
    interrupted, 1 anything unforeseen.

    Parameters
    ----------
    words, name
        The options, and the command that the help shows; else those of this process.
    """
    leave_when_interrupted()
    allow_any_text()
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

    @functools.wraps(main)
    def command(*, json: bool, **options: Any) -> None:
        quiet = contextlib.redirect_stdout(io.StringIO()) if json else contextlib.nullcontext()
        options = gathered(signature.parameters, options)
        weights = options.get("reading", AS_IT_IS).weights  # rows of a line have no order
        not_both(ordered=options.get("ordered") or None, weights=weights)
        output_name(case, options)  # one that is another case's is refused at once
        with quiet:
            code, written = finished(main, options)
        if json and written:
            path = options["out"] / f"{output_name(case, options)}.json"
            tell(path.read_text(encoding="utf-8").rstrip("\n"))
        raise typer.Exit(code)

    signature, case = inspect.signature(main), Path(inspect.getfile(inspect.unwrap(main))).stem
    switch = inspect.Parameter("json", inspect.Parameter.KEYWORD_ONLY, annotation=Json)
    both = [*expanded(signature.parameters), switch.replace(default=False)]
    command.__signature__ = signature.replace(parameters=both)  # type: ignore[attr-defined]
    paragraphs = (inspect.unwrap(main).__globals__["__doc__"] or "").split("\n\n")
    app.command(help="\n\n".join(" ".join(one.split()) for one in paragraphs))(command)
    app(words, prog_name=name)


def finished(main: Callable[..., int], options: dict[str, Any]) -> tuple[int, bool]:
    """Call `main`, say in a line what ended it; return the exit code, and if results are there."""
    try:
        code = main(**options)
        return code, code in {DONE, NOT_TRUSTED}
    except DataError as error:
        code = _said(str(error), DATA_UNUSABLE)
    except OutputError as error:
        code = _said(str(error), UNWRITABLE)
    except OSError as error:  # of a library, in the folder for temporary files or in its cache
        if error.errno not in NO_ROOM:
            raise
        code = _said(f"{error.filename or 'disk'}: {error.strerror}; make room", UNWRITABLE)
    except RuntimeError as error:
        from workflow.sampling.fit import SamplerError  # which takes seconds, and is there by now

        if not isinstance(error, SamplerError):
            raise
        code = _said(f"no answer: {error}", NOT_TRUSTED)
        for child in multiprocessing.active_children():  # or we would wait for ADVI
            child.terminate()
    return code, False


def _said(text: str, code: int) -> int:
    """Say `text` on stderr, if anyone is there to read it, and return `code`."""
    with contextlib.suppress(OSError, AttributeError):
        sys.stderr.write(f"{visible(text)}\n")
    return code
