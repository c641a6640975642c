"""Three accounts of a series: its level stays, jumps once, or drifts. Each is known exactly.

Given the sds everything is normal, and the sds are summed over by the midpoint rule. All
three have the same first level and the same prior of the noise; a level that drifts
has an sd for each step of time, and one that jumps a boundary, any as likely as any other, and a
height. So their evidences can be compared. Source: Durbin and Koopman (2012), chapters 2 and 4.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import log_softmax, logsumexp

from workflow.checking.exact import Known
from workflow.series.account import DRIFTS, JUMPS, STAYS, SURE, Account
from workflow.series.mixture import LEAST, Mixture
from workflow.series.plane import of_line
from workflow.series.prior import Prior, usual
from workflow.series.values import Values

__all__ = ["DRIFTS", "JUMPS", "STAYS", "Account", "Prior", "Series", "usual"]


@dataclass(frozen=True)
class Series(Values):
    """Values at whole steps of time (the first has 0), a prior, and what three accounts say."""

    @cached_property
    def stays(self) -> Account:
        """The level stays as it is."""
        noise = self.line**2
        logs = self.log_line(self.line)[:, 0] + self.log_width((self.line,))
        mean, variance = self.whole.first(noise[:, None], self.prior)
        now = Mixture(np.exp(log_softmax(logs)), mean[:, 0], variance[:, 0])
        kept = np.arange(len(noise)), np.zeros(len(noise), dtype=int)
        season = self.whole.joint(noise[:, None], kept, self.prior)
        return Account(
            *(STAYS, float(logsumexp(logs)), now, SURE, noise, np.zeros_like(noise), season)
        )

    @cached_property
    def _jumps(self) -> tuple[np.ndarray, np.ndarray]:
        """Variances of the noise, and log posteriors of them (rows) and of the boundary."""
        noise = self.line[:, None] ** 2
        logs = self.log_noise(self.line)[:, None] + self.log_width((self.line,))
        logs = logs + self.boundaries.log_density(noise, self.prior)
        return noise, logs - np.log(len(self.y) - 1)

    @cached_property
    def jumps(self) -> Account:
        """The level jumps once."""
        noise, logs = self._jumps
        kept = np.nonzero(logs > logs.max() + np.log(LEAST))
        weights = np.exp(log_softmax(logs[kept]))
        now, of_now, change, of_change = (
            one[kept] for one in self.boundaries.after(noise, self.prior)
        )
        spread = np.broadcast_to(noise, logs.shape)[kept]
        return Account(
            *(JUMPS, float(logsumexp(logs))),
            Mixture(weights, now, of_now),
            Mixture(weights, change, of_change),
            *(spread, np.zeros_like(spread)),
            self.boundaries.joint(noise, kept, self.prior),
        )

    @property
    def when(self) -> np.ndarray:
        """Probability of each boundary between two values, if the level jumps once."""
        found: np.ndarray = np.exp(log_softmax(logsumexp(self._jumps[1], axis=0)))
        return found

    def expected_if_it_jumps(self) -> np.ndarray:
        """Return the mean level at each value, if the level jumps once."""
        noise, logs = self._jumps
        now, _, change, _ = self.boundaries.after(noise, self.prior)
        weights = np.exp(logs - logsumexp(logs))
        late, early = ((weights * one).sum(0) for one in (now, now - change))
        past = np.concatenate([[0.0], np.cumsum(late)])  # jumps before each value
        found: np.ndarray = past + np.concatenate([np.cumsum(early[::-1])[::-1], [0.0]])
        return found

    @cached_property
    def _drifts(self) -> np.ndarray:
        """Log posterior of both sds on the plane."""
        points = np.meshgrid(*self.plane, indexing="ij")
        found: np.ndarray = self.log_plane(*points)[..., 0] + self.log_width(self.plane)
        return found

    @cached_property
    def drifts(self) -> Account:
        """The level drifts."""
        logs, points = self._drifts, np.meshgrid(*self.plane, indexing="ij")
        kept = logs > logs.max() + np.log(LEAST)
        noise, level = (one[kept] ** 2 for one in points)
        now, of_now, change, of_change, season = self.ends(noise, level)
        weights = np.exp(log_softmax(logs[kept]))
        return Account(
            *(DRIFTS, float(logsumexp(logs))),
            Mixture(weights, now, of_now),
            Mixture(weights, change, of_change),
            noise,
            level,
            season,
        )

    def sds(self) -> dict[str, Known]:
        """Return the exact posterior of both sds, if the level drifts."""
        weights = np.exp(self._drifts - logsumexp(self._drifts))
        names = ("sigma_observation", "sigma_level")
        return {
            name: of_line(axis, weights.sum(1 - i))
            for i, (name, axis) in enumerate(zip(names, self.plane, strict=True))
        }

    @property
    def accounts(self) -> tuple[Account, Account, Account]:
        """All three."""
        return self.stays, self.jumps, self.drifts
