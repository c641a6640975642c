"""What predicts the loss of ammonia from a plant, and do a few odd days decide it?

A linear regression with Student-t noise, for the stack loss of Brownlee (1965) or for a CSV of your
own (--data, --formula), beside its Gaussian rival: which slopes hold under both, which rows count
for less, and whether the data can tell heavy tails at all.
"""

from functools import partial
from typing import Annotated

from analyses import _command as command, _designs as designs, _grouped, _imputed, _shown
from analyses._larger_data import blocks as of_larger_data
from analyses._study import Study
from data.robust_regression import LARGE, PATH, load
from models.linear_regression import gaussian
from models.robust_regression import student_t
from reports.regression import misfit, priors, regression, robust, tail_tables, tails as said
from workflow.quantities import named, original_scale, summarise
from workflow.regression import dependence, regression as slopes, residuals, rivals, tails, weights
from workflow.sampling.fit import sample_nuts

DAYS = (
    "The rows are days in their order at one plant, and the model takes them as exchangeable; "
    "whether neighbours are alike is checked below. The acid's concentration is coded as (per "
    "cent − 50) × 10. Other analyses call rows 1, 3, 4 and 21 outliers: here lines 2, 4, 5 and "
    "22, because the header is line 1."
)
SLOPES = {"r2": (0.2, 0.5, 0.8, 0.95), "slope_sd": (0.25, 0.5, 1.0, 2.0)}
USUAL = {"r2": 0.5, "slope_sd": 0.5}
TAILS = (3.0, 5.0, 20.0, 100.0)  # prior means of nu


