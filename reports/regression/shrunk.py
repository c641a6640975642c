"""What a page says of mean, mode and least squares: by term, and how well each predicts."""

from collections.abc import Mapping, Sequence

import numpy as np

from reports.blocks.blocks import NONE, Block, Table
from reports.blocks.numbers import MINUS, probability
from reports.blocks.text import listed
from reports.regression.terms import on_line
from workflow.checking.diagnostics import Diagnosis, Status
from workflow.quantities import Scalar
from workflow.regression.hanging import Hanging
from workflow.regression.shrunk import HORSESHOE, LAPLACE, LASSO, NO_PRIOR, RIDGE, Estimate

SHOWN = 20  # terms of a table, those of the largest coefficients
RIVAL = (
    " The horseshoe is the same regression under a prior that leaves a term free or holds it near "
    "0 (`horseshoe` in models/sparse_regression.py)."
)
HOW_ESTIMATES = (
    "One line an estimate of all coefficients. Error: root mean squared error of rows left out, in "
    "units of the outcome, each predicted from the others. The next column compares squared "
    "errors (in squared sds of the outcome) with those of the posterior mean of this page, row by "
    "row: above 0 is worse, and below two standard errors the two cannot be told apart. The last "
    "counts coefficients that are not exactly 0."
)
HOW_SHRUNK = (
    "One line a term, the largest first: its coefficient for one step, in sds of the outcome, by "
    "each method. Least squares has no prior; the lasso is the mode under the Laplace prior, and "
    "sets some to 0 exactly; the means have none at 0. P(matters) is the posterior probability "
    "that the coefficient is larger in size than --matters."
)


def estimates(found: Mapping[str, Estimate], name: str, sd: float) -> list[Block]:
    """Return how well mean, mode and least squares predict rows left out."""
    mine, rows = found[LAPLACE], []
    for label, one in found.items():
        gap, se = one.worse(mine)
        beside = NONE if one is mine else f"{gap:+.4f} ({se:.4f})".replace("-", MINUS)
        rows.append((label, f"{one.error * sd:.4g}", beside, str(np.count_nonzero(one.beta))))
    columns = ("estimate", f"error, {name}", "squared error beside the first (se)", "not 0")
    return [
        verdict(found) + (RIVAL if HORSESHOE in found else ""),
        Table("Mean, mode and no prior, on rows left out", columns, tuple(rows), HOW_ESTIMATES),
    ]


def verdict(found: Mapping[str, Estimate]) -> str:
    """Say which estimates predict clearly better or worse than the posterior mean."""
    told: dict[str, list[str]] = {"worse": [], "better": [], "": []}
    for label, one in found.items():
        if label != LAPLACE:
            gap, se = one.worse(found[LAPLACE])
            told["" if abs(gap) < 2 * se else "worse" if gap > 0 else "better"].append(label)
    said = [
        f"{listed(names)} predict{'s' if len(names) == 1 else ''} rows left out {way} than the "
        "posterior mean"
        for way, names in told.items()
        if way and names
    ]
    alike = f"{listed(told[''])} cannot be told from it" if told[""] else ""
    whole = "; ".join([*said, alike] if alike else said)
    return f"{whole[:1].upper()}{whole[1:]}."


def failed(diagnosis: Diagnosis) -> str:
    """Say that the horseshoe is not shown, and why."""
    bad = listed(one.check for one in diagnosis.checks if one.status is Status.FAIL)
    return f"The horseshoe is left out: its draws failed their diagnosis ({bad})."


def shrunk(
    ranked: Sequence[str],
    names: Sequence[str],
    found: Mapping[str, Estimate],
    matters: Mapping[str, Scalar],
    hanging: Hanging,
) -> Table:
    """Return the coefficients of the first terms by each method."""
    methods = [one for one in (NO_PRIOR, RIDGE, LASSO, LAPLACE, HORSESHOE) if one in found]
    at, rows = {name: k for k, name in enumerate(names)}, []
    for term in ranked[:SHOWN]:
        betas = [f"{found[one].beta[at[term]]:+.3f}".replace("-", MINUS) for one in methods]
        p = on_line(hanging, term) or probability(matters[f"prob_relevant[{term}]"])
        rows.append((term, *betas, p))
    short = tuple(one.partition(" (")[0] for one in methods)
    return Table("Shrinkage by term", ("term", *short, "P(matters)"), tuple(rows), HOW_SHRUNK)
