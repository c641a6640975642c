"""Fits side by side in tables: a row a model, a term, a row of the file, a setting."""

from collections.abc import Mapping, Sequence

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import estimate, figure, number, probability
from reports.comparing.words import elpd, verdict
from reports.drawing.whiskers import whiskers
from workflow.comparing.directions import Term
from workflow.comparing.forms import AS_IS
from workflow.comparing.models import Model, SideBySide
from workflow.comparing.saved import Saved
from workflow.comparing.telling import Row
from workflow.quantities import INTERVAL, Quantity, label
from workflow.scoring.elpd import whisker

SHOWN = 40  # rows of a table of terms
WITHHELD = "withheld"
HOW_MODELS = {
    "elpd": "The sum over the rows of the log density (or probability) of a row, predicted from "
    "all the others. Higher is better; only differences mean something.",
    "difference": "The elpd less that of the first model, with its standard error from row to row "
    "and, drawn, two of these to each side; the dashed line is 0.",
    "verdict": "Worse, or better, from a difference of 4 and two standard errors on (more with "
    "fewer than 100 rows); else the rows cannot tell.",
    "weight": "Stacking: the weights under which the average of the predictions predicts unseen "
    "rows best. They are no probabilities of being true; two models that predict alike share "
    "theirs in any way.",
    "worst k-hat": "How much the draws depend on the one row that matters most, and in brackets, "
    "if there are any, how many rows are above the limit. Above it leave-one-out from the draws "
    "cannot be trusted.",
}
HOW_TERMS = (
    f"One row a term, a column a model: median and {INTERVAL}, in the own unit of each model: per "
    "unit of the term, or for a level rather than its reference. A dash: the model has no such "
    "term. Where a drawing stands beside it, that is the same for one sd of the term (a level "
    "rather than its reference) in sds of the outcome, or as a log odds ratio, on one axis for all "
    "models; the dashed line is 0. What is alike in all columns does not hang on the model."
)
HOW_DECISIONS = {
    "weight": "The stacking weight.",
    "decision": "What the rule of the case says under the model. Of the average: a direction is "
    "known if its probability, averaged by the weights, reaches what the case asks for; a model "
    "without the term counts as neither direction, and a term that hangs on one row under one of "
    "the models is not called known.",
}
HOW_DIRECTIONS = (
    "One row a term whose direction is known under some models and not, or otherwise, under "
    "others. P(up) and P(down) are averages by the stacking weights; they add up to the weight of "
    "the models that have the term."
)
HOW_ROWS = (
    "The rows in which the log densities of the two models differ most: above 0 the first one "
    "predicts the row better, below 0 the second. A difference that one or two rows make says "
    "little about others."
)


def models(found: SideBySide) -> Table:
    """Return a row a model, the best first: elpd, difference, weight, k-hat, decision."""
    drawn = whiskers(
        [whisker(found.gaps[m.name]) if m.name in found.verdicts else None for m in found.models]
    )
    rows = [_row(found, m, cell) for m, cell in zip(found.models, drawn, strict=True)]
    columns = ("model", "elpd", "difference", "", "verdict", "weight", "worst k-hat", "decision")
    moved = any(model.form is not AS_IS for model in found.models)
    scale = f", all of {found.column or 'the outcome'} itself" if moved else ""
    caption = f"Leave-one-out over {found.rows:,} rows{scale}"
    return Table(caption, columns, tuple(rows), HOW_MODELS)


def _row(found: SideBySide, model: Model, cell: Cell) -> tuple[Cell, ...]:
    gap = found.gaps.get(model.name)
    first = not gap or model.name not in found.verdicts
    said = f"{elpd(gap.value, gap.mcse)} ± {figure(gap.se, 2)}" if gap else NONE
    weight = found.weights.get(model.name)
    return (
        model.name,
        elpd(model.elpd.total, model.elpd.mcse) if model.known else NONE,
        NONE if first else said,
        cell,
        verdict(found, model),
        NONE if weight is None else f"{weight:.2f}",
        f"{model.k.max():.2f}{_above(model)}",
        model.fit.decision or WITHHELD,
    )


