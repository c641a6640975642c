"""What the page of an ordinal regression says: ratings, cuts, proportional odds, what terms do."""

from collections.abc import Mapping, Sequence

from reports.blocks.blocks import Cell, Table
from reports.blocks.numbers import estimate, figure, percent, probability
from reports.blocks.text import listed, shortened
from reports.drawing.whiskers import whiskers
from reports.regression.regression import few
from reports.regression.result import direction
from reports.regression.terms import Phrases, hangs, on_line
from workflow.quantities import Scalar
from workflow.regression.effects import Comparison, Effects
from workflow.regression.hanging import Hanging
from workflow.regression.ordinal import ByRating

SHOWN, LONGEST = 12, 60  # comparisons on the first screen; characters of one
LOSS = (
    "Ratings have an order and no distances: the model does not know whether 2 is as far from 1 as "
    "5 from 4. Its noise is a choice among ordered ratings (cumulative logit); the loss that goes "
    "with it is the log loss, −log of the probability that was given to the rating observed. What "
    "is predicted is the probability of each rating, no mean."
)
FIT = (
    "The model fits how often each rating is given, and for each term one slope. It does not fit "
    "whether that slope is the same at every cut (proportional odds): for each term the slopes "
    "that the cuts ask for one by one are compared with one another, in the data and in data "
    "predicted from the model. Nor does it fit who gets the extreme ratings. The picture is of "
    "one cut."
)
CUTS = (
    "A slope is how much the log-odds of a rating above any cut differ for one unit of the term; "
    "cut[j] lies between the j-th rating and the next: log-odds of the j-th or a lower one where "
    "all terms are 0."
)
HOW_OBSERVED = (
    "A row a rating: in how many of the rows looked at it was given, and the median and central "
    "95% of that number in data predicted from the fitted model. Good are numbers inside; the "
    "model has a parameter for each, so only a strong prior, or terms that misfit, move them apart."
)
HOW_RATINGS = (
    "A row a value of a column, with the probability of each rating (%) averaged over the rows: "
    "that column at the value in all rows, the others as they are. Median and 95% equal-tailed "
    "credible interval; the medians of a row add up to about 100. Of a number the values are its "
    "quartiles, or its two values."
)
HOW_RESULT = {
    "difference": "By how many percentage points such a rating is more probable, averaged over the "
    "rows with all other columns as they are: median and 95% equal-tailed credible interval.",
    "direction": "Up or down (towards higher or lower ratings) where the probability of that "
    "direction reaches what the rule asks for, else not known. P(up) is that of the term's slope; "
    "– where a column has several terms, or its term is a function of it.",
}


def order(ratings: Sequence[str]) -> str:
    """Say which ratings there are, and that others are not known."""
    return (
        f"The ratings, the lowest first: {listed(ratings)}. A rating that no row has is not in the "
        "model and has no probability."
    )


def event(name: str, ratings: Sequence[str], at: int) -> str:
    """Say what is above a cut: the ratings from the one at `at` on."""
    more = "" if at == len(ratings) - 1 else " or more"
    return f"{name} {ratings[at]}{more}"


def prior(concentration: float, n: int, r2: Mapping[str, float], at: float) -> str:
    """Say what the prior is; `at` is the prior sd of eta."""
    slopes = (
        f"All terms together are expected to explain {percent(r2['r2'], 0.01)} of the variance on "
        f"the scale of the log-odds (--r2): over the rows they move them by a prior sd of {at:.3g}."
        if "r2" in r2
        else f"One step of a term moves the log-odds by a prior sd of {r2['slope_sd']:g} "
        "(--slope-sd), each term by itself."
    )
    return (
        f"At the average row the probabilities of the {n} ratings have a Dirichlet prior with "
        f"{concentration:g} for each (--concentration): the prior weighs as much as "
        f"{n * concentration:g} rows of the average kind, equally many of each rating. {slopes}"
    )


