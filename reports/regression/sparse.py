"""What the page of the sparse regression says: the prior, small submodels, mean, mode and none."""

from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np
from matplotlib.ticker import MaxNLocator

from reports.blocks.blocks import NONE, Block, Figure, Table
from reports.blocks.numbers import MINUS, estimate, percent, probability
from reports.blocks.text import listed
from reports.drawing.drawing import BLUE, GREY, canvas_of, to_svg
from reports.page.page import Report
from reports.regression.terms import hangs, on_line
from workflow.checking.diagnostics import Diagnosis, Status
from workflow.quantities import Quantity, Scalar
from workflow.regression.hanging import Hanging
from workflow.regression.shrunk import HORSESHOE, LAPLACE, LASSO, NO_PRIOR, RIDGE, Estimate
from workflow.regression.submodels import Submodels

SHOWN = 20  # terms of a table, those of the largest coefficients
RIVAL = (
    " The horseshoe is the same regression under a prior that leaves a term free or holds it near "
    "0 (`horseshoe` in models/sparse_regression.py)."
)
HOW_SUBMODELS = {
    "terms": "How many terms the submodel has; it has those of all lines above, and this one.",
    "elpd": "Log predictive density of rows left out, less that with all terms, and its standard "
    "error over the rows: 0 is as good as all terms, below 0 worse. It need not rise from line to "
    "line: where the searches without single rows do not agree, the submodel predicts worse.",
    "error": "Root mean squared error of rows left out, in units of the outcome.",
    "share": "In what share of the searches, each without one row, the term is among the first so "
    "many. Where it is low, another term would do as well.",
}
HOW_ESTIMATES = (
    "One line an estimate of all coefficients. Error: root mean squared error of rows left out, in "
    "units of the outcome, each predicted from the others. The next column compares squared "
    "errors (in squared sds of the outcome) with those of the posterior mean of this page, row by "
    "row: above 0 is worse, and below two standard errors the two cannot be told apart. The last "
    "counts coefficients that are not exactly 0."
)
HOW_SHRUNK = (
    "One line a term, the largest first: its coefficient for one step, in sds of the outcome, by "
    "each method. Least squares has no prior; the lasso is the mode under the Laplace prior, and "
    "sets some to 0 exactly; the means have none at 0. P(matters) is the posterior probability "
    "that the coefficient is larger in size than --matters."
)


def prior(r2: float, terms: int, sd: float, name: str) -> str:
    """Say what the prior expects; `sd` is that of the outcome."""
    width = sqrt(r2 / (1 - r2) / (2 * terms))
    return (
        f"All {terms} terms together are expected to explain about {percent(r2, 0.01)} of the "
        "variance (--r2), were each to go its own way and the noise as large as the outcome's own "
        f"sd. That makes a coefficient near {width * sd:.3g} units of {name} for one step of its "
        "term, and by Laplace's distribution a few several times as large. How wide the prior "
        "really is, is learned with the rest."
    )


def answer(
    decision: str | None,
    ranked: Sequence[str],
    found: Mapping[str, Quantity],
    known: Mapping[str, int],
    name: str,
    small: Submodels,
    hanging: Hanging,
    by_chance: str,
) -> str:
    """Say which terms have a known direction, how large the first is, and how few would do.

    `known` has the direction of each term, 0 for one that is not known; `found` coefficients for
    one step, in sds of the outcome (`beta`), and in own units.
    """
    sure = [term for term in ranked if known[term] and term not in hanging.terms]
    if decision is None or not sure:
        said = f"Of {len(ranked)} terms, none goes with {name} in a direction that is known."
    else:
        ways = (("up", 1), ("down", -1))
        told = [(way, [t for t in sure if known[t] == sign]) for way, sign in ways]
        parts = [f"{way} with {listed(terms)}" for way, terms in told if terms]
        first = estimate(found[f"beta[{sure[0]}]"], sign=True)
        said = (
            f"Of {len(ranked)} terms, {len(sure)} go{'es' if len(sure) == 1 else ''} with {name} "
            f"in a direction that is known, other terms being equal: {'; '.join(parts)}. The "
            f"largest is that of {sure[0]}: {first} sds of {name} for one step (median and 95% "
            "equal-tailed credible interval)."
        )
    return " ".join(one for one in (said, hangs(hanging), by_chance, size(small)) if one)


def submodels(found: Submodels, name: str, sd: float) -> list[Block]:
    """Return the terms in the order in which they enter, and how well the first so many predict."""
    rows: list[tuple[str, ...]] = []
    for j in range(len(found.gap)):
        term = found.order[j - 1] if j else "none, the mean"
        share = f"{found.share[j - 1]:.0%}" if j else NONE
        gap = f"{found.gap[j]:+.1f} ({found.se[j]:.1f})".replace("-", MINUS)
        rows.append((str(j), term, gap, f"{found.error[j] * sd:.3g}", share))
    rows.append(("all", "", "0", f"{found.whole * sd:.3g}", NONE))
    columns = ("terms", "enters", "elpd beside all (se)", f"error, {name}", "searches that agree")
    of = {column: HOW_SUBMODELS[key] for column, key in zip(columns, _KEYS, strict=True) if key}
    return [
        f"{size(found)} Terms enter one after the other, each time the one with which the submodel "
        "comes nearest to what the fit with all terms predicts (projection). How well it predicts "
        f"is seen on {found.rows:,} rows, each left out of the fit and of the search.",
        _drawn(found),
        Table("Submodels", columns, tuple(rows), of),
    ]


