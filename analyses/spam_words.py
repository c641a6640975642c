"""Which words speak for spam, and should a message with such words be quarantined?

Naive Bayes with a Beta prior for the rate of each word in each class, answered for the SMS Spam
Collection or for a file of your own (--data): word counts, or messages, which are then counted.
"""

from dataclasses import astuple
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
import xarray as xr

from analyses import _command as command
from data._messages import tokens
from data.spam_words import HELD_OUT, PATH, read
from models.spam_words import naive_bayes, pseudo_counts
from reports.blocks import tables
from reports.blocks.numbers import number
from reports.drawing import figures
from reports.page import sections
from reports.page.page import HTML, Report
from reports.publishing.summary import Results
from reports.scoring.honesty import too_sure
from reports.words import message as texts, spam as sentences
from reports.words.held_out import evaluation, warn_of_other_mix
from workflow.checking.checks import posterior_check, prior_check
from workflow.checking.diagnostics import Status, diagnose
from workflow.quantities import Scalar, expectations, label, named, original_scale, summarise
from workflow.sampling.background import in_background
from workflow.sampling.fit import compile_nuts, fit_nuts
from workflow.sensitivity.prior_curves import prior_curves
from workflow.sensitivity.sensitivity import power_scaling, sweep
from workflow.variational.advi import fit_both
from workflow.variational.compare import compare_all
from workflow.words.held_out import evaluate
from workflow.words.naive_bayes import (
    averaged,
    decide,
    held_out,
    plug_in_rates,
    posterior_means,
    predictive,
    prob_spam,
    ratio_of_rates,
)
from workflow.words.word_numbers import count_statistics, numbers_check, together

MESSAGE = "Urgent! My client died and he left his money to your name: reply or call"
KNOBS = {"prior_mean": (0.05, 0.1, 0.2, 0.5), "prior_strength": (2, 10, 30, 100)}
LEAST = (0.1, 1.9)  # (alpha, beta) of the least of them, .05 by 2: hard to sample, so also exact
MOST_DRAWN = 40  # words in a figure
LOG10 = 1 / np.log(10)
RATIO = "log10 of rate in spam / rate in ham (1 = ten times as frequent in spam)"


