"""Which columns of a file a regression uses: by its formula, by --outcome, or the last on all."""

import re
from dataclasses import dataclass, field

import pandas as pd

from data._formula import FormulaError, columns_of
from data._how import Reading, did_you_mean
from data._missing import is_missing


@dataclass
class Used:
    """The columns, the outcome first; the formula, if there is one, notes and problems."""

    names: list[str] = field(default_factory=list)
    formula: str | None = None
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def used_of(table: pd.DataFrame, formula: str | None, reading: Reading) -> Used:
    """Return the columns that are used; none, and the reason, where they cannot be told.

    A column without any value is left out, unless the formula names it; so is that of --weights.
    """
    table = table.drop(columns=reading.weights or [], errors="ignore")
    names, outcome = list(table.columns), reading.outcome
    if outcome is not None and outcome not in names:
        found = f"found {', '.join(map(repr, names[:50]))}{did_you_mean(outcome, names)}"
        return Used(problems=[f"--outcome: there is no column {outcome!r}; {found}"])
    if formula:
        return _by_formula(table, formula, outcome)
    outcome = outcome or names[-1]
    used = Used([outcome, *(name for name in names if name != outcome)])
    if len(names) < 2:
        quoted = " (are whole lines in quotes?)" if re.search("[,;\t]", names[0]) else ""
        used.problems.append(f"there is one column, {names[0]!r}; a regression needs two{quoted}")
    empty = _empty(table, names)
    if outcome in empty:
        option = "name the column to predict with --outcome"
        used.problems.append(f"the outcome {outcome!r} has no value in any row; {option}")
    left = [name for name in empty if name != outcome]
    used.names = [name for name in used.names if name not in left]
    if left:
        used.notes.append(f"Without a value in any row, and so left out: {', '.join(left)}.")
    return used


def names_it(formula: str | None, column: str) -> bool:
    """Say whether a formula speaks of a column, by its whole name."""
    return bool(re.search(rf"(?<![\w.]){re.escape(column)}(?![\w.])", formula or ""))


def _by_formula(table: pd.DataFrame, formula: str, outcome: str | None) -> Used:
    names = list(table.columns)
    if outcome is not None:
        left, tilde, right = formula.partition("~")
        if tilde and left.strip() and left.strip() not in {outcome, f"`{outcome}`"}:
            why = f"--outcome is {outcome!r} and that of --formula {left.strip()!r}; leave one out"
            return Used(problems=[why])
        formula = formula if left.strip() and tilde else f"`{outcome}` ~ {right if tilde else left}"
    try:
        used = Used(columns_of(formula, names), formula)
    except FormulaError as error:  # what it seems to use is looked at all the same
        unknown = re.search("there is no column '([^']+)'", str(error))
        near = did_you_mean(unknown[1], names) if unknown else ""
        places = {name: found.start() for name in names if (found := _named(name, formula))}
        return Used(
            sorted(places, key=lambda name: places[name]),
            formula,
            [],
            [f"--formula: {error}{near}"],
        )
    used.problems += [
        f"column {name!r} has no value in any row; leave it out of --formula"
        for name in _empty(table, used.names)
    ]
    return used


def _named(name: str, formula: str) -> re.Match[str] | None:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", formula)


def _empty(table: pd.DataFrame, names: list[str]) -> list[str]:
    """Return the columns all of whose cells are missing."""
    return [name for name in names if is_missing(table[name]).all()]
