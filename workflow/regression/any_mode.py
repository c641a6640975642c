"""A regression of many rows, whatever its noise, fitted by weighted draws about its highest point.

As `at_mode`, which is for events alone, but the model itself says what the posterior is, and its
prior is any: the weights are the density of the whole posterior, over that of a Student t.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr

from workflow.checking.diagnostics import Diagnosis
from workflow.quantities import SAMPLE
from workflow.regression.at_mode import until_enough
from workflow.sampling.groups import JOINT
from workflow.variational.certified import Chains, Mode, NotFoundError, metropolis, propose
from workflow.variational.rows import RowsOfModel
from workflow.variational.searched import STARTS, searched, settled

FREEDOM = 10.0  # of the t: more draws are taken of more, but heavy tails are seen less well


@dataclass
class AnyMode:
    """Fits of the same rows of a model, which remember the last mode.

    Parameters
    ----------
    model
        All its parameters continuous, few, and none of a single row.
    kinds
        Where rows are equal in everything: the first of each kind, and how many there are.
    """

    model: pm.Model
    kinds: tuple[np.ndarray, np.ndarray] | None = None
    why: str = field(default="", init=False)  # no mode was found, where there is none
    _rows: RowsOfModel | None = field(default=None, init=False)
    _last: Mode | None = field(default=None, init=False)

    def fit(
        self, prior: Mapping[str, Any], *, draws: int, chains: int, seed: int
    ) -> tuple[xr.DataTree, Diagnosis]:
        """Return the tree of a fit, with the record of its tries, and what it is worth.

        `prior` has `pm.Data` of the model; what it does not have is the model's own.
        """

        def refit(*, draws: int) -> xr.DataTree:
            return self.refit(prior, draws=draws, chains=chains, seed=seed)

        tree, found = until_enough(refit, draws)
        tree.attrs |= {"freedom": FREEDOM, "starts": STARTS}
        if self.kinds is not None:
            tree.attrs["kinds"] = len(self.kinds[0])
        return tree, found

    def refit(
        self, prior: Mapping[str, Any], *, draws: int, chains: int, seed: int, **_: float
    ) -> xr.DataTree:
        """Return a tree with posterior, sample_stats and the likelihood of all rows at each draw.

        The diagnosis of the tree says whether it is certified. Where no mode was found, k-hat is
        infinite, and the draws are no numbers.
        """
        self._rows = self._rows or RowsOfModel.of(self.model, self.kinds)
        rows = self._rows.under(prior)
        try:
            found = self._chains(rows, draws, chains, seed)
        except NotFoundError as error:
            self.why = str(error)
            nothing = np.full((chains, draws), np.nan)
            points = np.full((chains, draws, rows.says.size), np.nan)
            found = Chains(points, nothing, np.zeros(nothing.shape, dtype=bool), math.inf)
        posterior = rows.quantities(found.draws)
        coords = {dim: posterior[dim] for dim in SAMPLE}
        stats = {"taken": (SAMPLE, found.taken), "pareto_k": ((), found.k_hat)}
        outcome = self.model.observed_RVs[0].name
        return xr.DataTree.from_dict(
            {
                "posterior": posterior,
                "sample_stats": xr.Dataset(stats, coords),
                JOINT: xr.Dataset({outcome: (SAMPLE, found.of_rows)}, coords),
            }
        )

    def _chains(self, rows: RowsOfModel, draws: int, chains: int, seed: int) -> Chains:
        """Return draws about the mode, looked for from the last one, where there is any."""
        if self._last is None:
            self._last = searched(rows, seed=seed)
        about = self._last = settled(rows, self._last)
        about_it: dict[str, int] = {"draws": draws, "chains": chains, "seed": seed}
        made = propose(rows, about, **about_it, freedom=FREEDOM)
        flat = made.points.reshape(-1, rows.says.size)
        return metropolis(made, rows.log_prior(flat).reshape(chains, -1), seed=seed)
