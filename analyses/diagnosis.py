"""Given what we see of a patient, which disease is it, and is one more test worth it?

A network of findings and diseases (Lauritzen and Spiegelhalter 1988), whose tables are learnt from
patients: 5,000 simulated ones, or a CSV of your own (--data) with blanks where nobody looked.
"""

from functools import partial
from typing import Annotated

import typer

from analyses import _command as command, _designs as designs
from analyses._study import Study
from data.diagnosis import PATH, read
from models.diagnosis import DISEASES, PARENTS, asia, pseudo_counts, states, tables
from reports.networks import tables as shown, words
from reports.page.exact import warn_of_off
from workflow.networks import agreement, asked as asking, exact, independence, shares
from workflow.networks.network import Network
from workflow.quantities import label, named, summarise

KNOBS = {"prior_mean": (0.05, 0.2, 0.5), "prior_strength": (0.5, 1, 2, 10, 50)}


def main(
    data: command.Data = PATH,
    seen: Annotated[
        str, command.text("What was seen: finding=1 or 0, with commas between; '' for nothing.")
    ] = "dyspnoea=1,visit=1",
    disease: Annotated[
        str, command.text("Which to decide on: tuberculosis, cancer or bronchitis.")
    ] = "tuberculosis",
    cost_miss: Annotated[
        float, command.number("Cost of not treating somebody who has the disease.")
    ] = 10.0,
    cost_false_alarm: Annotated[
        float, command.number("Cost of treating somebody who has it not.")
    ] = 1.0,
    cost_xray: Annotated[float, command.number("Cost of an X-ray, in the same unit.")] = 0.1,
    cost_question: Annotated[
        float, command.number("Cost of asking: visit, smoking, dyspnoea.")
    ] = 0.01,
    alpha: Annotated[float, command.number("Prior patients with a finding, a row.")] = 0.5,
    beta: Annotated[float, command.number("Prior patients without it, a row.")] = 0.5,
    reading: command.Findings = command.AS_IT_IS,
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
    saw = command.findings(seen, PARENTS)
    if disease not in DISEASES or disease in saw:
        why = "was seen already" if disease in saw else f"is not one of {', '.join(DISEASES)}"
        raise typer.BadParameter(f"--disease: {disease} {why}")
    patients, network = read(data, reading), Network.of(states(), tables())
    question_costs = dict.fromkeys(("smoking", "visit", "dyspnoea"), cost_question)
    costs = asking.Costs(cost_miss, cost_false_alarm, {"xray": cost_xray} | question_costs)
    asked = asking.Asked(network, saw, disease, DISEASES, costs)

    # The question, and the model that answers it. ADVI begins to run on the other core.
    build = partial(asia, patients, saw, alpha=alpha, beta=beta)
    study = Study(
        *("diagnosis", __doc__.splitlines()[0], build, settings),
        knobs=KNOBS,
        design=designs.of_network(asked),
    )

    # The data: who has which finding, and which row of a table nobody in the file is in.
    counts = exact.counted(network, patients)
    study.data(
        f"{patients['patients'].sum():,} patients, a row each; equal ones are counted together.",
        *([words.SHIPPED] if data.resolve() == PATH else []),
        shown.data(patients, network.names),
    )
    words.warn_of_unseen(study.page, exact.unknown(network, counts, saw))

    # The draws, and what to do: treat, wait, or first see one finding more.
    posterior = study.sample()
    decision = study.decide(asked.decide)
    study.describe(words.STRUCTURE, words.CAUSES)

    # Prior predictive check, by how common each finding is.
    study.prior(
        words.prior(alpha, beta),
        statistics={"patients": shares.statistics(network, patients)},
        held="findings as common, or as rare, as these for very unlikely",
        advice="Look at --alpha and --beta; the mean is alpha / (alpha + beta) in every row.",
    )

    # May anyone believe the draws, and does the network say rightly what is independent of what?
    study.gate(["chance"])
    claims = independence.statistics(network, patients)
    untold = independence.untold(network, patients)
    study.fit(
        words.CLAIMS,
        *words.untold(untold),
        statistics={"patients": claims},
        misfit=words.MISFIT,
        advice=words.INSTEAD,
    )
    words.warn_of_untold(study.page, untold, len(claims) + len(untold))

    # Which disease is it, what would one finding more bring, and by which tables? Without blanks
    # that matter the posterior is known exactly.
    known = exact.exact(network, patients, alpha=alpha, beta=beta)
    found, measured = summarise(posterior), asked.measure(posterior)
    outcomes = asked.outcomes(posterior)
    study.section("Which disease is it?", shown.diseases(asked, measured, found, known))
    study.section("Is one more test worth it?", *shown.tests(asked, measured, outcomes))
    study.section("What do the patients say?", shown.network(found, counts))

    # Is NUTS right?
    study.sweep(pseudo_counts, ["chance"], measure=asked.measure)
    trees = study.approximations() or {}
    beside = agreement.agreement(found, known, saw, trees, seed=seed)
    study.check("Is NUTS right?", *([] if known else [words.BLANKS]), shown.agreement(beside))
    warn_of_off(study.page, agreement.worst(beside))

    # Would ADVI have done, and does the prior decide?
    study.advi(trees=trees)
    study.sensitivity(
        f"chance[{disease}]",
        "The prior's knobs are the mean of every row of every table, and how many patients a row "
        "it weighs. It matters for rows that few patients are in.",
        unit="%",
        scale=100,
        own={"prior_mean": alpha / (alpha + beta), "prior_strength": alpha + beta},
        scaled=["chance"],
    )

    # The decision, and what to say of it on the first screen.
    study.section("The decision", words.rule(asked), words.DEFAULTS, words.beyond(decision))
    chances = {label(name): [q.lower, q.upper] for name, q in named(found, "chance").items()}
    return study.save(
        words.answer(decision, asked, measured, found),
        shown.picture(asked, found),
        [shown.options(decision, asked, measured, outcomes, known)],
        found,
        measured,
        top={"interval": chances},
    )


if __name__ == "__main__":
    command.run(main)
