"""What a file has to say of which case fits it: its outcome's kind, its layout, its predictors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from data._column import Column
from data._how import AS_IT_IS, Reading, said_of
from data._kinds import NAMES, TIME, Kind, kind_of
from data._layouts import Layout, layouts, lines_of_messages
from data._meant import meant
from data._missing import emptied, is_missing
from data._spelling import are_codes, called_as_codes, one_spelling
from data._table import read_table, refuse
from data._typed import typed
from data._used import used_of
from data._weighted import may_weigh, weights_of


@dataclass(frozen=True)
class Asked:
    """What is known of a file before a case is chosen.

    `outcome` is the column to predict, `last` whether it is so for being the last; `cells` are as
    in the file and `values` as read. `unfit` are predictors that no regression can use, or of whose
    slope nobody learns anything; `missing` is how many rows lack a value that a regression needs,
    and `weighs` a column that may say how many rows a line stands for.
    """

    table: pd.DataFrame
    layouts: Sequence[Layout]
    outcome: str | None = None
    last: bool = True
    kind: Kind | None = None
    cells: pd.Series = field(default_factory=pd.Series)
    values: pd.Series = field(default_factory=pd.Series)
    unfit: Sequence[str] = ()
    missing: int = 0
    weighs: str | None = None

    @property
    def others(self) -> dict[str, Kind]:
        """The kinds of the other columns, as far as they are of one."""
        names = [str(name) for name in self.table if name != self.outcome]
        found = {name: _kind(self.table, name, AS_IT_IS, ",")[0] for name in names}
        return {name: kind for name, kind in found.items() if kind is not None}


def asked(path: Path, reading: Reading = AS_IT_IS) -> Asked:
    """Read the CSV at `path` as the cases do, and return what is to be known of it.

    Raises
    ------
    DataError
        It cannot be read; there is no such outcome, or it has no value, one, or cells that are
        neither numbers nor text.
    """
    if lines_of_messages(path, reading):
        why = "it has a message a line: spam or ham, a tab, and the text"
        return Asked(pd.DataFrame(), [Layout("spam_words", why)])
    table, problems = read_table(path, reading, unnamed=True)
    refuse(path, problems)
    table = table.drop(columns=weights_of(path, table, reading, None, ()))
    found = layouts(table, reading.outcome)
    if found and found[0].whole:
        whole = [one for one in found if one.whole]
        return Asked(table, whole, found[0].outcome, last=reading.outcome is None)
    choice = used_of(table, None, reading)
    refuse(path, choice.problems)
    name = choice.names[0]
    kind, cells, values, wrong = _kind(table, name, reading, said_of(path).separator)
    refuse(path, wrong)
    unfit = [one for one in table if one != name and _unfit(table, one, reading)]
    needed = table.drop(columns=unfit).apply(is_missing).any(axis=1)
    last = reading.outcome is None
    missing, weighs = int(needed.sum()), None if reading.weights else may_weigh(table)
    return Asked(table, found, name, last, kind, cells, values, unfit, missing, weighs)


def _kind(
    table: pd.DataFrame, name: str, reading: Reading, separator: str
) -> tuple[Kind | None, pd.Series, pd.Series, list[str]]:
    """Return kind, cells and values of a column, and what is wrong; then it has no kind."""
    raw = table[name]
    read = meant(table, [name], reading, separator=separator)
    cells = emptied(table, read.table, reading, [])[0][name]
    cells = one_spelling(cells, "")[0]
    columns, wrong = typed(cells.to_frame(), reading)
    values = columns[name]
    text = isinstance(values.dtype, pd.CategoricalDtype)
    problems = read.problems + ([] if text else wrong)
    there = values.dropna()
    if not problems and there.nunique() < 2:
        said = f"has one value, {cells[~is_missing(cells)].iloc[0]!r}" if len(there) else "has none"
        problems = [f"the outcome {name!r} {said}: name the column to predict with --outcome"]
    if problems:
        return None, cells, values, problems
    if Column.of(name, raw).is_date:
        return Kind(TIME, "dates"), cells, values, []
    if are_codes(raw):
        return Kind(NAMES, f"codes of digits, such as {raw.iloc[0]!r}"), cells, values, []
    return kind_of(values), cells, values, []


def _unfit(table: pd.DataFrame, name: str, reading: Reading) -> bool:
    """Say whether a column is constant, names rows, or has too many levels for categories."""
    cells = table[name]
    if cells[~is_missing(cells)].nunique() < 2:
        return True
    column, wrong = typed(meant(table, [name], reading).table, reading)
    text = isinstance(column[name].dtype, pd.CategoricalDtype)
    return called_as_codes(name) or (text and bool(wrong))
