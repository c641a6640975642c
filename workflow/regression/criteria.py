"""Which of several regressions predicts best: by rows left out, and what other criteria would say.

Each criterion answers a question of its own. By leave-one-out a line is worse than the highest if
its elpd is lower by 4 and by as many standard errors as `errors_needed` says; else the rows cannot
tell, whatever a Bayes factor says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np
from scipy.special import logsumexp

from workflow.comparing import stacking
from workflow.regression.assessed import WORSE, verdict
from workflow.regression.lines_apart import Line, Prior
from workflow.scoring.elpd import Difference, Elpd, difference

UNDECIDED = "cannot tell: "
SMALL = 1e-6  # of a weight: none


@dataclass(frozen=True)
class Scored:
    """One line, and what each criterion says of it; what there is not is None.

    `k` are the Pareto k-hats of PSIS, whose limit is `good_k`; `by_draws` the elpd that it would
    give. `folds` are the elpds by K-fold, one for each way to part the rows. `median` is what is
    predicted of each row that is looked at, from all others.
    """

    line: Line
    elpd: Elpd
    k: np.ndarray
    good_k: float
    by_draws: float
    p_loo: float
    folds: np.ndarray | None
    evidence: float
    information: tuple[float, float] | None
    jzs: float
    median: np.ndarray

    @property
    def name(self) -> str:
        """What the formula is called."""
        return self.line.name

    @property
    def known(self) -> bool:
        """Whether the elpd is a number."""
        return bool(np.isfinite(self.elpd.pointwise).all())

    @property
    def k_hat(self) -> float:
        """The largest k-hat."""
        return float(self.k.max())

    @property
    def above(self) -> list[int]:
        """The rows whose k-hat is above the limit, the worst first."""
        order = np.argsort(-self.k)
        return [self.elpd.rows[i] for i in order if self.k[i] > self.good_k]

    @property
    def se(self) -> float:
        """The standard error of the elpd, from row to row."""
        looked = self.elpd.looked
        rows = looked.rows if looked else len(self.elpd.pointwise)
        return sqrt(rows * float(self.elpd.pointwise.var(ddof=1)))

    def missed(self, y: np.ndarray) -> float:
        """Return by how much the prediction of a row from all others is off, in the middle."""
        return float(np.nanmedian(np.abs(y - self.median)))


@dataclass(frozen=True)
class Compared:
    """Several lines of the same rows, in the order in which they were given.

    `at` are the positions of the rows that are looked at.
    """

    scored: tuple[Scored, ...]
    prior: Prior
    at: slice | np.ndarray

    @property
    def y(self) -> np.ndarray:
        """The outcome as it is, of the rows that are looked at."""
        found: np.ndarray = self.scored[0].line.y[self.at]
        return found

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.scored[0].line.y)

    @property
    def best(self) -> Scored:
        """The line with the highest elpd."""
        return max(self.scored, key=lambda one: one.elpd.total if one.known else -np.inf)

    @property
    def ranked(self) -> list[Scored]:
        """The lines, the highest elpd first."""
        return sorted(self.scored, key=lambda one: -one.elpd.total)

    @cached_property
    def gaps(self) -> dict[str, Difference]:
        """The elpd of each less that of the highest."""
        return {one.name: difference(one.elpd, self.best.elpd) for one in self.scored}

    @property
    def tenable(self) -> list[str]:
        """The lines that are not clearly worse than the highest, that first."""
        return tenable_of([one.elpd for one in self.ranked], [one.name for one in self.ranked])

    @cached_property
    def weights(self) -> dict[str, float]:
        """The stacking weights."""
        found = stacking.weights(np.column_stack([one.elpd.pointwise for one in self.scored]))
        return {one.name: float(w) for one, w in zip(self.scored, found, strict=True)}

    @cached_property
    def probabilities(self) -> dict[str, float]:
        """The probability of each, were one of them true and all as likely before."""
        log_p = np.array([one.evidence for one in self.scored])
        return {
            one.name: float(p)
            for one, p in zip(self.scored, np.exp(log_p - logsumexp(log_p)), strict=True)
        }

    @cached_property
    def averaged(self) -> np.ndarray:
        """What the lines predict on average, by the stacking weights; of rows from all others."""
        pairs = [(self.weights[one.name], one.median) for one in self.scored]
        return np.asarray(np.sum([w * median for w, median in pairs if w > SMALL], axis=0))

    def table(self) -> dict[str, dict[str, float | None]]:
        """Return elpd and what belongs to it by name, for the summary."""
        return {one.name: self._row(one) for one in self.scored}

    def _row(self, one: Scored) -> dict[str, float | None]:
        gap = self.gaps[one.name]
        aic, bic = one.information or (None, None)
        return {
            "elpd": one.elpd.total,
            "se": one.se,
            "p_loo": one.p_loo,
            "k_hat": one.k_hat if np.isfinite(one.k_hat) else None,
            "difference": gap.value,
            "difference_se": gap.se,
            "weight": self.weights[one.name],
            "elpd_k_fold": None if one.folds is None else float(one.folds.mean()),
            "aic": aic,
            "bic": bic,
            "log_evidence": one.evidence,
            "log_bayes_factor": one.evidence - max(each.evidence for each in self.scored),
            "median_miss": one.missed(self.y),
        }


def tenable_of(elpds: Sequence[Elpd], names: Sequence[str]) -> list[str]:
    """Return the names whose elpd is not clearly lower than the highest, in their order."""
    best = max(elpds, key=lambda one: one.total)
    rows = best.looked.rows if best.looked else len(best.pointwise)
    return [
        name
        for one, name in zip(elpds, names, strict=True)
        if one is best or verdict(difference(one, best), rows) != WORSE
    ]


def decision_of(tenable: Sequence[str]) -> str:
    """Return the decision: the one that is left, or those among which the rows cannot tell."""
    return tenable[0] if len(tenable) == 1 else UNDECIDED + "; ".join(tenable)