def _above(model: Model) -> str:
    many = len(model.above)
    return f" ({many:,} {'row' if many == 1 else 'rows'} above {model.good_k:.2f})" if many else ""


def decisions(fits: Sequence[Saved], weights: Mapping[str, float], averaged: str | None) -> Table:
    """Return the decision under each model, and under the average of all if there is one."""
    rows = [
        (fit.name, f"{weights[fit.name]:.2f}" if fit.name in weights else NONE, _decided(fit))
        for fit in fits
    ]
    rows += [] if averaged is None else [("average by the weights", "1.00", averaged)]
    columns = ("model", "weight", "decision")
    return Table("The decision under each model", columns, tuple(rows), HOW_DECISIONS)


def _decided(fit: Saved) -> str:
    return fit.decision or WITHHELD


def directions(terms: Sequence[Term]) -> Table:
    """Return the terms whose direction is not the same under all models."""
    said = {1: "up", -1: "down", 0: "not known", None: NONE}
    rows = tuple(
        (
            one.name,
            *(said[sign] for sign in one.signs.values()),
            probability(one.up),
            probability(one.down),
            said[one.sign],
        )
        for one in terms[:SHOWN]
    )
    columns = ("term", *terms[0].signs, "P(up)", "P(down)", "under the average")
    return Table("Directions that hang on the model", columns, rows, HOW_DIRECTIONS)


def coefficients(fits: Sequence[Saved], drawn: Mapping[str, Mapping[str, Quantity]]) -> Table:
    """Return the coefficients, a column a model; `drawn` has what can be drawn on one axis.

    `drawn` is by model and term; nothing where units differ. Of fits without slopes all that is
    estimated is shown.
    """
    names = _shown(fits)
    cells = _cells(names, fits, drawn)
    rows = []
    for name in names[:SHOWN]:
        row: list[Cell] = [label(name) if name.startswith("slope[") else name]
        for fit in fits:
            q = fit.quantities.get(name)
            row += [estimate(q) if q else NONE, *([cells[name, fit.name]] if drawn else [])]
        rows.append(tuple(row))
    behind = ("",) if drawn else ()
    columns = ("term", *(column for fit in fits for column in (fit.name, *behind)))
    more = f" (the first {SHOWN} of {len(names)})" if len(names) > SHOWN else ""
    return Table(f"Coefficients side by side{more}", columns, tuple(rows), HOW_TERMS)


def _shown(fits: Sequence[Saved]) -> list[str]:
    every = dict.fromkeys(name for fit in fits for name in fit.quantities)
    slopes = [name for name in every if name.startswith("slope[")]
    rest = [name for name in ("intercept", "sigma", "scale", "sd", "nu") if name in every]
    return [*slopes, *rest] if slopes else list(every)


def _cells(
    names: Sequence[str], fits: Sequence[Saved], drawn: Mapping[str, Mapping[str, Quantity]]
) -> dict[tuple[str, str], Cell]:
    """Return a drawing for each term and model, all on one axis."""
    keys = [(name, fit.name) for name in names for fit in fits]
    of = [
        drawn.get(fit, {}).get(label(name)) if name.startswith("slope[") else None
        for name, fit in keys
    ]
    return dict(zip(keys, whiskers(of), strict=True))


def telling(
    rows: Sequence[Row], one: str, other: str, column: str, row_word: str = "line"
) -> Table:
    """Return the rows that speak most for one model or the other; `row_word` is what a row is."""
    told = tuple((str(r.line), figure(r.outcome, 5), number(r.gain, 0.05, sign=True)) for r in rows)
    columns = (f"{row_word} in the file", column or "outcome", f"{one} minus {other}")
    return Table("The rows that tell most", columns, told, HOW_ROWS)
