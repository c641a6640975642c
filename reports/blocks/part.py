"""What the page of an analysis of many rows says: what was looked at, and how long it takes."""

import pymc as pm
import xarray as xr

from reports.blocks.numbers import figure
from workflow.checking.diagnostics import Diagnosis
from workflow.checking.sampler_checks import K_HAT
from workflow.sampling.effort import Effort
from workflow.sampling.part import BUDGET, Part, part_of

ORDINALS = {1: "st", 2: "nd", 3: "rd"}

ADVI_LEFT = (
    "Left out: ADVI looks for a Gaussian that is near the posterior, and the one at the mode was "
    "found, and weighted exactly by all rows."
)
ADVI_BROKE = (
    "No: its optimisation came to values that are no numbers, and there is nothing to compare. No "
    "number of this page hangs on it."
)
BY_SUMS = (
    "There are so many rows that NUTS, ADVI and the other priors were fitted by what the rows come "
    "to: n, and the sums of squares and products of terms and outcome, which are all that a "
    "Gaussian likelihood knows of them. That is the same posterior, and no approximation. "
    "Predictions and checks by row look at the rows themselves, or at a part drawn at random."
)
COUNTED = (
    "Many rows are equal in all terms: there are {kinds:,} kinds of rows. The posterior, and those "
    "under other priors, were fitted by how many rows of each kind there are and how many of them "
    "have the event. That is the same posterior, and no approximation. Predictions and checks by "
    "row look at the rows themselves, or at a part drawn at random."
)

ALONE = (
    "The logarithm of this posterior is concave, so that it has no second hill that would have "
    "been missed."
)
SEARCHED = (
    "That there is one such point is not known by its formula: it was looked for from {starts} "
    "places, in rows drawn at random, and all searches that arrived ended there. NUTS in some "
    "chains would know no more of a second hill."
)
EQUAL_ROWS = (
    " Rows that are equal in everything are counted, not repeated: there are {kinds:,} kinds, and "
    "the density is the same."
)
NUTS = "So NUTS samples all rows."


def known_by(model: pm.Model, fitted: pm.Model) -> list[str]:
    """Say what the fit knows the rows of `model` by; nothing where it is by row."""
    if fitted is model:
        return []
    kinds = fitted.coords.get("kind")
    return [COUNTED.format(kinds=len(kinds)) if kinds else BY_SUMS]


def certified(tree: xr.DataTree, found: Diagnosis) -> str:
    """Say how draws were made of a Gaussian at the mode, and why they may be used."""
    taken = 100 * float(tree["sample_stats"]["taken"].mean())
    starts, freedom = (tree.attrs.get(name) for name in ("starts", "freedom"))
    tails = f" (a Student t with {freedom:g} degrees of freedom, for the tails)" if freedom else ""
    kinds = tree.attrs.get("kinds")
    counted = EQUAL_ROWS.format(kinds=kinds) if kinds else ""
    hill = ALONE if starts is None else SEARCHED.format(starts=starts)
    return (
        "NUTS was not needed. With so many rows the posterior is nearly the Gaussian at its "
        "highest point, which was found by Newton's method. The exact log density of all rows at "
        f"each draw of that Gaussian{tails} is its weight, and Pareto k-hat of the weights is "
        f"{figure(found[K_HAT].worst, 2)} (needed: {found[K_HAT].threshold}): no few decide. "
        "By Metropolis's rule the weights become draws of the posterior itself: each draw is taken "
        f"in proportion to its weight ({taken:.0f}% were), or the one before comes again. What "
        f"that costs is in the R-hat and ESS above, as it is for NUTS. {hill}{counted}"
    )


def uncertified(found: Diagnosis, why: str = "") -> str:
    """Say why NUTS sampled all rows; `why` says so where no highest point was found."""
    but = f"but {why}"
    if not why:
        but = f"and its weighted draws do not do: {'; '.join(found.reasons())}"
    return f"A Gaussian at the highest point of the posterior was tried first, {but}. {NUTS}"


def looked_at(tree: xr.DataTree, *, prior: bool = False) -> list[str]:
    """Say which rows and draws a predictive check has; nothing if it has all."""
    part = part_of(tree)
    every = None if part is None else part.every_prior if prior else part.every
    if part is None or (part.rows == part.of_rows and every == 1):
        return []
    about = "prior" if prior else "posterior"
    said = (
        f"With so many rows this check uses {_what(part, every or 1, about)}, so that it holds "
        f"{BUDGET:,} numbers at most. What is observed and what is predicted are of the same rows."
    )
    fit = "The fit itself, and the power-scaling below, use all rows and all draws."
    return [said if prior else f"{said} {fit}"]


def averaged(rows: int, step: int) -> list[str]:
    """Say that the weights of all rows are averaged over every so many draws; nothing for 1."""
    if step == 1:
        return []
    return [
        f"With so many rows the weights of all {rows:,} are averaged over every {ordinal(step)} "
        "posterior draw."
    ]


def expected(case: str, rows: int, found: Effort) -> str:
    """Say, before anybody waits, how long it will take and what can be done about it."""
    return (
        f"{case}: {rows:,} rows: expect about {in_minutes(found.minutes)} (NUTS "
        f"{in_minutes(found.nuts)}, other priors at most "
        f"{in_minutes(found.sweep)}, ADVI beside them "
        f"{in_minutes(found.advi)}). Fewer --draws and --tune take less; all fits use all rows."
    )


def rival_expected(case: str, rows: int, minutes: float) -> str:
    """Say, before anybody waits, how long NUTS will take for a rival of many rows."""
    return f"{case}: the rival's {rows:,} rows go to NUTS: expect about {in_minutes(minutes)}"


def follows(case: str, decision: str | None, diagnosis: Diagnosis, seconds: float) -> str:
    """Say what is decided so far, or why nothing is, and when the page will be there.

    Only the sampler's diagnosis is known by then, and what did not pass of it is named: a conflict
    of prior and data, say, may yet withhold what is decided.
    """
    why, status = "; ".join(diagnosis.reasons()), diagnosis.status.value
    none = f"so far: no answer, since {why}, {status}"
    beware = f", since {why}" if why else ""
    known = f"so far, before prior and fit are checked: {decision}, {status}{beware}"
    when = f"{max(5 * round(seconds / 5), 5)} s" if seconds < 90 else in_minutes(seconds / 60)
    return f"{case}: {known if decision else none}; the page follows in about {when}"


def ordinal(n: int) -> str:
    """Return 1st, 2nd, 3rd, 4th, ..."""
    return f"{n}{'th' if n % 100 in (11, 12, 13) else ORDINALS.get(n % 10, 'th')}"


def _what(part: Part, every: int, about: str) -> str:
    rows = ""
    if part.rows < part.of_rows:
        how = "" if part.run == 1 else f" in runs of {part.run} neighbours"
        rows = f"{part.rows:,} of the {part.of_rows:,} rows, drawn at random{how}"
    draws = "" if every == 1 else f"every {ordinal(every)} {about} draw"
    return " and ".join(filter(None, (rows, draws)))


def in_minutes(minutes: float) -> str:
    """Return how long that is, to the minute or, of many, the hour."""
    if minutes >= 120:
        return f"{minutes / 60:.0f} hours"
    return f"{minutes:.0f} minutes" if minutes >= 1.5 else "a minute"
