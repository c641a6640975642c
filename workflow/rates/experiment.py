"""Randomised experiments: were the arms filled as planned, is an arm worse by a margin?"""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from scipy.stats import binomtest, chisquare

from workflow.deciding.decision import is_best, regret
from workflow.quantities import SAMPLE, Scalar, expectations, label, summarise


def allocation_p(visitors: Sequence[int], shares: Sequence[float]) -> float:
    """Return the p value of the arms' sizes under the planned shares (sample-ratio mismatch).

    The exact binomial test for two arms, the chi-squared test for more. Source: Fabijan et al.
    (2019), Diagnosing sample ratio mismatch in online controlled experiments.
    """
    sizes = np.asarray(visitors, dtype=float)
    planned = np.asarray(shares, dtype=float) / np.sum(shares)
    if sizes.size == 2:
        return float(binomtest(int(sizes[0]), int(sizes.sum()), planned[0]).pvalue)
    return float(chisquare(sizes, planned * sizes.sum()).pvalue)


def worse_by(rate: xr.DataArray, margin: float, dim: str = "arm") -> xr.DataArray:
    """Say, draw by draw, which arm's rate is worse than its rival's by more than `margin`.

    The rival of an arm is the control (the first along `dim`); the control's is the best other arm.
    """
    control = rate.isel({dim: 0}, drop=True)
    others = rate.isel({dim: slice(1, None)}).max(dim)
    is_control = rate[dim] == rate[dim][0]
    return xr.where(is_control, others, control) - rate > margin


def arm_scalars(posterior: xr.Dataset, *, rope: float, margin: float) -> dict[str, Scalar]:
    """Return P(best), expected loss, P(practically equal) and P(guardrail worse) by arm.

    `posterior` has `rate` (dim arm), `difference` (dim treatment) and perhaps `guardrail_rate`;
    `rope` is the half-width of practical equality, `margin` the guardrail's, both rates.
    """
    rate = posterior["rate"]
    ess = min(q.ess_bulk for q in summarise(posterior[["rate"]]).values())
    loss = expectations(
        "expected_loss", regret(rate, "arm"), ess=ess, scale=float(rate.std(SAMPLE).max())
    )
    equal = abs(posterior["difference"]) < rope
    found = expectations("prob_best", is_best(rate, "arm"), ess=ess)
    found |= loss | expectations("prob_practically_equal", equal, ess=ess)
    if "guardrail_rate" in posterior:
        worse = worse_by(posterior["guardrail_rate"], margin)
        found |= expectations("prob_guardrail_worse", worse, ess=ess)
    return found


def arm_told(loss: dict[str, Scalar], control: str) -> str:
    """Return the arm to speak of beside the control: the best one, or the control's rival."""
    ranked = sorted(loss, key=lambda name: loss[name].value)
    return next(label(name) for name in ranked if label(name) != control)
