"""Has a level changed, and to which side? By the evidence of three accounts, and by the draws."""

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

import numpy as np
import xarray as xr

from workflow.deciding.decision import GRANTED, UNDECIDED
from workflow.quantities import SAMPLE, Scalar, expectations
from workflow.series.accounts import Account, Series
from workflow.series.mixture import Mixture, of_several, prob_below
from workflow.series.odds import Odds
from workflow.series.plane import ends
from workflow.series.prior import Prior

FALLEN, RISEN, CHANGED, SAME = "fallen", "risen", "changed", "unchanged"
IGNORED = {"stays": ("drift", "jump"), "jumps": ("drift",), "drifts": ("jump",)}  # knobs
FACTORS = (0.25, 1.0, 4.0)  # of the scales of the prior
VAST = 700.0  # a logarithm from which on there is no number of the computer's


@dataclass(frozen=True)
class Verdict(Odds):
    """Three accounts of a series, how probable each is, and what they say together."""

    accounts: tuple[Account, Account, Account]

    @classmethod
    def of(cls, accounts: tuple[Account, Account, Account]) -> "Verdict":
        """Return what accounts say: of a level that stays, and of two that move."""
        falls = tuple(one.change.below(0) for one in accounts[1:])
        return cls(tuple(one.log_evidence for one in accounts), falls, accounts)

    @property
    def likeliest(self) -> str:
        """The name of the most probable account."""
        return self.accounts[int(self.weights.argmax())].name

    @property
    def change(self) -> Mixture:
        """By how much the level changed, if it did."""
        moves = self.weights[1:] / self.weights[1:].sum()
        return of_several([one.change for one in self.accounts[1:]], list(moves))

    @property
    def now(self) -> Mixture:
        """The level at the last time, whichever account is right."""
        return of_several([one.now for one in self.accounts], list(self.weights))

    def ahead(self, steps: int) -> Mixture:
        """Return what the value will be so many steps on, whichever account is right."""
        return of_several([one.ahead(steps) for one in self.accounts], list(self.weights))

    @cached_property
    def slope(self) -> Mixture:
        """What the trend adds in a step, whichever account is right."""
        return of_several([one.slope for one in self.accounts], list(self.weights))

    def effect(self, place: int) -> Mixture:
        """Return the season's effect at a place of the period, whichever account is right."""
        return of_several([one.effect(place) for one in self.accounts], list(self.weights))


@dataclass(frozen=True)
class Rule:
    """A level changed where a change makes the values `evidence` times more probable.

    It has not where it makes them so much less probable. It has fallen, or risen, where that side
    has the posterior probability `sure`.
    """

    series: Series
    evidence: float
    sure: float
    found: dict[tuple[str, Prior], tuple[float, float]] = field(default_factory=dict)

    @cached_property
    def verdict(self) -> Verdict:
        """The accounts under the prior of the page."""
        return Verdict.of(self.series.accounts)

    def under(self, **prior: float) -> Odds:
        """Return how probable the accounts are under other knobs of the prior."""
        series = self.series.under(**prior)
        if series.prior == self.series.prior:
            return self.verdict
        logs, falls = zip(*(self._part(name, series) for name in IGNORED), strict=True)
        return Odds(logs, falls[1:])

    def _part(self, name: str, series: Series) -> tuple[float, float]:
        """Return log evidence and probability of a fall of an account, kept by the knobs it has."""
        own, key = (
            (name, replace(one.prior, **dict.fromkeys(IGNORED[name], 0.0)))
            for one in (self.series, series)
        )
        if key not in self.found:
            account = getattr(self.series if key == own else series, name)
            self.found[key] = account.log_evidence, account.change.below(0)
        return self.found[key]

    def at_once(self) -> tuple[float, float]:
        """Return the least and the largest probability of a jump, if the level changed.

        That is under other priors of how far it jumps and drifts, by `FACTORS`.
        """
        prior = self.series.prior
        each = (
            self.under(drift=prior.drift * one, jump=prior.jump * other).at_once
            for one, other in product(FACTORS, FACTORS)
        )
        found = sorted(each)
        return found[0], found[-1]

    def named(self, log_bayes_factor: float, fallen: float) -> str:
        """Return the decision by a log Bayes factor and the probability of a fall."""
        if abs(log_bayes_factor) < math.log(self.evidence):
            return UNDECIDED
        if log_bayes_factor < 0:
            return SAME
        return FALLEN if fallen >= self.sure else RISEN if 1 - fallen >= self.sure else CHANGED

    def exact(self, **prior: float) -> str:
        """Return the exact decision under a prior."""
        odds = self.under(**prior)
        return self.named(odds.log_bayes_factor, odds.prob_fallen())

    def measure(self, posterior: xr.Dataset) -> dict[str, Scalar]:
        """Return by draws the probability that the level fell, if it drifts."""
        noise, level = (
            np.square(posterior[name].transpose(*SAMPLE).to_numpy())
            for name in ("sigma_observation", "sigma_level")
        )
        one = self.series
        both = noise.ravel(), level.ravel()
        shift = one.shift(posterior, one.times)
        y = one.y[:, None] - shift if shift.any() else one.y
        _, _, mean, variance = ends(y, one.steps, one.prior, *both)
        p = prob_below(0, mean, variance).reshape(noise.shape)
        return {"prob_fallen": expectations("p", xr.DataArray(p, dims=SAMPLE))["p"]}

    def decide(self, posterior: xr.Dataset, errors: float = GRANTED) -> tuple[str, ...]:
        """Return the decision, and behind it those that the draws cannot tell from it.

        Evidences are exact, under the prior of the posterior (its attribute `prior`).
        """
        verdict = self.under(**(posterior.attrs.get("prior") or {}))
        p, log = self.measure(posterior)["prob_fallen"], verdict.log_bayes_factor
        room = errors * p.mcse
        drawn = (p.value, p.value - room, p.value + room)
        sides = [verdict.prob_fallen(min(max(one, 0.0), 1.0)) for one in drawn]
        return tuple(dict.fromkeys(self.named(log, side) for side in sides))


def told(verdict: Verdict) -> dict[str, Scalar]:
    """Return Bayes factor and probabilities of the accounts; exact, so without an error."""
    log = verdict.log_bayes_factor
    factor = math.inf if log > VAST else math.exp(log)
    exact = {"bayes_factor_change": factor, "log_bayes_factor_change": log}
    each = zip(verdict.accounts, verdict.weights, strict=True)
    exact |= {f"prob[{one.name}]": float(weight) for one, weight in each}
    return {name: Scalar(value, math.nan) for name, value in exact.items()}
