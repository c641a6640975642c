"""Readings of an instrument as tables: options, kinds of uncertainty, sizes, groups."""

import math

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import figure, number
from workflow.measuring.agreement import Apart
from workflow.measuring.gaussian import Instrument, Posterior
from workflow.measuring.target import CALIBRATE, DONE, MEASURE, Target

HOW_OPTIONS = (
    "One row an option: what it takes, and which sd the quantity has then, by the exact posterior. "
    "Stopping is right once that is at most what was asked for (--target-sd); more readings are "
    "where some number of them gets there; calibrating, which is to say knowing the bias better, "
    "where none does."
)
HOW_KINDS = (
    "One row a kind of uncertainty, as an sd, exactly. Chance is what a next reading does anyway; "
    "reducible is what more readings of this instrument take away from the uncertainty of the "
    "quantity; not reducible is what is left after infinitely many. Good is a reducible part that "
    "is small beside the other: then more readings are in vain."
)
HOW_SIZES = (
    "One row a number of readings, all by this instrument: posterior sds of their mean and of the "
    "quantity, exactly, and the share of the quantity's variance that still more readings could "
    "take away. The first falls with the square root of the number, the second stops."
)
HOW_APART = (
    "One row a group of readings. Off is how far its mean is from that of all, in the standard "
    "errors that the stated noise gives: within ± 2 is usual, beyond ± 3 is not. The chi-square "
    "adds their squares up; a small p says that the groups differ by more than noise, so that the "
    "bias is not the same in all of them, or the noise is larger than stated."
)
SIZES = tuple(10**power for power in range(7))


def options(decision: str | None, target: Target, exact: Posterior, n: int, name: str) -> Table:
    """Return stopping, measuring and calibrating, a row each."""
    known, total = target.known, int(target.known.n_before) + n
    rows = [
        (DONE, f"{total:,} reading{'s' if total > 1 else ''}, as they are", exact.sds[0]),
        (MEASURE, *_more(target, n)),
        (CALIBRATE, *_calibrated(target, n)),
    ]
    told: tuple[tuple[Cell, ...], ...] = tuple(
        (
            {DONE: "stop"}.get(option, option),
            takes,
            figure(sd),
            "yes" if sd <= target.sd * (1 + 1e-9) else "no",
            "yes" if option == decision else "no",
        )
        for option, takes, sd in rows
    )
    columns = ("option", "what it takes", f"sd of {name} then", f"within {figure(target.sd)}", "do")
    caption = f"What can be done: the bias has the sd {figure(known.bias_sd)}"
    return Table(caption, columns, told, HOW_OPTIONS)


def _more(target: Target, n: int) -> tuple[str, float]:
    """Say how many more readings are needed, and what they lead to."""
    more = target.known.needed(target.sd) - n
    if math.isfinite(more) and more > 0:
        return f"{math.ceil(more):,} more readings", float(target.sd)
    return "more readings without end", target.known.floor


def _calibrated(target: Target, n: int) -> tuple[str, float]:
    """Say how well the bias has to be known, and what that leads to."""
    known, allowed = target.known, target.known.bias_allowed(target.sd, n)
    if math.isnan(allowed):
        perfect = float(known.under(bias_sd=0.0).sd_of_quantity(n))
        return "knowing the bias exactly is not enough", perfect
    if allowed >= known.bias_sd:
        return "no better than it is", float(known.sd_of_quantity(n))
    return f"the sd of the bias at {figure(allowed)}", float(target.sd)


def kinds(known: Instrument, exact: Posterior, n: int, name: str) -> Table:
    """Return what is uncertain, by its kind."""
    total = int(known.n_before) + n
    rows: tuple[tuple[Cell, ...], ...] = (
        ("noise of a single reading", "chance (aleatoric)", figure(known.noise_sd)),
        ("error of the mean of the readings", "reducible (epistemic)", figure(exact.sds[2])),
        (f"{name}: what more readings take away", "reducible (epistemic)", _part(known, n)),
        (f"{name}: what stays", "not reducible by readings (epistemic)", figure(known.floor)),
        (f"{name}: both together", "epistemic", figure(exact.sds[0])),
    )
    caption = f"What is uncertain after {total:,} readings"
    return Table(caption, ("uncertainty of", "kind", "sd"), rows, HOW_KINDS)


def _part(known: Instrument, n: int) -> str:
    return figure(float(known.reducible(n)))


def sizes(known: Instrument, n: int, name: str) -> Table:
    """Return the sds for numbers of readings, that of the data among them."""
    total, alone = int(known.n_before) + n, known.under(n_before=0.0)
    rows = []
    for one in sorted({*SIZES, total}):
        mean, quantity = float(alone.sd_of_mean(one)), float(alone.sd_of_quantity(one))
        share = (float(alone.reducible(one)) / quantity) ** 2
        said = f"{one:,} (so far)" if one == total else f"{one:,}"
        rows.append((said, figure(mean), figure(quantity), f"{100 * share:.2g}%"))
    columns = ("readings", "sd of their mean", f"sd of {name}", "reducible share of its variance")
    return Table("What more readings tell", columns, tuple(rows), HOW_SIZES)


def apart(found: Apart) -> Table:
    """Return the groups of a column, and whether they differ by more than noise."""
    rows = tuple(
        (
            str(label),
            f"{row['size']:,.0f}",
            figure(row["mean"], 5),
            NONE if math.isnan(row["std"]) else figure(row["std"], 4),
            number(row["off"], 0.05, sign=True),
        )
        for label, row in found.table.iterrows()
    )
    columns = (found.column, "readings", "mean", "sd", "off")
    p = number(found.p, found.p / 9) if found.p > 1e-4 else "< 0.0001"
    caption = f"Readings by {found.column}: chi-square {figure(found.chi2)}, p {p}"
    return Table(caption, columns, rows, HOW_APART)
