"""Does the treatment pay: does it lower how many roaches are caught, and by how much?

A negative binomial regression of counts, for 262 flats (Gelman and Hill 2007) or for a CSV of your
own (--data, --formula, --exposure): by which factor each term goes with the expected count, beside
Poisson and zero inflated rivals.
"""

from functools import partial
from typing import Annotated

from analyses import _command as command, _counts as rivals, _designs as designs, _grouped, _imputed
from analyses._study import Study
from data.count_regression import EXPOSURE, PATH, load, per_unit
from models.count_regression import negative_binomial
from reports.regression import counts as words, effects as effect_words, regression
from workflow.quantities import named, original_scale, summarise
from workflow.regression import counts, effects, regression as slopes, residuals
from workflow.regression.count_rivals import Counted
from workflow.regression.hanging import hanging

SLOPES = {"r2": (0.2, 0.5, 0.8), "slope_sd": (0.5, 1.0, 2.5)}
USUAL = {"r2": 0.5, "slope_sd": 1.0}
SCATTERS = (0.3, 1.0, 3.0)


def main(
    data: command.Data = PATH,
    formula: command.Formula = None,
    exposure: Annotated[
        str | None, command.text("Column: how long, or over how much, each row was counted.")
    ] = None,
    treatment: Annotated[
        str | None, command.text("Column that the decision is about; else every term.")
    ] = None,
    drop_missing: command.DropMissing = False,
    ordered: command.Ordered = False,
    prior: command.Prior = "predictive",
    r2: command.R2 = None,
    slope_sd: command.SlopeSd = None,
    level_sd: Annotated[
        float, command.number("Prior sd of the logarithm of the average count.")
    ] = 1.0,
    scatter: Annotated[
        float, command.number("Prior scale of how much rates of equal rows differ (their cv).")
    ] = 1.0,
    between: command.Between = None,
    sure: Annotated[
        float, command.number("A direction is known from this probability on.", above=0.5, below=1)
    ] = 0.975,
    rival_minutes: Annotated[
        float, command.number("Minutes that NUTS may take for a rival of many rows; else none.")
    ] = 60.0,
    reading: command.Numbers = command.AS_IT_IS,
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
    settings |= (knob_of := command.slope_prior(prior, r2, slope_sd, usual=USUAL))
    found = load(data, formula, exposure=exposure, drop_missing=drop_missing, reading=reading)
    outcome, terms, over = found.outcome, found.terms, found.also.iloc[:, 0]
    groups = found.groups and found.groups.of_row
    settings |= (varying := _grouped.knob(found, between))
    name, offset = str(outcome.name), exposure
    question = f"What goes with more or fewer {name}, and by which factor?"
    if data.resolve() == PATH:
        offset = exposure or EXPOSURE
        if formula is None and reading == command.AS_IT_IS:
            name, treatment = "catches", treatment or "treatment"
            question = __doc__.splitlines()[0]
    judged = rivals.treated(data, found, treatment)
    counted = words.counted(name, offset)

    # The question, and the model that answers it. ADVI begins to run on the other core.
    own = {**knob_of, "level_sd": level_sd, "scatter": scatter, **varying}
    build = partial(negative_binomial, terms, outcome, over, groups, **own)
    knobs = {"scatter": SCATTERS, **named(SLOPES, *knob_of), **named(_grouped.SPREADS, *varying)}
    kept = designs.of_counts(found, offset)
    study = Study("count_regression", question, build, settings, knobs=knobs, design=kept)

    # The data, and what the noise is.
    told = words.about(name, offset)
    study.data(*regression.data(outcome, terms, found.notes, told, words.LOSS))
    regression.warn_of_few(study.page, terms)

    # The draws, and which directions are known from them.
    found, posterior = _imputed.completed(study, found, study.sample(ordered=ordered))
    given, terms = terms, found.terms
    hangs = hanging(posterior, terms, outcome, over)
    but = {*hangs.terms, *(set(map(str, terms)) - {*judged})}
    decision = study.decide(partial(slopes.known_directions, sure=sure, but=but))
    regression.warn_of_hanging(study.page, hangs)
    study.describe(regression.used_twice(of_outcome=False), regression.scales(terms))
    left = counts.residuals(posterior, terms, outcome, over)
    study.independent(left, found.beside, ordered=ordered)

    # Prior predictive check: does the prior expect counts like these?
    study.prior(
        words.prior(knob_of, level_sd, scatter),
        statistics={"y": counts.statistics(name)},
        held="counts like the observed for unlikely",
        advice=f"Look at --{next(iter(knob_of)).replace('_', '-')} and --scatter.",
    )

    # May anyone believe the draws, and does the model reproduce the counts?
    study.gate(["beta", "cv"])
    rows = Counted(given, outcome, over, study.rows, groups, terms)
    looked, used, at = terms.iloc[rows.at], residuals.predicted_from(study.tree), over.iloc[rows.at]
    mean = partial(counts.mean_of, exposure=at.to_numpy())
    along = residuals.residual_statistics(used, looked, ordered=ordered, mean=mean)
    bent = {key: one for key, one in along.items() if residuals.BEND in key or "row before" in key}
    study.fit(
        words.FIT,
        statistics={"y": counts.statistics(name) | bent},
        misfit="The model does not reproduce this side of the data",
        advice=words.ADVICE,
        then=lambda checks: rivals.pictures(study, posterior, rows, found.columns.iloc[:, 1:]),
    )

    # What the data say: factors, and counts per unit of exposure.
    logs = posterior[["slope"]].rename(slope="log_factor")
    quantities = summarise(posterior) | original_scale(summarise(logs))
    prob, ranked = slopes.rises(posterior["beta"]), regression.by_size(named(quantities, "beta"))
    ranked = [*(t for t in ranked if t in judged), *(t for t in ranked if t not in judged)]
    own_units = f"Coefficients in their own units (logarithm of {counted} per unit of the term)"
    study.section(
        "What the data say", regression.estimates(own_units, words.own(quantities), prob, hangs)
    )
    _grouped.told(study, posterior, found, f"units of the logarithm of {counted}", mean=mean)
    _imputed.told(study, found, scored="none" if quick else "all")
    made = effects.effects(posterior, per_unit(found), counted, kind="count", seed=seed)
    study.section(f"What does each term do to {counted}?", *effect_words.blocks(made, hangs))

    # Is it another kind of counts: Poisson, or with further zeros?
    fits, none = rivals.compared(study, rows, own, rival_minutes)
    zeros, share = rivals.told(study, (fits, none), rows, own, sure)

    # Would ADVI have done, and does the prior decide?
    study.sweep(dict, ["slope", "dispersion"])
    study.advi()
    study.sensitivity(
        shown := study.most_moved(named(quantities, "slope")),
        f"The knobs are the prior of the terms (--{next(iter(knob_of)).replace('_', '-')}), and "
        f"that of the scatter (--scatter){_grouped.knob_words(varying)}. Shown is what moves most: "
        f"{shown}.",
        unit=regression.unit(f"logarithm of {counted}", shown, found.phrases),
    )

    # The decision, and what to say of it on the first screen.
    study.section("The decision", words.rule(judged, sure, treatment))
    about = [one for one in made.comparisons if one.column == (treatment or ranked[0])]
    more = words.scatter(quantities["dispersion"], zeros)
    first = judged if treatment else ranked
    step = regression.step(terms)
    return study.save(
        words.answer(
            decision, first, quantities, prob, sure, counted, about, found.phrases, hangs, more
        ),
        regression.picture(
            named(quantities, "beta"), counted, what="difference of the logarithm of", per=step
        ),
        words.factors(ranked, quantities, prob, sure, counted, step, found.phrases, hangs),
        quantities | share,
        prob,
        {"models": rivals.table(fits)},
    )


if __name__ == "__main__":
    command.run(main)
