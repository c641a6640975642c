"""Estimated effects of several groups with their standard errors: what a posterior is made of."""

from pathlib import Path

import pandas as pd

from data._how import AS_IT_IS, Reading
from data._label import labels
from data._numeric import numeric
from data._table import at_most, found, missing_columns, read_table, refuse

PATH = Path(__file__).with_suffix(".csv")
NAMES = ("group", "effect", "standard_error")
FEWEST, MOST = 3, 200  # groups
FINEST, COARSEST = 1e-3, 1e5  # of the median standard error: the unit of the effects
FARTHEST = 1e6  # standard errors from 0 to an effect


def load(path: Path = PATH) -> pd.DataFrame:
    """Return `effect` and `standard_error` of every group (index: its name); see `read`."""
    return read(path)


def read(
    path: Path = PATH, reading: Reading = AS_IT_IS, *, drop_missing: bool = False
) -> pd.DataFrame:
    """Return `effect` and `standard_error` of every group, in the order of the file.

    The file has a row a group: `group` (any text, each once), `effect` and `standard_error`, above
    0; `reading` may name the columns. Index: the names, as labels.

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    table, problems = read_table(path, reading, names=NAMES)
    wanted = [name for name in NAMES if name not in table]
    problems += [f"column {one!r} is missing; found {found(table, one)}" for one in wanted]
    problems += missing_columns(table, NAMES)
    if wanted:
        refuse(path, problems)
    columns, wrong = numeric(
        path, table, [*NAMES[1:]], problems, reading, drop_missing=drop_missing
    )
    groups = table.loc[columns.index, "group"]
    refuse(path, wrong or [*_names(groups), *_not_numbers(columns)])
    refuse(path, _unfit(columns.astype(float)))
    return columns.astype(float).set_axis(pd.Index(labels(groups), name="group"))


def _names(groups: pd.Series) -> list[str]:
    """Name groups without a name, and those that come again."""
    empty = [f"line {at}, column 'group': no name" for at in groups.index[groups == ""]]
    again = groups[(groups != "") & groups.duplicated()]
    rule = "comes again; a row a group is expected: one effect of each"
    return at_most(empty) + at_most([f"line {at}: group {g!r} {rule}" for at, g in again.items()])


def _not_numbers(columns: pd.DataFrame) -> list[str]:
    """Name cells that are not finite, standard errors that are not above 0, and a wrong number."""
    effect, error = columns["effect"], columns["standard_error"]
    bad = columns.index[~((error > 0) & (error < float("inf")))]
    told = [f"line {at}, column 'standard_error': not a finite number above 0" for at in bad]
    bad = columns.index[~(effect.abs() < float("inf"))]
    told_too = [f"line {at}, column 'effect': not a finite number" for at in bad]
    problems = at_most(told) + at_most(told_too)
    n = len(columns)
    if n < FEWEST:
        problems.append(f"{n} groups, at least {FEWEST} are needed: else nothing tells their sd")
    if n > MOST:
        problems.append(
            f"{n:,} groups; every method is tried, the slowest too, so that {MOST} are the most: "
            f"take {MOST} of them at random, which is as much a posterior like yours"
        )
    return problems


def _unfit(columns: pd.DataFrame) -> list[str]:
    """Name what no method could begin with: an odd unit, effects that are all error-free."""
    typical = float(columns["standard_error"].median())
    if not FINEST <= typical <= COARSEST:
        return [
            f"the standard errors are about {typical:.3g}: write effects and errors in a unit in "
            f"which that is between {FINEST:g} and {COARSEST:,.0f}"
        ]
    far = columns.index[(columns["effect"] / columns["standard_error"]).abs() > FARTHEST]
    rule = f"an effect of more than {FARTHEST:,.0f} standard errors; is that the standard error?"
    odd = columns.index[~columns["standard_error"].between(typical / FARTHEST, typical * FARTHEST)]
    other = "a standard error more than a million times another than the median"
    return at_most([f"line {at}: {rule}" for at in far]) + at_most(
        [f"line {at}: {other}" for at in odd]
    )
