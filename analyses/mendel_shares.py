"""Do the four kinds of peas stand 9:3:3:1?

Shares of kinds against expected ones, for Mendel's peas or for a CSV of your own (--data): how
strongly the counts speak for exactly these shares, whether each is practically the expected one,
and whether they agree too well. The posterior is known exactly.
"""

from functools import partial
from typing import Annotated

from scipy import stats

from analyses import _by_kind, _command as command, _designs as designs, _exactly as exactly
from analyses._study import Study
from data.mendel_shares import PATH, read
from models.mendel_shares import shares
from reports.rates import ratio as words, ratio_figures as drawn, ratio_tables as tables, updating
from workflow.checking.checks import each
from workflow.checking.exact import known
from workflow.quantities import summarise
from workflow.rates import dependence, ratio as ruling, ratio_course as watching, squares

KNOBS = {"concentration": (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)}


def main(
    data: command.Data = PATH,
    expected: Annotated[
        str | None, command.text("Expected shares, 9:3:3:1 or 'a=9,b=3'; of own data else equal.")
    ] = None,
    concentration: Annotated[float, command.number("Prior pseudo-count of each kind.")] = 1.0,
    before: Annotated[
        str | None, command.text("Earlier counts, such as 315:101:108:32 or 'a=315,b=101'.")
    ] = None,
    rope: Annotated[
        float, command.rate("Shares within +- this of the expected are practically these.")
    ] = 0.05,
    sure: Annotated[float, command.number("Probability asked for.", above=0.5, below=1)] = 0.95,
    evidence: Annotated[float, command.number("Bayes factor asked for.", above=1)] = 10.0,
    ordered: command.Ordered = False,
    reading: command.Kinds = command.AS_IT_IS,
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
    found, shipped = read(data, reading), data.absolute() == PATH
    asked = _by_kind.asked(found, expected or ("9:3:3:1" if shipped else None), before, ordered)
    ratio = ruling.Ratio(tuple(asked.counts.index), asked.expected, rope, sure, evidence)
    counts, earlier, stand = asked.counts.to_numpy(), asked.before, asked.stand
    question = f"Do the {len(counts):,} kinds {stand}?"
    if shipped and stand in __doc__:
        question = __doc__.splitlines()[0]

    # The question and the model; ADVI begins to run. Posterior and Bayes factor are known exactly.
    build = partial(shares, asked.counts, concentration=concentration, before=earlier)
    kept = designs.of_shares(ratio.kinds, asked.goes_on)
    study = Study("mendel_shares", question, build, settings, knobs=KNOBS, design=kept)
    weights = counts + earlier + concentration
    factor = partial(ruling.log_bayes_factor, counts + earlier, ratio.expected)
    own = float(factor(concentration))
    study.data(words.data(counts, earlier, ratio), tables.counts(counts, earlier, ratio))

    # The draws, what they show, and whether rows, where the file has them, are independent.
    posterior = study.sample()
    decision = study.decide(partial(ratio.decide, factor=factor, concentration=concentration))
    study.describe(
        "Every observation has the same probabilities, and none knows of another: peas of one pod "
        "or answers of one person may be alike, which counts cannot show and rows can. The prior "
        "is conjugate, so that nobody needs NUTS or ADVI here; the exact posterior says how far "
        "each of them is from the truth."
    )
    study.independent(dependence.of_kinds(found.rows), found.beside, ordered=ordered)

    # Prior predictive check, may anyone believe the draws, and does the model reproduce the counts?
    statistics = {"count": each(ratio.kinds, "kind", "count of {}")}
    study.prior(
        words.prior(concentration, earlier),
        statistics=statistics,
        held="counts like the observed for very unlikely",
        advice="Look at --concentration and --before: are these observations of another kind?",
    )
    study.gate(["share"])
    study.fit(
        "There is a share for every count, so that the model reproduces the counts, whatever they "
        "are; that observations are independent it takes for granted.",
        statistics=statistics,
        saturated=True,
        misfit="The prior holds the shares away from the data",
        advice="Weaken it: --concentration and --before count as observations.",
    )

    # What the data say: exact, by NUTS, by ADVI. The evidence, and whether it is too good.
    summaries, measured, sure_of = (
        summarise(posterior),
        ratio.measure(posterior),
        ratio.known(weights),
    )
    told = {
        f"share[{kind}]": known(stats.beta(one, weights.sum() - one))
        for kind, one in zip(ratio.kinds, weights, strict=True)
    }
    least = min(q.ess_bulk for q in summaries.values())
    study.section(
        "What the data say",
        exactly.quantities(study, summaries, told, caption="Shares", scale=100, unit="%"),
        exactly.probabilities(study, measured, sure_of, ratio.measure, ess=least),
    )
    predicted = study.tree["posterior_predictive"].to_dataset()["count"]
    near = squares.squares(counts, ratio.expected, predicted, seed=seed)
    study.section("Is the fit too good?", words.too_near(near), tables.evidence(own, near))
    words.warn_of_too_near(study.page, near)

    # Of rows in their order: when was it known, and how often does one err who looks so often?
    if ordered:
        codes = asked.codes(found.rows)
        course = watching.course(codes, earlier, ratio, concentration)
        met = course.first_met()
        said = words.first_met(met, course.n[-1])
        study.section("The evidence as it came in", said, drawn.evidence("evidence", course, met))
        ask = partial(watching.look, len(codes), seed=seed)
        about = (ratio, earlier, concentration)
        of = watching.shares_of(posterior["share"], ratio.expected)
        looks = {kind: ask(one, *about) for kind, one in of.items()}
        table = updating.looks(looks, tables.HOW_LOOKS)
        study.section("What does looking so often do?", words.watched(looks), table)
        words.warn_of_looking(study.page, decision, met, course.n[-1], int(earlier.sum()))

    # Would ADVI have done, and does the prior decide?
    study.advi()
    study.sweep(dict, measure=ratio.measure, exact=partial(ratio.exact, counts, earlier))
    study.sensitivity(
        f"share[{words.farthest(ratio, summaries)}]",
        "The prior's knob is its pseudo-count of each kind. The Bayes factor changes with it, too: "
        "it is that of the expected shares against any that this prior has.",
        unit="%",
        scale=100,
    )
    study.section("The decision", words.rule_in_words(ratio, concentration))
    n = int(counts.sum() + earlier.sum())
    return study.save(
        words.answer(decision, ratio, stand, n, own, measured, summaries),
        drawn.picture(ratio, weights, summaries),
        [tables.kinds(ratio, summaries, measured, sure_of)],
        summaries,
        measured | tables.scalars(own, near),
    )


if __name__ == "__main__":
    command.run(main)
