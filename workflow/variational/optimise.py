"""ADVI as an optimiser that can be trusted to arrive, compiled once for many data sets.

PyMC's default optimiser does not come near enough even where the family fits the posterior. Adam
with the iterates averaged over the last half does. Source: Dhaka et al. (2020), Robust, accurate
stochastic optimization for variational inference.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np
import pymc as pm
import pytensor
import xarray as xr
from pymc.variational.opvi import Approximation
from pytensor.compile.sharedvalue import SharedVariable
from scipy.linalg import eigh

from workflow.variational.khat import moments

FAMILIES = {"advi": pm.ADVI, "fullrank_advi": pm.FullRankADVI}
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


class CompiledAdvi:
    """ADVI of one model, compiled once: `fit` begins from the start, with other data if wanted.

    Parameters
    ----------
    method
        "advi" (mean-field) or "fullrank_advi".
    learning_rate
        Adam's, before the iterates are averaged.
    seed
        Of the first fit; `fit` takes one for each further one.
    """

    def __init__(
        self, model: pm.Model, method: str = "advi", *, learning_rate: float = 0.01, seed: int
    ) -> None:
        self.model = model
        self.rate = pytensor.shared(learning_rate, name="learning_rate")
        self.average = Average(0, self.rate)
        self.inference = FAMILIES[method](model=model, random_seed=seed)
        self.inference.fit(
            0,
            obj_optimizer=pm.adam(learning_rate=self.rate),
            callbacks=[self.average],
            progressbar=False,
            backend="c",
        )
        self.approx: Approximation = self.inference.approx
        self.now = moments(self.approx)
        shared = self.inference.state.step.get_shared()
        ours = {*model.data_vars, self.rate}
        self.start = {one: one.get_value() for one in shared if one not in ours}

    def fit(self, iterations: int, longer: int = 1) -> dict[str, float]:
        """Optimise; `approx` is then the average over the last half of the iterations.

        Where the optimisation has not arrived after `iterations`, it goes on from the average until
        there are `longer` times as many. Returns how far the average still moved, and how far it
        could have: mean_drift, sd_drift and reach (see `arrived`).
        """
        self.inference.hist = np.asarray(())
        self.inference.state = self.inference.state._replace(i=0)
        drift = self._run(0, iterations)
        if not arrived(drift) and longer > 1:
            drift = self._run(iterations, (longer - 1) * iterations)
        return drift

    def again(self, data: Mapping[str, np.ndarray], *, seed: int) -> None:
        """Set some `pm.Data` of the model, and everything else back to where it began."""
        for name, value in data.items():
            self.model[name].set_value(np.asarray(value))
        streams = iter(np.random.SeedSequence(seed).spawn(len(self.start)))
        for shared, value in self.start.items():
            random = isinstance(value, np.random.Generator)
            shared.set_value(np.random.default_rng(next(streams)) if random else value)

    def sample(self, draws: int, *, seed: int) -> xr.DataTree:
        """Return independent draws of `approx`: the group posterior, with one chain."""
        drawn = self.approx.sample(draws, random_seed=seed)
        return xr.DataTree.from_dict({"posterior": drawn["posterior"].to_dataset()})

    def _run(self, at: int, iterations: int) -> dict[str, float]:
        self.average.begin(at, iterations)
        self.inference.refine(iterations, progressbar=False)
        return settle(self.approx, self.average, self.now)


def arrived(drift: Mapping) -> bool:
    """Say whether an optimisation had arrived: a bad fit is then the family's fault.

    Compares the approximation averaged over the third quarter of the iterates with the last
    quarter's: in no direction may the mean have moved by more than .1 sd or the sd by more than
    10%. And it must have been able to: where the optimiser's steps add up to less than the largest
    sd within a quarter, standing still proves nothing.
    """
    still = drift["mean_drift"] <= DRIFT and drift["sd_drift"] <= DRIFT
    return still and drift["reach"] >= 1


def settle(
    approx: Approximation,
    average: Average,
    now: Callable[[], tuple[np.ndarray, np.ndarray]] | None = None,
) -> dict[str, float]:
    """Set `approx` to its averaged parameters; return how far it still moved, and could have.

    `now` is what `moments` compiled for this `approx`, if it did already.
    """
    now = now or moments(approx)
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
    depend on how the parameters are scaled or rotated, so that a changing correlation counts. Both
    are infinite where one covariance is singular in double precision: then none has arrived.
    """
    try:
        ratios, directions = eigh(after, before)  # directions' @ before @ directions = 1
    except np.linalg.LinAlgError:
        return math.inf, math.inf
    if ratios.min() <= 0:
        return math.inf, math.inf
    mean = float(np.linalg.norm(directions.T @ moved))
    return mean, float(np.max(np.abs(np.log(ratios))) / 2)
