"""Draws under one prior as draws under another: weights, their k-hat, and draws made of them.

The weight of a draw is its prior density under the other prior over that under its own. The
likelihood cancels, since what it sees stays (see `workflow.sensitivity.reached`), so that rows cost
nothing. Source: Vehtari, Simpson, Gelman, Yao and Gabry (2024), Pareto smoothed importance
sampling.
"""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pymc as pm
import xarray as xr
from arviz_stats.base import array_stats
from numpy.typing import ArrayLike
from scipy.special import logsumexp

from workflow.checking.diagnostics import Status, diagnose
from workflow.quantities import SAMPLE
from workflow.sensitivity.fitted import Drawn
from workflow.sensitivity.ratio import Ratio
from workflow.sensitivity.reached import reach_of

GOOD = 0.5  # k-hat below which weights have a variance, so that Monte Carlo errors hold
EVEN = 0.2  # as a power of the number of draws: a largest weight below that has no tail behind it
HELD = 200_000_000  # bytes of draws of fits that are kept, at most
ALIKE = 1e-9  # of logarithms of weights: below that they are all the same


type Knobs = Mapping[str, ArrayLike]  # `pm.Data` of a model


class Source:
    """Draws of `model` under some priors, for draws under others.

    At first these are the draws of an analysis (groups posterior and sample_stats), under the
    `pm.Data` of the model; `status` is that of their diagnosis. `learn` adds those of a fit.
    """

    def __init__(self, model: pm.Model, tree: xr.DataTree, status: Status) -> None:
        self.model = model
        own = {one.name: one.get_value(borrow=True) for one in model.data_vars}
        self._known: list[tuple[Knobs, Drawn]] = []
        self._ratios: dict[tuple[str, ...], Ratio | None] = {}
        posterior, stats = (tree[name].to_dataset() for name in ("posterior", "sample_stats"))
        if status is not Status.FAIL:
            self._known.append((own, Drawn(posterior, stats, status, ())))

    def learn(self, data: Knobs, drawn: Drawn) -> None:
        """Take the draws of a fit under other `pm.Data` for a source, if they are sound and few."""
        held = sum(one.posterior.nbytes for _, one in self._known[1:]) + drawn.posterior.nbytes
        sound = drawn.status is Status.PASS and held <= HELD
        if sound and self._ratio(tuple(sorted(data))):
            self._known.append((data, drawn))

    def under(
        self, data: Knobs, decide: Callable[[xr.Dataset], Sequence[str]], *, enough: int
    ) -> Drawn | None:
        """Return draws under the prior with these `pm.Data`; None where that needs a fit.

        They are made of those that are then worth most. None are good enough where a knob does more
        than a weight can undo, where k-hat is not below .5, where the draws pass their diagnosis
        less well than those they are made of, and where they leave the decision open and are worth
        fewer than `enough` draws.
        """
        ratio = self._ratio(tuple(sorted(data)))
        found = [(ratio.of(one.posterior, at, data), one) for at, one in self._known if ratio]
        weighed = [(*smoothed(made[0]), made[1], one) for made, one in found if made]
        good = [each for each in weighed if each[1] < GOOD]
        if not good:
            return None
        log_w, k_hat, moved, one = max(good, key=lambda each: worth(each[0]))
        posterior = repeated(moved, log_w).assign_attrs(prior=data)
        tree = xr.DataTree.from_dict({"posterior": posterior, "sample_stats": one.stats})
        status = diagnose(tree).status
        if status not in (Status.PASS, one.status):
            return None
        tenable = tuple(decide(posterior))
        settled = len(tenable) == 1 or (tenable and worth(log_w) >= enough)
        return Drawn(posterior, one.stats, status, tenable, k_hat) if settled else None

    def _ratio(self, names: tuple[str, ...]) -> Ratio | None:
        if names not in self._ratios:
            reach = reach_of(self.model, [self.model[name] for name in names])
            self._ratios[names] = Ratio(self.model, names, reach) if reach else None
        return self._ratios[names]


def smoothed(log_ratios: np.ndarray) -> tuple[np.ndarray, float]:
    """Return logarithms of weights, their tail smoothed by a Pareto distribution, and its k-hat.

    Of n weights with a tail of shape k the largest is about n^k times their mean. Where it is below
    n^.2 there is no tail to speak of: weights stay as they are, and k is that exponent at most.
    Where a ratio is not a number k is infinite; one of minus infinity is a weight of 0.
    """
    if np.isnan(log_ratios).any() or not np.isfinite(log_ratios.max()):
        return log_ratios, math.inf
    if np.ptp(log_ratios) < ALIKE:
        return log_ratios, -math.inf
    n = math.log(log_ratios.size)
    largest = float((np.max(log_ratios) - logsumexp(log_ratios) + n) / n)
    with np.errstate(all="ignore"):
        log_w, k = array_stats.psislw(-log_ratios)  # which negates what it is given
    k = math.inf if math.isnan(k) else float(k)
    return (log_ratios, min(k, largest)) if largest < EVEN else (log_w, k)


def worth(log_w: np.ndarray) -> float:
    """Return how many draws of weight 1 draws with these weights are worth (Kish)."""
    return float(np.exp(2 * logsumexp(log_w) - logsumexp(2 * log_w)))


def repeated(posterior: xr.Dataset, log_w: np.ndarray) -> xr.Dataset:
    """Return as many draws, each as often as its weight says, in their order.

    A draw stands beside its copies, so that autocorrelation says what weights cost: every Monte
    Carlo error that is computed of these draws holds. Systematic resampling: how often a draw is
    taken is its weight rounded up or down.
    """
    draws = posterior.sizes["draw"]
    share = np.cumsum(np.exp(log_w - logsumexp(log_w)))
    at = np.searchsorted(share / share[-1], (np.arange(log_w.size) + 0.5) / log_w.size)
    where = {
        dim: xr.DataArray(index.reshape(-1, draws), dims=SAMPLE)
        for dim, index in zip(SAMPLE, np.divmod(at, draws), strict=True)
    }
    coords = {dim: posterior[dim] for dim in SAMPLE}
    return posterior.isel(where).assign_coords(coords).transpose(*SAMPLE, ...)
