"""What the first screen says of several formulas: which predicts best, and whether it matters."""

from collections.abc import Mapping, Sequence

import xarray as xr

from reports.blocks.blocks import Cell, Figure, Table
from reports.blocks.numbers import apart, figure, number
from reports.blocks.text import listed
from reports.drawing import figures
from reports.page.page import Report
from reports.regression import gaussian, priors
from reports.regression.criteria import odds
from workflow.regression.criteria import Compared
from workflow.regression.prior_widths import Widths
from workflow.scoring.elpd import LEAST_DIFFERENCE, Difference, errors_needed, whisker

LOSS = gaussian.LOSS
LINE = "log predictive density (elpd)"
HOW_RESULT = {
    "beside the best": "How well rows are predicted that were left out (elpd, higher is better), "
    "less that of the highest, ± its standard error from row to row.",
    "typical miss": "By how much the prediction of a row from all others is off, in the middle.",
    "Bayes factor": "How likely these rows were before any was seen, beside the likeliest. It "
    "answers another question, and hangs on how wide the prior is.",
    "verdict": "Worse, from a difference of 4 on that is as many standard errors away from 0 as "
    "the number of rows asks for; else the rows cannot tell. Highest is not best, unless all "
    "others are worse.",
}


def result(found: Compared, decision: str | None, name: str) -> list[Table]:
    """Return a row a formula, the best first."""
    rows: list[tuple[Cell, ...]] = []
    top = max(one.evidence for one in found.scored)
    misses = apart(*(one.missed(found.y) for one in found.ranked), digits=3)
    for one, miss in zip(found.ranked, misses, strict=True):
        gap = found.gaps[one.name]
        away = "0" if one is found.best else f"{_tenths(gap, sign=True)} ± {figure(gap.se, 2)}"
        told = _verdict(found, one.name, decision)
        rows.append((one.name, away, miss, odds(top - one.evidence), told))
    columns = ("formula", "beside the best", "typical miss", "Bayes factor", "verdict")
    caption = f"Formulas of {name}, by how well they predict rows left out"
    return [Table(caption, columns, tuple(rows), HOW_RESULT)]


def _verdict(found: Compared, name: str, decision: str | None) -> str:
    if decision is None:
        return "not known"
    if name not in found.tenable:
        return "worse"
    if name == found.best.name:
        return "best" if len(found.tenable) == 1 else "highest"
    return "cannot tell"


def picture(found: Compared) -> Figure:
    """Draw how far the elpd of each formula is from the highest, with two standard errors."""
    others = [one.name for one in found.ranked[1:]]
    return figures.intervals(
        "answer",
        {name: {"": whisker(found.gaps[name])} for name in others},
        label=f"{LINE} less that of the highest, {found.best.name}",
        caption="Differences of the elpd, each with two standard errors from row to row to either "
        "side. Left of 0 is worse than the highest.",
    )


def answer(found: Compared, decision: str | None, name: str) -> str:
    """Say which formula predicts best, or that the rows cannot tell; and whether it matters."""
    if decision is None:
        return f"Which formula predicts {name} best is not known."
    best, tenable = found.best.name, found.tenable
    worse = [_away(found, one.name) for one in found.ranked if one.name not in tenable]
    alike = [_away(found, one) for one in tenable if one != best]
    if not alike:
        return (
            f"“{best}” predicts unseen {name} best of these formulas: below its {LINE} come "
            f"{listed(worse)}. {matters(found, name)}"
        )
    below = f" Clearly worse: {listed(worse)}." if worse else ""
    return (
        f"These {found.rows:,} rows cannot tell which of {len(tenable)} formulas predicts unseen "
        f"{name} best. Highest is “{best}”; below its {LINE} come {listed(alike)}.{below} "
        f"{matters(found, name)}"
    )


def _away(found: Compared, name: str) -> str:
    gap = found.gaps[name]
    return f"“{name}” by {_tenths(gap).lstrip('−')} (standard error {figure(gap.se, 2)})"


