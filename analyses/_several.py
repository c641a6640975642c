"""The study of several series: of each whether its level changed, and what comes next.

Each has its own level and its own accounts, exactly as one series has (`analyses/river_level.py`).
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr

from analyses import (
    _designs_alone as designs,
    _exactly as exactly,
    _several_pooled as own,
    _several_rows as rows_of,
)
from analyses._study import Study
from models._several_levels import levels_alone
from reports.series import (
    beware,
    drawn,
    level as words,
    level_tables as tables,
    population,
    several as told,
)
from workflow.checking.exact import Known
from workflow.quantities import Quantity, Scalar, named, summarise
from workflow.series import changed, left_out, levels, one_step
from workflow.series.pooled import Together
from workflow.series.several import Several, prior_statistics


def several(**settings: Any) -> int:
    """Run the study of `main`'s settings on all series of a file; return the exit code."""
    rows_of.refuse_others(settings)
    asked, pooled = rows_of.asked(settings), settings["each"] == "pooled"
    names, given = list(asked.alone), None not in map(settings.get, ("noise", "drift", "jump"))

    # The question and the model; ADVI begins to run. The answer of each is known exactly.
    question = f"Which of {len(names)} series have changed their level, and what comes next?"
    rule, build, knobs = (own.pooled if pooled else _alone)(asked.alone, asked.rows)
    kept = designs.of_series("each of them", {})
    study = Study("river_level", question, build, settings, knobs=knobs, design=kept)
    study.data(told.data(asked.series, asked.about, asked.value))

    # The draws, and whether each level changed.
    sds = study.sample(whole=True)
    study.decide(rule.decide)
    decisions = {name: its[0] for name, its in rule.decisions(sds).items()}
    study.describe(*([population.LEARNED] if pooled else []), told.ASSUMED)
    _check(study, rule, names, asked.of, given=given)

    # What the data say: exact, by NUTS, by ADVI; and each series by itself.
    found, measured = _say(study, rule, asked, sds)
    own.tell(study, rule, asked.alone)
    scores = _tell_each(study, rule, asked, sds, decisions)

    # Would ADVI have done, and does the prior decide?
    _would(study, rule, asked, pooled=pooled)
    rules, about = rule.rules, asked.about
    result = told.result(decisions, rules, {name: one.ahead[0] for name, one in about.items()})
    first = told.shown(result)
    decided = words.rule_in_words(next(iter(rules.values()))) + told.RULE
    study.section("The decision", decided, *[result] * (first is not result))
    return study.save(
        told.answer(decisions, rules),
        told.picture(decisions, rules, ""),
        [first],
        found,
        measured | rule.told(),
        {"leave_future_out": {name: one.elpd for name, one in scores.items()}},
    )


def _say(
    study: Study, rule: Several, asked: rows_of.Asked, sds: xr.Dataset
) -> tuple[dict[str, Quantity], dict[str, Scalar]]:
    """Add what the data say, exactly, by NUTS and by ADVI; return what NUTS says."""
    derive = partial(rule.with_changes, times=asked.times, seed=study.seed)
    found, measured = summarise(derive(sds)), rule.measure(sds)
    known, falls = _exact(rule.rules)
    drifts = {name: one.verdict.accounts[2] for name, one in rule.rules.items()}
    study.section(
        "What the data say",
        told.estimates(found, rule.rules),
        exactly.quantities(
            *(study, found, known | own.known(rule)), caption="Exact, NUTS and ADVI", told=derive
        ),
        exactly.probabilities(
            *(study, measured, falls, rule.measure),
            ess=min(one.ess_bulk for one in named(found, "sigma_level").values()),
            sds={f"prob_fallen[{name}]": one.change.sd_below(0) for name, one in drifts.items()},
        ),
    )
    return found, measured


