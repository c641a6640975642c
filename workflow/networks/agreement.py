"""Is NUTS right, and ADVI, where the posterior of the tables is known exactly?"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from workflow.networks.exact import DRAWS, Exact, chances
from workflow.quantities import Quantity, flatten, label, named

Moments = tuple[float, float]


@dataclass(frozen=True)
class Agreement:
    """One quantity: mean and sd, exactly (None: not known), by NUTS, and by each family of ADVI.

    `error` is the Monte Carlo error of the exact mean, 0 where there is a formula.
    """

    name: str
    exact: Moments | None
    error: float
    nuts: Quantity
    advi: Mapping[str, Moments]

    @property
    def off(self) -> float:
        """The difference of NUTS's mean from the exact one, in Monte Carlo errors."""
        if self.exact is None:
            return 0.0
        gap = abs((self.nuts.mean or math.nan) - self.exact[0])
        return gap / math.hypot(self.nuts.mcse_mean or 0, self.error)


def agreement(
    found: Mapping[str, Quantity],
    known: Exact | None,
    seen: Mapping[str, int],
    trees: Mapping[str, xr.DataTree],
    *,
    seed: int,
) -> list[Agreement]:
    """Return the rows of the tables and the chances of diseases, held against the exact ones."""
    exact: dict[str, tuple[float, float, float]] = {}
    if known is not None:
        means, sds = known.means, known.rows.std()
        rows = zip(known.network.rows, means, sds, strict=True)
        exact = {f"table[{name}]": (float(mean), float(sd), 0.0) for name, mean, sd in rows}
        names = list(map(label, named(found, "chance")))
        for name, x in chances(known.network, known.drawn(seed=seed), seen, names).items():
            error = float(x.std() / np.sqrt(DRAWS))
            exact[f"chance[{name}]"] = float(x.mean()), float(x.std()), error
    advi = {method: _moments(tree) for method, tree in trees.items()}
    return [
        Agreement(
            name,
            exact[name][:2] if name in exact else None,
            exact[name][2] if name in exact else 0.0,
            q,
            {method: one[name] for method, one in advi.items()},
        )
        for name, q in named(found, "table", "chance").items()
    ]


def worst(found: Sequence[Agreement]) -> float:
    """Return the largest difference of NUTS from an exact mean, in Monte Carlo errors."""
    return float(np.max([one.off for one in found]))


def _moments(tree: xr.DataTree) -> dict[str, Moments]:
    posterior = tree["posterior"].to_dataset()[["table", "chance"]]
    return {name: (float(x.mean()), float(x.std(ddof=1))) for name, x in flatten(posterior)}
