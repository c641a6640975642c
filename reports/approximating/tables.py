"""Methods beside exact posteriors as tables: verdicts, numbers, decisions, ELBOs, modes."""

import math
from collections.abc import Mapping, Sequence

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import figure, number, probability
from reports.blocks.text import spoken
from workflow.approximating.hills import Gaussian
from workflow.approximating.judged import Judged, Target
from workflow.approximating.methods import ADVI, LAPLACE, NUTS, PATHFINDER
from workflow.quantities import Scalar

HOW_VERDICTS = (
    "One row a posterior that is known exactly, one column a method; of ADVI first mean-field, "
    "then full-rank. Good enough: means, sds and decision are right. Means only: sds are not to "
    "be believed. Do not use: the means are off, or the decision is another, or it was still "
    "moving. Refused: the method itself says that it failed. Flagged: right, but its gate warns."
)
HOW_NUMBERS = (
    "One row a method. Mean off by: of the quantity whose mean is farthest off, in exact posterior "
    "sds; good is 0.1 or less. sd ×: of the quantity whose sd is farthest off, times the exact "
    "one; good is 0.9 to 1.1. Outside: the share of draws outside the exact central 95% that is "
    "farthest from the 5% it should be. k-hat: above 0.7 is too far; −∞ means exact. Seconds with "
    "compiling; gradients are slopes of the log density. Dashes: refused, or not defined."
)
HOW_DECISIONS = (
    "One row a posterior: its question, the exact probability of yes, and what each method makes "
    "of it. A method decides well where it is on the same side of what was asked for (--sure) as "
    "the exact probability, or within two Monte Carlo errors of it; a star marks another "
    "decision."
)
HOW_ELBO = (
    "One row a posterior and method that has an ELBO, in nats, to its Monte Carlo error. Missing "
    "is log evidence less ELBO, which is KL(q‖p): good is near 0; below 0 only by chance."
)
HOW_MODES = (
    "One row a posterior: of the quantity that the mode misses most, its value at the mode on the "
    "unbounded scales, the exact mean and sd, and how many sds the mode is from the mean. Good is "
    "near 0; “no mode” where the density grows without end."
)
HOW_HILLS = (
    "One row a Gaussian: its mean and sd, and both divergences in nats, summed on a grid. The one "
    "with the least KL(q‖p) is narrow, the one with the least KL(p‖q) wide."
)


def verdicts(found: Mapping[str, Mapping[str, Judged]]) -> Table:
    """Return a word for every method on every posterior."""
    columns = ("posterior", LAPLACE, PATHFINDER, "ADVI: mean-field, full-rank", NUTS)
    rows = []
    for name, of in found.items():
        advi = list(dict.fromkeys(of[one].word for one in ADVI.values() if one in of))
        both = advi[0] if len(advi) == 1 else ", ".join(advi) if advi else "not tried"
        rows.append((name, of[LAPLACE].word, of[PATHFINDER].word, both, of[NUTS].word))
    return Table(
        "Which method is good enough on which posterior", columns, tuple(rows), HOW_VERDICTS
    )


def numbers(name: str, of: Mapping[str, Judged]) -> Table:
    """Return how far each method is off on one posterior, and what it cost."""
    rows = []
    for method, one in of.items():
        run = one.run
        cost = (figure(run.seconds, 2), f"{run.gradients:,}" if run.gradients else NONE)
        if not one.quantities:
            rows.append((method, one.word, NONE, NONE, NONE, NONE, *cost))
            continue
        (at, shift), (where, ratio), (_, tails) = one.shift, one.ratio, one.tails
        cells = (
            f"{number(shift, 0.01, sign=True)} ({spoken(at)})",
            f"{number(ratio, 0.01 if ratio < 10 else 1)} ({spoken(where)})",
            f"{number(100 * tails, 0.1)}%",
            NONE if math.isnan(run.k_hat) else number(run.k_hat, 0.01),
        )
        rows.append((method, one.word, *cells, *cost))
    columns = (
        "method",
        "verdict",
        "mean off by (sd)",
        "sd ×",
        "outside",
        "k-hat",
        "s",
        "gradients",
    )
    return Table(f"On {name}", columns, tuple(rows), HOW_NUMBERS)


def decisions(targets: Sequence[Target], found: Mapping[str, Mapping[str, Judged]]) -> Table:
    """Return P(yes) of every question, exactly and by each method."""
    methods = (LAPLACE, PATHFINDER, *ADVI.values(), NUTS)
    tried = [one for one in methods if any(one in of for of in found.values())]
    rows: list[tuple[Cell, ...]] = []
    for target in targets:
        if of := found.get(target.name):
            above = Scalar(1 - target.exact.below, 1e-4)
            cells = (_above(of.get(method)) for method in tried)
            rows.append((target.name, target.question, probability(above), *cells))
    columns = ("posterior", "question", "exact", *tried)
    return Table("What each method decides", columns, tuple(rows), HOW_DECISIONS)


def _above(one: Judged | None) -> str:
    if one is None or one.below is None:
        return one.word if one else NONE
    said = probability(Scalar(1 - one.below.value, one.below.mcse))
    return said if one.same else f"{said} *"


def elbos(targets: Sequence[Target], found: Mapping[str, Mapping[str, Judged]]) -> Table:
    """Return every ELBO beside the evidence that it bounds."""
    rows = []
    for target in targets:
        for method, one in found.get(target.name, {}).items():
            run, evidence = one.run, target.exact.evidence
            if math.isnan(run.elbo):
                continue
            fine = max(run.elbo_error, 1e-4)
            cells = (run.elbo, evidence, evidence - run.elbo)
            rows.append((target.name, method, *(number(x, fine) for x in cells)))
    columns = ("posterior", "method", "ELBO", "log evidence", "missing")
    return Table("ELBO and evidence", columns, tuple(rows), HOW_ELBO)


def modes(targets: Sequence[Target], found: Mapping[str, Mapping[str, Judged]]) -> Table:
    """Return where the mode is, beside the exact mean, of the quantity that it misses most."""
    rows: list[tuple[Cell, ...]] = []
    for target in targets:
        one = found.get(target.name, {}).get(LAPLACE)
        if one is None:
            continue
        known = {name: x for name, x in target.exact.known.items() if name in one.run.mode}
        if not known:
            rows.append((target.name, "no mode", NONE, NONE, NONE, NONE))
            continue
        away = {n: (one.run.mode[n] - x.mean) / x.sd for n, x in known.items()}
        at = max(away, key=lambda name: abs(away[name]))
        cells = (figure(x) for x in (one.run.mode[at], known[at].mean, known[at].sd))
        rows.append((target.name, spoken(at), *cells, number(away[at], 0.01, sign=True)))
    columns = ("posterior", "quantity", "at the mode", "exact mean", "exact sd", "sds away")
    return Table("The mode beside the mean", columns, tuple(rows), HOW_MODES)


def hills(of: Mapping[str, Gaussian]) -> Table:
    """Return Gaussians beside two hills, with both divergences."""
    rows = tuple(
        (name, *(number(x, 0.001) for x in (q.mean, q.sd, q.reverse, q.forward)))
        for name, q in of.items()
    )
    return Table("Two hills", ("Gaussian", "mean", "sd", "KL(q‖p)", "KL(p‖q)"), rows, HOW_HILLS)
