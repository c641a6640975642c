"""Which words speak for spam, and should a message with such words be quarantined?

Naive Bayes with a Beta prior for the rate of each word in each class, answered for the SMS Spam
Collection or for a file of your own (--data): word counts, or messages, which are then counted.
"""

from functools import partial
from pathlib import Path
from typing import Annotated

from analyses import _command as command, _designs as designs
from analyses._study import Study
from data._messages import tokens
from data.spam_words import HELD_OUT, PATH, read
from models.spam_words import naive_bayes, pseudo_counts
from reports.words import figures, held_out as seen, message as texts, spam as sentences, together
from workflow.quantities import label, named, original_scale, summarise
from workflow.words import chosen, held_out as unseen, naive_bayes as bayes, word_numbers
from workflow.words.asked import Asked

MESSAGE = "Urgent! My client died and he left his money to your name: reply or call"
KNOBS = {"prior_mean": (0.05, 0.1, 0.2, 0.5), "prior_strength": (2, 10, 30, 100)}
LEAST = (0.1, 1.9)  # (alpha, beta) of the least of them, .05 by 2: hard to sample, so also exact


def main(
    data: command.Data = PATH,
    heldout: Annotated[
        Path | None, command.more("CSV with held-out messages, for word counts of your own.")
    ] = None,
    message: Annotated[str, command.text("The message to decide on.")] = MESSAGE,
    threshold: Annotated[float, command.rate("Quarantine a message from this P(spam) on.")] = 0.95,
    spam_share: Annotated[
        float | None, command.rate("Share of spam in your messages; else that of the counted.")
    ] = None,
    alpha: Annotated[float, command.number("Prior messages of a class with a word.")] = 0.5,
    beta: Annotated[float, command.number("Prior messages of a class without it.")] = 5.5,
    reading: command.Messages = command.AS_IT_IS,
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
    found_in = read(data, heldout, reading)
    words, shipped = found_in.words, data.resolve() == PATH
    present = words["word"].isin(has := tokens(message)).to_numpy()
    names, said = list(words["word"]), list(words["word"][present])
    counted_share = bayes.share_of_spam(words)
    share = spam_share or counted_share

    # The question, and the model that answers it. ADVI begins to run on the other core.
    build = partial(naive_bayes, words, has, spam_share=share, alpha=alpha, beta=beta)
    study = Study(
        *("spam_words", __doc__.splitlines()[0], build, settings),
        knobs=KNOBS,
        title="Words in spam",
        others=[heldout or (HELD_OUT if shipped else None)],
        design=designs.of_words(names, share, threshold),
    )

    # The data: what was counted, and which words one class never had.
    study.data(*sentences.data(words, found_in.split, shipped=shipped))

    # The draws, and what becomes of the message.
    posterior = study.sample()
    asked = Asked(present, share, threshold)
    decision = study.decide(asked.decide)
    study.describe(
        "Within a class words come and go independently: “naive”, since words come in phrases. "
        "What that costs is measured below, on messages that were held out.",
        sentences.share(share, stated=spam_share is not None),
    )

    # Prior predictive check, by the rates of the words in each class.
    prior = study.tree["prior"].to_dataset()
    study.prior(
        *sentences.prior_words(alpha, beta, bayes.ratio_of_rates(alpha, beta), len(names)),
        *([sentences.SETTLED] if shipped else []),
        figures.prior(prior["rate"][..., 0, 0], prior["log_rate_ratio"][..., 0]),
        statistics={"having": word_numbers.count_statistics()},
        held="such rates for very unlikely, however the words were chosen",
        check=partial(chosen.check, alpha=alpha, beta=beta, seed=seed),
        advice="Look at --alpha and --beta; the prior mean of a rate is alpha / (alpha + beta).",
    )

    # May anyone believe the draws, and does the model reproduce the data?
    study.gate(["log_odds", "rate"])
    table = found_in.held_out
    messages = None if table is None else bayes.held_out(table, names)
    counted = word_numbers.numbers_check(posterior["rate"], messages, seed=seed) if messages else []
    pairs = word_numbers.together(messages, names, 8) if messages else []
    coming = together.independence(counted, pairs) if messages else []
    study.fit(
        "The counts alone cannot contradict the model: there is a rate for each of them. "
        + (together.HELD_OUT if messages else together.NOT_HELD_OUT),
        statistics={"having": word_numbers.count_statistics()},
        saturated=True,
        beside=counted,
        misfit="The prior holds the rates away from the data",
        advice="Weaken it: lower --alpha and --beta, which count as messages.",
        then=lambda _: [*coming, *([sentences.ARTEFACT] if shipped and heldout is None else [])],
    )
    together.warn(study.page, counted)

    # Which words speak for spam, and how surely.
    found = summarise(posterior)
    texts.warn_of_off(study.page, bayes.off_exact(found, words, alpha, beta))
    ratios = named(found, "log_rate_ratio")
    more = bayes.more_in_spam(posterior, ratios)
    study.section(
        "Which words speak for spam?",
        f"{sentences.in_words(more)} How surely is about the sign alone; how strongly is the "
        "ratio. For a word that one class never had, the prior sets one end of the ratio: the "
        "counts say “at least”, not how much.",
        sentences.ratios(found, more, names),
        figures.ratios(ratios),
    )

    # One message: rates integrated out, averaged over, plugged in.
    chance = asked.measure(posterior)["prob_spam"]
    mean_chance = bayes.averaged(posterior["log_odds"])
    study.section(
        "What does the message say?",
        texts.has(message, names, said),
        texts.three_ways(chance, mean_chance, asked.by_rates(bayes.plug_in_rates(words))),
        texts.difference(chance, mean_chance),
    )

    # Are the probabilities honest, and what does independence cost?
    evaluate = partial(unseen.evaluate, words, alpha=alpha, beta=beta, share=counted_share)
    used = partial(evaluate, threshold=threshold, share_where_used=share, seed=seed)
    tested = used(messages) if messages else None
    told = seen.evaluation(tested, threshold, share, counted_share)
    study.check("Are the probabilities honest?", *told)
    seen.warn(study.page, tested)

    # Does the prior decide, and would ADVI have done? So many rates need more draws for an R-hat
    # that passes by more than luck.
    exact = asked.by_rates(bayes.posterior_means(words, *LEAST))
    exactly = partial(bayes.exact_decision, words, present, share, threshold)
    study.sweep(pseudo_counts, ["log_odds"], measure=asked.measure, exact=exactly, draws=1000)
    study.advi()
    study.sensitivity(
        "log_odds",
        "The prior's knobs are the mean of a word's rate and the strength: how many messages a "
        "class it weighs. It matters for words that were hardly seen in a class: there it says how "
        "rare they may be.",
        lambda swept: [texts.by_prior(swept), texts.least_prior(*LEAST, exact)],
        unit="nats; 0: spam and ham alike",
        own={"prior_mean": alpha / (alpha + beta), "prior_strength": alpha + beta},
        scaled=["log_odds", "log_rate_ratio"],
    )

    # The decision, and what to say of it on the first screen.
    study.section(
        "The decision",
        texts.rule(threshold),
        "A probability is only as good as the words: spam written to avoid them passes, and where "
        "people write otherwise than the counted ones did, the rates are others.",
    )
    if decision and (exact >= threshold) != (decision == "quarantine"):
        never = (words[["spam_with", "ham_with"]] == 0).any(axis=1)
        texts.warn_of_weak_prior(study.page, LEAST, exact, list(words["word"][present & never]))
    texts.warn(study.page, study.tenable, said)
    speaking = {label(name): q.median for name, q in ratios.items() if label(name) in said}
    return study.save(
        texts.answer(decision, message, chance, threshold, speaking),
        figures.answer(ratios, set(said)),
        [texts.options(decision, chance, threshold)],
        original_scale(found),
        {"prob_spam": chance, "prob_spam_averaged": mean_chance} | more,
    )


if __name__ == "__main__":
    command.run(main)
