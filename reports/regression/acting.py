"""What follows from the costs: the first sentence, its warnings, and the errors that are made."""

from collections.abc import Mapping

from reports.blocks.numbers import figure
from reports.page.page import Report
from reports.regression.costs import Words, cost_said, share_said
from workflow.deciding.costs import Cost, Errors, Stakes, within_error

FEW = 10  # held-out rows of a class, below which its rate of errors is a guess


def counted(errors: Errors) -> str:
    """Say how many errors following the model makes."""
    return (
        f"{errors.missed} of {errors.events} with the event missed, {errors.false_alarms} false "
        f"alarms among {errors.others} others"
    )


def warn_of_doubt(report: Report, found: Mapping[str, Cost], errors: Errors, decision: str) -> None:
    """Warn where the held-out rows are few, or do not tell the best option from the next."""
    if min(errors.events, errors.others) < FEW:
        report.warn(
            f"Held-out rows are few (with the event {errors.events}, without {errors.others}): "
            "what following the model costs is all but a guess.",
            "Collect more rows, or hold out more of them (--held-out).",
        )
    near = within_error(found, errors, decision)
    if near:
        named = "” or “".join(near)
        report.warn(
            f"On the held-out rows “{decision}” is not cheaper than “{named}” by two standard "
            "errors, so that they cannot tell yet which is better.",
            "Other rows could turn the decision round: judge on more of them.",
        )


def answer(
    decision: str, found: Mapping[str, Cost], errors: Errors, stakes: Stakes, words: Words
) -> str:
    """Say the decision in a sentence with its numbers, or that these rows cannot tell yet."""
    follow, everyone, no_one = words.options
    unit = stakes.false_alarm
    act = words.act
    say = {option: f"{option} {cost_said(cost, unit)}" for option, cost in found.items()}
    carried = ""
    if abs(stakes.cut - stakes.threshold) > 1e-9:
        carried = f" ({share_said(stakes.cut)} or more by the probabilities as fitted below)"
    why = "following the model does not pay here"
    if errors.alike and decision == words.options[errors.alike]:
        who = {1: "everybody", 2: "nobody"}[errors.alike]
        why = (
            f"the model gives {who} here P({words.event}) of {share_said(stakes.threshold)} or more"
        )
    what = {
        follow: f"Follow the model: {act} whoever has P({words.event}) of "
        f"{share_said(stakes.threshold)} or more{carried}",
        everyone: f"{act.capitalize()} everyone: {why}",
        no_one: f"{act.capitalize()} no one: {why}",
    }[decision]
    near = within_error(found, errors, decision)
    if near:
        rivals = "” and “".join(near)
        what = (
            f"These rows cannot tell yet: “{decision}” costs least on them, but not by two "
            f"standard errors less than “{rivals}”. Following the model would be to {act} whoever "
            f"has P({words.event}) of {share_said(stakes.threshold)} or more{carried}"
        )
    ratio = figure(stakes.miss / unit)
    usual = ", as nobody said otherwise (--cost-miss)" if words.usual else ""
    worse = (
        "a miss as bad as a false alarm"
        if ratio == "1"
        else f"a miss as bad as {ratio} false alarms"
    )
    others = ", ".join(say[option] for option in words.options if option != decision)
    return (
        f"{what}. At a prevalence of {share_said(stakes.prevalence)} and with {worse}{usual}, "
        f"{f'“{decision}”' if near else 'this'} costs "
        f"{cost_said(found[decision], unit)} false alarms per person on "
        f"{errors.events + errors.others} held-out rows; the others: {others} (± one standard "
        f"error over rows). The model's errors there: {counted(errors)}."
    )