def _tenths(gap: Difference, *, sign: bool = False) -> str:
    return number(gap.value, 0.1 if gap.mcse < 0.5 else 1.0, sign=sign)


def matters(found: Compared, name: str) -> str:
    """Say by how much predictions miss, in units of the outcome, under the formulas."""
    missed = {one.name: one.missed(found.y) for one in found.ranked}
    least, most = min(missed, key=missed.__getitem__), max(missed, key=missed.__getitem__)
    low, high, own = apart(missed[least], missed[most], missed[found.best.name], digits=2)
    if low == high:
        return f"For predictions it hardly matters: all miss a typical {name} by {low}."
    mine = f"{own} under “{found.best.name}”"
    rest = dict.fromkeys((f"{low} under “{least}”", f"{high} under “{most}”"))
    told = " and by ".join(one for one in rest if one != mine)
    return f"A typical {name} is missed by {mine}, by {told}."


def line(found: Compared, decision: str | None) -> str:
    """Say in a line which formula predicts best."""
    if decision is None:
        return "Which formula predicts best is not known."
    best, *others = found.tenable
    if not others:
        return f"Best is “{best}”: all others are worse."
    told = listed(f"“{one}”" for one in others)
    return f"The highest elpd has “{best}”; not clearly worse: {told}."


def rule(rows: int) -> str:
    """Say by which rule a formula is better than another."""
    return (
        "Rule: a formula is worse than that with the highest elpd if its own is lower by "
        f"{LEAST_DIFFERENCE} or more and by {errors_needed(rows):.2g} standard errors of the "
        f"paired difference or more (with {rows:,} rows; 2 from 100 rows on). Take the one that "
        "all others are worse than; else the rows cannot tell, and any that is left may be taken: "
        "the one with fewer or cheaper columns, the one that is known to be right, or the average "
        "by the weights. A Bayes factor does not break the tie: it asks something else, and its "
        "answer moves with the width of the prior."
    )


def warn_of_turning(report: Report, widths: Widths, compared: Compared) -> None:
    """Warn where a Bayes factor is turned around by a wider prior than that of the analysis.

    Of formulas that rows cannot tell apart: there somebody may want it to break the tie.
    """
    found = widths.wider(compared.prior.width)
    turned = found.turned(compared.tenable)
    if turned is None:
        return
    one, other, here, wide = turned
    low, high = (number(gap, 0.1) for gap in found.spread_of_elpd(one, other))
    differ = f"are {low} apart" if low == high else f"are {low} to {high} apart"
    report.warn(
        f"The Bayes factor of “{one}” to “{other}” is {odds(-here)} under this prior and "
        f"{odds(wide)} under a wider one ({figure(float(found.widths[-1]))} sds): the prior turns "
        f"it around, while the elpds of the two {differ} under all of these.",
        "Do not choose by the Bayes factor, unless the prior is what was believed before the data.",
    )


def told_in_full(name: str, found: Compared, names: Sequence[str]) -> str:
    """Say which formula the checks of this page are of."""
    why = "has the highest elpd" if name == found.best.name else "has the highest elpd with terms"
    return (
        f"Told in full, with draws and checks, is “{name}”, which {why} of {len(names)} formulas. "
        "All are compared without draws."
    )


def expected_mean(mean: xr.DataArray, sigma: xr.DataArray, name: str) -> str:
    """Say what the prior expects of a mean that may be 0, and of the noise; from prior draws."""
    low, high, noise = apart(*map(float, (*mean.quantile((0.025, 0.975)), sigma.mean())), digits=2)
    return (
        f"The mean of {name} is expected between {low} and {high} (central 95%), and the noise "
        f"near {noise}: both are told in how far {name} is from 0. The other formula says that the "
        "mean is 0."
    )


def knobs(known: Mapping[str, float], name: str, shown: str) -> str:
    """Say what the sweep changes."""
    return (
        f"The knobs are {priors.knob(known)}, and the prior mean of the noise, in sds of what is "
        "predicted. At each point all formulas are compared again, with the same prior. Shown is "
        f"what moves most of “{name}”: {shown}."
    )
