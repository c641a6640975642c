"""Does the gate at level 40 keep more players than the gate at level 30?

An A/B test, answered for Cookie Cats or for a CSV of your own (--data): which arm to choose, what
that choice may cost, and whether the data decide at all. One Binomial and one Beta prior an arm.
"""

from collections.abc import Iterator
from functools import partial
from typing import Annotated

import numpy as np
import pandas as pd
import typer
import xarray as xr

from analyses import _command as command
from data.ab_test import PATH, control_first, load
from models.ab_test import OUTCOMES, conversion, pseudo_counts
from reports.blocks import tables
from reports.blocks.numbers import probability
from reports.drawing import figures
from reports.page import sections
from reports.page.page import HTML, Report
from reports.publishing.summary import Results
from reports.rates import experiment as sentences
from workflow.checking.checks import posterior_check, prior_check
from workflow.checking.diagnostics import Status, diagnose
from workflow.deciding.decision import UNDECIDED, choose, project
from workflow.quantities import label, named, original_scale, summarise
from workflow.rates.experiment import allocation_p, arm_scalars, arm_told
from workflow.sampling.background import in_background
from workflow.sampling.fit import compile_nuts, fit_nuts
from workflow.sampling.simulating import simulate
from workflow.sensitivity.prior_curves import prior_curves
from workflow.sensitivity.sensitivity import power_scaling, sweep
from workflow.variational.advi import fit_both
from workflow.variational.compare import compare_all

MISMATCH = 0.01  # p of the arms' sizes below which something is wrong with the assignment
CLEARED = 0.05  # P(worse by more than the margin) up to which the guardrail clears an arm
CONTINUATIONS = 100
KNOBS = {"prior_mean": (0.05, 0.1, 0.2, 0.35, 0.5), "prior_strength": (2, 5, 50, 500, 5000)}
# What outcome, guardrail, visitors and conversions are called: in the shipped data, and elsewhere.
SHIPPED = ("7-day retention", "1-day retention", "players", "returning players")
GENERIC = ("conversion rate", "guardrail rate", "visitors", "conversions")


