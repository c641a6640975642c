"""Which loss should one minimise to predict the loss of ammonia from a plant?

The same terms under the noise that each loss is: squared, absolute and Huber's error and Student-t
for real outcomes, Poisson, negative binomial and squared error for counts, Beta and squared error
for shares. For the stack loss of Brownlee (1965), or for a CSV of your own (--data, --formula).
"""

from typing import Annotated, Literal

from analyses import _command as command, _noises as losses, _shown
from analyses._study import Study
from data.noise_models import COUNTS, PATH, kind_of, load
from reports.regression import noise_answer as said, noise_words as own, noises as words, regression
from workflow.quantities import named, summarise
from workflow.regression import noises, regression as slopes
from workflow.regression.assessed import table
from workflow.regression.hanging import hanging

SLOPES = {"r2": (0.2, 0.5, 0.8), "slope_sd": (0.25, 0.5, 1.0)}
USUAL = {"r2": 0.5, "slope_sd": 0.5}
SCALES = (0.5, 1.0, 2.0)


def main(
    data: command.Data = PATH,
    formula: command.Formula = None,
    kind: Annotated[
        Literal["real", "counts", "shares"] | None,
        command.text("What the outcome is, if not what it looks like."),
    ] = None,
    loss: Annotated[
        Literal["huber", "squared", "absolute", "student-t", "negative-binomial", "poisson", "beta"]
        | None,
        command.text("Loss whose noise is told in full, if not the first of its kind."),
    ] = None,
    drop_missing: command.DropMissing = False,
    ordered: command.Ordered = False,
    prior: command.Prior = "predictive",
    r2: command.R2 = None,
    slope_sd: command.SlopeSd = None,
    noise: Annotated[
        float, command.number("Prior mean of the noise's scale, in sds of the outcome.")
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
    found = load(data, formula, drop_missing=drop_missing, reading=reading)
    outcome, terms, name = found.outcome, found.terms, str(found.outcome.name)
    shipped = data.resolve() == PATH and formula is None and reading == command.AS_IT_IS
    seen = kind_of(found, data, formula, asked=kind, outcome=reading.outcome)
    mine = losses.told(loss, seen)
    about, question = name, f"Which loss should one minimise to predict {name}?"
    if shipped:
        name, about = "stack loss", "the stack loss, in tenths of a per cent of the ammonia"
        question = __doc__.splitlines()[0]
    in_order = ordered or shipped

    # The question, and the model of one loss. ADVI begins to run on the other core.
    build = losses.model_of(mine, found, knob_of, noise)
    knobs = {**losses.own_knob(mine, SCALES), **named(SLOPES, *knob_of)}
    kept = losses.kept(mine, found)
    study = Study("noise_models", question, build, settings, knobs=knobs, design=kept)

    # The data, and which loss the noise is.
    study.data(*regression.data(outcome, terms, found.notes, about, words.LOSS[mine]))
    study.describe(
        regression.used_twice(of_outcome=seen != COUNTS), regression.scales(terms, outcome)
    )
    regression.warn_of_few(study.page, terms)

    # The draws under every loss, and which one predicts rows best that were left out.
    posterior = study.sample(ordered=in_order, fits=len(noises.OF[seen]))
    beside = losses.compared(study, mine, seen, found, knob_of, noise)
    decision = study.decide(beside.decide)
    rows, fits = beside.ones[0].rows, beside.fits
    own.warn(study.page, fits, decision)
    hangs = hanging(posterior, terms, outcome)
    regression.warn_of_hanging(study.page, hangs)
    study.independent(rows.residuals(posterior), found.beside, ordered=in_order)

    # Prior predictive check: does the prior expect outcomes like these?
    statistics = rows.statistics(name)
    study.prior(
        own.prior(mine, knob_of, noise, outcome, name),
        statistics={"y": statistics},
        held="outcomes like the observed for unlikely",
        advice=f"Look at --{next(iter(knob_of)).replace('_', '-')} and --noise.",
    )

    # May anyone believe the draws, and does the model reproduce the data?
    study.gate(["beta", *losses.NOISES[mine].watched], words.rivals(fits))
    study.fit(
        own.FIT,
        statistics={"y": {**statistics, **rows.left_over(study.tree, ordered=in_order)}},
        misfit="The model does not reproduce this side of the data",
        advice=own.ADVICE,
        then=lambda checks: _shown.fit(
            *(study, posterior, found, name, checks),
            ordered=in_order,
            instead=(
                rows.expected(posterior, study.rows),
                rows.standardised(posterior, study.rows)[0],
            ),
        ),
    )

    # What the losses are, which predicts best, and what hangs on the choice.
    out_of = beside.impossible(seed)
    by_noise = {
        one.name: (summarise(one.posterior), slopes.rises(one.posterior["beta"])) for one in fits
    }
    signs = {one.name: slopes.signs(one.posterior["beta"], sure) for one in fits}
    study.section(
        "Which loss?",
        words.opening(seen),
        words.losses(noises.OF[seen]),
        words.elpds(table(fits)),
        *([said.impossible(out_of, name)] if out_of else []),
        line=said.line(fits, decision),
    )
    study.section(
        "What do the terms do under each loss?",
        words.directions(signs, sure),
        words.terms(list(map(str, terms)), by_noise),
    )

    # Would ADVI have done, and does the prior decide?
    quantities, prob = by_noise[mine]
    study.sweep(dict, ["slope", *losses.NOISES[mine].watched])
    study.advi()
    study.sensitivity(
        shown := study.most_moved(named(quantities, "slope")),
        own.knobs(mine, knob_of),
        unit=regression.unit(own.on_scale(mine, name), shown, found.phrases),
        own={**losses.own_knob(mine, noise), **knob_of},
    )

    # The decision, and what to say of it on the first screen.
    study.section("The decision", said.rule(len(terms)))
    of_terms = words.directions(signs, sure)
    return study.save(
        said.answer(fits, decision, len(terms), name, out_of, of_terms),
        said.picture(fits),
        said.result(fits, decision, out_of),
        quantities | own.by_noise({name: found for name, (found, _) in by_noise.items()}),
        prob | said.scalars(out_of),
        {"models": table(fits)},
    )


if __name__ == "__main__":
    command.run(main)
