"""Two runs of one analysis: what changed, in sentences and tables."""

import math
from collections.abc import Mapping, Sequence

from reports.blocks.blocks import NONE, Table
from reports.blocks.numbers import estimate, figure, number
from reports.blocks.text import spoken
from workflow.comparing.changes import Change, largest
from workflow.comparing.saved import Saved
from workflow.quantities import INTERVAL, Scalar

QUESTION = "What changed since last time?"
NO_ELPD = (
    "The two runs are not compared by how well they predict: they have seen other data, and a log "
    "predictive density of other rows is no measure of the same thing."
)
HOW_CHANGES = {
    "before, after": f"Median and {INTERVAL} of each run, in the unit of the data.",
    "difference": "The second median less the first.",
    "in sds": "The same in posterior sds of the first run (of a ratio, which has none: a 95% "
    "interval is taken to be 3.92 of them). Within 2 the first run had it among the values that it "
    "held for probable. Data that the two runs share move nothing.",
}
HOW_SCALARS = "Posterior probabilities and expected losses of the two runs, to Monte Carlo error."
HOW_COUNTS = "How much data each run had: rows, or the counts that it was given."


def answer(before: Saved, after: Saved, found: list[Change]) -> str:
    """Say whether the decision changed, what moved most."""
    return f"{decided(before, after)} {_moved(found)}".strip()


def decided(before: Saved, after: Saved) -> str:
    """Say whether the decision is what it was."""
    one, other = (fit.decision or "withheld" for fit in (before, after))
    if one == other:
        return f"The decision is what it was: {one}."
    return f"The decision changed: it was “{one}” and is now “{other}”."


def _moved(found: list[Change]) -> str:
    most = largest(found)
    if most is None:
        return "No quantity is in both runs."
    if not most.value:
        return "No estimate moved."
    return (
        f"What moved most is {spoken(most.name)}: by {number(most.value, most.mcse, sign=True)}, "
        f"{figure(abs(most.sds), 2)} posterior sds of the first run."
    )


def data(before: Mapping[str, int], after: Mapping[str, int], names: Sequence[str]) -> Table:
    """Return how much data there was before and after."""
    rows = tuple(
        (
            spoken(name),
            *(_count(one.get(name)) for one in (before, after)),
            _more(before, after, name),
        )
        for name in dict.fromkeys([*before, *after])
    )
    return Table("The data", ("what", *names, "difference"), tuple(rows), HOW_COUNTS)


def _count(value: int | None) -> str:
    return NONE if value is None else f"{value:,}"


def _more(before: Mapping[str, int], after: Mapping[str, int], name: str) -> str:
    if name not in before or name not in after:
        return NONE
    return number(after[name] - before[name], 1.0, sign=True)


def quantities(found: Sequence[Change], names: Sequence[str]) -> Table:
    """Return every quantity before and after, and the difference in its unit and in sds."""
    rows = tuple(
        (
            spoken(one.name),
            estimate(one.before) if one.before else NONE,
            estimate(one.after) if one.after else NONE,
            number(one.value, one.mcse, sign=True) if math.isfinite(one.value) else NONE,
            number(one.sds, 0.05, sign=True) if math.isfinite(one.sds) else NONE,
        )
        for one in found
    )
    columns = ("quantity", *names, "difference", "in sds")
    return Table("Every estimate before and after", columns, rows, HOW_CHANGES)


def decisions(before: Saved, after: Saved) -> Table:
    """Return decision and answer of both runs."""
    rows = tuple(
        (fit.name, fit.decision or "withheld", str(fit.summary["answer"]))
        for fit in (before, after)
    )
    how = "What the rule of the case says in each run, and the first sentence of its page."
    return Table("The decision before and after", ("run", "decision", "answer"), rows, how)


def scalars(
    found: Mapping[str, tuple[Scalar | None, Scalar | None]], names: Sequence[str]
) -> Table:
    """Return probabilities and losses before and after."""
    rows = tuple(
        (spoken(name), *(number(one.value, one.mcse) if one else NONE for one in both))
        for name, both in found.items()
    )
    return Table("Probabilities and losses", ("what", *names), rows, HOW_SCALARS)
