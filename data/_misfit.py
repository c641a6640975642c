"""An outcome of another kind than the case is for: what is lost, and which case is meant."""

from pathlib import Path

import pandas as pd

from data._kinds import COUNT, ORDERED, SHARE, TWO, Kind, kind_of
from data._label import labels
from data._regression import Regression
from data._suited import Choice, choices, command, formula_of
from data._typed import typed

_IF = {
    COUNT: "If it counts something, use",
    ORDERED: "If its values are ratings, use",
    SHARE: "If it is a part of a whole, and no other number (which may be in another unit), use",
    TWO: "Use",
}
_FAR = "noise with heavy tails takes the rarer for a value far off"


def instead(here: str, kind: Kind) -> Choice | None:
    """Return the best case for a kind, if it exists, and is another than `here`."""
    found, missing = choices(kind)
    return found[0] if found and not missing and found[0].case != here else None


def cells_meant(
    here: str, path: Path, cells: pd.Series, outcome: str | None, formula: str | None
) -> str:
    """Say which case is meant for an outcome's cells (text), with its command; "" if none is.

    `outcome` and `formula` are what was asked for.
    """
    column, problems = typed(cells.to_frame())
    values = column[cells.name]
    if problems or values.dropna().nunique() < 2:
        return ""
    kind = kind_of(values)
    found, missing = choices(kind)
    if not found or found[0].case == here:
        return ""
    best = found[0]
    made = formula or formula_of(best, str(cells.name))
    lost = f", though {missing}, which is not here yet, would fit better" if missing else ""
    return (
        f"; it looks like {kind.name} ({kind.seen}), and for these is {best.case}{lost}: "
        f"{command(best.case, path, outcome, made)}"
    )


def own_kind(found: Regression) -> Kind | None:
    """Return the kind of the outcome of a regression; None where it is computed of its column.

    Two values are of that kind, computed or not.
    """
    name = str(found.columns.columns[0]) if found.columns.shape[1] else ""
    kind = kind_of(found.outcome.rename(name))
    as_it_is = labels([name]) == [str(found.outcome.name)] and found.logged is None
    return kind if as_it_is or kind.name == TWO else None


def warning(
    here: str,
    found: Regression,
    path: Path,
    outcome: str | None,
    formula: str | None,
    lost: str = "",
) -> tuple[str, str] | None:
    """Return what to warn of, and advice, where noise around a line is plainly not the outcome's.

    It is for a case `here` whose noise is the same for all rows, and has no bounds, or that says
    by itself what is `lost`.
    """
    kind = own_kind(found)
    if kind is None or not kind.rough:
        return None
    every, missing = choices(kind)
    linear = (one.lost for one in reversed(every) if one.case == "linear_regression")
    lost = lost or next(linear)
    name = str(found.outcome.name)
    text = f"{name} looks like {kind.name} ({kind.seen}), and this model does not know: {lost}."
    if best := instead(here, kind):
        run = command(best.case, path, outcome, formula or formula_of(best, name))
        return text, f"{_IF[kind.name]} {best.case}: {run}"
    if every[0].outcome and not formula:
        run = command(here, path, outcome, formula_of(every[0], name))
        return text, f"{missing} is not here yet; nearest is, since {every[0].fits}: {run}"
    return text, (
        f"{missing} would fit, and is not here yet: take slopes for differences of the mean, and "
        "no interval of a single row for what it says."
    )


def of_two_values(
    path: Path, found: Regression, outcome: str | None, formula: str | None, why: str = _FAR
) -> list[str]:
    """Refuse an outcome of two values, say `why`, and which case is for it."""
    kind = own_kind(found)
    if kind is None or kind.name != TWO:
        return []
    column = str(found.columns.columns[0])
    raw = column == str(found.outcome.name)
    run = command("logistic_regression", path, outcome, formula if raw else None)
    return [
        f"the outcome {str(found.outcome.name)!r} has {kind.seen}: {why}; "
        f"logistic_regression predicts its probability: {run}"
    ]
