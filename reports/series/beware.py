"""What to beware of where a level is said to have changed."""

from reports.blocks.numbers import figure
from reports.page.page import Report
from reports.series.level import chance
from workflow.series.changed import CHANGED, FALLEN, RISEN, Rule
from workflow.series.left_out import Scores

FEW = 2  # values at an end: a jump that they alone tell may be a single odd value
HALF = 0.5
RULED_OUT = 0.001  # probability below which an account has no part in the answer


def misfit(rule: Rule) -> tuple[str, str]:
    """Return what a misfit of a level that drifts says, and what then rests on it."""
    said = "The values are not those of a level that drifts, seen with noise"
    drifts, likeliest = rule.verdict.weights[2], rule.verdict.likeliest
    if drifts >= RULED_OUT:
        return said, "Forecasts and their width then rest on a model that is wrong in this."
    return (
        f"{said}; the probability of such a level is {chance(drifts)} anyway",
        f"Answer and forecasts rest on other accounts, “{likeliest}” before all, at which these "
        "checks do not look: they may show that alone, or what is wrong with it, too.",
    )


def warn_of_ends(report: Report, rule: Rule, decision: str | None, of: str = "") -> None:
    """Warn where a jump is told by hardly any values at an end; `of` says of which series."""
    weights, jumps = rule.series.when, rule.verdict.weights[1]
    edge = float(weights[:FEW].sum() + weights[-FEW:].sum())
    if edge > HALF and jumps > HALF and decision in (FALLEN, RISEN, CHANGED):
        report.warn(
            f"The change{of} is told by at most {FEW} values at an end (probability {edge:.2f}).",
            "A single odd value looks the same: wait for more before you call it a change.",
        )


def warn_of_scores(report: Report, rule: Rule, scores: Scores, of: str = "") -> None:
    """Warn where the most probable account predicts worse than another one, beyond chance."""
    name = rule.verdict.likeliest
    if scores.told(name):
        gap, error = scores.behind(name)
        report.warn(
            f"The account{of} that is most probable (“{name}”) predicts the last {scores.values:,} "
            f"values worse than “{scores.best}”: by {figure(-gap)} in log density, standard "
            f"error {figure(error)}.",
            "Evidence hangs on the priors of how far a level moves, predictions hardly: look at "
            "--drift and --jump, and do not act on what the two disagree about.",
        )
