"""A step of the studies whose posterior is known exactly: it stands beside NUTS and ADVI.

The tables of what the data say are then those of the exact posterior, NUTS and ADVI side by side,
so that the reader sees what sampling error is; a NUTS that is off by more than chance warns.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import xarray as xr

from analyses._study import Study
from reports.blocks.blocks import Table
from reports.page import exact as words
from workflow.checking.exact import Known, allowed, error_of, farthest
from workflow.quantities import Quantity, Scalar, summarise

NO_SDS: Mapping[str, float] = MappingProxyType({})


def quantities(
    study: Study,
    found: Mapping[str, Quantity],
    exact: Mapping[str, Known],
    *,
    caption: str,
    scale: float = 1,
    unit: str = "",
    told: Callable[[xr.Dataset], xr.Dataset] = lambda posterior: posterior,
    plain: bool = False,
    trees: Mapping[str, xr.DataTree] | None = None,
) -> Table:
    """Return the table of quantities, exact, by NUTS (`found`) and by ADVI; warn where NUTS is off.

    The study waits for ADVI, if it has any. `told` makes of its posteriors what `found` was made
    of; `plain` are numbers without commas, such as years, and `trees` those of ADVI where the
    study's `approximations` are more than these.
    """
    if study.sound:
        worst = max(farthest(found[name], exact[name]) for name in exact)
        words.warn_of_off(study.page, worst, allowed(len(exact)))
    advi = {
        method: summarise(told(of)[[*_variables(exact)]])
        for method, of in _advi(study, trees).items()
    }
    return words.side_by_side(caption, exact, found, advi, scale=scale, unit=unit, plain=plain)


def probabilities(
    study: Study,
    measured: Mapping[str, Scalar],
    exact: Mapping[str, float],
    measure: Callable[[xr.Dataset], Mapping[str, Scalar]],
    *,
    ess: float,
    sds: Mapping[str, float] = NO_SDS,
    caption: str = "Probabilities",
) -> Table:
    """Return the table of probabilities, exact, by NUTS (`measured`) and by ADVI; warn as above.

    `measure` finds them in a posterior; `ess` is that of the draws of NUTS, and `sds` has the exact
    sd of what is averaged over the draws, where that is a probability by itself.
    """
    held = {
        name: replace(measured[name], mcse=error_of(measured[name], p, ess, sds.get(name)))
        for name, p in exact.items()
    }
    if study.sound:
        off = max(abs(held[name].value - p) / held[name].mcse for name, p in exact.items())
        words.warn_of_off(study.page, off, allowed(len(exact)))
    advi = {method: measure(of) for method, of in _advi(study).items()}
    return words.probabilities(caption, exact, held, advi)


def _advi(study: Study, trees: Mapping[str, xr.DataTree] | None = None) -> dict[str, xr.Dataset]:
    """Return the posteriors by ADVI; where there is one free number, both families are the same."""
    trees = (study.approximations() or {}) if trees is None else trees
    found = {str(method): tree["posterior"].to_dataset() for method, tree in trees.items()}
    free = sum(np.size(value) for value in study.model.initial_point().values())
    return dict(list(found.items())[: free if free == 1 else None])


def _variables(exact: Mapping[str, Known]) -> dict[str, None]:
    return {name.partition("[")[0]: None for name in exact}
