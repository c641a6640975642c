"""The first sentence of a page whose prior and data contradict one another."""

from reports.blocks.numbers import apart
from workflow.checking.conflict import PLAIN, Conflict


def withheld(found: Conflict, advice: str) -> str:
    """Say that there is no answer, what was observed and expected, and what to do."""
    check = found.check
    observed, lower, upper = apart(check.observed, check.lower, check.upper, digits=3)
    more = f" ({found.others} more are like that)" if found.others else ""
    held = ", and holds the estimate away from the data" if found.held else ""
    flips = (
        f" The decision would be another one under {found.flips} of the {found.judged} priors of "
        "the sweep."
        if found.flips
        else ""
    )
    return (
        "The answer is withheld, because prior and data contradict one another, and the prior "
        f"alone would give it: {check.statistic} is {observed}{more}, where the prior expects "
        f"{lower} to {upper} (central 95%; values so far out have probability < {PLAIN:g}){held}."
        f"{flips} Find out which of the two is wrong. {advice}"
    )
