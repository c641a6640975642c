"""What the page of a logistic regression says of its prior, its mode and perfect separation."""

from collections.abc import Mapping

import pandas as pd

from reports.blocks import Block, Table
from reports.numbers import number, percent
from reports.page import Report
from workflow.calibration import Mean
from workflow.logistic import Map
from workflow.quantities import Quantity
from workflow.sensitivity import Sweep
from workflow.separation import COMPLETE, NONE, QUASI, Separation

SURE = 0.5  # share of sure prior probabilities above which the prior is called overbearing
HOW_PAIRED = (
    "Below 0 the posterior predictive probabilities are better, but for discrimination, where "
    "more is better. “±” is one standard error over the held-out rows: in closed form for log loss "
    "and Brier score, of 500 bootstrap samples of the rows for the others."
)


def sureness(shares: Mapping[float, float], chosen: float) -> Table:
    """Return how sure the prior is of the rows before any outcome is seen, by its slope sd."""
    rows = tuple(
        (f"{sd:g}{' (this analysis)' if sd == chosen else ''}", percent(share, 0.01))
        for sd, share in sorted(shares.items())
    )
    columns = ("prior sd of a log odds ratio", "prior probabilities below 1% or above 99%")
    return Table("How sure the prior is of the rows, before any outcome", columns, rows)


def warn_of_sure_prior(report: Report, share: float) -> None:
    """Warn where the prior all but decides most rows."""
    if share > SURE:
        report.warn(
            f"The prior holds {percent(share, 0.01)} of the rows for all but decided (below 1% or "
            "above 99%) before any outcome is seen.",
            "With so many terms a smaller --slope-sd says what you mean.",
        )


def paired(found: Mapping[str, Mean], rivals: tuple[str, str]) -> Table:
    """Return paired differences of scores, with standard errors."""
    rows = tuple(
        (name, number(one.value, 9e-5, sign=True), f"± {number(one.error, 9e-5)}", _told(one))
        for name, one in found.items()
    )
    columns = ("score", "difference", "standard error", "can the rows tell?")
    return Table(f"{rivals[0]} less {rivals[1]}, on the same rows", columns, rows, HOW_PAIRED)


def _told(one: Mean) -> str:
    return "yes" if abs(one.value) > 2 * one.error else "no: less than two errors"


def modes(
    found: Mapping[float, Map], own: Map, means: Mapping[str, Quantity], prior: str
) -> list[Block]:
    """Return the posterior mode under several prior sds with a flat level, and under ours."""
    maps = {f"τ² = {variance:g}": one for variance, one in found.items()} | {prior: own}
    terms = list(own.log_odds_ratio.index)
    rows = [
        (str(term), *(number(one.log_odds_ratio[term], 9e-4) for one in maps.values()))
        for term in terms
    ]
    rows.append(("level (average row)", *(number(one.level, 9e-4) for one in maps.values())))
    by_mean = [means[f"log_odds_ratio[{term}]"] for term in terms] + [means["level"]]
    filled = tuple(
        (*row, number(q.mean, q.mcse_mean)) for row, q in zip(rows, by_mean, strict=True)
    )
    columns = ("log odds ratio for one sd", *maps, "posterior mean, this prior")
    return [
        "The most probable coefficients under Normal(0, τ) priors and a flat level are those of "
        "logistic regression with an L2 penalty, C = τ² (the penalty of scikit-learn on columns "
        "with sd 1). The larger τ², the less collinear terms are held together. A mode is one "
        "point; it leaves out that neighbouring coefficients are nearly as probable, which is why "
        "the probabilities above are averaged over the posterior instead.",
        Table("Posterior modes (MAP) by the variance of the prior", columns, filled),
    ]


def separated(found: Separation, swept: Sweep, shown: str) -> list[Block]:
    """Say whether the training rows are perfectly separated, and what the prior then decides."""
    if found.kind == NONE:
        return [
            "No weighted sum of the terms tells all events of the training rows from all others "
            "(found by linear programming), so the likelihood has a maximum and the data bound "
            "the coefficients, the prior only helps."
        ]
    how = {
        COMPLETE: "A weighted sum of the terms tells all events of the training rows from all "
        "others: perfect separation.",
        QUASI: "A weighted sum of the terms has all events of the training rows on one side and "
        "all others on the other, with some of both on the border: quasi-complete separation.",
    }[found.kind]
    q = {point.knobs["slope_sd"]: point.quantities[shown].median for point in swept.points}
    small, large = min(q), max(q)
    return [
        f"{how}{alone(found)}",
        "Then larger coefficients always fit better and the likelihood has no maximum: the data "
        "say in which direction, and at least how steeply, the probability rises, the prior says "
        f"how steeply at most. The median of {shown} is {q[small]:.3g} with a prior sd of "
        f"{small:g} and {q[large]:.3g} with {large:g}; that difference is the prior's alone. So "
        "are probabilities near 0 and 1.",
    ]


def alone(found: Separation) -> str:
    """Name the terms that separate by themselves."""
    parts = []
    if found.complete_alone:
        parts.append(f" By itself this does: {', '.join(found.complete_alone)}.")
    if found.quasi_alone:
        parts.append(
            f" By itself, but for rows on the border, this does: {', '.join(found.quasi_alone)}."
        )
    return "".join(parts)


def warn_of_separation(report: Report, found: Separation) -> None:
    """Warn of perfect separation, which the likelihood alone cannot deal with."""
    if found.kind != NONE:
        report.warn(
            f"The training rows are perfectly separated ({found.kind}): the terms tell every event "
            f"from every other row.{alone(found)}",
            "How large the coefficients are, and how near to 0 and 1 the probabilities, is decided "
            "by the prior. A term that was only known after the outcome does this too.",
        )


def held_out(counts: pd.DataFrame) -> Table:
    """Return how many rows are fitted and held out."""
    rows = tuple((str(part), *(f"{n:,}" for n in row)) for part, row in counts.iterrows())
    return Table("The split", ("rows", *map(str, counts.columns)), rows)