_KEYS = ("terms", "", "elpd", "error", "share")


def size(found: Submodels) -> str:
    """Say how few terms predict as well as all, and which."""
    if found.size is None:
        most = len(found.order)
        return f"No submodel of up to {most} terms predicts new rows as well as all terms do."
    if found.size == 0:
        return "No term is needed: the mean predicts new rows as well as all terms do."
    terms = listed(found.order[: found.size])
    few = "One term predicts" if found.size == 1 else f"{found.size} terms predict"
    return f"{few} new rows as well as all do, within one standard error: {terms}."


def _drawn(found: Submodels) -> Figure:
    with canvas_of("submodels", 7, 3) as canvas:
        axes = canvas.subplots()
        at = np.arange(len(found.gap))
        axes.axhline(0, color=GREY, linewidth=1, linestyle="--", label="all terms")
        axes.errorbar(at, found.gap, yerr=found.se, fmt="o", color=BLUE, label="submodel ± 1 se")
        axes.set_xlabel("number of terms of the submodel")
        axes.set_ylabel("elpd less that of all terms")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.legend(frameon=False, fontsize=9, loc="lower right")
        svg = to_svg(canvas, "submodels")
    told = ", ".join(f"{j}: {gap:.1f}".replace("-", MINUS) for j, gap in enumerate(found.gap))
    caption = "How well submodels predict rows left out, beside all terms."
    alt = f"{caption} {size(found)} By number of terms, {told}."
    about = (
        "One dot a number of terms, with one standard error. The first one whose error reaches the "
        "dashed line is told as enough; dots above it predict better than all terms."
    )
    return Figure(svg, alt, caption, about)


def estimates(found: Mapping[str, Estimate], name: str, sd: float) -> list[Block]:
    """Return how well mean, mode and least squares predict rows left out."""
    mine, rows = found[LAPLACE], []
    for label, one in found.items():
        gap, se = one.worse(mine)
        beside = NONE if one is mine else f"{gap:+.4f} ({se:.4f})".replace("-", MINUS)
        rows.append((label, f"{one.error * sd:.4g}", beside, str(np.count_nonzero(one.beta))))
    columns = ("estimate", f"error, {name}", "squared error beside the first (se)", "not 0")
    return [
        verdict(found) + (RIVAL if HORSESHOE in found else ""),
        Table("Mean, mode and no prior, on rows left out", columns, tuple(rows), HOW_ESTIMATES),
    ]


def verdict(found: Mapping[str, Estimate]) -> str:
    """Say which estimates predict clearly better or worse than the posterior mean."""
    told: dict[str, list[str]] = {"worse": [], "better": [], "": []}
    for label, one in found.items():
        if label != LAPLACE:
            gap, se = one.worse(found[LAPLACE])
            told["" if abs(gap) < 2 * se else "worse" if gap > 0 else "better"].append(label)
    said = [
        f"{listed(names)} predict{'s' if len(names) == 1 else ''} rows left out {way} than the "
        "posterior mean"
        for way, names in told.items()
        if way and names
    ]
    alike = f"{listed(told[''])} cannot be told from it" if told[""] else ""
    whole = "; ".join([*said, alike] if alike else said)
    return f"{whole[:1].upper()}{whole[1:]}."


def failed(diagnosis: Diagnosis) -> str:
    """Say that the horseshoe is not shown, and why."""
    bad = listed(one.check for one in diagnosis.checks if one.status is Status.FAIL)
    return f"The horseshoe is left out: its draws failed their diagnosis ({bad})."


def shrunk(
    ranked: Sequence[str],
    names: Sequence[str],
    found: Mapping[str, Estimate],
    matters: Mapping[str, Scalar],
    hanging: Hanging,
) -> Table:
    """Return the coefficients of the first terms by each method."""
    methods = [one for one in (NO_PRIOR, RIDGE, LASSO, LAPLACE, HORSESHOE) if one in found]
    at, rows = {name: k for k, name in enumerate(names)}, []
    for term in ranked[:SHOWN]:
        betas = [f"{found[one].beta[at[term]]:+.3f}".replace("-", MINUS) for one in methods]
        p = on_line(hanging, term) or probability(matters[f"prob_relevant[{term}]"])
        rows.append((term, *betas, p))
    short = tuple(one.partition(" (")[0] for one in methods)
    return Table("Shrinkage by term", ("term", *short, "P(matters)"), tuple(rows), HOW_SHRUNK)


def warn_of_unsure(report: Report, found: Submodels) -> None:
    """Warn where leaving rows out by weights cannot be relied on for many of them."""
    if found.unsure > 0.05 * found.rows:
        report.warn(
            f"Of {found.rows:,} rows left out, {found.unsure} are so telling that the draws cannot "
            "be weighted to do without them: how well submodels predict is told too kindly.",
            "Look for outliers, or use fewer terms (--formula).",
        )


def width(found: Quantity) -> str:
    """Say how wide the prior turned out to be."""
    return (
        "The width of the prior, the mean size of a coefficient in sds of the outcome, is "
        f"{estimate(found)} after the data."
    )
