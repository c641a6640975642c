"""Did a rate change at once, bit by bit, or twice? In words, as a table, and what to beware of."""

from collections.abc import Iterable, Mapping

import numpy as np

from reports.blocks.blocks import NONE, Cell, Table
from reports.blocks.numbers import MILLION, figure, times
from reports.page.page import Report
from reports.rates.step import Words
from workflow.rates.changed import CHANGED, FALLEN, RISEN, Rule
from workflow.rates.courses import AT_ONCE, BIT_BY_BIT, OPEN, TWICE, Courses

HOW = (
    "One row a course of the rate: it stays; it changes once; its logarithm goes along a line from "
    "the first period to the last; it changes twice. Evidence: how many times more probable the "
    "counts are with that course than with one change, exact; all rates have the same prior, and "
    "every boundary, or pair of them, is as likely as any other. Under other priors are the least "
    "and the most evidence among those of the sweep. Good is one change that is many times more "
    "probable than the line. Two changes hardly ever become improbable where there was one: they "
    "count where they are many times more probable."
)


def instead(rule: Rule, courses: Courses, words: Words) -> str | None:
    """Return the answer where the counts tell another course than one step, else nothing."""
    course = courses.told()
    if course in (AT_ONCE, OPEN) or courses.against_none() < np.log(rule.evidence):
        return None
    more = _many(courses.log_factors[course])
    if course == TWICE:
        rates = [figure(one) for one in courses.two.rates()]
        first, second = (words.boundary(k - 1) for k in courses.two.found[1])
        return (
            f"The rate of {words.events} has changed more than once: the counts are {more} times "
            "more probable with two changes than with one. If by steps, it was most probably "
            f"{rates[0]} {words.rate}, {rates[1]} from {first} on, and {rates[2]} from {second} "
            "on; one date and one ratio do not say what happened."
        )
    trend = courses.trend
    of = trend.quantiles()
    middle, low, high = (figure(float(one)) for one in of["ratio"])
    return (
        f"The rate of {words.events} has {_side(trend.prob_fallen(), rule.sure)}, bit by bit "
        f"rather than at once: from {figure(float(of['first'][0]))} to "
        f"{figure(float(of['last'][0]))} {words.rate}, {words.span}, by a factor of {middle} (95% "
        f"{low} to {high}). The counts are {more} times more probable so than with one change: "
        "there is no date of it."
    )


def _side(fallen: float, sure: float) -> str:
    return FALLEN if fallen >= sure else RISEN if 1 - fallen >= sure else CHANGED


def _many(log: float) -> str:
    return "more than a million" if log > np.log(MILLION) else times(log)


def told(courses: Courses) -> str:
    """Say in a line which course the counts tell."""
    log = courses.log_factors
    more = {
        AT_ONCE: f"At once: one change is {_many(-log[BIT_BY_BIT])} times more probable than a "
        "rate that goes bit by bit",
        BIT_BY_BIT: f"Bit by bit: {_many(log[BIT_BY_BIT])} times more probable than one change",
        TWICE: f"Twice: two changes are {_many(log[TWICE])} times more probable than one",
        OPEN: "At once or bit by bit? Not told: "
        + _more(log[BIT_BY_BIT], "bit by bit", "with one change"),
    }
    return f"{more[courses.told()]} ({courses.asked:g} times was asked for)."


def _more(log: float, one: str, other: str) -> str:
    """Say how many times more probable the counts are with one course than with the other."""
    better, worse = (one, other) if log > 0 else (other, one)
    return f"the counts are only {times(abs(log))} times more probable {better} than {worse}"


def table(courses: Courses, knobs: Mapping[str, Iterable[float]]) -> Table:
    """Return each course, and how probable the counts are with it."""
    reach, of_step = (
        courses.reach(prior_mean=knobs["prior_mean"], prior_shape=knobs["prior_shape"]),
        courses.step.log_bayes_factor,
    )

    def row(name: str, course: str) -> tuple[Cell, ...]:
        low, high = reach[course]
        one = courses.log_factors[course]
        return (name, times(one), f"{times(low)} to {times(high)}", times(one + of_step))

    rows = (
        ("it stays", times(-of_step), NONE, "1"),
        ("one change", "1", NONE, times(of_step)),
        row("bit by bit", BIT_BY_BIT),
        row("two changes", TWICE),
    )
    columns = ("course", "evidence against one change", "under other priors", "against none")
    return Table("At once, bit by bit, or twice?", columns, rows, HOW)


def warn_of_course(report: Report, rule: Rule, courses: Courses, words: Words) -> None:
    """Warn where another course than one step is told."""
    if instead(rule, courses, words) is None:
        return
    twice = courses.told() == TWICE
    report.warn(
        "The rate did not change once: " + told(courses),
        "What this page says of one change (its date, both rates, the ratio) describes no "
        "change that there was. "
        + (
            "Split the file between the two changes and ask again of each part."
            if twice
            else "count_regression with the period as its term gives the factor a period."
        ),
    )
