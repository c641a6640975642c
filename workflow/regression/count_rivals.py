"""A negative binomial regression and its rivals: which predicts unseen rows best, and by how much?

The rivals are the Poisson regression, whose counts scatter less, and the zero inflated one, in
which some rows have no count whatever the rest says. By leave-one-out (`workflow.scoring.loo`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pymc as pm
import xarray as xr
from numpy.typing import ArrayLike

from workflow.checking.checks import StatisticCheck, posterior_check
from workflow.quantities import SAMPLE
from workflow.regression.assessed import (
    BETTER,
    UNDECIDED,
    UNKNOWN,
    WORSE,
    Fitted,
    assess,
    gap,
    table,
    verdict,
)
from workflow.regression.counts import factors, log_density, statistics
from workflow.sampling.part import thinned
from workflow.sampling.simulating import simulate
from workflow.scoring.elpd import Elpd, Looked

__all__ = ["BETTER", "UNDECIDED", "UNKNOWN", "WORSE", "Fitted", "assess", "gap", "table", "verdict"]

NEGATIVE_BINOMIAL, POISSON, ZERO_INFLATED = "negative binomial", "Poisson", "zero inflated"
SIMULATED = 20_000_000  # counts in all


@dataclass(frozen=True)
class Counted:
    """The rows of a regression of counts; `at` are the positions of those that are looked at.

    Where `terms` have gaps (NaN), `filled` has one value in each, for averages over rows.
    """

    terms: pd.DataFrame
    outcome: pd.Series
    exposure: pd.Series
    at: slice | np.ndarray = slice(None)
    groups: pd.Series | None = None
    filled: pd.DataFrame | None = None

    @property
    def complete(self) -> pd.DataFrame:
        """The terms without gaps."""
        return self.terms if self.filled is None else self.filled

    @property
    def by_row(self) -> tuple[str, ...]:
        """The `pm.Data` that have a row each."""
        return ("terms", "exposure", "y_data")

    def exact(self, data: Mapping[str, ArrayLike]) -> Elpd | None:
        """Counts have no elpd without draws."""
        return None

    def factors(self, posterior: xr.Dataset) -> xr.DataArray:
        """Return by what factor counts differ for one step of each term."""
        return factors(posterior, self.complete)

    def density(self, posterior: xr.Dataset) -> xr.DataArray:
        """Return the log density of the rows looked at, of every so many draws if they are many."""
        some = thinned(posterior, len(self.outcome.iloc[self.at]))
        return log_density(some, self.terms, self.outcome, self.exposure, self.at)

    def looked(self, posterior: xr.Dataset) -> Looked | None:
        """Return which rows are looked at, and a stand-in for each; None for all."""
        if isinstance(self.at, slice):
            return None
        mean = posterior.mean(SAMPLE).expand_dims(SAMPLE)
        rows = self.terms, self.outcome, self.exposure
        return Looked(self.at, log_density(mean, *rows).to_numpy().ravel())


def check(
    model: pm.Model, posterior: xr.Dataset, outcome: pd.Series, name: str, *, seed: int
) -> list[StatisticCheck]:
    """Check what a rival reproduces of the outcome called `name`, from data simulated from it."""
    size = int(np.clip(SIMULATED // len(outcome), 100, 1000))
    drawn = simulate(model, posterior, ["y"], size=size, seed=seed)
    groups = {
        "posterior_predictive": drawn.rename(sample="draw").expand_dims("chain"),
        "observed_data": xr.Dataset({"y": ("row", outcome)}),
    }
    return posterior_check(xr.DataTree.from_dict(groups), "y", statistics(name))
