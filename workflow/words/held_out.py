"""What held-out messages say of naive Bayes: scores under many priors, reliability, mistakes."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workflow.scoring.by_chance import Chance
from workflow.scoring.calibration import Mean, Reliability, reliability
from workflow.scoring.scored import Band, Scored, bands, if_honest, score
from workflow.words.by_chance import by_chance
from workflow.words.naive_bayes import HeldOut, forecasts, plug_in_rates, posterior_means

STRENGTHS = (1, 30, 200)  # of priors that are scored beside the analysis' own, in messages
OWN, FLAT, PLUG_IN = "this prior", "Beta(1, 1)", "plug-in"


@dataclass(frozen=True)
class Mistakes:
    """Ham messages that a threshold quarantines and spam messages that it delivers."""

    ham: int
    lost: int
    spam: int
    passed: int


@dataclass(frozen=True)
class Evaluation:
    """Probabilities of held-out messages, scored; the first of `scored` is the analysis' prior.

    `honest` is the log loss that this prior's probabilities claim for themselves, `chance` how far
    off they would be by chance, with rates as unsure as here. Of the plug-in,
    `certain` counts the messages that it called certainly ham and certainly spam, and `unanswered`
    those that are impossible in both classes.
    """

    scored: dict[str, Scored]
    honest: Mean
    chance: Chance
    diagrams: dict[str, Reliability]
    bands: list[Band]
    mistakes: Mistakes
    certain: tuple[int, int]
    unanswered: int

    @property
    def own(self) -> Scored:
        """The scores under the analysis' own prior."""
        return self.scored[OWN]

    def clearly(self, sign: int) -> list[str]:
        """Name the priors whose log loss is clearly larger (sign 1) or smaller (-1) than our own's.

        By two standard errors of the paired difference.
        """
        against = {name: one.against for name, one in self.scored.items() if name != PLUG_IN}
        return [name for name, one in against.items() if sign * one.value > 2 * one.error]


def evaluate(
    words: pd.DataFrame,
    messages: HeldOut,
    *,
    alpha: float,
    beta: float,
    share: float,
    threshold: float,
    seed: int,
    share_where_used: float | None = None,
) -> Evaluation:
    """Score P(spam) of held-out messages under the prior, others of its mean, and the plug-in.

    `words` are the counts that the rates come from, `share` the share of spam among messages; the
    mistakes are those with the share of spam where the filter is used, if that is another.
    """
    mean = alpha / (alpha + beta)
    rates = {OWN: posterior_means(words, alpha, beta)}
    for other in STRENGTHS:
        rates[f"strength {other}"] = posterior_means(words, mean * other, (1 - mean) * other)
    rates |= {FLAT: posterior_means(words, 1, 1), PLUG_IN: plug_in_rates(words)}
    said, unanswered = forecasts(messages, rates, share)
    y, weights = messages.y, messages.weights
    plugged = said[PLUG_IN]
    used = said[OWN]
    if share_where_used is not None:
        used = forecasts(messages, {OWN: rates[OWN]}, share_where_used)[0][OWN]
    return Evaluation(
        scored=score(y, said, weights),
        honest=if_honest(said[OWN], weights),
        chance=by_chance(words, messages, alpha=alpha, beta=beta, share=share, seed=seed),
        diagrams={n: reliability(y, said[n], weights, seed=seed) for n in (OWN, PLUG_IN)},
        bands=bands(y, said[OWN], weights, seed=seed),
        mistakes=mistakes(messages, used, threshold),
        certain=(int(weights[plugged == 0].sum()), int(weights[plugged == 1].sum())),
        unanswered=unanswered[PLUG_IN],
    )


def mistakes(messages: HeldOut, p: np.ndarray, threshold: float) -> Mistakes:
    """Count what quarantining from a threshold of P(spam) on gets wrong."""
    spam, caught = messages.y == 1, p >= threshold
    groups = ~spam, ~spam & caught, spam, spam & ~caught
    return Mistakes(*(int(messages.weights[group].sum()) for group in groups))
