"""A prior in conflict with the data: what the fit gives, and which of the checks see it."""

from reports.blocks import tables
from reports.blocks.blocks import Block
from reports.blocks.numbers import apart, interval
from reports.rates.rates import Words
from workflow.checking.checks import StatisticCheck
from workflow.checking.diagnostics import Status
from workflow.quantities import INTERVAL
from workflow.rates.one_rate import Opposed
from workflow.sensitivity.power import PowerScaling


def blocks(found: Opposed, words: Words) -> list[Block]:
    """Return the fit in words, between the checks that may see the conflict."""
    before, after = [found.before], [found.after]
    return [
        f"Suppose somebody had expected a rate of {found.mean:g}, and as firmly as after "
        f"{found.strength:g} {words.trials}.",
        tables.predictive("Prior predictive check of that prior", before, prior=True),
        conflict(found),
        tables.power_scaling(found.scaled),
        tables.predictive("Posterior predictive check of that prior", after),
    ]


def conflict(found: Opposed) -> str:
    """Say what the prior does to data it is in conflict with, and what sees it."""
    check, q = found.before, found.theta
    lower, upper, observed = apart(check.lower, check.upper, check.observed, digits=3)
    seen = [value for value in (check.observed, found.mean) if q.lower <= value <= q.upper]
    nowhere = "" if seen else ", where neither the data nor the prior had put the rate"
    named = "in plain conflict" if check.result is Status.WARN else "not in plain conflict"
    broken = (
        "Yet nothing breaks: the sampler's diagnosis is PASS, since the draws are those of the "
        "posterior."
        if found.status is Status.PASS
        else f"The sampler's diagnosis is {found.status.value}."
    )
    return (
        f"This prior and the data are {named}: it predicts a rate of {lower} to "
        f"{upper} (central 95%), and {observed} was observed. {broken} The "
        f"interval is {interval(q, 100, unit='%')} ({INTERVAL}){nowhere}; the decision would be "
        f"“{found.decision}”. {_seen(check, found.scaled, found.after)} The answer to a conflict "
        "is not an average: find out which of the two is wrong."
    )


def _seen(check: StatisticCheck, scaled: PowerScaling, after: StatisticCheck) -> str:
    """Say which of the checks see a conflict of prior and data."""
    said = scaled.reason if scaled.table is None else str(scaled.table["diagnosis"].iloc[0])
    sees = {
        "the prior predictive check": check.result is Status.WARN,
        "the posterior predictive check": after.result is Status.WARN,
        f"power-scaling (“{said}”)": "conflict" in said,
    }
    seeing = [name for name, does in sees.items() if does]
    blind = [name for name, does in sees.items() if not does]
    if not seeing:
        return "None of the checks sees a conflict: these data cannot show one."
    others = f"; what does not: {', '.join(blind)}" if blind else ""
    return f"What sees the conflict: {', '.join(seeing)}{others}."
