"""A decision by the costs of two errors: the table, the rule, the first sentence, its warnings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reports.blocks.blocks import Table
from reports.blocks.numbers import figure, number, percent
from reports.page.page import Report
from reports.regression.prevalence import by_prevalence, share_said
from workflow.deciding.costs import Cost, Errors, Stakes, within_error

__all__ = [
    "Words",
    "answer",
    "by_prevalence",
    "counted",
    "options",
    "rule",
    "table",
    "warn_of_doubt",
]
HELD, LEFT = "held-out rows", "rows left out one at a time"
FEW = 10  # rows of a class, below which its rate of errors is a guess
HOW = (
    "One row an option; the least cost is the best. Costs are in false alarms per person: what "
    "acting on one person without need costs. “±” is one standard error over the rows judged "
    "(the options that need no model have none). The Monte Carlo error is what other draws could "
    "change. Options that differ by less than two standard errors are not told apart by these rows."
)


@dataclass(frozen=True)
class Words:
    """What to call things: the event ("malignant"), and acting on it ("refer").

    `usual` says that nobody said what a miss costs; `rows` are those that judge.
    """

    event: str
    act: str
    usual: bool = False
    rows: str = HELD

    @property
    def options(self) -> tuple[str, str, str]:
        """The options: as the model says, everyone, no one."""
        return "follow the model", f"{self.act} everyone", f"{self.act} no one"

    @property
    def acted(self) -> str:
        """The act as something that was done."""
        first, *rest = self.act.split(" ", 1)
        return " ".join([{"refer": "referred"}.get(first, f"{first}ed"), *rest])


def table(found: Mapping[str, Cost], stakes: Stakes) -> Table:
    """Return each option's cost."""
    unit = stakes.false_alarm
    rows = tuple(
        (option, cost_said(cost, unit), f"{cost.mcse / unit:.1g}" if cost.mcse else "–")
        for option, cost in found.items()
    )
    columns = ("option", "cost per person", "Monte Carlo error")
    return Table(f"Costs at {share_said(stakes.prevalence)} with the event", columns, rows, HOW)


def options(
    found: Mapping[str, Cost], errors: Errors, stakes: Stakes, decision: str, words: Words
) -> Table:
    """Return the options, the chosen one first: cost per person, and the errors of each."""
    unit, wrong = stakes.false_alarm, {2: (errors.events, 0), 1: (0, errors.others)}
    rows = []
    for i, (option, cost) in enumerate(found.items()):
        missed, alarms = wrong.get(i, (errors.missed, errors.false_alarms))
        counts = f"{missed} of {errors.events}", f"{alarms} of {errors.others}"
        rows.append((option, cost_said(cost, unit), *counts))
    rows.sort(key=lambda row: row[0] != decision)
    columns = ("option", "cost per person", "events missed", "false alarms")
    caption = (
        f"Options at {share_said(stakes.prevalence)} with the event: cost in false alarms, ± one "
        f"standard error; errors on the {words.rows}"
    )
    return Table(caption, columns, tuple(rows), HOW)


def rule(stakes: Stakes, words: Words) -> str:
    """Say what following the model means."""
    shift = ""
    if abs(stakes.cut - stakes.threshold) > 1e-9:
        shift = (
            f" In the rows that were fitted {share_said(stakes.fitted)} had the event, so the "
            "probabilities are carried over by exchanging the prior odds: that is right if those "
            "with the event, and those without it, are like the ones here, and only their shares "
            "differ. In terms of the probabilities as fitted, the threshold is "
            f"{percent(stakes.cut, 0.001)}."
        )
    return (
        f"A missed event costs {stakes.miss:g} (--cost-miss), acting without need "
        f"{stakes.false_alarm:g} (--cost-false-alarm), and {share_said(stakes.prevalence)} of the "
        f"people decided on have the event (--prevalence). The least expected cost is to "
        f"{words.act} whoever has a probability of "
        f"{stakes.false_alarm:g} / ({stakes.false_alarm:g} + {stakes.miss:g}) = "
        f"{share_said(stakes.threshold)} or more.{shift}"
    )


