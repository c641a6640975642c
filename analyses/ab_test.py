"""Does the gate at level 40 keep more players than the gate at level 30?

An A/B test, answered for Cookie Cats or for a CSV of your own (--data): which arm to choose, what
that choice may cost, and whether the data decide at all. One Binomial and one Beta prior an arm.
"""

from functools import partial
from typing import Annotated

from analyses import _command as command, _designs as designs, _watched as watched
from analyses._study import Study
from data.ab_test import PATH, control_first, read
from models.ab_test import OUTCOMES, alike, by_cluster, conversion, pseudo_counts
from reports.blocks import tables
from reports.rates import arms as drawn, clusters as groups, effects, experiment as words, options
from workflow.deciding import decision as deciding
from workflow.quantities import named, original_scale, summarise
from workflow.rates import alike as exactly, dependence, experiment

KNOBS: dict[str, tuple[float, ...]] = {
    "prior_mean": (0.05, 0.1, 0.2, 0.35, 0.5),
    "prior_strength": (2, 5, 50, 500, 5000),
}
NEAR = {"prior_mean": (0.05, 0.2, 0.5), "prior_strength": (2, 50), "effect_sd": exactly.EFFECTS}
SHIPPED = words.Words("7-day retention", "1-day retention", "players", "returning players", "keeps")


