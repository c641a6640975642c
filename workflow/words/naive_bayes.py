"""What the words of a message say about its class: rates integrated out, averaged, plugged in.

The class that is asked for is the first of the dim `label`, the other one the second. Words are
taken to be independent given the class (Bernoulli naive Bayes): words that are not in a message
count as well. Source: Manning, Raghavan and Schuetze (2008), Introduction to Information Retrieval,
13.3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from scipy import optimize, stats
from scipy.special import expit, logit

from workflow.checking.exact import off
from workflow.quantities import SAMPLE, Quantity, Scalar, expectations

LABELS = ("spam", "ham")
DECISIONS = ("quarantine", "deliver")
TINY = 1e-300  # the error of a probability that cannot be told from 0 or 1


def predictive(rate: xr.DataArray, present: np.ndarray, share: float) -> Scalar:
    """Return P(spam | message, data), the rates integrated out, with its Monte Carlo error.

    The probability of the message in each class is averaged over the draws, and then Bayes' theorem
    applied: the message is not in the data, so that what it says of the rates is weighed in.
    `rate` has the dims chain, draw, word, label; `present` says for each word whether the message
    has it; `share` is the share of spam among messages.
    """
    scores = _log_likelihood(rate, present)
    most = scores.max(SAMPLE)
    relative: xr.DataArray = xr.apply_ufunc(np.exp, scores - most)
    spam, ham = (most + xr.apply_ufunc(np.log, relative.mean(SAMPLE))).to_numpy()
    value = float(expit(logit(share) + spam - ham))
    # The delta method: value (1 - value) times the error of log(spam) - log(ham).
    scale = value * (1 - value)
    apart = (relative / relative.mean(SAMPLE)).diff("label").isel(label=0, drop=True)
    error = expectations("p", scale * apart, scale=scale)["p"].mcse
    return Scalar(value, max(error, TINY))


def averaged(log_odds: xr.DataArray) -> Scalar:
    """Return the posterior mean of P(spam | message, rates); see `predictive` for what is asked."""
    return expectations("p", xr.apply_ufunc(expit, log_odds))["p"]


def more_in_spam(posterior: xr.Dataset, found: Mapping[str, Quantity]) -> dict[str, Scalar]:
    """Return the probability of each word to be more frequent in spam.

    `found` has the summaries of the log rate ratios, whose least effective size bounds the error.
    """
    ess = min(q.ess_bulk for q in found.values())
    return expectations("prob_more_in_spam", posterior["log_rate_ratio"] > 0, ess=ess)


def decide(
    rate: xr.DataArray, present: np.ndarray, share: float, threshold: float, *, errors: float = 2
) -> tuple[str, ...]:
    """Return "quarantine" where P(spam) reaches the threshold, else "deliver".

    Behind it stands the other one if so many Monte Carlo `errors` would lead to it.
    """
    found = predictive(rate, present, share)
    order = DECISIONS if found.value >= threshold else DECISIONS[::-1]
    return order if abs(found.value - threshold) <= errors * found.mcse else order[:1]


def ratio_of_rates(alpha: float, beta: float, p: float = 0.975) -> float:
    """Return the quantile of the ratio of two rates that are Beta(alpha, beta), independently.

    P(ratio <= c) is the mean of F(c x) over the quantiles x of the same distribution.
    """
    rate = stats.beta(alpha, beta)
    x = rate.ppf((np.arange(20_000) + 0.5) / 20_000)
    log_c = optimize.brentq(lambda v: rate.cdf(np.minimum(np.exp(v) * x, 1)).mean() - p, -1, 700)
    return float(np.exp(log_c))


def share_of_spam(words: pd.DataFrame) -> float:
    """Return the share of spam among the messages that were counted."""
    spam, ham = words[["spam_total", "ham_total"]].iloc[0]
    return float(spam / (spam + ham))


def plug_in_rates(words: pd.DataFrame) -> np.ndarray:
    """Return the observed rates (word, label): 0 for a word that a class never had."""
    return posterior_means(words, 0, 0)


def exact_decision(
    words: pd.DataFrame,
    present: np.ndarray,
    share: float,
    threshold: float,
    *,
    prior_mean: float,
    prior_strength: float,
) -> str:
    """Return what `decide` says by the exact P(spam), under a prior of this mean and strength."""
    alpha = prior_mean * prior_strength
    rates = posterior_means(words, alpha, prior_strength - alpha)
    return DECISIONS[int(float(prob_spam(rates, present, share)[0]) < threshold)]


def off_exact(
    found: Mapping[str, Quantity], words: pd.DataFrame, alpha: float, beta: float
) -> float:
    """Return how far NUTS is from the exact posterior means of the rates: see `exact.off`."""
    means = posterior_means(words, alpha, beta)
    named = {
        f"rate[{word}, {label}]": float(mean)
        for word, row in zip(words["word"], means, strict=True)
        for label, mean in zip(LABELS, row, strict=True)
    }
    return off(found, named)


def posterior_means(words: pd.DataFrame, alpha: float, beta: float) -> np.ndarray:
    """Return the posterior means of the rates (word, label) under a Beta prior.

    Because the rates are independent and a message has each word once at most, its probability with
    the rates integrated out is that under their posterior means: exact, without draws.
    """
    having, total = (
        words[[f"{label}_{column}" for label in LABELS]].to_numpy(dtype=float)
        for column in ("with", "total")
    )
    return (having + alpha) / (total + alpha + beta)


def prob_spam(rates: np.ndarray, present: np.ndarray, share: float) -> np.ndarray:
    """Return P(spam) of messages (rows of `present`) for rates (word, label) that are known.

    NaN where a message is impossible in both classes: the rates have no answer.
    """
    there = np.atleast_2d(present).astype(bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        spam, ham = (
            np.where(there, np.log(r), np.log1p(-r)).sum(axis=1) for r in np.transpose(rates)
        )
        log_odds = logit(share) + spam - ham
    # Rounding must not make a certainty of finite odds.
    inside = np.clip(expit(log_odds), TINY, 1 - np.finfo(float).epsneg)
    return np.where(np.isfinite(log_odds), inside, expit(log_odds))


@dataclass(frozen=True)
class HeldOut:
    """Held-out messages: a row for each set of words and class, with how many there are.

    `present` (row, word) says which words a row has, `y` whether it is spam, `weights` how many
    messages it stands for.
    """

    present: np.ndarray
    y: np.ndarray
    weights: np.ndarray


def held_out(patterns: pd.DataFrame, words: Sequence[str]) -> HeldOut:
    """Return the messages of a table `words`, `spam`, `ham` (sets of words and their counts)."""
    place = {word: i for i, word in enumerate(words)}
    present = np.zeros((len(patterns), len(words)), dtype=bool)
    for row, text in enumerate(patterns["words"]):
        present[row, [place[word] for word in text.split()]] = True
    y = np.repeat([1, 0], len(patterns))
    weights = np.concatenate([patterns[label].to_numpy() for label in LABELS])
    kept = weights > 0
    return HeldOut(np.tile(present, (2, 1))[kept], y[kept], weights[kept])


def forecasts(
    messages: HeldOut, rates: Mapping[str, np.ndarray], share: float
) -> tuple[dict[str, np.ndarray], dict[str, int]]:
    """Return P(spam) of held-out messages by the name of the rates, and how many had no answer.

    Where rates have no answer, the share of spam is taken: what is known without the words.
    """
    found = {name: prob_spam(rate, messages.present, share) for name, rate in rates.items()}
    unanswered = {name: int(messages.weights[np.isnan(p)].sum()) for name, p in found.items()}
    return {name: np.where(np.isnan(p), share, p) for name, p in found.items()}, unanswered


def _log_likelihood(rate: xr.DataArray, present: np.ndarray) -> xr.DataArray:
    """Return log P(message | label, rates); dims chain, draw, label."""
    there = xr.DataArray(np.asarray(present, dtype=bool), dims="word")
    return xr.where(there, np.log(rate), np.log1p(-rate)).sum("word")
