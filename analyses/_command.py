"""The command line of an analysis: its `main` is the specification, the signature the options."""

import contextlib
import errno
import functools
import inspect
import io
import multiprocessing
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from analyses import UNWRITABLE, leave_when_interrupted
from analyses._files import (
    AS_IT_IS,
    Births,
    Messages,
    Numbers,
    Readings,
    Test,
    Trials,
    expanded,
    gathered,
)
from analyses._names import output_name, usable
from analyses._numbers import earlier, number, proportions, quantiles, rate, real, text
from data._reading import AS_READ, DataError
from reports.blocks.text import visible
from reports.publishing.files import HTML, OutputError
from reports.terminal.progress import allow_any_text, tell

__all__ = [
    "AS_IT_IS",
    "AS_READ",
    "HTML",
    "UNWRITABLE",
    "Births",
    "Messages",
    "Numbers",
    "Readings",
    "Test",
    "Trials",
]
__all__ += ["earlier", "number", "proportions", "quantiles", "rate", "real", "run", "text"]
DONE, DATA_UNUSABLE, NOT_TRUSTED = 0, 3, 4
INDEPENDENT = "independent"
MOST_DRAWS, MOST_CHAINS = 100_000, 64
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}


def not_both(**options: object) -> None:
    """Refuse options of which only one can be given."""
    given = [f"--{name.replace('_', '-')}" for name, value in options.items() if value is not None]
    if len(given) > 1:
        raise typer.BadParameter(f"{' and '.join(given)} cannot be given together")


def slope_prior(
    prior: str, r2: float | None, slope_sd: float | None, *, usual: dict[str, float]
) -> dict[str, float]:
    """Return the knob of the slopes' prior that was chosen, and its value, else the usual one.

    Raises
    ------
    typer.BadParameter
        A knob of the other prior was given.
    """
    given = dict(zip(usual, (r2, slope_sd), strict=True))
    wrong, right = list(usual)[:: 1 if prior == INDEPENDENT else -1]
    if given[wrong] is not None:
        raise typer.BadParameter(f"--{wrong.replace('_', '-')} is no knob of --prior {prior}")
    chosen = given[right]
    return {right: usual[right] if chosen is None else chosen}


# The options that every analysis has.
Data = Annotated[Path, typer.Option(help="CSV with the data; see the codebook data/<case>.md.")]
Formula = Annotated[
    str | None,
    typer.Option(help="Outcome and terms, as in 'y ~ x + log(z) + C(g)'; else the last on all."),
]
DropMissing = Annotated[
    bool, typer.Option("--drop-missing", help="Leave out rows with missing values.")
]
Prior = Annotated[
    Literal["predictive", "independent"],
    typer.Option(help="Of the slopes: on what all terms predict (--r2), or on each (--slope-sd)."),
]
R2 = Annotated[float | None, rate("Share of the variance that all terms are expected to explain.")]
SlopeSd = Annotated[
    float | None,
    number("Prior sd of each coefficient (for one sd; of a level), with --prior independent."),
]
Between = Annotated[
    float | None,
    number("Prior scale of the sd between groups, of (1 | group) in --formula; else the usual."),
]
Ordered = Annotated[
    bool, typer.Option("--ordered", help="Rows have an order, such as time: check neighbours.")
]
Cluster = Annotated[
    str | None,
    typer.Option(help="Column that says whose rows are, such as user_id: they are counted by it."),
]
Group = Annotated[
    str | None,
    typer.Option(
        help="With --hold-out: column that says whose rows are, such as person: held out together."
    ),
]
Draws = Annotated[int, typer.Option(min=4, max=MOST_DRAWS, help="Draws kept of each chain.")]
Tune = Annotated[int, typer.Option(min=10, max=MOST_DRAWS, help="Warm-up draws of each chain.")]
Chains = Annotated[
    int, typer.Option(min=1, max=MOST_CHAINS, help="Chains; fewer than 2 cannot be checked.")
]
Seed = Annotated[
    int, typer.Option(min=0, max=2**32 - 1, help="Same seed and machine: same draws, bit for bit.")
]
SplitSeed = Annotated[int, typer.Option(min=0, help="Which rows --hold-out keeps.")]
Out = Annotated[Path, typer.Option(help="Folder for the page, the draws and the summary.")]
Name = Annotated[
    str | None,
    typer.Option(
        "--name", callback=usable, help="What page and files are called, if not as the case."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")]
Quick = Annotated[
    bool, typer.Option("--quick", help="A first look: no ADVI, no other priors; at best WARN.")
]
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
            code, written = _finished(main, options)
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


def _finished(main: Callable[..., int], options: dict[str, Any]) -> tuple[int, bool]:
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
