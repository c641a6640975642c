"""Results of the workflow as tables, with how to read them. The words hold for every case."""

from collections.abc import Mapping, Sequence

import pandas as pd

from reports.blocks import Cell, Table
from reports.numbers import estimate, number, per_thousand, probability
from workflow.advi import METHODS
from workflow.checks import StatisticCheck
from workflow.compare import Comparison
from workflow.diagnostics import Diagnosis
from workflow.fit import Try
from workflow.quantities import INTERVAL, Quantity, Scalar
from workflow.sensitivity import Point, PowerScaling, Sweep
from workflow.status import Status

HOW_DIAGNOSIS = (
    "R-hat compares the chains with one another: above 1.01 they have not met. ESS is how many "
    "independent draws the chains are worth, in the bulk and in the tails of each quantity. MCSE "
    "/ sd is the Monte Carlo error of the mean in posterior sds. A divergence is a place that "
    "the sampler could not enter: any one fails. E-BFMI is low when the tails are explored "
    "slowly. One failed check withholds the answer."
)
HOW_PREDICTIVE = (
    "p is the probability that predicted data have a larger value of the statistic than the "
    "observed data. Near 0 or 1 the model does not reproduce this side of the data. “cannot "
    "fail” means that the model has a free parameter for every number in the data, so that no "
    "value of p is a compliment."
)
HOW_ADVI = (
    "Shift: ADVI mean minus NUTS mean, in posterior sds. Ratio: ADVI sd over NUTS sd; below 1 is "
    "too sure. Overlap: how much of the two 95% intervals is common. “±” is one Monte Carlo "
    "error; the verdict grants two. Good enough needs every shift within 0.1, every ratio in "
    "0.9-1.1, k-hat below 0.7 and the same decision; “means only” every shift within 0.25 and "
    "the same decision; an optimisation that was still moving is not to be used."
)
HOW_POWER = (
    "How strongly a quantity reacts when the prior, or the likelihood, is raised to a power near "
    "1. A value above 0.05 for the prior means that the prior matters; for both, that prior and "
    "data pull apart."
)
HOW_ESTIMATES = (
    f"An interval is a {INTERVAL}. Digits stop where the Monte Carlo error begins. A ratio has "
    "a median and an interval but no mean: with no events its mean would not exist."
)


def frame(caption: str, data: pd.DataFrame) -> Table:
    """Return a data frame as it is; whole numbers with thousands separators."""
    rows = tuple(
        tuple(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row)
        for row in data.astype(object).itertuples(index=False)
    )
    return Table(caption, tuple(map(str, data.columns)), rows)


def diagnosis(found: Diagnosis) -> Table:
    """Return the gate's table: one row a check."""
    rows = tuple(
        (c.check, f"{c.worst:.4g}", c.where, c.threshold, c.status, c.advice or "–")
        for c in found.checks
    )
    columns = ("check", "worst", "where", "needed", "status", "what to do")
    return Table(f"Diagnosis of the sampler: {found.status.value}", columns, rows, HOW_DIAGNOSIS)


def tries(record: Sequence[Try]) -> Table:
    """Return every run of the sampler."""
    columns = (
        "try",
        "draws",
        "warm-up",
        "target acceptance",
        "divergences",
        "least ESS",
        "seconds",
    )
    rows = tuple(
        (
            str(i),
            f"{t.draws:,}",
            f"{t.tune:,}",
            f"{t.target_accept:g}",
            str(t.divergences),
            f"{t.least_ess:.0f}",
            f"{t.seconds:.1f}",
        )
        for i, t in enumerate(record, 1)
    )
    return Table("Every run of the sampler (draws and warm-up a chain)", columns, rows)


def estimates(
    caption: str, quantities: Mapping[str, Quantity], *, scale: float = 1, unit: str = ""
) -> Table:
    """Return mean, median and interval of quantities, multiplied by `scale` into `unit`."""
    rows = []
    for name, q in quantities.items():
        error, wide = scale * (q.mcse_mean or q.mcse_median), scale * q.mcse_interval
        mean = number(None if q.mean is None else q.mean * scale, error)
        median = number(q.median * scale, scale * q.mcse_median)
        lower, upper = number(q.lower * scale, wide), number(q.upper * scale, wide)
        sd = number(None if q.sd is None else q.sd * scale, error)
        rows.append((name, mean, median, sd, f"{lower} to {upper}"))
    columns = ("quantity", "mean", "median", "sd", "95% interval")
    return Table(f"{caption}{f' ({unit})' if unit else ''}", columns, tuple(rows), HOW_ESTIMATES)


