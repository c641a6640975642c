"""The answer and the result of a quantile regression: with which terms the outcome spreads."""

from collections.abc import Mapping, Sequence

import pandas as pd

from reports.blocks.blocks import Cell, Figure, Table
from reports.blocks.numbers import apart, figure
from reports.drawing.whiskers import whiskers
from reports.regression import quantile_figures, result as result_of
from reports.regression.quantiles import ONE_MORE
from reports.regression.regression import NAMED, chance, few
from reports.regression.terms import Phrases, amount, hangs, on_line
from workflow.quantities import Quantity, Scalar
from workflow.regression.hanging import Hanging
from workflow.regression.quantiles import middlemost, percent

HALF = 0.5
WHICH = "less", "more"  # than a low value, and than a high one
HOW = {
    "one more": ONE_MORE,
    "difference": "The last of these lines less the first: above 0 the outcome spreads more where "
    "the term is larger. Drawn is the same for one step of each term ({step}); the dashed line is "
    "0.",
    "spread": "Grows or shrinks where the probability of that reaches what the rule asks for, else "
    "not known. A row of the file on which a term hangs is named.",
}


def answer(
    decision: str | None,
    ranked: Sequence[str],
    found: Mapping[str, Quantity],
    prob: Mapping[str, Scalar],
    sure: float,
    name: str,
    quantiles: Sequence[float],
    phrases: Phrases,
    hanging: Hanging,
    more: str,
) -> str:
    """Say with which of the terms `ranked` the outcome spreads more or less, and `more`."""
    low, high = (percent(q) for q in (quantiles[0], quantiles[-1]))
    judged = [term for term in ranked if term not in hanging.terms]
    p = {term: prob[f"prob_positive[{term}]"].value for term in judged}
    known = [term for term in judged if not 1 - sure < p[term] < sure]
    tail = " ".join(one for one in (hangs(hanging), chance(len(ranked), sure), more) if one)
    if decision is None or not known:
        any_of = f"any of the {len(ranked)} terms" if len(ranked) > NAMED else " or ".join(ranked)
        return (
            f"It is not known that {name} spreads more or less with {any_of}: the {low} and "
            f"the {high} line may be parallel (probability below {sure:g}, other terms equal). "
            f"{tail}"
        ).strip()
    told = [_spread(term, found, quantiles, phrases, more=p[term] > HALF) for term in known[:2]]
    others = f"; also with {few(known[2:])}" if known[2:] else ""
    return (
        f"{name[:1].upper()}{name[1:]} spreads, other terms being equal, {'; '.join(told)}{others} "
        f"(medians and 95% equal-tailed credible intervals). {tail}"
    ).strip()


def _spread(
    term: str,
    found: Mapping[str, Quantity],
    quantiles: Sequence[float],
    phrases: Phrases,
    *,
    more: bool,
) -> str:
    """Say that the outcome spreads more, or less, with a term, and what the outer lines do."""
    before, behind = phrases.get(term, ("", f"per unit of {term}"))
    way, compared = "more" if more else "less", bool(before)
    low, high = (
        (percent(q), amount(found[f"slope[{q}, {term}]"], compared=compared))
        for q in (quantiles[0], quantiles[-1])
    )
    if compared:
        return f"{way} for {before}: the {high[0]} line is {high[1]}, the {low[0]} line {low[1]}"
    return (
        f"{way} where {term} is larger: {behind} the {high[0]} line changes by {high[1]}, the "
        f"{low[0]} line by {low[1]}"
    )


def picture(
    rows: pd.DataFrame | None,
    line: pd.DataFrame,
    middle: float,
    found: Mapping[str, Quantity],
    ranked: Sequence[str],
    quantiles: Sequence[float],
    name: str,
) -> Figure:
    """Draw rows (x, y) and lines where there is one column, else slopes by quantile."""
    if rows is None:
        return quantile_figures.slopes(found, ranked, quantiles, name)
    return quantile_figures.lines(rows, line, middle, name)


def at_ends(found: pd.DataFrame, quantiles: Sequence[float], column: str, name: str) -> str:
    """Say where the lines are at a low and at a high value (the index) of the only column."""
    q, (low, high) = middlemost(quantiles), (quantiles[0], quantiles[-1])
    values = apart(*map(float, found.index))
    told = [
        f"{figure(one[f'q{q}'])} ({figure(one[f'q{low}'])} to {figure(one[f'q{high}'])}) where "
        f"{column} is {x}, {which} than which a tenth of the rows have"
        for x, which, one in zip(values, WHICH, found.to_dict("records"), strict=True)
    ]
    lines = f"the {percent(q)} line, and the {percent(low)} and {percent(high)} lines"
    return f"{name[:1].upper()}{name[1:]} ({lines}): {'; '.join(told)}."


def result(
    ranked: Sequence[str],
    found: Mapping[str, Quantity],
    prob: Mapping[str, Scalar],
    sure: float,
    name: str,
    quantiles: Sequence[float],
    step: str,
    phrases: Phrases,
    hanging: Hanging,
) -> list[Table]:
    """Return a row a term: its slope at the lowest, middle and highest quantile, and the spread."""
    kept = ranked[: result_of.SHOWN]
    drawn = whiskers([found.get(f"beta_widening[{term}]") for term in kept])
    told = list(dict.fromkeys((quantiles[0], middlemost(quantiles), quantiles[-1])))
    rows: list[tuple[Cell, ...]] = []
    for term, cell in zip(kept, drawn, strict=True):
        compared = bool(phrases.get(term, ("", ""))[0])
        names = [f"slope[{q}, {term}]" for q in told] + [f"widening[{term}]"]
        cells = [amount(found[one], compared=compared) for one in names]
        way = {"up": "grows", "down": "shrinks"}.get(
            result_of.direction(prob[f"prob_positive[{term}]"], sure), "not known"
        )
        spread = on_line(hanging, term) or way
        rows.append((result_of.spoken(term, phrases), *cells, cell, spread))
    more = f", the {len(kept)} largest of {len(ranked)}" if len(kept) < len(ranked) else ""
    caption = f"{name}, for one more, other terms equal{more}: medians and 95% credible intervals"
    columns = ("term", *(f"{percent(q)} line" for q in told), "difference", "", "spread")
    how = HOW | {"difference": HOW["difference"].format(step=step)}
    return [Table(caption, columns, tuple(rows), how)]
