"""One rate under many priors as tables: exact posterior, NUTS and ADVI, and where it flips."""

from collections.abc import Mapping, Sequence

import pandas as pd

from reports.blocks import tables
from reports.blocks.blocks import Cell, Table
from reports.blocks.numbers import number, probability
from reports.rates.rates import Changes, Words, strength
from workflow.checking.exact import WORST
from workflow.deciding.threshold import NOT_SHOWN, Rule
from workflow.quantities import INTERVAL, Quantity, Scalar, named
from workflow.rates.agreement import Agreement, Numbers
from workflow.rates.data_size import Size

HOW_COUNT = (
    "One row, all that the analysis knows of the data: how often the event happened, and in how "
    "many trials. The first number divided by the second is the observed rate."
)
HOW_CHANGES = (
    "One row a prior mean. A weak prior (small strength) lets the data decide; the last column has "
    "the strengths from which on the decision is another one, “never” where no prior of this mean "
    "changes it. Only strengths far beyond what anybody knew are good: then the data decide. All "
    "is from the exact posterior, for priors that weigh from 1 to a thousand million {trials}; the "
    "strength is found as a root, not read from a grid."
)
HOW_CONFIRMED = (
    "One row a strength of the prior: the probability by the exact posterior and by NUTS, and the "
    "decision that follows from each. They should differ by a few Monte Carlo errors at most. “or” "
    "joins the decisions that three Monte Carlo errors cannot tell apart, as must be at the flip."
)
HOW_SIZES = (
    "One row a size of the data, the rate as near to the observed one as whole counts come: of few "
    "trials that can be a few points off. The range of the "
    "posterior means is what the choice among the priors can do; beside the posterior sd under the "
    "prior of the analysis, 1 or less is little. Where all priors lead to one decision the data "
    "decide. Means and decisions are exact; NUTS is refitted under the two priors with the lowest "
    "and the highest posterior mean, and “off by” is its largest difference from the exact "
    "numbers, in Monte Carlo errors: 1 to 2 is chance."
)
HOW_SIDE_BY_SIDE = (
    "{rows} rows a prior. Exact: the Beta distribution that the posterior is, no draws. NUTS: "
    "digits stop where the Monte Carlo error begins, and the last column is the largest of the six "
    "differences from the exact numbers (mean, sd, median, both ends, probability), in Monte Carlo "
    f"errors: 1 to 2 is chance, above {WORST} is not. {{advi}}Intervals: {INTERVAL}."
)
HOW_ADVI = (
    "ADVI errs by its family, which is no matter of draws: the last column has the shift of its "
    "mean and the ratio of its sd. "
)

HOW_SIDES = (
    "One row a statement that could be made. It is shown where its posterior probability reaches "
    "what was asked for."
)


def count(counts: pd.DataFrame) -> Table:
    """Return the one row of the data."""
    return tables.frame("The count", counts, HOW_COUNT)


def estimates(
    found: Mapping[str, Quantity],
    quantities: Mapping[str, Quantity],
    measured: Mapping[str, Scalar],
    rule: Rule,
    words: Words,
) -> list[Table]:
    """Return the rate, its difference from the reference, odds, and on which side it is."""
    difference = f"Difference from {rule.reference:g}"
    return [
        tables.estimates(f"The {words.rate}", named(found, "theta"), scale=100, unit="%"),
        tables.estimates(difference, named(found, "difference"), scale=100, unit="points"),
        tables.estimates(f"Odds, {words.events} to others", named(quantities, "odds")),
        tables.probabilities(f"Probability of a rate below {rule.reference:g}", measured),
    ]


def sides(decision: str | None, rule: Rule, below: Scalar) -> Table:
    """Return the two statements that could be made of a rate, and which is shown."""
    chances = {rule.below: below, rule.above: Scalar(1 - below.value, below.mcse)}
    rows = tuple(
        (side, probability(p), f"{rule.sure:g}", "shown" if side == decision else NOT_SHOWN)
        for side, p in chances.items()
    )
    columns = ("the rate is", "probability", "asked for", "")
    return Table("What the data show", columns, rows, HOW_SIDES)


def changes(found: Mapping[float, Changes], words: Words) -> Table:
    """Return the exact strengths at which the decision changes, one row a prior mean."""
    rows: list[tuple[Cell, ...]] = []
    for mean, course in found.items():
        first, *others = course
        then = ", then ".join(f"“{side}” from {strength(at)} on" for at, side in others)
        rows.append((f"{mean:g}", first[1], then or "never"))
    columns = ("prior mean", "weak priors", f"changes at a strength of ... {words.trials}")
    how = HOW_CHANGES.format(trials=words.trials)
    return Table("Where the decision flips", columns, tuple(rows), how)


def side_by_side(
    found: Sequence[Agreement], advi: Sequence[Numbers], rule: Rule, words: Words
) -> Table:
    """Return exact posterior, NUTS and, if it was fitted, ADVI under every prior, a row each."""
    rows: list[tuple[Cell, ...]] = []
    for one, theirs in zip(found, advi or len(found) * [None], strict=True):
        prior = " × ".join(f"{knob:g}" for knob in one.knobs.values())
        fine = dict.fromkeys(one.exact, 2e-6)
        rows += [
            (prior, "exact", *_cells(one.exact, fine), "–"),
            (prior, "NUTS", *_cells(one.found, one.errors), f"{one.off:.1f} errors"),
        ]
        if theirs:
            far = (theirs["mean"] - one.exact["mean"]) / one.exact["sd"]
            ratio = theirs["sd"] / one.exact["sd"]
            beside = f"{number(far, 0.01, sign=True)} sd; sd × {number(ratio, 0.01)}"
            rows.append((prior, "ADVI", *_cells(theirs, one.errors), beside))
    columns = (
        "prior mean × strength",
        "method",
        "mean (%)",
        "median (%)",
        "95% interval (%)",
        f"P(below {rule.reference:g})",
        "off by",
    )
    methods = "exact posterior, NUTS and mean-field ADVI" if advi else "exact posterior and NUTS"
    how = HOW_SIDE_BY_SIDE.format(rows="Three" if advi else "Two", advi=HOW_ADVI if advi else "")
    return Table(f"The {words.rate}: {methods}", columns, tuple(rows), how)


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
    caption = "NUTS at half the strength of the flip, at it, and at twice"
    return Table(caption, columns, rows, HOW_CONFIRMED)


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
    return Table("About the same rate from less and from more data", columns, rows, HOW_SIZES)


def _cells(numbers: Numbers, errors: Numbers) -> tuple[str, ...]:
    """Format mean, median and interval as percentages, and the probability."""
    mean, median, low, high = (
        number(100 * numbers[name], 100 * errors[name])
        for name in ("mean", "median", "lower", "upper")
    )
    below = probability(Scalar(numbers["prob_below"], errors["prob_below"]))
    return mean, median, f"{low} to {high}", below
