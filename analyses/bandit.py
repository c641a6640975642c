"""Which variant should the next visitor see?

A bandit, for the players of Cookie Cats or for a CSV of your own (--data): the exact posterior of
each variant's rate, the share of the next visitors that each should get (Thompson sampling), when
to stop exploring, and what other policies would give away.
"""

from functools import partial
from typing import Annotated

import numpy as np

from analyses import _command as command, _designs as designs, _exactly as exactly
from analyses._study import Study
from data.bandit import PATH, read
from models.bandit import clicks
from reports.rates import policies as told, variants as words
from workflow.checking.checks import each
from workflow.quantities import named, summarise
from workflow.rates import dependence, policies, variants
from workflow.rates.few_visitors import first_visitors

KNOBS = {"alpha": (0.5, 1.0, 5.0), "beta": (0.5, 1.0, 20.0)}
FEW = 10  # visitors, of whom everything that can happen is followed


def main(
    data: command.Data = PATH,
    alpha: Annotated[float, command.number("Prior clicks of a variant.")] = 1.0,
    beta: Annotated[float, command.number("Prior visitors without a click.")] = 1.0,
    max_loss: Annotated[
        float, command.rate("Stop exploring if the expected loss (a rate) is below this.")
    ] = 0.001,
    horizon: command.Horizon = 2000,
    ordered: command.Ordered = False,
    reading: command.Shown = command.AS_IT_IS,
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
    counts = (counted := read(data, reading)).counts
    names = [str(one) for one in counts["arm"]]
    question = __doc__.splitlines()[0]

    # The question and the model; ADVI begins to run. Each rate has an exact posterior of its own.
    exact = variants.Exact(counts, alpha, beta)
    build = partial(clicks, counts, alpha=alpha, beta=beta)
    kept = designs.of_arms(counts, None, "visitors")
    study = Study("bandit", question, build, settings, knobs=KNOBS, design=kept)
    study.data(words.data(counts))

    # The draws, what they decide, and whether visitors are independent and rates stay the same.
    posterior = study.sample()
    decision = study.decide(partial(variants.least_loss, limit=max_loss))
    study.describe(
        "Each variant has one rate, which stays what it is, and visitors know nothing of one "
        "another. By which policy they were given their variants makes no difference to the "
        "posterior, as long as that looked at earlier outcomes alone."
    )
    left = dependence.of_arms(counted.rows, names)
    study.independent(left, counted.beside, ordered=ordered)

    # Prior predictive check, may anyone believe the draws, and does the model fit?
    statistics = {"clicked": each(names, "variant", "clicks of {}")}
    advice = "Look at --alpha and --beta, and at the counts."
    held = "counts like the observed for very unlikely"
    study.prior(
        f"Each rate has the prior Beta({alpha:g}, {beta:g}), which weighs as much as "
        f"{alpha + beta:g} visitors of each variant.",
        statistics=statistics,
        held=held,
        advice=advice,
    )
    study.gate(["rate"])
    study.fit(
        "There is a rate for every count, so these counts cannot contradict the model.",
        statistics=statistics,
        saturated=True,
        misfit="The prior holds the rates away from the data",
        advice="Weaken it: --alpha and --beta count as visitors.",
    )

    # What the data say: exact, by NUTS and by ADVI.
    found, measured = summarise(posterior), variants.measure(posterior)
    best, loss = named(measured, "prob_best"), named(measured, "expected_loss")
    ess = min(one.ess_bulk for one in found.values())
    beside_it = partial(exactly.quantities, study, caption="Rates", scale=100, unit="%")
    study.section(
        "What the data say",
        beside_it(found, exact.rates()),
        exactly.probabilities(study, best, exact.best(), variants.best, ess=ess),
    )

    # What would each policy give away, from now on, and had it begun with nothing?
    study.step("policies")
    race = partial(policies.race, posterior["rate"], horizon=horizon, limit=max_loss, seed=seed)
    now = race(*exact.parameters)
    replayed = race(np.full(len(names), alpha), np.full(len(names), beta))
    study.section(
        "What does each policy give away?",
        told.told(now, horizon),
        told.regret(now),
        told.policies(now, replayed, horizon),
        told.few(first_visitors(FEW), FEW),
    )

    # Would ADVI have done, and does the prior decide?
    study.advi()
    decide = partial(exact.decision_under, limit=max_loss)
    study.sweep(dict, measure=variants.measure, exact=decide)
    first = max(best, key=lambda name: best[name].value).replace("prob_best", "rate")
    study.sensitivity(
        first, "The prior's knobs are how many clicks, and others, it weighs.", unit="%", scale=100
    )
    study.section("The decision", words.rule(max_loss, alpha, beta))
    words.warn_of_limit(study.page, found, max_loss)
    allocation = {name.replace("prob_best", "allocation"): one for name, one in best.items()}
    regret = {name: {"mean": one.total.value, "mcse": one.total.mcse} for name, one in now.items()}
    return study.save(
        words.answer(decision, exact.best(), loss, max_loss),
        words.picture(exact.distributions(), posterior["rate"]),
        [words.variants(counts, found, best, exact.best(), loss)],
        found,
        measured | allocation,
        {"regret": regret},
    )


if __name__ == "__main__":
    command.run(main)
