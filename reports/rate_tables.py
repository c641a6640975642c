"""One rate under many priors as tables: exact posterior, NUTS and ADVI, and where it flips."""

from collections.abc import Mapping, Sequence

from reports.blocks import Cell, Table
from reports.numbers import number, probability
from reports.rates import Changes, Words, strength
from workflow.agreement import WORST, Agreement, Numbers
from workflow.data_size import Size
from workflow.quantities import INTERVAL, Scalar
from workflow.threshold import Rule

HOW_SIDE_BY_SIDE = (
    "Exact: the Beta distribution that the posterior is, no draws. NUTS: digits stop where the "
    "Monte Carlo error begins, and the last column is the largest of the six differences from the "
    "exact numbers (mean, sd, median, both ends, probability), in Monte Carlo errors: 1 to 2 is "
    f"chance, above {WORST} is not. ADVI errs by its family, which is no matter of draws: the last "
    f"column has the shift of its mean and the ratio of its sd. Intervals: {INTERVAL}."
)


def changes(found: Mapping[float, Changes], words: Words) -> Table:
    """Return the exact strengths at which the decision changes, one row a prior mean."""
    rows: list[tuple[Cell, ...]] = []
    for mean, course in found.items():
        first, *others = course
        then = ", then ".join(f"“{side}” from {strength(at)} on" for at, side in others)
        rows.append((f"{mean:g}", first[1], then or "never"))
    columns = ("prior mean", "weak priors", f"changes at a strength of ... {words.trials}")
    how = (
        "From the exact posterior, for priors that weigh from 1 to a thousand million "
        f"{words.trials}; the strength is found as a root, not read from a grid."
    )
    return Table("Where the decision flips", columns, tuple(rows), how)


def side_by_side(
    found: Sequence[Agreement], advi: Sequence[Numbers], rule: Rule, words: Words
) -> Table:
    """Return exact posterior, NUTS and ADVI under every prior, one row for each."""
    rows: list[tuple[Cell, ...]] = []
    for one, theirs in zip(found, advi, strict=True):
        mean, strength = one.knobs.values()
        prior = f"{mean:g} × {strength:g}"
        fine = dict.fromkeys(one.exact, 2e-6)
        far = (theirs["mean"] - one.exact["mean"]) / one.exact["sd"]
        ratio = theirs["sd"] / one.exact["sd"]
        beside = f"{number(far, 0.01, sign=True)} sd; sd × {number(ratio, 0.01)}"
        rows += [
            (prior, "exact", *_cells(one.exact, fine), "–"),
            (prior, "NUTS", *_cells(one.found, one.errors), f"{one.off:.1f} errors"),
            (prior, "ADVI", *_cells(theirs, one.errors), beside),
        ]
    columns = (
        "prior mean × strength",
        "method",
        "mean (%)",
        "median (%)",
        "95% interval (%)",
        f"P(below {rule.reference:g})",
        "off by",
    )
    caption = f"The {words.rate}: exact posterior, NUTS and mean-field ADVI"
    return Table(caption, columns, tuple(rows), HOW_SIDE_BY_SIDE)


def confirmed(found: Sequence[Agreement], rule: Rule) -> Table:
    """Return NUTS refits on either side of a flip, and what the exact posterior says there."""
    rows = tuple(
        (
            strength(one.knobs["prior_strength"]),
            f"{one.exact['prob_below']:.4f}",
            number(one.found["prob_below"], one.errors["prob_below"]),
            f"{one.errors['prob_below']:.1g}",
            "the limit" if abs(one.exact["prob_below"] - rule.sure) < 1e-6 else one.decision,
            " or ".join(one.tenable),
        )
        for one in found
    )
    columns = (
        f"strength at prior mean {rule.reference:g}",
        f"P(below {rule.reference:g}), exact",
        "NUTS",
        "Monte Carlo error",
        "decision, exact",
        "decision by NUTS",
    )
    how = "“or” joins the decisions that three Monte Carlo errors cannot tell apart."
    return Table("NUTS at half the strength of the flip, at it, and at twice", columns, rows, how)


def sizes(found: Sequence[Size], words: Words) -> Table:
    """Return what the priors make of each size of the data."""
    rows = tuple(
        (
            f"{one.count.events:,.0f} of {one.count.trials:,.0f}",
            f"{100 * one.lowest:.1f} to {100 * one.highest:.1f}",
            f"{(one.highest - one.lowest) / one.sd:.1f}",
            "; ".join(f"{n} {side}" for side, n in one.decisions.items()),
            f"{max(fit.off for fit in one.extremes):.1f} errors" if one.extremes else "–",
        )
        for one in found
    )
    columns = (
        f"{words.events} of {words.trials}",
        "posterior means (%)",
        "their range / posterior sd",
        "priors behind each decision",
        "NUTS off by",
    )
    how = (
        "Means and decisions are exact. The sd is that under the prior of the analysis. NUTS is "
        "refitted under the two priors with the lowest and the highest posterior mean."
    )
    return Table("The same rate from less and from more data", columns, rows, how)


def _cells(numbers: Numbers, errors: Numbers) -> tuple[str, ...]:
    """Format mean, median and interval as percentages, and the probability."""
    mean, median, low, high = (
        number(100 * numbers[name], 100 * errors[name])
        for name in ("mean", "median", "lower", "upper")
    )
    below = probability(Scalar(numbers["prob_below"], errors["prob_below"]))
    return mean, median, f"{low} to {high}", below