def main(
    data: command.Data = PATH,
    formula: command.Formula = None,
    drop_missing: command.DropMissing = False,
    ordered: command.Ordered = False,
    prior: command.Prior = "predictive",
    r2: command.R2 = None,
    slope_sd: command.SlopeSd = None,
    noise: Annotated[
        float, command.number("Prior mean of the noise's scale, in sds of the outcome.")
    ] = 1.0,
    nu_mean: Annotated[
        float, command.number("Prior mean of nu, the t's degrees of freedom.", above=2)
    ] = 20.0,
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
    outcome, terms, notes, n = found.outcome, found.terms, [*found.notes], len(found.outcome)
    groups = found.groups and found.groups.of_row
    settings |= (varying := _grouped.knob(found, between))
    shipped = data.resolve() == PATH and formula is None and reading == command.AS_IT_IS
    name = unit = whole = str(outcome.name)
    question, in_order = f"What predicts {name}, and do a few rows decide?", ordered or shipped
    if shipped:
        name, unit = "stack loss", "stack loss (tenths of a per cent)"
        whole = "the stack loss, in tenths of a per cent of the ammonia"
        question, notes = __doc__.splitlines()[0], [*notes, DAYS]

    # The question, and the model that answers it. ADVI begins to run on the other core.
    scales = {**knob_of, "noise": noise, **varying}
    knobs = {**named(SLOPES, *knob_of), "nu_mean": TAILS, **named(_grouped.SPREADS, *varying)}
    build = partial(student_t, terms, outcome, groups, **scales, nu_mean=nu_mean)
    others, kept = [LARGE] if shipped else [], designs.of_regression(found, designs.STUDENT_T)
    asked = "robust_regression", question, build, settings
    study = Study(*asked, knobs=knobs, others=others, design=kept)

    # The data, and what the model makes of their scales.
    study.data(*regression.data(outcome, terms, notes, whole, robust.LOSS))
    regression.warn_of_few(study.page, terms)
    _shown.kind(study, found)

    # The draws of both models: which kind of noise predicts better? Are the rows independent?
    drawn = study.sample(ordered=in_order, fits=2)
    found, posterior = _imputed.completed(study, found, drawn)
    study.step("the Gaussian rival")
    rival = gaussian(terms, outcome, groups, **scales)
    again = partial(sample_nuts, draws=draws, tune=tune, chains=chains, seed=seed)
    other, tree = study.beside(rival, {"draws": draws, "tune": tune, "chains": chains})
    compiled, models, trees = (study.by_row, other), (study.model, rival), (study.tree, tree)
    study.step("leave-one-out")
    assess = partial(rivals.assess, draws=draws, tune=tune, chains=chains, seed=seed)
    both, terms = assess(compiled, models, trees, terms, outcome, at=study.rows), found.terms
    study.decide(partial(both.decide, sure=sure), both.decided(posterior, sure))
    regression.warn_of_hanging(study.page, both.hanging)
    scaled = regression.used_twice(of_outcome=True), regression.scales(terms, outcome)
    study.describe(robust.RIVAL, *scaled)
    left = dependence.residuals(posterior, terms, outcome)
    study.independent(left, found.beside, ordered=in_order)

    # Prior predictive check: does the prior expect outcomes like these?
    before, raw = study.tree["prior"].to_dataset(), residuals.outcome_statistics(name)
    study.prior(
        priors.expected(knob_of, outcome.std(), name),
        f"The scale of the noise is expected near {noise * outcome.std():.3g} units (--noise). "
        + robust.prior(nu_mean, rivals.prob_heavy(before).value),
        robust.prior_figure(rivals.share_explained(before, terms), before["nu"]),
        statistics={"y": raw},
        held="outcomes like the observed for unlikely",
        advice=f"Look at --{next(iter(knob_of)).replace('_', '-')} and --noise.",
    )

    # May anyone believe the draws, and does the model reproduce the data?
    study.gate(["beta", "scale", "nu"], robust.rival(both.gaussian.diagnosis))
    looked, used = terms.iloc[study.rows], residuals.predicted_from(study.tree)
    quantities = original_scale(summarise(posterior))
    study.fit(
        robust.fit(in_order) + misfit.RESIDUALS,
        statistics={"y": raw | residuals.residual_statistics(used, looked, ordered=in_order)},
        misfit="The model does not reproduce this side of the data",
        advice="Try a transformation (log), a product or a square in --formula. A spread that "
        "changes can pass for heavy tails.",
        then=lambda checks: [
            *robust.below_zero(name, outcome.min(), checks[1].lower),
            *_shown.fit(study, posterior, found, name, checks, ordered=in_order),
            *misfit.told(study.page, posterior, terms, outcome, quantities, checks),
        ],
    )
    _imputed.warn_of_held_back(study, found, knob_of, posterior)

    # What the data say under both, and which rows count for less.
    normal = both.gaussian.posterior
    theirs, prob = summarise(normal), slopes.rises(posterior["beta"])
    beside = theirs, slopes.rises(normal["beta"])
    table = tail_tables.side_by_side((quantities, prob), beside, both.hanging)
    study.section("What the data say", table)
    _grouped.told(study, posterior, found, f"units of {name}")
    _imputed.told(study, found, scored="all")
    _shown.effects(study, posterior, found, name, both.hanging)
    rows, step = weights.by_row(drawn, terms, outcome), weights.step_by_row(posterior, n)
    study.section("Which rows count for less?", *robust.rows(rows, name, step))

    # Can the data tell the tails?
    change = tails.moved(before["nu"], posterior["nu"])
    here = f"{n:,} rows{' of stack loss' if shipped else ''}"
    curves = {"prior": before["nu"], here: posterior["nu"]}
    of_tails = robust.told("nu", curves, change, both, caption="nu before and after the data.")
    study.section("Can the data tell the tails?", *of_tails, said.rule(n))
    if shipped:
        study.step("the larger data set")
        study.section(
            "Can more rows tell the tails?",
            *of_larger_data(compiled, curves, scales, nu_mean, again, assess, seed),
        )
    if study.sound:
        said.warn_of_failures(study.page, both.student, both.gaussian)

    # Does the prior decide, and would ADVI have done?
    least, ranked = rows.index[0], regression.by_size(named(quantities, "beta"))
    weight = partial(weights.mean_weights, terms=terms.loc[[least]], outcome=outcome.loc[[least]])
    study.sweep(dict, ["slope", "nu", "scale"], measure=weight)
    study.advi()
    study.sensitivity(
        shown := f"slope[{ranked[0]}]",
        robust.knobs(priors.knob(knob_of) + _grouped.knob_words(varying), exact=found.gaps is None),
        unit=regression.unit(name, shown, found.phrases),
        then=robust.by_prior(study.swept, least, knob_of),
    )

    # The decision, and what to say of it on the first screen.
    study.section(
        "The decision",
        said.rule(n),
        f"The direction of a term is known if its probability is {sure:g} or more (--sure), given "
        "all the other terms. What is known under both kinds of noise does not hang on the tails.",
    )
    known = slopes.signs(posterior["beta"], sure), slopes.signs(normal["beta"], sure)
    about = ranked, (quantities, theirs), known
    return study.save(
        robust.answer(both, *about, rows, change, name, found.phrases),
        robust.picture(quantities, theirs, unit, terms, scale=float(outcome.std())),
        robust.result(*about, name, regression.step(terms), found.phrases, both.hanging),
        quantities | {f"gaussian_{key}": q for key, q in theirs.items()},
        prob | rivals.scalars(posterior, both.gap),
    )


if __name__ == "__main__":
    command.run(main)
