"""What predicts the loss of ammonia from a plant, and do a few odd days decide it?

A linear regression with Student-t noise, for the stack loss of Brownlee (1965) or for a CSV of your
own (--data, --formula), beside its Gaussian rival: which slopes hold under both, which rows count
for less, and whether the data can tell heavy tails at all.
"""

from functools import partial
from typing import Annotated

import xarray as xr

from analyses import _command as command, _effort as effort, _larger_data as larger_data
from data.robust_regression import LARGE, PATH, load
from models.linear_regression import gaussian
from models.robust_regression import student_t
from reports.blocks import tables
from reports.blocks.part import averaged, looked_at
from reports.drawing import figures
from reports.page import sections
from reports.page.page import HTML, Report
from reports.publishing.summary import Results
from reports.regression import (
    regression as sentences,
    tail_figures,
    tail_tables,
    tails as tail_sentences,
)
from workflow.checking.checks import posterior_check, prior_check
from workflow.checking.diagnostics import Status
from workflow.quantities import Scalar, expectations, label, named, original_scale, summarise
from workflow.regression import tails
from workflow.regression.regression import directions, explained, rises, signs
from workflow.regression.residuals import outcome_statistics, residual_statistics
from workflow.regression.tails import HEAVY, LEAST_ROWS, UNDECIDED, favours
from workflow.regression.weights import by_row, step_by_row, weights
from workflow.sampling.background import in_background
from workflow.sampling.fit import compile_nuts, data_of, fit_nuts, sample_nuts
from workflow.sampling.part import NEIGHBOURS, rows_of
from workflow.scoring.elpd import difference
from workflow.sensitivity.prior_curves import prior_curves
from workflow.sensitivity.sensitivity import power_scaling, sweep
from workflow.variational.advi import fit_both
from workflow.variational.compare import compare_all

KNOBS = {"slope_sd": (0.25, 0.5, 1.0, 2.0), "nu_mean": (3.0, 5.0, 20.0, 100.0)}


