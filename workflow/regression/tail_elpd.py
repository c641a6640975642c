"""Leave-one-out of a regression with Student-t noise and of its Gaussian rival, under any prior."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike
from nutpie.compile_pymc import CompiledPyMCModel
from scipy import stats

from workflow.quantities import SAMPLE
from workflow.regression import gaussian_loo
from workflow.regression.regression import linear_predictor
from workflow.sampling.part import thinned
from workflow.scoring.elpd import Elpd, Looked
from workflow.scoring.loo import loo

WHOLE = slice(None)
ROWS_AT_ONCE = 2500  # a density takes several times the memory of its values

type Rows = slice | np.ndarray  # positions


@dataclass(frozen=True)
class LeftOut:
    """The rows of both models, each to be left out.

    `compiled` is the Student-t's; `student` and `gaussian` have all `pm.Data` of the two. `at` are
    the positions of the rows that are looked at.
    """

    compiled: CompiledPyMCModel
    student: Mapping[str, ArrayLike]
    gaussian: Mapping[str, ArrayLike]
    terms: pd.DataFrame
    outcome: pd.Series
    at: Rows = WHOLE

    def of_student(
        self, posterior: xr.Dataset, prior: Mapping[str, ArrayLike] | None = None, **refits: Any
    ) -> Elpd:
        """Return the elpd of Student-t noise, whose posterior this is.

        `prior` are `pm.Data` that are others than those of the analysis; `refits` are passed on to
        `workflow.scoring.loo.loo`.
        """
        return loo(
            self.compiled,
            {**self.student, **(prior or {})},
            ("terms", "y_data"),
            posterior,
            partial(density, terms=self.terms, outcome=self.outcome, at=self.at),
            looked=self._looked(posterior),
            **refits,
        )

    def of_gaussian(self, prior: Mapping[str, ArrayLike] | None = None) -> Elpd:
        """Return the exact elpd of Gaussian noise, with what it has of a `prior`."""
        shared = {name: one for name, one in (prior or {}).items() if name in self.gaussian}
        return gaussian_loo.elpd({**self.gaussian, **shared}, list(self.outcome.index), self.at)

    def _looked(self, posterior: xr.Dataset) -> Looked | None:
        if isinstance(self.at, slice):
            return None
        mean = posterior.mean(SAMPLE).expand_dims(SAMPLE)
        return Looked(self.at, log_density(mean, self.terms, self.outcome).to_numpy().ravel())


def log_density(posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series) -> xr.DataArray:
    """Return log p(outcome[row] | draw) of a Student-t (with `nu`, `scale`) or Gaussian (`sigma`).

    `posterior` has intercept and slope in own units; the result the dims chain, draw, row.
    """
    mu = linear_predictor(posterior, terms).transpose(*SAMPLE, "row")
    y = outcome.to_numpy(dtype=float)
    if "nu" in posterior:
        nu, scale = (posterior[name].to_numpy()[..., None] for name in ("nu", "scale"))
        return mu.copy(data=stats.t.logpdf(y, nu, mu.to_numpy(), scale))
    return mu.copy(
        data=stats.norm.logpdf(y, mu.to_numpy(), posterior["sigma"].to_numpy()[..., None])
    )


def density(
    posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, at: Rows
) -> xr.DataArray:
    """Return the log density of the rows at `at`, of every so many draws where they are many."""
    x, y = terms.iloc[at], outcome.iloc[at]
    some = thinned(posterior, len(x))
    starts = range(0, len(x), ROWS_AT_ONCE)
    parts = [slice(start, start + ROWS_AT_ONCE) for start in starts]
    found = [log_density(some, x.iloc[part], y.iloc[part]) for part in parts]
    return xr.concat(found, "row") if len(found) > 1 else found[0]