def main(
    data: command.Data = PATH,
    control: Annotated[
        str | None, typer.Option(help="The control arm; else the file's first.")
    ] = None,
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
        str | None, typer.Option(help="Planned sizes, such as 2:1:1; else equal.")
    ] = None,
    draws: command.Draws = 1000,
    tune: command.Tune = 1000,
    chains: command.Chains = 4,
    seed: command.Seed = 2026,
    out: command.Out = HTML,
    quiet: command.Quiet = False,
) -> int:
    """Run the study, write its page to `out` and return the exit code."""
    settings = dict(locals())
    arms = load(data)
    shares = command.proportions(allocation, len(arms))
    p = allocation_p(arms["visitors"], shares)  # while the arms are in the file's order
    arms = control_first(arms, control)
    shipped = data.resolve() == PATH
    outcome, guardrail, people, events = SHIPPED if shipped else GENERIC
    first, second = arms["arm"][:2]
    question = (
        __doc__.splitlines()[0]
        if shipped
        else f"Which arm converts best: {', '.join(arms['arm'])}?"
    )
    report = Report(
        "ab_test",
        title="A/B test",
        question=question,
        data=data,
        settings=settings,
        as_read=command.AS_READ,
    )

    # The data, and whether the arms have the sizes they should have.
    planned = f"planned allocation ({allocation or 'equal'})"
    report.section(
        "The data",
        f"{arms['visitors'].sum():,} {people} in {len(arms)} arms; every comparison is with the "
        f"control, {first}. Under the {planned}, sizes as uneven as these or more so have "
        f"probability p = {p:.2g}.",
        tables.frame(f"Counts of {people}", arms, sentences.HOW_COUNTS),
    )
    if p < MISMATCH:
        report.warn(
            f"The sizes of the arms do not fit the {planned}: p = {p:.2g}.",
            f"Find out why before you act: {people} lost or assigned unevenly can bias every "
            "comparison, and no model of these counts can tell. Another plan goes in "
            "--allocation.",
        )

    # The model, compiled once: prior and data are its pm.Data. ADVI runs on the other core.
    build = partial(conversion, arms, alpha=alpha, beta=beta)
    advi = in_background(fit_both, build, seed=seed)
    model = build()
    report.step("compile")
    compiled = compile_nuts(model)
    report.step("NUTS")
    nuts = fit_nuts(model, compiled, draws=draws, tune=tune, chains=chains, seed=seed)
    posterior, prior = nuts["posterior"].to_dataset(), nuts["prior"].to_dataset()
    report.section(
        "The model",
        *sections.model(conversion, model),
        "Everyone in an arm converts with the same probability, and independently. The prior "
        f"weighs as much as {alpha + beta:g} {people} an arm, {alpha:g} of whom converted.",
    )

    # Prior predictive check, by the rate of every arm in every outcome.
    outcomes = [name for name in OUTCOMES if name in arms]
    statistics = {
        name: {f"{said}, {arm}": partial(rate_of, arm=arm) for arm in arms["arm"]}
        for name, said in zip(outcomes, (outcome, guardrail), strict=False)
    }
    conflict = [one for name in outcomes for one in prior_check(nuts, name, statistics[name])]
    gap = 100 * float(abs(prior["difference"]).median())
    report.section(
        "What the priors say",
        "The default, Beta(1, 4), is what one knows before: the games industry's rule of thumb is "
        "that 40, 20 and 10% of the players are there after 1, 7 and 30 days, and on the web rates "
        "are lower. Its mean is .2, a rate above one half has probability .06, one near zero is "
        "likely, and it weighs no more than five visitors.",
        "Because the arms are independent under this prior, it allows very large differences: "
        f"half of them exceed {gap:.2g} percentage points. Much data overrule that; with few, "
        "luck can pass for an effect, and the sweep below shows how much the prior decides.",
        figures.densities(
            "prior",
            {
                f"{outcome} of an arm (a rate)": prior["rate"].isel(arm=0).to_numpy().ravel(),
                f"difference of rates, {second} − {first}": prior["difference"]
                .isel(treatment=0)
                .to_numpy()
                .ravel(),
            },
            caption="The prior of a rate, and what it implies for a difference of rates.",
        ),
        tables.predictive("Prior predictive check", conflict, prior=True),
    )
    report.warn_of(
        conflict,
        "Prior and data are in conflict: the prior held rates like the observed for very unlikely",
        "Look at --alpha and --beta; the prior mean is alpha / (alpha + beta), and it is the "
        "same for the guardrail.",
        prior=True,
    )

    # May anyone believe the draws, and does the model reproduce the data?
    diagnosis = diagnose(nuts)
    report.section("Can we trust the sampler?", *sections.sampler(nuts, diagnosis, ["rate"]))
    fit = [
        one
        for name in outcomes
        for one in posterior_check(nuts, name, statistics[name], saturated=True)
    ]
    report.section(
        "Does the model fit?",
        "There is a rate for every count, so these counts cannot contradict the model unless a "
        "strong prior holds the rates back: the check proves nothing. What could be wrong leaves "
        "no trace in them: visitors counted twice, rates that change during the test, arms that "
        "influence one another.",
        tables.predictive("Posterior predictive check", fit),
        figures.predictive(
            "fit",
            fit[: len(arms)],
            label=f"{outcome} (a rate)",
            caption="Rates, observed and predicted.",
        ),
    )
    report.warn_of(
        fit,
        "The prior holds the rates away from the data",
        "Weaken it: --alpha and --beta count as visitors.",
    )

    # Estimates, probabilities and losses.
    sound = diagnosis.status is not Status.FAIL
    found = summarise(posterior)
    quantities = original_scale(found)

    def decide(draws: xr.Dataset, errors: float = 2) -> tuple[str, ...]:
        return choose(draws["rate"], "arm", max_loss, errors=errors)

    decision = decide(posterior)[0] if sound else None
    measure = partial(arm_scalars, rope=rope, margin=guardrail_margin)
    measured = measure(posterior)
    best, equal, loss, guarded = (
        {name: scalar for name, scalar in measured.items() if name.startswith(kind)}
        for kind in ("prob_best", "prob_practically", "expected_loss", "prob_guardrail")
    )
    told = arm_told(loss, first)
    report.section(
        "What the data say",
        tables.estimates("Rates", named(found, "rate"), scale=100, unit="%"),
        tables.estimates(
            "Differences from the control", named(found, "difference"), scale=100, unit="points"
        ),
        tables.estimates("Relative lift", named(quantities, "relative_lift"), scale=100, unit="%"),
        tables.estimates("Odds ratio", named(quantities, "odds_ratio")),
        tables.probabilities(
            f"Probabilities; practically equal: within ±{100 * rope:g} points", best | equal
        ),
        tables.losses(loss, people),
    )
    if "guardrail" in arms:
        report.section(
            "Does the guardrail agree?",
            f"The guardrail, {guardrail}, by the same model. It clears an arm that is worse than "
            f"the control by more than {100 * guardrail_margin:g} points with probability "
            f"{CLEARED:g} at most; the control's rival is the best other arm.",
            tables.estimates(
                "Guardrail", named(found, "guardrail_difference"), scale=100, unit="points"
            ),
            tables.probabilities("Worse by more than the margin", guarded),
        )

    # Does the prior decide, and would ADVI have done?
    report.step("prior sweep")
    swept = sweep(
        compiled,
        KNOBS,
        pseudo_counts,
        partial(decide, errors=3),
        decision,
        [str(name) for name in posterior],
        measure=measure,
        draws=min(draws, 500),
        tune=min(tune, 500),
        chains=chains,
        seed=seed,
    )
    scaling = power_scaling(nuts, ["rate", "difference"])
    report.step("wait for ADVI")
    compiling = report.steps.seconds["compile"]
    comparisons = compare_all(nuts, advi.result(), diagnosis, decide, compiling=compiling)
    report.section("Would ADVI have done?", *sections.advi(comparisons, advi.result()))
    shown = f"difference[{told}]"
    knobs = {"prior_mean": alpha / (alpha + beta), "prior_strength": alpha + beta}
    priors = prior_curves(model, KNOBS, pseudo_counts, shown, seed=seed)
    report.section(
        "Does the prior decide?",
        f"The prior's knobs are its mean and its strength: how many {people} an arm it weighs. "
        "The flat prior, Beta(1, 1), is mean 0.5 at strength 2.",
        *sections.prior_sweep(swept, scaling, shown, priors, knobs, unit="points", scale=100),
    )

    # The decision, and what to say of it on the first screen.
    projection, simulated = None, "The rule decides, so no continuation was simulated."
    if not sound:
        simulated = "No continuation was simulated, because the diagnosis failed."
    elif decision == UNDECIDED:
        report.step("projection")
        longer = partial(continuations, arms, posterior, alpha=alpha, beta=beta, seed=seed)
        projection = project(compiled, longer, lambda p: decide(p)[0] != UNDECIDED, seed=seed)
        simulated = sections.projected(projection)
    report.section(
        "The decision",
        f"Rule: choose the arm with the least expected loss if that is below {1000 * max_loss:g} "
        f"{events} per 1,000 {people} (--max-loss); else go on. The limit is what you would not "
        "mind losing; the default, 1 per 1,000, is less than changes of a product are made for. "
        "The posterior sd of a difference is here "
        f"{1000 * (found[f'difference[{told}]'].sd or 0):.2g} per 1,000. Arms within "
        f"±{1000 * rope:g} per 1,000 (--rope) count as practically equal; the default is "
        "twice the limit, since a toss-up between two such arms loses the limit at most.",
        simulated,
        "Looking every day and stopping at the first decision (peeking) leaves the posterior as "
        "it is, but raises the share of wrong choices with every look: a lucky streak ends the "
        "test, an unlucky one does not. Fix the number of visitors, or a few looks, beforehand.",
    )
    if sound:
        sentences.warn_of_limits(report, loss, max_loss, found[f"rate[{first}]"].median)
    at_risk = {label(name) for name, one in guarded.items() if one.value > CLEARED}
    chosen = (decision or "").removeprefix("choose ")
    if sound and chosen in at_risk:
        risk = guarded[f"prob_guardrail_worse[{chosen}]"]
        report.warn(
            f"The guardrail ({guardrail}) {'disagrees' if risk.value > 0.5 else 'is not cleared'}: "
            f"worse by more than {100 * guardrail_margin:g} points with probability "
            f"{probability(risk)}.",
            "Weigh both outcomes, or collect more data.",
        )
    report.decide(
        sentences.answer(decision, first, found, loss, at_risk, (outcome, people, events), max_loss)
        + (f" {simulated}" if projection else ""),
        figures.intervals(
            "answer",
            {label(name): {"NUTS": q} for name, q in named(found, "difference").items()},
            label=f"{outcome}, difference from {first} (percentage points)",
            caption="Median and 95% equal-tailed credible interval; grey band: practically equal.",
            scale=100,
            rope=100 * rope,
        ),
    )
    return report.save(
        out, nuts, Results(diagnosis, decision, quantities, measured, comparisons, swept)
    )


def rate_of(y: xr.DataArray, given: xr.Dataset, *, arm: str) -> xr.DataArray:
    """Return the observed rate of an arm, a test statistic."""
    return (y / given["visitors"]).sel(arm=arm)


def continuations(
    arms: pd.DataFrame,
    posterior: xr.Dataset,
    multiple: int,
    *,
    alpha: float,
    beta: float,
    seed: int,
) -> Iterator[dict[str, np.ndarray]]:
    """Simulate the test going on to `multiple` times its visitors, from the model itself."""
    more = conversion(
        arms.assign(visitors=(multiple - 1) * arms["visitors"]), alpha=alpha, beta=beta
    )
    outcomes = [name for name in OUTCOMES if name in arms]
    new = simulate(more, posterior, outcomes, size=CONTINUATIONS, seed=seed)
    for i in range(CONTINUATIONS):
        grown = {
            f"{name}_data": arms[name].to_numpy() + new[name][i].to_numpy() for name in outcomes
        }
        yield {"visitors": multiple * arms["visitors"].to_numpy(), **grown}


if __name__ == "__main__":
    command.run(main)
