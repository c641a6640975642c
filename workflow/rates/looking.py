"""What looking after every trial does to the errors of a rule that decides as soon as it can.

Sequences of trials are simulated, in each the rule is asked at every look, and the first decision
counts. Beside it stands what one look, at the end, would have come to. Source: Armitage, McPherson
and Rowe (1969), Repeated significance tests on accumulating data.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy import stats

from workflow.rates.fairness import HALF, Fairness

SIMULATED = 4000
MOST = 200  # looks: of longer sequences the rule is asked at so many evenly spaced trials


@dataclass(frozen=True)
class Share:
    """So many of `of` simulated sequences; the interval is exact (Clopper and Pearson, 95%)."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """The share."""
        return self.count / self.of

    @property
    def interval(self) -> tuple[float, float]:
        """Both ends of the interval of the share."""
        found = stats.binomtest(self.count, self.of).proportion_ci(0.95, method="exact")
        return float(found.low), float(found.high)


@dataclass(frozen=True)
class Looks:
    """How often the rule decides, and wrongly, if it is asked at each look and if only at the end.

    `looks` says how many looks there were.
    """

    looks: int
    decided: Share
    wrong: Share
    decided_at_end: Share
    wrong_at_end: Share


def look(
    n: int, rates: np.ndarray, rule: Fairness, prior: tuple[float, float], *, seed: int
) -> Looks:
    """Ask a rule again and again of `n` simulated trials.

    Between two looks heads are Binomial, which is what the sum of the model's trials is.

    Parameters
    ----------
    rates
        The rate of each sequence: a decision is wrong where that is on another side.
    prior
        Both parameters of the Beta prior that the rule starts from.
    """
    at = looked_at(n)
    steps = np.diff(at, prepend=0)
    fell = np.random.default_rng(seed).binomial(steps, rates[:, None], (len(rates), len(at)))
    heads = np.cumsum(fell, axis=1)
    decided = rule.decisions(prior[0] + heads, prior[1] + at - heads)
    low, high = rule.range
    truth = np.where(rates < low, 0, np.where(rates > high, 2, 1))
    return tallied(decided, truth[:, None] == np.arange(len(rule.sides)))


def tallied(decided: np.ndarray, right: np.ndarray) -> Looks:
    """Return how often the first decision of a sequence is wrong, and the one at its end.

    Parameters
    ----------
    decided
        What is decided at each look, a place, or -1 for nothing. Axes: sequence, look.
    right
        Which decision would be right in each sequence. Axes: sequence, place.
    """
    rows = np.arange(len(decided))
    first = decided[rows, (decided >= 0).argmax(axis=1)]
    shares = [
        Share(int(np.sum(kind)), len(decided))
        for one in (first, decided[:, -1])
        for kind in (one >= 0, (one >= 0) & ~right[rows, one])
    ]
    return Looks(decided.shape[1], *shares)


def rates_of(posterior: xr.DataArray) -> dict[str, np.ndarray]:
    """Return the rates of simulated sequences: exactly one half, and evenly spaced draws."""
    drawn = posterior.to_numpy().ravel()
    some = np.linspace(0, drawn.size - 1, min(SIMULATED, drawn.size)).round().astype(int)
    fair = np.full(SIMULATED, HALF)
    return {"exactly one half": fair, "as the posterior has it": drawn[some]}


def looked_at(n: int, most: int = MOST) -> np.ndarray:
    """Return after which of `n` trials the rule is asked: after each, or so many at most."""
    return np.unique(np.linspace(1, n, min(n, most)).round().astype(int))