def main(
    data: command.Data = PATH,
    control: Annotated[str | None, command.text("The control arm; else by its name.")] = None,
    alpha: Annotated[float, command.number("Prior conversions of an arm.")] = 1.0,
    beta: Annotated[float, command.number("Prior non-conversions of an arm.")] = 4.0,
    effect_sd: Annotated[
        float | None,
        command.number("Prior sd of a difference of log-odds, .1 for lifts within 22%; else any."),
    ] = None,
    max_loss: Annotated[
        float, command.rate("Choose if the expected loss (a rate) is below this.")
    ] = 0.001,
    rope: Annotated[
        float, command.rate("Differences (of rates) within +- this are practically none.")
    ] = 0.002,
    guardrail_margin: Annotated[
        float, command.rate("How much worse the guardrail (a rate) may be.")
    ] = 0.01,
    allocation: Annotated[
        str | None, command.text("Planned sizes, such as 2:1:1; else equal.")
    ] = None,
    cluster: command.Cluster = None,
    ordered: command.Ordered = False,
    reading: command.Test = command.AS_IT_IS,
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
    arms = (counted := read(data, cluster, reading, ordered=ordered)).counts
    shares = command.proportions(allocation, len(arms))
    p = experiment.allocation_p(counted.assigned, shares)  # while the arms are in the file's order
    arms = control_first(data, counted, control)
    first, second = arms["arm"][:2]
    called, question = SHIPPED, __doc__.splitlines()[0]
    if data.resolve() != PATH:
        called, question = words.Words(), f"Which arm converts best: {', '.join(arms['arm'])}?"
    people, outcome = called.people, called.outcome

    # The question, and the model that answers it. ADVI begins to run on the other core.
    model, knobs, knows = conversion, KNOBS, {"alpha": alpha, "beta": beta}
    if effect_sd is not None:
        command.not_both(cluster=cluster, effect_sd=effect_sd)
        model, knobs, knows = alike, NEAR, knows | {"effect_sd": effect_sd}
    if (by := counted.clusters) is not None:
        model = partial(by_cluster, clusters=by)
    build, kept = partial(model, arms, **knows), designs.of_arms(arms, by, people)
    study = Study("ab_test", question, build, settings, knobs=knobs, title="A/B test", design=kept)

    # The data, and whether the arms have the sizes they should have.
    planned = f"planned allocation ({allocation or 'equal'})"
    study.data(
        drawn.sizes(arms, people, planned, p),
        tables.frame(f"Counts of {people}", arms, words.HOW_COUNTS),
        *groups.counts(by, counted.crossing),
    )
    words.warn_of_sizes(study.page, p, planned, people)
    groups.warn_of_few(study.page, by)

    # The draws, what they decide (the arm of least expected loss, or to go on), and whether rows,
    # where the file has them, are independent.
    posterior = study.sample()
    decision = study.decide(partial(experiment.least_loss, limit=max_loss, arms=arms))
    study.describe(groups.assumed(cluster, alpha, beta, people))
    left = dependence.of_arms(counted.rows, list(arms["arm"]))
    study.independent(left, counted.beside, ordered=ordered)

    # Prior predictive check, by the rate of every arm in every outcome.
    outcomes = [name for name in OUTCOMES if name in arms]
    names = dict(zip(outcomes, (outcome, called.guardrail), strict=False))
    statistics = experiment.rate_statistics(names, list(arms["arm"]))
    if effect_sd is not None:
        statistics["conversions"] |= experiment.effect_statistics(first, list(arms["arm"][1:]))
    study.prior(
        *effects.prior_words(exactly.typical_gap(**knows), effect_sd),
        drawn.prior(study.tree["prior"].to_dataset(), outcome, (first, second)),
        statistics=statistics,
        held="rates like the observed for very unlikely",
        advice="Look at --alpha and --beta; the mean is alpha / (alpha + beta) in both outcomes.",
    )

    # May anyone believe the draws, and does the model reproduce the data?
    study.gate(["rate"])
    study.fit(
        groups.fitted(cluster),
        statistics=statistics,
        saturated=cluster is None,
        misfit="The prior holds the rates away from the data",
        advice="Weaken it: --alpha and --beta count as visitors.",
        then=lambda checks: [drawn.fit(checks[: len(arms)], outcome)],
    )

    # Estimates, probabilities and losses.
    found = summarise(posterior)
    quantities = original_scale(found)
    measure = partial(experiment.arm_scalars, rope=rope, margin=guardrail_margin)
    measured = measure(posterior)
    loss, worse = named(measured, "expected_loss"), named(measured, "prob_guardrail_worse")
    said = words.estimates(found, quantities, measured, rope, people)
    study.section("What the data say", *said, *groups.alike(found, cluster))
    if "guardrail" in arms:
        said = words.guardrail(found, worse, called.guardrail, guardrail_margin)
        study.section("Does the guardrail agree?", *said)

    # Rows by themselves have an exact posterior: is NUTS near it, and how far would it shrink?
    told = experiment.arm_told(loss, first)
    if by is None and study.sound:
        sure = exactly.known_by_effects(arms, alpha, beta, every=study.in_full)
        own = sure[exactly.ANY] if effect_sd is None else exactly.known(arms, **knows)
        words.warn_of_off(study.page, experiment.off_exact(found, own.mean))
        study.section("If differences are small?", *effects.blocks(sure.values(), told, max_loss))
        if effect_sd is None:
            about = own, sure[exactly.MODEST], found[f"log_odds_ratio[{told}]"], told
            effects.warn(study.page, *about, decision, max_loss)
            watched.arms(study, ordered and counted.rows, posterior, max_loss, (alpha, beta))

    # Does the prior decide, and would ADVI have done?
    study.sweep(pseudo_counts, measure=measure)
    study.advi()
    study.sensitivity(
        shown := f"difference[{told}]",
        f"The prior's knobs are its mean and its strength: how many {people} an arm it weighs. "
        "The flat prior, Beta(1, 1), is mean 0.5 at strength 2.",
        unit="points",
        scale=100,
        own={"prior_mean": alpha / (alpha + beta), "prior_strength": alpha + beta} | knows,
        scaled=["rate", "difference"],
    )

    # The decision; where the data do not decide, how much more of them would.
    simulated = words.DECIDED if study.sound else words.FAILED
    if decision == deciding.UNDECIDED and not (study.in_full and cluster is None):
        simulated = words.ON_ITS_PAGE if cluster is None else groups.MORE
    elif decision == deciding.UNDECIDED:
        study.step("projection")
        same = partial(model, **knows)
        longer = partial(experiment.continuations, same, arms, posterior, outcomes, seed=seed)
        decides = partial(experiment.decides, limit=max_loss, arms=arms)
        projection = deciding.project(study.compiled, longer, decides, seed=seed)
        simulated = options.projected(projection)
    study.section(
        "The decision",
        words.rule(max_loss, rope, found[shown].sd or 0, called),
        simulated,
        words.PEEKING,
    )
    if study.sound:
        words.warn_of_limits(study.page, loss, max_loss, found[f"rate[{first}]"].median)
    if decision:
        words.warn_of_guardrail(study.page, worse, decision, called.guardrail, guardrail_margin)
    answer = options.answer(decision, first, found, loss, worse, called, max_loss, p)
    return study.save(
        answer + (f" {simulated}" if decision == deciding.UNDECIDED else ""),
        drawn.answer(found, first, outcome, rope),
        [options.arms(arms, found, named(quantities, "relative_lift"), measured, called)],
        quantities,
        measured,
    )


if __name__ == "__main__":
    command.run(main)