def _tell_each(
    study: Study, rule: Several, asked: rows_of.Asked, sds: xr.Dataset, decisions: Mapping[str, str]
) -> dict[str, left_out.Scores]:
    """Add a section for each series, and which account predicts best; return the scores."""
    scores = {name: left_out.scores_of(one) for name, one in asked.series.items()}
    for i, (name, its, drawn_sds) in enumerate(rule.of_each(sds)):
        about, seed = asked.about[name], study.seed + i
        ahead = list(about.ahead)
        level = levels.with_levels(drawn_sds, its.series, asked.times[name], ahead, seed=seed)
        _tell(study, its, about, scores[name], decisions[name], level, i)
    study.section("Which account predicts best?", told.scores(scores, rule.rules))
    return scores


def _would(study: Study, rule: Several, asked: rows_of.Asked, *, pooled: bool) -> None:
    """Add whether ADVI would have done, and whether the prior decides."""
    study.advi()
    study.sweep(dict, measure=rule.measure, exact=rule.exact)
    study.sensitivity(
        study.most_moved(f"sigma_level[{name}]" for name in asked.alone),
        told.knobs(pooled=pooled),
        unit=f"{asked.value}, a step",
        own=dict.fromkeys(study.knobs, 1.0),
    )


def _alone(
    rules: Mapping[str, changed.Rule], rows: tuple[Any, ...]
) -> tuple[Several, "partial[pm.Model]", dict[str, tuple[float, ...]]]:
    """Return the rules, the model and the knobs of series of which none knows of another."""
    knobs: dict[str, tuple[float, ...]] = dict.fromkeys(("noise", "drift"), changed.FACTORS)
    return Several(rules), partial(levels_alone, *rows), knobs


def _check(study: Study, rule: Several, names: list[str], of: np.ndarray, *, given: bool) -> None:
    """Add the checks of prior, sampler and fit, each of them by series."""
    study.prior(
        population.learned(rule.wide, given=given)
        if isinstance(rule, Together)
        else told.prior(rule.rules, given=given),
        statistics={"y": prior_statistics(names, of, one_step.of_all())},
        held="values like these for very unlikely",
        advice="Look at --noise and --drift, and at the unit of the values.",
    )
    study.gate(["sigma_observation", "sigma_level", *own.names(rule)])
    study.fit(
        "Every value is predicted from those of its series before it, by the sds of each draw. "
        "The level follows all that is slow, so the checks look at what it cannot follow: "
        "neighbours that hang together, a season, tails, noise that grows, a level that jumps.",
        statistics={"y": rule.statistics(study.tree, of)},
        misfit="The values of a series are not those of a level that drifts, seen with noise",
        advice="Its forecasts and their width then rest on a model that is wrong in this. Look at "
        "it by itself (--series), with a season (--season 12, say) or a trend (--trend) in it.",
    )


def _exact(rules: Mapping[str, changed.Rule]) -> tuple[dict[str, Known], dict[str, float]]:
    """Return what is known exactly of each series, if its level drifts."""
    known: dict[str, Known] = {}
    falls: dict[str, float] = {}
    for name, rule in rules.items():
        drifts = rule.verdict.accounts[2]
        known |= {f"{what}[{name}]": one for what, one in rule.series.sds().items()}
        known[f"change[{name}]"] = drifts.change.known()
        known[f"last_level[{name}]"] = drifts.now.known()
        known[f"next_value[{name}]"] = drifts.ahead(1).known()
        falls[f"prob_fallen[{name}]"] = drifts.change.below(0)
    return known, falls


def _tell(
    study: Study,
    rule: changed.Rule,
    about: words.Words,
    scores: left_out.Scores,
    decision: str,
    drawn_levels: xr.Dataset,
    i: int,
) -> None:
    """Add what is told of one series: its level, its accounts, when it changed; and warn."""
    level = named(summarise(drawn_levels[["level"]]), "level")
    study.section(
        f"{about.name}: when did it change, and what comes next?",
        words.answer(decision, rule, about),
        drawn.picture(rule, level, about, f"level-{i}"),
        tables.of_accounts(rule, about),
        drawn.of_when(rule, about, f"when-{i}"),
        line=words.accounts(rule, about),
    )
    of = f" of {about.name}"
    beware.warn_of_ends(study.page, rule, decision, of)
    beware.warn_of_scores(study.page, rule, scores, of)
