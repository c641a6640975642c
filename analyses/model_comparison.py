"""Which formula predicts the weight of a bush best, and does it matter?

Several linear regressions of one outcome, as it is or as a function of it (its logarithm), compared
by rows left out, K-fold, AIC, BIC and Bayes factors: for the mesquite bushes of Gelman, Hill and
Vehtari (2020), or for a CSV of your own (--data, and a --formula for each).
"""

from typing import Annotated

from analyses import _command as command, _formula_told, _formulas, _shown
from analyses._study import Study
from data.model_comparison import PATH, load
from reports.regression import criteria, formula_answer as said, prior_widths, regression
from workflow.quantities import named, summarise
from workflow.regression import regression as slopes

NOISES = (0.5, 1.0, 2.0)
SLOPES = {"r2": (0.05, 0.2, 0.5, 0.8, 0.99), "slope_sd": (0.05, 0.15, 0.5, 1.5, 5.0)}
USUAL = {"r2": 0.5, "slope_sd": 0.5}


def main(
    data: command.Data = PATH,
    formula: command.Formulas = None,
    drop_missing: command.DropMissing = False,
    ordered: command.Ordered = False,
    prior: command.Prior = "predictive",
    r2: command.R2 = None,
    slope_sd: command.SlopeSd = None,
    noise: Annotated[
        float, command.number("Prior mean of the noise, in sds of what is predicted.")
    ] = 1.0,
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
    formulas = load(data, formula, drop_missing=drop_missing, reading=reading)

    # All formulas, scored without draws; the best one that has terms is told in full.
    beside = _formulas.beside(data, formulas, knob_of, noise, draws=draws, chains=chains, seed=seed)
    compared, full = beside.compared, beside.told
    found, terms, outcome = full.found, full.found.terms, full.found.outcome
    name = about = str(found.columns.columns[0])
    question = f"Which formula predicts {name} best, and does it matter?"
    if data.resolve() == PATH and formula is None and reading == command.AS_IT_IS:
        name, about = "weight", "the weight of a bush, in grams, as a logarithm or as it is"
        question = __doc__.splitlines()[0]
    predicted = str(outcome.name)

    # The model that is told. ADVI begins to run on the other core.
    knobs = {"noise": NOISES, **named(SLOPES, *knob_of)}
    build, kept = beside.build(noise), beside.kept
    study = Study("model_comparison", question, build, settings, knobs=knobs, design=kept)

    # The data, and the formulas.
    study.data(
        *regression.data(outcome, terms, found.notes, about, said.LOSS),
        criteria.formulas([(one.name, one.text) for one in formulas]),
        said.told_in_full(full.name, compared, [one.name for one in formulas]),
    )
    regression.warn_of_few(study.page, terms)
    _shown.kind(study, found, formula=full.text)
    study.describe(regression.used_twice(of_outcome=True), regression.scales(terms, outcome))

    # The draws of one formula, and which formula predicts rows best that were left out.
    posterior = study.sample(ordered=ordered)
    decision = study.decide(beside.decide)
    hangs = _formula_told.rows(study, full, posterior, terms, ordered=ordered)

    # Of that formula: its prior, whether anyone may believe the draws, and whether it fits.
    _formula_told.prior(study, full, knob_of, noise)
    study.gate(["beta", "sigma"])
    quantities, prob = summarise(posterior), slopes.rises(posterior["beta"])
    _formula_told.fit(study, full, posterior, quantities, ordered=ordered)

    # Which formula, by which criterion, and does it matter?
    study.section(
        "Which formula?",
        criteria.trusted(compared),
        criteria.left_out(compared),
        criteria.evidence(compared),
        criteria.criteria(compared),
        line=said.line(compared, decision),
    )
    study.section("Does it matter?", said.matters(compared, name), criteria.matter(compared, name))
    widths = beside.widths()
    width, best = compared.prior.width, compared.best.name
    study.section(
        "Bayes factors, and the width of the prior",
        prior_widths.drawn(widths, best, width),
        prior_widths.table(widths, best, width),
        line=prior_widths.line(widths),
    )
    said.warn_of_turning(study.page, widths, compared)
    study.section(
        f"What do the terms of “{full.name}” do?",
        regression.estimates(
            f"Coefficients in their own units ({predicted} per unit of the term)",
            named(quantities, "slope", "intercept", "sigma"),
            prob,
            hangs,
        ),
    )

    # Would ADVI have done, and does the prior decide?
    study.sweep(dict, ["slope", "sigma"])
    study.advi()
    study.sensitivity(
        shown := study.most_moved(named(quantities, "slope")),
        said.knobs(knob_of, full.name, shown),
        unit=regression.unit(predicted, shown, found.phrases),
    )

    # The decision, and what to say of it on the first screen.
    study.section("The decision", said.rule(compared.rows))
    return study.save(
        said.answer(compared, decision, name),
        said.picture(compared),
        said.result(compared, decision, name),
        quantities,
        prob,
        {"models": compared.table()},
    )


if __name__ == "__main__":
    command.run(main)