def observed(found: Sequence[tuple[float, ...]], ratings: Sequence[str]) -> Table:
    """Return how often each rating was given, and how often it is predicted."""
    rows = tuple(
        (name, f"{n:,}", f"{middle:,.0f}", f"{low:,.0f} to {high:,.0f}")
        for name, (n, low, middle, high) in zip(ratings, found, strict=True)
    )
    columns = ("rating", "rows observed", "predicted (median)", "central 95%")
    return Table("How often each rating is given", columns, rows, HOW_OBSERVED)


def by_rating(found: Sequence[ByRating], ratings: Sequence[str]) -> Table:
    """Return the probability of each rating at the values of each column."""
    rows = tuple(
        (
            f"{shortened(one.column, LONGEST)}: {_value(one.value)}",
            *(estimate(q, 100) for q in one.shares),
        )
        for one in found
    )
    columns = ("column: value", *(f"{name}, %" for name in ratings))
    return Table("Probability of each rating", columns, rows, HOW_RATINGS)


def _value(value: str | float) -> str:
    return shortened(value, LONGEST) if isinstance(value, str) else figure(value, 4)


def _compared(one: Comparison) -> str:
    return f"{one.column}: {_value(one.value)} rather than {_value(one.than)}"


def _term(one: Comparison, prob: Mapping[str, Scalar]) -> str:
    """Return the term that a comparison is of, where there is one that is it alone."""
    names = (f"{one.column}: {one.value} rather than {one.than}", one.column)
    return next((name for name in names if f"prob_positive[{name}]" in prob), "")


def result(made: Effects, prob: Mapping[str, Scalar], sure: float, hanging: Hanging) -> list[Table]:
    """Return what each column does to the probability of such a rating, a row a comparison."""
    kept = sorted(made.comparisons, key=lambda one: -abs(one.difference.median))[:SHOWN]
    if not kept:
        return []
    rows: list[tuple[Cell, ...]] = []
    for one, cell in zip(kept, whiskers([one.difference for one in kept]), strict=True):
        term = _term(one, prob)
        p = prob[f"prob_positive[{term}]"] if term else None
        told = (probability(p), on_line(hanging, term) or direction(p, sure)) if p else ("–", "–")
        rows.append((_compared(one), estimate(one.difference, 100, sign=True), cell, *told))
    columns = ("compared", "difference (points)", "", "P(up)", "direction")
    caption = f"{made.name}: how much more probable, others equal (95% credible intervals)"
    return [Table(caption, columns, tuple(rows), HOW_RESULT)]


def answer(
    decision: str | None,
    made: Effects,
    ranked: Sequence[str],
    prob: Mapping[str, Scalar],
    sure: float,
    name: str,
    phrases: Phrases,
    hanging: Hanging,
) -> str:
    """Say in which direction ratings go with each term, and by how much one is more probable."""
    judged = [term for term in ranked if term not in hanging.terms]
    p = {term: prob[f"prob_positive[{term}]"].value for term in judged}
    known = [term for term in judged if not 1 - sure < p[term] < sure]
    most = [_told(one) for one in sorted(made.comparisons, key=_size)[:3]]
    event = f"{made.name[:1].upper()}{made.name[1:]}"
    by = f"{event} is more probable, others equal, by {'; '.join(most)}." if most else ""
    more = " ".join(part for part in (by, hangs(hanging)) if part)
    if decision is None or not known:
        return (
            f"No term goes with higher or lower {name} in a direction that is known (probability "
            f"{sure:g} or more, other terms being equal). {more}"
        ).strip()
    up = [phrases.get(one, ("", ""))[0] or one for one in known if p[one] > 0.5]
    down = [phrases.get(one, ("", ""))[0] or one for one in known if p[one] <= 0.5]
    said = [
        f"{word} {name} with {'; '.join(some)}"
        for word, some in (("higher", up), ("lower", down))
        if some
    ]
    rest = [term for term in judged if term not in known]
    unsure = f" The direction of {few(rest)} is not known." if rest else ""
    told = "; ".join(said)
    return f"{told[:1].upper()}{told[1:]}.{unsure} {more} Predicted are probabilities (log loss)."


def _size(one: Comparison) -> float:
    return -abs(one.difference.median)


def _told(one: Comparison) -> str:
    return f"{estimate(one.difference, 100, sign=True)} points for {_compared(one)}"
