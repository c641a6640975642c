"""What is known of differences between arms, exactly: rates whose log-odds are near one another.

    rate[control] ~ Beta(alpha, beta)
    logit(rate[t]) ~ Normal(logit(rate[control]), effect_sd)

Given the control's log-odds the arms are independent, so everything is a sum over a grid of these,
and for each arm over a grid of its own. All densities are log-concave (Prékopa), hence unimodal,
and fall to nothing at both ends: the trapezoidal rule converges exponentially fast.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import optimize, stats
from scipy.special import expit, log_expit, logit

from workflow.deciding.decision import UNDECIDED

ANY = np.inf  # prior sd of effects of which nothing is known
EFFECTS = (0.05, 0.1, 0.2, 0.5, 1.0)  # prior sds of effects that are looked at
MODEST = 0.1  # of them: odds differ by less than 22% with probability .95
OUTER, INNER, STEPS = 1001, 241, 801  # points: control's log-odds, an arm's, and of a maximum
DEEP, WIDE = 45.0, 16.0  # nats below the mode, and sds beside it, where a density is nothing


@dataclass(frozen=True)
class Known:
    """The posterior where effects have the prior sd `effect_sd` (log-odds; infinite: not known).

    `mean` has the posterior mean of each arm's rate, `loss` each arm's expected loss, by arm.
    """

    effect_sd: float
    mean: pd.Series
    loss: pd.Series

    def difference(self, arm: str) -> float:
        """Return the posterior mean of an arm's rate minus that of the control."""
        return float(self.mean[arm] - self.mean.iloc[0])

    def decision(self, limit: float) -> str:
        """Return "choose <arm>" for the least loss, if that is below `limit`, else UNDECIDED."""
        return f"choose {self.loss.idxmin()}" if self.loss.min() < limit else UNDECIDED


def unknown(arms: pd.DataFrame, alpha: float, beta: float) -> Known:
    """Return the same where nothing is known of differences: the rates are independent Betas.

    The greatest rate's expectation is the integral of P(greatest > u).
    """
    events, visitors = arms["conversions"].to_numpy(), arms["visitors"].to_numpy()
    rates = stats.beta(events + alpha, visitors - events + beta)
    quantiles = rates.ppf(np.linspace(1e-12, 1 - 1e-12, STEPS)[:, None])
    u = np.unique(np.concatenate([quantiles.ravel(), np.linspace(0, 1, STEPS)]))
    below = np.prod(rates.cdf(u[:, None]), axis=1)
    mean = pd.Series(rates.mean(), index=list(arms["arm"]))
    return Known(ANY, mean, float(np.trapezoid(1 - below, u)) - mean)


def known_by_effects(
    arms: pd.DataFrame, alpha: float, beta: float, *, every: bool = True
) -> dict[float, Known]:
    """Return what is known by prior sd of the effects: nothing first (infinite), then `EFFECTS`.

    Unless `every` one of them is asked for: then `MODEST` alone.
    """
    found = {one: known(arms, alpha, beta, one) for one in (EFFECTS if every else (MODEST,))}
    return {ANY: unknown(arms, alpha, beta), **found}


def known(arms: pd.DataFrame, alpha: float, beta: float, effect_sd: float) -> Known:
    """Return what is known of the arms (`arm`, `visitors`, `conversions`; the control first)."""
    events = arms["conversions"].to_numpy(float)
    others = arms["visitors"].to_numpy(float) - events
    control = partial(_log_binomial, events=events[0] + alpha, others=others[0] + beta)

    def log_density(eta: np.ndarray) -> np.ndarray:
        found = [
            _given(eta, *one, effect_sd)[2] for one in zip(events[1:], others[1:], strict=True)
        ]
        return np.asarray(control(eta) + np.sum(found, axis=0))

    start = float(logit((events[0] + alpha) / (events[0] + others[0] + alpha + beta)))
    eta = _grid(log_density, start)
    found = [_given(eta, *one, effect_sd) for one in zip(events[1:], others[1:], strict=True)]
    log_p = control(eta) + np.sum([evidence for *_, evidence in found], axis=0)
    weight = np.exp(log_p - log_p.max())
    weight /= weight.sum()
    given = [(x, p, expit(x)) for x, p, _ in found]
    means = [weight @ expit(eta), *(weight @ (p * rate).sum(axis=1) for _, p, rate in given)]
    mean = pd.Series(means, index=list(arms["arm"]))
    return Known(effect_sd, mean, _greatest(eta, weight, given) - mean)


