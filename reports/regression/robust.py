"""What a page says of a regression with two kinds of noise: the prior, the rival, the tails."""

from collections.abc import Mapping, Sequence

import pandas as pd
import xarray as xr

from reports.blocks.blocks import Block, Cell, Figure, Table
from reports.blocks.part import averaged
from reports.drawing import figures
from reports.drawing.whiskers import whiskers
from reports.regression import result as result_of, tail_figures, tail_tables, tails
from reports.regression.terms import Phrases, amount, on_line, step as step_of
from workflow.checking.diagnostics import Diagnosis
from workflow.quantities import Quantity, label, named
from workflow.regression.hanging import Hanging
from workflow.regression.rivals import Rivals
from workflow.regression.tails import HEAVY, Moved
from workflow.sensitivity.sensitivity import Sweep

OPEN = (0.05, 0.95)  # of P(heavy tails): outside of it the prior all but settles what is asked

RIVAL = (
    "The rival is the same with Gaussian noise: nu infinite, sigma in the place of scale, the same "
    "priors. A Student-t does not take rows out; it expects a few far from the line, and so lets "
    "them pull less."
)

LOSS = (
    "The noise is Student-t: the loss that fits it grows like the squared error near the line and "
    "like the logarithm of the error far off, so that a row far off hardly counts. What is "
    "predicted is the middle (the median) of rows with the same terms; it is their mean too, where "
    "the tails are light enough to have one (ν above 1)."
)


def prior(nu_mean: float, heavy: float) -> str:
    """Say what the prior of nu expects, and whether it leaves open what is asked."""
    settled = (
        ", so the prior does not settle what is asked"
        if OPEN[0] < heavy < OPEN[1]
        else ": this prior all but settles what is asked (--nu-mean)"
    )
    return (
        f"nu has mean {nu_mean:g} (--nu-mean) and is above 2; below {HEAVY}, where tails matter, "
        f"with probability {heavy:.2f}{settled}. Beyond 30 the noise can hardly be told from a "
        "Gaussian."
    )


def prior_figure(r2: xr.DataArray, nu: xr.DataArray) -> Figure:
    """Draw what the prior implies for the explained variance and for the tails."""
    panels = {"share of the variance explained, R²": r2, "nu (small: heavy tails)": nu}
    return figures.densities(
        "prior",
        {name: draws.to_numpy().ravel() for name, draws in panels.items()},
        caption="What the prior implies: explained variance and tails.",
    )


def rival(found: Diagnosis) -> str:
    """Say whether the draws of the Gaussian rival can be trusted."""
    why = "; ".join(found.reasons())
    return f"The rival, by the same checks: {found.status.value}{': ' if why else ''}{why}."


def fit(in_order: bool) -> str:
    """Say what the model fits and what it does not; rows may have an order."""
    near = ", or rows that are like the row before" if in_order else ""
    return (
        "The model fits a mean for every row, one scale and one nu. It does not fit skewness, a "
        f"spread that changes, bends{near}: those can fail. "
    )


def below_zero(name: str, least: float, predicted: float) -> list[Block]:
    """Say that the model predicts an outcome below 0 (`predicted`), if the data never have it."""
    if least < 0 or predicted >= 0:
        return []
    return [
        f"The model also predicts {name} below 0, which the data never have: noise on both sides "
        "of a line does that near 0."
    ]


def rows(found: pd.DataFrame, name: str, step: int) -> list[Block]:
    """Return which rows count for less, as averages over every so many draws."""
    return [*tail_tables.weights(found, name), *averaged(len(found), step)]


def told(
    figure: str, curves: Mapping[str, xr.DataArray], change: Moved, both: Rivals, *, caption: str
) -> list[Block]:
    """Return how far nu moved, in words and as curves, and leave-one-out of both kinds of noise."""
    drawn = {about: draws.to_numpy().ravel() for about, draws in curves.items()}
    return [
        tails.moved(change, both.rows),
        tail_figures.cumulative(figure, drawn, label="nu", caption=caption),
        *tail_tables.leave_one_out(both.student, both.gaussian, both.gap),
    ]


