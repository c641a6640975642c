"""What share of income goes on food, and what does it go with?

A Beta regression for the 38 households of Griffiths, Hill and Judge (1993) or for a CSV of your own
(--data, --formula): which terms go with a share between 0 and 1, by how many percentage points, and
where the share of a new row lies. The noise is a Beta distribution; predicted is the mean share.
"""

from functools import partial
from typing import Annotated

from analyses import _command as command, _designs as designs, _grouped, _imputed, _shown
from analyses._study import Study
from data.proportion_regression import PATH, load
from models.proportion_regression import beta_shares
from reports.regression import priors, regression as words, result, shares as told
from workflow.predicting.groups import of_new_group
from workflow.predicting.shares import predict
from workflow.quantities import named, summarise
from workflow.regression import regression as slopes, residuals, shares
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
        float, command.number("Prior mean of the noise, against the outcome's own spread.")
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
    question = f"What does {name} go with, and by how many percentage points?"
    if data.resolve() == PATH and formula is None and reading == command.AS_IT_IS:
        name, about = "food share", "the share of a household's income that goes on food"
        question = __doc__.splitlines()[0]

    # The question, and the model that answers it. ADVI begins to run on the other core.
    build = partial(beta_shares, terms, outcome, groups, **knob_of, noise=noise, **varying)
    knobs = {"noise": NOISES, **named(SLOPES, *knob_of), **named(_grouped.SPREADS, *varying)}
    kept = designs.of_regression(found, designs.SHARE)
    study = Study("proportion_regression", question, build, settings, knobs=knobs, design=kept)

    # The data, and which loss the noise is.
    study.data(*words.data(outcome, terms, found.notes, about, told.LOSS))
    words.warn_of_few(study.page, terms)

    # The draws, and which directions are known from them.
    found, posterior = _imputed.completed(study, found, study.sample(ordered=ordered))
    terms = found.terms
    hangs = hanging(posterior, terms, outcome)
    decision = study.decide(partial(slopes.known_directions, sure=sure, but=hangs.terms))
    words.warn_of_hanging(study.page, hangs)
    study.describe(words.used_twice(of_outcome=True), words.scales(terms, outcome))

    # Are the rows independent, beyond what the terms say?
    left = shares.residuals(posterior, terms, outcome)
    study.independent(left, found.beside, ordered=ordered)

    # Prior predictive check: does the prior expect shares like these?
    looked, drawn = terms.iloc[study.rows], study.tree["prior"].to_dataset()
    expected, scatter = shares.explained(drawn, looked), shares.scatter(drawn, outcome)
    study.prior(
        priors.expected(knob_of, shares.logit_sd(outcome), f"the logit of {name}"),
        told.prior(noise, scatter, expected, groups),
        told.prior_figure(expected, scatter),
        statistics={"y": residuals.outcome_statistics(name)},
        held="shares like the observed for unlikely",
        advice=f"Look at --{next(iter(knob_of)).replace('_', '-')} and --noise.",
    )

    # May anyone believe the draws, and does the model reproduce the data?
    study.gate(["beta", "precision"])
    quantities, used = summarise(posterior), residuals.predicted_from(study.tree)
    over = residuals.residual_statistics(used, looked, ordered=ordered, mean=shares.expit)
    seen = outcome.iloc[study.rows]
    instead = shares.expected(posterior, looked), shares.standardised(posterior, looked, seen)
    study.fit(
        told.FIT,
        statistics={"y": shares.statistics(name) | over},
        misfit="The model does not reproduce this side of the data",
        advice="Predictions of single rows are off there: try a transformation of a predictor, a "
        "product or a square in --formula.",
        then=lambda checks: _shown.fit(
            *(study, posterior, found, name, checks),
            ordered=ordered,
            instead=instead,
            remedies=told.REMEDIES,
        ),
    )
    _imputed.warn_of_held_back(study, found, knob_of, posterior)

    # What the data say: coefficients on the logit scale, and percentage points of the share.
    prob, step = slopes.rises(posterior["beta"]), words.step(terms)
    points = summarise(shares.points(posterior, looked))
    r2_found = shares.explained(posterior, looked).to_dataset(name="r2")
    quantities |= summarise(r2_found) | points
    in_points, phrases = told.as_slopes(points), told.in_points(found.phrases, terms)
    study.section(
        "What the data say",
        told.points(named(points, "points"), name),
        words.estimates(
            told.OWN.format(name=name),
            named(quantities, "slope", "intercept", "precision"),
            prob,
            hangs,
        ),
    )
    _grouped.told(study, posterior, found, f"units of the logit of {name}", mean=shares.expit)
    _imputed.told(study, found, scored="none")
    _shown.effects(study, posterior, found, name, hangs, kind="share")
    ranked = words.by_size(named(quantities, "beta"))
    alone = formula is None and terms[ranked[0]].nunique() > 2  # a column, not a part of several
    chosen = slopes.telling_rows(terms.loc[found.whole], ranked[0] if alone else None)
    of_new = of_new_group(posterior, chosen, terms.mean().to_numpy(dtype=float), seed=seed)
    new = told.predictions(predict(*of_new, seed=seed), name, groups)
    study.section("How far can a prediction be trusted?", *new)

    # Would ADVI have done, and does the prior decide?
    study.sweep(dict, ["slope", "precision"])
    study.advi()
    study.sensitivity(
        shown := study.most_moved(named(quantities, "slope")),
        f"The knobs are {priors.knob(knob_of)}, and the prior mean of the noise, against the "
        f"outcome's own spread{_grouped.knob_words(varying)}. Shown is what moves most: {shown}.",
        unit=words.unit(f"logit of {name}", shown, found.phrases),
    )

    # The decision, and what to say of it on the first screen.
    study.section(
        "The decision",
        f"Rule: the direction of a term is known if its probability is {sure:g} or more (--sure), "
        "given all the other terms. A term without a known direction may matter all the same: too "
        "few rows leave it open, a small slope does, and so do terms that go together.",
        words.by_chance(terms.shape[1], sure),
    )
    more, share = told.explained(quantities["r2"], groups), f"{name}, percentage points"
    return study.save(
        words.answer(decision, ranked, in_points, prob, sure, name, more, (), phrases, hangs),
        words.picture(named(in_points, "beta"), share, per=step),
        result.terms(ranked, in_points, prob, sure, share, step, found.phrases, hangs),
        quantities,
        prob,
    )


if __name__ == "__main__":
    command.run(main)
