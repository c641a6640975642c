"""Ratings of the bitterness of wines, and how these were made; or the ordered ratings of a CSV."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import pandas as pd

from data._how import AS_IT_IS, Reading, did_you_mean, found_of
from data._label import labels
from data._levels import ChoiceError, choices
from data._missing import is_missing
from data._order import in_order
from data._regression import Regression, read_regression
from data._table import DataError, read_table
from data._used import used_of

PATH = Path(__file__).with_suffix(".csv")
FORMULA = "rating ~ temp + contact"  # of the shipped file; who judged, and what, is no term
FEWEST, MOST = 3, 20  # ratings
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Ratings(Regression):
    """Terms by row, and as the outcome codes from 0, the lowest rating, on.

    `ratings` are the ratings as the file has them, the lowest first; `told` is the outcome as
    numbers for the page: those of the file, or of words their places, from 1 on.
    """

    ratings: tuple[str, ...] = ()
    told: pd.Series = field(default_factory=pd.Series)


@dataclass
class _Coded:
    """From the cells of the outcome to numbers; what was found is kept.

    `order` is empty where the cells are numbers, which have their order.
    """

    given: Callable[[str], Sequence[str] | None]
    name: str = ""
    order: tuple[str, ...] = ()

    def __call__(self, cells: pd.Series) -> tuple[pd.Series, list[str]]:
        """Return the cells, words as their places from 1 on, and what is wrong with them."""
        self.name = str(cells.name)
        order, filled = self.given(self.name), cells[~_missing(cells)]
        if order is None and filled.str.fullmatch(_NUMBER).mean() > 0.5:
            return cells, []
        present = list(filled.unique())
        found, problem = _ordered(self.name, present, order)
        self.order = tuple(found)
        places = {word: str(i + 1) for i, word in enumerate(found)}
        coded = filled.map(places).reindex(cells.index, fill_value="")
        return coded, [problem] if problem else []


def load(
    path: Path = PATH,
    formula: str | None = None,
    *,
    drop_missing: bool = False,
    reading: Reading = AS_IT_IS,
) -> Ratings:
    """Return outcome (codes of ratings) and terms of the CSV at `path`: see `read_regression`.

    Ratings are numbers, or words whose order can be told (low, medium, high), or that
    `reading.levels` gives: rating=poor,fair,good. Without a formula the last column on all others;
    of the shipped file on temperature and contact.

    Raises
    ------
    DataError
        The file or the formula cannot be used, there are not three to twenty ratings, or their
        order is not known.
    """
    if path.absolute() == PATH and formula is None and reading.outcome is None:
        formula = FORMULA
    orders, reading = _orders_of_outcome(path, formula, reading)
    coded = _Coded(orders.get)
    options: dict[str, Any] = {"drop_missing": drop_missing, "imputes": True, "reading": reading}
    found = read_regression(path, formula, recode=coded, numeric=True, **options)
    _refuse(path, found, coded)
    levels = sorted(found.outcome.unique())
    told = (
        [coded.order[int(one) - 1] for one in levels] if coded.order else map("{:g}".format, levels)
    )
    codes = found.outcome.map({one: i for i, one in enumerate(levels)}).astype("int64")
    own = {one.name: getattr(found, one.name) for one in fields(Regression)}
    ratings = tuple(labels(list(told)))
    return Ratings(**own | {"outcome": codes}, ratings=ratings, told=found.outcome)


def above(found: Ratings, at_least: str | None) -> tuple[int, Regression]:
    """Return the cut below the rating `at_least`, and the outcome as 1 from it on, else 0.

    Without one that cut whose ratings above it are nearest to half of the rows; 1 is the lowest.

    Raises
    ------
    DataError
        There is no such rating, or none below it.
    """
    if at_least is None:
        share = [abs((found.outcome >= at).mean() - 0.5) for at in range(1, len(found.ratings))]
        at = 1 + share.index(min(share))
    elif at_least not in found.ratings[1:]:
        listed = ", ".join(found.ratings[1:])
        raise DataError(f"--at-least {at_least}: choose one of the ratings {listed}")
    else:
        at = found.ratings.index(at_least)
    return at, replace(found, outcome=(found.outcome >= at).astype(int))


def _orders_of_outcome(
    path: Path, formula: str | None, reading: Reading
) -> tuple[dict[str, Sequence[str]], Reading]:
    """Return the order that --levels gives of the outcome, and the reading without it."""
    if not reading.levels:
        return {}, reading
    try:
        orders = choices((), reading.levels).orders
    except ChoiceError as error:
        raise DataError(f"{path}: {error}") from None
    table, _ = read_table(path, reading)
    names = used_of(table, formula, reading).names[:1]
    own = {name: order for name, order in orders.items() if name in names}
    others = tuple(one for one in reading.levels if one.partition("=")[0].strip() not in own)
    return own, replace(reading, levels=others)


def _ordered(
    name: str, present: Sequence[str], order: Sequence[str] | None
) -> tuple[Sequence[str], str]:
    """Return words in their order, and what is wrong: "" for nothing."""
    if order is not None:
        wrong = next((one for one in present if one not in order), None)
        if wrong is not None:
            near = did_you_mean(wrong, order)
            others = [one for one in present if one not in order]
            said = f"--levels {name}: {wrong!r} of the file is not among them{near}"
            return [*order, *others], said
        return [one for one in order if one in present], ""
    found, told = in_order(present)
    if told or len(found) < FEWEST:
        return found, ""
    example = ",".join(found[:3])
    return found, (
        f"the outcome {name!r} is text whose order cannot be told, {found_of(found)}; give it, the "
        f"lowest first: --levels '{name}={example}{',...' if len(found) > 3 else ''}'"
    )


def _missing(cells: pd.Series) -> pd.Series:
    """Say which cells are missing; "none" is a word where it is one of a scale."""
    missing = is_missing(cells)
    words = cells[missing & (cells.str.lower() == "none")]
    if len(words) and in_order([*cells[~missing].unique(), "none"])[1]:
        missing[words.index] = False
    return missing


def _refuse(path: Path, found: Regression, coded: _Coded) -> None:
    """Refuse an outcome that is no rating, and say which case is meant."""
    name, n = str(found.outcome.name), found.outcome.nunique()
    if name != labels([coded.name])[0]:
        raise DataError(
            f"{path}: --formula: the outcome is {name}; ratings have an order and no distances, so "
            f"write {coded.name} ~ ..."
        )
    if n < FEWEST:
        raise DataError(
            f"{path}: the outcome {name!r} has {n} different ratings; ordinal_regression needs "
            f"{FEWEST} or more. Of two values use logistic_regression"
        )
    if n > MOST:
        raise DataError(
            f"{path}: the outcome {name!r} has {n:,} different values, and ratings are {MOST} at "
            "most. Of a number use linear_regression; or cut it into ordered classes in the file"
        )
