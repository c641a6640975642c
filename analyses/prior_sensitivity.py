"""Is the share of girls among births with placenta previa below 0.485?

One rate from one count, answered for an early study of such births or for a CSV of your own
(--data), and asked of every prior: how strong must one be to change the answer, how much data does
it take until none can, and how is a prior recognised that contradicts the data?
"""

from functools import partial
from typing import Annotated

from analyses import _command as command, _designs as designs
from analyses._study import Study
from data.prior_sensitivity import PATH, read
from models.prior_sensitivity import REFERENCE, STRENGTH, births
from reports.rates import conflict, figures, flipping, funnel, rates, tables, worth
from workflow.deciding.threshold import Rule
from workflow.quantities import original_scale, summarise
from workflow.rates import agreement, beta_binomial, clustering, data_size, dependence, one_rate
from workflow.rates.flips import find_flips

ODDS = (-0.4, -0.2, 0.0, 0.2, 0.4)  # log-odds of the sweep's prior means beside the reference
STRENGTHS = (2.0, 20.0, 200.0)  # of the sweep; extended until the decision flips
BDA3 = (2.0, 5.0, 10.0, 20.0, 100.0, 200.0)  # of the table in Bayesian Data Analysis, section 2.4
FLAT = {"prior_mean": 0.5, "prior_strength": 2.0}


