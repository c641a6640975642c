"""The gallery and the alarms as a page: every sentence with a number is made from the results."""

from collections.abc import Mapping, Sequence

from reports.blocks.blocks import Block, Cell, Table
from reports.page.page import Section
from reports.page.proof import Proof
from reports.publishing.provenance import Provenance
from tests.gates.alarms import Rate, Retried, Unseen
from tests.gates.gallery import Example, Pair, Seen, seen
from workflow.checking.checks import CONFLICT, SURPRISE
from workflow.checking.status import Status
from workflow.variational.compare import Comparison
from workflow.variational.verdict import DO_NOT

Shown = Mapping[str, tuple[Example, Pair]]

QUESTION = "Does a broken analysis get through, and how often is a sound one stopped?"
HOW = (
    "One row an example. Left the broken analysis: the check that is meant for it, what it found "
    "beside what it needs, its status, what then becomes of the answer, and the advice that is "
    "given. Right the sound twin, which differs in the one thing that is broken, under the very "
    "same check."
)
HOW_RATES = (
    "One row a kind of sound analysis, none of which should raise an alarm. WARN where alarms are "
    "clearly more common than meant. Interval: 95%, Clopper and Pearson. The sampler's checks have "
    "no nominal rate; 5% for a warning and 1% for a refusal are what is tolerated. The limits of "
    f"the predictive checks promise theirs: a prior predictive tail below {CONFLICT:g} on either "
    f"side for all statistics together, and {SURPRISE:g} for all posterior predictive p of a page "
    "together. The latter are known to be cautious, since the data have been used for the fit."
)


def caught(one: Example, pair: Pair) -> bool:
    """Say whether the check meant for it objected, with the right advice, and sent it on to no one.

    What is sent on is an answer without as much as a warning.
    """
    row = seen(pair.broken, one.check)
    if isinstance(pair.broken, Comparison) and pair.broken.verdict != DO_NOT:
        return False
    return not row.passed and one.advice in row.advice and row.overall not in SENT_ON


SENT_ON = ("answer given", "no warning", "used", "taken as it is")


def proof(
    shown: Shown,
    rates: Sequence[Rate],
    unseen: Unseen,
    retried: Retried,
    provenance: Provenance,
    *more: Section,
) -> Proof:
    """Return the page, with `more` sections; FAIL where a broken analysis was not flagged."""
    missed = [one for one, pair in shown.values() if not caught(one, pair)]
    alarmed = [one for one, pair in shown.values() if not seen(pair.sound, one.check).passed]
    fair = not alarmed and not any(rate.too_many for rate in rates)
    status = Status.FAIL if missed else Status.PASS if fair else Status.WARN
    meaning = {
        Status.PASS: "every broken analysis was flagged, sound ones no more often than tolerated",
        Status.WARN: "every broken analysis was flagged, but sound ones are stopped too often",
        Status.FAIL: f"not flagged: {'; '.join(one.said[0] for one in missed)}",
    }[status]
    titles = dict.fromkeys(one.section for one, _ in shown.values())
    sections = (
        *(_section(title, shown) for title in titles),
        _false_alarms(rates, len(shown), len(alarmed)),
        *more,
        _unseen(unseen, retried),
    )
    return Proof(
        "gates",
        "The gates fire",
        QUESTION,
        _answer(len(shown), len(missed), rates[0]),
        status,
        meaning,
        sections,
        provenance,
    )


def _answer(examples: int, missed: int, rate: Rate) -> str:
    low, high = rate.interval
    return (
        f"{examples - missed} of {examples} broken analyses were flagged by the check meant for "
        f"them; of {rate.trials} sound fits {rate.alarms or 'none'} raised an alarm "
        f"({rate.alarms / rate.trials:.1%}, 95% interval {low:.1%} to {high:.1%})."
    )


def _section(title: str, shown: Shown) -> Section:
    """Return a table with a row for each example of this title, and their pictures."""
    own = [(one, pair) for one, pair in shown.values() if one.section == title]
    left = ("broken", "check", "found", "needed", "status", "then", "advice")
    columns = (*left, "sound twin", "found", "status")
    table = Table(f"{title}: broken and sound", columns, tuple(_row(*each) for each in own), HOW)
    told = _told(own)
    return Section(title, (told, table, *(pair.figure for _, pair in own if pair.figure)))


