"""Were probabilities honest on cases they do not come from? In bands, and in a paragraph."""

from collections.abc import Sequence

from reports.blocks.blocks import Table
from reports.blocks.numbers import number
from workflow.scoring.calibration import Mean
from workflow.scoring.scored import Band, Scored

HOW_BANDS = (
    "One row a band of probabilities, with the cases that were given one of them. Expected: the "
    "sum of the probabilities. If honest: where the number of events would lie with probability "
    "95% if every probability were right; what lies outside is marked, and one band in twenty may "
    "lie outside by chance."
)


def bands(caption: str, found: Sequence[Band], *, event: str, cases: str) -> Table:
    """Return expected and observed events by bands of probability, in the words of the case."""
    rows = tuple(
        (
            f"{b.lower:g} to {b.upper:g}",
            f"{b.cases:,.0f}",
            number(b.expected, 0.01 if b.expected < 10 else 0.1),
            f"{b.low:,.0f} to {b.high:,.0f}",
            f"{b.observed:,.0f}" + ("" if b.low <= b.observed <= b.high else " (outside)"),
        )
        for b in found
    )
    said = f"P({event}) that was said"
    columns = (said, cases, f"{event} expected", "if honest (95%)", f"{event} observed")
    return Table(caption, columns, rows, HOW_BANDS)


def verdict(found: Scored, honest: Mean) -> str:
    """Say how far the scores are from those of honest probabilities, and what that costs."""
    line, parts = found.line, found.parts
    said = ""
    if honest.error > 0:
        z = (found.log_loss.value - honest.value) / honest.error
        loss, actual, sd = (
            number(x, 1e-3) for x in (honest.value, found.log_loss.value, honest.error)
        )
        said = (
            f"If these probabilities were right, their log loss would be {loss} give or take {sd} "
            f"(sd); it is {actual}, {abs(z):.1f} sd {'above' if z > 0 else 'below'}. "
        )
    if line.slope == line.slope:
        sure = "below 1 (too sure)" if line.slope < 1 else "above 1 (not sure enough)"
        clear = "clearly" if abs(line.slope - 1) > 2 * line.slope_error else "not clearly"
        slope, error = number(line.slope, 5e-3), number(line.slope_error, 5e-3)
        said += f"The calibration slope, {slope} ± {error} (standard error), is {clear} {sure}. "
    miscalibration, brier = (number(x, 5e-5) for x in (parts.miscalibration, found.brier.value))
    return said + (
        "Miscalibration, what the best recalibration would save on these very cases, is "
        f"{miscalibration} of a Brier score of {brier}."
    )
