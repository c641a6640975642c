"""Could held-out messages look so dishonest by chance, where rates and share are as unsure as here?

Probabilities of many messages are wrong together: by the rates, which few messages tell, and by the
share of spam. Standard errors over messages leave that out, and are exceeded too often. So held-out
messages are compared with whole sets that the model itself makes: rates and share from their
posterior, then messages, judged by the same probabilities. Source: Gelman et al. (2013), Bayesian
Data Analysis, section 6.3; for new data the p-value is uniform where the model is true.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from workflow.words.naive_bayes import LABELS, HeldOut, posterior_means

SETS, AT_ONCE = 400, 20  # sets of messages that are made, and of how many in memory
MOST = 2000  # messages of a set: of more held-out ones, so many drawn at random
LIMIT = 0.005  # chance of a warning of too sure probabilities, and of one of another mix
STEPS, SMALL = 20, 1e-4  # of Newton's method, each 2 nats long at most; the last one's length


@dataclass(frozen=True)
class Chance:
    """How many `sets` of so many `messages`, made by the model, are as far off as the held-out set.

    At least as much too sure (by the score test of the calibration slope, whatever the mix), with
    at least as much more spam than P(spam) says, and with as much less.
    """

    messages: int
    sets: int
    surer: int
    more: int
    less: int

    def p(self, as_far: int) -> float:
        """Return the probability of being so far off by chance: the held-out set is one of all."""
        return (1 + as_far) / (1 + self.sets)

    @property
    def too_sure(self) -> bool:
        """Whether the probabilities are too sure, and that by more than chance."""
        return self.p(self.surer) < LIMIT

    @property
    def other_mix(self) -> str:
        """Return "more" or "less" where spam is so much more, or less, common; else nothing."""
        found = {"more": self.more, "less": self.less}
        return next((side for side, n in found.items() if self.p(n) < LIMIT / 2), "")


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
    seen = _scores(_log_odds(present[None], rates, share), y[None])
    made = [
        _scores(_log_odds(present, rates, share), y)
        for y, present in _made(words, len(y), (alpha, beta), rng)
    ]
    excess, slope = (np.concatenate(one) for one in zip(*made, strict=True))
    as_far = slope <= seen[1], excess >= seen[0], excess <= seen[0]
    return Chance(len(y), SETS, *(int(one.sum()) for one in as_far))


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


def _scores(log_odds: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return by set the spam messages beyond those expected, and the slope's score.

    The score of the calibration slope at 1, over its standard error, where the intercept is fitted:
    below 0, the probabilities are too sure.
    """
    excess = (y - expit(log_odds)).sum(axis=1)
    moved = np.zeros((len(y), 1))
    for _ in range(STEPS):
        p = expit(log_odds + moved)
        information = np.maximum((p * (1 - p)).sum(axis=1), 1e-9)
        step = np.clip((y - p).sum(axis=1) / information, -2, 2)[:, None]
        moved += step
        if np.abs(step).max() < SMALL:
            break
    p = expit(log_odds + moved)
    weight = p * (1 - p)
    middle = (weight * log_odds).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9)
    apart = log_odds - middle[:, None]
    error = np.sqrt((weight * apart**2).sum(axis=1))
    return excess, ((y - p) * apart).sum(axis=1) / np.maximum(error, 1e-9)
