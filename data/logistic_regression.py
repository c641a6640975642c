"""Breast masses, malignant or benign, and what their cells' nuclei look like; or a CSV's."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data._bounds import FormulaError
from data._how import AS_IT_IS, Reading, did_you_mean, found_of
from data._misfit import cells_meant
from data._missing import is_missing
from data._notation import Binomial, read
from data._regression import Regression, read_regression
from data._split import on_both_sides, split, whole
from data._table import DataError, at_most
from data._trials import by_trial
from data._truth import EXPECTED, truth_of
from data._written import written

__all__ = ["PATH", "load", "on_both_sides", "split", "whole"]
PATH = Path(__file__).with_suffix(".csv")

#: Found by simulation: where the gaps go with the outcome, P(event) of a row by what it has is off.
NO_GAPS = (
    "it decides by the probability of a row given what the row has, and where gaps go with the "
    "outcome that is not the probability of a new one"
)
LONGEST_EVENT = 60  # characters; it stands in every heading


def load(
    path: Path = PATH,
    formula: str | None = None,
    *,
    event: str | None = None,
    drop_missing: bool = False,
    group: str | None = None,
    reading: Reading = AS_IT_IS,
) -> Regression:
    """Return outcome (0, 1) and terms of the CSV at `path`: by `formula`, or the last on all.

    Parameters
    ----------
    event
        The value of the outcome that counts as 1; the only other value is 0. None: the outcome is
        0 and 1, false and true, or no and yes.
    group
        A column that says to what rows belong, kept for `split`.
    reading
        How the file is to be read; see `read_regression`.

    A formula may name the event itself, y['yes'] ~ x, or have counts, successes | trials(n) ~ x or
    cbind(successes, failures) ~ x: a row is then one trial.

    Raises
    ------
    DataError
        The file or the formula cannot be used, or the outcome does not have two values.
    """
    if event is not None and len(event) > LONGEST_EVENT:
        raise DataError(f"--event has more than {LONGEST_EVENT} characters")
    event, counts = event_of(formula, event), _counts(formula)
    options: dict[str, Any] = {"drop_missing": drop_missing, "group": group, "reading": reading}
    options["why_not"] = NO_GAPS
    if counts:
        if event is not None:
            raise DataError(
                f"{path}: --event is for an outcome of two values; here the outcome is counts"
            )
        if reading.weights is not None:
            raise DataError(
                f"{path}: --weights and counts in --formula (trials, cbind) both say how many a "
                "line stands for: give one of them"
            )
        found = read_regression(path, formula, also=[counts.other], **options)
        found = by_trial(path, found, counts)
    else:
        other = partial(cells_meant, "logistic_regression", path)
        recode = partial(
            _coded,
            event=event,
            meant=lambda cells: other(cells, outcome=reading.outcome, formula=formula),
        )
        found = read_regression(path, formula, recode=recode, **options)
    text = isinstance(found.outcome.dtype, pd.CategoricalDtype)
    if text or not found.outcome.isin((0, 1)).all():
        raise DataError(f"{path}: the outcome {found.outcome.name!r} is not 0 or 1 in every row")
    name = str(found.outcome.name) if event is None else f"{found.outcome.name} = {event}"
    return replace(found, outcome=found.outcome.astype("int64").rename(name))


def event_of(formula: str | None, event: str | None) -> str | None:
    """Return the value that counts as 1, which a formula may name: y['yes'] ~ x."""
    with suppress(FormulaError):  # it is said where the formula is read
        return (read(formula or "", ()).event if event is None else None) or event
    return event


def _counts(formula: str | None) -> Binomial | None:
    with suppress(FormulaError):
        return read(formula or "", ()).binomial
    return None


def _coded(
    cells: pd.Series, *, event: str | None, meant: Callable[[pd.Series], str]
) -> tuple[pd.Series, list[str]]:
    """Return the outcome's cells as "0", "1" or "" (missing), and what is wrong with them.

    `meant` says which case is for cells of more than two values.
    """
    filled, values = _filled(cells)
    name = f"the outcome {cells.name!r}"
    if event is not None:
        if event not in values:
            near = did_you_mean(event, values)
            return cells, [f"{name} is never {event!r}, the --event; {found_of(values)}{near}"]
        if len(values) != 2:
            wrong = f"{name} needs two values, {event!r} and one other; {found_of(values)}"
            return cells, [f"{wrong}{meant(cells)}"]
        return (filled == event).astype(int).astype(str).reindex(cells.index, fill_value=""), []
    truth = filled.map(dict(zip(values, truth_of(values), strict=True))).astype(float)
    if truth.notna().all():
        return truth.astype(int).astype(str).reindex(cells.index, fill_value=""), []
    if len(values) == 2:
        why = f"{found_of(values)}: name the one to predict, --event"
        return cells, [f"{name} has two values, {why}"]
    if truth.notna().sum() * 2 <= len(filled):
        shares = any(written(value) for value in values)
        counts = "; of counts write successes | trials(n) in --formula" if shares else ""
        return cells, [f"{name} needs two values; {found_of(values)}{counts}{meant(cells)}"]
    bad = filled[truth.isna()]
    every = [f"line {i}, column {cells.name!r}: {c!r} is {EXPECTED}" for i, c in bad.items()]
    other = (
        [f"{name} needs two values; {found_of(values)}{found}"] if (found := meant(cells)) else []
    )
    return cells, [*other, *at_most(every)]


def _filled(cells: pd.Series) -> tuple[pd.Series, list[str]]:
    """Return the cells that are not missing, and their values; "none" is one beside one other."""
    filled = cells[~is_missing(cells)]
    every = list(cells[cells != ""].unique())
    if filled.nunique() < 2 and len(every) == 2 and np.isnan(truth_of(every)).all():
        return cells[cells != ""], every
    return filled, list(filled.unique())
