"""Is contact with the skins worth the bitterness that it gives a wine?

An ordinal regression (cumulative logit, proportional odds), for the 72 ratings of Randall (1989) or
for a CSV of your own whose outcome is ratings, such as 1 to 5 or low, medium, high (--data,
--formula): which terms go with higher ratings, how probable each rating is, and whether one slope
for all ratings will do.
"""

from functools import partial
from math import sqrt
from typing import Annotated

from analyses import _command as command, _designs as designs, _grouped, _imputed, _shown
from analyses._study import Study
from data.ordinal_regression import PATH, above, load
from models.ordinal_regression import NOISE, cumulative
from reports.regression import cuts, effects as said, ordinal as told, priors, regression as words
from workflow.quantities import named, summarise
from workflow.regression import effects, ordinal, proportional, realised, regression as slopes
from workflow.regression.hanging import hanging

SLOPES = {"r2": (0.05, 0.2, 0.5, 0.8, 0.95), "slope_sd": (0.25, 0.75, 1.5, 2.5, 5.0)}
SHARES = (0.5, 1.0, 4.0)
USUAL = {"r2": 0.5, "slope_sd": 1.5}
LOG_ODDS = "log-odds of a higher rating"


def main(
    data: command.Data = PATH,
    formula: command.Formula = None,
    at_least: Annotated[
        str | None,
        command.text(
            "Rating: tell what makes it, or a higher one, more probable; else the middle."
        ),
    ] = None,
    drop_missing: command.DropMissing = False,
    ordered: command.Ordered = False,
    prior: command.Prior = "predictive",
    r2: command.R2 = None,
    slope_sd: command.SlopeSd = None,
    concentration: Annotated[
        float, command.number("Of the Dirichlet prior of the ratings at the average row.")
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
    outcome, terms, ratings = found.outcome, found.terms, found.ratings
    groups = found.groups and found.groups.of_row
    settings |= (varying := _grouped.knob(found, between, usual=1.5))
    at, event = above(found, at_least)
    name = about = str(outcome.name)
    question = f"What goes with a higher {name}?"
    if data.resolve() == PATH and formula is None and reading == command.AS_IT_IS:
        name, about = "bitterness", "the bitterness of a wine, from 1 (least) to 5"
        question = __doc__.splitlines()[0]

    # The question, and the model that answers it. ADVI begins to run on the other core.
    own = {**knob_of, "concentration": concentration, **varying}
    build = partial(cumulative, terms, outcome, ratings, groups, **own)
    knobs = {"concentration": SHARES, **named(SLOPES, *knob_of)}
    knobs |= named(_grouped.SPREADS, *varying)
    kept = designs.of_ratings(found, ratings)
    study = Study("ordinal_regression", question, build, settings, knobs=knobs, design=kept)

    # The data, which loss the noise is, and what the model makes of the scales.
    study.data(told.order(ratings), *words.data(found.told, terms, found.notes, about, told.LOSS))
    words.warn_of_few(study.page, terms)

    # The draws, and which directions are known from them.
    drawn = study.sample(ordered=ordered)
    found, posterior = _imputed.completed(study, found, drawn)
    given, terms, event = terms, found.terms, above(found, at_least)[1]
    hangs = hanging(posterior, terms, found.told)
    decision = study.decide(partial(slopes.known_directions, sure=sure, but=hangs.terms))
    words.warn_of_hanging(study.page, hangs)
    study.describe(words.used_twice(of_outcome=False), words.scales(terms))

    # Are the rows independent, beyond what the terms say?
    left = ordinal.residuals(posterior, terms, outcome)
    study.independent(left, found.beside, ordered=ordered)

    # Prior predictive check: does the prior expect ratings like these?
    looked = terms.iloc[study.rows]
    spread = NOISE * sqrt(knob_of.get("r2", 0) / (1 - knob_of.get("r2", 0)))
    study.prior(
        told.prior(concentration, len(ratings), knob_of, spread),
        statistics={"y": proportional.prior_statistics(looked, ratings)},
        held="ratings like the observed for unlikely",
        advice=f"Look at --{next(iter(knob_of)).replace('_', '-')} and --concentration.",
    )

    # May anyone believe the draws, and does one slope do for every cut?
    study.gate(["beta", "share"])
    quantities = summarise(posterior)
    ranked = words.by_size(named(quantities, "beta"))
    exceeded = ordinal.cumulative(posterior, looked)
    known = realised.probabilities(ordinal.above(drawn, at), given.iloc[study.rows])
    newton = proportional.steps_at(exceeded, looked)
    over = partial(proportional.of_fit, fitted=exceeded, cuts=newton.cuts)
    over = partial(over, ranked=ranked, names=ratings)
    by_cut = proportional.by_cut(newton, posterior, looked, outcome.iloc[study.rows])
    split, middle = ordinal.as_event(study.tree, at), told.event(name, ratings, at)
    study.fit(
        told.FIT,
        statistics={"y": realised.of_draws(over, study.tree, looked)},
        misfit="The model does not reproduce this side of the data",
        advice=cuts.ADVICE,
        then=lambda checks: [
            *cuts.warned(study.page, checks),
            cuts.slopes({one: by_cut[one] for one in ranked}, newton.cuts, ratings, checks),
            told.observed(ordinal.counts(study.tree, len(ratings)), ratings),
            *_shown.fit(
                *(study, posterior, event, middle, checks),
                p=exceeded[:, at - 1],
                known=known,
                tree=split,
            ),
        ],
    )

    # What the data say, of each cut and of each rating.
    prob = slopes.rises(posterior["beta"])
    study.section(
        "What the data say",
        told.CUTS,
        words.estimates(
            f"Slopes and cuts in their own units ({LOG_ODDS} per unit of the term)",
            named(quantities, "slope", "cut"),
            prob,
            hangs,
        ),
    )
    _grouped.told(study, posterior, found, f"units of the {LOG_ODDS}", mean=None)
    _imputed.told(study, found, scored="none")
    pages = ordinal.above(posterior, at), event, middle
    made = effects.effects(*pages, kind="logit", seed=seed)
    study.section(
        f"What does each term do to {middle}?",
        *said.blocks(made, hangs),
        told.by_rating(ordinal.by_rating(posterior, event, seed=seed), ratings),
    )

    # Would ADVI have done, and does the prior decide?
    study.sweep(dict, ["slope", "cut"])
    study.advi()
    study.sensitivity(
        shown := study.most_moved(named(quantities, "slope")),
        f"The knobs are {priors.knob(knob_of)}, and the concentration of the ratings' "
        f"prior{_grouped.knob_words(varying)}. Shown is what moves most: {shown}.",
        unit=words.unit(LOG_ODDS, shown, found.phrases),
    )

    # The decision, and what to say of it on the first screen.
    study.section(
        "The decision",
        f"Rule: the direction of a term is known if its probability is {sure:g} or more (--sure), "
        "given all the other terms. Whether what it goes with is worth it, the difference of "
        f"probabilities tells, here of {middle} (--at-least names another rating).",
        words.by_chance(terms.shape[1], sure),
    )
    return study.save(
        told.answer(decision, made, ranked, prob, sure, name, found.phrases, hangs),
        words.picture(named(quantities, "beta"), LOG_ODDS, per=words.step(terms)),
        told.result(made, prob, sure, hangs),
        quantities,
        prob,
    )


if __name__ == "__main__":
    command.run(main)
