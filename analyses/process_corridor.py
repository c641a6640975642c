"""Is the process inside its limits, and will it stay there?

Measurements of pieces that have limits, for 75 piston rings or for a CSV of your own (--data, with
--lower, --upper or both): how capable the process is, how many of the next pieces will be outside,
and whether to run on, to adjust or to measure more. The exact posterior beside NUTS and ADVI.
"""

from functools import partial
from typing import Annotated

from analyses import _command as command, _corridor as asked, _exactly as exactly, _process as own
from analyses._study import Study
from data.process_corridor import PATH, read_both
from models.process_corridor import process
from reports.process import corridor as words, drawn, named, tables
from workflow.process import alike, capability as capable, limits as within, shape
from workflow.process.conjugate import summary_of
from workflow.process.stakes import Stakes
from workflow.process.stretches import stretches
from workflow.quantities import summarise

KNOBS = {"mean_pieces": (0.01, 0.1, 1.0, 10.0), "sd_pieces": (0.3, 1.0, 3.0, 10.0)}
RINGS = within.Limits(5.49, 5.79)
ESTIMATES = ["mu", "sigma", "cpk"]


def main(
    data: command.Data = PATH,
    lower: Annotated[float | None, own.real("Lower limit of a piece, in the file's unit.")] = None,
    upper: Annotated[float | None, own.real("Upper limit of a piece, in the file's unit.")] = None,
    aim: Annotated[float | None, own.real("The mean that is meant, else the middle.")] = None,
    mean_pieces: Annotated[
        float, command.number("How many pieces it is worth that the mean is as meant.")
    ] = 0.1,
    sd_pieces: Annotated[
        float, command.number("How many pieces it is worth that the sd is the usual one.")
    ] = 1.0,
    usual_sd: Annotated[
        float | None, own.real("The usual sd, else a third of the way from mean to limit.", above=0)
    ] = None,
    before: Annotated[
        str | None, command.text("Earlier pieces: number, mean and sd, as in 75:5.61:0.048.")
    ] = None,
    cost_outside: Annotated[float, command.number("Cost of a piece outside.")] = 10.0,
    cost_adjust: Annotated[float, command.number("Cost to put the mean as it is meant.")] = 20.0,
    cost_measure: Annotated[float, command.number("Cost to measure more before deciding.")] = 5.0,
    setting: Annotated[
        str | None, command.text("Column with a setting of the process: what goes with it.")
    ] = None,
    ahead: Annotated[int, own.whole("Pieces that the decision is about.")] = 1000,
    ordered: command.Ordered = False,
    drop_missing: command.DropMissing = False,
    reading: own.Values = command.AS_IT_IS,
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
    shipped = data.absolute() == PATH
    limits = asked.limits(lower, upper, aim, RINGS if shipped else None)
    earlier = asked.earlier(before)
    columns, beside = read_both(data, reading, setting, drop_missing=drop_missing)
    values = columns.iloc[:, 0]
    asked.in_unit(data, values, limits)
    seen, expected = summary_of(values), within.expected(limits, usual_sd, earlier)
    question = __doc__.splitlines()[0]
    if not shipped:
        question = f"Is {values.name} {named.inside(limits)}, and will it stay there?"

    # What is known before, and after: exactly. What the next pieces may cost.
    known = expected.under(mean_pieces=mean_pieces, sd_pieces=sd_pieces)
    after = known.after(seen)
    exact = capable.Capability(limits, after)
    stakes = Stakes(limits, cost_outside, cost_adjust, cost_measure, ahead)
    costs, sure = stakes.exact(after), exact.probabilities()

    # The question and the model; ADVI begins to run.
    build = partial(process, values, limits.lower, limits.upper, **vars(known))
    kept = asked.of_process(limits, seen.pooled(earlier))
    study = Study("process_corridor", question, build, settings, knobs=KNOBS, design=kept)
    study.data(words.data(values, limits, earlier))
    words.warn_of_data(study.page, values, limits)

    # The draws, what to do, and whether pieces know of one another.
    posterior = study.sample(ordered=ordered)
    decision = study.decide(stakes.decide)
    study.describe(
        "The model has one mean and one sd for all pieces, and their distribution is normal: what "
        "is outside lies in its tails, so that everything rests on their shape, which is looked at "
        "below. The prior is conjugate, so that nobody needs NUTS or ADVI here; the exact "
        "posterior says how far each of them is from the truth."
    )
    study.independent(alike.residuals(values), beside, ordered=ordered)

    # Prior predictive check, may anyone believe the draws, and does the model fit?
    advice = "Look at --usual-sd, --before, and whether the limits are in the unit of the column."
    held = "a process that is there, or spreads as much, for very unlikely"
    study.prior(
        words.prior(known, limits), statistics={"x": shape.level(limits)}, held=held, advice=advice
    )
    study.gate(ESTIMATES)
    sides = shape.shape(limits)
    checks = study.fit(
        "Mean and sd are fitted, so the checks look at what they do not say: symmetry, tails, the "
        "farthest value, whether pieces are of two kinds, the share outside, and the order.",
        statistics={"x": sides | (shape.in_order() if ordered else {})},
        misfit="The pieces are not those of one normal distribution",
        advice=words.misfit(values, limits, sure["prob_next_outside"]),
    )

    # What the data say: exact, by NUTS, by ADVI. Then piece after piece.
    found, measure = summarise(posterior[ESTIMATES]), partial(capable.measure, limits)
    measured, ess = measure(posterior), found["cpk"].ess_bulk
    shares = limits.outside(posterior["mu"], posterior["sigma"])
    sds = {capable.NEXT: exact.sd_of_outside}
    study.section(
        "What the data say",
        words.counted(values, limits, shares),
        exactly.quantities(study, found, exact.quantities(), caption="Mean, sd and Cpk"),
        exactly.probabilities(study, measured, sure, measure, ess=ess, sds=sds),
    )
    if ordered:
        parts = stretches(values, limits, known)
        told = [tables.stretches(parts)] if parts else []
        study.section("Is it the same process throughout?", drawn.in_order(values, limits), *told)
        words.warn_of_drift(study.page, parts, checks[len(sides) :])

    # With a setting of the process: what goes with it?
    found |= asked.goes_with(study, columns, limits)

    # Would ADVI have done, and does the prior decide?
    study.advi()

    def under(mean_pieces: float, sd_pieces: float) -> dict[str, float]:
        return vars(expected.under(mean_pieces=mean_pieces, sd_pieces=sd_pieces))

    nothing = expected.nothing(seen)
    study.sweep(
        under,
        ESTIMATES,
        measure=measure,
        exact=lambda **knobs: stakes.decided(expected.under(**knobs).after(seen)),
    )
    study.sensitivity(
        "cpk",
        "The prior's knobs are how many pieces it is worth that the mean is as it is meant, and "
        "that the sd is the usual one.",
        unit="three sds to the nearer limit",
        then=[tables.priors(stakes, {"of this page": after, "1 / sigma": nothing})],
    )
    words.warn_of_prior(study.page, decision, known, after, (nothing, stakes.decided(nothing)))
    study.section("The decision", words.rule_in_words(stakes, costs))
    normal = not words.not_normal(checks)
    return study.save(
        words.answer(decision, stakes, costs, measured, sure, found["cpk"], normal=normal),
        drawn.picture(values, after, limits),
        [tables.options(decision, stakes, stakes.drawn(posterior), costs)],
        found,
        measured,
    )


if __name__ == "__main__":
    command.run(main)
