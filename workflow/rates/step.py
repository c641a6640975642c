"""One change of a Poisson rate at an unknown boundary: the posterior as a formula has it.

Given the boundary, Gamma priors are conjugate: the posterior of each rate is a Gamma distribution,
and the evidence has a closed form. There are finitely many boundaries, so that all else is a
weighted mean over them: nothing here is drawn at random, but `with_change_point`. Sources: Raftery
and Akman (1986), Biometrika 73; Gelman et al. (2013), Bayesian Data Analysis, section 2.6.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import gammaln, log_softmax, logsumexp

from workflow.checking.exact import Known
from workflow.quantities import SAMPLE, TAILS
from workflow.rates.mixtures import of_gammas, of_log_ratio, prob_below

CHUNK = 500  # draws at a time, each with a number for every boundary


@dataclass(frozen=True)
class Step:
    """Counts of periods in their order; both rates ~ Gamma(shape, shape / mean) beforehand.

    `starts` says when each period begins; the change point is the start of the first period that
    has the new rate, and every boundary between two periods is as likely as any other beforehand.
    Arrays by boundary have one number less than there are periods.
    """

    counts: np.ndarray
    starts: np.ndarray
    mean: float
    shape: float

    @cached_property
    def early(self) -> np.ndarray:
        """Events before each boundary."""
        found: np.ndarray = np.cumsum(self.counts, dtype=float)[:-1]
        return found

    @property
    def periods(self) -> np.ndarray:
        """Periods before each boundary."""
        return np.arange(1, len(self.counts))

    @property
    def boundaries(self) -> np.ndarray:
        """When the period after each boundary begins."""
        return self.starts[1:]

    @property
    def before(self) -> tuple[np.ndarray, np.ndarray]:
        """Shape and inverse scale of the posterior of the rate before, given each boundary."""
        return self.shape + self.early, self.shape / self.mean + self.periods

    @property
    def after(self) -> tuple[np.ndarray, np.ndarray]:
        """Shape and inverse scale of the posterior of the rate after, given each boundary."""
        late, periods = self.counts.sum() - self.early, len(self.counts) - self.periods
        return self.shape + late, self.shape / self.mean + periods

    @cached_property
    def log_evidence(self) -> np.ndarray:
        """Log evidence of each boundary, without the factorials of the counts."""
        return self.evidence_of(*self.before) + self.evidence_of(*self.after)

    @cached_property
    def weights(self) -> np.ndarray:
        """Posterior probability of each boundary, if there was a change."""
        found: np.ndarray = np.exp(log_softmax(self.log_evidence))
        return found

    @property
    def log_bayes_factor(self) -> float:
        """Log Bayes factor of one change, at any boundary, against none."""
        n = len(self.counts)
        same = self.evidence_of(self.shape + self.counts.sum(), self.shape / self.mean + n)
        return float(logsumexp(self.log_evidence) - np.log(n - 1) - same)

    def evidence_of(self, shape: ArrayLike, inverse: ArrayLike) -> np.ndarray:
        """Return the log evidence of periods with one rate, by the posterior of that rate."""
        prior = self.shape * np.log(self.shape / self.mean) - gammaln(self.shape)
        found: np.ndarray = prior + gammaln(shape) - np.multiply(shape, np.log(inverse))
        return found

    def prob_fallen(self) -> float:
        """Return the probability that the rate after is the smaller one, if there was a change."""
        return prob_below(1.0, self.weights, self.before, self.after)

    def known(self) -> dict[str, Known]:
        """Return the exact posterior of the rates, of the log ratio and of the change point."""
        return {
            "rate_before": of_gammas(self.weights, *self.before),
            "rate_after": of_gammas(self.weights, *self.after),
            "log_ratio": of_log_ratio(self.weights, self.before, self.after),
            "change_point": self.change_point(),
        }

    def change_point(self) -> Known:
        """Return the numbers of the change point: its values are the boundaries alone."""
        mean = float(self.weights @ self.boundaries)
        sd = float(np.sqrt(self.weights @ (self.boundaries - mean) ** 2))
        ends = [self.boundaries[self.place(p)] for p in (0.5, *TAILS)]
        middle, lower, upper = map(float, ends)
        gap = float(np.max(np.diff(self.starts)))
        return Known(mean, sd, middle, lower, upper, step=gap)

    def place(self, p: float) -> int:
        """Return which boundary is the quantile `p` of the change point."""
        at = int(np.searchsorted(np.cumsum(self.weights), p))
        return min(at, len(self.weights) - 1)

    @property
    def mode(self) -> int:
        """Which boundary is the most probable one."""
        return int(self.weights.argmax())

    def without_ends(self) -> "Step":
        """Return the same without the first and the last period."""
        return Step(self.counts[1:-1], self.starts[1:-1], self.mean, self.shape)

    def tails_of_ends(self) -> tuple[float, float]:
        """Return the probability that the first, and the last, period has so few events or fewer.

        Each is predicted by all other periods: negative binomial, mixed over their boundaries.
        """
        rest, but_last = (
            Step(self.counts[1:], self.starts[1:], self.mean, self.shape),
            Step(self.counts[:-1], self.starts[:-1], self.mean, self.shape),
        )
        found = [
            float(one.weights @ stats.nbinom(a, b / (b + 1)).cdf(y))
            for one, (a, b), y in (
                (rest, rest.before, self.counts[0]),
                (but_last, but_last.after, self.counts[-1]),
            )
        ]
        return found[0], found[1]

    def under(self, *, prior_mean: float, prior_shape: float) -> "Step":
        """Return the same under another prior."""
        return Step(self.counts, self.starts, prior_mean, prior_shape)

    def with_change_point(self, posterior: xr.Dataset, seed: int = 0) -> xr.Dataset:
        """Return a posterior of the rates (dims chain, draw) with a change point drawn for each.

        Given the rates, boundary k has a probability in proportion to that of the counts if the
        change is at k.
        """
        r1, r2 = (posterior[name].transpose(*SAMPLE) for name in ("rate_before", "rate_after"))
        rng, late = np.random.default_rng(seed), self.counts.sum() - self.early
        found, flat = [], np.stack([r1.to_numpy().ravel(), r2.to_numpy().ravel()])
        for at in range(0, flat.shape[1], CHUNK):
            one, other = flat[:, at : at + CHUNK, None]
            each = self.early * np.log(one) - self.periods * one + late * np.log(other)
            each -= (len(self.counts) - self.periods) * other
            found.append((each + rng.gumbel(size=each.shape)).argmax(axis=1))
        drawn = self.boundaries[np.concatenate(found)].reshape(r1.shape).astype(float)
        return posterior.assign(change_point=(SAMPLE, drawn))
