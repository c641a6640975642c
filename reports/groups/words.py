"""Groups in words: the answer, the data, the priors, the rule, what came later."""

from collections.abc import Mapping

from reports.blocks.numbers import apart, figure, probability
from reports.groups.amounts import amount, limit, value
from workflow.checking.status import Status
from workflow.deciding.decision import UNDECIDED
from workflow.groups.choosing import Pick, by_loss, could_be
from workflow.groups.coordinates import CENTRED, Funnel
from workflow.groups.exact import Prior
from workflow.groups.observed import Observed
from workflow.quantities import Quantity, Scalar


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
