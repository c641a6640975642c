"""How the pages of the regressions speak of a term: per unit, per sd, or a level's comparison."""

from collections.abc import Mapping

import pandas as pd

from reports.blocks.numbers import interval, number
from reports.blocks.text import listed
from reports.page.page import Report
from workflow.quantities import Quantity, label
from workflow.regression.hanging import Hanging
from workflow.regression.regression import switches

#: What stands before a slope (a comparison), or else behind it ("per unit of ..."), by term.
type Phrases = Mapping[str, tuple[str, str]]


def amount(q: Quantity, *, compared: bool) -> str:
    """Return median and interval: signed, or of a comparison as so much more or less."""
    around = interval(q, sign=True)
    if not compared:
        return f"{number(q.median, q.mcse_median, sign=True)} ({around})"
    size = number(abs(q.median), q.mcse_median)
    return f"{size} {'more' if q.median >= 0 else 'less'} ({around})"


def told(found: Mapping[str, Quantity], of: str, phrases: Phrases) -> str:
    """Say a slope in a few words: what is compared or per what, median and interval."""
    q, (before, behind) = found[f"slope[{of}]"], phrases.get(of, ("", f"per unit of {of}"))
    if before:
        return f"{before}: {amount(q, compared=True)}"
    middle = number(q.median, q.mcse_median, sign=True)
    return f"{middle} {behind} ({interval(q, sign=True)})"


def told_twice(
    term: str,
    found: tuple[Mapping[str, Quantity], Mapping[str, Quantity]],
    phrases: Phrases,
    *,
    alone: bool,
) -> str:
    """Say a slope under Student-t noise, and, if that is not `alone`, under Gaussian."""
    before, behind = phrases.get(term, ("", f"per unit of {term}"))
    student, gaussian = (amount(one[f"slope[{term}]"], compared=bool(before)) for one in found)
    said = f"{before}: {student}" if before else f"{student} {behind}"
    return said if alone else f"{said} with Student-t noise, {gaussian} with Gaussian"


def direction(term: str, phrases: Phrases, *, up: bool) -> str:
    """Say in which direction a term goes, without a number."""
    before, _ = phrases.get(term, ("", ""))
    return (
        f"{before} ({'more' if up else 'less'})" if before else f"{term} ({'up' if up else 'down'})"
    )


def unit(name: str, shown: str, phrases: Phrases) -> str:
    """Return the unit of the slope called `shown`: that of the outcome, per unit of a number."""
    return name if phrases.get(label(shown), ("", ""))[0] else f"{name} per unit"


def step(terms: pd.DataFrame) -> str:
    """Say what coefficients are for that are not told in own units: one sd, or a comparison."""
    of_two = switches(terms)
    if not of_two.any():
        return "one sd of the term"
    compared = "a level rather than its reference (1 rather than 0)"
    return compared if of_two.all() else f"one sd of a number, or for {compared}"


def more_of(term: str, terms: pd.DataFrame) -> str:
    """Say one step more of a term."""
    return term if term in terms and switches(terms[[term]]).any() else f"one sd more of {term}"


def warn_of_hanging(report: Report, found: Hanging) -> None:
    """Name the coefficients that hang on a row, and the row."""
    if found.alone:
        said = listed(f"{term}: line {line}" for term, line in found.alone.items())
        report.warn(
            f"Without one row of the file nothing would be known of {said}. It is not told as "
            "known.",
            "Join the level with another one, or leave it, or that line, out.",
        )
    if found.moved:
        said = listed(
            f"{term}: line {line}, by {abs(shift):.2g} posterior sds"
            for term, (line, shift) in found.moved.items()
        )
        report.warn(
            f"One row decides what is said of a term: left out, it moves the coefficient of {said}."
            " It is not told as known.",
            "Look whether that line is right, and whether the answer without it is another.",
        )


def hangs(found: Hanging) -> str:
    """Say in the answer what hangs on a row."""
    lines = found.alone | {term: line for term, (line, _) in found.moved.items()}
    if not lines:
        return ""
    said = listed(f"{term} (line {line})" for term, line in lines.items())
    return f"What the data say of {said} hangs on one row of the file, and is not told as known."


def on_line(found: Hanging, term: str) -> str:
    """Say on which line a term hangs; "" for none."""
    if term in found.alone:
        return f"line {found.alone[term]} alone"
    return f"hangs on line {found.moved[term][0]}" if term in found.moved else ""
