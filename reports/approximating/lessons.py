"""What each posterior shows of each method, what a bound is worth, and what two hills do."""

from collections.abc import Mapping, Sequence

import numpy as np

from reports.approximating import drawn, tables
from reports.approximating.texts import FORWARD
from reports.blocks.blocks import Block
from reports.blocks.numbers import number
from reports.blocks.text import spoken
from reports.page.page import Report
from workflow.approximating.hills import Hills
from workflow.approximating.judged import REFUSED, Judged, Target
from workflow.approximating.methods import ADVI, NUTS

type Table = Mapping[str, Mapping[str, Judged]]  # by posterior and method

BEYOND = 4  # Monte Carlo errors by which an ELBO may seem to be above the evidence


def each(targets: Sequence[Target], found: Table) -> list[Block]:
    """Return of every posterior what it is, the numbers of each method, and why."""
    told: list[Block] = []
    for target in targets:
        if of := found.get(target.name):
            told += [f"{target.name.capitalize()}. {target.about}", tables.numbers(target.name, of)]
            told += [" ".join(reasons(target, of))] if reasons(target, of) else []
    return told


def farthest_off(target: Target, found: Table) -> str:
    """Say in a line which method is farthest off on one's own posterior, and by how much."""
    known = {method: one for method, one in found[target.name].items() if one.quantities}
    if not known:
        return "Every method was refused."
    worst = max(known, key=lambda method: abs(known[method].shift[1]))
    at, shift = known[worst].shift
    return (
        f"Farthest off on {target.name}: {worst}, whose mean of {spoken(at)} is "
        f"{number(shift, 0.01, sign=True)} sds away."
    )


def otherwise(targets: Sequence[Target], found: Table) -> str:
    """Say in a line how many decisions are other than the exact posterior's."""
    every = [one for target in targets for one in found.get(target.name, {}).values()]
    made = [one for one in every if one.decision]
    wrong = sum(not one.same for one in made)
    verb = "is" if wrong < 2 else "are"
    return f"Of {len(made)} decisions {wrong or 'none'} {verb} other than the exact posterior's."


def reasons(target: Target, found: Mapping[str, Judged]) -> list[str]:
    """Say of each method that is not simply good why, a sentence each."""
    told = []
    for method, one in found.items():
        run = one.run
        if one.word == REFUSED:
            told.append(f"{method}, refused: {run.refused}{_note(run.note)}.")
        elif run.warned:
            told.append(f"{method}, {one.word}; its gate warns: {run.warned}{_note(run.note)}.")
        elif not run.arrived:
            told.append(f"{method} was still moving when it was stopped.")
        elif run.note:
            told.append(f"{method}, {one.word}{_note(run.note)}.")
    others = [method for method, one in found.items() if one.decision and not one.same]
    for decision in dict.fromkeys(found[method].decision for method in others):
        who = " and ".join(m for m in others if found[m].decision == decision)
        told.append(
            f"Decided otherwise, “{decision}” where the exact posterior says "
            f"“{target.decision}”: {who}."
        )
    return told


def _note(note: str) -> str:
    return f" ({note})" if note else ""


def both_ways(hills: Hills, found: Table) -> list[Block]:
    """Return what either divergence makes of two hills: words, figure and table."""
    covering = hills.covering()
    run = next((of[one].run for of in found.values() for one in of if _on_hills(of[one])), None)
    if run is None or run.posterior is None:
        return ["Left out (--quick)."]
    x = run.posterior["x"]
    one_hill = hills.beside(float(x.mean()), float(x.std()))
    share = hills.weights[int(np.argmin(np.abs(np.array(hills.means) - hills.highest)))]
    return [
        FORWARD,
        f"The density is highest at {number(hills.highest, 0.01)}, on the hill that has "
        f"{100 * share:.0f}% of the mass.",
        drawn.hills(hills, one_hill, covering),
        tables.hills({"ADVI, least KL(q‖p)": one_hill, "least KL(p‖q)": covering}),
    ]


def _on_hills(one: Judged) -> bool:
    return one.run.method in ADVI.values() and [*one.quantities] == ["x"]


def advi(target: Target, found: Table) -> str:
    """Say what ADVI's verdict against NUTS is worth, where the exact one is known."""
    here = {m: one.word for m, one in found[target.name].items() if m in ADVI.values()}
    if not here:
        return "ADVI was not tried."
    told = ", ".join(f"{m.removeprefix('ADVI, ')} “{word}”" for m, word in here.items())
    nuts = found[target.name][NUTS].word
    return (
        "On any other page this is all there is: ADVI is held against NUTS, since the posterior is "
        "not known, and the verdict is worth what NUTS is. Here it can be held against the exact "
        f"posterior as well: {told}; and NUTS itself “{nuts}”."
    )


def bounded(worst: float) -> str:
    """Say whether all ELBOs are below the evidence."""
    if worst < 1:
        return "No ELBO here is above the evidence by more than its own Monte Carlo error."
    return (
        f"The ELBO that is farthest above the evidence is so by {worst:.1f} of its Monte Carlo "
        f"errors; up to {BEYOND} is chance."
    )


def warn_of_bound(report: Report, worst: float) -> None:
    """Warn where an ELBO is above the evidence by more than chance."""
    if worst > BEYOND:
        report.warn(
            f"An ELBO is {worst:.1f} Monte Carlo errors above the evidence, which it cannot be.",
            "Do not believe the ELBOs of this page; try another --seed.",
        )
