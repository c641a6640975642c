"""Groups in words: the answer, the data, the priors, the rule, warnings."""

from collections.abc import Mapping

from reports.blocks.numbers import apart, figure, number, percent, probability
from reports.page.page import Report
from workflow.checking.status import Status
from workflow.deciding.decision import UNDECIDED
from workflow.groups.choosing import Pick, by_loss, could_be
from workflow.groups.coordinates import CENTRED, Funnel
from workflow.groups.exact import Prior
from workflow.groups.observed import Observed
from workflow.quantities import Quantity, Scalar

FEW = 3  # groups that say next to nothing of how far groups differ
UNEVEN = (
    "Rows of a group are not normal with the same spread in every group",
    "Where groups differ in spread, give a row a group with its own mean and standard error (group,"
    "effect,standard_error). Where rows are skewed, take their logarithm, if it means something; a "
    "few rows far off may be slips.",
)
COARSE = 0.25  # of the rarer of successes and failures: a larger limit decides nothing


def value(observed: Observed, x: float, error: float | None = None) -> str:
    """Say a value of a group: rates in percent, to a tenth if nothing else is known."""
    if observed.counted:
        rare = min(x, 1 - x)
        return percent(x, error or (1e-3 if rare == 0 or rare > 0.01 else rare / 10))
    return number(x, error) if error else figure(x)


def amount(observed: Observed, loss: Scalar) -> str:
    """Say a loss: of rates in percentage points, near 0 as a bound."""
    scale = 100 if observed.counted else 1
    size, error = scale * loss.value, scale * loss.mcse
    if size <= 2 * error:
        return f"less than {_points(observed, figure(size + 2 * error, 1))}"
    return _points(observed, number(size, error))


def limit(observed: Observed, pick: Pick) -> str:
    """Say the limit on the loss."""
    return _points(observed, figure((100 if observed.counted else 1) * pick.limit))


def _points(observed: Observed, said: str) -> str:
    if not observed.counted:
        return said
    return f"{said} point{'' if said == '1' else 's'}"


def answer(
    decision: str | None,
    pick: Pick,
    observed: Observed,
    found: Mapping[str, Quantity],
    measured: Mapping[str, Scalar],
) -> str:
    """Say which group is picked, or that the data cannot tell, in sentences with their numbers."""
    first = by_loss(dict(measured))[0]
    decided = decision not in (None, UNDECIDED)
    chosen = str(decision).removeprefix("choose ") if decided else first
    loss = amount(observed, measured[f"expected_loss[{chosen}]"])
    best = measured[f"prob_best[{chosen}]"]
    q = found[f"{observed.variable}[{chosen}]"]
    alone = value(observed, float(observed.raw[observed.names.index(chosen)]))
    low, high = (value(observed, x, q.mcse_interval) for x in (q.lower, q.upper))
    of = (
        f"Its {observed.variable} is {value(observed, q.median, q.mcse_median)} ({low} to {high}), "
        f"where its own data alone say {alone}."
    )
    lowest = " (the lowest)" if pick.lowest else ""
    if decided:
        return (
            f"Pick {chosen}: against the best one{lowest}, whichever that is, it is expected to "
            f"give away {loss}, below the limit of {limit(observed, pick)}; it is the best itself "
            f"with probability {probability(best)}. {of}"
        )
    among = could_be(dict(measured))
    return (
        f"The data cannot tell which one is the best{lowest}: even {chosen}, the pick that gives "
        f"away least, is expected to give away {loss} against the best, whichever that is, and the "
        f"limit is {limit(observed, pick)}. {of} It takes {_of_all(len(among), observed)} to have "
        f"the best one among them with probability .95; if "
        f"one has to be picked today, {chosen} is the one, the best with probability "
        f"{probability(best)}."
    )


def _of_all(some: int, observed: Observed) -> str:
    n = len(observed.names)
    return f"all {n} groups" if some == n else f"{some} of the {n} groups"


def data(observed: Observed, called: str, later: bool) -> str:
    """Say what is in the data."""
    n = len(observed.names)
    low, high = apart(float(observed.second.min()), float(observed.second.max()), digits=3)
    between = low if low == high else f"{low} to {high}"
    what = f"{n} groups{f' ({called})' if called != 'group' else ''}"
    if observed.counted:
        all_of_them = value(observed, observed.pooled)
        said = (
            f"{what}: {observed.first.sum():,.0f} successes in {observed.second.sum():,.0f} "
            f"trials, {all_of_them}; a group has {between} trials."
        )
    elif observed.squares is not None:
        said = (
            f"{what} with {observed.second.sum():,.0f} rows, {between} a group; the mean of all "
            f"rows is {figure(observed.pooled)}, and rows of one group have the sd "
            f"{figure(observed.within)}."
        )
    else:
        said = (
            f"{what}, each with an effect and its standard error, {between}; their mean, weighted "
            f"by these, is {figure(observed.pooled)}."
        )
    if later:
        said += (
            " The file has what came later, too: the model does not see it, it is used to compare "
            "the estimates with."
        )
    return said


