"""Did the Nile fall in 1898, and what next year?

A level that moves from one time to the next and is seen with noise, for a hundred years of the Nile
or for a CSV of your own (--data): whether it changed, at once or bit by bit, and what comes next.
"""

from functools import partial
from typing import Annotated

import typer

from analyses import _command as command, _designs_alone as designs, _exactly as exactly
from analyses._seasonal import Course, add_season, add_trend, aside, effects_of, held
from analyses._study import Study
from data.river_level import PATH, read
from models.river_level import local_level
from reports.blocks.numbers import figure
from reports.series import beware, drawn, level as words, level_tables as tables
from workflow.quantities import named, summarise
from workflow.series import accounts, changed, left_out, levels, one_step

FAR = 10  # scales: how far from the first value the first level may be


@command.or_each
def main(
    data: command.Data = PATH,
    noise: Annotated[
        float | None, command.real("Prior scale of the sd about the level.", above=0)
    ] = None,
    drift: Annotated[
        float | None, command.real("Prior scale of the sd of a step of the level.", above=0)
    ] = None,
    jump: Annotated[
        float | None, command.real("Prior sd of how far the level jumps, if it does.", above=0)
    ] = None,
    start: Annotated[float | None, command.real("Where the first level is expected.")] = None,
    start_sd: Annotated[
        float | None, command.real("Prior sd of the first level about --start.", above=0)
    ] = None,
    ahead: command.Ahead = 5,
    evidence: Annotated[
        float, command.number("Bayes factor at which the level counts as changed.", above=1)
    ] = 10.0,
    sure: Annotated[
        float, command.number("Probability asked for a side.", above=0.5, below=1)
    ] = 0.95,
    series: Annotated[
        str | None, typer.Option(help="Which series to take, of a file with several.")
    ] = None,
    each: command.Each = None,
    means: Annotated[
        int, typer.Option(min=1, help="Take means of so many steps, as of the 12 months of a year.")
    ] = 1,
    season: command.Season = None,
    pattern: command.Pattern = None,
    trend: command.Trend = False,
    slope_sd: command.TrendSd = None,
    turning: command.Turning = False,
    bend: command.Bend = None,
    reading: command.Timed = command.AS_IT_IS,
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
    course = Course(season, pattern, trend, slope_sd)
    recorded = read(data, reading, series, means, season or 0, trend)
    shipped = data.resolve() == PATH
    y = recorded.values.to_numpy(dtype=float)
    scale = course.scale(y, recorded.at)
    own = {"noise": noise or scale, "drift": drift or scale}
    near = round(y[0] / scale) * scale if start is None else start
    first = {"start": near, "start_sd": start_sd or FAR * scale}
    prior = accounts.Prior(**own, jump=jump or scale, **first)
    values = course.series(y, recorded.at, prior)
    places = recorded.places(season) if season else []
    effects = effects_of(values, places)
    rule = changed.Rule(values, evidence, sure)
    seen, to_come = list(map(str, recorded.values.index)), recorded.ahead(ahead)
    name = "the yearly volume" if shipped and means == 1 else str(recorded.values.name)
    about = words.Words(name, recorded.unit, seen, recorded.missing, to_come)
    question = __doc__.splitlines()[0]
    if not shipped:
        question = f"Has the level of {name} changed, {about.span}, and what comes next?"

    # The question and the model; ADVI begins to run. The answer is known exactly.
    build = partial(local_level, recorded.values, recorded.at, **(own | first | effects))
    knobs = {knob: tuple(value * one for one in changed.FACTORS) for knob, value in own.items()}
    kept = designs.of_series(name, held(values))
    study = Study("river_level", question, build, settings, knobs=knobs, design=kept)
    study.data(words.data(values, about))

    # The draws, whether the level changed, and a level at each time for every draw.
    sds = study.sample(whole=True)
    decision = study.decide(rule.decide)
    derive = partial(
        levels.with_levels, series=values, times=recorded.all, ahead=to_come, seed=seed
    )
    posterior = derive(sds)
    study.describe(
        course.assumed(places, recorded.unit),
        "Given the two sds all is normal, and two sds can be summed over on a grid: the exact "
        "posterior stands beside NUTS and ADVI, and says how far each of them is from it.",
    )

    # Prior predictive check, may anyone believe the draws, and does the model fit?
    study.prior(
        words.prior(values, given=None not in (noise, drift, jump), season=season or 1)
        + course.prior(effects),
        statistics={"y": one_step.of_all(season or 1)},
        held="values like these for very unlikely",
        advice="Look at --noise and --drift, and at the unit of the values.",
    )
    study.gate(["sigma_observation", "sigma_level", *course.names])
    misfit, rests = beware.misfit(rule)
    study.fit(
        "Every value is predicted from those before it, by the sds of each draw. The level follows "
        "all that is slow, so the checks look at what it cannot follow: neighbours that hang "
        "together, a season, tails, noise that grows, a trend, a level that jumps.",
        statistics={"y": one_step.statistics(values, study.tree)},
        misfit=misfit,
        advice=f"{rests} What helps stands beside each{course.advice}.",
    )

    # What the data say: exact, by NUTS, by ADVI; at once or bit by bit; and how it predicts.
    found, verdict = summarise(posterior), rule.verdict
    drifts, measured = verdict.accounts[2], rule.measure(sds)
    exact = values.sds() | {
        "change": drifts.change.known(),
        f"level[{seen[-1]}]": drifts.now.known(),
        f"forecast[{to_come[0]}]": drifts.ahead(1).known(),
        **{f"season[{one}]": drifts.effect(i).known() for i, one in enumerate(places)},
    }
    exact |= {"slope": drifts.slope.known()} if trend else {}
    fallen = {"prob_fallen": drifts.change.below(0)}
    about = aside(rule, about)
    study.section(
        "What the data say",
        tables.estimates(found, about),
        exactly.quantities(study, found, exact, caption="Exact, NUTS and ADVI", told=derive),
        exactly.probabilities(
            *(study, measured, fallen, rule.measure),
            ess=found["sigma_level"].ess_bulk,
            sds={"prob_fallen": drifts.change.sd_below(0)},
        ),
    )
    study.section(
        "When did it change?", drawn.of_when(rule, about), line=words.accounts(rule, about)
    )
    beware.warn_of_ends(study.page, rule, decision)
    scores = left_out.scores_of(values)
    add_season(study, rule, found, scores, places)
    rises = add_trend(study, rule, found, scores, recorded.unit)
    study.section(
        "Which account predicts best?", tables.scores(scores), line=words.scores_in_words(scores)
    )
    beware.warn_of_scores(study.page, rule, scores)

    # Would ADVI have done, and does the prior decide?
    study.advi()
    study.sweep(dict, measure=rule.measure, exact=rule.exact)
    study.sensitivity(
        "sigma_level",
        f"The prior's knobs are the scales of both sds; here {figure(own['noise'])} and "
        f"{figure(own['drift'])}. That of a jump ({figure(values.prior.jump)}) has a part in the "
        "evidence alone, which is exact.",
        lambda swept: [
            tables.priors(rule, knobs | {"jump": [one * prior.jump for one in changed.FACTORS]})
        ],
        unit=f"{name}, a step",
        own=own,
    )
    study.section("The decision", words.rule_in_words(rule) + course.rule)
    return study.save(
        words.answer(decision, rule, about),
        drawn.picture(rule, named(found, "level"), about),
        [tables.of_accounts(rule, about)],
        found,
        measured | changed.told(verdict) | rises,
        {"leave_future_out": scores.elpd},
    )


if __name__ == "__main__":
    command.run(main)