def counted(errors: Errors) -> str:
    """Say how many errors following the model makes."""
    return (
        f"{errors.missed} of {errors.events} with the event missed, {errors.false_alarms} false "
        f"alarms among {errors.others} others"
    )


def warn_of_doubt(
    report: Report, found: Mapping[str, Cost], errors: Errors, decision: str | None, words: Words
) -> None:
    """Warn where the rows that judge are few, or do not tell the best option from the next.

    Of no decision there is no doubt.
    """
    if decision is None:
        return
    if min(errors.events, errors.others) < FEW:
        report.warn(
            f"The {words.rows} are few (with the event {errors.events}, without {errors.others}): "
            "what following the model costs is all but a guess.",
            "Collect more rows"
            + (", or hold out more of them (--hold-out)." if words.rows == HELD else "."),
        )
    near = within_error(found, errors, decision)
    if near:
        named = "” or “".join(near)
        report.warn(
            f"On the {words.rows} “{decision}” is not cheaper than “{named}” by two standard "
            "errors, so that they cannot tell yet which is better.",
            "Other rows could turn the decision round: judge on more of them.",
        )


def answer(
    decision: str, found: Mapping[str, Cost], errors: Errors, stakes: Stakes, words: Words
) -> str:
    """Say the decision in a sentence with its numbers, or that these rows cannot tell yet."""
    unit, near = stakes.false_alarm, within_error(found, errors, decision)
    say = {option: f"{option} {cost_said(cost, unit)}" for option, cost in found.items()}
    ratio = figure(stakes.miss / unit)
    usual = ", as nobody said otherwise (--cost-miss)" if words.usual else ""
    worse = (
        "a miss as bad as a false alarm"
        if ratio == "1"
        else f"a miss as bad as {ratio} false alarms"
    )
    others = ", ".join(say[option] for option in words.options if option != decision)
    return (
        f"{_what(decision, near, errors, stakes, words)}. At a prevalence of "
        f"{share_said(stakes.prevalence)} and with {worse}{usual}, "
        f"{f'“{decision}”' if near else 'this'} costs "
        f"{cost_said(found[decision], unit)} false alarms per person on "
        f"{errors.events + errors.others} {words.rows}; the others: {others} (± one standard "
        f"error over rows). The model's errors there: {counted(errors)}."
    )


def _what(decision: str, near: Sequence[str], errors: Errors, stakes: Stakes, words: Words) -> str:
    """Say what to do, and why if not as the model says; or from what it cannot be told yet."""
    follow, everyone, no_one = words.options
    act, least = words.act, f"P({words.event}) of {share_said(stakes.threshold)} or more"
    carried = ""
    if abs(stakes.cut - stakes.threshold) > 1e-9:
        carried = f" ({share_said(stakes.cut)} or more by the probabilities as fitted below)"
    if near:
        rivals = "” and “".join(near)
        return (
            f"These rows cannot tell yet: “{decision}” costs least on them, but not by two "
            f"standard errors less than “{rivals}”. Following the model would be to {act} whoever "
            f"has {least}{carried}"
        )
    why = "following the model does not pay here"
    if errors.alike and decision == words.options[errors.alike]:
        who = {1: "everybody", 2: "nobody"}[errors.alike]
        why = f"the model gives {who} here {least}"
    return {
        follow: f"Follow the model: {act} whoever has {least}{carried}",
        everyone: f"{act.capitalize()} everyone: {why}",
        no_one: f"{act.capitalize()} no one: {why}",
    }[decision]


def cost_said(cost: Cost, unit: float) -> str:
    """Format a cost in false alarms, to the second digit of its standard error."""
    if not cost.error:
        return figure(cost.value / unit)
    last = 0.99 * 10.0 ** (np.floor(np.log10(cost.error / unit)) - 1)
    return f"{number(cost.value / unit, last)} ± {number(cost.error / unit, last)}"
