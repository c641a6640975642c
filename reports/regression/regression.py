"""What the pages of the regressions say in the same words: data, scales, estimates, directions."""

import itertools
from collections.abc import Mapping, Sequence

import pandas as pd

from reports.blocks import how
from reports.blocks.blocks import Block, Figure, Table
from reports.blocks.numbers import MINUS, apart, figure, interval, number, probability
from reports.drawing import figures
from reports.page.page import Report
from workflow.quantities import Quantity, Scalar, label


def scales(terms: pd.DataFrame, outcome: pd.Series | None = None) -> Table:
    """Return centre, scale and range of every term, and of a numeric outcome."""
    columns = [*terms.items(), *([] if outcome is None else [(outcome.name, outcome)])]
    rows = tuple((str(name), *_scale(c)) for name, c in columns)
    columns_of = ("term", "centre (mean)", "scale (sd)", "least", "greatest")
    return Table("Centres and scales, part of the prior", columns_of, rows, how.SCALES)


def _scale(column: pd.Series) -> tuple[str, ...]:
    """Return centre, scale, least and greatest of a column as text."""
    centre, least, greatest = apart(column.mean(), column.min(), column.max())
    return centre, figure(column.std(), 4), least, greatest


def data(outcome: pd.Series, terms: pd.DataFrame, notes: Sequence[str], words: str) -> list[Block]:
    """Return what is in the data and what was done to it; `words` describe the outcome."""
    n, k = terms.shape
    return [
        f"{n:,} rows; the outcome is {words}, to be predicted from {k} "
        f"{'term' if k == 1 else 'terms'}. These are associations: what goes with the outcome, the "
        "other terms being equal, and not what would happen to it if somebody changed a term. "
        "Beyond what the terms say, rows are taken to know nothing of one another.",
        *notes,
    ]


def used_twice(of_outcome: bool) -> str:
    """Say that the scales of the prior come from the data."""
    outcome = " and the outcome" if of_outcome else ""
    return (
        f"The model works with standardised terms{outcome}, and the priors are set on that scale: "
        "so they mean the same in any unit. The centres and scales below come from the data, which "
        "are so used twice, once for the prior and once for the posterior. With many rows that "
        "makes no difference; with few, the prior knows a little of what it should not know. They "
        "are computed once and stay as they are in every refit and simulation."
    )


def warn_of_few(report: Report, terms: pd.DataFrame) -> None:
    """Warn where there are not more rows than coefficients."""
    n, k = len(terms), terms.shape[1] + 1
    if n <= k:
        report.warn(
            f"There are {n} rows for {k} coefficients: the prior decides what the data cannot.",
            "Collect more rows, or use fewer terms (--formula).",
        )
    elif n < 5 * k:
        report.warn(
            f"There are only {n} rows for {k} coefficients.",
            "See how much the prior matters below; fewer terms (--formula) ask less of the data.",
        )


def by_size(beta: Mapping[str, Quantity]) -> list[str]:
    """Return the terms, those with the largest coefficients for one sd first."""
    return [label(name) for name in sorted(beta, key=lambda name: -abs(beta[name].median))]


def estimates(caption: str, found: Mapping[str, Quantity], prob: Mapping[str, Scalar]) -> Table:
    """Return the slopes in their own units, with the probability that each is above 0."""
    rows: list[tuple[str, ...]] = []
    for name, q in found.items():
        error = q.mcse_mean or q.mcse_interval
        positive = prob.get(f"prob_positive[{label(name)}]")
        middle = (number(q.mean, error), number(q.median, q.mcse_median), number(q.sd, error))
        rows.append((name, *middle, interval(q), probability(positive) if positive else "–"))
    columns = ("quantity", "mean", "median", "sd", "95% interval", "P(above 0)")
    about = how.DIRECTIONS.format(noise=how.NOISE if "sigma" in found else "")
    return Table(caption, columns, tuple(rows), about)


def told(found: Mapping[str, Quantity], of: str) -> str:
    """Say a slope in a few words: median, unit and interval."""
    q = found[f"slope[{of}]"]
    middle = number(q.median, q.mcse_median, sign=True)
    return f"{middle} per unit of {of} ({interval(q, sign=True)})"


def known_together(joint: Mapping[str, Quantity], alone: Mapping[str, Quantity]) -> list[Block]:
    """Return the contrasts that are known better than their terms alone, or that there are none."""
    if not joint:
        return ["No two coefficients are so correlated that the data know them only together."]
    terms = [label(name) for name in alone]
    pairs = {
        f"{one} {sign} {other}": (one, other)
        for one, other in itertools.combinations(terms, 2)
        for sign in ("+", MINUS)
    }
    sd = {label(name): figure(q.sd or 0, 2) for name, q in alone.items()}
    rows = []
    for name, q in joint.items():
        one, other = pairs[label(name)]
        middle = number(q.median, q.mcse_median)
        rows.append((label(name), middle, interval(q), figure(q.sd or 0, 2), sd[one], sd[other]))
    columns = ("contrast", "median", "95% interval", "its sd", "sd of the first", "sd of the other")
    return [
        "Some terms go together, so the data cannot well share out what they explain: the sum or "
        "difference of two coefficients is known better than either of them. (In sds of the "
        "outcome for one sd of the term.)",
        Table("Known together", columns, tuple(rows), how.JOINT),
    ]


def answer(
    decision: str | None,
    ranked: Sequence[str],
    found: Mapping[str, Quantity],
    prob: Mapping[str, Scalar],
    sure: float,
    name: str,
    more: str = "",
    most: int = 3,
) -> str:
    """Say which terms predict the outcome, in which direction and by how much, and `more`."""
    known = [term for term in ranked if not 1 - sure < prob[f"prob_positive[{term}]"].value < sure]
    if decision is None or not known:
        return (
            f"No term predicts {name} in a direction that is known (probability {sure:g} or more, "
            f"other terms being equal). {more}".strip()
        )
    rest = [term for term in ranked if term not in known]
    said = "; ".join(told(found, term) for term in known[:most])
    way = {t: "up" if prob[f"prob_positive[{t}]"].value > 0.5 else "down" for t in known[most:]}
    also = ", ".join(f"{term} ({direction})" for term, direction in way.items())
    others = f"; also by {also}" if also else ""
    unsure = f" The direction of {', '.join(rest)} is not known." if rest else ""
    return (
        f"{name[:1].upper()}{name[1:]} is predicted, other terms being equal, by {said}{others} "
        f"(medians and 95% equal-tailed credible intervals).{unsure} {more}"
    ).strip()


def picture(
    found: Mapping[str, Quantity], name: str, scale: float = 1, what: str = "difference of"
) -> Figure:
    """Draw the coefficients for one sd of each term, in units of the outcome."""
    return figures.intervals(
        "answer",
        {label(key): {"NUTS": q} for key, q in found.items()},
        label=f"{what} {name} for one sd of the term, other terms equal",
        caption="Median and 95% equal-tailed credible interval, for one sd of a term; the "
        "answer is for one unit.",
        scale=scale,
    )
