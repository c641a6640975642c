"""What predicts how far diabetes progresses within a year, and by how much?

A linear regression with Gaussian noise, for the 442 patients of Efron et al. (2004) or for a CSV of
your own (--data, --formula): which measurements go with the outcome, what the data know of
collinear ones only together, and how far a prediction can be trusted.
"""

from functools import partial
from typing import Annotated

import xarray as xr

from analyses import _command as command
from analyses import _effort as effort
from data.linear_regression import PATH, load
from models.linear_regression import gaussian
from reports.blocks import tables
from reports.blocks.numbers import percent
from reports.blocks.part import looked_at
from reports.drawing import figures
from reports.page import sections
from reports.page.page import HTML, Report
from reports.publishing.summary import Results
from reports.regression import regression as sentences
from workflow.checking.checks import posterior_check, prior_check
from workflow.checking.diagnostics import Status, diagnose
from workflow.quantities import label, named, summarise
from workflow.regression.regression import (
    contrasts,
    directions,
    explained,
    ridge,
    rises,
    telling_rows,
    uncertainty,
)
from workflow.regression.residuals import outcome_statistics, residual_statistics
from workflow.sampling.background import in_background
from workflow.sampling.fit import compile_nuts, fit_nuts
from workflow.sampling.part import NEIGHBOURS, rows_of
from workflow.sensitivity.flips import most_moved
from workflow.sensitivity.prior_curves import prior_curves
from workflow.sensitivity.sensitivity import power_scaling, sweep
from workflow.variational.advi import fit_both
from workflow.variational.compare import compare_all

KNOBS = {"noise": (0.5, 1.0, 2.0), "slope_sd": (0.05, 0.15, 0.5, 1.5, 5.0)}


