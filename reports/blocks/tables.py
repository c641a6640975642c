"""Results of the workflow as tables. The words hold for every case."""

from collections.abc import Mapping, Sequence

import pandas as pd

from reports.blocks import how
from reports.blocks.blocks import Cell, Table
from reports.blocks.numbers import (
    apart,
    estimate,
    figure,
    interval,
    number,
    per_thousand,
    probability,
)
from reports.blocks.text import spoken, words
from workflow.checking.checks import StatisticCheck
from workflow.checking.diagnostics import Diagnosis
from workflow.quantities import Quantity, Scalar
from workflow.sampling.fit import Try
from workflow.sensitivity import flips
from workflow.sensitivity.power import PowerScaling
from workflow.sensitivity.sensitivity import Point, Sweep
from workflow.variational.advi import METHODS
from workflow.variational.compare import Comparison


def frame(caption: str, data: pd.DataFrame, about: str) -> Table:
    """Return a data frame as it is, with thousands separators; `about` says what a row is."""
    rows = tuple(
        tuple(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row)
        for row in data.astype(object).itertuples(index=False)
    )
    return Table(caption, tuple(map(str, data.columns)), rows, about)


def diagnosis(found: Diagnosis) -> Table:
    """Return the gate's table: one row a check."""
    rows = tuple(
        (c.check, figure(c.worst, c.digits), c.where, c.threshold, c.status, c.advice or "–")
        for c in found.checks
    )
    named = {"the columns", *(c.check for c in found.checks)}
    about = {name: said for name, said in how.DIAGNOSIS.items() if name in named}
    columns = ("check", "worst", "where", "needed", "status", "what to do")
    return Table(f"Diagnosis of the sampler: {found.status.value}", columns, rows, about)


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
    caption = "Every run of the sampler (draws and warm-up a chain)"
    return Table(caption, columns, rows, how.TRIES)


def estimates(
    caption: str, quantities: Mapping[str, Quantity], *, scale: float = 1, unit: str = ""
) -> Table:
    """Return mean, median and interval of quantities, multiplied by `scale` into `unit`."""
    rows = []
    for name, q in quantities.items():
        error = scale * (q.mcse_mean or q.mcse_median)
        mean = number(None if q.mean is None else q.mean * scale, error)
        median = number(q.median * scale, scale * q.mcse_median)
        sd = number(None if q.sd is None else q.sd * scale, error)
        rows.append((spoken(name), mean, median, sd, interval(q, scale)))
    columns = ("quantity", "mean", "median", "sd", "95% interval")
    return Table(f"{caption}{f' ({unit})' if unit else ''}", columns, tuple(rows), how.ESTIMATES)


def probabilities(caption: str, scalars: Mapping[str, Scalar]) -> Table:
    """Return probabilities, with bounds where they are near 0 or 1."""
    rows = tuple((spoken(name), probability(s), f"{s.mcse:.1g}") for name, s in scalars.items())
    columns = ("event", "probability", "Monte Carlo error")
    return Table(caption, columns, rows, how.PROBABILITIES)


def predictive(caption: str, checks: Sequence[StatisticCheck], *, prior: bool = False) -> Table:
    """Return a prior or posterior predictive check: one row a test statistic."""
    advice = any(c.advice for c in checks)
    rows: list[tuple[Cell, ...]] = []
    for c in checks:
        observed, median, lower, upper = apart(c.observed, c.median, c.lower, c.upper)
        p = f"{c.tail if prior else c.p:.3f}"
        told = [c.advice or "–"] if advice else []
        rows.append((c.statistic, observed, median, f"{lower} to {upper}", p, c.result, *told))
    last = ("tail probability", "conflict?") if prior else ("p", "result")
    todo = ("what to do",) if advice else ()
    columns = ("statistic", "observed", "predicted, median", "predicted, central 95%", *last, *todo)
    return Table(caption, columns, tuple(rows), how.PRIOR_PREDICTIVE if prior else how.PREDICTIVE)


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
    return Table(caption, columns, rows, how.ADVI)


def sweep(found: Sweep, shown: str, *, scale: float = 1, unit: str = "") -> Table:
    """Return the prior sweep: one row a prior, with the interval of `shown` in `unit`."""
    rows: list[tuple[Cell, ...]] = []
    for point in found.points:
        knobs = (f"{value:g}" for value in point.knobs.values())
        exact = " (exact)" if point.decision and point in found.failed else ""
        unknown = "not judged" if point in found.not_judged else "withheld"
        decision = f"{flips.named(point)}{exact}" if point.decision else unknown
        told = estimate(point.quantities[shown], scale)
        rows.append((*knobs, told, decision, _against(point, found), point.status))
    about = ", ".join(filter(None, (spoken(shown), unit, "median (95% interval)")))
    columns = (*map(words, found.knobs), about, "decision", "the analysis' decision", "diagnosis")
    return Table("Every prior of the sweep", columns, tuple(rows), how.SWEEP)


def crossings(found: Sweep) -> list[Table]:
    """Return where the decision changes along each knob, or nothing if it does nowhere."""
    rows: list[tuple[Cell, ...]] = []
    for one in flips.crossings(found):
        before, after = one.before.knobs, one.after.knobs
        at = (
            f"{value:g}" if name != one.knob else f"between {value:g} and {after[name]:g}"
            for name, value in before.items()
        )
        rows.append((*at, *one.decisions))
    columns = (*map(words, found.knobs), "decision before", "and after")
    found_any = Table("Between which priors the decision changes", columns, tuple(rows), how.FLIPS)
    return [found_any] if rows else []


def _against(point: Point, found: Sweep) -> str:
    """Say whether the decision of the analysis stands under another prior."""
    if found.decision is None or point.decision is None:
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
    return Table("Power-scaling sensitivity", columns, rows, how.POWER)


def losses(found: Mapping[str, Scalar], unit: str) -> Table:
    """Return expected losses, as events in 1,000 `unit`."""
    rows = tuple(
        (spoken(name), per_thousand(s), f"{1000 * s.mcse:.1g}") for name, s in found.items()
    )
    columns = ("option", f"expected loss per 1,000 {unit}", "Monte Carlo error")
    return Table("Expected loss of each choice", columns, rows, how.LOSSES)


def verdict(found: Comparison) -> str:
    """Say in a sentence what ADVI would have been good for here."""
    reasons = f": {'; '.join(found.reasons)}" if found.reasons else ""
    return f"{METHODS[found.method].capitalize()} ADVI: {found.verdict}{reasons}."
