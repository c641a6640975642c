"""Putts in words: the data, how curves are compared, and which one to take."""

from collections.abc import Mapping

from reports.blocks.blocks import Block
from reports.blocks.numbers import apart, estimate, figure, percent
from reports.putting.tables import elpd, parting
from workflow.putting.contest import CANNOT, GEOMETRY, LOGISTIC, Contest, pearson
from workflow.quantities import Quantity
from workflow.scoring.elpd import LEAST_DIFFERENCE, Difference, errors_needed

FIT = (
    "The curve has one number for all distances, so the checks look at what that cannot fit: "
    "counts farther from the curve than chance takes them, single ones, a bend, neighbours that "
    "are off on the same side. Putts that are too long or too short are in none of it."
)
ADVICE = (
    "The curve is too simple for these counts, and its intervals are too narrow. Look at the table "
    "by distance: where near putts are missed too often, or far ones, the length of a putt matters "
    "as its direction does; where counts are off on either side, tries of one distance are alike; "
    "where they are nearer to it than chance has them, they may be no counts of single putts."
)
NEAR = (
    "These counts are nearer to the geometry than chance has them: ask how they were counted, "
    "whether they are percentages, or were made by a curve."
)


def data(contest: Contest) -> list[Block]:
    """Say how many putts there are, and show them beside both curves."""
    putts = contest.putts
    tries, made = int(putts["tries"].sum()), int(putts["successes"].sum())
    near, far = apart(putts["distance_ft"].min(), putts["distance_ft"].max(), digits=3)
    return [
        f"{tries:,} putts from {len(putts)} distances, {near} to {far} feet; {made:,} of them "
        f"({percent(made / tries, 1e-3)}) went in."
    ]


def which(contest: Contest, gap: Difference, far: float) -> list[Block]:
    """Say how the curves are compared, and where they part."""
    more = contest.scatter
    scattered = (
        "no more than Binomial counts do"
        if more == 1
        else f"{figure(more)} times as much as Binomial counts do, in variance"
    )
    return [
        "Beside the geometry stands what any formula has: a logistic regression on the distance, "
        "with an intercept and a slope. Each distance is left out with all its putts, and each "
        f"curve predicts its count from the others. {_ahead(gap)} The standard error is that of "
        f"counts at these distances; about the nearer curve they scatter {scattered}, and the "
        "error grows with that.",
        parting(contest, far),
    ]


def _ahead(gap: Difference) -> str:
    first, other = (GEOMETRY, LOGISTIC) if gap.value >= 0 else (LOGISTIC, GEOMETRY)
    return (
        f"The {first} is ahead of the {other} by {elpd(gap)} (standard error "
        f"{figure(gap.se, 2)}) of log predictive density."
    )


def answer(
    decision: str | None,
    contest: Contest,
    gap: Difference,
    found: Mapping[str, Quantity],
    *,
    fits: bool,
    near: bool = False,
) -> str:
    """Say which curve to take, and what it says, as far as it may be believed.

    Where it does not fit, that may be since the counts are nearer to it than chance has them.
    """
    sigma = f"an sd of {estimate(found['sigma_degrees'])} degrees"
    if decision == CANNOT:
        return _cannot(contest, gap, sigma, fits=fits, near=near)
    better = (
        f"predicts distances that were left out better than the "
        f"{GEOMETRY if decision == LOGISTIC else LOGISTIC} (log predictive density, elpd, "
        f"higher by {elpd(gap)}, standard error {figure(gap.se, 2)})"
    )
    if decision == LOGISTIC:
        said = (
            "No count is plainly off from the geometry, all the same."
            if fits
            else "These putts are not as the geometry has them, and no angle describes them."
        )
        return f"Of the two curves take the logistic one: it {better}. {said}"
    if decision != GEOMETRY:
        return f"By the geometry the direction of a putt is off by {sigma}."
    if fits:
        return (
            f"Take the geometry: it {better}. The direction of a putt is off by {sigma}, and from "
            f"{estimate(found['even_ft'])} feet on a putt is more likely missed than made"
            f"{_beyond(contest, found['even_ft'])}."
        )
    return _misfit(contest, better, sigma, near=near)


def _misfit(contest: Contest, better: str, sigma: str, *, near: bool) -> str:
    """Say that the geometry is the better curve, and does not fit."""
    if near:
        return f"{NEAR} The geometry, whose angle has {sigma}, {better}."
    return (
        f"Of the two curves take the geometry, though it does not fit every distance: it {better}. "
        f"{_off(contest)} So its angle, {sigma}, has an interval that is too narrow, and from "
        "where on a putt is more likely missed is not told."
    )


def _cannot(contest: Contest, gap: Difference, sigma: str, *, fits: bool, near: bool) -> str:
    """Say that neither curve is clearly better, and what would help."""
    more = f"{_next(contest)} By the geometry the direction of a putt is off by {sigma}."
    if not fits:
        more = NEAR if near else f"{_off(contest)} More putts do not mend that: another curve does."
    return (
        f"These {len(contest.putts)} distances cannot tell which curve predicts better. "
        f"{_ahead(gap)} {figure(contest.least, 2)} would tell. {more}"
    )


def _beyond(contest: Contest, even: Quantity) -> str:
    """Say where no putt was tried so far out, or so near."""
    x = contest.putts["distance_ft"]
    return "" if x.min() <= even.median <= x.max() else ", by the curve: no putt here is from there"


def _off(contest: Contest) -> str:
    """Say where the count is farthest from the geometry."""
    putts, p = contest.putts, contest.curves[GEOMETRY]
    at = pearson(putts, p).abs().idxmax()
    row = putts.loc[at]
    made, said = (percent(one, 1e-3) for one in (row["successes"] / row["tries"], p[at]))
    return f"From {figure(row['distance_ft'])} ft {made} went in, and the geometry says {said}."


def _next(contest: Contest) -> str:
    where, tries = contest.telling
    return f"About {figure(tries, 2)} putts from {figure(where)} feet could tell."


def rule(contest: Contest) -> str:
    """Say by which rule a curve is taken."""
    return (
        f"Rule: take the curve that is ahead by {LEAST_DIFFERENCE} of log predictive density "
        f"(elpd) or more, and by {errors_needed(len(contest.putts)):.1f} standard "
        "errors, which so few distances ask for; else one cannot tell. To be the better of two is "
        "not to fit: that the fit check says, and where it warns no more is told of the geometry "
        "than its angle."
    )


def prior(degrees: float) -> str:
    """Say what the prior of the angle is."""
    low, high = apart(0.1211 * degrees, 2.786 * degrees, digits=2)
    return (
        f"Before the data the angle is a Gamma with shape 2 and mean {degrees:g} degrees "
        f"(--prior-degrees): between {low} and {high} degrees with probability 95%. The two "
        "numbers of the logistic curve are Normal with mean 0 and sd 2.5, for one sd of distances."
    )
