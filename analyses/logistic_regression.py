"""Which breast masses should be referred, judging by the nuclei of their cells?

A logistic regression for the 569 patients of Street et al. (1993) or for a CSV of your own (--data,
--formula, --event): what goes with the event, whether the probabilities are honest on rows the
fit has not seen, and what to do when the two errors cost differently.
"""

from functools import partial
from typing import Annotated

import numpy as np
import pandas as pd
import typer
import xarray as xr

from analyses import _command as command, _effort as effort
from data.logistic_regression import PATH, load, split
from models.logistic_regression import bernoulli
from reports.blocks import tables
from reports.blocks.numbers import percent
from reports.blocks.part import looked_at
from reports.page import sections
from reports.page.page import HTML, Report
from reports.publishing.summary import Results
from reports.regression import costs, logistic, regression as sentences, separated
from reports.scoring import calibration, honesty
from workflow.checking.checks import posterior_check, prior_check
from workflow.checking.diagnostics import Status, diagnose
from workflow.deciding.costs import Cost, Stakes, cost_curve, costs as costs_of, errors_of, least
from workflow.quantities import Scalar, named, original_scale, summarise
from workflow.regression.binary_checks import fit_statistics, prior_statistics
from workflow.regression.logistic import (
    held_out_scores,
    implied,
    map_estimate,
    near_cut,
    predictive,
)
from workflow.regression.regression import rises
from workflow.regression.separation import separation
from workflow.sampling.background import in_background
from workflow.sampling.fit import compile_nuts, fit_nuts
from workflow.sampling.part import rows_of
from workflow.scoring.calibration import reliability
from workflow.scoring.paired import paired
from workflow.scoring.scored import if_honest, score
from workflow.sensitivity.prior_curves import prior_curves
from workflow.sensitivity.sensitivity import power_scaling, sweep
from workflow.variational.advi import fit_both
from workflow.variational.compare import compare_all

KNOBS = {"level_sd": (1.0, 2.5, 5.0), "slope_sd": (0.25, 0.75, 1.5, 2.5, 5.0)}
VARIANCES = (0.1, 1.0, 10.0, 100.0)  # of the prior, for the modes
PRICES = {"above": 1e-6, "below": 1e6}
BINS = 10  # of the expected calibration error
# Of women with a breast lump or an abnormal mammogram about one in ten has cancer (Kerlikowske et
# al. 2003); masses are biopsied from a probability of 2% on (BI-RADS 4), as if a miss cost 49.
CLINIC, BIOPSY = 0.1, 49.0
EXPERTS = (
    "What was known before: doctors who read such aspirates by eye are right in about nine of ten, "
    "as Wolberg, Street and Mangasarian (1994) sum up earlier series. The default prior, 1.5, was "
    "chosen to be of that opinion; the widest one is sure of most rows and expects to err on "
    "almost none."
)
SOURCES = (
    "The defaults: about one in ten women with a breast lump or an abnormal mammogram has cancer "
    "(Kerlikowske et al. 2003), and masses are biopsied from a probability of 2% on (BI-RADS "
    "category 4), as if a miss were as bad as 49 biopsies without need. The patients here already "
    "had a needle aspirate; benign masses of a clinic may look more harmless than theirs."
)


