"""Does the gate at level 40 keep more players than the gate at level 30?

An A/B test, answered for Cookie Cats or for a CSV of your own (--data): which arm to choose, what
that choice may cost, and whether the data decide at all. One Binomial and one Beta prior an arm.
"""

from functools import partial
from typing import Annotated

from analyses import _command as command
from analyses._study import Study
from data.ab_test import PATH, control_first, read
from models.ab_test import OUTCOMES, conversion, conversion_by_cluster, pseudo_counts
from reports.blocks import tables
from reports.rates import arms as drawn, clusters as clustered, experiment as words
from workflow.deciding import decision as deciding
from workflow.quantities import named, original_scale, summarise
from workflow.rates import dependence, experiment

KNOBS = {"prior_mean": (0.05, 0.1, 0.2, 0.35, 0.5), "prior_strength": (2, 5, 50, 500, 5000)}
SHIPPED = words.Words("7-day retention", "1-day retention", "players", "returning players")


def main(
    data: command.Data = PATH,
    control: Annotated[str | None, command.text("The control arm; else the file's first.")] = None,
    alpha: Annotated[float, command.number("Prior conversions of an arm.")] = 1.0,
    beta: Annotated[float, command.number("Prior non-conversions of an arm.")] = 4.0,
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
    draws: command.Draws = 1000,
    tune: command.Tune = 1000,
    chains: command.Chains = 4,
    seed: command.Seed = 2026,
    out: command.Out = command.HTML,
    quick: command.Quick = False,
    quiet: command.Quiet = False,
) -> int:
    """Run the study, write its page to `out` and return the exit code."""
    settings = dict(locals())
    arms = (counted := read(data, cluster)).counts
    shares = command.proportions(allocation, len(arms))
    p = experiment.allocation_p(counted.assigned, shares)  # while the arms are in the file's order
    arms = control_first(arms, control)
    first, second = arms["arm"][:2]
    called, question = SHIPPED, __doc__.splitlines()[0]
    if data.resolve() != PATH:
        called, question = words.Words(), f"Which arm converts best: {', '.join(arms['arm'])}?"
    people, outcome = called.people, called.outcome

    # The question, and the model that answers it. ADVI begins to run on the other core.
    build = partial(conversion, arms, alpha=alpha, beta=beta)
    if (by := counted.clusters) is not None:
        build = partial(conversion_by_cluster, arms, by, alpha=alpha, beta=beta)
    study = Study("ab_test", question, build, settings, knobs=KNOBS, title="A/B test")

    # The data, and whether the arms have the sizes they should have.
    planned = f"planned allocation ({allocation or 'equal'})"
    study.section(
        "The data",
        f"{arms['visitors'].sum():,} {people} in {len(arms)} arms; every comparison is with the "
        f"control, {first}. Under the {planned}, sizes as uneven as these or more so have "
        f"probability p = {p:.2g}.",
        tables.frame(f"Counts of {people}", arms, words.HOW_COUNTS),
        *clustered.counts(by, counted.crossing),
    )
    words.warn_of_sizes(study.page, p, planned, people)
    clustered.warn_of_few(study.page, by)

    # The draws, what they decide (the arm of least expected loss, or to go on), and whether rows,
    # where the file has them, are independent.
    posterior = study.sample()
    decision = study.decide(partial(experiment.least_loss, limit=max_loss))
    study.describe(clustered.assumed(cluster, alpha, beta, people))
    left = dependence.of_arms(counted.rows, list(arms["arm"]))
    study.independent(left, counted.beside, ordered=ordered)

    # Prior predictive check, by the rate of every arm in every outcome.
    outcomes = [name for name in OUTCOMES if name in arms]
    names = dict(zip(outcomes, (outcome, called.guardrail), strict=False))
    statistics = experiment.rate_statistics(names, list(arms["arm"]))
    prior = study.tree["prior"].to_dataset()
    gap = 100 * float(abs(prior["difference"]).median())
    study.prior(
        "The default, Beta(1, 4), is what one knows before: the games industry's rule of thumb is "
        "that 40, 20 and 10% of the players are there after 1, 7 and 30 days, and on the web rates "
        "are lower. Its mean is .2, a rate above one half has probability .06, one near zero is "
        "likely, and it weighs no more than five visitors.",
        "Because the arms are independent under this prior, it allows very large differences: "
        f"half of them exceed {gap:.2g} percentage points. Much data overrule that; with few, "
        "luck can pass for an effect, and the sweep below shows how much the prior decides.",
        drawn.prior(prior, outcome, (first, second)),
        statistics=statistics,
        held="rates like the observed for very unlikely",
        advice="Look at --alpha and --beta; the prior mean is alpha / (alpha + beta), and it is "
        "the same for the guardrail.",
    )

    # May anyone believe the draws, and does the model reproduce the data?
    study.gate(["rate"])
    study.fit(
        clustered.fitted(cluster),
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
    estimated = words.estimates(found, quantities, measured, rope, people)
    study.section("What the data say", *estimated, *clustered.alike(found, cluster))
    if "guardrail" in arms:
        study.section(
            "Does the guardrail agree?",
            *words.guardrail(found, worse, called.guardrail, guardrail_margin),
        )

    # Does the prior decide, and would ADVI have done?
    study.sweep(pseudo_counts, measure=measure)
    study.advi()
    study.sensitivity(
        told := f"difference[{experiment.arm_told(loss, first)}]",
        f"The prior's knobs are its mean and its strength: how many {people} an arm it weighs. "
        "The flat prior, Beta(1, 1), is mean 0.5 at strength 2.",
        unit="points",
        scale=100,
        own={"prior_mean": alpha / (alpha + beta), "prior_strength": alpha + beta},
        scaled=["rate", "difference"],
    )

    # The decision; where the data do not decide, how much more of them would.
    simulated = "The rule decides, so no continuation was simulated."
    if not study.sound:
        simulated = "No continuation was simulated, because the diagnosis failed."
    elif cluster is not None and decision == deciding.UNDECIDED:
        simulated = clustered.MORE
    elif decision == deciding.UNDECIDED:
        study.step("projection")
        same = partial(conversion, alpha=alpha, beta=beta)
        longer = partial(experiment.continuations, same, arms, posterior, outcomes, seed=seed)
        decides = partial(experiment.decides, limit=max_loss)
        projection = deciding.project(study.compiled, longer, decides, seed=seed)
        simulated = words.projected(projection)
    study.section(
        "The decision",
        words.rule(max_loss, rope, found[told].sd or 0, called),
        simulated,
        "Looking every day and stopping at the first decision (peeking) leaves the posterior as "
        "it is, but raises the share of wrong choices with every look: a lucky streak ends the "
        "test, an unlucky one does not. Fix the number of visitors, or a few looks, beforehand.",
    )
    if study.sound:
        words.warn_of_limits(study.page, loss, max_loss, found[f"rate[{first}]"].median)
    if decision:
        told_of = called.guardrail, guardrail_margin
        words.warn_of_guardrail(study.page, worse, decision, *told_of)
    answer = words.answer(decision, first, found, loss, words.at_risk(worse), called, max_loss)
    return study.save(
        answer + (f" {simulated}" if decision == deciding.UNDECIDED else ""),
        drawn.answer(found, first, outcome, rope),
        quantities,
        measured,
    )


if __name__ == "__main__":
    command.run(main)