def main(
    data: command.Data = PATH,
    reference: Annotated[
        float | None, command.rate("The rate to compare with; else .485, girls among births.")
    ] = None,
    sure: Annotated[
        float, command.number("Probability at which a side is shown.", above=0.5, below=1)
    ] = 0.95,
    prior_mean: Annotated[
        float | None, command.rate("Prior mean of the rate; else the reference.")
    ] = None,
    prior_strength: Annotated[
        float | None,
        command.number("How many births (trials) the prior weighs; else 20, or half an event."),
    ] = None,
    cluster: command.Cluster = None,
    ordered: command.Ordered = False,
    reading: command.Births = command.AS_IT_IS,
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
    counted = read(data, cluster, reading, ordered=ordered)
    counts = clustering.worth(counted.counts, counted.clusters)
    count, rule = beta_binomial.Count(*map(int, counts.iloc[0])), Rule(reference or REFERENCE, sure)
    words = rates.words_of(*counts.columns, shipped=data.resolve() == PATH)
    mean = rule.reference if prior_mean is None else prior_mean
    weight = prior_strength or beta_binomial.usual_strength(mean, STRENGTH)
    own = {"prior_mean": mean, "prior_strength": weight}

    # The question and the model; ADVI begins to run. The exact posterior says where to look.
    flips = find_flips(count, rule, ODDS)
    book = [FLAT, *(one for one in flips.at_reference(BDA3) if one != FLAT)]
    study = Study(
        "prior_sensitivity",
        f"Is the {words.rate} among {words.group} below {rule.reference:g}?",
        *(partial(births, counts, reference=rule.reference, **own), settings),
        knobs=flips.grid(STRENGTHS),
        approximate=partial(agreement.advi_grid, own=own, grid=book, rate="theta"),
        design=designs.of_rate(counted.counts, counts),
    )
    study.data(
        f"{count.events:,} {words.events} in {count.trials:,} {words.trials}: {count.rate:.4g}. "
        f"The question compares that with {rule.reference:g} (--reference), taken as known without "
        "error.",
        *worth.counts(study.page, counted.counts, counts, counted.clusters),
    )
    if reference is None:
        rates.warn_of_borrowed(study.page, rule, words)

    # The draws, which side they show, and whether rows, where the file has them, are independent.
    posterior = study.sample()
    decision = study.decide(partial(one_rate.side, rule=rule))
    study.describe(
        f"Every one of the {words.trials} has the same probability, and none knows of another: "
        "what comes in clusters (twins, hospitals) is worth less than it seems. The prior's two "
        "knobs are its mean and its strength.",
        "The prior is conjugate, so the posterior is known exactly and nobody needs NUTS or ADVI "
        "for it. That is why this case can say how far each of them is from the truth.",
    )
    study.independent(dependence.of_one_rate(counted.rows), counted.beside, ordered=ordered)

    # Prior predictive check, by the share of events.
    statistics = {"girls": {f"share of {words.events}": one_rate.share("births")}}
    study.prior(
        rates.prior((mean, weight), *beta_binomial.expects(rule, **own), rule, words),
        f"{'In' if words.events == 'girls' else 'For births, where the default comes from: in'} "
        "large populations the share of girls stays well inside .4 to .6, so that a strength of "
        "20 leaves open all that anyone could propose, and much more. A flat prior would hold a "
        "share of .01 for as likely as one of .48, and power-scaling cannot judge what has no "
        "slope.",
        figures.prior(study.tree, "girls", count, words),
        statistics=statistics,
        held="a rate like the observed for very unlikely",
        advice="Look at the count, and at --prior-mean and --prior-strength.",
    )

    # May anyone believe the draws, and does the model reproduce the data?
    study.gate(["theta"])
    study.fit(
        "There is one rate for one count, so the count cannot contradict the model unless a strong "
        "prior holds the rate back: the check cannot fail, and proves nothing. Whether the "
        f"{words.trials} are alike and independent leaves no trace in a single count.",
        statistics=statistics,
        saturated=True,
        misfit="The prior holds the rate away from the data",
        advice="Weaken it with --prior-strength.",
    )
    found, measure = summarise(posterior), partial(one_rate.measure, rule=rule)
    quantities, measured = original_scale(found), measure(posterior)
    study.section("What the data say", *tables.estimates(found, quantities, measured, rule, words))

    # Refits: the book's priors, the sweep, around the flip, more and less data, and a conflict.
    study.step("priors of the book")
    names, times = ("girls_data", "births"), {"draws": 8 * draws, "chains": chains, "seed": seed}
    refit = agreement.refits(study.compiled, rule, "theta", names, **times)
    drawn = partial(beta_binomial.can_be_drawn, count)
    by_nuts = [refit(count, one) for one in book if drawn(**one)]
    exact = partial(beta_binomial.exact_side, count, rule)
    swept = study.sweep(dict, measure=measure, exact=exact, draws=draws)
    around = [] if quick else [refit(count, one) for one in flips.either_side if drawn(**one)]
    study.step("sizes of the data")
    grown = data_size.growing(count, flips.course, STRENGTHS, own, rule, refit)
    study.step("prior in conflict")
    about = count, rule, study.build, study.compiled, statistics
    opposed = one_rate.oppose(*about, chains=chains, seed=seed)

    # Is NUTS right, would ADVI have done, and does the prior decide?
    both, by_advi = study.approximations() or ({}, [])
    advi = [agreement.drawn_numbers(one, rule) for one in by_advi]
    study.check(
        "Is NUTS right?",
        rates.book(rule, len(book) - len(by_nuts)),
        rates.agreement(by_nuts),
        tables.side_by_side(by_nuts, advi, rule, words),
    )
    rates.warn_of_disagreement(study.page, [*by_nuts, *around])
    study.advi(rates.FAMILIES, trees=both)
    plane = beta_binomial.plane(count, rule, study.knobs, own)
    study.sensitivity(
        "difference",
        flipping.grid(ODDS, words),
        *flipping.blocks(flips, around, plane, swept, own, rule, count, words),
        unit="points",
        scale=100,
        own=own,
        scaled=["theta"],
        then=[flipping.BESIDE],
    )
    study.section(
        "How much data until the prior no longer matters?", *funnel.blocks(grown, rule, words)
    )
    study.section("A prior in conflict with the data", *conflict.blocks(opposed, words))

    # The decision, and what to say of it on the first screen.
    study.section(
        "The decision",
        rates.decision(rule),
        "A rate that differs from the reference need not differ because of what defines the "
        "group: other things may go with it, and the reference comes from elsewhere.",
    )
    if study.sound:
        rates.warn_of_weak(study.page, flips, study.tenable, rule, words)
        rates.warn_of_limit(study.page, study.tenable, rule.sure)
    return study.save(
        rates.answer(decision, rule, measured["prob_below"], found["theta"], words, flips.centred),
        figures.picture(swept, found["difference"], rule, words),
        [tables.sides(decision, rule, measured["prob_below"])],
        quantities,
        measured,
    )


if __name__ == "__main__":
    command.run(main)
