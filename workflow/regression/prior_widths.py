"""Bayes factors and elpds of several regressions as their prior grows wider.

A prior so wide that nothing is expected of any term makes every further term costly to the evidence
(Bartlett, 1957; Lindley, 1957), while rows that are left out are predicted as before.
"""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from workflow.regression.lines_apart import Line, Prior

CLOSE = 1e-9
LEAST_FACTOR = float(np.log(3))  # log Bayes factor, from which on it says something


@dataclass(frozen=True)
class Widths:
    """Elpd and log evidence of every line at every width of the prior; dims: line, width."""

    names: tuple[str, ...]
    widths: np.ndarray
    elpd: np.ndarray
    evidence: np.ndarray

    @property
    def preferred(self) -> list[str]:
        """The line of the highest evidence at each width."""
        return [self.names[i] for i in self.evidence.argmax(axis=0)]

    def wider(self, width: float) -> "Widths":
        """Return what is so from a width on."""
        kept = self.widths >= width * (1 - CLOSE)
        return Widths(self.names, self.widths[kept], self.elpd[:, kept], self.evidence[:, kept])

    def turned(self, among: Collection[str]) -> tuple[str, str, float, float] | None:
        """Return two lines whose Bayes factor turns around, and what it says at either end.

        The first is favoured by the narrowest prior, the second by the widest, both log Bayes
        factors are above that of 3 to 1. Of several pairs it is that whose smaller one is largest;
        None where there is none.
        """
        found = []
        for one, other in itertools.permutations(among, 2):
            i, j = self.names.index(one), self.names.index(other)
            log_factor = self.evidence[i] - self.evidence[j]
            found.append((one, other, float(log_factor[0]), -float(log_factor[-1])))
        sure = [one for one in found if min(one[2:]) > LEAST_FACTOR]
        return max(sure, key=lambda one: min(one[2:]), default=None)

    def spread_of_elpd(self, one: str, other: str) -> tuple[float, float]:
        """Return the least and the greatest difference of two elpds, of one less the other."""
        i, j = self.names.index(one), self.names.index(other)
        gaps = self.elpd[i] - self.elpd[j]
        return float(gaps.min()), float(gaps.max())


def by_width(
    lines: Sequence[Line], widths: np.ndarray, noise: float, at: slice | np.ndarray
) -> Widths:
    """Score every line at every width of the prior."""
    priors = [Prior(float(width), noise) for width in widths]
    elpd = [[line.elpd(prior, at).total for prior in priors] for line in lines]
    evidence = [[line.evidence(prior) for prior in priors] for line in lines]
    names = tuple(line.name for line in lines)
    return Widths(names, widths, np.array(elpd), np.array(evidence))
