"""Fitting by ADVI so that it can be judged: a good optimiser, a check that it arrived, and k-hat.

PyMC's default optimiser does not come near enough even where the family fits the posterior. Adam
with the iterates averaged over the last half does. Sources: Kucukelbir et al. (2017), Automatic
differentiation variational inference; Dhaka et al. (2020), Robust, accurate stochastic
optimization.
"""

import math
import time
from collections.abc import Callable, Mapping

import numpy as np
import pymc as pm
import pytensor
import xarray as xr
from pymc.variational.opvi import Approximation
from pytensor.compile.sharedvalue import SharedVariable
from scipy.linalg import eigh

from workflow.groups import add_groups
from workflow.khat import k_hat, moments

METHODS = {"advi": "mean-field", "fullrank_advi": "full-rank"}
FAMILIES = {"advi": pm.ADVI, "fullrank_advi": pm.FullRankADVI}
DRAWS = 10_000
SLOWER = 10  # how many times lower the rate is while the iterates are averaged
DRIFT = (
    0.1  # in approximate posterior sds (means) and as a log ratio (sds), third against last quarter
)


class Average:
    """A callback for ADVI: lower the rate half-way, then take the parameters' means by quarter.

    Where posteriors are narrow, the noise of the iterates is part of what is optimised, and pulls
    other parameters along: averaging takes the noise away, but not that pull; a lower rate does.

    Parameters
    ----------
    rate
        The optimiser's learning rate: a shared variable.
    """

    def __init__(self, iterations: int, rate: SharedVariable) -> None:
        self.rate, self.fast = rate, float(rate.get_value())
        self.begin(0, iterations)

    def begin(self, at: int, iterations: int) -> None:
        """Forget what was, and wait for so many `iterations` after the first `at`."""
        self.start, self.middle = at + iterations // 2, at + 3 * iterations // 4
        self.sums: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
        self.counts = [0, 0]
        self.rate.set_value(self.fast)

    def __call__(self, approx: Approximation, losses: np.ndarray, i: int) -> None:
        """Take in the parameters after iteration `i`."""
        if i <= self.start:
            return
        if not self.counts[0]:
            self.rate.set_value(self.fast / SLOWER)
        quarter = int(i > self.middle)
        now = [p.get_value() for p in approx.params]
        old = self.sums[quarter] or [np.zeros_like(p) for p in now]
        self.sums[quarter][:] = [a + b for a, b in zip(old, now, strict=True)]
        self.counts[quarter] += 1

    def means(self) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]:
        """Return the parameters averaged over the third quarter, the last, and both."""
        third, last = (
            [s / n for s in sums] for sums, n in zip(self.sums, self.counts, strict=True)
        )
        return third, last, [(a + b) / 2 for a, b in zip(third, last, strict=True)]


def fit_advi(
    model: pm.Model,
    method: str = "advi",
    *,
    draws: int = DRAWS,
    iterations: int = 20_000,
    longer: int = 3,
    learning_rate: float = 0.01,
    seed: int,
    prior: xr.DataTree | None = None,
) -> xr.DataTree:
    """Approximate the posterior of `model` by a Gaussian in the unconstrained space.

    Returns the same tree as `fit_nuts` (one chain of `draws` independent draws), with the group
    `optimization` (elbo, dim iteration) and the attributes method, iterations, k_hat, seconds,
    mean_drift, sd_drift and reach (how far the averaged approximation still moved, and how far it
    could have; see `converged`).

    Parameters
    ----------
    method
        "advi" (mean-field: independent parameters) or "fullrank_advi" (one multivariate Gaussian).
    iterations, longer
        Where the optimisation has not arrived after so many iterations, it goes on from the average
        until there are `longer` times as many.
    prior
        A tree of the same model, whose prior draws are taken over (see `add_groups`).
    """
    start = time.perf_counter()
    rate = pytensor.shared(learning_rate, name="learning_rate")
    average = Average(iterations, rate)
    inference = FAMILIES[method](model=model, random_seed=seed)
    approx = inference.fit(
        iterations,
        obj_optimizer=pm.adam(learning_rate=rate),
        callbacks=[average],
        progressbar=False,
        backend="c",
    )
    drift = _settle(approx, average)
    if not _arrived(drift) and longer > 1:
        average.begin(iterations, (longer - 1) * iterations)
        inference.refine((longer - 1) * iterations, progressbar=False)
        drift = _settle(approx, average)
    tree = approx.sample(draws, random_seed=seed).filter(lambda node: node.name != "sample_stats")
    seconds = time.perf_counter() - start
    elbo = xr.DataArray(-np.asarray(inference.hist), dims="iteration", name="elbo")
    tree["optimization"] = elbo.to_dataset()
    tree.attrs |= {
        "method": method,
        "iterations": len(inference.hist),
        "k_hat": k_hat(approx, seed=seed),
        **drift,
        "seconds": seconds,
    }
    return add_groups(tree, model, seed=seed, prior=prior)


def fit_both(build: Callable[[], pm.Model], *, seed: int) -> dict[str, xr.DataTree]:
    """Return the mean-field and the full-rank approximation of the model that `build` makes.

    Takes a function, not a model, so that it can run in a process of its own.
    """
    model = build()
    mean_field = fit_advi(model, "advi", seed=seed)
    return {
        METHODS["advi"]: mean_field,
        METHODS["fullrank_advi"]: fit_advi(model, "fullrank_advi", seed=seed, prior=mean_field),
    }


def converged(tree: xr.DataTree) -> bool:
    """Say whether the optimisation had arrived: a bad fit is then the family's fault.

    Compares the approximation averaged over the third quarter of the iterates with the last
    quarter's: in no direction may the mean have moved by more than .1 sd or the sd by more than
    10%. And it must have been able to: where the optimiser's steps add up to less than the largest
    sd within a quarter, standing still proves nothing.
    """
    return _arrived(tree.attrs)


def _arrived(drift: Mapping) -> bool:
    still = drift["mean_drift"] <= DRIFT and drift["sd_drift"] <= DRIFT
    return still and drift["reach"] >= 1


def _settle(approx: Approximation, average: Average) -> dict[str, float]:
    """Set `approx` to its averaged parameters; return how far it still moved, and could have."""
    now = moments(approx)
    found = []
    for parameters in average.means():
        for shared, value in zip(approx.params, parameters, strict=True):
            shared.set_value(value)
        found.append(now())
    (mean_3, cov_3), (mean_4, cov_4), (_, cov) = found
    mean_drift, sd_drift = _drift(mean_4 - mean_3, cov_3, cov_4)
    steps = float(average.rate.get_value()) * average.counts[1]
    reach = steps / math.sqrt(np.diag(cov).max())
    return {"mean_drift": mean_drift, "sd_drift": sd_drift, "reach": reach}


def _drift(moved: np.ndarray, before: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    """Return how far a Gaussian moved: in the direction in which its mean, or its sd, moved most.

    The mean in sds of `before` (Mahalanobis), the sd as the logarithm of its ratio; both do not
    depend on how the parameters are scaled or rotated, so that a changing correlation counts.
    """
    ratios, directions = eigh(after, before)  # directions' @ before @ directions = 1
    mean = float(np.linalg.norm(directions.T @ moved))
    return mean, float(np.max(np.abs(np.log(ratios))) / 2)
