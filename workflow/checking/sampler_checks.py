"""What the sampler itself recorded: divergences, saturated trees, energy; or k-hat of weights.

nutpie and PyMC name the statistics differently. What was not recorded, or not for these very draws,
cannot be vouched for and fails. E-BFMI: Betancourt (2016), Diagnosing suboptimal cotangent
disintegrations.
"""

import math

import numpy as np
import xarray as xr

from workflow.checking.status import Check, Status, grade

DIVERGE = (
    "Reparametrise (non-centred) or tighten the prior; the posterior near there was not explored."
)
DEEP = "Slow rather than wrong: rescale or reparametrise, or raise the depth."
ENERGY = "The tails are explored slowly: reparametrise heavy-tailed or funnel-shaped parts."
ABSENT = "The sampler did not record this for these draws; sample again with its statistics kept."
GOOD_ENERGY, BAD_ENERGY = 0.3, 0.2
FAR = "The Gaussian at the mode is too far from the posterior to be weighted: let NUTS sample it."
K_HAT = "Pareto k-hat"
GOOD_K, BAD_K = 0.5, 0.7  # below the first weights have a variance; above the second, no use


def of_method(stats: xr.Dataset, shape: tuple[int, int]) -> tuple[Check, ...]:
    """Return the checks of the method: of weighted draws k-hat, where it was recorded, else NUTS'.

    `shape` is that of the draws: (chains, draws).
    """
    if "pareto_k" in stats:
        return (weights(stats),)
    return divergences(stats, shape), depth(stats, shape), energy(stats, shape)


def weights(stats: xr.Dataset) -> Check:
    """Warn of weights whose Pareto k-hat is .5 or more, and fail above .7 or without a number."""
    k = float(stats["pareto_k"])
    status = grade(good=k < GOOD_K, bad=not k <= BAD_K)
    return Check.of(K_HAT, k, "the weights of the draws", f"< {GOOD_K:g}", status, FAR)


def divergences(stats: xr.Dataset, shape: tuple[int, int]) -> Check:
    """Fail on any divergence. `shape` is that of the draws: (chains, draws)."""
    return _counted("divergences", ("diverging",), stats, shape, "0", Status.FAIL, DIVERGE)


def depth(stats: xr.Dataset, shape: tuple[int, int]) -> Check:
    """Warn of draws at the greatest tree depth."""
    names = ("maxdepth_reached", "reached_max_treedepth")
    return _counted("tree depth reached", names, stats, shape, "0 draws", Status.WARN, DEEP)


def energy(stats: xr.Dataset, shape: tuple[int, int]) -> Check:
    """Warn of an E-BFMI below .3 in any chain, and fail below .2."""
    found = _recorded(stats, ("energy",), shape)
    threshold = f">= {GOOD_ENERGY:g}"
    if found is None:
        return _absent("E-BFMI", threshold)
    with np.errstate(all="ignore"):
        change = np.square(np.diff(found, axis=1)).sum(axis=1) / (found.shape[1] - 1)
        bfmi = change / found.var(axis=1)
    chain = int(np.argmin(np.where(np.isnan(bfmi), -np.inf, bfmi)))
    worst = float(bfmi[chain])
    bad = math.isnan(worst) or worst < BAD_ENERGY
    status = grade(good=worst >= GOOD_ENERGY, bad=bad)
    return Check.of("E-BFMI", worst, f"chain {chain}", threshold, status, ENERGY)


def _counted(
    name: str,
    names: tuple[str, ...],
    stats: xr.Dataset,
    shape: tuple[int, int],
    threshold: str,
    otherwise: Status,
    advice: str,
) -> Check:
    """Count the draws at which something happened; any makes the status `otherwise`."""
    found = _recorded(stats, names, shape)
    if found is None or not np.isfinite(found).all():
        return _absent(name, threshold)
    chain = (found != 0).sum(axis=1)
    where = f"chain {int(np.argmax(chain))}" if chain.any() else "none"
    status = otherwise if chain.any() else Status.PASS
    return Check.of(name, int(chain.sum()), where, threshold, status, advice)


def _recorded(
    stats: xr.Dataset, names: tuple[str, ...], shape: tuple[int, int]
) -> np.ndarray | None:
    """Return a statistic, whichever of `names` it has, if it is that of draws of this shape."""
    name = next((n for n in names if n in stats), None)
    if name is None or set(stats[name].dims) != {"chain", "draw"}:
        return None
    found = stats[name].transpose("chain", "draw").to_numpy()
    fits = found.shape == shape and found.size and found.dtype.kind in "biuf"
    return found.astype(float) if fits else None


def _absent(name: str, threshold: str) -> Check:
    return Check.of(name, math.nan, "sample_stats", threshold, Status.FAIL, ABSENT)
