"""Choosing among options by expected loss, and how much more data it would take to choose.

The loss of an option is what the best one would have brought more: max over options of the utility
minus its own. Source: Stucchio (2015), Bayesian A/B testing at VWO.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from nutpie.compile_pymc import CompiledPyMCModel

from workflow.checking.diagnostics import Status, diagnose
from workflow.quantities import SAMPLE, expectations, label
from workflow.sampling.fit import refit

UNDECIDED = "not decided yet"
GRANTED = 2  # Monte Carlo errors granted to a decision


def regret(utility: xr.DataArray, dim: str) -> xr.DataArray:
    """Return, draw by draw, the loss of each option along `dim`, in units of `utility`."""
    return utility.max(dim) - utility


def is_best(utility: xr.DataArray, dim: str) -> xr.DataArray:
    """Say, draw by draw, which option along `dim` is the best."""
    return utility == utility.max(dim)


def choose(
    utility: xr.DataArray, dim: str, limit: float, *, errors: float = GRANTED
) -> tuple[str, ...]:
    """Return the decision, and behind it those that Monte Carlo error cannot tell from it.

    The decision is "choose <label>" for the least expected loss along `dim` if that is below
    `limit`, else UNDECIDED. Another one is tenable if so many Monte Carlo `errors` would lead to
    it: two arms that are equally good must not look like a decision that flips.
    """
    losses = regret(utility, dim)
    expected = expectations("loss", losses)
    order = sorted(expected, key=lambda name: expected[name].value)
    least = expected[order[0]]
    best = losses.isel({dim: list(expected).index(order[0])}, drop=True)
    behind = expectations("behind", losses - best)
    labels = [
        label(name)
        for name, gap in zip(expected, behind.values(), strict=True)
        if name != order[0] and gap.value <= errors * gap.mcse
    ]
    chosen = [f"choose {one}" for one in (label(order[0]), *labels)]
    room = errors * least.mcse
    if least.value >= limit:
        return (UNDECIDED, *(chosen if least.value - room < limit else ()))
    return (*chosen, *((UNDECIDED,) if least.value + room >= limit else ()))


def surest(
    posterior: xr.Dataset, variable: str, sure: float, errors: float = GRANTED
) -> tuple[str, ...]:
    """Return which element of `variable` (one dim) is the highest with probability `sure`.

    That is its label, or UNDECIDED where none is; behind it those that so many Monte Carlo `errors`
    would lead to.
    """
    values = posterior[variable]
    (dim,) = (dim for dim in values.dims if dim not in SAMPLE)
    found = expectations("p", is_best(values, str(dim)))
    order = sorted(found, key=lambda name: -found[name].value)
    first = found[order[0]]
    told = (label(order[0]), UNDECIDED) if first.value >= sure else (UNDECIDED, label(order[0]))
    return told if abs(first.value - sure) <= errors * first.mcse else told[:1]


@dataclass(frozen=True)
class Projection:
    """How often simulated continuations would decide, by multiple of the data.

    `decided` has for each multiple tried how many continuations would decide, and how many there
    were; a fit that failed its diagnosis counts as not deciding. `enough` is the smallest multiple
    that is enough, None when none was.
    """

    decided: dict[int, tuple[int, int]]
    enough: int | None


def project(
    compiled: CompiledPyMCModel,
    continuations: Callable[[int], Iterable[dict[str, np.ndarray]]],
    decides: Callable[[xr.Dataset, Mapping[str, np.ndarray]], bool],
    *,
    multiples: tuple[int, ...] = (2, 4, 8, 16),
    share: float = 0.8,
    seed: int,
) -> Projection:
    """Find the smallest multiple of the data at which a share of the continuations would decide.

    Parameters
    ----------
    continuations
        From a multiple to the `pm.Data` of simulated larger data sets that begin with the present
        one.
    decides
        Whether a posterior (dims chain, draw, ...) of such data decides.
    """
    decided: dict[int, tuple[int, int]] = {}
    for multiple in multiples:
        outcomes = []
        for i, data in enumerate(continuations(multiple)):
            tree = refit(compiled, data, draws=250, tune=250, chains=4, seed=seed + i)
            sound = diagnose(tree).status is not Status.FAIL
            outcomes.append(sound and decides(tree["posterior"].to_dataset(), data))
        decided[multiple] = sum(outcomes), len(outcomes)
        if sum(outcomes) >= share * len(outcomes):
            return Projection(decided, multiple)
    return Projection(decided, None)
