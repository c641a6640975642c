"""Which variant the next visitor sees: policies, and what each costs, by simulation.

A policy looks at the posterior so far, Beta(a, b) of each variant, and shows one of them; what it
costs is its regret, the clicks that the best variant would have brought more. Sources: Thompson
(1933); Russo et al. (2018), A tutorial on Thompson sampling.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from workflow.quantities import Scalar
from workflow.rates.arms_in_time import Seen
from workflow.sampling.simulating import evenly_spaced

TESTS = 500  # simulated sequences of visitors
EXPLORED = 0.1  # of the horizon: visitors that A/B-then-switch splits equally
MANY = 6  # variants, of which losses can be looked at again and again
LOOKS = 100  # at which a policy that looks at losses does so, and at which regret is kept

type Beliefs = tuple[np.ndarray, np.ndarray]  # both parameters by (sequence, variant)
type Policy = Callable[[Beliefs, int, np.random.Generator], np.ndarray]


def equal(beliefs: Beliefs, at: int, rng: np.random.Generator) -> np.ndarray:
    """Show variants in turn."""
    n, arms = beliefs[0].shape
    return np.full(n, at % arms)


def greedy(beliefs: Beliefs, at: int, rng: np.random.Generator) -> np.ndarray:
    """Show the variant with the highest posterior mean; where several have it, one by lot."""
    a, b = beliefs
    mean = a / (a + b)
    tied = mean == mean.max(1, keepdims=True)
    found: np.ndarray = (tied * rng.random(mean.shape)).argmax(1)
    return found


def thompson(beliefs: Beliefs, at: int, rng: np.random.Generator) -> np.ndarray:
    """Show the variant whose rate, drawn from its posterior, is highest: as often as it is best."""
    found: np.ndarray = rng.beta(*beliefs).argmax(1)
    return found


def then_switch(horizon: int) -> Policy:
    """Return the policy that splits equally at first and then shows the one that did best."""

    def policy(beliefs: Beliefs, at: int, rng: np.random.Generator) -> np.ndarray:
        return (equal if at < EXPLORED * horizon else greedy)(beliefs, at, rng)

    return policy


def until_sure(horizon: int, limit: float) -> Policy:
    """Return the policy that splits equally until a choice is expected to cost less than `limit`.

    It looks at `LOOKS` evenly spaced visitors, and what it has chosen it keeps.
    """
    chosen = np.empty(0, dtype=int)
    every = max(1, horizon // LOOKS)

    def policy(beliefs: Beliefs, at: int, rng: np.random.Generator) -> np.ndarray:
        nonlocal chosen
        a, b = beliefs
        if at == 0:
            chosen = np.full(len(a), -1)
        going = np.flatnonzero(chosen < 0)
        if at % every == 0 and going.size:
            losses = Seen(a[going] + b[going], a[going], 0.0, 0.0).losses()
            chosen[going] = np.where(losses.min(1) < limit, losses.argmin(1), -1)
        return np.where(chosen < 0, at % a.shape[1], chosen)

    return policy


def policies(horizon: int, limit: float, variants: int) -> dict[str, Policy]:
    """Return every policy that is compared, by its name; losses of very many are not looked at."""
    found: dict[str, Policy] = {
        "Thompson sampling": thompson,
        "greedy": greedy,
        "A/B, then switch": then_switch(horizon),
        "A/B until sure": until_sure(horizon, limit),
        "equal split": equal,
    }
    return {n: one for n, one in found.items() if n != "A/B until sure" or variants <= MANY}


@dataclass(frozen=True)
class Regret:
    """What a policy gives away until each of `at` visitors: mean over the sequences, and its error.

    `shown` is the share of visitors who were shown the best variant.
    """

    at: np.ndarray
    mean: np.ndarray
    mcse: np.ndarray
    shown: float

    @property
    def total(self) -> Scalar:
        """The regret at the end."""
        return Scalar(float(self.mean[-1]), float(self.mcse[-1]))


def simulate(
    policy: Policy, rates: np.ndarray, alpha: np.ndarray, beta: np.ndarray, horizon: int, seed: int
) -> Regret:
    """Let a policy meet `horizon` visitors again and again.

    Parameters
    ----------
    rates
        Those of each sequence; shape (sequence, variant).
    alpha, beta
        What the policy believes at first, by variant.
    """
    rng = np.random.default_rng(seed)
    n = np.arange(len(rates))
    a, b = (np.tile(np.asarray(one, float), (len(rates), 1)) for one in (alpha, beta))
    cost = rates.max(1, keepdims=True) - rates
    total, best = np.zeros(len(rates)), 0
    kept: list[tuple[int, float, float]] = []
    looks = set(np.linspace(1, horizon, min(LOOKS, horizon)).round().astype(int))
    for at in range(horizon):
        chosen = policy((a, b), at, rng)
        clicked = rng.random(len(n)) < rates[n, chosen]
        a[n, chosen] += clicked
        b[n, chosen] += ~clicked
        total += cost[n, chosen]
        best += int((cost[n, chosen] == 0).sum())
        if at + 1 in looks:
            kept.append((at + 1, total.mean(), total.std(ddof=1) / np.sqrt(len(n))))
    places, mean, mcse = map(np.array, zip(*kept, strict=True))
    return Regret(places, mean, mcse, best / (horizon * len(n)))


def race(
    posterior: xr.DataArray,
    alpha: np.ndarray,
    beta: np.ndarray,
    horizon: int,
    limit: float,
    *,
    seed: int,
) -> dict[str, Regret]:
    """Let every policy meet the same kinds of visitors: rates are draws of a posterior.

    `alpha` and `beta` are what policies believe at first, by variant: the posterior's own, or a
    prior, for a replay that begins with nothing.
    """
    draws = evenly_spaced(posterior.to_dataset(name="rate"), TESTS)["rate"].to_numpy()[0]
    return {
        name: simulate(policy, draws, alpha, beta, horizon, seed)
        for name, policy in policies(horizon, limit, draws.shape[1]).items()
    }
