"""The evidence of a test as it came in: P(best) and expected losses, and what looking does."""

from collections.abc import Mapping, Sequence

import numpy as np

from reports.blocks.blocks import Block, Figure, Table
from reports.blocks.numbers import figure, percent
from reports.blocks.text import listed
from reports.drawing.drawing import COLOURS, GREY, canvas_of, to_svg, where_wanted
from reports.page.page import Report
from workflow.rates.arms_in_time import Seen
from workflow.rates.looking import Looks, Share

STROKES = ("-", "--", "-.", ":")
MOST = 8  # arms that are drawn and simulated
HOW_EVIDENCE = (
    "From left to right the rows of the file in their order. Above: how probable it is that the "
    "arm has the highest rate. Below: what choosing the arm is expected to give away against the "
    "best one, in percentage points, and the limit (--max-loss) below which the rule chooses. Both "
    "are exact. Good is a lowest line that goes below the limit once and stays there."
)
HOW_LOOKS = (
    "One row a kind of test, each simulated with as many visitors in each arm, in the order of the "
    "file. Looking often stops at the first look at which the rule chooses, looking once asks at "
    "the end. Wrong is a choice of an arm whose simulated rate is lower than the best one's by the "
    "limit or more. In brackets the 95% interval of the share (Clopper and Pearson), which is the "
    "error of simulating. Where all rates are the same no choice costs anything: how often one is "
    "made says how soon chance looks like a winner."
)


@where_wanted
def evidence(
    at: np.ndarray, seen: Seen, arms: Sequence[str], limit: float, met: tuple[int, str] | None
) -> Figure:
    """Draw the probability of being best and the expected loss of each arm at every look."""
    best, losses = seen.best(), 100 * seen.losses()
    with canvas_of("evidence", 7, 4.6) as canvas:
        above, below = canvas.subplots(2, 1, sharex=True)
        for i, arm in enumerate(arms):
            look = {"color": COLOURS[i % len(COLOURS)], "linestyle": STROKES[i % len(STROKES)]}
            above.plot(at, best[:, i], label=arm, **look)
            below.plot(at, losses[:, i], **look)
        below.axhline(100 * limit, color=GREY, linewidth=1)
        if met:
            for axes in (above, below):
                axes.axvline(met[0], color=GREY, linestyle=":", linewidth=1)
            above.plot([], [], ":", color=GREY, label=f"first met: {met[0]:,}")
        above.plot([], [], color=GREY, linewidth=1, label=f"limit: {100 * limit:g} points")
        above.set_ylim(-0.03, 1.03)
        above.set_ylabel("P(best)")
        below.set_ylim(bottom=0)
        below.set_ylabel("expected loss\n(percentage points)")
        below.set_xlabel("rows so far")
        above.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        svg = to_svg(canvas, "evidence")
    last = listed(
        f"{arm}, P(best) {figure(p)}, expected loss {figure(loss)} points"
        for arm, p, loss in zip(arms, best[-1], losses[-1], strict=True)
    )
    first = f"first met after {met[0]:,} rows, for {met[1]}" if met else "not met"
    alt = f"Of {int(at[-1]):,} rows as they came, the rule was {first}. At the end: {last}."
    caption = "The evidence as it came in: exact, after every look."
    return Figure(svg, alt, caption, HOW_EVIDENCE)


def looks(found: Mapping[str, Looks]) -> list[Block]:
    """Return what looking often comes to beside looking once, in words and as a table."""
    rows = tuple(
        (kind, *map(_share, (one.decided, one.wrong, one.decided_at_end, one.wrong_at_end)))
        for kind, one in found.items()
    )
    same, drawn = found.values()
    columns = (
        "simulated tests",
        f"choose, of {same.looks} looks",
        "wrongly",
        "choose, of one look",
        "wrongly ",
    )
    often, once = (percent(one.value, 5e-3) for one in (same.decided, same.decided_at_end))
    caption = f"What looking does: {same.decided.of:,} simulated tests a row"
    return [
        f"Where all arms have the same rate, {often} of simulated tests choose one at some of "
        f"{same.looks} looks, {once} at the end alone. Under rates drawn from the posterior the "
        f"first choice costs the limit or more in {percent(drawn.wrong.value, 5e-3)}.",
        Table(caption, columns, rows, HOW_LOOKS),
    ]


def warn(report: Report, met: tuple[int, str] | None, decision: str | None) -> None:
    """Warn where the rule had chosen another arm, or had chosen one, and does so no longer."""
    if met and decision and decision != f"choose {met[1]}":
        report.warn(
            f"After {met[0]:,} rows the rule said to choose {met[1]}, and it says so no longer.",
            "Whoever stops at the first choice errs more often: see the evidence as it came in.",
        )


def _share(found: Share) -> str:
    low, high = found.interval
    return f"{percent(found.value, 5e-3)} ({100 * low:.0f} to {100 * high:.0f})"
