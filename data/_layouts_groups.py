"""Layouts of groups, a row each: counts of their own, or an effect with its standard error."""

from collections.abc import Callable, Iterator

import pandas as pd

from data._kinds import words_of
from data._layout import Layout

FEWEST, MOST = 3, 300  # groups
_ERRORS = {"se", "stderr", "sem"}
_EFFECTS = {"effect", "estimate", "mean", "difference", "coef", "coefficient", "d", "y"}


def groups(
    table: pd.DataFrame, pair: Callable[[pd.DataFrame], tuple[str, str] | None]
) -> Iterator[Layout]:
    """Yield groups from one population; `pair` finds successes and trials."""
    names = [name for name in table if _called(table[name])]
    if not names or not FEWEST <= len(table) <= MOST:
        return
    rest = table.drop(columns=names)
    errors = [name for name in rest if _is_error(str(name)) and (_numbers(rest[name]) > 0).all()]
    numeric = [name for name in rest if name not in errors and _numbers(rest[name]).notna().all()]
    effects = [name for name in numeric if not _EFFECTS.isdisjoint(words_of(str(name)))]
    if errors and numeric:
        effect = str((effects or numeric)[0])
        named = {"group": names[0], "effect": effect, "standard_error": str(errors[0])}
        why = f"it has a row a group ({names[0]}), with an effect ({effect}) and its standard error"
        yield Layout("partial_pooling", why, _options(named), outcome=effect)
        return
    found = pair(rest)
    if found is not None:
        (k, n), alone = found, rest.shape[1] == 2
        named = {"group": names[0], "successes": k, "trials": n}
        why = f"it has a row a group ({names[0]}), and of {n} each {k}: groups of one population"
        yield Layout("partial_pooling", why, _options(named), outcome=k, whole=alone)


def _options(named: dict[str, str]) -> dict[str, str]:
    return {ours: theirs for ours, theirs in named.items() if ours != theirs.lower()}


def _called(cells: pd.Series) -> bool:
    return bool(_numbers(cells).isna().all() and cells.nunique() == len(cells))


def _is_error(name: str) -> bool:
    words = words_of(name)
    return not _ERRORS.isdisjoint(words) or {"standard", "error"} <= {*words}


def _numbers(cells: pd.Series) -> pd.Series:
    return pd.to_numeric(cells, errors="coerce")
