"""Whether a case reads a file, by its own reader: what refuses a file is not suggested for it."""

import importlib
from collections.abc import Sequence
from pathlib import Path

from data._each import read_each
from data._how import Reading
from data._table import DataError


def refusal(
    case: str,
    path: Path,
    reading: Reading,
    formula: str | Sequence[str] | None = None,
    *,
    drop_missing: bool = False,
    each: bool = False,
) -> str | None:
    """Return why the reader of a case refuses the file at `path`, or None.

    Regressions are asked with the formula; gaps are no reason where they are to be left out. With
    `each` all series of the file are read.
    """
    module = importlib.import_module(f"data.{case}")
    own = {"event": reading.event} if case == "logistic_regression" else {}
    try:
        if each:
            read_each(path, reading)
        elif case.endswith("_regression") or not hasattr(module, "read"):
            module.load(path, formula, drop_missing=drop_missing, reading=reading, **own)
        else:
            module.read(path, reading=reading)
    except DataError as error:
        return str(error)
    return None