def main(
    data: command.Data = PATH,
    formula: command.Formula = None,
    event: Annotated[
        str | None, typer.Option(help="The outcome's value to predict, if not 1 or true.")
    ] = None,
    drop_missing: command.DropMissing = False,
    slope_sd: Annotated[
        float, command.number("Prior sd of a log odds ratio for one sd of a term.")
    ] = 1.5,
    level_sd: Annotated[
        float, command.number("Prior sd of the log-odds at the average row.")
    ] = 2.5,
    held_out: Annotated[float, command.rate("Share of the rows kept from the fit.")] = 0.3,
    split_seed: Annotated[int, typer.Option(min=0, help="Which rows those are.")] = 2026,
    prevalence: Annotated[
        float | None,
        command.number(
            "Share with the event where one decides; else .1 (shipped data) or the data's own.",
            above=1e-6,
            below=1 - 1e-6,
        ),
    ] = None,
    cost_miss: Annotated[
        float | None,
        command.number("Cost of missing an event; else 49 (shipped data) or 1.", **PRICES),
    ] = None,
    cost_false_alarm: Annotated[
        float, command.number("Cost of acting without need.", **PRICES)
    ] = 1.0,
    draws: command.Draws = 1000,
    tune: command.Tune = 1000,
    chains: command.Chains = 4,
    seed: command.Seed = 2026,
    out: command.Out = HTML,
    quiet: command.Quiet = False,
) -> int:
    """Run the study, write its page to `out` and return the exit code."""
    settings = dict(locals())
    found = load(data, formula, event=event, drop_missing=drop_missing)
    train, held = split(found, held_out, split_seed)
    outcome, terms = train.outcome, train.terms
    shipped = data.resolve() == PATH and formula is None and event is None
    name = str(outcome.name) if event is None else f"{outcome.name} = {event}"
    words = costs.Words(name, "refer" if shipped else "act on")
    stakes = Stakes(
        miss=cost_miss or (BIOPSY if shipped else 1.0),
        false_alarm=cost_false_alarm,
        prevalence=prevalence or (CLINIC if shipped else float(found.outcome.mean())),
        fitted=float(outcome.mean()),
    )
    question = (
        __doc__.splitlines()[0]
        if shipped
        else f"How surely can {name} be predicted, and should one act on it?"
    )
    report = Report(
        "logistic_regression",
        title="Logistic regression",
        question=question,
        data=data,
        settings=settings,
        as_read=command.AS_READ,
    )

    # The data, split before anything looks at them.
    counts = pd.DataFrame(
        {
            part: {"all": len(y), name: int(y.sum()), "others": int((y == 0).sum())}
            for part, y in (("fitted", outcome), ("held out", held.outcome))
        }
    ).T
    about = f"whether a row is {name} ({percent(found.outcome.mean(), 0.001)} are)"
    report.section(
        "The data",
        *sentences.data(found.outcome, found.terms[terms.columns], train.notes, about),
        f"{100 * held_out:g}% of the rows of each class, drawn with seed {split_seed}, are held "
        "out (--held-out, --split-seed): the terms are standardised and the model is fitted on the "
        "other rows alone, and judged on these.",
        logistic.held_out(counts),
    )
    sentences.warn_of_few(report, terms)
    apart = separation(terms, outcome)
    separated.warn(report, apart)

    # The model, compiled once: priors and data are its pm.Data. ADVI runs on the other core.
    build = partial(bernoulli, terms, outcome, slope_sd=slope_sd, level_sd=level_sd)
    advi = in_background(fit_both, build, seed=seed)
    model = build()
    report.step("compile")
    compiled = compile_nuts(model)
    effort.tell(report, compiled, model, KNOBS, draws=draws, tune=tune, chains=chains)
    report.step("NUTS")
    nuts = fit_nuts(model, compiled, draws=draws, tune=tune, chains=chains, seed=seed)
    posterior = nuts["posterior"].to_dataset()
    report.section(
        "The model",
        *sections.model(bernoulli, model),
        sentences.used_twice(of_outcome=False),
        sentences.scales(terms),
    )

    # What the priors imply for the probability of each row, and whether the data fit in.
    z = (terms - terms.mean()) / terms.std()
    implications = {
        sd: implied(z, slope_sd=sd, level_sd=level_sd) for sd in {*KNOBS["slope_sd"], slope_sd}
    }
    at = rows_of(nuts)
    conflict = prior_check(nuts, "y", prior_statistics(z.iloc[at], name))
    report.section(
        "What the priors say",
        *logistic.prior_words(slope_sd, level_sd, terms.shape[1]),
        logistic.sureness(implications, slope_sd),
        *([EXPERTS] if shipped else []),
        *looked_at(nuts, prior=True),
        tables.predictive("Prior predictive check", conflict, prior=True),
    )
    logistic.warn_of_sure_prior(report, implications[slope_sd].sure)
    report.warn_of(
        conflict,
        "Prior and data are in conflict: the prior held outcomes like the observed for unlikely",
        "Look at --slope-sd and, for a rare event, at --level-sd.",
        prior=True,
    )

    # May anyone believe the draws, and does the model reproduce the rows it was fitted to?
    diagnosis = diagnose(nuts)
    report.section(
        "Can we trust the sampler?", *sections.sampler(nuts, diagnosis, ["level", "log_odds_ratio"])
    )
    quantities = summarise(posterior)
    ratios = named(quantities, "log_odds_ratio")
    ranked = sorted(terms, key=lambda term: -abs(ratios[f"log_odds_ratio[{term}]"].median))
    looked = terms.iloc[at]
    fit = posterior_check(
        nuts, "y", fit_statistics(predictive(posterior, looked), looked, ranked[:3])
    )
    report.section(
        "Does the model fit?",
        "The model fits the overall rate and a straight line on the log-odds for each term, so the "
        "check looks elsewhere: at rates along the fitted probability and in the middle of the "
        "strongest terms, where a bend would show, and at the row that the model held for least "
        "probable, where a wrong label would.",
        *looked_at(nuts),
        tables.predictive("Posterior predictive check", fit),
    )
    report.warn_of(
        fit,
        "The model does not reproduce this side of the data",
        "Try a transformation, a square or a product in --formula; look at the least probable row.",
    )

    # What goes with the event.
    sound = diagnosis.status is not Status.FAIL
    prob = rises(posterior["log_odds_ratio"])
    report.section(
        "What goes with the event?",
        f"How the odds of {name} differ for one sd more of a term, the other terms being equal. "
        "Terms that go together share what they explain, so each of them alone is less sure.",
        logistic.odds_ratios(ratios, prob),
        sentences.estimates(
            "Coefficients in their own units (log-odds per unit of the term)",
            named(quantities, "slope", "intercept"),
            prob,
        ),
    )

    # Are the probabilities honest on rows the fit has not seen?
    mode = map_estimate(z, outcome, slope_sd=slope_sd, level_sd=level_sd)
    sets = {
        "posterior predictive": predictive(posterior, held.terms),
        "plug-in MAP": mode.probabilities((held.terms - terms.mean()) / terms.std()),
    }
    diagrams = {label: reliability(held.outcome, p, seed=seed) for label, p in sets.items()}
    scored = score(held.outcome, sets, bins=BINS)
    own, honest = scored["posterior predictive"], if_honest(sets["posterior predictive"])
    report.section(
        "Are the probabilities honest?",
        f"On the {len(held.outcome):,} held-out rows, two sets of probabilities: averaged over the "
        "posterior (posterior predictive), and those of the most probable coefficients alone "
        "(plug-in MAP), which leave out how unsure the coefficients are.",
        calibration.reliability(
            "reliability", diagrams, event=name, caption="Reliability on the held-out rows."
        ),
        calibration.scores("Scores on the held-out rows", scored),
        f"Of the posterior predictive: {honesty.verdict(own, honest)} In the diagram, "
        f"{calibration.in_words(diagrams['posterior predictive'])}.",
        f"ECE with {BINS} bins of equally many rows. Many more rows than these would be needed to "
        "find a small fault of calibration: inside the band is not proof. Another split gives "
        "other scores (--split-seed); the standard errors say how far apart.",
        logistic.paired(paired(held.outcome, *sets.values(), bins=BINS, seed=seed), *sets),
    )
    if honesty.too_sure(own, honest):
        report.warn(
            "The probabilities are too sure on held-out rows.",
            "Take those near 0 and 1 for less, or recalibrate: see the reliability diagram.",
        )
    modes = {v: map_estimate(z, outcome, slope_sd=float(np.sqrt(v))) for v in VARIANCES}
    report.section(
        "What has this to do with penalised regression?",
        *logistic.modes(modes, mode, quantities, "MAP, this prior"),
    )

    # Would ADVI have done, and does the prior decide?
    def costs_under(draws: xr.Dataset) -> dict[str, Cost]:
        p, above = near_cut(draws, held.terms, stakes.cut)
        n = draws.sizes["chain"] * draws.sizes["draw"]
        return costs_of(held.outcome, p, above, stakes, words.options, draws=n)

    def decide(draws: xr.Dataset, errors: float = 2) -> tuple[str, ...]:
        return least(costs_under(draws), errors=errors)

    def measure(draws: xr.Dataset) -> dict[str, Scalar]:
        cost = costs_under(draws)[words.options[0]]
        return held_out_scores(draws, held.terms, held.outcome) | {
            f"cost[{words.options[0]}]": Scalar(cost.value, cost.mcse)
        }

    decision = decide(posterior)[0] if sound else None
    report.step("prior sweep")
    swept = sweep(
        compiled,
        KNOBS,
        dict,
        partial(decide, errors=3),
        decision,
        ["log_odds_ratio", "level"],
        measure=measure,
        draws=min(draws, effort.SWEPT),
        tune=min(tune, effort.SWEPT),
        chains=chains,
        seed=seed,
    )
    scaling = power_scaling(nuts, ["log_odds_ratio", "level"])
    report.step("wait for ADVI")
    compiling = report.steps.seconds["compile"]
    comparisons = compare_all(nuts, advi.result(), diagnosis, decide, compiling=compiling)
    report.section("Would ADVI have done?", *sections.advi(comparisons, advi.result()))
    shown = f"log_odds_ratio[{ranked[0]}]"
    knobs = {"level_sd": level_sd, "slope_sd": slope_sd}
    priors = prior_curves(model, KNOBS, dict, shown, seed=seed)
    report.section(
        "Does the prior decide?",
        *separated.told(apart, swept, ranked[0]),
        "The knobs are the prior sds of the log odds ratios and of the level. Shown is the "
        f"strongest term, {ranked[0]}. {separated.moved(swept, shown)}",
        *sections.prior_sweep(swept, scaling, shown, priors, knobs, unit="log odds per sd"),
    )

    # The decision, and what to say of it on the first screen.
    paid = costs_under(posterior)
    errors = errors_of(held.outcome, sets["posterior predictive"] >= stakes.cut)
    curves = cost_curve(held.outcome, sets["posterior predictive"], stakes, words.options)
    report.section(
        "The decision",
        "Rule: take the option of least expected cost per person on the held-out rows, weighted so "
        "that the event is as common as where one decides.",
        costs.rule(stakes, words),
        *([SOURCES] if shipped else []),
        costs.table(paid, stakes),
        f"Errors on the held-out rows: {costs.counted(errors)}.",
    )
    if decision:
        costs.warn_of_doubt(report, paid, errors, decision)
    report.decide(
        costs.answer(decision, paid, errors, stakes, words) if decision else "",
        costs.by_prevalence("answer", curves, stakes),
    )
    return report.save(
        out,
        nuts,
        Results(
            diagnosis,
            decision,
            original_scale(quantities),
            prob | measure(posterior),
            comparisons,
            swept,
        ),
    )


if __name__ == "__main__":
    command.run(main)
