"""The header of a table: names that are missing or come twice, an index without a name."""

import re
from collections import Counter
from collections.abc import Sequence

import pandas as pd

from data._dialect import Rows
from data._how import Reading, Said, did_you_mean
from data._label import visible
from data._plain import texts

UNNAMED = re.compile(r"Unnamed: \d+|\.\.\.\d+")  # what pandas and readr call what has no name
ENOUGH = 10  # rows, from which on 1, 2, 3, ... are no whole parts of decimals by chance
_PLACE = "(column {})"  # the name, in the table, of what has none


def header_of(rows: Rows, said: Said) -> tuple[list[str], list[str], Rows]:
    """Return a name for every column, what is wrong with the header, and the rows (header first).

    Rows that are all one cell longer have an empty cell at their end, which is left out, or the
    row's name before them, for which a column without a name is put into the header.
    """
    n = len(rows[0][1])
    if len(rows) > 1 and all(len(row) == n + 1 for _, row in rows[1:]):
        if not any(row[-1].strip() for _, row in rows[1:]):
            rows = [rows[0], *((at, row[:-1]) for at, row in rows[1:])]
            said.notes.append("Every row ends with a separator; the empty cell there is left out.")
        elif _numbered([row[0] for _, row in rows[1:]]):
            rows = [(rows[0][0], ["", *rows[0][1]]), *rows[1:]]
    short = len(rows) > 1 and n > 2 and all(len(row) == n - 1 for _, row in rows[1:])
    if short and not rows[0][1][-1].strip():
        rows = [(rows[0][0], rows[0][1][:-1]), *rows[1:]]
        said.notes.append("The header ends with a separator, which is left out.")
    names = [visible(name) for name in rows[0][1]]
    twice = sorted(name for name, times in Counter(names).items() if name and times > 1)
    problems = [f"line 1: column {name!r} stands there twice" for name in twice]
    header: list[str] = []
    for i, name in enumerate(names, 1):
        free = name and name not in header
        header.append(name if free else f"{name} {_PLACE.format(i)}".strip())
    return header, problems, rows


def _numbered(names: list[str]) -> bool:
    """Say whether these are names of rows, and no part of numbers: text, or 1 to n."""
    run = len(names) >= ENOUGH and names == [str(i) for i in range(1, len(names) + 1)]
    return run or not any(re.search("[0-9]", name) or not name.strip() for name in names)


def without_index(
    table: pd.DataFrame, said: Said, *, unnamed: bool = False
) -> tuple[pd.DataFrame, list[str]]:
    """Leave out what has no name and is an index or empty, and say so; name the rest as a problem.

    Where columns may be `unnamed`, all without a name are left out. An index is the first column,
    if its cells are whole numbers that are all different.
    """
    out, problems = [], []
    for i, name in enumerate(table, 1):
        if name != _PLACE.format(i) and not UNNAMED.fullmatch(name):
            continue
        cells = table[name]
        if (cells == "").all():
            said.notes.append(f"Column {i} has no name and no values, and is left out.")
        elif unnamed and i > 1:
            said.notes.append(f"Column {i} has no name, and is left out.")
        elif i == 1 and (text := texts(cells)).is_unique and text.str.fullmatch("[0-9]+").all():
            said.notes.append(
                "The first column has no name and numbers the rows, as the index that pandas and R "
                "write: it is left out."
            )
            said.signs.append("an index without a name")
        else:
            if name == _PLACE.format(i):
                problems.append(
                    f"line 1: column {i} has no name (line {table.index[0]} has "
                    f"{cells.iloc[0]!r} there); name it in the first line, or delete it"
                )
            continue
        out.append(name)
    if len(problems) * 2 >= table.shape[1]:
        problems.append("line 1 may be a title: if the names stand below it, delete what is above")
    return table.drop(columns=out), problems


def named(
    table: pd.DataFrame, reading: Reading, said: Said, names: Sequence[str] = ()
) -> tuple[pd.DataFrame, list[str]]:
    """Give columns the names that the case has for them, as the options say.

    A column that has such a name already, and is another one, is called otherwise. What the options
    do not say is told by `names`, but for capitals and blanks.
    """
    new, problems = {}, []
    columns = dict(reading.columns)
    for name in names:
        like = [one for one in table if one.lower().replace(" ", "_") == name]
        if name not in columns and name not in table and len(like) == 1:
            columns[name] = like[0]
    for ours, theirs in columns.items():
        if theirs not in table:
            found = ", ".join(map(repr, table.columns)) + did_you_mean(theirs, table.columns)
            option = f"--{ours.replace('_', '-')}"
            problems.append(f"{option}: there is no column {theirs!r}; found {found}")
        elif theirs != ours:
            new[theirs] = ours
            if ours in table and ours not in columns.values():
                new[ours] = f"{ours} (of the file)"
            said.names[ours] = theirs
            said.notes.append(f"Column {theirs!r} is read as {ours!r}.")
    for name in reading.as_text:
        if name not in table:
            found = ", ".join(map(repr, table.columns)) + did_you_mean(name, table.columns)
            problems.append(f"--as-text: there is no column {name!r}; found {found}")
    return table.rename(columns=new), problems
