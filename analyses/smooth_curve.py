"""What is the curve, and where do we not know?

A Gaussian process for 133 accelerations of a helmet after an impact, or for a CSV of your own
(--data) with x and y: where the curve surely rises or falls, or is above or below a level, where
nobody knows, and what of that more rows would tell. The curve is summed out, and drawn afterwards.
The noise has one size, or one that changes along x (--scatter changing).
"""

from typing import Annotated, Literal

from analyses import _command as command, _curves as own, _many_places as many, _scatter
from analyses._study import Study
from data.smooth_curve import PATH, read
from reports.functions import curve as words, drawn, left_over, tables
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
    scatter: Annotated[
        Literal["constant", "changing"], command.text("Noise of one size, or one that changes.")
    ] = "constant",
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
    typical_length_noise: Annotated[
        float | None, command.real("Prior median of the length over which noise changes.", above=0)
    ] = None,
    length_noise_spread: Annotated[
        float | None, command.number("Prior sd of that length's logarithm; else by the rows.")
    ] = None,
    change: Annotated[
        float | None, command.number("Prior scale of the sd of the noise's logarithm; else 1.")
    ] = None,
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
    knobs = {"typical_length": typical_length, "length_spread": length_spread}
    knobs |= {"amplitude": amplitude, "noise": noise, "level_sd": level_sd}
    of_noise = {"typical_length_noise": typical_length_noise, "change": change}
    of_noise |= {"length_noise_spread": length_noise_spread}
    noisy = _scatter.scatter(scatter, knobs, of_noise, rows)
    expected = quadrature.prior_of(noisy.prior, float(rows.iloc[:, 1].std()))
    known = many.about(points(rows, level_sd), expected, noisy, rows, seed=seed)
    rule = Rule(known, sure, level)
    question = __doc__.splitlines()[0]
    if data.absolute() != PATH:
        question = f"What is the curve of {names[1]}, and where do we not know?"

    # The question and the model; ADVI begins to run.
    build = many.build(known, noisy, rows)
    study = Study(
        *("smooth_curve", question, build, settings),
        knobs=noisy.sweep,
        approximate=own.fit_few,
        design=own.of_curve(known, *names),
    )
    study.data(words.data(rows, spacing(rows.iloc[:, 0].to_numpy())))

    # The draws, what the curve surely does, and whether rows know of one another.
    posterior = study.sample(ordered=ordered)
    decision = study.decide(rule.decide)
    study.describe(
        _scatter.ABOUT[scatter] + "The curve is infinitely smooth: a jump or an edge is rounded."
    )
    theta = leftover.middle(posterior, known.where)
    study.independent(leftover.residuals(known, theta, rows.index), beside, ordered=ordered)

    # Prior predictive check, may anyone believe the draws, and does the model fit?
    study.prior(
        words.prior(expected, noisy.apart, names, given=typical_length is not None),
        *noisy.said(names[0]),
        *own.prior_curves(study, known, names),
        statistics={"y": leftover.level(known)},
        held="values like these for very unlikely",
        advice="Look at --typical-length, --length-spread, --amplitude and --noise.",
    )
    study.gate(noisy.names)
    many.compare(study, known, posterior)
    checks = study.fit(
        words.FIT,
        left_over.middle_of(theta),
        *left_over.evenly(known),
        statistics={"y": leftover.statistics(known, theta)},
        misfit=noisy.misfit,
        advice=_scatter.ADVICE[scatter]
        + "Single odd rows: look at them. A jump: fit either side by itself.",
    )

    # What the curve surely does, what is not known of it, and what a gap hides.
    found = course(known, posterior, level)
    stretches = told.sure_stretches(found, sure, seed=seed)
    narrow = wanted if wanted is not None else noisy.typical(theta, known)
    own.uncertainty(study, known, found, names, given.gap)
    own.of_gap(study, posterior, given, known)
    quantities = summarise(posterior[noisy.names])
    study.section("Length and sds", _scatter.estimates(study, noisy, quantities, known, names))
    words.warn_of_length(study.page, quantities["length"], noisy.apart, names)
    own.compare(study, posterior, known, expected)

    # Would ADVI have done, and does the prior decide?
    study.advi()
    study.sweep(dict, noisy.names)
    study.sensitivity(
        "length", noisy.swept, unit=names[0], own={name: noisy.prior[name] for name in noisy.sweep}
    )
    study.section("The decision", words.rule_in_words(rule, narrow, noisy.usual))
    about = (told.unknown(found, narrow), narrow, rule, names)
    fits = not words.not_fitting(checks)
    return study.save(
        words.answer(stretches, *about, fits=fits, misfit=noisy.misfit),
        drawn.picture(known, found, stretches, names, decision or "is not told", given.gap),
        [tables.stretches(stretches, rule)],
        quantities,
        {},
    )


if __name__ == "__main__":
    command.run(main)
