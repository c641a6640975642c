"""The verdict on an approximation: what it may be used for, never kinder than its numbers."""

import math
from dataclasses import dataclass

from workflow.checking.status import Status
from workflow.variational.khat import TOO_FAR

GOOD, MEANS, CANNOT, DO_NOT = "good enough", "means only", "cannot be judged", "do not use"
GRANTED = 2  # Monte Carlo errors granted to each comparison
SHIFT_GOOD, SHIFT_MEANS, RATIO_GOOD = 0.1, 0.25, (0.9, 1.1)


@dataclass(frozen=True)
class Compared:
    """One quantity under ADVI against NUTS; each number with its Monte Carlo standard error."""

    mean_shift_sd: float  # (ADVI mean - NUTS mean) / NUTS sd
    mean_shift_error: float
    sd_ratio: float  # ADVI sd / NUTS sd
    sd_ratio_error: float
    overlap: float  # of the 95% intervals: length of the intersection over that of the union
    overlap_error: float

    @property
    def ratio_good(self) -> bool:
        """Whether the sd is near enough, granting two Monte Carlo errors (.1 at most)."""
        slack = _granted(self.sd_ratio_error, RATIO_GOOD[1] - 1)
        return RATIO_GOOD[0] - slack <= self.sd_ratio <= RATIO_GOOD[1] + slack

    def shift_within(self, limit: float) -> bool:
        """Whether the mean is within `limit` sds, granting two errors (`limit` at most)."""
        return abs(self.mean_shift_sd) <= limit + _granted(self.mean_shift_error, limit)


def judge(
    quantities: dict[str, Compared],
    k_hat: float,
    same_decision: bool,
    nuts_status: Status,
    *,
    arrived: bool = True,
) -> str:
    """Return the verdict. A k-hat below .7 never passes ADVI alone; NaN or nothing never does.

    Nor does what was still moving: where it stood when it was stopped is an accident. Two Monte
    Carlo errors are granted to each comparison, but no more than the limit again.
    """
    if not arrived:
        return DO_NOT
    near = k_hat < TOO_FAR and bool(quantities)
    if nuts_status is Status.FAIL:
        return CANNOT if near else DO_NOT
    if (
        same_decision
        and near
        and all(q.ratio_good and q.shift_within(SHIFT_GOOD) for q in quantities.values())
    ):
        return GOOD
    means = bool(quantities) and all(q.shift_within(SHIFT_MEANS) for q in quantities.values())
    if same_decision and means:
        return MEANS
    return DO_NOT


def _granted(error: float, most: float) -> float:
    """Return what a Monte Carlo error excuses: two of it, `most` at most; if it is unknown, NaN."""
    return min(GRANTED * error, most) if math.isfinite(error) else math.nan
