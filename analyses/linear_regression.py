"""What predicts how far diabetes progresses within a year, and by how much?

A linear regression with Gaussian noise, for the 442 patients of Efron et al. (2004) or for a CSV of
your own (--data, --formula): which measurements go with the outcome, what the data know of
collinear ones only together, and how far a prediction can be trusted.
"""

from functools import partial
from typing import Annotated

from analyses import _command as command, _designs as designs, _grouped, _imputed, _shown
from analyses._study import Study
from data.linear_regression import PATH, load
from models._regression import prior_root
from models.linear_regression import gaussian
from reports.regression import gaussian as told, joint, misfit, priors, regression as words, result
from workflow.quantities import named, summarise
from workflow.regression import dependence, gaussian as noises, regression as slopes, residuals
from workflow.regression.grouped import with_columns
from workflow.regression.hanging import hanging

NOISES = (0.5, 1.0, 2.0)
SLOPES = {"r2": (0.05, 0.2, 0.5, 0.8, 0.99), "slope_sd": (0.05, 0.15, 0.5, 1.5, 5.0)}
USUAL = {"r2": 0.5, "slope_sd": 0.5}


def main(
    data: command.Data = PATH,
    formula: command.Formula = None,
    drop_missing: command.DropMissing = False,
    ordered: command.Ordered = False,
    prior: command.Prior = "predictive",
    r2: command.R2 = None,
    slope_sd: command.SlopeSd = None,
    noise: Annotated[
        float, command.number("Prior mean of the noise, in sds of the outcome.")
    ] = 1.0,
    between: command.Between = None,
    sure: Annotated[
        float, command.number("A direction is known from this probability on.", above=0.5, below=1)
    ] = 0.975,
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
    found = load(data, formula, drop_missing=drop_missing, reading=reading)
    outcome, terms, groups = found.outcome, found.terms, found.groups and found.groups.of_row
    settings |= (varying := _grouped.knob(found, between))
    name = about = str(outcome.name)
    question = f"What predicts {name}, and by how much?"
    if data.resolve() == PATH and formula is None and reading == command.AS_IT_IS:
        name, about = "progression", "progression, a clinical score a year after the measurements"
        question = __doc__.splitlines()[0]

    # The question, and the model that answers it. ADVI begins to run on the other core.
    build = partial(gaussian, terms, outcome, groups, **knob_of, noise=noise, **varying)
    knobs = {"noise": NOISES, **named(SLOPES, *knob_of), **named(_grouped.SPREADS, *varying)}
    kept = designs.of_regression(found, designs.GAUSSIAN)
    study = Study("linear_regression", question, build, settings, knobs=knobs, design=kept)

    # The data, and what the model makes of their scales.
    study.data(*words.data(outcome, terms, found.notes, about, told.LOSS))
    words.warn_of_few(study.page, terms)
    _shown.kind(study, found)

    # The draws, and which directions are known from them.
    found, posterior = _imputed.completed(study, found, study.sample(ordered=ordered))
    terms = found.terms
    hangs = hanging(posterior, terms, outcome)
    decision = study.decide(partial(slopes.known_directions, sure=sure, but=hangs.terms))
    words.warn_of_hanging(study.page, hangs)
    study.describe(words.used_twice(of_outcome=True), words.scales(terms, outcome))

    # Are the rows independent, beyond what the terms say?
    left = dependence.residuals(posterior, terms, outcome)
    study.independent(left, found.beside, ordered=ordered)

    # Prior predictive check: does the prior expect outcomes like these?
    drawn, raw = study.tree["prior"].to_dataset(), residuals.outcome_statistics(name)
    expected = slopes.explained(drawn, terms, drawn["sigma"])
    study.prior(
        priors.expected(knob_of, outcome.std(), name),
        told.prior(noise, float(outcome.std()), expected, groups),
        told.prior_figure(expected, drawn["sigma"], name),
        statistics={"y": raw},
        held="outcomes like the observed for unlikely",
        advice=f"Look at --{next(iter(knob_of)).replace('_', '-')} and --noise; one value far from "
        "all the others does this too.",
    )

    # May anyone believe the draws, and does the model reproduce the data?
    study.gate(["beta", "sigma"])
    quantities = summarise(posterior)
    looked, used = terms.iloc[study.rows], residuals.predicted_from(study.tree)
    study.fit(
        misfit.GAUSSIAN + misfit.RESIDUALS,
        statistics={"y": raw | residuals.residual_statistics(used, looked, ordered=ordered)},
        misfit="The model does not reproduce this side of the data",
        advice="Predictions of single rows are off there: try a transformation (log), a product or "
        "a square in --formula, or robust_regression for heavy tails.",
        then=lambda checks: [
            *_shown.fit(study, posterior, found, name, checks, ordered=ordered),
            *misfit.told(study.page, posterior, terms, outcome, quantities, checks),
        ],
    )
    if found.gaps is None:
        priors.warn_of_held_back(study.page, knob_of, posterior, terms, outcome)

    # What the data know: each slope, pairs of slopes, single predictions.
    prob = slopes.rises(posterior["beta"])
    contrasts = slopes.contrasts(posterior["beta"])
    together, both = summarise(contrasts.to_dataset(name="together")), slopes.rises(contrasts)
    only = joint.only_together(together, both, prob, sure, name, terms, hangs.terms)
    share = slopes.explained(posterior, terms, posterior["sigma"]).to_dataset(name="r2")
    quantities |= summarise(share)
    root, variance = prior_root(terms, **knob_of) * outcome.std(), quantities["sigma"].median ** 2
    whole = found.whole  # rows without gaps: the others are filled by what their outcome says
    wide, roots = with_columns(posterior, terms.loc[whole], root)
    unseen = noises.r2_left_out(wide, outcome.loc[whole], roots, variance, seed=seed)
    study.section(
        "What the data say",
        words.estimates(
            f"Coefficients in their own units ({name} per unit of the term)",
            named(quantities, "slope", "intercept", "sigma"),
            prob,
            hangs,
        ),
        told.explained(quantities["r2"], unseen, groups),
        *joint.known_together(together, named(quantities, "beta"), words.step(terms)),
    )
    quantities |= _grouped.told(study, posterior, found, f"units of {name}", noise="sigma")
    _imputed.told(study, found)
    _shown.effects(study, posterior, found, name, hangs)
    ranked = words.by_size(named(quantities, "beta"))
    alone = formula is None and terms[ranked[0]].nunique() > 2  # a column, not a part of several
    chosen = slopes.telling_rows(terms.loc[whole], ranked[0] if alone else None)
    split = noises.uncertainty(posterior, chosen, seed=seed)
    study.section("How far can a prediction be trusted?", *told.predictions(split, chosen, name))
    if found.gaps is None:
        ridge = noises.ridge(wide, outcome, roots, variance)[list(terms)]
        free = noises.least_squares(terms, outcome) if noises.free(terms, groups) else None
        ratio = quantities["sigma"].median / root[0, 0]
        beside = priors.shrunk(knob_of, ridge, free, quantities, ratio)
        study.section("What does the prior do to the coefficients?", *beside)

    # Would ADVI have done, and does the prior decide?
    study.sweep(dict, ["slope", "sigma"])
    study.advi()
    study.sensitivity(
        shown := study.most_moved(named(quantities, "slope")),
        f"The knobs are {priors.knob(knob_of)}, and the prior mean of the noise, in sds of the "
        f"outcome{_grouped.knob_words(varying)}. Shown is what moves most: {shown}.",
        unit=words.unit(name, shown, found.phrases),
    )

    # The decision, and what to say of it on the first screen.
    study.section(
        "The decision",
        f"Rule: the direction of a term is known if its probability is {sure:g} or more (--sure), "
        "given all the other terms. A term without a known direction may matter all the same: too "
        "few rows leave it open, a small slope does, and so do terms that go together.",
        words.by_chance(terms.shape[1], sure),
    )
    more, sd = told.share(unseen, groups), float(outcome.std())
    return study.save(
        words.answer(
            decision, ranked, quantities, prob, sure, name, more, only, found.phrases, hangs
        ),
        words.picture(named(quantities, "beta"), name, sd, per=words.step(terms)),
        result.terms(ranked, quantities, prob, sure, name, words.step(terms), found.phrases, hangs),
        quantities,
        prob,
    )


if __name__ == "__main__":
    command.run(main)
