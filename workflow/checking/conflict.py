"""Do prior and data contradict one another so plainly that the prior alone would answer?

A conflict that changes nothing is only warned of. It silences the answer where, besides, the prior
is seen to hold the estimate away from the data, or most other priors decide otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.checking.checks import StatisticCheck
from workflow.checking.status import Status

PLAIN = 0.001  # a prior predictive tail below this is a plain conflict


@dataclass(frozen=True)
class Conflict:
    """The statistic that the prior expects least, how many others there are, and what follows.

    `held` says that the fitted model does not reproduce it either, though it has a parameter for
    it: the prior holds it back. `flips` of the `judged` other priors decide otherwise.
    """

    check: StatisticCheck
    others: int
    held: bool
    flips: int
    judged: int


def plain_conflict(
    before: Sequence[StatisticCheck],
    after: Sequence[StatisticCheck],
    *,
    flips: int = 0,
    judged: int = 0,
) -> Conflict | None:
    """Return the conflict for which an answer has to be withheld; None where there is none.

    Parameters
    ----------
    before
        The prior predictive check. A tail below .001 is a plain conflict.
    after
        The posterior predictive check of a saturated model, which only the prior can hold away from
        the data; nothing for other models, whose likelihood may be what does not fit.
    flips, judged
        How many priors of the sweep decide otherwise, of how many: more than half.
    """
    plain = [one for one in before if one.result is Status.WARN and one.tail < PLAIN]
    failing = {one.statistic for one in after if one.result is Status.WARN}
    held = [one for one in plain if one.statistic in failing]
    if not held and not (plain and 2 * flips > judged):
        return None
    worst = min(held or plain, key=lambda one: one.tail)
    return Conflict(worst, len(plain) - 1, bool(held), flips, judged)