def knobs(slopes: str, *, exact: bool) -> str:
    """Say what the sweep changes, and what the rival has at each point; `slopes` names a knob.

    Its elpd is `exact`, or from draws.
    """
    own = "its elpd is exact" if exact else "is fitted anew, since with gaps its elpd is by draws"
    return (
        f"The knobs are {slopes}, and the prior mean of nu. At each point the Gaussian has the "
        f"same prior of coefficients and noise, and {own}."
    )


def by_prior(found: Sweep, least: int, known: Mapping[str, float]) -> list[Block]:
    """Return nu and the weight of the line that counts least, where the prior of nu is another."""
    return [
        "nu, and how much the row that counts least counts, where the prior of nu is another:",
        tail_tables.by_prior(found, f"weight[{least}]", least, known),
    ]


def answer(
    both: Rivals,
    ranked: Sequence[str],
    found: tuple[Mapping[str, Quantity], Mapping[str, Quantity]],
    signs: tuple[Mapping[str, int], Mapping[str, int]],
    rows: pd.DataFrame,
    change: Moved,
    name: str,
    phrases: Phrases = {},  # noqa: B006  (nobody writes into it)
) -> str:
    """Say which noise is preferred, which slopes are known under both, what the least row counts.

    `found` and `signs` are of both kinds of noise, as in `tails.answer`; `rows` have the weights.
    """
    nu, n = found[0]["nu"], both.rows
    verdict = tails.verdict(both.noises[0], both.gap, n, nu)
    least = tails.least_row(rows, change)
    return tails.answer(
        verdict,
        ranked,
        found,
        signs,
        least,
        name,
        alone=both.gap is None,
        phrases=phrases,
        hanging=both.hanging,
    )


def result(
    ranked: Sequence[str],
    found: tuple[Mapping[str, Quantity], Mapping[str, Quantity]],
    signs: tuple[Mapping[str, int], Mapping[str, int]],
    name: str,
    step: str,
    phrases: Phrases,
    hanging: Hanging,
) -> list[Table]:
    """Return the terms under Student-t and under Gaussian noise, and what is known under both."""
    kept = ranked[: result_of.SHOWN]
    drawn = whiskers([found[0].get(f"beta[{term}]") for term in kept])
    rows: list[tuple[Cell, ...]] = []
    for term, cell in zip(kept, drawn, strict=True):
        compared = bool(phrases.get(term, ("", ""))[0])
        slopes = [amount(one[f"slope[{term}]"], compared=compared) for one in found]
        ways = {one.get(term, 0) for one in signs}
        known = {1: "up", -1: "down"}.get(ways.pop(), "not known") if len(ways) == 1 else "differs"
        way = on_line(hanging, term) or known
        rows.append((result_of.spoken(term, phrases), slopes[0], cell, slopes[1], way))
    caption = f"{name}, other terms equal: medians and 95% credible intervals"
    columns = ("term", "Student-t noise", "", "Gaussian noise", "under both")
    how = result_of.HOW | {"drawing": result_of.HOW["drawing"].format(step=step)}
    return [Table(caption, columns, tuple(rows), how)]


def picture(
    student: Mapping[str, Quantity],
    gaussian: Mapping[str, Quantity],
    unit: str,
    terms: pd.DataFrame,
    *,
    scale: float,
) -> Figure:
    """Draw the coefficients for one step of each of the terms under both kinds of noise.

    `scale` makes units of the outcome, called `unit`, of them.
    """
    per = step_of(terms)
    pairs = {key: (q, gaussian[key]) for key, q in named(student, "beta").items()}
    return figures.intervals(
        "answer",
        {label(key): {"Student-t": q, "Gaussian": p} for key, (q, p) in pairs.items()},
        label=f"{unit}: difference for {per}, other terms equal",
        caption="Median and 95% equal-tailed credible interval under both kinds of noise, for "
        f"{per}; the answer is for one unit of a number.",
        scale=scale,
    )
