"""The result of a regression as one table, a row a term, in the words of the reader."""

from collections.abc import Mapping, Sequence

from reports.blocks.blocks import Cell, Table
from reports.blocks.numbers import probability
from reports.blocks.text import shortened
from reports.drawing.whiskers import whiskers
from reports.regression.terms import Phrases, amount, on_line
from workflow.quantities import Quantity, Scalar
from workflow.regression.hanging import Hanging

LONGEST = 80  # characters of a term
SHOWN = 12  # terms of the table on the first screen, those of the largest coefficients
HOW = {
    "one more": "By how much the outcome differs for one unit more of the term, or for a level "
    "rather than its reference, all other terms being equal: median and 95% equal-tailed credible "
    "interval, inside which it is with probability .95, given model and prior.",
    "drawing": "The same for one step of each term ({step}), so that terms can be compared; the "
    "dashed line is 0.",
    "direction": "Up or down where the probability of that direction reaches what the rule asks "
    "for, else not known. A row of the file on which a term hangs is named.",
}


def terms(
    ranked: Sequence[str],
    found: Mapping[str, Quantity],
    prob: Mapping[str, Scalar],
    sure: float,
    name: str,
    step: str,
    phrases: Phrases,
    hanging: Hanging,
    *,
    most: int = SHOWN,
) -> list[Table]:
    """Return slope, drawing and direction of the terms `ranked` first, `most` of them."""
    kept = ranked[:most]
    drawn = whiskers([found.get(f"beta[{term}]") for term in kept])
    rows: list[tuple[Cell, ...]] = []
    for term, cell in zip(kept, drawn, strict=True):
        compared = bool(phrases.get(term, ("", ""))[0])
        slope = amount(found[f"slope[{term}]"], compared=compared)
        p = prob[f"prob_positive[{term}]"]
        way = on_line(hanging, term) or direction(p, sure)
        rows.append((spoken(term, phrases), slope, cell, probability(p), way))
    more = f", the {len(kept)} largest of {len(ranked)}" if len(kept) < len(ranked) else ""
    caption = f"{name}, other terms equal{more}: medians and 95% credible intervals"
    columns = ("term", "for one more", "", "P(up)", "direction")
    how = HOW | {"drawing": HOW["drawing"].format(step=step)}
    return [Table(caption, columns, tuple(rows), how)]


def spoken(term: str, phrases: Phrases) -> str:
    """Return a term as the reader calls it: a comparison, or its name; not too long."""
    return shortened(phrases.get(term, ("", ""))[0] or term, LONGEST)


def direction(p: Scalar, sure: float) -> str:
    """Say in which direction a term goes, if that is known."""
    if p.value >= sure:
        return "up"
    return "down" if p.value <= 1 - sure else "not known"
