"""Which arm the others are compared with: by what it is called, else the first of a row an arm.

In a file of a row a visitor the first arm is that of whoever came first: chance.
"""

import re
from pathlib import Path

import pandas as pd

from data._counts import Counted
from data._how import did_you_mean, said_of
from data._label import labels
from data._table import DataError

#: Words that name a control, those that do so beyond doubt first.
NAMES = (
    {"control", "controls", "ctrl", "ctl", "kontrolle", "placebo"},
    {
        *("baseline", "base", "current", "old", "off", "original", "existing", "standard"),
        *("usual", "default", "reference", "holdout", "untreated", "champion"),
    },
    {"a", "0"},
)


def named(arms: list[str]) -> str | None:
    """Return the one arm that is called as a control is; None where none is, or several are.

    >>> named(["short_form", "control"]), named(["Variant B", "Variant A"]), named(["x", "y"])
    ('control', 'Variant A', None)
    """
    words = {arm: {*re.findall(r"[^\W\d_]+|\d+", arm.lower())} for arm in arms}
    for names in NAMES:
        found = [arm for arm in arms if words[arm] & names]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def control_first(path: Path, found: Counted, control: str | None) -> pd.DataFrame:
    """Return the arms of the file at `path` with the control first: the one called `control`.

    For None it is the one whose name says so, which is noted; else the first of a file of counts.

    Raises
    ------
    DataError
        No arm is called so; or nothing says which it is, in a file of a row a visitor.
    """
    arms = found.counts
    names = list(arms["arm"])
    if control is None:
        control = named(names)
        if control is None and found.by_row:
            raise DataError(
                f"{path}: nothing says which arm is the control, {', '.join(map(repr, names))}: "
                f"name it, such as --control {names[0]!r}"
            )
        if control is not None and control != names[0]:
            note = f"{control!r} is the control, by its name (--control names another)."
            said_of(path).notes.append(note)
    else:
        (control,) = labels([control])
    if control is not None and control not in names:
        near = did_you_mean(control, names)
        raise DataError(f"no arm is called {control!r}; the arms are {names}{near}")
    first = control or names[0]
    return arms.sort_values("arm", key=lambda arm: arm != first, kind="stable", ignore_index=True)
