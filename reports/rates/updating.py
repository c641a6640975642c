"""A rate learned trial by trial as tables: checkpoints, batches, and what looking often does."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import figure, percent
from workflow.quantities import Scalar
from workflow.rates.looking import Looks, Share
from workflow.rates.updating import Checkpoint, Course

HUGE = 1e15  # from here on a Bayes factor is told as a bound
HOW_CHECKPOINTS = (
    "One row a number of trials: what was known then, exactly. MLE is the observed rate, MAP the "
    "highest point of the posterior, where there is one. The Bayes factor weighs any rate "
    "(Beta(1, 1)) against exactly one half: 1 is no evidence, ten and more speaks against one half."
)
HOW_BATCHES = (
    "One row a batch of trials, told on its own counts: its prior is the posterior of the batch "
    "before. The last row is the posterior of all trials at once: in which pieces they come makes "
    "no difference. Next trial: the probability that it happens, which is the posterior mean; "
    "under the prior Beta(1, 1) that is Laplace's rule, (happened + 1) / (trials + 2)."
)
HOW_LOOKS = (
    "One row a kind of sequence, each simulated as long as the data. Looking after every trial "
    "stops at the first decision; looking once asks at the end. Wrong is a decision for a side on "
    "which the simulated rate is not. In brackets the 95% interval of the share (Clopper and "
    "Pearson), which is the error of simulating. Small is good; that looking often errs more often "
    "than the rule's own probability, 1 less --sure, is what one should know before one looks."
)


def checkpoints(found: Sequence[Checkpoint], event: str) -> Table:
    """Return what was known after some numbers of trials."""
    rows: list[tuple[Cell, ...]] = [
        (
            f"{one.n:,}",
            f"{one.heads:,}",
            f"{one.mle:.4f}",
            NONE if one.map is None else f"{one.map:.4f}",
            f"{one.mean:.4f}",
            f"{one.lower:.4f} to {one.upper:.4f}",
            _near_one(one.prob_above_half),
            bayes_factor(one.log_bayes_factor_10),
        )
        for one in found
    ]
    columns = (
        "trials",
        event,
        "MLE",
        "MAP",
        "mean",
        "95% interval",
        "P(rate > .5)",
        "Bayes factor",
    )
    return Table("What was known after so many trials", columns, tuple(rows), HOW_CHECKPOINTS)


def batches(course: Course, event: str) -> Table:
    """Return batches of the trials, each with the posterior of the one before as its prior."""
    (heads, tails), (alpha, beta) = course.before, (course.alpha, course.beta)
    rows = [("prior", NONE, _beta(alpha, beta), _next(alpha, beta))]
    if heads + tails:
        a, b = alpha + heads, beta + tails
        rows.append((f"{heads + tails:,.0f} earlier", f"{heads:,.0f}", _beta(a, b), _next(a, b)))
    for heads, tails, a, b in course.batches():
        rows.append((f"{heads + tails:,} more", f"{heads:,}", _beta(a, b), _next(a, b)))
    a, b = (float(one[-1]) for one in course.posterior)
    whole = f"all {int(course.n[-1]):,} at once"
    rows.append((whole, f"{int(course.heads[-1]):,}", _beta(a, b), _next(a, b)))
    columns = ("batch", event, "posterior", f"next trial: P({event})")
    return Table("Batch after batch, and all at once", columns, tuple(rows), HOW_BATCHES)


def looks(found: Mapping[str, Looks]) -> Table:
    """Return what looking after every trial, and once at the end, comes to."""
    rows = tuple(
        (
            kind,
            _share(one.decided),
            _share(one.wrong),
            _share(one.decided_at_end),
            _share(one.wrong_at_end),
        )
        for kind, one in found.items()
    )
    often = next(iter(found.values()))
    columns = (
        "simulated sequences",
        f"decide, of {often.looks:,} looks",
        "wrongly",
        "decide, of one look",
        "wrongly ",
    )
    caption = f"What looking does: {often.decided.of:,} simulated sequences a row"
    return Table(caption, columns, rows, HOW_LOOKS)


def bayes_factors(last: Checkpoint) -> dict[str, Scalar]:
    """Return the Bayes factor after all trials, and its logarithm; exact, so without an error."""
    log = last.log_bayes_factor_10
    exact = {"bayes_factor_10": last.told()["bayes_factor_10"], "log_bayes_factor_10": log}
    return {name: Scalar(math.inf if x is None else x, math.nan) for name, x in exact.items()}


def bayes_factor(log: float) -> str:
    """Format a Bayes factor of this logarithm; beyond what anybody can imagine as a bound."""
    if abs(log) > np.log(HUGE):
        return f"> {HUGE:g}" if log > 0 else f"< {1 / HUGE:g}"
    return figure(float(np.exp(log)), 4)


def _beta(alpha: float, beta: float) -> str:
    return f"Beta({alpha:,.10g}, {beta:,.10g})"


def _next(alpha: float, beta: float) -> str:
    return f"{alpha / (alpha + beta):.4f}"


def _near_one(p: float) -> str:
    """Format an exact probability; near 1 to the digits in which it is not 1."""
    if 1 - p > 5e-4:
        return f"{p:.4f}"
    return f"{p:.7f}" if 1 - p > 1e-7 else "> 0.9999999"


def _share(found: Share) -> str:
    low, high = found.interval
    return f"{percent(found.value, 5e-4)} ({100 * low:.1f} to {100 * high:.1f})"
