"""Is the share of girls among births with placenta previa below 0.485?

One rate from one count, answered for an early study of such births or for a CSV of your own
(--data), and asked of every prior: how strong must one be to change the answer, how much data does
it take until none can, and how is a prior recognised that contradicts the data?
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated

import numpy as np
import xarray as xr

from analyses import _command as command
from data.prior_sensitivity import PATH, load
from models.prior_sensitivity import REFERENCE, STRENGTH, births
from reports.blocks import tables
from reports.blocks.blocks import Block
from reports.drawing import figures
from reports.page import sections
from reports.page.page import HTML, Report
from reports.publishing.summary import Results
from reports.rates import figures as rate_figures, rates, tables as rate_tables
from reports.rates.funnel import funnel
from workflow.checking.checks import Statistic, posterior_check, prior_check
from workflow.checking.diagnostics import Status, diagnose
from workflow.deciding.threshold import Rule
from workflow.quantities import Scalar, named, original_scale, summarise
from workflow.rates.agreement import Agreement, advi_grid, agree, drawn_numbers
from workflow.rates.beta_binomial import (
    Count,
    beta_prior,
    conflicting,
    extended,
    find_flips,
    posterior as exact_posterior,
    surface,
)
from workflow.rates.data_size import agreed_from, converging, study_sizes
from workflow.sampling.background import in_background
from workflow.sampling.fit import compile_nuts, fit_nuts
from workflow.sensitivity.prior_curves import prior_curves
from workflow.sensitivity.sensitivity import power_scaling, sweep
from workflow.variational.compare import compare_all

ODDS = (-0.4, -0.2, 0.0, 0.2, 0.4)  # log-odds of the sweep's prior means beside the reference
STRENGTHS = (2.0, 20.0, 200.0)  # of the sweep; extended until the decision flips
BDA3 = (2, 5, 10, 20, 100, 200)  # strengths of the table in Bayesian Data Analysis, section 2.4


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
        float, command.number("How many births (trials) the prior weighs as much as.")
    ] = STRENGTH,
    draws: command.Draws = 1000,
    tune: command.Tune = 1000,
    chains: command.Chains = 4,
    seed: command.Seed = 2026,
    out: command.Out = HTML,
    quiet: command.Quiet = False,
) -> int:
    """Run the study, write its page to `out` and return the exit code."""
    settings = dict(locals())
    counts = load(data)
    events, trials = (int(number) for number in counts.iloc[0])
    count, shipped = Count(events, trials), data.resolve() == PATH
    words = rates.words_of(*counts.columns, shipped=shipped)
    rule = Rule(REFERENCE if reference is None else reference, sure)
    own = (rule.reference if prior_mean is None else prior_mean, prior_strength)
    knobs = {"prior_mean": own[0], "prior_strength": own[1]}
    question = f"Is the {words.rate} among {words.group} below {rule.reference:g}?"
    report = Report(
        "prior_sensitivity",
        title="Prior sensitivity",
        question=question,
        data=data,
        settings=settings,
        as_read=command.AS_READ,
    )
    report.section(
        "The data",
        f"{events:,} {words.events} in {trials:,} {words.trials}: {count.rate:.4g}. The question "
        f"compares that with {rule.reference:g} (--reference), taken as known without error.",
        tables.frame("The count", counts, rate_tables.HOW_COUNT),
    )
    if reference is None and words.events != "girls":
        report.warn(
            f"For want of another rate, yours is compared with {rule.reference:g}, the share of "
            "girls among births.",
            "Set --reference to the rate that your question is about.",
        )

    # The model, compiled once: prior and data are its pm.Data. ADVI runs on the other core, under
    # the prior of the analysis and under those of the book's table.
    build = partial(births, counts, reference=rule.reference)
    book = [{"prior_mean": rule.reference, "prior_strength": float(s)} for s in BDA3]
    flat = {"prior_mean": 0.5, "prior_strength": 2.0}
    book = [flat, *(one for one in book if one != flat)]
    advi = in_background(advi_grid, build, knobs, book, "theta", seed=seed)
    model = build(**knobs)
    report.step("compile")
    compiled = compile_nuts(model)
    report.step("NUTS")
    nuts = fit_nuts(model, compiled, draws=draws, tune=tune, chains=chains, seed=seed)
    posterior, prior = nuts["posterior"].to_dataset(), nuts["prior"].to_dataset()
    report.section(
        "The model",
        *sections.model(births, model),
        f"Every one of the {words.trials} has the same probability, and none knows of another: "
        "what comes in clusters (twins, hospitals) is worth less than it seems. The prior's two "
        "knobs are its mean and its strength.",
        "The prior is conjugate, so the posterior is known exactly and nobody needs NUTS or ADVI "
        "for it. That is why this case can say how far each of them is from the truth.",
    )

    # Prior predictive check, by the share of events.
    statistics = {f"share of {words.events}": share}
    conflict = prior_check(nuts, "girls", statistics)
    predicted = nuts["prior_predictive"]["girls"].to_numpy()
    report.section(
        "What the priors say",
        rates.prior(
            own,
            beta_prior(*own).ppf((0.025, 0.975)),
            float(beta_prior(*own).cdf(rule.reference)),
            rule,
            words,
        ),
        f"{'In' if words.events == 'girls' else 'For births, where the default comes from: in'} "
        "large populations the share of girls stays well inside .4 to .6, so that a strength of "
        "20 leaves open all that anyone could propose, and much more. A flat prior would hold a "
        "share of .01 for as likely as one of .48, and power-scaling cannot judge what has no "
        "slope.",
        figures.densities(
            "prior",
            {
                f"{words.rate}, prior": prior["theta"].to_numpy().ravel(),
                f"{words.events} in {trials:,} {words.trials}, predicted": predicted.ravel(),
            },
            caption="The prior of the rate, and what it predicts for the data.",
        ),
        tables.predictive("Prior predictive check", conflict, prior=True),
    )
    report.warn_of(
        conflict,
        "Prior and data are in conflict: the prior held a rate like the observed for very unlikely",
        "Find out which of the two is wrong; look at --prior-mean and --prior-strength.",
        prior=True,
    )

    # May anyone believe the draws, and does the model reproduce the data?
    diagnosis = diagnose(nuts)
    report.section("Can we trust the sampler?", *sections.sampler(nuts, diagnosis, ["theta"]))
    fit = posterior_check(nuts, "girls", statistics, saturated=True)
    report.section(
        "Does the model fit?",
        "There is one rate for one count, so the count cannot contradict the model unless a strong "
        "prior holds the rate back: the check cannot fail, and proves nothing. Whether the "
        f"{words.trials} are alike and independent leaves no trace in a single count.",
        tables.predictive("Posterior predictive check", fit),
    )
    report.warn_of(
        fit, "The prior holds the rate away from the data", "Weaken it with --prior-strength."
    )

    # Estimates, and the decision by a stated probability.
    sound = diagnosis.status is not Status.FAIL
    found = summarise(posterior)
    quantities = original_scale(found)

    def decide(draws: xr.Dataset, errors: float = 2) -> tuple[str, ...]:
        return rule.decide(draws["theta"], errors=errors)

    def measure(draws: xr.Dataset) -> dict[str, Scalar]:
        return {"prob_below": rule.probability(draws["theta"])}

    decision, measured = decide(posterior)[0] if sound else None, measure(posterior)
    difference = f"Difference from {rule.reference:g}"
    report.section(
        "What the data say",
        tables.estimates(f"The {words.rate}", named(found, "theta"), scale=100, unit="%"),
        tables.estimates(difference, named(found, "difference"), scale=100, unit="points"),
        tables.estimates(f"Odds, {words.events} to others", named(quantities, "odds")),
        tables.probabilities(f"Probability of a rate below {rule.reference:g}", measured),
    )

    # Refits of the one compiled model: the book's priors, the sweep, and either side of the flip.
    report.step("prior sweep")
    refit = partial(
        agree, compiled, rule=rule, rate="theta", draws=8 * draws, chains=chains, seed=seed
    )
    by_nuts = [refit(count, one, data={}) for one in book]
    flips = find_flips(count, rule, ODDS)
    strengths = extended(STRENGTHS, flips.until)
    swept = sweep(
        compiled,
        {"prior_mean": list(flips.course), "prior_strength": strengths},
        dict,
        partial(decide, errors=3),
        decision,
        [str(name) for name in posterior],
        measure=measure,
        draws=draws,
        chains=chains,
        seed=seed,
    )
    around = [
        refit(count, {"prior_mean": rule.reference, "prior_strength": times * flips.at}, data={})
        for times in (0.5, 1, 2)
        if flips.at
    ]
    plane = surface(count, rule, [*flips.course, own[0]], [*strengths, own[1]])
    scaling = power_scaling(nuts, ["theta"])
    beforehand = prior_curves(model, swept.knobs, dict, "difference", seed=seed)

    # How much data does it take, and what does a prior do that contradicts the data?
    report.step("sizes of the data")
    priors = [(mean, strength) for mean in flips.course for strength in STRENGTHS]
    studied = study_sizes(count, priors, own, rule, partial(resized, refit))
    lines = converging(count.rate, priors, np.geomspace(1, 20 * max(trials, 500), 120))
    report.step("prior in conflict")
    wrong = conflicting(count, rule)
    opposed = fit_nuts(
        build(prior_mean=wrong[0], prior_strength=wrong[1]), compiled, chains=chains, seed=seed
    )

    report.step("wait for ADVI")
    both, by_advi = advi.result()
    compiling = report.steps.seconds["compile"]
    comparisons = compare_all(nuts, both, diagnosis, decide, compiling=compiling)
    report.section(
        "Is NUTS right?",
        "The priors are those of the table in Bayesian Data Analysis, section 2.4: the flat one "
        f"(mean 0.5, strength 2), and six strengths with the reference, {rule.reference:g}, as "
        "their mean. The exact posterior is the judge.",
        rates.agreement(by_nuts),
        rate_tables.side_by_side(
            by_nuts, [drawn_numbers(one, rule) for one in by_advi], rule, words
        ),
    )
    report.section(
        "Would ADVI have done?",
        "With one parameter both families are the same: a Gaussian distribution of the log-odds.",
        *sections.advi(comparisons, both),
    )
    report.section(
        "Does the prior decide?",
        f"The sweep's prior means have about {', '.join(f'{np.exp(by):.2g}' for by in ODDS)} times "
        f"the odds of the reference. The strengths say how many {words.trials} the prior weighs; "
        "they go on until the decision flips, if anything makes it flip.",
        rates.flips(flips.centred, rule, trials, words),
        *([rate_tables.confirmed(around, rule)] if around else []),
        rate_figures.flip_map("map", plane, swept, own, rule, unit=words.trials),
        rate_tables.changes(flips.course, words),
        *sections.prior_sweep(
            swept, scaling, "difference", beforehand, knobs, unit="points", scale=100
        ),
        "Power-scaling asks what a slightly stronger prior would do, the sweep what any other "
        "would: a decision can be deaf to the first and flip under the second.",
    )
    report.section(
        "How much data until the prior no longer matters?",
        rates.enough(agreed_from(count.rate, rule, priors), studied, len(priors), words),
        rate_tables.sizes(studied, words),
        funnel("funnel", lines, studied, rule, unit=words.trials),
    )
    report.section(
        "A prior in conflict with the data",
        f"Suppose somebody had expected a rate of {wrong[0]:g}, and as firmly as after "
        f"{wrong[1]:g} {words.trials}.",
        *conflict_of(opposed, wrong[0], statistics, decide),
    )

    # The decision, and what to say of it on the first screen.
    report.section(
        "The decision",
        f"Rule: a side of {rule.reference:g} is shown once its posterior probability reaches "
        f"{rule.sure:g} (--sure); until then neither is. What a wrong statement would cost should "
        f"set that limit: at {rule.sure:g}, up to {100 * (1 - rule.sure):.3g} in a hundred "
        "statements of this strength are wrong, if prior and model are right.",
        "A rate that differs from the reference need not differ because of what defines the "
        "group: other things may go with it, and the reference comes from elsewhere.",
    )
    if sound:
        weak = {
            f"a prior centred on {rule.reference:g} that weighs one of the {words.trials}": (
                flips.centred[0][1]
            ),
            f"the flat prior, which weighs two {words.trials},": rule.side(
                float(exact_posterior(count, 0.5, 2).cdf(rule.reference))
            ),
        }
        rates.warn_of_prior(report, weak, decide(posterior))
    if sound and len(decide(posterior)) > 1:
        report.warn(
            f"The probability is within Monte Carlo error of the limit, {rule.sure:g}: "
            f"{' and '.join(decide(posterior))} cannot be told apart.",
            "Raise --draws.",
        )
    shown = {
        f"prior weighs {one.knobs['prior_strength']:g}": {"NUTS": one.quantities["difference"]}
        for one in swept.points
        if one.knobs["prior_mean"] == rule.reference
    }
    report.decide(
        rates.answer(decision, rule, measured["prob_below"], found["theta"], words, flips.centred),
        figures.intervals(
            "answer",
            shown,
            label=f"{words.rate}, difference from {rule.reference:g} (percentage points)",
            caption="Median and 95% equal-tailed credible interval under priors centred on "
            f"{rule.reference:g}, by how many {words.trials} they weigh.",
            scale=100,
        ),
    )
    return report.save(
        out, nuts, Results(diagnosis, decision, quantities, measured, comparisons, swept)
    )


def share(y: xr.DataArray, given: xr.Dataset) -> xr.DataArray:
    """Return the observed share of events, a test statistic."""
    return y / given["births"]


def conflict_of(
    tree: xr.DataTree,
    mean: float,
    statistics: Mapping[str, Statistic],
    decide: Callable[[xr.Dataset], Sequence[str]],
) -> list[Block]:
    """Show what a fit under a prior of this mean gives, and which checks see the conflict."""
    posterior, scaled = tree["posterior"].to_dataset(), power_scaling(tree, ["theta"])
    before = prior_check(tree, "girls", statistics)
    after = posterior_check(tree, "girls", statistics, saturated=True)
    theta, status = summarise(posterior)["theta"], diagnose(tree).status
    return [
        tables.predictive("Prior predictive check of that prior", before, prior=True),
        rates.conflict(mean, before[0], decide(posterior)[0], theta, status, scaled, after[0]),
        tables.power_scaling(scaled),
        tables.predictive("Posterior predictive check of that prior", after),
    ]


def resized(refit: Callable[..., Agreement], count: Count, prior: Mapping[str, float]) -> Agreement:
    """Refit the model for another count of the same rate."""
    return refit(count, prior, data={"girls_data": count.events, "births": count.trials})


if __name__ == "__main__":
    command.run(main)
