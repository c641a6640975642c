"""What kind an outcome is: two values, counts, ordered few, a share, positive and skewed, real.

The values tell, and the name of the column where they leave it open: whole numbers may be counts,
ratings, ages, prices, years or names of rows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from data._order import in_order
from data._spelling import called_as_codes

TWO, COUNT, ORDERED = "two values", "counts", "a few values in order"
SHARE, PERCENT = "shares of a whole", "per cents of a whole"
SKEWED, REAL = "positive and skewed", "real numbers"
CLASSES, TEXT, NAMES, TIME = "classes", "text", "names of rows", "times"

FEW = 10  # values of a rating at most; so many more of text are categories without an order
CLOSE = 7  # of them, so that the steps between two values show in what is left over
SMALL = 5  # median of small counts
_COUNTED = (
    "n num number count counts visits events cases deaths accidents calls orders clicks visitors "
    "children goals errors defects claims bookings anzahl"
)
_RATED = "rating ratings rated score stars grade likert satisfaction agreement level pain rank note"
_MEASURED = (
    "age ages alter year years temp temperature price prices cost costs salary income wage wages "
    "revenue amount sales spend spending umsatz preis weight height length distance"
)
_PERCENT = re.compile(r"%|(?<![A-Za-z])(?:pct|perc|percent|percentage|prozent)(?![A-Za-z])", re.I)
_CHANGE = "inflation growth change interest return returns rate yield discount"
_YEAR = re.compile(r"(?<![a-z])(?:year|yr|jahr)(?![a-z])", re.I)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True)
class Kind:
    """A kind, what was seen of it in words, and whether Gaussian noise plainly cannot have made it.

    `edges` is how many values of a share are 0 or 1, or of per cent 0 or 100.
    """

    name: str
    seen: str
    rough: bool = False
    edges: int = 0


def kind_of(values: pd.Series) -> Kind:
    """Return the kind of a column that is numbers or categories (`data/_typed.py`), by its name.

    Missing values are left out; there have to be two different ones.
    """
    there = values.dropna()
    if isinstance(values.dtype, pd.CategoricalDtype):
        return _of_text(there.astype(str))
    return _of_numbers(there.astype(float), str(values.name))


def _of_text(cells: pd.Series) -> Kind:
    levels = list(cells.unique())
    if len(levels) == 2:
        return Kind(TWO, f"two values, {levels[0]!r} and {levels[1]!r}", rough=True)
    order, told = in_order(levels)
    if told and len(levels) <= FEW and len(cells) >= 2 * len(levels):
        return Kind(ORDERED, f"{len(levels)} words in an order: {', '.join(order)}", rough=True)
    if len(levels) <= FEW and len(cells) > len(levels):
        return Kind(CLASSES, f"{len(levels)} words without an order that is known")
    if len(levels) == len(cells) and cells.str.split().str.len().median() < 3:
        return Kind(NAMES, "text with another value in every row, as names of rows are")
    return Kind(TEXT, f"text with {len(levels):,} different values")


def _of_numbers(y: pd.Series, name: str) -> Kind:
    low, high, whole = float(y.min()), float(y.max()), bool((y % 1 == 0).all())
    if y.nunique() == 2 and (y.isin((0, 1)).all() or len(y) >= 3 * 2):
        return Kind(TWO, f"two values, {low:g} and {high:g}", rough=True)
    if not whole and low >= 0 and high <= 1:
        edges = int(y.isin((0, 1)).sum())
        also = f", of which {edges:,} are 0 or 1" if edges else ""
        return Kind(SHARE, f"numbers between 0 and 1{also}", rough=True, edges=edges)
    if _PERCENT.search(name) and low >= 0 and high <= 100 and not _called(name, _CHANGE):
        edges = int(y.isin((0, 100)).sum())
        return Kind(PERCENT, f"numbers {_span(y)} that are called per cent", edges=edges)
    return (_of_whole(y, name) if whole else None) or _of_real(y, whole=whole)


def _of_whole(y: pd.Series, name: str) -> Kind | None:
    """Return what whole numbers are, if they are counts, ratings, years or names of rows."""
    low, high, values = float(y.min()), float(y.max()), y.nunique()
    if _YEAR.search(name) and low >= 1500 and high <= 2200:
        return Kind(TIME, f"years {_span(y)}")
    in_a_run = values == len(y) > FEW and high - low == values - 1
    if called_as_codes(name) or in_a_run:
        why = "that are called as names of rows are" if not in_a_run else "that number the rows"
        return Kind(NAMES, f"whole numbers {_span(y)} {why}")
    counted, rated, measured = (_called(name, some) for some in (_COUNTED, _RATED, _MEASURED))
    if measured and not counted:
        return None
    few = values <= FEW and len(y) >= 2 * values
    scale = (low >= 1 and high <= FEW) or (0 > low == -high >= -3) or (rated and low >= 0)
    if few and high <= FEW and scale and not counted:
        close = high - low < CLOSE
        return Kind(ORDERED, f"{values} whole numbers {_span(y)} that come again", rough=close)
    if small := small_counts(y, zeros=not counted):
        return Kind(COUNT, f"whole numbers {_span(y)}, {small}", rough=True)
    return (
        Kind(COUNT, f"whole numbers {_span(y)}, called a count") if counted and low >= 0 else None
    )


def small_counts(y: pd.Series, *, zeros: bool = True) -> str:
    """Say why whole numbers are small counts, or "".

    They begin at 0 (where `zeros` are asked for), and half of them are 5 or less; or many are 0,
    and Gaussian noise of this mean and sd would go below by more than every fortieth value.
    """
    none = int((y == 0).sum())
    if (y < 0).any() or (y % 1 != 0).any() or (zeros and not none):
        return ""
    wide = none >= 0.05 * len(y) and y.mean() + 0.5 < stats.norm.ppf(0.975) * y.std()
    if y.median() > SMALL and not wide:
        return ""
    return f"and {none:,} of {len(y):,} are 0" if none else f"half of them {y.median():g} or less"


def _of_real(y: pd.Series, *, whole: bool) -> Kind:
    """Tell positive numbers that a logarithm makes more even from others."""
    what = f"{'whole ' if whole else ''}numbers {_span(y)}"
    if len(y) >= FEW and y.min() > 0:
        as_is, logged = stats.skew(y), stats.skew(np.log(y))
        if as_is > 1 and abs(logged) < as_is:
            above = f"the mean {y.mean():.4g} is above the median {y.median():.4g}"
            return Kind(SKEWED, f"{what}, all above 0, with a long tail: {above}")
    return Kind(REAL, what)


def far_off(y: pd.Series) -> int:
    """Return how many values are more than 6 normal sds from the median (by its deviations)."""
    sd = stats.median_abs_deviation(y, scale="normal")
    return int((np.abs(y - y.median()) > 6 * sd).sum()) if sd > 0 else 0


def _span(y: pd.Series) -> str:
    return f"from {y.min():,.6g} to {y.max():,.6g}"


def _called(name: str, some: str) -> bool:
    return not {*some.split()}.isdisjoint(words_of(name))


def words_of(name: str) -> Sequence[str]:
    """Return the words of a column's name, in lower case: user_id, userId."""
    return [word.lower() for word in _WORD.findall(name)]