def typical_gap(alpha: float, beta: float, effect_sd: float = np.inf) -> float:
    """Return the prior median of the absolute difference of two arms' rates.

    Of independent Beta(alpha, beta) rates where `effect_sd` is infinite. Averaged over 10,000
    evenly spaced quantiles of the first arm.
    """
    prior = stats.beta(alpha, beta)
    rate = prior.ppf((np.arange(10_000) + 0.5) / 10_000)

    def below(x: np.ndarray) -> np.ndarray:
        if np.isinf(effect_sd):
            return np.asarray(prior.cdf(x))
        return np.asarray(stats.norm.cdf((logit(np.clip(x, 0, 1)) - logit(rate)) / effect_sd))

    def inside(gap: float) -> float:
        return float(np.mean(below(rate + gap) - below(rate - gap)))

    return float(optimize.brentq(lambda gap: inside(gap) - 0.5, 0, 1, xtol=1e-12))


def _log_binomial(eta: ArrayLike, events: float, others: float) -> np.ndarray:
    return np.asarray(events * log_expit(eta) + others * log_expit(-np.asarray(eta)))


def _given(
    eta: np.ndarray, events: float, others: float, sd: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return an arm's log-odds, their probabilities, and its log evidence, given the control's.

    Shapes: (eta, INNER) twice, and (eta,). The mode is found by Newton's method, which on a concave
    function with the prior's curvature needs few steps.
    """
    mode = eta.copy()
    for _ in range(100):
        p = expit(mode)
        slope = events - (events + others) * p - (mode - eta) / sd**2
        step = slope / ((events + others) * p * (1 - p) + 1 / sd**2)
        mode = mode + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-9:
            break
    p = expit(mode)
    width = WIDE / np.sqrt((events + others) * p * (1 - p) + 1 / sd**2)
    x = mode[:, None] + width[:, None] * np.linspace(-1, 1, INNER)
    log_p = _log_binomial(x, events, others) - ((x - eta[:, None]) / sd) ** 2 / 2
    top = log_p.max(axis=1, keepdims=True)
    probability = np.exp(log_p - top)
    total = probability.sum(axis=1, keepdims=True)
    evidence = top[:, 0] + np.log(total[:, 0] * width / sd)
    return x, probability / total, evidence


def _grid(log_density: Callable[[np.ndarray], np.ndarray], start: float) -> np.ndarray:
    """Return even points over which a unimodal log density comes up from nothing and goes back."""

    def one(x: float) -> float:
        return float(log_density(np.array([x]))[0])

    mode = optimize.minimize_scalar(lambda x: -one(x), bracket=(start - 0.5, start + 0.5)).x
    bottom, ends = one(mode) - DEEP, []
    for side in (-1, 1):
        far = 1e-3
        while one(mode + side * far) > bottom:
            far *= 2
        ends.append(optimize.brentq(lambda x: one(x) - bottom, mode, mode + side * far, xtol=1e-6))
    return np.linspace(ends[0], ends[1], OUTER)


def _greatest(
    eta: np.ndarray, weight: np.ndarray, given: list[tuple[np.ndarray, np.ndarray, np.ndarray]]
) -> float:
    """Return the expectation of the greatest rate; `given` has log-odds, probabilities and rates.

    With one treatment a sum; else the integral of P(greatest > u), the arms being independent given
    the control's log-odds, by linear interpolation of their distribution functions.
    """
    if len(given) == 1:
        ((_, p, rate),) = given
        return float(weight @ (p * np.maximum(expit(eta)[:, None], rate)).sum(axis=1))
    total = 0.0
    for i in np.flatnonzero(weight > 1e-12):
        u = np.linspace(eta[i], max(eta[i], *(x[i, -1] for x, *_ in given)), STEPS)
        below = np.prod(
            [np.interp(u, x[i], np.cumsum(p[i]) - p[i] / 2, left=0, right=1) for x, p, _ in given],
            axis=0,
        )
        total += weight[i] * (expit(eta[i]) + np.trapezoid(1 - below, expit(u)))
    return float(total)
