"""A rate learned trial by trial: its exact posterior after each, and when a rule is first met.

After h heads and t tails a prior Beta(alpha, beta) has become Beta(alpha + h, beta + t), so that
nothing here is drawn at random, and batch after batch comes to the same as all at once. Source:
Gelman et al. (2013), Bayesian Data Analysis, section 2.4.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import betaln

from workflow.checking.exact import Known, known
from workflow.quantities import TAILS
from workflow.rates.fairness import GO_ON, HALF, Fairness

SHOWN = (10, 25, 50)  # times powers of ten: after how many trials the posterior is told

VAST = 700.0  # a logarithm from which on there is no number of the computer's


@dataclass(frozen=True)
class Checkpoint:
    """What was known after `n` trials: estimates, the central 95%, and the evidence.

    `map` is None where the posterior has no single highest point inside 0 to 1.
    """

    n: int
    heads: int
    mle: float
    map: float | None
    mean: float
    lower: float
    upper: float
    prob_above_half: float
    log_bayes_factor_10: float

    def told(self) -> dict[str, float | None]:
        """Return the numbers by name, the Bayes factor itself among them; none where vast."""
        log = self.log_bayes_factor_10
        return {**vars(self), "bayes_factor_10": math.exp(log) if log < VAST else None}


@dataclass(frozen=True)
class Course:
    """Trials in their order, after each of which there is a posterior.

    `outcomes` are 0 and 1; `alpha` and `beta` are the prior's, to which the counts `before` (heads,
    tails) of earlier trials are added.
    """

    outcomes: np.ndarray
    alpha: float
    beta: float
    before: tuple[float, ...] = (0.0, 0.0)

    @property
    def n(self) -> np.ndarray:
        """How many trials there were after each, earlier ones among them."""
        found: np.ndarray = np.arange(1, len(self.outcomes) + 1) + sum(self.before)
        return found

    @property
    def heads(self) -> np.ndarray:
        """How many heads there were after each, earlier ones among them."""
        found: np.ndarray = np.cumsum(self.outcomes) + self.before[0]
        return found

    @property
    def posterior(self) -> tuple[np.ndarray, np.ndarray]:
        """Both parameters of the Beta distribution after each."""
        return self.alpha + self.heads, self.beta + self.n - self.heads

    @property
    def exact(self) -> tuple[float, float]:
        """Both parameters after all trials."""
        a, b = self.posterior
        return float(a[-1]), float(b[-1])

    def known(self) -> Known:
        """Return mean, sd and quantiles of the rate after all trials."""
        return known(stats.beta(*self.exact))

    @property
    def observed(self) -> np.ndarray:
        """The observed rate after each."""
        found: np.ndarray = self.heads / self.n
        return found

    @property
    def modes(self) -> np.ndarray:
        """Where the posterior is highest after each; NaN where that is no single point inside."""
        a, b = self.posterior
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where((a > 1) & (b > 1), (a - 1) / (a + b - 2), np.nan)

    @property
    def log_bayes_factor(self) -> np.ndarray:
        """Logarithm of the Bayes factor after each."""
        return log_bayes_factor(self.heads, self.n - self.heads)

    def checkpoints(self) -> list[Checkpoint]:
        """Return what was known after 1, 5, 10, 25, 50, 100, ... trials, and after all."""
        (a, b), modes = self.posterior, self.modes
        return [
            Checkpoint(
                n=int(self.n[i]),
                heads=int(self.heads[i]),
                mle=float(self.observed[i]),
                map=None if np.isnan(modes[i]) else float(modes[i]),
                mean=float(a[i] / (a[i] + b[i])),
                lower=float(stats.beta.ppf(TAILS[0], a[i], b[i])),
                upper=float(stats.beta.ppf(TAILS[1], a[i], b[i])),
                prob_above_half=float(stats.beta.sf(HALF, a[i], b[i])),
                log_bayes_factor_10=float(self.log_bayes_factor[i]),
            )
            for i in np.array(shown(len(self.outcomes))) - 1
        ]

    def batches(self) -> list[tuple[int, int, float, float]]:
        """Return heads, tails and the posterior of each batch, whose prior is the one before.

        The batches are those between the checkpoints. Each is told on its own counts alone.
        """
        (heads, tails), found = self.before, []
        a, b = self.alpha + heads, self.beta + tails
        for start, end in pairwise([0, *shown(len(self.outcomes))]):
            happened = int(self.outcomes[start:end].sum())
            others = end - start - happened
            a, b = a + happened, b + others
            found.append((happened, others, a, b))
        return found

    def decision_under(self, rule: Fairness, *, alpha: float, beta: float) -> str:
        """Return the exact decision after all trials under another prior; earlier counts stay."""
        heads = float(self.heads[-1])
        return rule.exact(alpha + heads, beta + float(self.n[-1]) - heads)

    def first_met(self, rule: Fairness) -> tuple[int, str] | None:
        """Return after which trial the rule first decided, and what; None if it never did.

        Of earlier trials only their counts are known: if these decide, they are what is returned.
        """
        heads, tails = self.before
        at_first = rule.exact(self.alpha + heads, self.beta + tails)
        if heads + tails and at_first != GO_ON:
            return int(heads + tails), at_first
        decided = rule.decisions(*self.posterior)
        at = np.flatnonzero(decided >= 0)
        return (int(self.n[at[0]]), rule.named(decided[at[0]])) if at.size else None


def shown(n: int) -> list[int]:
    """Return after how many of `n` trials the posterior is told: 1, 5, 10, 25, 50, ..., n."""
    grid = {1, 5} | {step * 10**power for power in range(9) for step in SHOWN}
    return sorted({one for one in grid if one < n} | {n})


def ends_of(alpha: np.ndarray, beta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return both ends of the central 95% of Beta distributions."""
    low, high = (stats.beta.ppf(tail, alpha, beta) for tail in TAILS)
    return low, high


def log_bayes_factor(heads: ArrayLike, tails: ArrayLike) -> np.ndarray:
    """Return the log Bayes factor of any rate, Beta(1, 1), against exactly one half.

    The probability of the sequence, averaged over the rates, is B(heads + 1, tails + 1); under one
    half it is 2 to the power of minus the number of trials.
    """
    heads, tails = np.asarray(heads, float), np.asarray(tails, float)
    found: np.ndarray = betaln(heads + 1, tails + 1) + (heads + tails) * np.log(2)
    return found
