"""How long an analysis of many rows will take, from what one gradient takes here."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import nutpie
from numpy.typing import ArrayLike
from nutpie.compile_pymc import CompiledPyMCModel

from workflow.sampling.fit import CORES, no_draws_no_answer

MANY = 50_000  # rows times coefficients, below which nobody waits for long
STEPS = 8  # gradients a draw: 5 to 15 were seen with a million rows
PAGE = 8.0  # seconds that ADVI, checks, figures and writing take where nobody waits for long
SWEPT = 500  # draws, and warm-up draws, of a fit under another prior
LEAST = 200  # the fewest of them, and how many numbers times priors have the most of them
FREE = 100_000
SHORT = 5  # draws of a run that tells what any run takes, and ten times as many tell gradients
LEAST_SHARE = 0.01  # of the longer run is for its gradients
ADVI = 2 * (20_000 + 25_000)  # gradients: iterations of both families, and their k-hat's densities


def swept(numbers: int, priors: int) -> int:
    """Return how many draws, and warm-up draws, a prior of a sweep is first tried with.

    Fewer, the more `numbers` the data have times `priors`: the sweep takes as long for 250,000 of
    them as for 100,000. Beyond that there are no fewer, or they could not be judged.
    """
    return max(LEAST, min(SWEPT, SWEPT * FREE // max(numbers * priors, 1)))


@dataclass(frozen=True)
class Effort:
    """Minutes that the steps are expected to take, give or take a factor of two.

    ADVI takes up to twice its minutes where 20,000 iterations are not enough.
    """

    nuts: float
    sweep: float
    advi: float

    @property
    def minutes(self) -> float:
        """In all: ADVI runs beside the others."""
        return max(self.nuts + self.sweep, self.advi)


def effort(
    gradient: float, *, fits: int, draws: int, chains: int, points: int, each: int
) -> Effort:
    """Return the effort of `fits` fits by NUTS and a sweep of `points` priors.

    Parameters
    ----------
    gradient
        Seconds a gradient takes.
    draws, each
        Draws of a chain, warm-up included, of a fit and of a point of the sweep.
    """
    at_once = min(chains, CORES)
    a_draw = STEPS * gradient * math.ceil(chains / at_once) / 60
    return Effort(fits * draws * a_draw, points * each * a_draw, ADVI * gradient / 60)


def gradient_seconds(compiled: CompiledPyMCModel, data: Mapping[str, ArrayLike]) -> float:
    """Return how long one gradient of the log density takes here, from a few short trajectories.

    What any run takes, however short, is that of a shorter one, and is taken off.
    """
    with_data = compiled.with_data(**{name: np.asarray(value) for name, value in data.items()})
    runs = (SHORT, SHORT, 10 * SHORT)  # the first one begins what no other has to
    _, (begin, few), (seconds, many) = [_timed(with_data, draws) for draws in runs]
    return max(seconds - begin, LEAST_SHARE * seconds) / (many - few)


def _timed(compiled: CompiledPyMCModel, draws: int) -> tuple[float, float]:
    """Return the seconds that so many draws take, and their gradients."""
    start = time.perf_counter()
    with no_draws_no_answer():
        tree = nutpie.sample(
            compiled,
            draws=draws,
            tune=1,
            chains=1,
            cores=1,
            seed=1,
            maxdepth=3,
            progress_bar=False,
            save_warmup=False,
        )
    return time.perf_counter() - start, float(tree["sample_stats"]["n_steps"].sum())


def rest(seconds: float, draws: int, *, points: int, each: int) -> float:
    """Return the seconds that a page still takes after a fit of so many `draws` and `seconds`.

    A sweep of `points` fits of `each` draws comes, and what takes about as long for all data that
    are small enough for nobody to ask.
    """
    return PAGE + points * seconds * each / draws
