"""Is the coin fair, and when did we know?

One rate learned flip by flip, for a hundred simulated flips or for a CSV of your own (--data) with
a row a trial in their order: the exact posterior after every flip, when a stated rule first
decided, and how often looking after every flip would have misled.
"""

from functools import partial
from typing import Annotated

from analyses import _command as command, _designs as designs, _exactly as exactly
from analyses._study import Study
from data.coin_updating import PATH, read
from models.coin_updating import coin
from reports.rates import coin as words, updating as tables, watching as drawn
from workflow.quantities import summarise
from workflow.rates import dependence, looking, sequence
from workflow.rates.fairness import HALF, Fairness
from workflow.rates.updating import Course

KNOBS = {"alpha": (0.5, 1.0, 2.0, 10.0), "beta": (0.5, 1.0, 2.0, 10.0)}


def main(
    data: command.Data = PATH,
    alpha: Annotated[float, command.number("Prior heads.")] = 2.0,
    beta: Annotated[float, command.number("Prior tails.")] = 2.0,
    before: Annotated[
        str | None, command.text("Heads and tails of earlier trials, such as 70:30.")
    ] = None,
    rope: Annotated[
        float, command.number("Rates within +- this of one half are practically fair.", below=HALF)
    ] = 0.05,
    sure: Annotated[float, command.number("Probability asked for.", above=0.5, below=1)] = 0.95,
    reading: command.Trials = command.AS_IT_IS,
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
    flips, beside = read(data, reading)
    heads, tails = earlier = command.earlier(before, 2)
    rule, outcomes = Fairness(str(flips.name), rope, sure), flips.to_numpy()
    course = Course(outcomes, alpha, beta, earlier)
    exact = course.exact
    question = __doc__.splitlines()[0]
    if data.absolute() != PATH:
        question = f"Is the rate of {flips.name} one half, and when did we know?"

    # The question and the model; ADVI begins to run. The answer is known exactly, flip by flip.
    about = {"heads_before": heads, "tails_before": tails}
    build = partial(coin, flips, alpha=alpha, beta=beta, **about)
    kept = designs.of_trials(flips, earlier)
    study = Study("coin_updating", question, build, settings, knobs=KNOBS, design=kept)
    study.data(words.data(outcomes, earlier, rule.event))

    # The draws, which side they show, and whether flips know of their neighbours.
    posterior = study.sample(ordered=True)
    decision = study.decide(rule.decide)
    study.describe(
        "Every trial has the same probability, and none knows of another: a rate that drifts, or "
        "trials that come in runs, are looked for below. The prior is conjugate, so that nobody "
        "needs NUTS or ADVI here; the exact posterior says how far each of them is from the truth."
    )
    left = dependence.of_one_rate(flips.to_frame())
    study.independent(left, beside, ordered=True)

    # Prior predictive check, may anyone believe the draws, and does the model fit?
    share = {"heads": {f"share of {rule.event}": sequence.share()}}
    advice = "Look at --alpha, --beta and --before, and at what counts as the event."
    held = "a share like the observed for very unlikely"
    study.prior(words.prior(alpha, beta, earlier), statistics=share, held=held, advice=advice)
    study.gate(["rate"])
    study.fit(
        "One rate fits how many trials have the event, so the checks look at their order: how "
        "often neighbours differ, the longest run, and whether the rate is another one later on.",
        statistics={"heads": share["heads"] | sequence.in_order(rule.event, len(flips))},
        misfit="The trials are not those of one constant rate",
        advice="Look at the order of the trials: runs, a drift, a change. An interval for one rate "
        "is then too narrow, or of a rate that there is not.",
    )

    # What the data say: exact, by NUTS, by ADVI. Then as it came in, and batch after batch.
    found, measured, sides = summarise(posterior), rule.measure(posterior), rule.known(*exact)
    told, ess = {"rate": course.known()}, found["rate"].ess_bulk
    beside_it = partial(exactly.quantities, study, caption=f"Rate of {rule.event}", scale=100)
    study.section(
        "What the data say",
        beside_it(found, told, unit="%"),
        exactly.probabilities(study, measured, sides, rule.measure, ess=ess),
    )
    met, checkpoints = course.first_met(rule), course.checkpoints()
    study.section(
        "The evidence as it came in",
        drawn.evidence("evidence", course, rule, met),
        tables.checkpoints(checkpoints, rule.event),
        drawn.estimates("estimates", course, rule.event),
    )
    pieces = words.batches(outcomes, earlier, rule.event)
    study.section("Batch after batch", pieces, tables.batches(course, rule.event))

    # How often does one err who looks after every flip?
    rates = looking.rates_of(posterior["rate"])
    ask = partial(looking.look, len(flips), rule=rule, prior=(alpha + heads, beta + tails))
    looks = {kind: ask(one, seed=seed) for kind, one in rates.items()}
    said = words.decided_by_looking(looks)
    study.section("What does looking so often do?", said, tables.looks(looks))
    words.warn_of_looking(study.page, decision, met, int(course.n[-1]), int(heads + tails))

    # Would ADVI have done, and does the prior decide?
    study.advi()
    study.sweep(dict, measure=rule.measure, exact=partial(course.decision_under, rule))
    study.sensitivity(
        "rate", "The prior's knobs are how many heads and tails it weighs.", unit="%", scale=100
    )
    study.section("The decision", words.rule_in_words(rule))
    return study.save(
        words.answer(decision, rule, measured, found["rate"], met, int(heads + tails)),
        words.picture(posterior["rate"], exact, (alpha + heads, beta + tails), rule),
        [words.sides(decision, rule, measured, sides)],
        found,
        measured | tables.bayes_factors(checkpoints[-1]),
        {"checkpoints": [one.told() for one in checkpoints]},
    )


if __name__ == "__main__":
    command.run(main)
