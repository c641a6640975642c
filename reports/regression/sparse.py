"""What the page of the sparse regression says: the prior, small submodels, mean, mode and none."""

from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np
from matplotlib.ticker import MaxNLocator

from reports.blocks.blocks import NONE, Block, Figure, Table
from reports.blocks.numbers import MINUS, estimate, percent
from reports.blocks.text import listed
from reports.drawing.drawing import BLUE, GREY, canvas_of, to_svg
from reports.page.page import Report
from reports.regression.terms import Phrases, amount, hangs
from workflow.quantities import Quantity
from workflow.regression.hanging import Hanging
from workflow.regression.submodels import Submodels

HOW_SUBMODELS = {
    "terms": "How many terms the submodel has; it has those of all lines above, and this one.",
    "elpd": "Log predictive density of rows left out, less that with all terms, and its standard "
    "error over the rows: 0 is as good as all terms, below 0 worse. It need not rise from line to "
    "line: where the searches without single rows do not agree, the submodel predicts worse.",
    "error": "Root mean squared error of rows left out, in units of the outcome.",
    "share": "In what share of the searches, each without one row, the term is among the first so "
    "many. Where it is low, another term would do as well.",
}


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
    phrases: Phrases,
) -> str:
    """Say which terms have a known direction, how large the first is, and how few would do.

    `known` has the direction of each term, 0 for one that is not known; `found` the slopes.
    """
    sure = [term for term in ranked if known[term] and term not in hanging.terms]
    if decision is None or not sure:
        said = f"Of {len(ranked)} terms, none goes with {name} in a direction that is known."
    else:
        ways = (("up", 1), ("down", -1))
        told = [(way, [t for t in sure if known[t] == sign]) for way, sign in ways]
        parts = [f"{way} with {listed(terms)}" for way, terms in told if terms]
        before, behind = phrases.get(sure[0], ("", ""))
        compared = bool(before)
        where = " where the others are 0" if "(at " in behind else ""  # it is in products
        first = amount(found[f"slope[{sure[0]}]"], compared=compared)
        said = (
            f"Of {len(ranked)} terms, {len(sure)} go{'es' if len(sure) == 1 else ''} with {name} "
            f"in a known direction, other terms being equal: {'; '.join(parts)}. The "
            f"largest for one step is that of {sure[0]}: {first}"
            f"{'' if compared else ' for one more'}{where} (median and 95% equal-tailed credible "
            "interval)."
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
