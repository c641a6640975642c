"""Mesquite bushes and several formulas of their weight; or a CSV and formulas of one's own."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from data._how import AS_IT_IS, Reading
from data._label import labels
from data._numeric import numeric
from data._regression import Regression, read_numeric
from data._soundness import of_one_value, unusable, without_noise
from data._table import DataError, read_table, refuse

PATH = Path(__file__).with_suffix(".csv")
NO_GAPS = "formulas are compared on the same rows, which have all that any of them uses"
SLEEP = PATH.with_stem("model_comparison_sleep")
_SIZES = ("diam1_m", "diam2_m", "canopy_height_m", "total_height_m", "density")
_VOLUME = "log(diam1_m * diam2_m * canopy_height_m)"
SHIPPED = (
    f"additive: weight_g ~ {' + '.join(_SIZES)} + group",
    f"logs: log(weight_g) ~ {' + '.join(f'log({one})' for one in _SIZES)} + group",
    f"volume and shape: log(weight_g) ~ {_VOLUME} + log(diam1_m / diam2_m) + group",
    f"volume: log(weight_g) ~ {_VOLUME}",
)
FEWEST, MOST, ROWS = 2, 12, 3
MEAN = "mean"  # the term of y ~ 1 beside y ~ 0
_NAMED = re.compile(r"\s*([^:~`\"'()]+?)\s*:\s*([^~]*~.*)", re.DOTALL)
_CALL = re.compile(r"(?:np\.)?(\w+)\((.*)\)", re.DOTALL)
WHAT = "give two or more: --formula 'y ~ x' --formula 'log(y) ~ x + z'"


@dataclass(frozen=True)
class Formula:
    """One of the formulas: what it is called, its text, and what it makes of the file.

    `of` is the function that the text has of the outcome, "" for none. Without `intercept` the mean
    is 0 where all terms are, and `found` has the term `MEAN`, a column of 1, or no term.
    """

    name: str
    text: str
    found: Regression
    intercept: bool = True

    @property
    def of(self) -> str:
        """The function of the outcome that is predicted; "" where it is the outcome as it is."""
        called = _CALL.fullmatch(self.text.partition("~")[0].strip())
        return called[1] if called else ""


def load(
    path: Path = PATH,
    formulas: Sequence[str] | None = None,
    *,
    drop_missing: bool = False,
    reading: Reading = AS_IT_IS,
) -> list[Formula]:
    """Return the `formulas` of the CSV at `path`, with outcome and terms of the same rows.

    A formula may have a name before it, and a colon. Without any: those that are shipped, or, of
    another file, the last column (or that of the reading) on all others, its logarithm on them if
    it is above 0, and its mean alone. `y ~ 1` has no terms; where there is nothing but this and
    `y ~ 0`, what is asked is whether the mean is 0.

    Raises
    ------
    DataError
        The file or a formula cannot be used, there are too few or too many of these, two have one
        name, or rows belong to groups.
    """
    shipped = path.absolute() == PATH and reading.outcome is None
    given = [*(formulas or (SHIPPED if shipped else ()))]
    if not given:
        return _usual(path, drop_missing, reading)
    if not FEWEST <= len(given) <= MOST:
        number = "there is one" if len(given) == 1 else f"there are {len(given)}"
        raise DataError(f"{path}: {number} --formula, and 2 to {MOST} can be compared; {WHAT}")
    named = _names(path, given)
    rights = {name: text.partition("~")[2].strip() for name, text in named.items()}
    if {*rights.values()} <= {"0", "1"}:
        return _of_means(path, named, rights, drop_missing, reading)
    return _alike(path, named, rights, drop_missing, reading)


def _names(path: Path, given: Sequence[str]) -> dict[str, str]:
    """Return the formulas by their names, which are the formulas where none is given."""
    pairs = [
        (one[1], one[2]) if (one := _NAMED.fullmatch(text)) else (text, text) for text in given
    ]
    names = labels(" ".join(name.split()) for name, _ in pairs)
    twice = [name for i, name in enumerate(names) if name in names[:i]]
    if twice or len({" ".join(text.split()) for _, text in pairs}) < len(pairs):
        said = f"two are {twice[0]!r}" if twice else "one stands there twice"
        raise DataError(f"{path}: --formula: {said}; a name can stand before: 'small: y ~ x'")
    return {name: text.strip() for name, (_, text) in zip(names, pairs, strict=True)}


def _usual(path: Path, drop_missing: bool, reading: Reading) -> list[Formula]:
    """Return what is compared where nobody says it: all columns, of the logarithm too, and none."""
    found = read_numeric(path, None, drop_missing=drop_missing, why_not=NO_GAPS, reading=reading)
    name = str(found.columns.columns[0])
    every = Formula("all terms", f"{name} ~ .", found)
    made = [every]
    if (found.outcome > 0).all():
        y, column = np.log(found.outcome), str(found.outcome.name)
        logged = replace(found, outcome=y.rename(f"log({column})"), logged=(column, math.e))
        if not unusable(logged.outcome, found.terms) + without_noise(logged.outcome, found.terms):
            made.append(Formula("all terms, log", f"log({name}) ~ .", logged))
    return [*made, Formula("mean alone", f"{name} ~ 1", _without_terms(found))]


def _alike(
    path: Path, named: dict[str, str], rights: dict[str, str], drop_missing: bool, reading: Reading
) -> list[Formula]:
    """Return formulas of which one at least has terms; all of them of the same rows."""
    for name, right in rights.items():
        if right == "0":
            raise DataError(
                f"{path}: --formula {name!r}: ~ 0 says that the mean is 0, and is compared with "
                "~ 1 alone; beside formulas with terms leave it out, or write ~ 1"
            )
    some = next(right for right in rights.values() if right != "1")
    texts = {
        name: text if rights[name] != "1" else f"{text.partition('~')[0]}~ {some}"
        for name, text in named.items()
    }

    def read(text: str, also: Sequence[str] = ()) -> Regression:
        options = {"drop_missing": drop_missing, "reading": reading, "also": also}
        options["why_not"] = NO_GAPS
        return read_numeric(path, text, **options)

    found = {name: read(text) for name, text in texts.items()}
    if any(
        not one.outcome.index.equals(next(iter(found.values())).outcome.index)
        for one in found.values()
    ):
        used = dict.fromkeys(column for one in found.values() for column in one.columns)
        for name, text in texts.items():  # rows that are whole for all of them
            found[name] = read(text, [one for one in used if one not in found[name].columns])
    made = []
    for name, one in found.items():
        if one.groups is not None:
            raise DataError(
                f"{path}: --formula {name!r}: (1 | group) is not compared here; put the column "
                "among the terms, or run linear_regression with each formula and casebook compare"
            )
        bare = rights[name] == "1"
        made.append(Formula(name, named[name], _without_terms(one) if bare else one))
    return made


def _without_terms(found: Regression) -> Regression:
    """Return a regression of which the outcome is left."""
    return replace(
        found, terms=found.terms.iloc[:, :0], parts={}, columns=found.columns.iloc[:, :1]
    )


def _of_means(
    path: Path, named: dict[str, str], rights: dict[str, str], drop_missing: bool, reading: Reading
) -> list[Formula]:
    """Return y ~ 0 and y ~ 1: is the mean 0?"""
    lefts = {text.partition("~")[0].strip().strip("`") for text in named.values()}
    if {*rights.values()} != {"0", "1"} or len(lefts) > 1 or len(named) > 2:
        raise DataError(
            f"{path}: --formula: without terms there are 'y ~ 0' and 'y ~ 1' of one column, whose "
            f"mean is 0 or not; else {WHAT}"
        )
    (column,) = lefts
    table, problems = read_table(path, reading)
    if column not in table:
        there = ", ".join(map(repr, table.columns[:50]))
        refuse(path, [*problems, f"--formula: there is no column {column!r}; found {there}"])
    values, missing = numeric(path, table, [column], problems, reading, drop_missing=drop_missing)
    refuse(path, missing)
    y = values[column].astype(float)
    if len(y) < ROWS:
        refuse(path, [f"column {column!r} has {len(y)} values; {ROWS} are needed"])
    refuse(path, of_one_value(values))
    found = Regression(y.rename(labels([column])[0]), pd.DataFrame({MEAN: 1.0}, y.index), ())
    found = replace(found, columns=values[[column]])
    return [
        Formula(
            *(name, named[name], found if rights[name] == "1" else _without_terms(found)),
            intercept=False,
        )
        for name in named
    ]
