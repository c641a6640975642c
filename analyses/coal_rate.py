"""Has the rate of disasters fallen, and when?

One change of a Poisson rate, for 191 explosions in British coal mines or for a CSV of your own
(--data) with a row an event, or with the counts of periods: the exact posterior of when it was and
of both rates, and the evidence that there was a change at all.
"""

from functools import partial
from typing import Annotated, Literal

from analyses import _command as command, _designs as designs, _exactly as exactly
from analyses._study import Study
from data.coal_rate import PATH, read
from models.coal_rate import step as one_step
from reports.blocks.numbers import figure
from reports.rates import courses as course, step as words, step_tables as tables, stepping as drawn
from workflow.quantities import named, original_scale, summarise
from workflow.rates import about_step, changed
from workflow.rates.courses import Courses
from workflow.rates.step import Step

SHAPES = (0.5, 1.0, 2.0)  # of the sweep
SCALES = (0.25, 1.0, 4.0)  # its prior means, in those of the page


def main(
    data: command.Data = PATH,
    prior_mean: Annotated[
        float | None, command.number("Prior mean of both rates; else the overall rate, rounded.")
    ] = None,
    prior_shape: Annotated[float, command.number("Prior shape; 1 is an Exponential.")] = 1.0,
    evidence: Annotated[
        float, command.number("Bayes factor at which the rate counts as changed.", above=1)
    ] = 10.0,
    sure: Annotated[
        float, command.number("Probability asked for a side.", above=0.5, below=1)
    ] = 0.95,
    every: Annotated[
        Literal["year", "month", "week", "day"] | None, command.text("Count dates by that.")
    ] = None,
    since: Annotated[str | None, command.text("When counting began, such as 1852.")] = None,
    until: Annotated[str | None, command.text("When counting ended, such as 1961.")] = None,
    reading: command.Dated = command.AS_IT_IS,
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
    periods = read(data, reading, every=every, since=since, until=until)
    shipped = data.resolve() == PATH
    usual = 1.0 if shipped else float(f"{max(periods.rate, 1 / len(periods.counts)):.0e}")
    own = {"prior_mean": prior_mean or usual, "prior_shape": prior_shape}
    known = Step(periods.counts.to_numpy(), periods.starts, own["prior_mean"], prior_shape)
    rule, courses = changed.Rule(known, evidence, sure), Courses(known, evidence)
    about = words.Words("disasters" if shipped else "events", periods.unit, periods.labels)
    question = __doc__.splitlines()[0]
    if not shipped:
        question = f"Has the rate of events changed, {about.span}, and when?"

    # The question and the model; ADVI begins to run. The answer is known exactly.
    build = partial(one_step, periods.counts, **own)
    knobs = {"prior_mean": tuple(own["prior_mean"] * one for one in SCALES), "prior_shape": SHAPES}
    instead = course.instead(rule, courses, about)
    is_changed = rule.of(known) in (changed.FALLEN, changed.RISEN) and instead is None
    kept = designs.of_periods(about.events, about.unit, changed=is_changed)
    study = Study("coal_rate", question, build, settings, knobs=knobs, design=kept)
    study.data(words.data(known, about))

    # The draws, to which side the rate changed, and when: a change point for every draw.
    drawn_rates = study.sample(ordered=True)
    decision = study.decide(rule.decide)
    with_change = partial(known.with_change_point, seed=seed)
    posterior = with_change(drawn_rates)
    study.describe(
        "There is one change at most, it is sudden, and on either side of it events come "
        "independently at one rate: a rate that goes bit by bit and one that changes twice are its "
        "rivals, and bursts are looked for below. The rate is one of each period: if what is "
        "exposed changed (mines, traffic), so did the rate.",
        "Every boundary between two periods is as likely as any other beforehand, and given the "
        "boundary the prior is conjugate: all is known exactly as a sum over boundaries, and "
        "nobody needs NUTS or ADVI. The exact posterior says how far each of them is from it.",
    )

    # Prior predictive check, may anyone believe the draws, and does the model fit?
    study.prior(
        words.prior(known, about, given=shipped or prior_mean is not None),
        statistics={"count": about_step.of_all()},
        held="counts like these for very unlikely",
        advice="Look at --prior-mean and --prior-shape, and at what is counted.",
    )
    study.gate(["rate_before", "rate_after"])
    study.fit(
        "One step fits the mean before and after it, so the checks look at what it cannot fit, "
        "about the step that fits each series best: spread, neighbours, drift, a second step. "
        "Simulated series have their change at any boundary.",
        statistics={"count": about_step.statistics()},
        misfit="The counts are not those of two constant rates",
        advice="Bursts, a drift or more changes make the intervals too narrow, and the evidence "
        "then says only that one constant rate fits worse. Count by longer periods, split the "
        "file at the change, or let count_regression have a slope over time.",
    )

    # What the data say: exact, by NUTS, by ADVI; and when.
    quantities = original_scale(summarise(posterior)) | named(summarise(posterior), "log_ratio")
    exact, measured = known.known(), rule.measure(posterior)
    of_rates = named(exact, "rate_before", "rate_after", "log_ratio")
    fallen = {"prob_fallen": known.prob_fallen()}
    study.section(
        "What the data say",
        tables.estimates(quantities, known, about),
        exactly.quantities(
            study, quantities, of_rates, caption=f"Rates ({about.rate}), and the log of their ratio"
        ),
        exactly.probabilities(
            *(study, measured, fallen, rule.measure), ess=quantities["log_ratio"].ess_bulk
        ),
    )
    changes = named(exact, "change_point")
    study.section(
        "When did it change?",
        tables.when(known, about),
        exactly.quantities(
            *(study, quantities, changes),
            caption=f"First {about.unit} with the new rate (as a number)",
            told=with_change,
            plain=True,
        ),
        tables.without_ends(rule, about),
        line=words.when_in_words(known, about),
    )
    words.warn_of_ends(study.page, rule, about)
    words.warn_of_edge(study.page, rule)
    study.section(
        "At once, bit by bit, or twice?", course.table(courses, knobs), line=course.told(courses)
    )
    course.warn_of_course(study.page, rule, courses, about)

    # Would ADVI have done, and does the prior decide?
    study.advi()
    study.sweep(dict, measure=rule.measure, exact=rule.exact)
    study.sensitivity(
        "log_ratio",
        f"The prior's knobs are mean and shape of both rates; here {figure(known.mean)} and "
        f"{known.shape:g}.",
        drawn.evidence(rule, knobs, about),
        unit="log of the ratio",
        own=own,
    )
    study.section("The decision", words.rule_in_words(rule))
    quantities.pop("log_ratio")
    return study.save(
        instead or words.answer(decision, rule, quantities, about, at_once=courses.has_date),
        drawn.picture(courses, posterior, about),
        [tables.said(decision, rule, measured["prob_fallen"], fallen["prob_fallen"])],
        quantities,
        measured | changed.told(known.log_bayes_factor),
    )


if __name__ == "__main__":
    command.run(main)
