"""Which method is good enough here, and what does it cost?

Laplace, Pathfinder, ADVI and NUTS on posteriors that are known exactly: that of eight schools, or
of a CSV of your own (--data: effects of groups with their standard errors), and four examples, each
of which some method gets wrong.
"""

from functools import partial
from typing import Annotated

from analyses import _approximated as tried, _command as command, _exactly as exactly
from analyses._study import Study
from data.approximations import PATH, read
from models.approximations import non_centred
from reports.approximating import drawn, lessons, tables, texts, words
from reports.blocks.mathematics import mathematics
from workflow.approximating import fits, judged, methods
from workflow.deciding.threshold import Rule
from workflow.quantities import summarise

TIMES = {"mu_sd": (0.5, 1, 2, 10), "tau_scale": (0.5, 1, 2)}  # the sweep's, of the prior's own


def main(
    data: command.Data = PATH,
    reference: Annotated[float, command.real("Value that the mean effect is compared with.")] = 0.0,
    sure: Annotated[
        float, command.number("Probability at which a side is shown.", above=0.5, below=1)
    ] = 0.95,
    mu_sd: Annotated[
        float | None, command.number("Prior sd of the mean effect, else by the data.")
    ] = None,
    tau_scale: Annotated[
        float | None, command.number("Prior median of the sd between groups, else by the data.")
    ] = None,
    drop_missing: command.DropMissing = False,
    reading: command.Effects = command.AS_IT_IS,
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
    schools, shipped = read(data, reading, drop_missing=drop_missing), data.resolve() == PATH
    given = {"mu_sd": mu_sd, "tau_scale": tau_scale}
    own = tried.prior(data, schools, given)
    rule, name = Rule(reference, sure), "eight schools" if shipped else "your groups"
    wanted = tried.targets(schools, own, rule, name)

    # The question and the model. All methods begin to run on all posteriors, on the other core.
    grid = {knob: tuple(times * own[knob] for times in TIMES[knob]) for knob in own}
    build = partial(non_centred, schools, **own)
    study = Study(
        *("approximations", __doc__.splitlines()[0], build, settings),
        knobs=grid,
        approximate=partial(tried.try_all, name=name, draws=draws, tune=tune, chains=chains),
        design=tried.design(schools),
    )
    made = [] if shipped else [knob for knob in own if given[knob] is None]
    study.data(*words.data(schools, own, shipped=shipped, made=made))

    # The draws of one's own posterior, and its question.
    posterior = study.sample()
    decision = study.decide(lambda of, errors=2.0: rule.decide(of["mu"], errors=errors))
    study.describe(texts.METHODS, *(mathematics(one) for one in tried.SHOWN), texts.EXTRAS)

    # Prior predictive check, may anyone believe the draws, and does the model fit?
    study.prior(
        words.prior(**own),
        statistics={"effect": fits.level()},
        held="effects like these for very unlikely",
        advice="Look at --mu-sd and --tau-scale, and at the unit of the effects.",
    )
    study.gate(["mu", "tau"])
    study.fit(
        texts.FIT,
        statistics={"effect": fits.statistics(schools)},
        misfit="The effects are not as of one population",
        advice=texts.MISFIT,
    )

    # Every method on every posterior, held against the exact answer. The sweep goes on meanwhile.
    found, target = summarise(posterior), wanted[0]
    study.sweep(dict, ["mu", "tau"], exact=partial(tried.decided, schools, rule))
    runs = study.approximations() or tried.first_look(study.build, name=name, seed=seed)
    nuts = methods.of_nuts(study.tree, study.page.steps.seconds["compile"])
    every = tried.judge_all(runs, wanted, nuts)
    study.section(
        "How far off is each method, and what does it cost?",
        texts.VERDICT,
        *lessons.each(wanted, every),
        texts.KHAT,
        texts.COSTS,
        line=lessons.farthest_off(target, every),
    )
    known, caption = target.exact.known, "Mean effect mu, sd between groups tau, effects theta"
    beside = exactly.quantities(study, found, known, caption=caption, trees=runs.trees)
    study.section("What the data say", beside)
    study.section(
        "What does each method decide?",
        tables.decisions(wanted, every),
        line=lessons.otherwise(wanted, every),
    )
    over = judged.beyond(wanted, every)
    bound = lessons.bounded(over)
    elbos = texts.ELBO, bound, tables.elbos(wanted, every)
    study.section("Is the ELBO a bound?", *elbos, line=bound)
    lessons.warn_of_bound(study.page, over)
    study.section("Where is the mode?", texts.MODE, tables.modes(wanted, every))
    study.section("Two hills, and both ways to be near", *lessons.both_ways(tried.HILLS, every))

    # What ADVI's verdict is worth, and does the prior decide?
    study.advi(lessons.advi(target, every), trees=runs.trees)
    study.sensitivity(
        "mu",
        "The knobs are the prior sd of the mean effect and the prior median of the sd between "
        "groups, from half of what is stated to two, and ten, times.",
        unit="the unit of the effects",
        own=own,
    )
    study.section("The decision", words.rule(target, len(every) - 1))
    below = rule.probability(posterior["mu"])
    return study.save(
        words.answer(target, every, found["mu"], below, decision, own=name),
        drawn.picture(target, every[target.name], ["mu", "tau"]),
        [tables.verdicts(every)],
        found,
        {"prob_below": below},
        top={"methods": judged.summary(every)},
    )


if __name__ == "__main__":
    command.run(main)
