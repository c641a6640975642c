"""Do shares stand in an expected ratio? Decided by a Bayes factor and by what is practically so.

The shares have a Dirichlet posterior, so that each by itself is Beta and nothing here is drawn at
random. Sources: Gelman et al. (2013), Bayesian Data Analysis, section 3.4; Good (1967), A Bayesian
significance test for multinomial distributions, for the Bayes factor.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import gammaln, xlogy

from workflow.deciding.decision import GRANTED
from workflow.quantities import Scalar, expectations

HOLDS, NEARLY, NOT, CANNOT = "holds", "holds nearly", "does not hold", "cannot tell"
DECISIONS = (HOLDS, NEARLY, NOT)  # the places of `decisions`; -1 is that nothing can be told
ALL = "prob_all_as_expected_at_least"
HALF = 0.5


@dataclass(frozen=True)
class Ratio:
    """Shares that are expected, and when one says that they hold, or that they do not.

    A share is practically the expected one, e, within `rope` of it and within half of it, ends
    included. The ratio `holds` where all of them are, with probability `sure`, and the Bayes factor
    is `evidence` for exactly these shares; it `does not hold` where some share is not, with
    that probability, and the Bayes factor is `evidence` against; it `holds nearly` where all are
    practically as expected and the Bayes factor is against exactly these.
    """

    kinds: tuple[str, ...]
    expected: np.ndarray
    rope: float
    sure: float
    evidence: float

    @property
    def range(self) -> tuple[np.ndarray, np.ndarray]:
        """The least and the greatest share of each kind that are practically as expected."""
        room = np.minimum(self.rope, HALF * self.expected)
        return self.expected - room, np.minimum(self.expected + room, 1)

    def outside(self, weights: np.ndarray) -> np.ndarray:
        """Return the probability that each share is not practically as expected.

        `weights` are those of the Dirichlet posterior; last axis: kind.
        """
        total = weights.sum(axis=-1)
        found = np.empty(np.shape(weights))
        for k, (low, high) in enumerate(zip(*self.range, strict=True)):
            pairs, back = np.unique(weights[..., k] + 1j * total, return_inverse=True)
            own, others = pairs.real, pairs.imag - pairs.real  # of many, most come again
            p = stats.beta.cdf(low, own, others) + stats.beta.sf(high, own, others)
            found[..., k] = p[back].reshape(total.shape)
        return found

    def decisions(self, log_factor: ArrayLike, outside: np.ndarray) -> np.ndarray:
        """Return the decision by the log Bayes factor and `outside`: a place in `DECISIONS`, or -1.

        That all shares are inside has at least the probability 1 less the sum of the others.
        """
        within = 1 - outside.sum(axis=-1) >= self.sure
        beyond = outside.max(axis=-1) >= self.sure
        return self._places(np.asarray(log_factor), within, beyond)

    def _places(self, log_factor: np.ndarray, within: np.ndarray, beyond: np.ndarray) -> np.ndarray:
        limit = np.log(self.evidence)
        cases = [
            within & (log_factor >= limit),
            within & (log_factor <= -limit),
            beyond & (log_factor <= -limit),
        ]
        return np.select(cases, range(len(cases)), -1)

    def known(self, weights: np.ndarray) -> dict[str, float]:
        """Return the exact probabilities under a Dirichlet posterior, by the names of `measure`."""
        outside = self.outside(weights)
        found = {f"prob_as_expected[{k}]": 1 - p for k, p in zip(self.kinds, outside, strict=True)}
        return {name: float(p) for name, p in found.items()} | {
            ALL: max(0.0, 1 - float(outside.sum()))
        }

    def measure(self, posterior: xr.Dataset) -> dict[str, Scalar]:
        """Return by draws of `share` how probably each is practically as expected, and all are."""
        low, high = (xr.DataArray(end, dims="kind") for end in self.range)
        share = posterior["share"]
        inside = (share >= low) & (share <= high)
        every = expectations(ALL, 1 - (~inside).sum("kind"))[ALL]
        return expectations("prob_as_expected", inside) | {
            ALL: Scalar(max(0.0, every.value), every.mcse)
        }

    def named(self, place: int) -> str:
        """Return the decision of a place in `DECISIONS`, -1 among them."""
        return CANNOT if place < 0 else DECISIONS[place]

    def exact(self, counts: np.ndarray, before: np.ndarray, *, concentration: float) -> str:
        """Return the decision by the exact posterior of counts, and counts before them."""
        every = counts + before
        factor = log_bayes_factor(every, self.expected, concentration)
        return self.named(int(self.decisions(factor, self.outside(every + concentration))))

    def decide(
        self,
        posterior: xr.Dataset,
        errors: float = GRANTED,
        *,
        factor: Callable[[float], ArrayLike],
        concentration: float,
    ) -> tuple[str, ...]:
        """Return the decision by draws, and behind it those that their errors cannot tell apart.

        The log Bayes factor is exact: `factor` makes it of the concentration of the prior, that of
        the posterior's attribute `prior`, if it has one.
        """
        knobs = posterior.attrs.get("prior", {})
        log_factor = np.asarray(factor(float(knobs.get("concentration", concentration))))
        found, steps = self.measure(posterior), []
        least = min(
            (found[f"prob_as_expected[{k}]"] for k in self.kinds), key=lambda one: one.value
        )
        for step in (0, -errors, errors):
            within = found[ALL].value + step * found[ALL].mcse >= self.sure
            beyond = 1 - least.value - step * least.mcse >= self.sure
            place = self._places(log_factor, np.asarray(within), np.asarray(beyond))
            steps.append(self.named(int(place)))
        return tuple(dict.fromkeys(steps))


def log_bayes_factor(counts: np.ndarray, expected: np.ndarray, concentration: float) -> np.ndarray:
    """Return the log Bayes factor of exactly the expected shares against any.

    Any are those of a Dirichlet distribution with `concentration` of each kind. The probability of
    the sequence is the product of the expected shares, and for any a ratio of two
    Beta functions. Last axis: kind.
    """
    prior = np.full(np.shape(counts)[-1], float(concentration))
    point = xlogy(counts, expected).sum(axis=-1)
    found: np.ndarray = point - _log_beta(counts + prior) + _log_beta(prior)
    return found


def _log_beta(weights: np.ndarray) -> np.ndarray:
    found: np.ndarray = gammaln(weights).sum(axis=-1) - gammaln(weights.sum(axis=-1))
    return found