def main(
    data: command.Data = PATH,
    formula: command.Formula = None,
    drop_missing: command.DropMissing = False,
    ordered: command.Ordered = False,
    slope_sd: Annotated[
        float, command.number("Prior sd of a coefficient, in sds of outcome and term.")
    ] = 0.5,
    noise: Annotated[
        float, command.number("Prior mean of the noise, in sds of the outcome.")
    ] = 1.0,
    sure: Annotated[
        float, command.number("A direction is known from this probability on.", above=0.5, below=1)
    ] = 0.975,
    draws: command.Draws = 1000,
    tune: command.Tune = 1000,
    chains: command.Chains = 4,
    seed: command.Seed = 2026,
    out: command.Out = HTML,
    quiet: command.Quiet = False,
) -> int:
    """Run the study, write its page to `out` and return the exit code."""
    settings = dict(locals())
    found = load(data, formula, drop_missing=drop_missing)
    outcome, terms = found.outcome, found.terms
    shipped = data.resolve() == PATH and formula is None
    name = "progression" if shipped else str(outcome.name)
    question = __doc__.splitlines()[0] if shipped else f"What predicts {name}, and by how much?"
    report = Report(
        "linear_regression",
        title="Linear regression",
        question=question,
        data=data,
        settings=settings,
        as_read=command.AS_READ,
    )

    # The data, and what the model makes of their scales.
    words = "progression, a clinical score a year after the measurements" if shipped else name
    report.section("The data", *sentences.data(outcome, terms, found.notes, words))
    sentences.warn_of_few(report, terms)

    # The model, compiled once: priors and data are its pm.Data. ADVI runs on the other core.
    build = partial(gaussian, terms, outcome, slope_sd=slope_sd, noise=noise)
    advi = in_background(fit_both, build, seed=seed)
    model = build()
    report.step("compile")
    compiled = compile_nuts(model)
    effort.tell(report, compiled, model, KNOBS, draws=draws, tune=tune, chains=chains)
    report.step("NUTS")
    run = NEIGHBOURS if ordered else 1
    nuts = fit_nuts(model, compiled, draws=draws, tune=tune, chains=chains, seed=seed, run=run)
    posterior, prior = nuts["posterior"].to_dataset(), nuts["prior"].to_dataset()
    report.section(
        "The model",
        *sections.model(gaussian, model),
        sentences.used_twice(of_outcome=True),
        sentences.scales(terms, outcome),
    )

    # Prior predictive check: does the prior expect outcomes like these?
    raw = outcome_statistics(name)
    conflict = prior_check(nuts, "y", raw)
    expected = explained(prior, terms, prior["sigma"])
    low, high = expected.quantile((0.025, 0.975)).to_numpy()
    report.section(
        "What the priors say",
        "One sd of a term goes with a difference of the outcome whose prior sd is "
        f"{slope_sd:g} sds (--slope-sd), {slope_sd * outcome.std():.3g} units of {name}. All terms "
        f"together then explain {percent(low, 0.01)} to {percent(high, 0.01)} of the variance "
        "(central 95%), before the data are seen. What is left over, the noise, is expected near "
        f"{noise * outcome.std():.3g} units (--noise) and can be a tenth or three times that.",
        figures.densities(
            "prior",
            {
                "share of the variance explained, R²": expected.to_numpy().ravel(),
                f"noise, sigma (units of {name})": prior["sigma"].to_numpy().ravel(),
            },
            caption="What the prior implies: explained variance and noise.",
        ),
        *looked_at(nuts, prior=True),
        tables.predictive("Prior predictive check", conflict, prior=True),
    )
    report.warn_of(
        conflict,
        "Prior and data are in conflict: the prior held outcomes like the observed for unlikely",
        "Look at --slope-sd and --noise; one value far from all the others does this too.",
        prior=True,
    )

    # May anyone believe the draws, and does the model reproduce the data?
    diagnosis = diagnose(nuts)
    report.section(
        "Can we trust the sampler?", *sections.sampler(nuts, diagnosis, ["beta", "sigma"])
    )
    looked = terms.iloc[rows_of(nuts)]
    fit = posterior_check(nuts, "y", raw | residual_statistics(looked, ordered=ordered))
    report.section(
        "Does the model fit?",
        "The model fits a mean for every row and one sd. It does not fit the shape of what is left "
        "over: its skewness, its tails, whether it grows with the fitted value or bends. Residuals "
        "are those of a least-squares fit, to the observed data and to each predicted data set.",
        *looked_at(nuts),
        tables.predictive("Posterior predictive check", fit),
    )
    report.warn_of(
        fit,
        "The model does not reproduce this side of the data",
        "Predictions of single rows are off there: try a transformation (log), a product or a "
        "square in --formula, or robust_regression for heavy tails.",
    )

    # What the data know: each slope, pairs of slopes, single predictions.
    sound = diagnosis.status is not Status.FAIL
    quantities = summarise(posterior)
    prob = rises(posterior["beta"])
    together = summarise(contrasts(posterior["beta"]).to_dataset(name="together"))
    r2 = summarise(explained(posterior, terms, posterior["sigma"]).to_dataset(name="r2"))["r2"]
    report.section(
        "What the data say",
        sentences.estimates(
            f"Coefficients in their own units ({name} per unit of the term)",
            named(quantities, "slope", "intercept", "sigma"),
            prob,
        ),
        f"The terms explain {percent(r2.median, r2.mcse_mean)} of the variance (95% equal-tailed "
        f"credible interval {percent(r2.lower, r2.mcse_interval)} to "
        f"{percent(r2.upper, r2.mcse_interval)}).",
        *sentences.known_together(together, named(quantities, "beta")),
    )
    strongest = max(terms, key=lambda term: abs(quantities[f"beta[{term}]"].median))
    alone = formula is None and terms[strongest].nunique() > 2  # a column, not a part of several
    chosen = telling_rows(terms, strongest if alone else None)
    report.section(
        "How far can a prediction be trusted?",
        *sentences.predictions(uncertainty(posterior, chosen, seed=seed), chosen, name),
    )
    sigma = quantities["sigma"].median
    penalty = (sigma / (slope_sd * outcome.std())) ** 2
    report.section(
        "What has this to do with ridge regression?",
        *sentences.ridge(
            ridge(terms, outcome, penalty),
            ridge(terms, outcome, 0) if len(terms) > terms.shape[1] + 1 else None,
            quantities,
            penalty,
        ),
    )

    # Would ADVI have done, and does the prior decide?
    def decide(draws: xr.Dataset, errors: float = 2) -> tuple[str, ...]:
        return directions(draws["beta"], sure, errors=errors)

    decision = decide(posterior)[0] if sound else None
    report.step("prior sweep")
    swept = sweep(
        compiled,
        KNOBS,
        dict,
        partial(decide, errors=3),
        decision,
        ["slope", "sigma"],
        draws=min(draws, effort.SWEPT),
        tune=min(tune, effort.SWEPT),
        chains=chains,
        seed=seed,
    )
    scaling = power_scaling(nuts, ["slope", "sigma"])
    report.step("wait for ADVI")
    compiling = report.steps.seconds["compile"]
    comparisons = compare_all(nuts, advi.result(), diagnosis, decide, compiling=compiling)
    report.section("Would ADVI have done?", *sections.advi(comparisons, advi.result()))
    shown = most_moved(swept, named(quantities, "slope"))
    knobs = {"noise": noise, "slope_sd": slope_sd}
    priors = prior_curves(model, KNOBS, dict, shown, seed=seed)
    report.section(
        "Does the prior decide?",
        "The knobs are the prior sd of the coefficients and the prior mean of the noise, both in "
        f"sds. Shown is what moves most: {shown}."
        + (
            " A small prior sd pulls the terms that go together towards one another, a large one "
            "lets them go where noise pushes them."
            if together
            else ""
        ),
        *sections.prior_sweep(swept, scaling, shown, priors, knobs, unit=f"{name} per unit"),
    )

    # The decision, and what to say of it on the first screen.
    report.section(
        "The decision",
        f"Rule: the direction of a term is known if its probability is {sure:g} or more (--sure), "
        "given all the other terms. A term without a known direction may matter all the same: too "
        "few rows leave it open, a small slope does, and so do terms that go together.",
    )
    ranked = sorted(terms, key=lambda term: -abs(quantities[f"beta[{term}]"].median))
    report.decide(
        sentences.answer(decision, ranked, quantities, prob, sure, name, r2),
        figures.intervals(
            "answer",
            {label(key): {"NUTS": q} for key, q in named(quantities, "beta").items()},
            label=f"difference of {name} for one sd of the term, other terms equal",
            caption="Median and 95% equal-tailed credible interval, for one sd of a term; the "
            "answer is for one unit.",
            scale=float(outcome.std()),
        ),
    )
    return report.save(
        out, nuts, Results(diagnosis, decision, quantities | {"r2": r2}, prob, comparisons, swept)
    )


if __name__ == "__main__":
    command.run(main)
