"""Several series: which of them changed, in a sentence, a table and a picture."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from reports.blocks.blocks import Cell, Figure, Table
from reports.blocks.numbers import estimate, figure, times
from reports.blocks.text import shortened
from reports.drawing.drawing import BLUE, GREY, HALF, ORANGE, canvas_of, to_svg
from reports.series.level import Words, between
from workflow.deciding.decision import UNDECIDED
from workflow.quantities import INTERVAL, Quantity
from workflow.series.accounts import Series
from workflow.series.changed import CHANGED, FALLEN, RISEN, SAME, Rule
from workflow.series.left_out import Scores
from workflow.series.several import quoted

FEW, LONGEST, ROWS = 3, 24, 6  # series told by numbers; letters of a name; rows of the first screen
HOW_RESULT = (
    "One row a series, exact. Change: the last level less the first one, if the level changed, "
    "median and central 95%. Evidence: how many times more probable the values are with a change "
    "than without. Next: what is expected of the value after the last one. Good are intervals "
    "that are short beside the change."
)
HOW_PICTURE = (
    "A row is a series: by how much its level changed, if it did, median and central 95%. Filled: "
    "decided as fallen, risen or changed; a ring: unchanged, or not decided. Good are lines that "
    "are short, and clear of the dashed line at 0 where a side is told."
)
HOW_SDS = (
    f"Median and {INTERVAL} by NUTS, if the level drifts: of the sd of a value about its level, "
    "and of that of a step of the level; and of the change, without noise. A forecast has both."
)
HOW_SCORES = (
    "One row a series. Each of its last values is predicted by those before it alone, by each "
    "account; log densities are summed. Good is a most probable account that is the best, or "
    "cannot be told from it."
)
ASSUMED = (
    "Given both sds of a series all of it is normal, and the two can be summed over on a grid: the "
    "exact posterior of each series stands beside NUTS and ADVI, and says how far each is from it."
)
RULE = " So it is decided for each series by itself; of many, some may look changed by chance."
SAID = {
    FALLEN: "the level of {} has fallen",
    RISEN: "that of {} has risen",
    CHANGED: "that of {} has moved, but to which side is not sure",
    SAME: "that of {} is unchanged",
    UNDECIDED: "of {} it is not decided",
}


def answer(decisions: Mapping[str, str], rules: Mapping[str, Rule]) -> str:
    """Say of how many series the level changed, of which, and by how much."""
    parts: list[str] = []
    for decision, said in SAID.items():
        names = [name for name, its in decisions.items() if its == decision]
        told = [_moved(name, i, decision, rules[name]) for i, name in enumerate(names)]
        if names:
            parts.append(f"{said.format(len(names))} ({', '.join(told)})")
    if len(parts) == 1 and UNDECIDED in decisions.values():
        parts = ["it is not decided of any whether its level changed"]
    first = parts[0].replace("that of", "the level of")
    return f"Of {len(rules)} series, {'; '.join([first, *parts[1:]])}."


def _moved(name: str, i: int, decision: str, rule: Rule) -> str:
    """Return a series with by how much it went to a side, where that is told of few."""
    if decision not in (FALLEN, RISEN) or i >= FEW:
        return quoted(name)
    return f"{quoted(name)} by {between(rule.verdict.change.known(), down=decision == FALLEN)}"


def result(
    decisions: Mapping[str, str], rules: Mapping[str, Rule], following: Mapping[str, str]
) -> Table:
    """Return a row a series: decision, change, evidence, and what is expected next."""
    same = len({*following.values()}) == 1
    rows: list[tuple[Cell, ...]] = []
    for name, rule in rules.items():
        verdict, when = rule.verdict, "" if same else f"{following[name]}: "
        rows.append(
            (
                name,
                decisions[name],
                between(verdict.change.known()).replace("95% ", ""),
                times(verdict.log_bayes_factor),
                when + between(verdict.ahead(1).known()).replace("95% ", ""),
            )
        )
    ahead = next(iter(following.values())) if same else "next"
    columns = ("series", "its level has", "change", "evidence", ahead)
    return Table("Each series: medians and 95% intervals", columns, tuple(rows), HOW_RESULT)


def shown(whole: Table) -> Table:
    """Return the result as the first screen has it: of many series those that changed first."""
    if len(whole.rows) <= ROWS:
        return whole
    rows = sorted(whole.rows, key=lambda row: [*SAID].index(str(row[1])))[:ROWS]
    caption = f"{ROWS} of {len(whole.rows)} series, changed ones first (all: “The decision”)"
    return replace(whole, caption=caption, rows=tuple(rows))


def picture(decisions: Mapping[str, str], rules: Mapping[str, Rule], unit: str) -> Figure:
    """Draw by how much each level changed, a row a series."""
    known = {name: rule.verdict.change.known() for name, rule in rules.items()}
    y = -np.arange(len(rules))
    with canvas_of("answer", HALF, 1.3 + 0.2 * len(rules)) as canvas:
        axes = canvas.subplots()
        axes.axvline(0, color=GREY, linestyle="--", linewidth=1)
        for at, (name, one) in zip(y, known.items(), strict=True):
            sure = decisions[name] in (FALLEN, RISEN, CHANGED)
            colour = BLUE if sure else ORANGE
            axes.hlines(at, one.lower, one.upper, color=colour, linewidth=2)
            face = colour if sure else "none"
            axes.plot(one.median, at, "o", color=colour, markerfacecolor=face)
        axes.set_yticks(y, [shortened(name, LONGEST) for name in rules])
        axes.set_ylim(-len(rules) + 0.4, 0.6)
        axes.set_xlabel(f"last level less the first, if it changed{unit}")
        svg = to_svg(canvas, "answer")
    ends = sorted(known, key=lambda name: known[name].median)
    alt = (
        f"If the levels changed: {shortened(ends[0], LONGEST)} by {between(known[ends[0]])} at "
        f"one end, {shortened(ends[-1], LONGEST)} by {between(known[ends[-1]])} at the other. "
        f"{sum(one.lower <= 0 <= one.upper for one in known.values())} of {len(known)} intervals "
        "reach over 0."
    )
    return Figure(svg, alt, "By how much each level changed, if it did.", HOW_PICTURE)


def data(series: Mapping[str, Series], words: Mapping[str, Words], value: str) -> str:
    """Say what is in the data, of all series together."""
    n = sum(len(one.y) for one in series.values())
    sizes = [len(one.y) for one in series.values()]
    gaps = sum(len(one.missing) for one in words.values())
    unit = next(iter(words.values())).unit
    return (
        f"{n:,} values of {value} in {len(series)} series of {min(sizes):,} to {max(sizes):,}, a "
        f"step of time being a {unit} in all of them. "
        f"{f'{gaps:,} times between them' if gaps else 'No time between them'} "
        f"{'have' if gaps != 1 else 'has'} no value. Series need not begin or end together."
    )


def estimates(found: Mapping[str, Quantity], rules: Mapping[str, Rule]) -> Table:
    """Return the sds and the change of each series, if its level drifts."""
    names = ("sigma_observation", "sigma_level", "change")
    rows = tuple((name, *(estimate(found[f"{of}[{name}]"]) for of in names)) for name in rules)
    columns = ("series", "sd about the level", "sd of a step of the level", "change")
    return Table("Each series, if its level drifts", columns, rows, HOW_SDS)


def scores(found: Mapping[str, Scores], rules: Mapping[str, Rule]) -> Table:
    """Return which account predicts each series best; is the most probable one worse?"""
    rows = []
    for name, rule in rules.items():
        of, likeliest = found[name], rule.verdict.likeliest
        gap, error = of.behind(likeliest)
        behind = "it is the best" if likeliest == of.best else f"{figure(gap)} ({figure(error)})"
        rows.append((name, likeliest, of.best, behind, "yes" if of.told(likeliest) else "no"))
    columns = ("series", "most probable", "predicts best", "behind it (error)", "worse")
    return Table("The later values, each predicted by those before it", columns, tuple(rows),
                 HOW_SCORES)  # fmt: skip


def prior(rules: Mapping[str, Rule], *, given: bool) -> str:
    """Say what the prior expects of each series, and where its scales come from."""
    priors = [rule.series.prior for rule in rules.values()]
    noise, drift = (
        " to ".join(dict.fromkeys(figure(end([getattr(one, what) for one in priors]))
                                  for end in (min, max)))
        for what in ("noise", "drift")
    )  # fmt: skip
    said = (
        f"The sd of a value about its level is half normal with scale {noise}, that of a step of "
        f"the level half normal with scale {drift}, by series."
    )
    if given:
        return said
    return (
        f"{said} The scales are the root mean square of the differences of neighbours of each "
        "series, to one digit: noise or level alone could make such differences. This uses the "
        "data twice; if you know, say it with --noise, --drift and --jump, for all series alike."
    )


def knobs(*, pooled: bool) -> str:
    """Say what the prior's knobs are."""
    jump = "That of a jump has a part in the evidence alone, which is exact."
    if pooled:
        return (
            "The prior's knobs are so many times the typical sd of a step that is expected, and so "
            f"many times the scale of the sd between series. {jump}"
        )
    return f"The prior's knobs are so many times the scales of both sds of each series. {jump}"
