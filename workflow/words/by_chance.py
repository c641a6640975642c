"""Could held-out messages look so dishonest by chance, where rates and share are as unsure as here?

Probabilities of many messages are wrong together: by the rates, which few messages tell, and by the
share of spam. Standard errors over messages leave that out, and are exceeded too often. So held-out
messages are compared with whole sets that the model itself makes: rates and share from their
posterior, then messages, judged by the same probabilities. Source: Gelman et al. (2013), Bayesian
Data Analysis, section 6.3; for new data the p-value is uniform where the model is true.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.special import logit

from workflow.scoring.by_chance import SETS, Chance, compared, scores
from workflow.words.naive_bayes import LABELS, HeldOut, posterior_means

AT_ONCE = 20  # sets of messages in memory
MOST = 2000  # messages of a set: of more held-out ones, so many drawn at random


def by_chance(
    words: pd.DataFrame, messages: HeldOut, *, alpha: float, beta: float, share: float, seed: int
) -> Chance:
    """Compare the P(spam) of held-out messages with those of sets that the model itself makes.

    P(spam) is by the posterior means of the rates under Beta(alpha, beta), and `share`; `words` are
    the counts that the rates come from.
    """
    rng = np.random.default_rng(seed)
    rates = posterior_means(words, alpha, beta)
    y, present = _each(messages, rng)
    seen = scores(_log_odds(present[None], rates, share), y[None])
    made = [
        scores(_log_odds(present, rates, share), y)
        for y, present in _made(words, len(y), (alpha, beta), rng)
    ]
    return compared(seen, made, len(y))


def _each(messages: HeldOut, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return class and words of every message, or of as many as a set has at most."""
    n = int(messages.weights.sum())
    rows = np.repeat(np.arange(len(messages.y)), messages.weights)
    kept = rows if n <= MOST else rng.choice(rows, MOST, replace=False)
    return messages.y[kept], messages.present[kept]


def _made(
    words: pd.DataFrame, n: int, prior: tuple[float, float], rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield classes (set, message) and words (set, message, word) of sets of n messages."""
    having, total = (
        words[[f"{label}_{column}" for label in LABELS]].to_numpy() for column in ("with", "total")
    )
    after = prior[0] + having, prior[1] + total - having
    spam, ham = total[0] + 0.5  # the share of spam has Jeffreys' prior
    for _ in range(SETS // AT_ONCE):
        rate = rng.beta(*after, size=(AT_ONCE, *having.shape)).astype("float32")
        share = rng.beta(spam, ham, size=(AT_ONCE, 1))
        y = (rng.random((AT_ONCE, n)) < share).astype(int)
        of_class = np.where(y[..., None] == 1, rate[:, None, :, 0], rate[:, None, :, 1])
        yield y, rng.random(of_class.shape, dtype="float32") < of_class


def _log_odds(present: np.ndarray, rates: np.ndarray, share: float) -> np.ndarray:
    """Return the log-odds of spam of messages (..., word) for rates (word, label)."""
    spam, ham = np.log(rates).T
    not_spam, not_ham = np.log1p(-rates).T
    absent = not_spam - not_ham
    weights = (spam - ham - absent).astype("float32")  # as BLAS wants them: ten times as fast
    return logit(share) + absent.sum() + (present.astype("float32") @ weights).astype(float)
