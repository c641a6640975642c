"""Going on from a saved fit with new rows: today's posterior is tomorrow's prior.

Where the posterior goes on exactly (conjugate cases say so in their design), the new rows alone are
fitted, with it as their prior; else all rows are. The new page has the case's own checks.
"""

import csv
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd
import typer

from analyses import UNWRITABLE, _command
from analyses._cases import known
from analyses._designs import ARMS, GOES_ON, GROUP, HOLDS, DesignError, told
from analyses._options import main_of
from data._how import Reading
from data._table import DataError, read_table
from reports.blocks.text import visible
from reports.publishing.provenance import ROOT, checksum
from reports.publishing.sealed import DamagedError, read_summary
from reports.publishing.trees import read_tree

USAGE, DATA_UNUSABLE = 2, 3
ENOUGH = 40  # bytes: fewer can be the same by chance, as of a few flips
_BLOCK = 1 << 20  # bytes that are read at once
REPLACED = {"--data", "--name", "--out", "--encoding", "--separator"}  # by those of the update


def update(fit: Path, more: Path, out: Path | None, name: str | None) -> NoReturn:
    """Run the fit's case on all that is known now, and exit with its code.

    3 where fit or files cannot be used; 5 where all rows cannot be written.
    """
    try:
        case, words, design = _opened(fit)
    except DamagedError as error:
        _refuse(f"{fit}: {error}; name the .nc of a run, beside which its .json has to be")
    _refuse_known(fit, more)
    folder, called = out or fit.parent, name or f"{fit.stem.removesuffix('_updated')}_updated"
    on, held = design.get(GOES_ON), design.get(HOLDS)
    given = _without(words, REPLACED | {_option(option) for option in on or held or ()})
    options = [(_option(option), value) for option, value in (on or held or {}).items()]
    given += [word for pair in options for word in pair]
    said = " ".join(map(" ".join, options))
    if on is not None:
        data = more
        _say(f"{fit.name} goes on exactly: its posterior is the prior of the new rows ({said})")
    else:
        data = _all_rows(fit, more, words, design, folder / f"{called}_data.csv")
        if held:
            _say(f"the prior is that of {fit.name} ({said}), so that this is going on from it")
    given += ["--data", str(data), "--out", str(folder), "--name", called]
    _command.run(main_of(case), given, f"casebook run {case}")
    raise AssertionError("run exits")


def _opened(fit: Path) -> tuple[str, list[str], dict[str, Any]]:
    """Return the case of a fit, the options that it was run with, and its design, if it has one."""
    summary = read_summary(fit.with_suffix(".json"))
    command = shlex.split(summary["provenance"]["command"])
    case = str(summary.get("analysis") or summary["case"])
    known(case)
    try:
        design = told(read_tree(fit, (GROUP,)))
    except DesignError:
        design = {}
    return case, command[3:], design


def _refuse_known(fit: Path, more: Path) -> None:
    """Refuse a file that is, or begins with, what the fit was made of: it would count twice."""
    about = read_summary(fit.with_suffix(".json"))["provenance"]
    old, begins = ROOT / about["data"], False
    if os.path.isfile(more) and more.stat().st_size < ENOUGH:
        return
    if os.path.isfile(old) and os.path.isfile(more) and checksum(old) == about["data_sha256"]:
        begins = old.stat().st_size >= ENOUGH and _begins(more, old)
    if begins or checksum(more) == about["data_sha256"]:
        _refuse(
            f"{more}: begins with all rows that {fit.name} was made of, and they would count "
            "twice; give the new rows alone, below the same header"
        )


def _begins(more: Path, old: Path) -> bool:
    """Say whether a file begins with all lines of an old one, however its last line ends."""
    with old.open("rb") as one, more.open("rb") as other:
        size = one.seek(0, os.SEEK_END)
        one.seek(max(0, size - _BLOCK))
        left = size - len(tail := one.read()) + len(tail.rstrip())
        one.seek(0)
        while left and (block := one.read(min(left, _BLOCK))):
            if block != other.read(len(block)):
                return False
            left -= len(block)
        return not other.read(1).strip()


def _all_rows(
    fit: Path, more: Path, words: Sequence[str], design: Mapping[str, Any], path: Path
) -> Path:
    """Write the rows of the old file and the new ones into one, and return its path."""
    summary = read_summary(fit.with_suffix(".json"))["provenance"]
    old = ROOT / summary["data"]
    if checksum(old) != summary["data_sha256"]:
        _refuse(
            f"{fit}: it does not go on exactly, so all rows have to be fitted again, and "
            f"{summary['data']} is not there any more, or not as it was; put all rows into one "
            f"file and run {shlex.join(['casebook', 'run', '...', '--data', 'FILE'])}"
        )
    try:
        first, second = _table(old, words), _table(more, ())
        whole = joined(first, second, _key(design, words, first))
    except DataError as error:
        _refuse(str(error))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        whole.to_csv(part, index=False, quoting=csv.QUOTE_MINIMAL, encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        _refuse(f"{path}: {error.strerror}", UNWRITABLE)
    _say(
        f"{fit.name} has no form that goes on exactly: all {len(whole):,} rows are fitted again "
        f"({len(first):,} of {old.name}, {len(second):,} of {more.name}; {path.name})"
    )
    return path


def joined(first: pd.DataFrame, second: pd.DataFrame, key: str | None) -> pd.DataFrame:
    """Return the rows of both tables (text cells); of counts by `key`, their sums.

    Raises
    ------
    DataError
        The second lacks a column of the first, or has what cannot be added up.
    """
    missing = [name for name in first if name not in second]
    if missing:
        raise DataError(f"the new rows have no column {missing[0]!r}, as the old file has")
    both = pd.concat([first, second[list(first)]], ignore_index=True)
    if key is None:
        return both
    cells = both.drop(columns=key)
    for name, column in cells.items():
        bad = column[~column.str.strip().str.fullmatch("[0-9]{1,15}")]
        if len(bad):
            raise DataError(
                f"column {name!r}: {bad.iloc[0]!r} is no plain whole number, so that old and new "
                "counts cannot be added; write it as digits alone, or leave such a column out"
            )
    counts = cells.apply(pd.to_numeric)
    return counts.groupby(both[key], sort=False).sum().astype("int64").reset_index()


def _key(design: Mapping[str, Any], words: Sequence[str], table: pd.DataFrame) -> str | None:
    """Return the column by which counts are added up; None where a row is an observation."""
    if design.get("kind") != ARMS:
        return None
    options = dict(pairwise(words))
    for label, count in (("arm", "visitors"), ("variant", "shown")):
        if options.get(f"--{count}", count) in table:
            return options.get(f"--{label}", label)
    return None


def _table(path: Path, words: Sequence[str]) -> pd.DataFrame:
    """Return the cells of a file as text."""
    options = dict(pairwise(words))
    how = Reading(encoding=options.get("--encoding"), separator=options.get("--separator"))
    table, problems = read_table(path, how)
    if problems:
        raise DataError("\n".join(f"{path}: {problem}" for problem in problems))
    return table


def _without(words: Sequence[str], names: set[str]) -> list[str]:
    """Return a command's words without some options and their values."""
    drop = {i + more for i, word in enumerate(words) if word in names for more in (0, 1)}
    return [word for i, word in enumerate(words) if i not in drop]


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _say(text: str) -> None:
    sys.stderr.write(f"{visible(text)}\n")


def _refuse(text: str, code: int = DATA_UNUSABLE) -> NoReturn:
    _say(text)
    raise typer.Exit(code)
