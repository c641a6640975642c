"""A process that computes the rows of a batch: a data set a line on stdin, its row on stdout.

Models of one structure are compiled once, in each process.
"""

import dataclasses
import functools
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from analyses import leave_when_interrupted
from analyses._options import main_of
from analyses._processes import lines

WITHOUT = {"stem": "--name", "data": "--data"}  # what a batch says by itself


def options_of(case: str, words: Sequence[str]) -> dict[str, Any]:
    """Return the arguments of a case's `main` by the words of the command line.

    Raises
    ------
    SystemExit
        The words are wrong (2), or help was shown (0).
    """
    from analyses import _running  # which takes seconds

    kept: dict[str, Any] = {}
    main = main_of(case)
    usual = {one: parameter.default for one, parameter in _parameters(main).items()}

    @functools.wraps(main)
    def keep(**options: Any) -> int:
        kept.update(options)
        return 1  # nothing was written that could be shown

    try:
        _running.run(keep, list(words), f"casebook batch {case}")
    except SystemExit:
        if not kept:
            raise
    for name, option in WITHOUT.items():
        if kept[name] != usual[name]:
            raise typer.BadParameter(f"{option} is said by the batch: --data names all files")
    return kept


def _parameters(main: Callable[..., int]) -> Mapping[str, Any]:
    import inspect

    return inspect.signature(main).parameters


def read_as(options: dict[str, Any], reading: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options with another way to read files: parts of a file are UTF-8."""
    if "reading" not in options or not reading:
        return options
    return options | {"reading": dataclasses.replace(options["reading"], **reading)}


def serve() -> None:
    """Compute a row for each line until there are no more."""
    leave_when_interrupted()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no row
    said = lines()
    order = json.loads(next(said))
    options = read_as(options_of(order["case"], order["words"]), order["reading"])

    from analyses._row import row_of
    from workflow.sampling.shared import shared_compiles

    main, folder = main_of(order["case"]), Path(order["out"])
    with shared_compiles() as compiles:
        for line in said:
            one = json.loads(line)
            found = row_of(
                one["name"],
                Path(one["data"]),
                main,
                options,
                pages=order["pages"],
                folder=folder,
                stem=one["stem"],
            )
            told = {"row": dataclasses.asdict(found), "compiles": compiles.made}
            answers.write(json.dumps(told, default=str) + "\n")
            answers.flush()


if __name__ == "__main__":
    serve()
