"""Models of a curve beside one another: which predicts rows that it has not seen?"""

import numpy as np

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import number
from workflow.functions.rivals import CONSTANT, SPLINE, Rivals
from workflow.scoring.elpd import Difference

TITLE = "Would another model predict better?"
HOW = (
    "One row a model. Elpd: the sum over rows of the log density with which all others predict it; "
    "higher is better. Third: by how much this page's curve is above it, with the standard error "
    "over the rows, which are the same for both, and of the draws. It is not known where a few "
    "draws decide what a row left out is; such rows lie far from what others predict, and deserve "
    "a look. Where the noise changes, up to 5 of them are left out by a fit without each. Last: "
    "what that says. It is told only where the "
    "difference is above 4 and clear of its error, which has to be more of few rows."
)
LEFT_OUT = (
    "Not looked at: a smoothing spline, the rival, is computed where there are 200 different x at "
    "most. Round x, and run the study again, if that matters."
)
DIGITS = 0.1  # what elpds are told to
WORDS = {1: "this page's curve predicts better", -1: "it predicts better", 0: "cannot tell"}
ABOUT = {
    CONSTANT: "the same curve with noise of one size",
    SPLINE: "a cubic smoothing spline with noise of one size, its smoothing by REML,",
}


def line(found: Rivals) -> str:
    """Say in a sentence what the comparison says."""
    said = []
    for name in found.gaps:
        gap = found.gaps[name]
        size = f"this page's elpd less the other's: {_size(gap)}"
        who = "rows" if np.isfinite(gap.mcse) else "draws"
        verdict = {
            1: f"this page's curve predicts rows better than {ABOUT[name]} ({size})",
            -1: f"{ABOUT[name]} predicts rows better than this page's curve ({size})",
            0: f"the {who} cannot tell whether this page's curve or {ABOUT[name]} predicts better "
            f"({size})",
        }
        said.append(verdict[found.told(name)])
    text = "; ".join(said)
    some = "" if found.looked == found.rows else f" Looked at are {found.looked:,} rows at random."
    return f"{text[0].upper()}{text[1:]}.{some}"


def _size(gap: Difference) -> str:
    """Return by how much this page's curve is above another, with the error of rows and draws."""
    error = float(np.hypot(gap.se, gap.mcse))
    known = (
        f"± {number(error, DIGITS)}" if np.isfinite(error) else "with an error that is not known"
    )
    return f"{number(gap.value, DIGITS)} {known}"


def table(found: Rivals) -> Table:
    """Return the models, a row each."""
    rows: list[tuple[Cell, ...]] = []
    for name, elpd in found.elpds.items():
        gap = found.gaps.get(name)
        beyond = _size(gap) if gap else NONE
        said = WORDS[found.told(name)] if gap else NONE
        rows.append((name, number(elpd.total, DIGITS), beyond, said))
    columns = ("model", "elpd", "this page's above it", "told")
    return Table("Each row, left out and predicted", columns, tuple(rows), HOW)
