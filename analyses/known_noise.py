"""How fast is light, and what can more measurements not tell?

Readings of one quantity by an instrument whose noise is known and whose bias is not, for
Michelson's hundred of 1879 or for a CSV of your own (--data, with --noise-sd, --bias-sd and
--target-sd): what is known of the quantity, and whether to stop, to measure more or to calibrate.
"""

from functools import partial
from typing import Annotated

from analyses import _command as command, _designs as designs, _exactly as exactly, _readings as own
from analyses._study import Study
from data.known_noise import PATH, read
from models.known_noise import readings
from reports.measuring import drawn, readings as words, tables
from workflow.measuring import agreement
from workflow.measuring.target import Target, with_next
from workflow.quantities import summarise

KNOBS = {"prior_sd": (0.1, 0.5, 1.0, 2.0, 10.0), "bias_sd": (0.1, 0.5, 1.0, 2.0)}  # times their own
MICHELSON = {"noise_sd": 80.0, "bias_sd": 50.0, "target_sd": 30.0}
MICHELSON |= {"prior_mean": 1000.0, "prior_sd": 1000.0, "reference": 700.458}


def main(
    data: command.Data = PATH,
    noise_sd: Annotated[
        float | None, command.real("Sd of the noise of a single reading: known.", above=0)
    ] = None,
    bias_sd: Annotated[
        float | None, command.real("Sd of what all readings are off by together.", above=0)
    ] = None,
    target_sd: Annotated[
        float | None, command.real("Sd that the quantity has to have in the end.", above=0)
    ] = None,
    prior_mean: Annotated[
        float | None, command.real("Prior mean of the quantity, else that of the readings.")
    ] = None,
    prior_sd: Annotated[
        float | None,
        command.real("Prior sd of the quantity, else ten times that of a reading.", above=0),
    ] = None,
    before: Annotated[
        str | None, command.text("Number and mean of earlier readings, such as 100:852.4.")
    ] = None,
    reference: Annotated[
        float | None, command.real("An accepted value of the quantity, to compare with.")
    ] = None,
    drop_missing: command.DropMissing = False,
    reading: command.Readings = command.AS_IT_IS,
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
    earlier = own.earlier(before)
    values, beside, cells = read(data, reading, drop_missing=drop_missing)
    n, name, shipped = len(values), str(values.name), data.absolute() == PATH
    given = {one: settings[one] for one in MICHELSON}
    stated = own.stated(data, values, given, MICHELSON if shipped else {})
    known, centred = own.instrument(data, values, stated, earlier)
    target = Target(stated["target_sd"], known, stated.get("reference"))
    exact = known.after(n, float(values.mean()))
    question = __doc__.splitlines()[0]
    if not shipped:
        question = f"What is the {name}, and what can more readings not tell?"

    # The question and the model; ADVI begins to run. The answer is known exactly.
    sds = {"prior_sd": known.prior_sd, "bias_sd": known.bias_sd}
    knobs = {one: tuple(times * sds[one] for times in KNOBS[one]) for one in KNOBS}
    build = partial(readings, values, **vars(known))
    kept = designs.of_readings(known, n, float(values.mean()), target.sd)
    study = Study(
        "known_noise",
        question,
        build,
        settings,
        knobs=knobs,
        design=kept,
        approximate=own.fit_as_written,
    )
    study.data(*words.data(values, known, shipped=shipped, centred=centred))

    # The draws, what to do, and whether readings know of one another.
    posterior = study.sample(ordered=True)
    tenable = dict.fromkeys([target.exact(n), *target.decide(posterior)])
    decision = study.decide(target.decide, [*tenable])
    study.describe(
        "The bias is one number for all readings: they tell its sum with the quantity, and only "
        "the priors tell the two apart. Everything is normal, so that nobody needs NUTS or ADVI "
        "here; the exact posterior says how far each of them is from the truth."
    )
    study.independent(agreement.residuals(values), beside)

    # Prior predictive check, may anyone believe the draws, and does the model fit?
    advice = "Look at --prior-mean, --prior-sd, --bias-sd and --before, and at the readings' unit."
    study.prior(
        words.prior(known, name),
        statistics={"reading": agreement.level()},
        held="readings like these for very unlikely",
        advice=advice,
    )
    study.gate(["quantity", "bias", "mean"])
    otherwise = agreement.scatters_otherwise(values, known.noise_sd)
    study.fit(
        "The level of the readings is fitted and nothing else, so the checks look at what is "
        "stated or assumed: how far they scatter, single ones far off, a trend, neighbours. A bias "
        "that all of them share shows in none of this.",
        statistics={"reading": agreement.statistics(n)},
        misfit="The readings do not agree with the stated noise, or with one another",
        advice=words.misfit(values, known.noise_sd, otherwise=otherwise),
        then=lambda checks: own.by_group(study, values, beside, cells),
    )

    # What the data say: exact, by NUTS, by ADVI. What more readings would tell.
    derive = partial(with_next, noise_sd=known.noise_sd, seed=seed)
    found, measured = summarise(derive(posterior)), target.measure(posterior)
    told, sure = exact.known(), target.probabilities(exact)
    caption = f"{name.capitalize()} (the quantity), bias, mean of the readings, and the next one"
    beside_it = exactly.quantities(study, found, told, caption=caption, told=derive)
    ess = found["quantity"].ess_bulk
    study.section(
        "What the data say", beside_it, drawn.posterior(exact, posterior["quantity"], target, name)
    )
    study.section(
        "What can more readings not tell?",
        words.kinds(known, exact, n, name),
        tables.kinds(known, exact, n, name),
        tables.sizes(known, n, name),
    )
    if target.reference is not None:
        study.section(
            "Against the accepted value",
            *words.reference(target, exact, shipped=shipped),
            exactly.probabilities(study, measured, sure, target.measure, ess=ess),
        )
        tail = min(*sure.values(), 1 - max(sure.values()))
        words.warn_of_reference(study.page, target, tail)

    # Would ADVI have done, and does the prior decide?
    study.advi(words.advi(exact))
    study.sweep(dict, ["quantity", "bias", "mean"], exact=partial(target.exact, n))
    study.sensitivity(
        "quantity",
        "The knobs are the prior sd of the quantity and that of the bias, a tenth to ten times "
        "what was stated. No reading tells the bias, so what is stated of it decides.",
        unit="the unit of the readings",
        own=sds,
    )
    study.section("The decision", words.rule_in_words(target))
    return study.save(
        words.answer(decision, target, exact, n, found["quantity"], name),
        drawn.picture(target, n, name),
        [tables.options(decision, target, exact, n, name)],
        found,
        measured,
    )


if __name__ == "__main__":
    command.run(main)
