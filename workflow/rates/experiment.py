"""Randomised experiments: were the arms filled as planned, is an arm worse by a margin?"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
import pymc as pm
import xarray as xr
from scipy.stats import binomtest, chisquare

from workflow.checking.checks import Statistic
from workflow.checking.exact import off
from workflow.deciding.decision import UNDECIDED, choose, is_best, regret
from workflow.quantities import SAMPLE, Quantity, Scalar, expectations, label, summarise
from workflow.sampling.simulating import simulate

CONTINUATIONS = 100


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


def off_exact(found: Mapping[str, Quantity], means: Mapping[str, float]) -> float:
    """Return how far NUTS is from the exact posterior means of the arms' rates: see `exact.off`."""
    return off(found, {f"rate[{arm}]": mean for arm, mean in means.items()})


def arm_told(loss: dict[str, Scalar], control: str) -> str:
    """Return the arm to speak of beside the control: the best one, or the control's rival."""
    ranked = sorted(loss, key=lambda name: loss[name].value)
    return next(label(name) for name in ranked if label(name) != control)


def least_loss(
    posterior: xr.Dataset, limit: float, arms: pd.DataFrame, errors: float = 2
) -> tuple[str, ...]:
    """Choose the arm of least expected loss, if that is below `limit`; see `choose`.

    No arm is chosen only because fewer saw it: the prior, which draws small arms towards its mean,
    may put one ahead of an arm that more saw and whose observed rate is as high. Then that one is
    chosen if its loss is below the limit too, the earlier one (the control) if both are the same,
    and else none. `arms` has the counts.
    """
    found = choose(posterior["rate"], "arm", limit, errors=errors)
    rivals = [] if found[0] == UNDECIDED else as_good(arms, found[0].removeprefix("choose "))
    if not rivals:
        return found
    loss = regret(posterior["rate"], "arm").mean(SAMPLE)
    cheap = [arm for arm in rivals if float(loss.sel(arm=arm)) < limit]
    if not cheap:
        return (UNDECIDED,)
    instead = f"choose {cheap[0]}"
    return (instead, *(one for one in found if one != instead))


def as_good(arms: pd.DataFrame, ahead: str) -> list[str]:
    """Return the arms that as many saw as saw `ahead`, or more, and whose rate is no lower.

    The highest observed rate comes first, then the most visitors, then the order of the table. An
    arm that is the same in both comes before `ahead` in the table, or is none of them.
    """
    table = arms.set_index("arm")
    visitors, rate = table["visitors"], table["conversions"] / table["visitors"]
    good = (visitors >= visitors[ahead]) & (rate >= rate[ahead])
    same = (visitors == visitors[ahead]) & (rate == rate[ahead])
    after = np.arange(len(table)) >= table.index.get_loc(ahead)
    kept = table.index[good & ~(same & after)]
    order = pd.DataFrame({"rate": rate[kept], "visitors": visitors[kept]})
    return list(order.sort_values(["rate", "visitors"], ascending=False, kind="stable").index)


def decides(
    posterior: xr.Dataset, data: Mapping[str, np.ndarray], limit: float, arms: pd.DataFrame
) -> bool:
    """Say whether `least_loss` chooses an arm, with the counts that are in `data`."""
    grown = arms.assign(visitors=data["visitors"], conversions=data["conversions_data"])
    return least_loss(posterior, limit, grown)[0] != UNDECIDED


def rate_statistics(
    outcomes: Mapping[str, str], arms: Sequence[str]
) -> dict[str, dict[str, Statistic]]:
    """Return the observed rate of every arm as a test statistic, by outcome and name.

    `outcomes` has what each outcome is called; constant data have the visitors.
    """
    return {
        outcome: {f"{said}, {arm}": partial(_rate_of, arm=arm, at=i) for i, arm in enumerate(arms)}
        for outcome, said in outcomes.items()
    }


def effect_statistics(control: str, arms: Sequence[str]) -> dict[str, Statistic]:
    """Return the observed difference of log-odds of each arm from the control, by name.

    Half an event more on either side keeps it finite.
    """
    return {
        f"log odds ratio, {arm} to {control}": partial(_effect_of, control=control, arm=arm)
        for arm in arms
    }


def _effect_of(y: xr.DataArray, given: xr.Dataset, *, control: str, arm: str) -> xr.DataArray:
    odds = (y + 0.5) / (given["visitors"] - y + 0.5)
    return xr.DataArray(np.log(odds.sel(arm=arm, drop=True) / odds.sel(arm=control, drop=True)))


def _rate_of(y: xr.DataArray, given: xr.Dataset, *, arm: str, at: int) -> xr.DataArray:
    """Return the rate of one arm, of counts by arm or by cluster (then `arm_of` has positions)."""
    if "arm_of" not in given:
        visitors = given.variables["visitors"].to_numpy()
        return y.isel(arm=at) / visitors[at]  # without labels to be aligned
    of_arm = np.flatnonzero(given["arm_of"] == at)
    return y.isel(cluster=of_arm).sum("cluster") / given["visitors"].isel(cluster=of_arm).sum()


def continuations(
    build: Callable[[pd.DataFrame], pm.Model],
    arms: pd.DataFrame,
    posterior: xr.Dataset,
    outcomes: list[str],
    multiple: int,
    *,
    seed: int,
) -> Iterator[dict[str, np.ndarray]]:
    """Simulate the test going on to `multiple` times its visitors, from the model itself.

    Yields the `pm.Data` of `CONTINUATIONS` data sets that begin with the present one; `build`
    makes the model of a table of arms.
    """
    more = build(arms.assign(visitors=(multiple - 1) * arms["visitors"]))
    new = simulate(more, posterior, outcomes, size=CONTINUATIONS, seed=seed)
    for i in range(CONTINUATIONS):
        grown = {
            f"{name}_data": arms[name].to_numpy() + new[name][i].to_numpy() for name in outcomes
        }
        yield {"visitors": multiple * arms["visitors"].to_numpy(), **grown}
