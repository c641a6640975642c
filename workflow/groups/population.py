"""The population of groups: new groups by draws, and whether it is normal, as the model has it.

A group of its own fits any number, so the fitted groups themselves cannot contradict the model.
Each draw therefore makes a whole new set of groups, with the trials or errors of the observed ones,
and of these the statistics are compared (mixed replicates: Gelman, Meng and Stern 1996).
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import pymc as pm
import xarray as xr
from scipy.special import expit, ndtri

from workflow.checking.checks import Statistic
from workflow.groups.observed import Observed
from workflow.quantities import SAMPLE

SHAPED = 5  # groups, of fewer the shape says nothing


def new_groups(posterior: xr.Dataset, observed: Observed, *, seed: int) -> xr.DataArray:
    """Return a group that was not seen for every draw, on the scale that is shown (chain, draw)."""
    effects = new_effects(posterior, seed=seed)
    return effects.copy(data=observed.shown(effects.to_numpy()))


def new_rates(posterior: xr.Dataset, *, seed: int) -> xr.DataArray:
    """Return the rate of a group that was not seen for every draw (chain, draw)."""
    effects = new_effects(posterior, seed=seed)
    return effects.copy(data=expit(effects.to_numpy()))


def new_effects(posterior: xr.Dataset, *, seed: int) -> xr.DataArray:
    """Return a draw from the population for every draw of it (chain, draw).

    Quantiles of the population are spread evenly over the draws, so that they add no noise.
    """
    mu, tau = (posterior[name].transpose(*SAMPLE) for name in ("mu", "tau"))
    rng, n = np.random.default_rng(seed), mu.size
    z = ndtri((rng.permutation(n) + rng.uniform(size=n)) / n).reshape(mu.shape)
    return xr.DataArray(mu.to_numpy() + tau.to_numpy() * z, dims=SAMPLE)


def replicated(tree: xr.DataTree, observed: Observed, outcome: str, *, seed: int) -> xr.DataTree:
    """Return a tree whose posterior predictive has new groups, like the observed ones, each draw.

    It has the groups that `posterior_check` reads.
    """
    posterior = tree["posterior"].to_dataset()
    rng = np.random.default_rng(seed)
    mu, tau = (posterior[name].transpose(*SAMPLE).to_numpy()[..., None] for name in ("mu", "tau"))
    effect = mu + tau * rng.normal(size=(*mu.shape[:2], len(observed.names)))
    if observed.counted:
        drawn = rng.binomial(observed.second.astype(int), observed.shown(effect)).astype(float)
    else:
        errors: np.ndarray = observed.second
        if observed.squares is not None:
            sigma = posterior["sigma"].transpose(*SAMPLE).to_numpy()[..., None]
            errors = sigma / np.sqrt(observed.second)
        drawn = effect + errors * rng.normal(size=effect.shape)
    found = xr.Dataset(
        {outcome: ((*SAMPLE, "group"), drawn)},
        {name: posterior[name] for name in (*SAMPLE, "group")},
    )
    seen = tree["observed_data"].to_dataset()
    return xr.DataTree.from_dict({"posterior_predictive": found, "observed_data": seen})


def levels(model: pm.Model, observed: Observed) -> dict[str, dict[str, Statistic]]:
    """Return what the priors say something of: the middle of the groups, and how they scatter.

    Of rows, how far those of a group do, too. By outcome of the model.
    """
    told: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        f"average of the groups' {observed.variable}s": lambda y: y.mean(-1),
        f"sd of the groups' {observed.variable}s": lambda y: y.std(-1, ddof=1),
    }
    first, *others = (str(one.name) for one in model.observed_RVs)
    found = {first: _statistics(told, observed)}
    if others:
        free = observed.second.sum() - len(observed.second)
        within: dict[str, Statistic] = {"sd within groups": lambda y, given: (y / free) ** 0.5}
        found |= dict.fromkeys(others, within)
    return found


def shapes(observed: Observed) -> dict[str, Statistic]:
    """Return what a normal population need not fit: its ends, skewness, single groups far off."""
    told: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        f"highest {observed.variable}": lambda y: y.max(-1),
        f"lowest {observed.variable}": lambda y: y.min(-1),
    }
    if len(observed.names) >= SHAPED:
        told |= {
            "skewness of the groups": skewness,
            "group farthest off (in median distances)": farthest,
        }
    return _statistics(told, observed)


def sizes(observed: Observed) -> dict[str, Statistic]:
    """Return whether groups of which little is known are others than those of which much is.

    The weighted correlation of what they are with their errors (of trials and rows: 1 / root of how
    many), whose weights are 1 / error². The model has it 0, but for chance; it is not where small
    studies without an effect were not told, or where size itself matters. Empty where as much is
    known of each. Source: Egger et al. (1997), Bias in meta-analysis detected by a simple,
    graphical test.
    """
    counts = observed.counted or observed.squares is not None
    error = observed.second**-0.5 if counts else observed.second
    if len(error) < SHAPED or np.ptp(error) == 0:
        return {}
    name = f"{observed.variable}s against how little is known of each (weighted correlation)"
    return _statistics({name: partial(_against, of=error, weights=error**-2)}, observed)


def _against(y: np.ndarray, *, of: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted correlation along the last axis; 0 where all are the same."""
    share = weights / weights.sum()
    off, x = y - (y @ share)[..., None], of - of @ share
    sd = np.sqrt(off**2 @ share * (x**2 @ share))
    found: np.ndarray = off @ (share * x) / np.where(sd > 0, sd, 1)
    return found


def skewness(y: np.ndarray) -> np.ndarray:
    """Return the skewness along the last axis; 0 where all are the same."""
    off = y - y.mean(-1, keepdims=True)
    sd = np.sqrt((off**2).mean(-1))
    found: np.ndarray = (off**3).mean(-1) / np.where(sd > 0, sd, 1) ** 3
    return found


def farthest(y: np.ndarray) -> np.ndarray:
    """Return the largest distance from the median, in median distances (0 where these are 0)."""
    off = np.abs(y - np.median(y, axis=-1, keepdims=True))
    typical = np.median(off, axis=-1)
    found: np.ndarray = np.where(typical > 0, off.max(-1) / np.where(typical > 0, typical, 1), 0)
    return found


def farthest_group(observed: Observed) -> str:
    """Return the label of the group that is farthest from the median of all."""
    raw = observed.raw
    return observed.names[int(np.abs(raw - np.median(raw)).argmax())]


def _statistics(
    told: dict[str, Callable[[np.ndarray], np.ndarray]], observed: Observed
) -> dict[str, Statistic]:
    trials = observed.second if observed.counted else np.ones(len(observed.names))
    return {name: partial(_of_groups, of=one, over=trials) for name, one in told.items()}


def _of_groups(
    y: xr.DataArray, given: xr.Dataset, *, of: Callable[[np.ndarray], np.ndarray], over: np.ndarray
) -> xr.DataArray:
    kept = [dim for dim in SAMPLE if dim in y.dims]
    return xr.DataArray(of(y.transpose(*kept, "group").to_numpy() / over), dims=kept)
