"""Arms of a test row by row: exact losses after each look, and what looking so often does.

Rates of different arms are independent Beta distributions, so that the expected loss of an arm is
an integral over one number: E max - E rate, and E max = 1 - integral of the product of the arms'
distribution functions. Source: Gelman et al. (2013), section 2.4; Stucchio (2015), Bayesian A/B
testing at VWO, for the rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from workflow.rates.looking import Looks, tallied

NODES = 16  # points of the quadrature between two of its places
PLACES = (-9.0, -3.0, 0.0, 3.0, 9.0)  # of each arm: sds from the mean
LOOKS, SEQUENCES = 30, 500


@dataclass(frozen=True)
class Seen:
    """Counts by look and arm (the last two axes), and both parameters of the Beta prior."""

    visitors: np.ndarray
    events: np.ndarray
    alpha: float
    beta: float

    @property
    def parameters(self) -> tuple[np.ndarray, np.ndarray]:
        """Those of every arm's posterior."""
        return self.alpha + self.events, self.beta + self.visitors - self.events

    def losses(self) -> np.ndarray:
        """Return the exact expected loss of choosing each arm; same shape as the counts."""
        a, b = self.parameters
        nodes, weights, highest = self._nodes()
        below = stats.beta.cdf(nodes[..., None], a[..., None, :], b[..., None, :]).prod(-1)
        greatest = highest - (weights * below).sum(-1)
        return np.maximum(greatest[..., None] - a / (a + b), 0)

    def best(self) -> np.ndarray:
        """Return the exact probability of each arm to have the highest rate."""
        a, b = self.parameters
        nodes, weights, _ = self._nodes()
        at, a, b = nodes[..., None], a[..., None, :], b[..., None, :]
        density, below = stats.beta.pdf(at, a, b), stats.beta.cdf(at, a, b)
        arms = range(a.shape[-1])
        others = [np.delete(below, i, axis=-1).prod(-1) * density[..., i] for i in arms]
        return np.stack([(weights * one).sum(-1) for one in others], axis=-1)

    def chosen(self, limit: float) -> np.ndarray:
        """Return which arm the rule chooses at each look, -1 for none.

        As `workflow.rates.experiment.least_loss`: the least loss, if below `limit`; but an arm that
        is ahead only because fewer saw it gives way to one that as many saw with as high a rate, if
        that one's loss is below the limit too, else none is chosen.
        """
        losses, n = self.losses(), self.visitors
        rate = self.events / np.maximum(n, 1)
        first = losses.argmin(-1)
        n_first, rate_first = (np.take_along_axis(x, first[..., None], -1) for x in (n, rate))
        later = np.arange(n.shape[-1]) >= first[..., None]
        good = (n >= n_first) & (rate >= rate_first)
        good &= ~((n == n_first) & (rate == rate_first) & later)
        cheap = good & (losses < limit)
        order = np.where(cheap, rate * 1e12 + n, -1.0).argmax(-1)
        chosen = np.where(good.any(-1), np.where(cheap.any(-1), order, -1), first)
        enough = (losses.min(-1) < limit) & (n > 0).all(-1)
        return np.where(enough, chosen, -1)

    def _nodes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return points and weights of a quadrature where the rates are, and its upper end.

        Gauss and Legendre's between the places at which some arm's density begins or is high, so
        that one that few saw does not hide those that many did.
        """
        a, b = self.parameters
        mean = (a / (a + b))[..., None]
        sd = np.sqrt(mean * (1 - mean) / (a + b + 1)[..., None])
        places = np.clip(mean + sd * np.array(PLACES), 0, 1)
        places = np.sort(places.reshape(*places.shape[:-2], -1), axis=-1)
        x, w = np.polynomial.legendre.leggauss(NODES)
        half, middle = np.diff(places)[..., None] / 2, (places[..., 1:] + places[..., :-1]) / 2
        nodes, weights = middle[..., None] + half * x, half * w
        flat = (*nodes.shape[:-2], -1)
        return nodes.reshape(flat), weights.reshape(flat), places[..., -1]


def in_time(rows: pd.DataFrame, arms: Sequence[str], alpha: float, beta: float) -> Seen:
    """Return the counts of `rows` (columns arm, conversions), in their order, at every look."""
    at = looked_at(len(rows))
    is_arm = rows["arm"].to_numpy()[:, None] == np.array(arms)
    events = is_arm * rows["conversions"].to_numpy()[:, None]
    visitors, happened = (np.cumsum(x, axis=0)[at - 1].astype(float) for x in (is_arm, events))
    return Seen(visitors, happened, alpha, beta)


def look(seen: Seen, rates: np.ndarray, limit: float, *, seed: int) -> Looks:
    """Simulate tests filled as this one was, and ask the rule at each look and at the end alone.

    Between two looks conversions are Binomial, as the model has them. A choice is wrong whose arm
    has a rate lower than the best one's by the limit or more.

    Parameters
    ----------
    rates
        Those of the simulated tests; shape (test, arm).
    """
    steps = np.diff(seen.visitors, axis=0, prepend=0).astype(int)
    shape = (len(rates), *steps.shape)
    more = np.random.default_rng(seed).binomial(steps, rates[:, None, :], shape)
    visitors = np.broadcast_to(seen.visitors, shape)
    chosen = Seen(visitors, np.cumsum(more, axis=1), seen.alpha, seen.beta).chosen(limit)
    cost = rates.max(1, keepdims=True) - rates
    return tallied(chosen, cost < limit)


def looked_at(n: int) -> np.ndarray:
    """Return after which of `n` rows the rule is asked: `LOOKS` of them, evenly spaced."""
    return np.unique(np.linspace(n / min(n, LOOKS), n, min(n, LOOKS)).round().astype(int))
