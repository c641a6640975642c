"""Which mix should be tried next?

A Gaussian process of all settings, for 20 mixes of concrete or for a CSV of your own (--data, with
--pool or --range for what could be tried): the next five settings by expected improvement, each
with its reason, and when to stop.
"""

from functools import partial
from pathlib import Path
from typing import Annotated

from analyses import _command as command, _could as own, _designs_alone as designs, _next as asked
from analyses._study import Study
from data.next_experiment import PATH, read
from models.next_experiment import surrogate
from reports.blocks import tables
from reports.functions import beware, trial_figures as drawn, trial_tables, trials as words
from workflow.functions.left_out import LeftOut
from workflow.functions.smoothness import by_neighbours
from workflow.quantities import original_scale, summarise

KNOBS = {"typical_length": (0.5, 1.0, 2.0), "amplitude": (1.0, 2.0), "noise": (0.1, 0.3)}
LEVEL, WORTH = 1.0, 0.5  # the latter in MPa, of the shipped mixes
UNKNOWN = ["log_length", "sigma_f", "sigma"]


def main(
    data: command.Data = PATH,
    pool: Annotated[
        Path | None, command.more("CSV with the settings that could be tried, a row each.")
    ] = None,
    range: Annotated[
        list[str] | None, asked.several("Range of a setting that could be tried. Can come again.")
    ] = None,
    minimise: asked.Minimise = False,
    worth: Annotated[
        float | None,
        command.real("Expected improvement that a trial is worth, in the result's unit.", above=0),
    ] = None,
    batch: Annotated[int, asked.trials("How many trials are made at once.")] = 5,
    by: asked.By = "improvement",
    typical_length: Annotated[
        float, command.number("Prior median of a length, in usual distances of the trials.")
    ] = 1.0,
    amplitude: Annotated[
        float, command.number("Prior scale of what the settings do, in sds of the results.")
    ] = 1.0,
    noise: Annotated[float, command.number("Prior mean of noise, in sds of the results.")] = 0.3,
    ordered: command.Ordered = False,
    drop_missing: command.DropMissing = False,
    reading: asked.Results = command.AS_IT_IS,
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
    tried = read(data, reading, drop_missing=drop_missing)
    could = own.could(tried, pool, range, reading, shipped=shipped)
    least = WORTH if shipped and worth is None else worth
    x, y, name = tried.settings, tried.results, str(tried.results.name)
    question = __doc__.splitlines()[0]
    if not shipped:
        question = f"What should be tried next for {'less' if minimise else 'more'} {name}?"

    # The question and the model; ADVI begins to run.
    prior = {"typical_length": typical_length, "amplitude": amplitude, "noise": noise}
    build = partial(surrogate, x, y, level=LEVEL, **prior)
    about = ("next_experiment", question, build, settings)
    kept = designs.of_settings(list(x), name)
    study = Study(*about, knobs=KNOBS, others=[could.path], design=kept)
    study.data(words.data(x, y, own.described(tried, could), minimise=minimise))

    # The draws of the unknowns; with them what is known of all that could be tried, and the rule.
    posterior = study.sample(ordered=ordered)
    search = own.search(tried, could, posterior, least, level=LEVEL, minimise=minimise, seed=seed)
    decision = study.decide(search.decide)
    study.describe(
        "The function is summed out, so that NUTS moves in the lengths and two sds alone; given "
        "these the function is normal at any setting, and its expected improvement is known in "
        "closed form. What is told is the average over the draws, and not what the likeliest "
        "lengths would say."
    )

    # Prior predictive check, may anyone believe the draws, and does the surrogate fit?
    study.prior(
        words.prior(list(x), amplitude * float(y.std()), name),
        statistics={"result": by_neighbours(search.tried.x)},
        held="results that spread, or jump, as these do for very unlikely",
        advice="Look at --typical-length, --amplitude and --noise, and at single odd results.",
    )
    study.gate(UNKNOWN)
    left = LeftOut(search.tried, posterior)
    predicted = left.predicted()
    study.fit(
        "The surrogate is there to predict what was not tried, so the checks look at every result "
        "as the others predict it: is one far off, and is what is left larger where the prediction "
        "is larger? With --ordered also: does it follow the order of the rows?",
        statistics={"result": left.statistics(ordered=ordered)},
        misfit="The surrogate does not predict the results as well as it believes",
        advice="Look at the row that is farthest off (a slip, another batch?), and at what else "
        "changed between trials; until then do not rely on the sds.",
        then=lambda checks: [words.left_out(predicted, name), drawn.left_out(predicted, name)],
    )
    beware.warn_of_left_out(study.page, predicted)

    # What to try, and why.
    study.step("what to try next")
    told = own.told(tried, could, search, posterior, batch, by=by, seed=seed)
    found = original_scale(summarise(posterior[UNKNOWN]))
    study.section("What to try, in full", trial_tables.settings(told), *drawn.functions(told))
    beware.warn(study.page, told, decision)
    study.section(
        "What is known of the function",
        words.lengths(told, found),
        tables.estimates("Lengths, and the sds of function and noise", found),
    )
    beware.warn_of_noise(study.page, told, found["sigma"])

    if shipped:
        kinds, first = own.searches()
        told_of = words.searches(kinds["mixes"], first), drawn.searches(kinds["mixes"], first)
        study.section("What does such a search find here?", *told_of, trial_tables.searches(kinds))

    # Would ADVI have done, and does the prior decide?
    study.advi()
    study.sweep(dict, UNKNOWN)
    study.sensitivity(
        "sigma",
        "The knobs are the prior median of the lengths, and the prior scale of what the settings "
        "do and the prior mean of the noise. What is judged is whether to try or to stop; which "
        "setting comes first may change where several are about as good.",
        unit=f"the unit of {name}",
        own=prior,
    )
    study.section("The decision", words.rule_in_words(told, stated=least is not None))
    return study.save(
        words.answer(decision, told),
        drawn.why(told),
        [trial_tables.options(told)] if study.sound else [],
        found,
        {"expected_improvement": told.most, "prob_better": told.trials[0].better},
        top=words.top(told, decision),
    )


if __name__ == "__main__":
    command.run(main)
