"""Which players would you pick?

Groups with few data each, for 18 baseball players after 45 at-bats or for a CSV of your own
(--data): what each group is worth when all of them are taken to come from one population, which one
to pick or that the data cannot tell, and what is to be expected of a group that is new.
"""

from typing import Annotated

from analyses import _command as command, _designs_alone as designs, _pooled as own
from analyses._pooled_prior import built, knobs, loss, shared, stated, swept
from analyses._study import Study
from data.partial_pooling import PATH, read
from reports.groups import amounts, beware, drawn, tables, words
from workflow.groups.choosing import Pick
from workflow.groups.observed import Observed
from workflow.groups.pooling import later_of
from workflow.groups.population import farthest_group, levels
from workflow.groups.rows import residuals
from workflow.quantities import summarise


def main(
    data: command.Data = PATH,
    max_loss: Annotated[
        float | None,
        command.real("Pick a group that gives away less than that; of rates .01.", above=0),
    ] = None,
    lowest: command.Lowest = False,
    mu_mean: Annotated[
        float | None, command.real("Prior mean of a typical group; of rates in log-odds.")
    ] = None,
    mu_sd: Annotated[
        float | None, command.real("Prior sd of a typical group; of rates in log-odds.", above=0)
    ] = None,
    tau_scale: Annotated[
        float | None,
        command.real("Prior scale of the sd between groups; of rates in log-odds.", above=0),
    ] = None,
    sigma_scale: Annotated[
        float | None,
        command.real("Prior scale of the sd within groups, of a file of measurements.", above=0),
    ] = None,
    ordered: command.Ordered = False,
    drop_missing: command.DropMissing = False,
    reading: command.Groups = command.AS_IT_IS,
    draws: command.Draws = 1000,
    tune: command.Tune = 1000,
    chains: command.Chains = 4,
    seed: command.Seed = 2026,
    out: command.Out = command.HTML,
    stem: command.Name = None,
    quick: command.Quick = False,
    quiet: command.Quiet = False,
) -> int:
    """Run the study, write its page to `out` and return the exit code."""
    settings = dict(locals())
    groups = read(data, reading, drop_missing=drop_missing)
    observed, shipped = Observed.of(groups.table), data.resolve() == PATH
    given = {"mu_mean": mu_mean, "mu_sd": mu_sd, "tau_scale": tau_scale, "sigma_scale": sigma_scale}
    prior, by_data = stated(data, observed, given)
    pick = Pick(observed.variable, loss(observed, prior, max_loss), lowest)
    later = later_of(groups.table)
    question = __doc__.splitlines()[0]
    if not shipped:
        question = "Which group would you pick, and how far do groups differ?"

    # The question and the model; ADVI begins to run. The posterior is known by quadrature, too.
    build = built(groups, observed, prior)
    kept = designs.of_groups(observed.names, counted=observed.counted)
    study = Study("partial_pooling", question, build, settings, knobs=swept(prior), design=kept)
    study.data(words.data(observed, groups.called, later is not None))
    beware.warn_of_few(study.page, observed)

    # The draws, in the coordinates that the gate lets pass, and which group to pick.
    first = study.sample()
    posterior, funnels = own.other_coordinates(study, first, observed)
    decision = study.decide(pick.decide)
    study.describe(
        "Groups are taken as exchangeable: before the data nobody knows of one that it is better "
        "than another, and none shares data with another. What is known of a group beforehand "
        "(a position, a size) would belong into the model: see the regressions, with (1 | group)."
    )
    study.independent(residuals(groups.rows), groups.beside, ordered=ordered)

    # Prior predictive check, may anyone believe the draws, and are groups from one population?
    study.prior(
        words.prior(prior, observed, usual=by_data),
        statistics=levels(study.model, observed),
        held="groups like these for very unlikely",
        advice="Look at --mu-mean, --mu-sd and --tau-scale, and at the unit of the file.",
    )
    every = [*shared(observed), observed.variable]
    study.gate(every, *own.ways(funnels))
    shapes, sizes = own.shape(study, observed)
    spread = own.spread(groups, seed)
    study.fit(
        "Every group has a value of its own, which fits anything, so the checks look at the groups "
        "together: each draw makes new ones from its population, with the trials or the errors of "
        "those observed, and these should look like them.",
        statistics={},
        beside=[*shapes, *sizes, *spread],
        misfit="",
        advice="",
    )
    misfit = "The groups do not look like draws from one normal population"
    study.page.warn_of(shapes, misfit, beware.misfit(farthest_group(observed)))
    study.page.warn_of(sizes, *beware.of_sizes(observed))
    study.page.warn_of(spread, *beware.UNEVEN)

    # What the data say: exact, by NUTS and by ADVI; and what pooling changes.
    told = own.with_new(observed, seed, posterior)
    found, measured = summarise(told), pick.measure(posterior)
    study.section("What the data say", *own.beside_exact(study, observed, found, measured, prior))
    ways = own.pooled(study, groups, observed, found)
    typical = amounts.value(observed, float(observed.shown(found["mu"].median)))
    ahead = own.ahead(posterior, observed, seed) if observed.counted else {}
    study.section(
        "What of a new group, and of the next trials?",
        words.new_group(observed, typical, found["new_group"]),
        *([tables.ahead(ahead)] if ahead else []),
    )

    # Would ADVI have done, and does the prior decide?
    study.advi()
    study.sweep(dict, every, measure=pick.measure)
    own.without_offsets(study)
    study.sensitivity(
        "tau",
        "The knobs are the prior sd of a typical group, half to twice that of the page, and the "
        "prior scale of the sd between groups (of measurements that within groups, too), a quarter "
        "to four times. The less groups tell of that sd, the "
        "more its prior decides how far they are drawn together.",
        unit="log-odds" if observed.counted else f"the unit of the {observed.variable}s",
        own=knobs(prior),
    )
    study.section(
        "The decision",
        words.rule(pick, observed),
        tables.every(observed, found, measured, pick.ranks(posterior)),
    )
    beware.warn_of_limit(study.page, pick, observed)
    return study.save(
        words.answer(decision, pick, observed, found, measured),
        drawn.shrinkage(observed, ways),
        [tables.first(observed, found, measured)],
        found,
        measured,
    )


if __name__ == "__main__":
    command.run(main)
