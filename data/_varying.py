"""`(1 | g)` in a formula: rows belong to groups, each with an intercept of its own.

The term is taken out of the text before anything else reads it; the column of the groups is text
whatever it looks like, so that group 3 is no number.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from data._bounds import FormulaError
from data._how import did_you_mean
from data._label import labels
from data._missing import is_missing
from data._plain import texts
from data._table import DataError

FEWEST, MOST = 2, 500  # groups; of more, draws and pages would be too large
_QUOTED = re.compile(r"""`[^`]*`|"[^"]*"|'[^']*'""")
_TERM = re.compile(r"\(([^()|]*)\|{1,2}([^()|]*)\)")
_NAME = re.compile(r"`[^`]*`|[^\W\d][\w.]*")
PLAIN = "write (1 | {group}), an intercept for each; the page looks whether slopes differ, too"


@dataclass(frozen=True)
class Groups:
    """What rows belong to: the column of the file, the label of each row, and by label its cell.

    The index of `of_row` is that of the terms.
    """

    column: str
    of_row: pd.Series
    cells: Mapping[str, str] = field(default_factory=dict)

    def at(self, lines: pd.Series) -> "Groups":
        """Return the groups of other rows, each of which is of one of the `lines` that are here."""
        found = self.of_row.loc[lines].set_axis(lines.index)
        return Groups(self.column, found, self.cells)


def without_group(right: str) -> tuple[str, str | None]:
    """Return the right side of a formula without `(1 | g)`, and the column g; None without one.

    Raises
    ------
    FormulaError
        There is more than one such term, it is no intercept, g is no column, or nothing else is
        there.
    """
    masked = _QUOTED.sub(lambda one: "q" * len(one[0]), right)
    found = list(_TERM.finditer(masked))
    if masked.count("|") != sum(one[0].count("|") for one in found):
        raise FormulaError(
            f"{right.strip()}: behind ~ a | stands in brackets, as in (1 | group), an intercept "
            "for each group"
        )
    if not found:
        return right, None
    if len(found) > 1:
        raise FormulaError(
            f"{_told(found[0], right)} and {_told(found[1], right)}: one column of groups is "
            "possible. Keep that whose rows are alike most; a page looks at the other by itself"
        )
    group = _group(found[0], right)
    before, after = right[: found[0].start()].rstrip(), right[found[0].end() :].lstrip()
    if (before and before[-1] not in "+") or (after and after[0] not in "+-"):
        raise FormulaError(f"{_told(found[0], right)} is added to the other terms, with +")
    rest = f"{before.removesuffix('+')} {after if before else after.removeprefix('+')}".strip()
    if rest in {"", "1"}:
        raise FormulaError(
            f"a term beside {_told(found[0], right)} is needed, as in y ~ x + (1 | group); what "
            "groups alone are worth asks partial_pooling: casebook run partial_pooling"
        )
    return f" {rest}", group


def _told(found: re.Match[str], right: str) -> str:
    return right[found.start() : found.end()]


def _group(found: re.Match[str], right: str) -> str:
    """Return the column of a term (1 | g)."""
    told = _told(found, right)
    inner, group = right[slice(*found.span(1))].strip(), right[slice(*found.span(2))].strip()
    if not _NAME.fullmatch(group):
        raise FormulaError(
            f"{told}: behind the | there is one column. Of groups within groups, or of two columns "
            "together, make one column in the file, such as school-class"
        )
    if inner != "1":
        raise FormulaError(
            f"{told}: slopes that vary by group are not possible here; {PLAIN.format(group=group)}"
        )
    return group.strip("`").rstrip()


def groups_of(
    path: Path, columns: pd.DataFrame, group: str | None
) -> tuple[Groups | None, list[str]]:
    """Return the groups that a column of text says, and a note of them; None where none is named.

    Raises
    ------
    DataError
        There are too few groups or too many, or none has two rows.
    """
    if group is None:
        return None, []
    name, cells = group, columns[group].astype(str)
    found = list(cells.unique())
    told = f"{path}: column {name!r}, of (1 | {name}), has"
    if len(found) < FEWEST:
        raise DataError(f"{told} one value, {found[0]!r}: leave the term out")
    if len(found) == len(cells):
        raise DataError(
            f"{told} another value in every row: a group of one row cannot be told from the noise; "
            "leave the term out"
        )
    if len(found) > MOST:
        raise DataError(
            f"{told} {len(found):,} values, at most {MOST} groups are fitted: make one row of each "
            "group (its means), or give a sample of the groups"
        )
    shown = labels(found)
    as_label = dict(zip(found, shown, strict=True))
    of_row = cells.map(as_label).rename(labels([name])[0])
    made = Groups(name, of_row, dict(zip(shown, found, strict=True)))
    return made, [_note(made)]


def _note(found: Groups) -> str:
    """Say how rows are grouped."""
    sizes = found.of_row.value_counts()
    each = f"{sizes.min():,}" if sizes.min() == sizes.max() else f"{sizes.min():,} to {sizes.max()}"
    return (
        f"(1 | {found.column}): {len(sizes):,} groups of {each} rows, each with an intercept of "
        f"its own (partial pooling). What {found.column} says is taken as a name, not as a number."
    )


def refuse_twice(group: str | None, used: Sequence[str]) -> None:
    """Refuse groups that are a term, too."""
    if group in used:
        raise FormulaError(
            f"{group!r} is both a term and of (1 | {group}), and can be one of them only"
        )


def missing_column(group: str | None, columns: Sequence[str]) -> list[str]:
    """Say that there is no column of the groups, where there is none."""
    if group is None or group in columns:
        return []
    found = ", ".join(map(repr, columns[:50]))
    near = did_you_mean(group, columns)
    return [f"--formula: there is no column {group!r}, of (1 | {group}); found {found}{near}"]


def with_groups(columns: pd.DataFrame, cells: pd.DataFrame, group: str | None) -> pd.DataFrame:
    """Return columns with the one of the groups, as text, where there is one."""
    if group is None or group not in cells:
        return columns
    named = texts(cells[group])
    text = named.mask(is_missing(named)).astype("category")
    return columns.assign(**{group: text})


def formula_with(formula: str | None, outcome: str, column: str) -> str:
    """Return the formula (without one: the outcome on all others) with a group's intercepts."""
    return f"{formula or f'{_quoted(outcome)} ~ .'} + (1 | {_quoted(column)})"


def _quoted(name: str) -> str:
    return name if _NAME.fullmatch(name) else f"`{name}`"
