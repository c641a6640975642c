"""Levels of a category: their order where it can be told, and which one the others are compared to.

The reference is the most frequent level, if nobody chose another: then the comparisons are as sure
as the rows allow.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import pandas as pd

from data._label import labels
from data._missing import MISSING
from data._order import in_order


@dataclass(frozen=True)
class Choices:
    """What the command line says of categories: references and orders of levels, by column."""

    references: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)


class ChoiceError(ValueError):
    """A choice names what is not there, or is not written as column=level."""


def choices(reference: Iterable[str] = (), levels: Iterable[str] = ()) -> Choices:
    """Return the choices in texts such as "district=Nord" and "size=S,M,L".

    Raises
    ------
    ChoiceError
        A text has no "=", or nothing on one of its sides.
    """
    references = dict(_parts("--reference", text, "district=Nord") for text in reference)
    orders = dict(_parts("--levels", text, "size=S,M,L") for text in levels)
    split = {name: [one.strip() for one in text.split(",")] for name, text in orders.items()}
    return Choices(references, split)


def _parts(option: str, text: str, example: str) -> tuple[str, str]:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name and equals and value):
        raise ChoiceError(f"{option} {text}: write it as in {option} {example}")
    return name, value


def check(chosen: Choices, columns: Iterable[str]) -> None:
    """Refuse choices for what is no column of `columns`, which are coded as categories."""
    known = list(columns)
    for option, given in (("--reference", chosen.references), ("--levels", chosen.orders)):
        for name in given:
            if name not in known:
                found = f"; there are {', '.join(known)}" if known else ""
                raise ChoiceError(
                    f"{option}: {name!r} is no category among the terms{found}. A column of "
                    "numbers becomes one by C(...) in --formula, or by --as-text"
                )


@dataclass(frozen=True)
class Category:
    """A category: its column, the values with the levels in order, its reference, and a note."""

    column: str
    values: pd.Series
    reference: str
    note: str


def category(
    name: str, values: pd.Series, chosen: Choices, *, own: str | None = None, numeric: bool = False
) -> Category:
    """Return a column of text as a category whose first level is the reference.

    Parameters
    ----------
    own
        A reference that the formula names.
    numeric
        The values are numbers, whose order is theirs.

    Raises
    ------
    ChoiceError
        A level that was named is not there, or an order has not all of them.
    """
    counts = values.value_counts()
    present = [str(one) for one in counts.index]
    levels, told = in_order(present)
    if numeric:
        levels, told = sorted(present, key=float), True
    if name in chosen.orders:
        levels = _as_chosen(name, chosen.orders[name], present)
    reference, why = _reference(name, levels, counts, chosen, own)
    order = " in this order (--levels gives another)" if told and len(levels) > 2 else ""
    others = [one for one in levels if one != reference]
    note = (
        f"{labels([name])[0]} is {'read' if numeric else 'text and coded'} as categories{order}: "
        f"{', '.join(others)} compared with {reference}, {why}."
    )
    typed = pd.Categorical(values.astype(str), categories=[reference, *others])
    return Category(name, pd.Series(typed, index=values.index), reference, note)


def _as_chosen(name: str, order: Sequence[str], present: Sequence[str]) -> list[str]:
    if left := [one for one in present if one not in order]:
        raise ChoiceError(f"--levels {name}: {_listed(left)} of the file not in {_listed(order)}")
    if unknown := [one for one in order if one not in present]:
        raise ChoiceError(
            f"--levels {name}: no row has {unknown[0]!r}{_meant(unknown[0], present)}"
        )
    return list(order)


def _reference(
    name: str, levels: Sequence[str], counts: pd.Series, chosen: Choices, own: str | None
) -> tuple[str, str]:
    """Return the reference and why it is that one."""
    given = own if own is not None else chosen.references.get(name)
    if given is not None:
        if given not in levels:
            raise ChoiceError(
                f"{name} is never {given!r}, the reference{_meant(given, levels)}; there are "
                f"{_listed(levels)}"
            )
        return given, "as the formula says" if own is not None else "as --reference says"
    times = {str(one): int(n) for one, n in counts.items()}
    words = [one for one in levels if one.lower() not in MISSING]  # "NA" is no reference
    most = max(words or levels, key=lambda one: times[one])  # of equals the first
    return most, f"the most frequent (another with --reference {name}=...)"


def _meant(given: str, levels: Sequence[str]) -> str:
    near = get_close_matches(given, levels, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _listed(levels: Sequence[str]) -> str:
    more = f" and {len(levels) - 20} more" if len(levels) > 20 else ""
    return ", ".join(map(repr, levels[:20])) + more
