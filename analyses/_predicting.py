"""What a saved fit says of new rows, as a CSV: which fits say nothing, and what is written."""

import contextlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from analyses import UNWRITABLE
from analyses._designs import GROUP, NETWORK, PUTTS, DesignError, kept
from analyses._expected import of_next
from analyses._predicted import Predictions
from analyses._predictions import of_rows
from data._how import Reading
from data._reading import DataError
from reports.blocks.text import visible
from reports.publishing.files import OutputError
from reports.publishing.sealed import DamagedError, read_summary
from reports.publishing.spreadsheet import table
from reports.publishing.trees import read_tree
from reports.terminal.progress import tell
from workflow.checking.status import Status

DONE, USAGE, DATA_UNUSABLE, NOT_TRUSTED = 0, 2, 3, 4
FOLLOW = "follow the model"  # see `reports/regression/costs.py`
SHOWN = 20  # reasons on stderr; all are in the file


class RefusedError(Exception):
    """The fit says nothing of new rows; the message says why, and `code` is the exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def predict(
    fit: Path,
    data: Path | None,
    following: int | None,
    out: Path | None,
    options: Mapping[str, Any],
) -> int:
    """Predict the rows of `data`, or so many `following` trials; return the exit code.

    0 done, 2 wrong usage, 3 fit or data not usable, 4 the fit is not to be trusted, 5 the
    predictions cannot be written.
    """
    path = out or fit.with_name(f"{fit.stem}_predictions.csv")
    try:
        tree, design, warnings = _opened(fit)
        if data is not None and following is not None:
            raise RefusedError("--data and --next cannot be given together", USAGE)
        if data is not None:
            found = of_rows(tree, design, data, Reading.of(options))
        elif following is not None:
            found = of_next(tree, design, following)
        else:
            raise RefusedError(_which(design), USAGE)
        _write(path, found)
    except RefusedError as error:
        return _said(str(error), error.code)
    except (DesignError, DataError) as error:
        return _said(f"{fit}: {error}" if isinstance(error, DesignError) else str(error), 3)
    except OutputError as error:
        return _said(str(error), UNWRITABLE)
    for line in [*warnings, *_shown(found)]:
        _said(line, DONE)
    tell(f"{found.summary()}\npredictions: {path.resolve()}")
    return DONE


def _opened(fit: Path) -> tuple[xr.DataTree, dict[str, Any], list[str]]:
    """Return a fit that may be relied on, its design, and the warnings of its page."""
    try:
        tree = read_tree(fit, ("posterior", GROUP))
        summary = read_summary(fit.with_suffix(".json"))
    except DamagedError as error:
        raise RefusedError(
            f"{fit}: {error}; name the .nc of a run, beside which its .json has to be, or run the "
            "case again",
            DATA_UNUSABLE,
        ) from None
    if summary.get("status") == Status.FAIL.value or summary.get("decision") is None:
        raise RefusedError(
            f"{fit}: nothing is predicted, because the page gives no answer. {summary['answer']}",
            NOT_TRUSTED,
        )
    design = kept(tree)
    warnings = [f"warning of the page: {one}" for one in summary["warnings"]]
    if "stakes" in design and summary["decision"] != FOLLOW:
        warnings.append(
            f"the page's decision is to {summary['decision']}, which cost least on the rows "
            "that judged it; the column decision is by the probability of each row"
        )
    return tree, design, warnings


def _which(design: Mapping[str, Any]) -> str:
    """Say what is to be given, by what was fitted."""
    if "terms" in design:
        return f"name the new rows with --data: a CSV with {', '.join(design['columns'])}"
    if "words" in design:
        return "name the new messages with --data: a CSV with the column message"
    if design["kind"] == PUTTS:
        return "name the new putts with --data: a CSV with the column distance_ft, or distance_m"
    if "where" in design:
        return f"name the new places with --data: a CSV with the column {design['x']}"
    if design["kind"] == NETWORK:
        return "name the new patients with --data: a CSV with a column for each finding"
    if "groups" in design:
        return "say how many trials are to come: --next N or --data, a CSV of group,trials"
    arms = " or --data, a CSV of arm,visitors" if "arms" in design else ""
    return f"say how many trials are to come: --next N{arms}"


def _write(path: Path, found: Predictions) -> None:
    """Write the predictions, whole or not at all."""
    rows = found.table.astype(object).to_numpy().tolist()
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(table(list(found.table), rows).encode("utf-8-sig"))
        os.replace(part, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise OutputError.of(path.parent, error) from None


def _shown(found: Predictions) -> list[str]:
    """Return the first reasons why rows are not predicted, and how many there are."""
    more = len(found.reasons) - SHOWN
    return [*found.reasons[:SHOWN], *([f"... and {more:,} more; see note"] if more > 0 else [])]


def _said(text: str, code: int) -> int:
    with contextlib.suppress(OSError, AttributeError):
        sys.stderr.write(f"{visible(text)}\n")
    return code
