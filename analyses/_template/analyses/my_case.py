"""Which of four groups has the most events for the time it was watched?

One rate a group, by Poisson and Gamma; answered if one group has the highest rate surely enough.
"""  # EDIT: the first line is the question, the rest what the help says

from functools import partial
from typing import Annotated

from analyses import _command as command
from analyses._study import Study
from data.my_case import PATH, load
from models.my_case import rates
from reports.blocks import tables
from reports.drawing import figures
from reports.drawing.whiskers import options
from workflow.checking.checks import each
from workflow.deciding.decision import UNDECIDED, is_best, surest
from workflow.quantities import expectations, label, summarise

KNOBS = {"prior_mean": (0.5, 2.0, 8.0), "prior_shape": (1.0, 2.0, 10.0)}  # EDIT: other priors


def main(
    data: command.Data = PATH,
    prior_mean: Annotated[float, command.number("Prior mean of a rate.")] = 2.0,  # EDIT: knobs
    prior_shape: Annotated[float, command.number("Events the prior weighs as much as.")] = 2.0,
    sure: Annotated[float, command.number("Probability asked for.", above=0.5, below=1)] = 0.95,
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
    groups = load(data)
    build = partial(rates, groups, prior_mean=prior_mean, prior_shape=prior_shape)
    study = Study("my_case", __doc__.splitlines()[0], build, settings, knobs=KNOBS)
    about = f"{groups['events'].sum():,} events in {len(groups)} groups."  # EDIT: the data
    study.data(about, tables.frame("Counts", groups, "A row is a group."))

    # The draws, and what they decide: the group that surely has the highest rate.
    posterior = study.sample()
    decision = study.decide(partial(surest, variable="rate", sure=sure))
    study.describe("Events come independently, each group's at one rate.")  # EDIT: what it assumes
    observed = {"events": each(groups["group"], "group", "events in {}")}
    before = f"Rates are near {prior_mean:g}; that weighs {prior_shape:g} events."  # EDIT: words
    advice = "Look at --prior-mean and --prior-shape."  # EDIT: the options' names
    study.prior(before, statistics=observed, held="such counts for very unlikely", advice=advice)

    # May anyone believe the draws, and does the model reproduce the data?
    study.gate(["rate"])
    free = "There is a rate for every count: these counts cannot contradict the model."  # EDIT: fit
    away = "The prior holds the rates away from the data"
    study.fit(free, statistics=observed, misfit=away, advice=advice, saturated=True)

    # What the data say, whether the prior decides, and whether ADVI would have done.
    found = summarise(posterior)
    best = expectations("prob_highest", is_best(posterior["rate"], "group"))
    result = [options("The groups", found, best, said="P(highest)")]  # EDIT: a row an option
    study.section("What the data say", tables.estimates("Rates", found))
    study.sweep(dict, measure=lambda draws: expectations("p", is_best(draws["rate"], "group")))
    study.advi()
    first = max(best, key=lambda name: best[name].value)
    study.sensitivity(f"rate[{label(first)}]", unit="events per unit of exposure")  # EDIT: unit
    rule = f"Rule: name the group with the highest rate if {sure:g} sure (--sure)."  # EDIT: rule
    study.section("The decision", rule)
    who = "No group surely has" if decision == UNDECIDED else f"{label(first)} has"  # EDIT: answer
    answer = f"{who} the highest rate (probability {best[first].value:.2f} for {label(first)})."
    rows = {label(name): {"NUTS": q} for name, q in found.items()}
    axis = "events per unit of exposure"  # EDIT: what the axis shows, with its unit
    picture = figures.intervals("answer", rows, label=axis, caption="Median and 95% interval.")
    return study.save(answer, picture, result, found, best)


if __name__ == "__main__":
    command.run(main)
