"""The study of a level whose slope itself changes: is it rising or falling now?

The same values as those of one series (`analyses/river_level.py`), with another question.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import xarray as xr

from analyses import _designs_alone as designs, _exactly as exactly, _turning_rows as rows_of
from analyses._study import Study
from data._season import unturned
from data._table import refuse
from data.river_level import read
from models._turning_level import turning_level
from reports.blocks.numbers import figure
from reports.series import level as words, turning as told, turning_drawn as drawn
from workflow.quantities import Quantity, Scalar, named, summarise
from workflow.series import left_out, one_step
from workflow.series.changed import FACTORS
from workflow.series.directions import Turning
from workflow.series.rising import Rule
from workflow.series.turned import with_slopes

KNOBS = ("noise", "drift", "bend")


def turning(**settings: Any) -> int:
    """Run the study of `main`'s settings with a slope that changes; return the exit code."""
    rows_of.refuse_others(settings)
    recorded = read(*(settings[one] for one in ("data", "reading", "series", "means")))
    refuse(settings["data"], unturned(recorded))
    values = rows_of.series(recorded, settings)
    rule, about = Rule(values, settings["sure"]), rows_of.in_words(recorded, settings)

    # The question and the model; ADVI begins to run. The answer is known exactly.
    own = {knob: getattr(values.prior, knob) for knob in KNOBS}
    build = partial(turning_level, recorded.values, recorded.at, **vars(values.prior))
    knobs = {knob: tuple(value * one for one in FACTORS) for knob, value in own.items()}
    question = f"Is {about.name} rising or falling in {about.seen[-1]}, and what comes next?"
    kept = designs.of_series(about.name, vars(values.prior), by="")
    study = Study("river_level", question, build, settings, knobs=knobs, design=kept)
    study.data(words.data(values.without(), about))

    # The draws, whether the level rises, and level and slope at each time for every draw.
    sds = study.sample(whole=True)
    decision = study.decide(rule.decide)
    derive = partial(
        with_slopes, series=values, times=recorded.all, ahead=about.ahead, seed=study.seed
    )
    _check(study, values, given=None not in map(settings.get, KNOBS))

    # What the data say: exact, by NUTS, by ADVI; how the slope went; and how it predicts.
    found = summarise(derive(sds))
    measured = _say(study, rule, about, found, derive, sds)
    scores = _tell(study, rule, about, found)
    _would(study, rule, own, about)
    study.section("The decision", told.RULE.format(sure=rule.sure))
    return study.save(
        told.answer(decision, rule, about),
        drawn.picture(values, named(found, "level"), about),
        [told.of_slopes(rule, about)],
        found,
        measured | rule.told(),
        {"leave_future_out": scores.elpd},
    )


def _check(study: Study, values: Turning, *, given: bool) -> None:
    """Say what is assumed; add the checks of prior, sampler and fit."""
    study.describe(
        told.ASSUMED,
        "Given the three sds all is normal, and three sds can be summed over on a grid: the exact "
        "posterior stands beside NUTS and ADVI, and says how far each of them is from it.",
    )
    study.prior(
        told.prior(values, given=given),
        statistics={"y": one_step.of_all()},
        held="values like these for very unlikely",
        advice="Look at --noise, --drift and --bend, and at the unit of the values.",
    )
    study.gate(["sigma_observation", "sigma_level", "sigma_slope"])
    study.fit(
        "Every value is predicted from those before it, by the sds of each draw. Level and slope "
        "follow all that is slow, so the checks look at what they cannot follow: neighbours that "
        "hang together, a season, tails, noise that grows, a level that jumps.",
        statistics={"y": one_step.statistics(values, study.tree)},
        misfit="The values are not those of a level and a slope that drift, seen with noise",
        advice="Forecasts and their width then rest on a model that is wrong in this. A season "
        "goes away in means over whole ones (--means 12); a jump is looked for without --turning.",
    )


def _say(
    study: Study,
    rule: Rule,
    about: words.Words,
    found: Mapping[str, Quantity],
    derive: "partial[xr.Dataset]",
    sds: xr.Dataset,
) -> dict[str, Scalar]:
    """Add what the data say, exactly, by NUTS and by ADVI; return the probability of a rise."""
    values, measured, last = rule.series, rule.measure(sds), about.seen[-1]
    exact = values.sds() | {
        f"slope[{last}]": values.slope.known(),
        f"level[{last}]": values.now.known(),
        f"forecast[{about.ahead[0]}]": values.ahead(1).known(),
        f"forecast[{about.ahead[-1]}]": values.ahead(len(about.ahead)).known(),
    }
    study.section(
        "What the data say",
        told.estimates(found, about),
        exactly.quantities(study, found, exact, caption="Exact, NUTS and ADVI", told=derive),
        exactly.probabilities(
            *(study, measured, {"prob_rising": rule.rises()}, rule.measure),
            ess=found["sigma_slope"].ess_bulk,
            sds={"prob_rising": values.slope.sd_below(0)},
        ),
    )
    return measured


def _tell(
    study: Study, rule: Rule, about: words.Words, found: Mapping[str, Quantity]
) -> left_out.Scores:
    """Add how the slope went, and which account of it predicts best; return the scores."""
    slopes = named(found, "slope")
    study.section(
        "How did the slope go?",
        drawn.of_slope(rule.series, slopes, about),
        line=drawn.in_line(slopes, about),
    )
    scores = rule.scores()
    study.section(
        "Does the slope change, and which account predicts best?",
        told.scores(scores, rule),
        line=f"{told.changes(rule)} {words.scores_in_words(scores)}",
    )
    told.warn(study.page, rule, scores)
    return scores


def _would(study: Study, rule: Rule, own: Mapping[str, float], about: words.Words) -> None:
    """Add whether ADVI would have done, and whether the prior decides."""
    study.advi()
    study.sweep(dict, measure=rule.measure, exact=rule.exact)
    prior = rule.series.prior
    each = {name: [one * getattr(prior, name) for one in FACTORS] for name in ("bend", "slope_sd")}
    study.sensitivity(
        "sigma_slope",
        "The prior's knobs are the scales of three sds; here "
        f"{', '.join(f'{figure(value)} (--{name})' for name, value in own.items())}. That of the "
        f"first slope ({figure(prior.slope_sd)}) is in the table beside that of its steps.",
        lambda swept: [told.priors(rule, each)],
        unit=f"{about.name}, a step of a step",
        own=own,
    )
