"""Fits side by side in sentences: which predicts best, how it was measured, what is not known."""

from collections.abc import Sequence

from reports.blocks.numbers import figure, number
from reports.blocks.text import listed
from workflow.comparing.directions import Term, entangled
from workflow.comparing.models import UNDECIDED, UNKNOWN, WORSE, Model, SideBySide
from workflow.comparing.same import settings_that_differ
from workflow.comparing.saved import Saved
from workflow.scoring.elpd import ERRORS, LEAST_DIFFERENCE, MANY_ROWS, QUADRATURE, Difference

QUESTION = "Which of these models predicts best?"
TENTHS = 0.5  # Monte Carlo error of an elpd up to which it is told to tenths
STAKES = {
    "cost_miss",
    "cost_false_alarm",
    "prevalence",
    "sure",
}  # settings that decide by themselves
SHOWN = 10  # lines that a sentence names
NO_AVERAGE = (
    "There is no decision under the average here: the rule of the case needs more than averaged "
    "directions, or asks for other probabilities in other fits, or fewer than two fits have a "
    "weight."
)
NOT_DRAWN = "The coefficients are not drawn on one axis: their units are not the same."
WHAT_TO_DO = (
    "Look at these rows of the file first: an error, or a row unlike all the others? If they are "
    "right, a model that expects them predicts them better (log of the outcome, robust_regression, "
    "a missing term). More draws (--draws 4000) help where k-hat is just above the limit."
)


def answer(found: SideBySide) -> str:
    """Say in a sentence or two which model predicts unseen rows best, or why that is not known."""
    known, unknown = found.known, [one.name for one in found.models if not one.known]
    left = f" Of {_and(unknown)} nothing is claimed: k-hat is too large." if unknown else ""
    if len(known) < 2:
        only = f"only that of {known[0].name} is known" if known else "none is known"
        return (
            f"The fits cannot be compared: their log predictive densities hang on a few draws, and "
            f"{only}. Below stands which rows are the reason and what to do."
        )
    best, others = known[0].name, known[1:]
    worse = [one for one in others if found.verdicts[one.name] == WORSE]
    same = [one for one in others if found.verdicts[one.name] != WORSE]
    below = _and([f"{one.name} by {_gap(found.gaps[one.name])}" for one in worse])
    if not same:
        return (
            f"{best} predicts unseen rows best: its log predictive density (elpd) exceeds that of "
            f"{below}.{left}"
        )
    names = _and([best, *(one.name for one in same)])
    told = _and([f"that of {one.name} is {_gap(found.gaps[one.name])}" for one in same])
    also = f"; {best} is better than {below}" if worse else ""
    return (
        f"{found.rows:,} rows cannot tell which of {names} predicts unseen rows best: their log "
        f"predictive densities (elpd) differ too little, {told} below that of {best}{also}.{left}"
    )


def elpd(value: float, mcse: float, *, sign: bool = False) -> str:
    """Format an elpd: to tenths, or to units where its Monte Carlo error is no small part of 1.

    With fewer digits the order of the models would be lost, and what the rule says of them.
    """
    return number(value, 0.1 if mcse < TENTHS else 1.0, sign=sign)


def _gap(gap: Difference) -> str:
    return f"{elpd(abs(gap.value), gap.mcse)} ± {figure(gap.se, 2)}"


def _and(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)


def decided(fits: Sequence[Saved], terms: Sequence[Term], hang: Sequence[Term]) -> str:
    """Say whether the decision hangs on the model; `hang` are the terms that do."""
    told = dict.fromkeys(fit.decision for fit in fits)
    if len(told) == 1:
        (one,) = told
        return (
            f"The decision is the same under all: {one}." if one else "All decisions are withheld."
        )
    if stakes := [name for name in settings_that_differ(fits[0], fits[-1]) if name in STAKES]:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in stakes)
        return f"The decisions are made by other rules ({options} differ), so they need not agree."
    if not terms and entangled(fits):
        return "The models have no slope in common that is the same quantity in all of them."
    if not terms:
        return "The decision hangs on the model."
    if not hang:
        return "Where models share a term, they agree on what is known of its direction."
    names = listed([term.name for term in hang], 150)
    return f"What is known of the direction hangs on the model for {names}."


def not_compared(terms: Sequence[str]) -> str:
    """Say which terms are not compared, because other terms have a part of what they do."""
    return (
        f"Neither compared nor averaged: {listed(terms, 200)}. In one of the models a square, a "
        "curve or a product has a part of what they do, and the slope of each is another thing "
        "there; see on the pages what the column does in all (effects)."
    )


def trusted_line(model: Model) -> str:
    """Say in a few words how the elpd of a model was found."""
    if not model.above.size:
        exact = ", exact instead" if model.draws else ""
        return f"{model.name} largest k-hat {model.k.max():.2f}{exact}"
    how = "exact instead" if model.known else "nothing claimed"
    return f"{model.name} {len(model.above):,} rows above {model.good_k:.2f}, {how}"


def rule(found: SideBySide) -> str:
    """Say when one model is called better than another."""
    few = (
        f" ({found.needed:.2g} here, since with fewer than {MANY_ROWS} rows the standard error may "
        "be too small itself)"
        if found.rows < MANY_ROWS
        else ""
    )
    return (
        "Rule: a model predicts better than another if its elpd is higher by "
        f"{LEAST_DIFFERENCE} or more, and by {ERRORS} standard errors of the difference or more"
        f"{few}; otherwise the rows cannot tell. The elpd is the sum over the rows of the log "
        "density (or probability) of a row, predicted from all the others; ± is one standard error "
        "from row to row, of the paired differences."
    )


def _how(model: Model) -> str:
    if model.elpd.method == QUADRATURE:
        return "exact, by quadrature, since the Monte Carlo error of PSIS is large."
    return f"by PSIS from its draws, with a Monte Carlo error of {figure(model.elpd.mcse, 2)}."


def trusted(model: Model) -> str:
    """Say how the elpd of a model was found, and whether it can be trusted."""
    n = int((model.k > model.good_k).sum())
    limit = f"{model.good_k:.2f}"
    if not n:
        return (
            f"{model.name}: {_how(model)} The largest k-hat is {model.k.max():.2f}; up to {limit} "
            "is good."
        )
    lines, word = ", ".join(map(str, model.above[:SHOWN])), model.fit.row_word
    more = f" and {n - SHOWN:,} more" if n > SHOWN else ""
    rows = f"{n:,} of {len(model.k):,} rows have a k-hat above {limit} ({word}s {lines}{more})"
    if model.elpd.method == QUADRATURE:
        return (
            f"{model.name}: {rows}, so PSIS is not used; the elpd of this model is found exactly, "
            "by quadrature, from its data and prior."
        )
    return (
        f"{model.name}: {rows}, so what PSIS says of them is not to be trusted, and nothing is "
        "claimed of this model."
    )


def verdict(found: SideBySide, model: Model) -> str:
    """Return what stands in the row of a model: best, cannot tell, worse, or not known."""
    if not model.known:
        return "nothing claimed"
    if model is found.known[0]:
        alone = all(one == WORSE for one in found.verdicts.values())
        return "best" if alone and found.verdicts else "highest" if found.verdicts else "alone"
    said = {WORSE: "worse", UNDECIDED: "cannot tell", UNKNOWN: "cannot tell"}
    return said[found.verdicts[model.name]]
