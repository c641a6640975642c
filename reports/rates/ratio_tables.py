"""Kinds and their shares as tables: what was counted, what is expected, what the evidence is."""

import math
from collections.abc import Mapping

import numpy as np

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import ends, figure, number, probability
from reports.rates.updating import bayes_factor
from workflow.quantities import Quantity, Scalar
from workflow.rates.looking import Share
from workflow.rates.ratio import ALL, Ratio
from workflow.rates.squares import Squares
from workflow.rates.updating import VAST

HOW_KINDS = (
    "One row a kind, in the order of the file. The share is the median of the draws of NUTS with "
    "the central 95%; beside it the expected one. P is the probability that the share is "
    "practically the expected one, by NUTS and exactly: they should agree. The last row has the "
    "least that the probability of all together can be, 1 less what misses in the others. Near 1 "
    "in all rows is good for the expected shares, near 0 in any speaks against them."
)
HOW_COUNTS = (
    "One row a kind, with the expected share that it is held against: see that each kind has its "
    "own. The expected count is the mean under exactly these shares; the range has the shares that "
    "count as practically the expected one. Earlier counts (--before) stand by themselves."
)
HOW_EVIDENCE = (
    "One row a number. Bayes factor: how many times more probable the counts are under exactly "
    "the expected shares than if any may be (Dirichlet); exact, so that there is nothing to "
    "sample. 10 and more is strong for the expected shares, .1 and less against. Chi-square: how "
    "far counts are from the expected ones. The probabilities behind it are shares of simulated "
    "counts, in brackets the 95% interval of the simulation (Clopper and Pearson). Very few that "
    "are as large speak against the expected shares; very few that are as small say that the "
    "counts are too good. The chi-square distribution is right where all expected counts are 5 "
    "and more; posterior predictive counts have more spread, since shares are not known."
)
HOW_LOOKS = (
    "One row a kind of sequence, each simulated as long as the data. Looking after every "
    "observation stops at the first decision; looking once asks at the end. Wrong is, under "
    "exactly the expected shares, any decision but that they hold; under other shares “does not "
    "hold” where all are practically as expected, and the other decisions where one is not. In "
    "brackets the 95% interval of the share (Clopper and Pearson), which is the error of "
    "simulating. Small is good."
)


def counts(observed: np.ndarray, before: np.ndarray, ratio: Ratio) -> Table:
    """Return what was counted of each kind, and which share it is held against."""
    n, earlier = int(observed.sum()), before.any()
    every = zip(ratio.kinds, observed, before, ratio.expected, *ratio.range, strict=True)
    rows = tuple(
        (
            kind,
            *([f"{int(was):,}"] if earlier else []),
            f"{int(count):,}",
            figure(n * e, 4),
            f"{count / n:.4f}",
            f"{e:.4f}",
            f"{low:.4f} to {high:.4f}",
        )
        for kind, count, was, e, low, high in every
    )
    first = ("kind", "earlier") if earlier else ("kind",)
    columns = (*first, "count", "expected", "share", "expected share", "practically that")
    return Table("The kinds, and what is expected of each", columns, rows, HOW_COUNTS)


def kinds(
    ratio: Ratio,
    found: Mapping[str, Quantity],
    measured: Mapping[str, Scalar],
    exact: Mapping[str, float],
) -> Table:
    """Return the result: a row a kind, and whether its share is practically the expected one."""
    rows: list[tuple[Cell, ...]] = []
    for kind, e in zip(ratio.kinds, ratio.expected, strict=True):
        q, p = found[f"share[{kind}]"], f"prob_as_expected[{kind}]"
        share = number(100 * q.median, 100 * q.mcse_median)
        rows.append(
            (
                kind,
                f"{share} ({' to '.join(ends(q, 100))})",
                f"{100 * e:.4g}",
                probability(measured[p]),
                probability(Scalar(exact[p], 1e-4)),
            )
        )
    total = (probability(measured[ALL]), probability(Scalar(exact[ALL], 1e-4)))
    rows.append(("all, at least", NONE, NONE, *total))
    columns = ("kind", "share in %", "expected", "P, NUTS", "P, exact")
    return Table("The kinds", columns, tuple(rows), HOW_KINDS)


def evidence(log_factor: float, found: Squares) -> Table:
    """Return the Bayes factor, chi-square, and how probable it is to be so small or so large."""
    rows = (
        ("Bayes factor for exactly the expected shares", bayes_factor(log_factor)),
        (f"chi-square ({found.freedom} degrees of freedom)", figure(found.value, 4)),
        ("as large, by the chi-square distribution", f"{found.p:.4f}"),
        ("as large, under exactly the expected shares", _share(found.farther)),
        ("as small, under exactly the expected shares", _share(found.nearer)),
        ("as small, posterior predictive", _share(found.predicted)),
        ("least expected count", figure(found.least, 4)),
    )
    return Table("Evidence about exactly these shares", ("number", "value"), rows, HOW_EVIDENCE)


def scalars(log_factor: float, found: Squares) -> dict[str, Scalar]:
    """Return Bayes factor and chi-square, which are exact, and the simulated probabilities."""
    factor = math.exp(log_factor) if log_factor < VAST else math.inf
    exact = {"bayes_factor_01": factor, "log_bayes_factor_01": log_factor, "chi2": found.value}
    known = {name: Scalar(x, math.nan) for name, x in (exact | {"chi2_p": found.p}).items()}
    simulated = {"prob_chi2_as_small": found.nearer, "prob_chi2_as_large": found.farther}
    return known | {name: _scalar(one) for name, one in simulated.items()}


def _scalar(found: Share) -> Scalar:
    p, n = found.value, found.of
    return Scalar(p, max(math.sqrt(p * (1 - p) / n), 1.5 / n))


def _share(found: Share) -> str:
    low, high = found.interval
    return f"{found.value:.4f} ({low:.4f} to {high:.4f})"
