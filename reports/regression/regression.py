"""What the pages of the regressions say in the same words: data, scales, estimates, directions."""

from collections.abc import Mapping, Sequence

import pandas as pd

from reports.blocks.blocks import Block, Figure, Table
from reports.blocks.numbers import apart, figure, interval, number, probability
from reports.blocks.text import spoken
from reports.drawing import figures
from reports.page.page import Report
from reports.regression import how
from reports.regression.fit_figures import distribution
from reports.regression.terms import (
    Phrases,
    direction,
    hangs,
    on_line,
    step,
    told,
    unit,
    warn_of_hanging,
)
from workflow.quantities import Quantity, Scalar, label
from workflow.regression.hanging import Hanging
from workflow.regression.regression import switches

FEW = "see how much the prior matters below; fewer terms (--formula) ask less of the data."
__all__ = ["step", "unit", "warn_of_hanging"]  # of terms, for the analyses
NOTHING = Hanging()
NAMED = 3  # terms without a direction that the answer names
SPOKEN_OF = 0.5  # directions that chance alone makes known, on average, from which a page says so


def scales(terms: pd.DataFrame, outcome: pd.Series | None = None) -> Table:
    """Return centre, scale and range of every term, and of a numeric outcome."""
    of_two = switches(terms)
    rows = [(str(name), *_scale(c, of_two=bool(of_two[name]))) for name, c in terms.items()]
    rows += [] if outcome is None else [(str(outcome.name), *_scale(outcome, of_two=False))]
    sd = "scale (sd; of 0 and 1: 1)" if of_two.any() else "scale (sd)"
    columns_of = ("term", "centre (mean)", sd, "least", "greatest")
    return Table("Centres and scales, part of the prior", columns_of, tuple(rows), how.SCALES)


def _scale(column: pd.Series, *, of_two: bool) -> tuple[str, ...]:
    """Return centre, scale, least and greatest of a column as text."""
    centre, least, greatest = apart(column.mean(), column.min(), column.max())
    return centre, "1" if of_two else figure(column.std(), 4), least, greatest


def data(
    outcome: pd.Series, terms: pd.DataFrame, notes: Sequence[str], words: str, loss: str
) -> list[Block]:
    """Return what is in the data, what was done to it, and the `loss` that the noise is."""
    n, k = terms.shape
    return [
        f"{n:,} rows; the outcome is {words}, to be predicted from {k} "
        f"{'term' if k == 1 else 'terms'}. These are associations: what goes with the outcome, the "
        "other terms being equal, and not what would happen to it if somebody changed a term. "
        "Beyond what the model says, rows are taken to know nothing of one another.",
        loss,
        *([f"These are few rows for {k + 1} coefficients: {FEW}"] if n < 5 * (k + 1) else []),
        *notes,
        distribution(outcome),
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


def by_size(beta: Mapping[str, Quantity]) -> list[str]:
    """Return the terms, those with the largest coefficients for one step first."""
    return [label(name) for name in sorted(beta, key=lambda name: -abs(beta[name].median))]


def estimates(
    caption: str,
    found: Mapping[str, Quantity],
    prob: Mapping[str, Scalar],
    hanging: Hanging = NOTHING,
) -> Table:
    """Return the slopes in their own units, with the probability that each is above 0.

    Of those that hang on a row the line stands there instead.
    """
    rows: list[tuple[str, ...]] = []
    for name, q in found.items():
        error = q.mcse_mean or q.mcse_interval
        positive = prob.get(f"prob_positive[{label(name)}]")
        middle = (number(q.mean, error), number(q.median, q.mcse_median), number(q.sd, error))
        known = probability(positive) if positive else "–"
        rows.append((spoken(name), *middle, interval(q), on_line(hanging, label(name)) or known))
    columns = ("quantity", "mean", "median", "sd", "95% interval", "P(above 0)")
    about = how.DIRECTIONS.format(noise=how.NOISE if "sigma" in found else "")
    return Table(caption, columns, tuple(rows), about)


def answer(
    decision: str | None,
    ranked: Sequence[str],
    found: Mapping[str, Quantity],
    prob: Mapping[str, Scalar],
    sure: float,
    name: str,
    more: str = "",
    together: Sequence[str] = (),
    phrases: Phrases = {},  # noqa: B006  (nobody writes into it)
    hanging: Hanging = NOTHING,
    *,
    most: int = 3,
) -> str:
    """Say which terms predict the outcome, in which direction and by how much, and `more`.

    `together` are sentences about terms known only together (`reports.regression.joint`), `phrases`
    how each term is spoken of. What hangs on a row is not told as known.
    """
    judged = [term for term in ranked if term not in hanging.terms]
    known = [term for term in judged if not 1 - sure < prob[f"prob_positive[{term}]"].value < sure]
    parts = (*together, hangs(hanging), chance(len(ranked), sure), more)
    more = " ".join(part for part in parts if part)
    if decision is None or not known:
        alone = " by itself" if together else ""
        return (
            f"No term predicts {name}{alone} in a direction that is known (probability {sure:g} or "
            f"more, other terms being equal). {more}".strip()
        )
    rest = [term for term in judged if term not in known]
    said = "; by ".join(told(found, term, phrases) for term in known[:most])
    up = {term: prob[f"prob_positive[{term}]"].value > 0.5 for term in known[most:]}
    also = ", ".join(direction(term, phrases, up=is_up) for term, is_up in up.items())
    others = f"; also by {also}" if also else ""
    unsure = f" The direction of {few(rest)} is not known." if rest else ""
    return (
        f"{name[:1].upper()}{name[1:]} is predicted, other terms being equal, by {said}{others} "
        f"(medians and 95% equal-tailed credible intervals).{unsure} {more}"
    ).strip()


def few(terms: Sequence[str]) -> str:
    """Name terms, as long as they are few; the table beside it has all."""
    return ", ".join(terms) if len(terms) <= NAMED else f"the other {len(terms)} terms"


def chance(terms: int, sure: float) -> str:
    """Say, of many terms, how many directions chance alone makes known."""
    expected = 2 * (1 - sure) * terms
    if expected < SPOKEN_OF:
        return ""
    return (
        f"Of {terms} terms that have nothing to do with it, chance alone would make {expected:.2g} "
        "known."
    )


def by_chance(terms: int, sure: float) -> str:
    """Say how many directions would be called known if no term had anything to do with it."""
    expected = 2 * (1 - sure) * terms
    return (
        f"Each term is judged by itself. Of {terms} that have nothing to do with the outcome, "
        f"{expected:.2g} would be called known on average (2 × {1 - sure:.3g} × {terms})."
    )


def picture(
    found: Mapping[str, Quantity],
    name: str,
    scale: float = 1,
    what: str = "difference of",
    per: str = "one sd of the term",
) -> Figure:
    """Draw the coefficients for one step of each term, in units of the outcome; `per` says it."""
    return figures.intervals(
        "answer",
        {label(key): {"NUTS": q} for key, q in found.items()},
        label=f"{what} {name} for {per}, other terms equal",
        caption=f"Median and 95% equal-tailed credible interval, for {per}; the "
        "answer is for one unit of a number.",
        scale=scale,
    )
