"""What to try next by functions drawn from what is known: of each the best setting is tried.

A setting is chosen as often as it is likely to be the best one, so that what is little known is
tried, too; the trials of a batch need not wait for one another. Source: Thompson (1933);
Kandasamy, Krishnamurthy, Schneider and Poczos (2018), Parallelised Bayesian optimisation via
Thompson sampling.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from workflow.functions.surrogate import Surrogate
from workflow.functions.trials import Search, Seen, Trial
from workflow.quantities import Scalar

MOST = 1000  # settings that a function is drawn at jointly
WIDE = 2.0  # sds above its mean (below, to minimise) by which these are chosen


@dataclass(frozen=True)
class Drawn:
    """A function that was drawn: its values at some settings, by their positions, and the best.

    `best` is the position of the best of those that no earlier trial has, `value` what is there.
    """

    at: np.ndarray
    mean: np.ndarray  # of all functions of the same unknowns
    values: np.ndarray
    best: int
    value: float


def by_functions(
    search: Search, posterior: xr.Dataset, seen: Seen, size: int, *, seed: int
) -> tuple[list[Trial], list[Drawn]]:
    """Return so many trials, different ones, and the function of each.

    `seen` is what `search.seen` returned for the candidates: improvements are those of now.
    """
    rng = np.random.default_rng(seed)
    draws = search.draws(posterior)
    trials: list[Trial] = []
    functions: list[Drawn] = []
    while len(trials) < min(size, len(search.candidates)):
        given = search.tried.given(*draws[rng.integers(len(draws))])
        one = drawn(search, given, {trial.at for trial in trials}, rng)
        at = one.best
        gain = Scalar(float(seen.improvement[at]), float(seen.error[at]))
        better = Scalar(float(seen.better[at]), float(seen.better_error[at]))
        trials.append(Trial(at, gain, float(seen.mean[at]), float(seen.sd[at]), better))
        functions.append(one)
    return trials, functions


def drawn(search: Search, given: Surrogate, taken: set[int], rng: np.random.Generator) -> Drawn:
    """Return a function drawn jointly at the settings that can be its best, without the taken."""
    mean, variance, _ = given.at(search.candidates)
    reach = search.sign * mean + WIDE * np.sqrt(np.maximum(variance, 0))
    reach[list(taken)] = -np.inf
    kept = np.sort(np.argsort(-reach, kind="stable")[: min(MOST, len(reach) - len(taken))])
    values = given.drawn(search.candidates[kept], rng)
    first = int((search.sign * values).argmax())
    return Drawn(kept, mean[kept], values, int(kept[first]), float(values[first]))
