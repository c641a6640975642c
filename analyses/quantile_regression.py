"""What do the poorest and the richest spend on food, and which of them differ more?

A quantile regression for the 235 households of Engel's data or for a CSV of your own (--data,
--formula): a line for each of several quantiles of the outcome (--quantiles), so that it is seen
where the outcome spreads more, and not its middle alone.
"""

from functools import partial
from typing import Annotated

from analyses import _command as command, _designs as designs, _quantiles, _shown
from analyses._study import Study
from data.quantile_regression import PATH, load
from models.quantile_regression import quantile_lines
from reports.regression import priors, quantile_result, quantiles as told, regression as words
from workflow.predicting.quantiles import predict
from workflow.quantities import named, summarise
from workflow.regression import hanging, quantiles as lines, regression as slopes, residuals

NOISES = (0.5, 1.0, 2.0)
SLOPES = {"r2": (0.05, 0.2, 0.5, 0.8, 0.99), "slope_sd": (0.05, 0.15, 0.5, 1.5, 5.0)}
USUAL = {"r2": 0.5, "slope_sd": 0.5}


def main(
    data: command.Data = PATH,
    formula: command.Formula = None,
    quantiles: Annotated[
        str, command.text("Which quantiles of the outcome have a line: two to nine, in order.")
    ] = "0.05,0.25,0.5,0.75,0.95",
    drop_missing: command.DropMissing = False,
    ordered: command.Ordered = False,
    prior: command.Prior = "predictive",
    r2: command.R2 = None,
    slope_sd: command.SlopeSd = None,
    noise: Annotated[
        float, command.number("Prior mean of what a line costs, against none of the terms.")
    ] = 1.0,
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
    levels = command.quantiles(quantiles)
    found = load(data, formula, drop_missing=drop_missing, reading=reading)
    outcome, terms = found.outcome, found.terms
    name = about = str(outcome.name)
    question = f"With what does {name} spread more, and with what less?"
    if data.resolve() == PATH and formula is None and reading == command.AS_IT_IS:
        name, about = "food spending", "what a household spends on food a year, in Belgian francs"
        question = __doc__.splitlines()[0]

    # The question, and the model that answers it. ADVI begins to run on the other core.
    build = partial(quantile_lines, terms, outcome, levels, **knob_of, noise=noise)
    knobs = {"noise": NOISES, **named(SLOPES, *knob_of)}
    kept = designs.of_quantiles(found, _quantiles.known(terms, outcome, knob_of))
    study = Study("quantile_regression", question, build, settings, knobs=knobs, design=kept)

    # The data, and which loss the noise is.
    study.data(*words.data(outcome, terms, found.notes, about, told.LOSS))
    words.warn_of_few(study.page, terms)
    _shown.kind(study, found, lost=told.LOST)

    # The draws, put right, and with which terms the outcome is known to spread more or less.
    by_noise, hangs = study.sample(ordered=ordered), hanging.alone(terms)
    right = partial(_quantiles.right, terms=terms, outcome=outcome, knob_of=knob_of)
    posterior = right(by_noise)
    decision = study.decide(partial(_quantiles.decide, right=right, sure=sure, but=hangs.terms))
    words.warn_of_hanging(study.page, hangs)
    told.warn_of_few(study.page, levels, len(terms), terms.shape[1] + 1)
    scales = words.used_twice(of_outcome=True), words.scales(terms, outcome)
    study.describe(told.DEVICE, *scales)

    # Are the rows independent, beyond what the terms say?
    left = lines.residuals(posterior, terms, outcome)
    study.independent(left, found.beside, ordered=ordered)

    # Prior predictive check: does the prior expect outcomes like these?
    middle, raw = lines.middlemost(levels), residuals.outcome_statistics(name)
    study.prior(
        priors.expected(knob_of, outcome.std(), name),
        told.prior(noise),
        statistics={"y": lines.outcome_statistics(raw, middle)},
        held="outcomes like the observed for unlikely",
        advice=f"Look at --{next(iter(knob_of)).replace('_', '-')} and --noise.",
    )

    # May anyone believe the draws, and are the lines where their share of the rows is below?
    study.gate(["beta", "scale"])
    looked, used = terms.iloc[study.rows], residuals.predicted_from(study.tree)
    study.fit(
        told.FIT,
        statistics={"y": lines.statistics(used, looked, ordered=ordered)},
        misfit="A line does not have its share of the rows below it",
        advice=told.ADVICE,
        then=lambda checks: [
            told.below(lines.below_by_group(posterior, looked, outcome.iloc[study.rows]))
        ],
    )
    crossing = told.warn_of_crossing(study.page, lines.crossed(lines.fitted(posterior, terms)))

    # What the data say: each line, where two of them differ, and single rows.
    quantities = summarise(lines.with_widening(posterior))
    prob = slopes.rises(lines.widening(posterior)) | slopes.rises(posterior["beta"])
    ranked = words.by_size(named(quantities, "beta_widening"))
    study.section(
        "What the data say",
        told.slopes(quantities, ranked, levels, name),
        crossing,
        told.widths(lines.sds(by_noise, posterior, ranked[0]), ranked[0]),
    )
    _quantiles.effects(study, posterior, found, middle, name, hangs)
    alone = formula is None and terms.shape[1] == 1 and terms[ranked[0]].nunique() > 2
    chosen, centre = slopes.telling_rows(terms, ranked[0] if alone else None), terms.mean()
    new = predict(posterior, chosen, centre.to_numpy())
    study.section("How far can a prediction be trusted?", *told.predictions(new, levels, name))

    # Would ADVI have done, and does the prior decide?
    study.sweep(dict, ["slope", "scale"], told=right)
    study.advi()
    study.sensitivity(
        shown := study.most_moved(named(quantities, "slope")),
        f"The knobs are {priors.knob(knob_of)}, and the prior mean of what a line costs. Shown is "
        "the slope that moves most.",
        unit=_quantiles.unit(name, shown, found.phrases),
    )

    # The decision, and what to say of it on the first screen.
    study.section("The decision", told.rule(levels, sure), words.by_chance(terms.shape[1], sure))
    of = ranked, quantities, prob, sure, name, levels
    tenths = terms.quantile([0.1, 0.9])  # only of a single column
    ends = predict(posterior, tenths, centre.to_numpy()).set_index(tenths.iloc[:, 0])
    more = quantile_result.at_ends(ends, levels, ranked[0], name) if alone else ""
    rows = terms.assign(y=outcome) if alone else None
    drawn = rows, lines.fitted(posterior, terms), middle
    return study.save(
        quantile_result.answer(decision, *of, found.phrases, hangs, more),
        quantile_result.picture(*drawn, quantities, ranked, levels, name),
        quantile_result.result(*of, words.step(terms), found.phrases, hangs),
        quantities,
        prob,
    )


if __name__ == "__main__":
    command.run(main)
