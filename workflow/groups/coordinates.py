"""In which coordinates the sampler moves, and what it meets in the others: the funnel.

Where groups have few data, their effects and tau make a funnel: the less tau is, the narrower are
the effects. A sampler that moves in the effects (centred) cannot get into its neck, and what lies
there is missing. Where groups have many data, the offsets z (not centred) hang on mu and tau as
closely, and the sampler is slow.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from nutpie.compile_pymc import CompiledPyMCModel

from workflow.checking.diagnostics import Diagnosis, diagnose
from workflow.groups.observed import Observed
from workflow.quantities import SAMPLE
from workflow.sampling.fit import SamplerError, sample_nuts, tries

CENTRED, NOT_CENTRED = "centred", "not centred"
SHOWN = 2000  # draws of a picture at most


@dataclass(frozen=True)
class Funnel:
    """One way to sample: its draws of log tau and of what one group moves in, and the verdict.

    `x` is the effect of the group (centred) or its offset z; `diverged` says which draws did.
    """

    way: str
    group: str
    x: np.ndarray
    log_tau: np.ndarray
    diverged: np.ndarray
    divergences: int
    least_ess: float
    diagnosis: Diagnosis


def way_of(centred: float) -> str:
    """Return what coordinates are called."""
    return CENTRED if centred else NOT_CENTRED


def least_known(observed: Observed) -> str:
    """Return the group with the largest error, whose funnel is widest."""
    return observed.names[int(observed.rough[1].argmax())]


def funnel(tree: xr.DataTree, group: str, centred: float) -> Funnel:
    """Return what is drawn of a fit, at most `SHOWN` draws of it."""
    posterior = tree["posterior"].to_dataset()
    diverging = tree["sample_stats"]["diverging"].transpose(*SAMPLE).to_numpy().ravel()
    x = posterior["group_z"].sel(group=group).transpose(*SAMPLE).to_numpy().ravel()
    log_tau = np.log(posterior["tau"].transpose(*SAMPLE).to_numpy().ravel())
    some = np.arange(x.size)[:: max(1, -(-x.size // SHOWN))]
    some = np.union1d(some, np.flatnonzero(diverging)[:SHOWN])
    first = tries(tree)[-1]
    return Funnel(
        way_of(centred),
        group,
        x[some],
        log_tau[some],
        diverging[some],
        first.divergences,
        first.least_ess,
        diagnose(tree),
    )


def other_way(
    compiled: CompiledPyMCModel, data: Mapping[str, ArrayLike], *, retries: int = 0, **settings: int
) -> xr.DataTree | None:
    """Sample the same model in the other coordinates; None where the sampler breaks off.

    `data` are the `pm.Data` as they are; `settings` are draws, tune, chains and seed.
    """
    other = dict(data) | {"centred": 1.0 - float(np.asarray(data["centred"]))}
    try:
        return sample_nuts(compiled, other, retries=retries, **settings)
    except SamplerError:
        return None