def probabilities(caption: str, scalars: Mapping[str, Scalar]) -> Table:
    """Return probabilities, with bounds where they are near 0 or 1."""
    rows = tuple((name, probability(s), f"{s.mcse:.1g}") for name, s in scalars.items())
    return Table(caption, ("event", "probability", "Monte Carlo error"), rows)


def predictive(caption: str, checks: Sequence[StatisticCheck], *, prior: bool = False) -> Table:
    """Return a prior or posterior predictive check: one row a test statistic."""
    advice = any(c.advice for c in checks)
    rows = tuple(
        (
            c.statistic,
            f"{c.observed:.4g}",
            f"{c.median:.4g}",
            f"{c.lower:.4g} to {c.upper:.4g}",
            f"{c.tail if prior else c.p:.3f}",
            c.result,
            *([c.advice or "–"] if advice else []),
        )
        for c in checks
    )
    last = ("tail probability", "conflict?") if prior else ("p", "result")
    todo = ("what to do",) if advice else ()
    columns = ("statistic", "observed", "predicted, median", "predicted, central 95%", *last, *todo)
    how = "A tail below .01 is a conflict of prior and data (WARN)." if prior else HOW_PREDICTIVE
    return Table(caption, columns, rows, how)


def comparison(found: Comparison) -> Table:
    """Return ADVI against NUTS, one row a quantity."""
    rows = tuple(
        (
            name,
            f"{q.mean_shift_sd:+.2f} ± {q.mean_shift_error:.2f}".replace("-", "−"),
            f"{q.sd_ratio:.2f} ± {q.sd_ratio_error:.2f}",
            f"{q.overlap:.2f} ± {q.overlap_error:.2f}",
        )
        for name, q in found.quantities.items()
    )
    caption = (
        f"{METHODS[found.method].capitalize()} ADVI against NUTS: {found.verdict} (k-hat "
        f"{number(found.k_hat, 0.005)}; {found.seconds:.1f} s against {found.nuts_seconds:.1f} s)"
    )
    columns = ("quantity", "shift of the mean / sd", "ratio of sds", "overlap of 95% intervals")
    return Table(caption, columns, rows, HOW_ADVI)


def sweep(found: Sweep, shown: str, *, scale: float = 1, unit: str = "") -> Table:
    """Return the prior sweep: one row a prior, with the interval of `shown` in `unit`."""
    rows: list[tuple[Cell, ...]] = []
    for point in found.points:
        knobs = (f"{value:g}" for value in point.knobs.values())
        decision = point.decision or "withheld"
        told = estimate(point.quantities[shown], scale)
        rows.append((*knobs, told, decision, _against(point, found), point.status))
    knobs = (name.replace("_", " ") for name in found.knobs)
    about = ", ".join(filter(None, (shown, unit, "median (95% interval)")))
    columns = (*knobs, about, "decision", "the analysis' decision", "diagnosis")
    return Table("Every prior of the sweep", columns, tuple(rows))


def _against(point: Point, found: Sweep) -> str:
    """Say whether the decision of the analysis stands under another prior."""
    if found.decision is None or point.status is Status.FAIL:
        return "–"
    return "stands" if found.decision in point.tenable else "flips"


def power_scaling(found: PowerScaling) -> Table | str:
    """Return ArviZ' power-scaling table, or the sentence that says why there is none."""
    if found.table is None:
        return found.reason
    rows = tuple(
        (str(name), f"{row['prior']:.3f}", f"{row['likelihood']:.3f}", str(row["diagnosis"]))
        for name, row in found.table.iterrows()
    )
    columns = ("quantity", "prior", "likelihood", "diagnosis")
    return Table("Power-scaling sensitivity", columns, rows, HOW_POWER)


def losses(found: Mapping[str, Scalar], unit: str) -> Table:
    """Return expected losses, as events in 1,000 `unit`."""
    rows = tuple((name, per_thousand(s), f"{1000 * s.mcse:.1g}") for name, s in found.items())
    columns = ("option", f"expected loss per 1,000 {unit}", "Monte Carlo error")
    how = "What this choice is expected to give away against the best one, whichever that is."
    return Table("Expected loss of each choice", columns, rows, how)


def verdict(found: Comparison) -> str:
    """Say in a sentence what ADVI would have been good for here."""
    reasons = f": {'; '.join(found.reasons)}" if found.reasons else ""
    return f"{METHODS[found.method].capitalize()} ADVI: {found.verdict}{reasons}."