def _told(own: Sequence[tuple[Example, Pair]]) -> str:
    """Say how many were flagged, and what became of them."""
    flagged = sum(caught(*each) for each in own)
    rows = [seen(pair.broken, one.check) for one, pair in own]
    ends = {end: sum(row.overall == end for row in rows) for end in {row.overall for row in rows}}
    said = ", ".join(f"{end} in {n}" for end, n in sorted(ends.items()))
    return f"{flagged} of {len(own)} flagged by the check meant for them; {said}."


def _row(one: Example, pair: Pair) -> tuple[Cell, ...]:
    broken, sound = (seen(result, one.check) for result in (pair.broken, pair.sound))
    what, twin = one.said
    left = (what, one.check, _found(broken), broken.needed, broken.status, broken.overall)
    return (*left, broken.advice, twin, sound.value, sound.status)


def _found(row: Seen) -> str:
    return row.value if row.where in ("none", "the outcome") else f"{row.value} ({row.where})"


def _false_alarms(rates: Sequence[Rate], examples: int, alarmed: int) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for rate in rates:
        low, high = rate.interval
        status = Status.WARN if rate.too_many else Status.PASS
        share = f"{rate.alarms / rate.trials:.1%} ({low:.1%} to {high:.1%})"
        counted = f"{rate.alarms} of {rate.trials}"
        rows.append((rate.what, counted, share, f"{rate.nominal:.0%}", status))
    columns = ("sound analyses", "alarms", "rate (95% interval)", "meant to be", "status")
    table = Table("Alarms at sound analyses", columns, tuple(rows), HOW_RATES)
    return Section(
        "False alarms",
        (
            "The sampler: the shipped A/B test, fitted with one seed after the other, with the "
            "retries that every case has. The predictive checks: data sets simulated from the "
            "Poisson model with rates from its own prior, each fitted, so that model and prior "
            f"are right. Of the {examples} sound twins above {alarmed or 'none'} raised an alarm.",
            table,
        ),
    )


def _unseen(unseen: Unseen, retried: Retried) -> Section:
    """Say what passes and should not."""
    both = unseen.runs - unseen.one_mode
    missing = (
        f": half the posterior was missing, and the sd was given as {unseen.sd:.2f} where it is "
        f"{unseen.truth:.2f}"
    )
    errors = (
        f" Of the latter the mean of log_scale was off by {retried.off:.2f} Monte Carlo errors "
        "(root mean square; 1 is what honest errors give, and so few runs say it only roughly), "
        f"its sd by {retried.off_sd:.2f}: they said {retried.sd:.3f} on average where "
        f"{retried.truth:g} is true."
    )
    blocks: list[Block] = [
        "A gate sees the draws, not the posterior. Where no chain has been, it sees nothing. "
        f"Of {unseen.runs} runs of four chains on the two modes, {unseen.one_mode} ended with all "
        f"chains in the same mode, and {unseen.passed or 'none'} of these passed every check"
        f"{missing if unseen.passed else ''}. Of the {both} runs whose chains were apart, "
        f"{unseen.others_passed or 'none'} passed. More chains make it rarer, none makes it "
        "impossible: think about the modes a model can have before it is fitted.",
        "Nor does a gate see that the question is another one: data in the wrong unit, rows "
        "counted twice, a causal reading of a correlation, a statistic that nobody checked. A "
        "posterior predictive check sees what it is asked about. Where a model has a parameter "
        "for every number it cannot fail, and the pages say so.",
        "A run with divergences or few effective draws is tried again, with smaller steps or more "
        f"draws, at most twice. Does that make a bad fit look good? Of {retried.runs} runs on a "
        f"mild centred funnel {retried.at_once or 'none'} passed at once and "
        f"{retried.after_retry or 'none'} after a retry.{errors if retried.after_retry else ''} "
        f"{retried.stopped or 'None'} did not pass.",
    ]
    return Section("What no gate can see", tuple(blocks))
