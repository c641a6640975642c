"""Which of 64 terms matter for how far diabetes progresses within a year?

A linear regression with many terms under a Laplace prior, for the ten measurements of Efron et al.
(2004) with their squares and products or for a CSV of your own (--data, --formula): which terms
have a known direction, the few that predict as well as all, and what the lasso would have said.
"""

from functools import partial
from typing import Annotated

from analyses import _command as command, _designs as designs, _shown, _sparse as sparse
from analyses._study import Study
from data.sparse_regression import PATH, load
from models.sparse_regression import laplace
from reports.regression import gaussian as told, misfit, regression as words, result, sparse as said
from workflow.quantities import expectations, named, summarise
from workflow.regression import dependence, regression as slopes, residuals
from workflow.regression.hanging import hanging

SHOWN = 6  # terms of the first screen
WIDTHS = {"r2": (0.2, 0.5, 0.8), "noise": (0.5, 1.0, 2.0)}


def main(
    data: command.Data = PATH,
    formula: command.Formula = None,
    drop_missing: command.DropMissing = False,
    ordered: command.Ordered = False,
    r2: Annotated[
        float, command.rate("Share of the variance that all terms are expected to explain.")
    ] = 0.5,
    noise: Annotated[
        float, command.number("Prior mean of the noise, in sds of the outcome.")
    ] = 1.0,
    relevant: Annotated[
        float | None,
        command.number("Of the horseshoe beside: terms expected to matter; else one in eight."),
    ] = None,
    matters: Annotated[
        float, command.number("A coefficient matters from this size on, in sds of the outcome.")
    ] = 0.05,
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
    found = load(data, formula, drop_missing=drop_missing, reading=reading)
    outcome, terms, k = found.outcome, found.terms, found.terms.shape[1]
    expected = sparse.expected(relevant, k)
    name = about = str(outcome.name)
    question = f"Which of {k} terms matter for {name}?"
    if data.resolve() == PATH and formula is None and reading == command.AS_IT_IS:
        about = "progression, a clinical score a year after the measurements"
        question = __doc__.splitlines()[0]

    # The question, and the model that answers it. ADVI begins to run on the other core.
    build = partial(laplace, terms, outcome, r2=r2, noise=noise)
    kept = designs.of_regression(found, designs.GAUSSIAN)
    study = Study("sparse_regression", question, build, settings, knobs=WIDTHS, design=kept)

    # The data, and what the model makes of their scales.
    study.data(*words.data(outcome, terms, found.notes, about, told.LOSS))
    words.warn_of_few(study.page, terms)
    _shown.kind(study, found)

    # The draws, and which directions are known from them.
    posterior = study.sample(ordered=ordered, fits=2)
    hangs = hanging(posterior, terms, outcome)
    decision = study.decide(partial(slopes.known_directions, sure=sure, but=hangs.terms))
    words.warn_of_hanging(study.page, hangs)
    study.describe(words.used_twice(of_outcome=True), words.scales(terms, outcome))

    # Are the rows independent, beyond what the terms say?
    left = dependence.residuals(posterior, terms, outcome)
    study.independent(left, found.beside, ordered=ordered)

    # Prior predictive check: does the prior expect outcomes like these?
    before, raw = study.tree["prior"].to_dataset(), residuals.outcome_statistics(name)
    implied = slopes.explained(before, terms, before["sigma"])
    study.prior(
        said.prior(r2, k, float(outcome.std()), name),
        told.prior(noise, float(outcome.std()), implied),
        told.prior_figure(implied, before["sigma"], name),
        statistics={"y": raw},
        held="outcomes like the observed for unlikely",
        advice="Look at --r2 and --noise; one value far from all the others does this too.",
    )

    # May anyone believe the draws, and does the model reproduce the data?
    study.gate(["beta", "sigma", "width"])
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

    # Which few would do, and does the mean of the posterior predict better than its mode?
    small, rows, mean = sparse.submodels(study, posterior, terms, outcome, name)
    prior = {"relevant": expected, "noise": noise}
    made = sparse.estimates(study, posterior, mean, rows, terms, outcome, name, prior)

    # What the data say of each term.
    prob = slopes.rises(posterior["beta"])
    relevance = expectations("prob_relevant", abs(posterior["beta"]) > matters)
    ranked = words.by_size(named(quantities, "beta"))
    study.section(
        "What the data say",
        words.estimates(
            f"Coefficients in their own units ({name} per unit of the term)",
            named(quantities, "slope", "intercept", "sigma"),
            prob,
            hangs,
        ),
        said.width(quantities["width"]),
        sparse.by_term(ranked, list(map(str, terms)), made, relevance, hangs),
    )
    _shown.effects(study, posterior, found, name, hangs)

    # Would ADVI have done, and does the prior decide?
    study.sweep(dict, ["slope", "sigma", "width"])
    study.advi()
    study.sensitivity(
        shown := study.most_moved(named(quantities, "slope")),
        "The knobs are the share of the variance that all terms are expected to explain, r2, and "
        f"the prior mean of the noise, in sds of the outcome. Shown is what moves most: {shown}.",
        unit=words.unit(name, shown, found.phrases),
    )

    # The decision, and what to say of it on the first screen.
    study.section(
        "The decision",
        f"Rule: the direction of a term is known if its probability is {sure:g} or more (--sure), "
        "given all the other terms. A term without a known direction may matter all the same: too "
        "few rows leave it open, a small slope does, and so do terms that go together.",
        words.by_chance(k, sure),
    )
    known, step = slopes.signs(posterior["beta"], sure), words.step(terms)
    first = {key: quantities[key] for term in ranked[:SHOWN] if (key := f"beta[{term}]")}
    return study.save(
        said.answer(
            *(decision, ranked, quantities, known, name, small, hangs),
            words.chance(k, sure),
            found.phrases,
        ),
        words.picture(first, name, float(outcome.std()), per=step),
        result.terms(ranked, quantities, prob, sure, name, step, found.phrases, hangs, most=SHOWN),
        quantities,
        prob | relevance,
    )


if __name__ == "__main__":
    command.run(main)
