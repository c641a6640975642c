"""Words in spam: one rate a word and class, and what a message's words say together."""

from collections.abc import Collection

import numpy as np
import pandas as pd
import pymc as pm
from pytensor.tensor.variable import TensorVariable

CLASSES = ("spam", "ham")


def naive_bayes(
    words: pd.DataFrame,
    message: Collection[str] = (),
    *,
    spam_share: float | None = None,
    alpha: float = 0.5,
    beta: float = 5.5,
) -> pm.Model:
    """A word is in a message with a rate of its own in each class, whatever other words are there.

        having[word, label] ~ Binomial(messages[label], rate[word, label])   label: spam, ham
        rate[word, label]   ~ Beta(alpha, beta)

        log_rate_ratio[word] = log(rate[word, spam] / rate[word, ham])
        log_odds = logit(spam_share)
                   + sum_{w in message} log(rate[w, spam] / rate[w, ham])
                   + sum_{w not in message} log((1 - rate[w, spam]) / (1 - rate[w, ham]))

    `log_odds` are those of spam for one message, given the rates (Bernoulli naive Bayes). Ratios
    stay on the log scale, on which their posterior means exist even for a word that one class never
    had.

    Parameters
    ----------
    words
        `word`, and for both classes the messages that have it and all messages (`spam_with`,
        `spam_total`, `ham_with`, `ham_total`; counts; totals are at least 1 and the same in all
        rows). Dims: word, label.
    message
        The words of the message to be judged; those that are not in `words` are left out.
    spam_share
        Share of spam among the messages to be judged, above 0 and below 1; by default that of the
        counted ones.
    alpha, beta
        Prior pseudo-counts of messages with and without a word, above 0. The default, with mean
        .083, weighs 6 messages a class: most words are in few messages and the commonest in about
        half. alpha also says how far the classes may differ: with .5 the ratio of a word's two
        rates is within a factor of some 590 either way with probability .95; with 1 it is some 33,
        with .1 beyond any number that counts could show.

    Source: Manning, Raghavan and Schuetze (2008), Introduction to Information Retrieval, 13.3.
    """
    totals = np.array([words[f"{label}_total"].iloc[0] for label in CLASSES])
    share = totals[0] / totals.sum() if spam_share is None else spam_share
    having = words[[f"{label}_with" for label in CLASSES]].to_numpy()
    present = words["word"].isin(list(message)).to_numpy()
    with pm.Model(coords={"word": list(words["word"]), "label": list(CLASSES)}) as model:
        pm.Data("alpha", float(alpha))
        pm.Data("beta", float(beta))
        pm.Data("spam_share", float(share))
        pm.Data("present", present.astype(float), dims="word")
        messages = pm.Data("messages", totals, dims="label")
        rate = pm.Beta("rate", model["alpha"], model["beta"], dims=("word", "label"))
        pm.Deterministic("log_rate_ratio", _log_ratio(rate), dims="word")
        evidence = pm.math.where(model["present"] > 0, _log_ratio(rate), _log_ratio(1 - rate))
        pm.Deterministic("log_odds", pm.math.logit(model["spam_share"]) + evidence.sum())
        observed = pm.Data("having_data", having, dims=("word", "label"))
        pm.Binomial("having", n=messages, p=rate, observed=observed, dims=("word", "label"))
    return model


def pseudo_counts(prior_mean: float, prior_strength: float) -> dict[str, float]:
    """Return the Beta prior of this mean that weighs as much as `prior_strength` messages."""
    return {"alpha": prior_mean * prior_strength, "beta": (1 - prior_mean) * prior_strength}


def _log_ratio(rate: TensorVariable) -> TensorVariable:
    """Return log(spam / ham) by word; dims: word, label in, word out."""
    return pm.math.log(rate[:, 0]) - pm.math.log(rate[:, 1])
