"""What the page of a logistic regression says of its prior, its mode and its odds ratios."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import expit

from reports.blocks.blocks import Block, Table
from reports.blocks.numbers import figure, interval, number, percent, probability
from reports.page.page import Report
from reports.regression.priors import Known
from reports.regression.terms import on_line
from reports.regression.told_apart import forest
from workflow.quantities import INTERVAL, Quantity, Scalar, label, original_scale
from workflow.regression.hanging import Hanging
from workflow.regression.logistic import Implied, Map
from workflow.regression.regression import switches

__all__ = ["forest"]  # of told_apart, for the analysis
NOISE_SD = np.pi / np.sqrt(3)  # sd of the logistic distribution
ONE_SD, NOTHING = "one sd of the term", Hanging()
LOSS = (
    "The outcome happens or not, with a probability (Bernoulli): the loss that fits it is the "
    "cross-entropy, or log loss, −log of the probability that was given to what happened, and what "
    "is predicted is the probability of the event."
)
SURE = 0.5  # share of sure prior probabilities above which the prior is called overbearing
HOW_SURENESS = (
    "One row a prior: the share of the rows that it holds for all but decided before any outcome "
    "is seen, and how often somebody who knew the coefficients would foresee the outcome. Large "
    "numbers say that the prior believes in an outcome that is nearly certain row by row; choose "
    "the row that says what was really known."
)
HOW_MODES = (
    "One row a term: its log odds ratio for one sd (of a level, against its reference), above 0 "
    "where the event is the more probable the larger the term. One column a prior, from narrow to "
    "wide, as one point: the most probable values. The last column is the mean of this page's "
    "posterior. Rows that hardly change from column to column are known from the data; those that "
    "grow with τ² are held back by the prior."
)
HOW_RATIOS = (
    f"One row a term. Median and {INTERVAL}. The odds, p / (1 - p), are multiplied by this for one "
    "sd more of a number, and for a level against those of its reference, the other terms being "
    "equal; 1 is no association. P(above 1) near 0 or 1: the direction is known. Digits stop where "
    "the Monte Carlo error begins."
)
FIT = (
    "The model fits the overall rate and a straight line on the log-odds for each term, so the "
    "check looks elsewhere: at rates along the fitted probability and in the middle of the "
    "strongest terms, where a bend would show, and at the row that the model held for least "
    "probable, where a wrong label would."
)
OWN = "Coefficients in their own units (log-odds per unit of the term)"

# Of the shipped data.
EXPERTS = (
    "What was known before: doctors who read such aspirates by eye are right in about nine of ten, "
    "as Wolberg, Street and Mangasarian (1994) sum up earlier series. See which prior is of that "
    "opinion, and which expects to err on almost none."
)
SOURCES = (
    "The defaults: about one in ten women with a breast lump or an abnormal mammogram has cancer "
    "(Kerlikowske et al. 2003), and masses are biopsied from a probability of 2% on (BI-RADS "
    "category 4), as if a miss were as bad as 49 biopsies without need. The patients here already "
    "had a needle aspirate; benign masses of a clinic may look more harmless than theirs."
)


def rule(rows: str) -> str:
    """Say by what the decision is made; `rows` are those that judge."""
    return (
        f"Rule: take the option of least expected cost per person on the {rows}, weighted so that "
        "the event is as common as where one decides."
    )


def prior_words(known: Known, level_sd: float, terms: int) -> list[Block]:
    """Say what the prior means for one term, for all together and for the average row."""
    level = expit(np.array([-1.96, 1.96]) * level_sd)
    average = (
        f"The probability at the average row is between {percent(level[0], 0.001)} and "
        f"{percent(level[1], 0.001)} with probability .95 (--level-sd {level_sd:g})."
    )
    foreseen = (
        "The last column is how often the outcome would be foreseen by somebody who knew the "
        "coefficients:"
    )
    if "r2" in known:
        spread = NOISE_SD * np.sqrt(known["r2"] / (1 - known["r2"]))
        return [
            f"All terms together are expected to explain about {percent(known['r2'], 0.01)} of the "
            f"variance of the log-odds and their noise (--r2): over the rows the log-odds have a "
            f"prior sd of {spread:.3g}, for any number of terms and however their columns are "
            f"written. {average}",
            foreseen,
        ]
    with np.errstate(over="ignore"):
        ratio = np.exp(np.array([-1.96, 1.96]) * known["slope_sd"])
    return [
        "The odds ratio for one sd of a term (of a level, against its reference) is between "
        f"{figure(ratio[0], 2)} and "
        f"{figure(ratio[1])} with probability .95 (--slope-sd {known['slope_sd']:g}), each by "
        f"itself (--prior independent). {average}",
        f"The terms together ({terms} here) spread the log-odds of a row further, and a prior that "
        "looks vague for each coefficient can then be sure of most rows before it has seen an "
        f"outcome. {foreseen}",
    ]


def sureness(found: Mapping[float, Implied], knob: str, own: float) -> Table:
    """Return what the prior implies for the rows before any outcome is seen, by its knob's value.

    `own` is that of this analysis.
    """
    rows = tuple(
        (
            f"{value:g}{' (this analysis)' if value == own else ''}",
            percent(one.sure, 0.01),
            percent(one.foreseen, 0.01),
        )
        for value, one in sorted(found.items())
    )
    about = "share explained, r2" if knob == "r2" else "prior sd of a log odds ratio"
    columns = (about, "rows below 1% or above 99%", "outcomes foreseen")
    return Table(
        "What the prior implies for the rows, before any outcome", columns, rows, HOW_SURENESS
    )


def warn_of_sure_prior(report: Report, share: float, knob: str) -> None:
    """Warn where the prior all but decides most rows."""
    if share > SURE:
        report.warn(
            f"The prior holds {percent(share, 0.01)} of the rows for all but decided (below 1% or "
            "above 99%) before any outcome is seen.",
            f"A smaller --{knob.replace('_', '-')} says what you mean.",
        )


def odds_ratios(
    logs: Mapping[str, Quantity],
    prob: Mapping[str, Scalar],
    per: str = ONE_SD,
    hanging: Hanging = NOTHING,
) -> Table:
    """Return odds ratios from the summaries of their logarithms; `per` is a step of the terms."""
    rows = []
    for name, q in original_scale(dict(logs)).items():
        above = probability(prob[f"prob_positive[{label(name)}]"])
        known = on_line(hanging, label(name)) or above
        rows.append((label(name), number(q.median, q.mcse_median), interval(q), known))
    columns = ("term", "odds ratio (median)", "95% interval", "P(above 1)")
    return Table(f"Odds ratio for {per}", columns, tuple(rows), HOW_RATIOS)


def about(name: str, rate: float) -> str:
    """Say what the outcome is, and how often it is the event."""
    return f"whether a row is {name} ({percent(rate, 0.001)} are)"


def ratios(name: str, per: str) -> str:
    """Say what the odds ratios are for; `per` is a step of the terms."""
    if per == ONE_SD:
        per = "one sd more of a term"
    return (
        f"How the odds of {name} differ for {per}, the other terms being equal. Terms that go "
        "together share what they explain, so each of them alone is less sure."
    )


def unit(term: str, terms: pd.DataFrame) -> str:
    """Return the unit of a term's log odds ratio."""
    return "log odds" if switches(terms[[term]]).any() else "log odds per sd"


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
    columns = ("log odds ratio", *maps, "posterior mean, this prior")
    return [
        "Under Normal(0, τ) priors and a flat level the most probable coefficients are those of "
        "an L2 penalty, C = τ² (scikit-learn's, on columns with sd 1). The larger τ², the less "
        "collinear terms are held together. A mode is one point; it leaves out that neighbouring "
        "coefficients are nearly as probable, which is why the probabilities above are averaged "
        "over the posterior instead.",
        Table("Posterior modes (MAP) by the variance of the prior", columns, filled, HOW_MODES),
    ]
