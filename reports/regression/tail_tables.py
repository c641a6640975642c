"""Heavy tails in tables: both models side by side, weights of rows, leave-one-out, other priors."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from reports.blocks.blocks import Block, Table
from reports.blocks.numbers import apart, estimate, figure, number, probability
from reports.blocks.text import spoken, words
from reports.regression.tail_figures import figure_of_weights
from reports.regression.terms import on_line
from workflow.quantities import Quantity, Scalar, label
from workflow.regression.hanging import Hanging
from workflow.regression.tails import HEAVY, Fitted
from workflow.regression.weights import LOW
from workflow.scoring.elpd import QUADRATURE, REFITS, Difference, Elpd, paired
from workflow.sensitivity.sensitivity import Sweep

NOTHING = Hanging()
SHOWN = 8  # rows in the table of weights
HOW_WEIGHTS = (
    "One row a row of the file. Residual / scale is how far off the prediction it is. The weight "
    "of a row is what it counts in the fit beside a row on the line, which has 1: nu / (nu + z²), "
    "with z the residual in units of scale. A Gaussian gives 1 to every row. It is averaged over "
    "the posterior, that of nu among it. Near 1 a row counts in full; a small weight says that it "
    "is unlike the others, not that it is wrong."
)
HOW_LOO = (
    "One row a kind of noise, and their difference. elpd: the sum over the rows of the log "
    "probability density of a row, predicted from all the others; over the rows for which both "
    "models have one. Higher is better. The standard error is from row to row, the Monte Carlo "
    "error from draw to draw (an exact elpd has none). A difference of few standard errors does "
    "not tell the two apart."
)
HOW_SIDES = (
    "One row a quantity, beside one another under both kinds of noise: medians and 95% "
    "equal-tailed credible intervals, and the probability of lying above 0. What is the same in "
    "both columns does not hang on the noise; what differs hangs on the rows that are far off the "
    "line. The scale of a Student-t is not its sd, which is greater; a Gaussian's are the same."
)
HOW_BY_PRIOR = (
    f"One row a prior. nu says how heavy the tails are: below {HEAVY} heavy, above 30 hardly to be "
    "told from a Gaussian; the weight is what the row counts beside one on the line, which has 1. "
    "Where both change from prior to prior, the data do not settle the tails."
)


def side_by_side(
    student: tuple[Mapping[str, Quantity], Mapping[str, Scalar]],
    gaussian: tuple[Mapping[str, Quantity], Mapping[str, Scalar]],
    hanging: Hanging = NOTHING,
) -> Table:
    """Return slopes, intercept and noise under both models: summaries and P(slope > 0).

    Of slopes that hang on a row the line stands there instead.
    """
    slopes = [name for name in student[0] if name.partition("[")[0] == "slope"]
    pairs = {name: (name, name) for name in (*slopes, "intercept")}
    pairs |= {"scale of the noise": ("scale", "sigma"), "sd of the noise": ("sd", "sigma")}
    rows = tuple(
        (spoken(name), *_estimate(*student, of[0], hanging), *_estimate(*gaussian, of[1], hanging))
        for name, of in pairs.items()
    )
    columns = ("quantity", "Student-t noise", "P(above 0)", "Gaussian noise", "P(above 0)")
    return Table("Both models side by side (own units)", columns, rows, HOW_SIDES)


def _estimate(
    found: Mapping[str, Quantity], prob: Mapping[str, Scalar], name: str, hanging: Hanging
) -> tuple[str, str]:
    q = found[name]
    positive = prob.get(f"prob_positive[{label(name)}]")
    known = probability(positive) if positive else "–"
    return estimate(q), on_line(hanging, label(name)) or known


def by_prior(found: Sweep, weight: str, line: int, known: Mapping[str, float]) -> Table:
    """Return nu and the weight of a row under the priors of the sweep.

    `weight` is the name of that row's scalar, `line` its line in the file. Shown are the priors
    with these `known` knobs; all where there is none.
    """
    some = [point for point in found.points if known.items() <= point.knobs.items()]
    rows = []
    for point in some or found.points:
        knobs = (f"{value:g}" for value in point.knobs.values())
        q, w = point.quantities["nu"], point.scalars[weight]
        rows.append((*knobs, estimate(q), number(w.value, max(w.mcse, 0.005))))
    columns = (*map(words, found.knobs), *("nu, median (95% interval)", f"weight of line {line}"))
    return Table("Tails under other priors", columns, tuple(rows), HOW_BY_PRIOR)


def weights(found: pd.DataFrame, name: str, *, in_table: int = SHOWN) -> list[Block]:
    """Return which rows count for less: a sentence, the least in a table, all in a figure."""
    low = found[found["weight"] < LOW]
    if low.empty:
        least = found.iloc[0]
        said = (
            f"No row has a weight below {LOW:g}, averaged over the posterior; the least is "
            f"{number(least['weight'], least['mcse'])}, in line {found.index[0]} of the file."
        )
    else:
        lines = ", ".join(map(str, sorted(low.index[:20])))
        more = " (the 20 least)" if len(low) > 20 else ""
        said = (
            f"{len(low):,} of {len(found):,} rows have a weight below {LOW:g}: lines {lines}{more}."
        )
    rows = tuple(
        (
            str(line),
            *apart(row["observed"], row["predicted"]),
            number(row["residual"], 0.05, sign=True),
            number(row["weight"], max(row["mcse"], 0.005)),
            f"{number(row['lower'], 0.01)} to {number(row['upper'], 0.01)}",
        )
        for line, row in found.head(in_table).iterrows()
    )
    columns = (
        *("line in the file", f"{name}, observed", "predicted", "residual / scale"),
        *("weight", "95% interval"),
    )
    table = Table("The rows that count least", columns, rows, HOW_WEIGHTS)
    return [said, table, figure_of_weights(found)]


def leave_one_out(student: Fitted, gaussian: Fitted, gap: Difference | None) -> list[Block]:
    """Return the elpd of both models and their difference, how it was found, and what failed."""
    if not (student.elpd and gaussian.elpd and gap):
        return [
            "A fit, or nearly all of the refits, failed the diagnosis, so the two are not compared."
        ]
    if not np.isfinite(gap.mcse):
        return [
            "What some rows are expected to be, given the others, hangs on so few draws that its "
            "Monte Carlo error is not known, so the two are not compared."
        ]
    found = {"Student-t": student.elpd, "Gaussian": gaussian.elpd}
    compared = zip(found, paired(*found.values()), strict=True)
    rows = tuple(
        (
            name,
            number(elpd.total, max(elpd.mcse, 0.01)),
            "–",
            f"{elpd.mcse:.1g}" if elpd.mcse else "none",
        )
        for name, elpd in compared
    )
    last = (
        f"difference ({' − '.join(found)})",
        number(gap.value, max(gap.mcse, 0.01), sign=True),
        figure(gap.se, 2),
        f"{gap.mcse:.1g}",
    )
    columns = ("noise", "elpd", "standard error", "Monte Carlo error")
    methods = ", ".join(f"{name} {elpd.method}" for name, elpd in found.items())
    table = Table(f"Leave-one-out: {methods}", columns, (*rows, last), HOW_LOO)
    return [" ".join(_how_found(name, elpd) for name, elpd in found.items()), table]


def _how_found(name: str, elpd: Elpd) -> str:
    """Say how the elpd of a model was found, and what of it cannot be trusted."""
    n = len(elpd.rows)
    some = (
        f" These are {n:,} of {elpd.looked.rows:,} rows, drawn at random. For every row the "
        "density at likely parameters stands in; what is found beyond it among those that are "
        "looked at is taken for all, and the Monte Carlo error includes what that may be off."
        if elpd.looked
        else ""
    )
    missing = (
        f" {len(elpd.failed)} of these failed their diagnosis and are left out: lines "
        f"{', '.join(map(str, elpd.failed[:20]))}."
        if elpd.failed
        else ""
    )
    if elpd.method == QUADRATURE:
        return (
            f"{name}: exact, by quadrature over the sd of the noise, given which coefficients and "
            f"rows are Gaussian.{some}"
        )
    if elpd.method == REFITS:
        return f"{name}: {n} fits, each without one row.{missing or ' All passed their diagnosis.'}"
    k = elpd.k[np.isfinite(elpd.k)]
    if not elpd.refitted:
        return (
            f"{name}: PSIS; the largest Pareto k is {k.max():.2f}, up to {elpd.good_k:.2f} is good."
            f"{some}"
        )
    others = f" The largest k of the others is {k.max():.2f}." if k.size else ""
    return (
        f"{name}: PSIS; {elpd.refitted} of {n:,} rows have a Pareto k above {elpd.good_k:.2f} and "
        f"were left out by a fit of their own.{missing}{others}{some}"
    )
