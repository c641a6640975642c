"""What is known of differences between arms before the test, and what that makes of an estimate."""

import math
from collections.abc import Iterable, Sequence

from reports.blocks.blocks import Block, Cell, Table
from reports.blocks.numbers import figure, number
from reports.page.page import Report
from workflow.quantities import Quantity
from workflow.rates.alike import Known

SHRUNK = 0.5  # of the estimate, below which it is said on the first screen
HOW_EFFECTS = (
    "One row a prior of the effects, differences of log-odds from the control; the first knows "
    "nothing of them. How many percent the odds differ by at most, before the data and with "
    "probability .95; the posterior mean of the difference of rates; which part that is of the "
    "first row's; and what the rule then decides. All exact, by quadrature, without draws. Numbers "
    "that stay are good: then the data decide. Where they shrink, what earlier tests showed has to "
    "say which row is yours."
)


def prior_words(gap: float, effect_sd: float | None) -> list[Block]:
    """Say what the prior knows of a rate, and of differences: half of them exceed `gap`."""
    rate = (
        "The default, Beta(1, 4), is what one knows before: the games industry's rule of thumb is "
        "that 40, 20 and 10% of the players are there after 1, 7 and 30 days, and on the web rates "
        "are lower. Its mean is .2, a rate above one half has probability .06, one near zero is "
        "likely, and it weighs no more than five visitors."
    )
    half = f"half of them exceed {figure(100 * gap, 2)} percentage points (exact)"
    if effect_sd is not None:
        return [
            rate,
            f"Arms are known to be alike (--effect-sd {effect_sd:g}): with probability .95 the "
            f"odds of an arm and of the control differ by less than {_within(effect_sd)}, and of "
            f"the differences of rates {half}.",
        ]
    return [
        rate,
        "The arms are independent under this prior, which knows nothing of differences and so "
        f"allows very large ones: {half}. Much data overrule that; with few, luck can pass for an "
        "effect. What earlier tests showed of differences goes in --effect-sd: nobody else can "
        "say it, since what is large for a button is small for a price.",
    ]


def blocks(found: Iterable[Known], arm: str, limit: float) -> list[Block]:
    """Return how far the estimate shrinks where differences are known to be small.

    `found` begins with what is known where nothing is known of differences; `arm` is the one to
    speak of, `limit` that of the rule.
    """
    return [
        "An estimate from few data is too large more often than too small where true differences "
        "are small, and one that made a test decide most of all. How far it has to shrink hangs on "
        "what differences are like in tests like this one.",
        table([*found], arm, limit),
    ]


def table(found: Sequence[Known], arm: str, limit: float) -> Table:
    """Return difference, its shrinkage and the decision by the prior sd of the effects."""
    alone = found[0].difference(arm)
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        difference = one.difference(arm)
        prior = (
            ("not known", "–")
            if math.isinf(one.effect_sd)
            else (f"{one.effect_sd:g}", _within(one.effect_sd))
        )
        part = f"{difference / alone:.2f}" if abs(alone) > 1e-9 else "–"
        rows.append((*prior, number(100 * difference, 0.005, sign=True), part, one.decision(limit)))
    columns = (
        *("prior sd of effects", "odds differ by less than"),
        *(f"difference of {arm} (points)", "part of the first", "decision"),
    )
    return Table("If differences are known to be small", columns, tuple(rows), HOW_EFFECTS)


def warn(
    report: Report,
    alone: Known,
    modest: Known,
    effect: Quantity,
    arm: str,
    decision: str | None,
    limit: float,
) -> None:
    """Warn of a choice that modest effects, which the data allow, would undo or halve.

    `alone` knows nothing of differences, `modest` that they are small; `effect` is the difference
    of log-odds of `arm` by the data.
    """
    allowed = abs(effect.median) < 2 * math.hypot(modest.effect_sd, effect.sd or 0)
    here, there = alone.difference(arm), modest.difference(arm)
    otherwise = modest.decision(limit) != decision
    if not (decision or "").startswith("choose ") or not allowed:
        return
    if otherwise or abs(there) < SHRUNK * abs(here):
        undone = f", and the decision “{modest.decision(limit)}”" if otherwise else ""
        report.warn(
            f"Few data: if the odds of arms mostly differ by less than {_within(modest.effect_sd)} "
            f"(--effect-sd {modest.effect_sd:g}), the difference of {arm} to expect is "
            f"{number(100 * there, 0.005, sign=True)} percentage points and not "
            f"{number(100 * here, 0.005, sign=True)}{undone}.",
            "Say with --effect-sd how much arms differed in earlier tests, or collect more data.",
        )


def _within(effect_sd: float) -> str:
    """Say by how many percent the odds differ at most, with probability .95."""
    with_sd = 100 * math.expm1(min(1.96 * effect_sd, 700))
    return f"{figure(with_sd, 2)}%"
