"""Models of a curve beside one another: which predicts rows that it has not seen?"""

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import number
from workflow.functions.rivals import SPLINE, Rivals

TITLE = "Would another model predict better?"
HOW = (
    "One row a model. Elpd: the sum over rows of the log density with which all others predict it; "
    "higher is better. Third: by how much this page's curve is above it, with the standard error "
    "over the rows, which are the same for both. Last: what that says. It is told only where the "
    "difference is above 4 and clear of its error, which has to be more of few rows."
)
WORDS = {1: "this page's curve predicts better", -1: "it predicts better", 0: "cannot tell"}
ABOUT = {SPLINE: "a cubic smoothing spline, its smoothing by REML,"}


def line(found: Rivals) -> str:
    """Say in a sentence what the comparison says."""
    said = []
    for name in found.gaps:
        gap = found.gaps[name]
        size = f"{abs(gap.value):.1f} ± {gap.se:.1f} of elpd"
        verdict = {
            1: f"this page's curve predicts rows better than {ABOUT[name]} ({size})",
            -1: f"{ABOUT[name]} predicts rows better than this page's curve ({size})",
            0: f"the rows cannot tell whether this page's curve or {ABOUT[name]} predicts better "
            f"({size})",
        }
        said.append(verdict[found.told(name)])
    text = "; ".join(said)
    some = "" if found.looked == found.rows else f" Looked at are {found.looked:,} rows at random."
    return f"{text[0].upper()}{text[1:]}.{some}"


def table(found: Rivals) -> Table:
    """Return the models, a row each."""
    rows: list[tuple[Cell, ...]] = []
    for name, elpd in found.elpds.items():
        gap = found.gaps.get(name)
        beyond = f"{number(gap.value, gap.mcse or 0.05)} ± {gap.se:.1f}" if gap else NONE
        said = WORDS[found.told(name)] if gap else NONE
        rows.append((name, number(elpd.total, elpd.mcse or 0.05), beyond, said))
    columns = ("model", "elpd", "this page's above it", "told")
    return Table("Each row, left out and predicted", columns, tuple(rows), HOW)