def main(
    data: command.Data = PATH,
    formula: command.Formula = None,
    drop_missing: command.DropMissing = False,
    ordered: command.Ordered = False,
    slope_sd: Annotated[
        float, command.number("Prior sd of a coefficient, in sds of outcome and term.")
    ] = 0.5,
    noise: Annotated[
        float, command.number("Prior mean of the noise's scale, in sds of the outcome.")
    ] = 1.0,
    nu_mean: Annotated[
        float, command.number("Prior mean of nu, the t's degrees of freedom.", above=2)
    ] = 20.0,
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
    n = len(outcome)
    shipped = data.resolve() == PATH and formula is None
    name, unit = ("stack loss", " (tenths of a per cent)") if shipped else (str(outcome.name), "")
    question = (
        __doc__.splitlines()[0] if shipped else f"What predicts {name}, and do a few rows decide?"
    )
    report = Report(
        "robust_regression",
        title="Robust regression",
        question=question,
        data=data,
        settings=settings,
        as_read=command.AS_READ,
        others=[LARGE] if shipped else [],
    )

    # The data, and what the model makes of their scales.
    words = "the stack loss, in tenths of a per cent of the ammonia" if shipped else name
    days = [
        "The rows are days in their order at one plant, and the model takes them as exchangeable; "
        "whether neighbours are alike is checked below. The acid's concentration is coded as (per "
        "cent − 50) × 10. Other analyses call rows 1, 3, 4 and 21 outliers: here lines 2, 4, 5 and "
        "22, because the header is line 1."
    ]
    report.section(
        "The data", *sentences.data(outcome, terms, found.notes, words), *(days if shipped else [])
    )
    sentences.warn_of_few(report, terms)

    # Both models, each compiled once: priors and data are their pm.Data. ADVI on the other core.
    knobs = {"slope_sd": slope_sd, "noise": noise}
    build = partial(student_t, terms, outcome, **knobs, nu_mean=nu_mean)
    advi = in_background(fit_both, build, seed=seed)
    model, rival = build(), gaussian(terms, outcome, **knobs)
    report.step("compile")
    compiled = compile_nuts(model)
    effort.tell(report, compiled, model, KNOBS, fits=2, draws=draws, tune=tune, chains=chains)
    report.step("NUTS")
    in_order = ordered or shipped
    run = NEIGHBOURS if in_order else 1
    nuts = fit_nuts(model, compiled, draws=draws, tune=tune, chains=chains, seed=seed, run=run)
    prior = nuts["prior"].to_dataset()
    report.step("the Gaussian rival")
    compiled_rival = compile_nuts(rival)
    again = partial(sample_nuts, draws=draws, tune=tune, chains=chains, seed=seed)
    rival_tree = again(compiled_rival, data_of(rival))
    report.step("leave-one-out")
    at = rows_of(nuts)
    assess = partial(
        tails.fitted,
        terms=terms,
        outcome=outcome,
        at=at,
        draws=min(draws, 1000),
        tune=min(tune, 500),
        chains=chains,
        seed=seed,
    )
    student = assess(compiled, data_of(model), nuts)
    normal = assess(compiled_rival, data_of(rival), rival_tree)
    posterior = student.posterior
    report.section(
        "The model",
        *sections.model(student_t, model),
        "The rival is the same with Gaussian noise: nu infinite, sigma in the place of scale, the "
        "same priors. A Student-t does not take rows out; it expects a few far from the line, and "
        "so lets them pull less.",
        sentences.used_twice(of_outcome=True),
        sentences.scales(terms, outcome),
    )

    # Prior predictive check: does the prior expect outcomes like these?
    raw = outcome_statistics(name)
    conflict = prior_check(nuts, "y", raw)
    heavy = {
        about: expectations("prob", xr.DataArray(draws["nu"] < HEAVY))["prob"].value
        for about, draws in (("prior", prior), ("posterior", posterior))
    }
    report.section(
        "What the priors say",
        "One sd of a term goes with a difference of the outcome whose prior sd is "
        f"{slope_sd:g} sds (--slope-sd), {slope_sd * outcome.std():.3g} units of {name}; the scale "
        f"of the noise is expected near {noise * outcome.std():.3g} units (--noise). nu has mean "
        f"{nu_mean:g} (--nu-mean) and is above 2; below {HEAVY}, where tails matter, with "
        f"probability {heavy['prior']:.2f}"
        + (
            ", so the prior does not settle what is asked. "
            if 0.05 < heavy["prior"] < 0.95
            else ": this prior all but settles what is asked (--nu-mean). "
        )
        + "Beyond 30 the noise can hardly be told from a Gaussian.",
        figures.densities(
            "prior",
            {
                "share of the variance explained, R²": explained(
                    prior, terms, xr.ufuncs.exp(prior["log_sd"])
                )
                .to_numpy()
                .ravel(),
                "nu (small: heavy tails)": prior["nu"].to_numpy().ravel(),
            },
            caption="What the prior implies: explained variance and tails.",
        ),
        *looked_at(nuts, prior=True),
        tables.predictive("Prior predictive check", conflict, prior=True),
    )
    report.warn_of(
        conflict,
        "Prior and data are in conflict: the prior held outcomes like the observed for unlikely",
        "Look at --slope-sd and --noise.",
        prior=True,
    )

    # May anyone believe the draws, and does the model reproduce the data?
    report.section(
        "Can we trust the sampler?",
        *sections.sampler(nuts, student.diagnosis, ["beta", "scale", "nu"]),
        f"The rival, by the same checks: {normal.diagnosis.status.value}"
        f"{': ' if normal.diagnosis.reasons() else ''}{'; '.join(normal.diagnosis.reasons())}.",
    )
    statistics = raw | residual_statistics(terms.iloc[at], ordered=in_order)
    fit = posterior_check(nuts, "y", statistics)
    report.section(
        "Does the model fit?",
        "The model fits a mean for every row, one scale and one nu. It does not fit skewness, a "
        "spread that changes, bends"
        + (", or rows that are like the row before" if in_order else "")
        + ": those can fail. Residuals are those of a least-squares fit, to the observed data and "
        "to each predicted data set.",
        *looked_at(nuts),
        tables.predictive("Posterior predictive check", fit),
        *(
            [
                f"The model also predicts {name} below 0, which the data never have: noise on both "
                "sides of a line does that near 0."
            ]
            if outcome.min() >= 0 > fit[1].lower
            else []
        ),
    )
    report.warn_of(
        fit,
        "The model does not reproduce this side of the data",
        "Try a transformation (log), a product or a square in --formula. A spread that changes "
        "can pass for heavy tails.",
    )

    # What the data say under both, and which rows count for less.
    sound = student.diagnosis.status is not Status.FAIL
    quantities = original_scale(summarise(posterior))
    theirs, prob = summarise(normal.posterior), rises(posterior["beta"])
    report.section(
        "What the data say",
        tail_tables.side_by_side((quantities, prob), (theirs, rises(normal.posterior["beta"]))),
    )
    rows = by_row(posterior, terms, outcome)
    report.section(
        "Which rows count for less?",
        *tail_tables.weights(rows, name),
        *averaged(n, step_by_row(posterior, n)),
    )

    # Can the data tell the tails?
    told_apart = tails.gap(student, normal)
    change = tails.moved(prior["nu"], posterior["nu"])
    curves = {
        "prior": prior["nu"].to_numpy().ravel(),
        f"{n:,} rows{' of stack loss' if shipped else ''}": posterior["nu"].to_numpy().ravel(),
    }
    report.section(
        "Can the data tell the tails?",
        tail_sentences.moved(change, n),
        tail_figures.cumulative("nu", curves, label="nu", caption="nu before and after the data."),
        *tail_tables.leave_one_out(student, normal, told_apart),
        tail_sentences.rule(),
    )
    if shipped:
        report.step("the larger data set")
        report.section(
            "Can more rows tell the tails?",
            *larger_data.blocks(
                (compiled, compiled_rival),
                curves,
                knobs | {"nu_mean": nu_mean},
                again,
                chains=chains,
                seed=seed,
            ),
        )
    if sound:
        tail_sentences.warn_of_failures(report, student, normal)

    # Would ADVI have done, and does the prior decide?
    def decide(draws: xr.Dataset, errors: float = 2) -> tuple[str, ...]:
        if n < LEAST_ROWS or not normal.elpd:
            return with_directions((UNDECIDED,), draws, errors)
        mine = tails.quick_elpd(draws, terms, outcome, at)
        noises = favours(difference(mine, normal.elpd), n, errors=errors)
        return with_directions(noises, draws, errors)

    def with_directions(
        noises: tuple[str, ...], draws: xr.Dataset, errors: float
    ) -> tuple[str, ...]:
        known = directions(draws["beta"], sure, errors=errors)
        return tuple(f"{noise}; {way}" for noise in noises for way in known)

    least = rows.index[0]
    one_row = terms.loc[[least]], outcome.loc[[least]]

    def weight_of_least(draws: xr.Dataset) -> dict[str, Scalar]:
        return expectations("weight", weights(draws, *one_row))

    noise_told = favours(told_apart, n)
    decision = with_directions(noise_told, posterior, 2)[0] if sound else None
    report.step("prior sweep")
    swept = sweep(
        compiled,
        KNOBS,
        dict,
        partial(decide, errors=3),
        decision,
        ["slope", "nu", "scale"],
        measure=weight_of_least,
        draws=min(draws, effort.SWEPT),
        tune=min(tune, effort.SWEPT),
        chains=chains,
        seed=seed,
    )
    scaling = power_scaling(nuts, ["slope", "nu", "scale"])
    report.step("wait for ADVI")
    compiling = report.steps.seconds["compile"]
    comparisons = compare_all(nuts, advi.result(), student.diagnosis, decide, compiling=compiling)
    report.section("Would ADVI have done?", *sections.advi(comparisons, advi.result()))
    ranked = sorted(terms, key=lambda term: -abs(quantities[f"beta[{term}]"].median))
    shown, knobs = f"slope[{ranked[0]}]", {"slope_sd": slope_sd, "nu_mean": nu_mean}
    priors = prior_curves(model, KNOBS, dict, shown, seed=seed)
    report.section(
        "Does the prior decide?",
        "The knobs are the prior sd of the coefficients, in sds, and the prior mean of nu. "
        + (
            f"With fewer than {LEAST_ROWS} rows the rule never prefers a noise under any prior; "
            "what can flip are the directions that are known."
            if n < LEAST_ROWS
            else "The Gaussian's elpd stays that of its own prior."
        ),
        *sections.prior_sweep(swept, scaling, shown, priors, knobs, unit=f"{name} per unit"),
        "nu, and how much the row that counts least counts, where the prior of nu is another:",
        tail_tables.by_prior(swept, f"weight[{least}]", least, slope_sd=slope_sd),
    )

    # The decision, and what to say of it on the first screen.
    report.section(
        "The decision",
        tail_sentences.rule(),
        f"The direction of a term is known if its probability is {sure:g} or more (--sure), given "
        "all the other terms. What is known under both kinds of noise does not hang on the tails.",
    )
    known = signs(posterior["beta"], sure), signs(normal.posterior["beta"], sure)
    report.decide(
        tail_sentences.answer(
            tail_sentences.verdict(noise_told[0], told_apart, n, quantities["nu"]),
            ranked,
            (quantities, theirs),
            known,
            tail_sentences.least_row(rows, change),
            name,
            alone=told_apart is None,
        ),
        figures.intervals(
            "answer",
            {
                label(key): {"Student-t": q, "Gaussian": theirs[key]}
                for key, q in named(quantities, "beta").items()
            },
            label=f"{name}{unit}: difference for one sd of the term, other terms equal",
            caption="Median and 95% equal-tailed credible interval under both kinds of noise, for "
            "one sd of a term; the answer is for one unit.",
            scale=float(outcome.std()),
        ),
    )
    scalars = prob | expectations("prob_nu_below_10", posterior["nu"] < HEAVY)
    if told_apart:
        scalars["elpd_difference"] = Scalar(told_apart.value, told_apart.mcse)
    both = quantities | {f"gaussian_{key}": q for key, q in theirs.items()}
    return report.save(
        out, nuts, Results(student.diagnosis, decision, both, scalars, comparisons, swept)
    )


if __name__ == "__main__":
    command.run(main)
