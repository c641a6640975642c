"""What is the curve, and where do we not know?

A Gaussian process for 133 accelerations of a helmet after an impact, or for a CSV of your own
(--data) with x and y: where the curve surely rises or falls, or is above or below a level, where
nobody knows, and what of that more rows would tell. The curve is summed out, and drawn afterwards.
"""

from functools import partial
from typing import Annotated

from analyses import _command as command, _curves as own, _exactly as exactly
from analyses._study import Study
from data.smooth_curve import PATH, read
from models.smooth_curve import smooth
from reports.functions import curve as words, drawn, tables
from workflow.functions import leftover, quadrature, told
from workflow.functions.course import Rule, course
from workflow.functions.points import points
from workflow.functions.spacing import spacing
from workflow.quantities import summarise


def main(
    data: command.Data = PATH,
    along: Annotated[str | None, command.text("Column of x, if not x.")] = None,
    level: Annotated[
        float | None, command.real("Ask where the curve is above or below it, in the unit of y.")
    ] = None,
    sure: Annotated[
        float, command.number("Probability from which a side is sure.", above=0.5, below=1)
    ] = 0.975,
    wanted: Annotated[
        float | None,
        command.real("Half of a 95% interval of the curve that is narrow enough.", above=0),
    ] = None,
    gap: Annotated[
        str | None, command.text("Leave out the rows whose x is from one to the other: 20:30.")
    ] = None,
    typical_length: Annotated[
        float | None, command.real("Prior median of the length; else by the spacing.", above=0)
    ] = None,
    length_spread: Annotated[
        float | None, command.number("Prior sd of the length's logarithm; else by the spacing.")
    ] = None,
    amplitude: Annotated[
        float, command.number("Prior scale of the curve's ups and downs, in sds of y.")
    ] = 1.0,
    noise: Annotated[float, command.number("Prior scale of the noise, in sds of y.")] = 1.0,
    level_sd: Annotated[
        float, command.number("Prior sd of the level it goes up and down about, in sds of y.")
    ] = 1.0,
    ordered: command.Ordered = False,
    drop_missing: command.DropMissing = False,
    reading: command.Curves = command.AS_IT_IS,
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
    whole, beside = read(data, reading, along, drop_missing=drop_missing)
    given = own.rows(whole, gap)
    rows, names = given.kept, given.names
    known, apart = points(rows, level_sd), spacing(rows.iloc[:, 0].to_numpy())
    knobs = {"typical_length": typical_length, "length_spread": length_spread}
    knobs |= {"amplitude": amplitude, "noise": noise, "level_sd": level_sd}
    prior, sweep = own.own_prior(knobs, apart)
    expected = quadrature.prior_of(prior, float(rows.iloc[:, 1].std()))
    rule = Rule(known, sure, level)
    question = __doc__.splitlines()[0]
    if data.absolute() != PATH:
        question = f"What is the curve of {names[1]}, and where do we not know?"

    # The question and the model; ADVI begins to run.
    build = partial(smooth, rows, **prior)
    study = Study(
        *("smooth_curve", question, build, settings),
        knobs=sweep,
        approximate=own.fit_few,
        design=own.of_curve(known, *names),
    )
    study.data(words.data(rows, apart))

    # The draws, what the curve surely does, and whether rows know of one another.
    posterior = study.sample(ordered=ordered)
    decision = study.decide(rule.decide)
    study.describe(
        "Given the three numbers that the sampler moves in, rows and curve are jointly normal: the "
        "curve is no matter of draws. The three are known by quadrature too, so that nobody needs "
        "NUTS or ADVI here; the exact posterior says how far each of them is from the truth. "
        "The curve is infinitely smooth: a jump or an edge is rounded."
    )
    theta = leftover.middle(posterior)
    study.independent(leftover.residuals(known, theta, rows.index), beside, ordered=ordered)

    # Prior predictive check, may anyone believe the draws, and does the model fit?
    study.prior(
        words.prior(expected, apart, names, given=typical_length is not None),
        *own.prior_curves(study, known, names),
        statistics={"y": leftover.level(known)},
        held="values like these for very unlikely",
        advice="Look at --typical-length, --length-spread, --amplitude and --noise.",
    )
    study.gate(["length", "sigma_f", "sigma"])
    checks = study.fit(
        words.FIT,
        words.middle_of(theta),
        *words.evenly(known),
        statistics={"y": leftover.statistics(known, theta)},
        misfit="The rows are not those of one smooth curve with noise of one size",
        advice="Where they scatter more than elsewhere the intervals are too narrow, and too wide "
        "where they scatter less: split the file, or take the logarithm of y where y is positive. "
        "Single odd rows: look at them. A jump: fit either side by itself.",
    )

    # What the curve surely does, what is not known of it, and what a gap hides.
    found = course(known, posterior, level)
    stretches = told.sure_stretches(found, sure, seed=seed)
    narrow = wanted if wanted is not None else theta.sigma
    own.uncertainty(study, known, found, names, given.gap)
    own.of_gap(study, posterior, given, level_sd)
    quantities = summarise(posterior)
    study.section(
        "Length and sds",
        exactly.quantities(
            study,
            quantities,
            quadrature.known(known, expected),
            caption=f"Length ({names[0]}), sd of the curve and of the noise ({names[1]})",
        ),
    )
    words.warn_of_length(study.page, quantities["length"], apart, names)
    own.compare(study, posterior, known)

    # Would ADVI have done, and does the prior decide?
    study.advi()
    study.sweep(dict, ["length", "sigma_f", "sigma"])
    study.sensitivity(
        "length",
        "The knobs are the prior median of the length, from a quarter to four times that of this "
        "page, and the prior scale of the curve's ups and downs, up to three times it.",
        unit=names[0],
        own={name: prior[name] for name in sweep},
    )
    study.section("The decision", words.rule_in_words(rule, narrow))
    fits = not words.not_fitting(checks)
    return study.save(
        words.answer(stretches, told.unknown(found, narrow), narrow, rule, names, fits=fits),
        drawn.picture(known, found, stretches, names, decision or "is not told", given.gap),
        [tables.stretches(stretches, rule)],
        quantities,
        {},
    )


if __name__ == "__main__":
    command.run(main)