def main(
    data: command.Data = PATH,
    heldout: Annotated[
        Path | None, typer.Option(help="CSV with held-out messages, for word counts of your own.")
    ] = None,
    message: Annotated[str, typer.Option(help="The message to decide on.")] = MESSAGE,
    threshold: Annotated[float, command.rate("Quarantine a message from this P(spam) on.")] = 0.95,
    spam_share: Annotated[
        float | None, command.rate("Share of spam in your messages; else that of the counted.")
    ] = None,
    alpha: Annotated[float, command.number("Prior messages of a class with a word.")] = 0.5,
    beta: Annotated[float, command.number("Prior messages of a class without it.")] = 5.5,
    draws: command.Draws = 1000,
    tune: command.Tune = 1000,
    chains: command.Chains = 4,
    seed: command.Seed = 2026,
    out: command.Out = HTML,
    quiet: command.Quiet = False,
) -> int:
    """Run the study, write its page to `out` and return the exit code."""
    settings = dict(locals())
    found_in = read(data, heldout)
    words, shipped = found_in.words, data.resolve() == PATH
    names, has = list(words["word"]), tokens(message)
    present = words["word"].isin(has).to_numpy()
    totals = words[["spam_total", "ham_total"]].iloc[0].to_numpy()
    counted_share = float(totals[0] / totals.sum())
    share = spam_share or counted_share
    report = Report(
        "spam_words",
        title="Words in spam",
        question=__doc__.splitlines()[0],
        data=data,
        settings=settings,
        as_read=command.AS_READ,
        others=[path for path in (heldout or (HELD_OUT if shipped else None),) if path],
    )

    # The data: what was counted, and which words one class never had.
    report.section(
        "The data",
        f"{totals.sum():,} messages were counted, {totals[0]:,} of them spam "
        f"({counted_share:.1%}); a word counts once a message.",
        *([sentences.split(*astuple(found_in.split))] if found_in.split else []),
        *([sentences.SHIPPED] if shipped else []),
        sentences.never_seen(words),
        sentences.counts(words),
    )

    # The model, compiled once: prior, counts and message are its pm.Data. ADVI on the other core.
    build = partial(naive_bayes, words, has, spam_share=share, alpha=alpha, beta=beta)
    advi = in_background(fit_both, build, seed=seed)
    model = build()
    report.step("compile")
    compiled = compile_nuts(model)
    report.step("NUTS")
    nuts = fit_nuts(model, compiled, draws=draws, tune=tune, chains=chains, seed=seed)
    posterior, prior = nuts["posterior"].to_dataset(), nuts["prior"].to_dataset()
    report.section(
        "The model",
        *sections.model(naive_bayes, model),
        "Within a class words come and go independently: “naive”, since words come in phrases. "
        "What that costs is measured below, on messages that were held out.",
        f"Spam is a share of {share:.3g} of the messages"
        + (" (--spam-share)." if spam_share else ", as among the counted ones; if that is not so "
           "where you filter, say so by --spam-share."),
    )  # fmt: skip

    # Prior predictive check, by the rates of the words in each class.
    statistics = count_statistics()
    conflict = prior_check(nuts, "having", statistics)
    ratio = ratio_of_rates(alpha, beta)
    report.section(
        "What the priors say",
        f"Before counting, a word is in a message with probability {alpha / (alpha + beta):.2g} "
        f"on average: of these {len(names)} words a message is expected to have "
        f"{len(names) * alpha / (alpha + beta):.2g}. The prior weighs as much as "
        f"{alpha + beta:g} messages a class. By default that is about two of 25 words: a text "
        "message has some fifteen words, most of them not among the chosen.",
        "alpha says how unlike the classes may be. Here the ratio of a word's two rates lies "
        f"within a factor of {sentences.two_digits(ratio)} either way with probability .95. A "
        "filter's words are chosen for being unlike, so that a factor of ten must be easy; but "
        "alpha = .1 would have half of all words differ by a factor of a thousand or more. The "
        "flat Beta(1, 1) is no ignorance here: on average it has a word in half of all messages.",
        *([sentences.SETTLED] if shipped else []),
        figures.densities(
            "prior",
            {
                "rate of a word in a class": prior["rate"].isel(word=0, label=0).to_numpy().ravel(),
                "log10 of the ratio, spam / ham": LOG10
                * prior["log_rate_ratio"].isel(word=0).to_numpy().ravel(),
            },
            caption="The prior of a rate, and what it implies for the ratio of a word's two rates.",
        ),
        tables.predictive("Prior predictive check", conflict, prior=True),
    )
    report.warn_of(
        conflict,
        "Prior and data are in conflict: the prior held such rates for very unlikely",
        "Look at --alpha and --beta; the prior mean of a rate is alpha / (alpha + beta).",
        prior=True,
    )

    # May anyone believe the draws, and does the model reproduce the data?
    diagnosis = diagnose(nuts)
    sound = diagnosis.status is not Status.FAIL
    report.section(
        "Can we trust the sampler?", *sections.sampler(nuts, diagnosis, ["log_odds", "rate"])
    )
    fit = posterior_check(nuts, "having", statistics, saturated=True)
    table = found_in.held_out
    messages = held_out(table, names) if table is not None else None
    numbers = numbers_check(posterior["rate"], messages, seed=seed) if messages else []
    report.section(
        "Does the model fit?",
        "The counts alone cannot contradict the model: there is a rate for each of them. "
        + (sentences.COMING_TOGETHER if messages else sentences.NOT_HELD_OUT),
        tables.predictive("Posterior predictive check", [*fit, *numbers]),
        *(sentences.independence(numbers, together(messages, names, 8)) if messages else []),
        *([sentences.ARTEFACT] if shipped and heldout is None else []),
    )
    report.warn_of(fit, "The prior holds the rates away from the data", "Weaken it: lower --alpha "
                   "and --beta, which count as messages.")  # fmt: skip
    sentences.warn_of_numbers(report, numbers)

    # Which words speak for spam, and how surely.
    found = summarise(posterior)
    quantities = original_scale(found)
    more = expectations(
        "prob_more_in_spam",
        posterior["log_rate_ratio"] > 0,
        ess=min(q.ess_bulk for q in named(found, "log_rate_ratio").values()),
    )
    report.section(
        "Which words speak for spam?",
        f"{sentences.in_words(more)} How surely is about the sign alone; how strongly is the "
        "ratio. For a word that one class never had, the prior sets one end of the ratio: the "
        "counts say “at least”, not how much.",
        sentences.ratios(found, more, names),
        figures.intervals(
            "ratios",
            sentences.strongest(named(found, "log_rate_ratio"), MOST_DRAWN),
            label=RATIO,
            caption="Median and 95% equal-tailed credible interval; 0: as frequent in both.",
            scale=LOG10,
        ),
    )

    # One message: rates integrated out, averaged over, plugged in.
    def decided(draws: xr.Dataset, errors: float = 2) -> tuple[str, ...]:
        return decide(draws["rate"], present, share, threshold, errors=errors)

    def measure(draws: xr.Dataset) -> dict[str, Scalar]:
        return {"prob_spam": predictive(draws["rate"], present, share)}

    decision = decided(posterior)[0] if sound else None
    chance = measure(posterior)["prob_spam"]
    mean_chance = averaged(posterior["log_odds"])
    plugged = float(prob_spam(plug_in_rates(words), present, share)[0])
    report.section(
        "What does the message say?",
        f"“{texts.shown(message)}” has {present.sum()} of the {len(names)} words"
        + (f": {', '.join(np.array(names)[present])}. " if present.any() else ". ")
        + "The words that it lacks count as well; its other words were not counted and say nothing "
        "here.",
        texts.three_ways(chance, mean_chance, plugged),
        texts.difference(chance, mean_chance),
    )

    # Are the probabilities honest, and what does independence cost?
    if messages is None:
        report.section(
            "Are the probabilities honest?",
            "There are no held-out messages, so nothing here says how well P(spam) is calibrated, "
            "or what it costs to take words for independent. Word counts of your own need a second "
            "file for that (--heldout); a file of messages is split by itself.",
        )
    else:
        tested = evaluate(
            words,
            messages,
            alpha=alpha,
            beta=beta,
            share=counted_share,
            threshold=threshold,
            seed=seed,
            share_where_used=share,
        )
        report.section(
            "Are the probabilities honest?", *evaluation(tested, threshold, share, counted_share)
        )
        warn_of_other_mix(report, tested)
        if too_sure(tested.own, tested.honest):
            report.warn(
                "The probabilities are too sure on held-out messages.",
                "Raise --threshold, or recalibrate: see the reliability diagram.",
            )

    # Does the prior decide, and would ADVI have done?
    report.step("prior sweep")
    swept = sweep(
        compiled,
        KNOBS,
        pseudo_counts,
        partial(decided, errors=3),
        decision,
        ["log_odds"],
        measure=measure,
        # So many rates need more draws for an R-hat that passes by more than luck.
        draws=min(draws, 1000),
        tune=min(tune, 500),
        chains=chains,
        seed=seed,
    )
    scaling = power_scaling(nuts, ["log_odds", "log_rate_ratio"])
    report.step("wait for ADVI")
    compiling = report.steps.seconds["compile"]
    comparisons = compare_all(nuts, advi.result(), diagnosis, decided, compiling=compiling)
    report.section("Would ADVI have done?", *sections.advi(comparisons, advi.result()))
    knobs = {"prior_mean": alpha / (alpha + beta), "prior_strength": alpha + beta}
    priors = prior_curves(model, KNOBS, pseudo_counts, "log_odds", seed=seed)
    unit = "nats; 0: spam and ham alike"
    exact = float(prob_spam(posterior_means(words, *LEAST), present, share)[0])
    report.section(
        "Does the prior decide?",
        "The prior's knobs are the mean of a word's rate and the strength: how many messages a "
        "class it weighs. It matters for words that were hardly seen in a class: there it says how "
        "rare they may be.",
        texts.by_prior(swept),
        texts.least_prior(*LEAST, exact),
        *sections.prior_sweep(swept, scaling, "log_odds", priors, knobs, unit=unit),
    )

    # The decision, and what to say of it on the first screen.
    report.section(
        "The decision",
        f"Rule: quarantine a message if P(spam) is {threshold:g} (--threshold) or more, else "
        "deliver it. That is right where losing a ham message is "
        f"{threshold / (1 - threshold):.3g} times as bad as passing a spam message: at the "
        "threshold both mistakes are expected to cost the same.",
        "A probability is only as good as the words: spam written to avoid them passes, and where "
        "people write otherwise than the counted ones did, the rates are others.",
    )
    rare = words["word"][present & (words[["spam_with", "ham_with"]] == 0).any(axis=1)]
    if sound and (exact >= threshold) != (decision == "quarantine"):
        known = (
            f" The message has words that one class never had: {', '.join(rare)}."
            if len(rare)
            else ""
        )
        report.warn(
            f"A weaker prior, Beta({LEAST[0]:g}, {LEAST[1]:g}), would decide otherwise: P(spam) "
            f"would be {number(exact, 1e-3)} (exact).{known}",
            "Count more messages.",
        )
    if sound and len(decided(posterior)) > 1:
        report.warn("P(spam) is within Monte Carlo error of the threshold.", "Raise --draws.")
    if not present.any():
        report.warn(
            "The message has none of the counted words.",
            "P(spam) says only what it means to lack them.",
        )
    speaking = {label(n): q.median for n, q in named(found, "log_rate_ratio").items()}
    told = {word: speaking[word] for word in np.array(names)[present]}
    report.decide(
        texts.answer(decision, message, chance, threshold, told),
        figures.intervals(
            "answer",
            sentences.strongest(
                {n: q for n, q in named(found, "log_rate_ratio").items() if label(n) in told}
                or named(found, "log_rate_ratio"),
                12,
            ),
            label=RATIO,
            caption="Words of the message: median and 95% equal-tailed credible interval.",
            scale=LOG10,
        ),
    )
    scalars = {"prob_spam": chance, "prob_spam_averaged": mean_chance} | more
    return report.save(
        out, nuts, Results(diagnosis, decision, quantities, scalars, comparisons, swept)
    )


if __name__ == "__main__":
    command.run(main)