def prior(prior: Prior, observed: Observed, *, usual: bool) -> str:
    """Say what the priors imply, and where their scale comes from."""
    low, high = (prior.mu_mean + s * 1.96 * prior.mu_sd for s in (-1, 1))
    ends = [value(observed, float(x)) for x in observed.shown([low, high])]  # type: ignore[arg-type]
    if observed.counted:
        spread = (
            f"the sd between groups, in log-odds, is below {figure(1.96 * prior.tau_scale)} with "
            f"probability .95"
        )
    else:
        spread = (
            f"the sd between groups is as likely below as above {figure(prior.tau_scale)}, with a "
            "long tail"
        )
    if prior.sigma_scale is not None:
        spread += (
            " (--tau-scale); the sd of rows of one group is as likely below as above "
            f"{figure(prior.sigma_scale)}, too"
        )
    option = "--tau-scale" if prior.sigma_scale is None else "--sigma-scale"
    said = (
        f"Before any data a typical group is between {ends[0]} and {ends[1]} with probability .95 "
        f"(--mu-mean, --mu-sd), and {spread} ({option})."
    )
    if usual and not observed.counted:
        of = "No scale was stated, so it is that of the effects"
        if observed.squares is not None:
            of = "A scale that was not stated is that of the rows"
        said += (
            f" {of} in the file, to one digit: these data are used twice "
            "for it. State it if you know it."
        )
    return said


def rule(pick: Pick, observed: Observed) -> str:
    """Say by which rule a group is picked."""
    best = "lowest" if pick.lowest else "highest"
    return (
        f"Rule: pick the group that is expected to give away least against the {best} "
        f"{observed.variable}, whichever group has that, if it is less than "
        f"{limit(observed, pick)} (--max-loss); else the data cannot tell yet."
    )


def coordinates(used: Funnel, other: Funnel | None) -> list[str]:
    """Say in which coordinates the model was sampled, and how the others fared."""
    said = (
        f"The draws of this page are {used.way}: the sampler moves in the groups' own values "
        if used.way == CENTRED
        else f"The draws of this page are {used.way}: the sampler moves in how far, in sds between "
        "groups, each is from a typical one "
    )
    said += "(the data suggest it, and the gate decides)."
    if other is None:
        return [said, "In the other coordinates the sampler broke off."]
    verdict = {
        Status.PASS: "pass the gate as well",
        Status.WARN: "would pass the gate with a warning",
        Status.FAIL: "are refused by the gate",
    }[other.diagnosis.status]
    return [
        f"{said} It is one model; draws that are {other.way} {verdict}: {other.divergences:,} "
        f"divergences, and {other.least_ess:,.0f} effective draws for the quantity that has least."
    ]


def new_group(observed: Observed, typical: str, quantity: Quantity) -> str:
    """Say what is to be expected of a group that was not seen."""
    low, high = (
        value(observed, x, quantity.mcse_interval) for x in (quantity.lower, quantity.upper)
    )
    article = "an" if observed.variable == "effect" else "a"
    return (
        f"A group of the same kind of which nothing is known has {article} {observed.variable} "
        f"from {low} to {high} with probability .95, and a typical one {typical}: that is what "
        "partial pooling knows of a group before its first data."
    )


def warn_of_few(report: Report, observed: Observed) -> None:
    """Warn where there are so few groups that their sd is known from the prior alone."""
    n = len(observed.names)
    if n <= FEW:
        report.warn(
            f"{n} groups say next to nothing about how far groups differ: the prior of that sd, "
            "--tau-scale, decides how far they are drawn together.",
            "State --tau-scale from what you know of such groups, or bring more of them.",
        )


def warn_of_limit(report: Report, pick: Pick, observed: Observed) -> None:
    """Warn where the limit on the loss is large beside the rates, so that it decides nothing."""
    rarer = min(observed.pooled, 1 - observed.pooled) if observed.counted else 0.0
    if rarer and pick.limit > COARSE * rarer:
        report.warn(
            f"The limit on the loss, {limit(observed, pick)}, is more than {COARSE:.0%} of the "
            f"overall rate of what is rarer, {percent(rarer, 1e-2 * rarer)}.",
            "Differences of that size count as no loss: set --max-loss to what you would not mind.",
        )


def misfit(far: str) -> str:
    """Say what to do where groups are not from one normal population."""
    return (
        f"{far} is farthest from the others. Ask whether it belongs to them at all: if it does "
        "not, run the study without it; if groups are of two kinds, run one study for each. "
        "Groups that do not belong are drawn too far towards the others."
    )


def scored(errors: Mapping[str, float], groups: int) -> str:
    """Say which way to pool was nearest to what came later."""
    order = sorted(errors, key=lambda way: errors[way])
    rest = " and ".join(f"{way} {figure(errors[way])}" for way in order[1:])
    return (
        f"Nearest to what came later, by the sum of squared differences over {groups} groups, was "
        f"{order[0]}, with {figure(errors[order[0]])}; {rest}."
    )


def held(inside: int, groups: int) -> str:
    """Say how many later results were inside what had been predicted."""
    return (
        f"Of the later counts {inside} of {groups} are inside the central 95% that was predicted "
        f"of them; about {figure(0.95 * groups)} are to be expected."
    )
