"""Leave-one-out of a regression with Student-t noise and of its Gaussian rival, under any prior."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike
from nutpie.compile_pymc import CompiledPyMCModel
from scipy import stats

from workflow.quantities import SAMPLE
from workflow.regression import gaussian_loo, integrated
from workflow.regression.along_normal import student_t
from workflow.sampling.fit import refit
from workflow.sampling.part import thinned
from workflow.scoring.elpd import Elpd, Looked
from workflow.scoring.loo import loo, sound
from workflow.scoring.psis import psis

WHOLE = slice(None)
ROWS_AT_ONCE = 2500  # a density takes several times the memory of its values

type Rows = slice | np.ndarray  # positions


@dataclass(frozen=True)
class LeftOut:
    """The rows of both models, each to be left out.

    `compiled` is the Student-t's; `student` and `gaussian` have all `pm.Data` of the two. `at` are
    the positions of the rows that are looked at. Where terms have gaps, the Gaussian's elpd is no
    longer exact: then it is from draws, too, and `rival` is what was compiled and its posterior.
    """

    compiled: CompiledPyMCModel
    student: Mapping[str, ArrayLike]
    gaussian: Mapping[str, ArrayLike]
    terms: pd.DataFrame
    outcome: pd.Series
    at: Rows = WHOLE
    rival: tuple[CompiledPyMCModel, xr.Dataset] | None = None

    def of_student(
        self, posterior: xr.Dataset, prior: Mapping[str, ArrayLike] | None = None, **refits: Any
    ) -> Elpd:
        """Return the elpd of Student-t noise, whose posterior this is.

        `prior` are `pm.Data` that are others than those of the analysis; `refits` are passed on to
        `workflow.scoring.loo.loo`.
        """
        return self._drawn(self.compiled, {**self.student, **(prior or {})}, posterior, **refits)

    def of_gaussian(self, prior: Mapping[str, ArrayLike] | None = None, **refits: Any) -> Elpd:
        """Return the exact elpd of Gaussian noise, with what it has of a `prior`.

        Of terms with gaps it is by draws, under another prior those of a fit of its own; `refits`
        are then needed.
        """
        shared = {name: one for name, one in (prior or {}).items() if name in self.gaussian}
        data = {**self.gaussian, **shared}
        if self.rival is None:
            return gaussian_loo.elpd(data, list(self.outcome.index), self.at)
        compiled, own = self.rival
        lengths = {name: refits[name] for name in ("draws", "tune", "chains", "seed")}
        posterior = sound(partial(refit, compiled, data, **lengths)) if shared else own
        if posterior is None:  # nothing is known of it
            found = psis(self._density(own))
            return replace(found, errors=np.full_like(found.errors, np.inf))
        return self._drawn(compiled, data, posterior, **refits)

    def _drawn(
        self,
        compiled: CompiledPyMCModel,
        data: Mapping[str, ArrayLike],
        posterior: xr.Dataset,
        **refits: Any,
    ) -> Elpd:
        about, looked = (compiled, data, ("terms", "y_data")), self._looked(posterior)
        return loo(*about, posterior, self._density, looked=looked, **refits)

    def _density(self, posterior: xr.Dataset) -> xr.DataArray:
        return density(posterior, self.terms, self.outcome, self.at)

    def _looked(self, posterior: xr.Dataset) -> Looked | None:
        if isinstance(self.at, slice):
            return None
        mean = posterior.mean(SAMPLE).expand_dims(SAMPLE)
        return Looked(self.at, log_density(mean, self.terms, self.outcome).to_numpy().ravel())


def log_density(
    posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, at: Rows = WHOLE
) -> xr.DataArray:
    """Return log p(outcome[row] | draw) of a Student-t (with `nu`, `scale`) or Gaussian (`sigma`).

    Of the rows at `at`; the `terms` are those of all rows, and where they have gaps these are
    integrated out. `posterior` has intercept and slope in own units; the result the dims chain,
    draw, row.
    """
    found, y = integrated.line(posterior, terms, at), outcome.iloc[at].to_numpy(dtype=float)
    if "nu" in posterior:
        nu, scale = (posterior[name].to_numpy()[..., None] for name in ("nu", "scale"))
        values = stats.t.logpdf(y, nu, found.mean, scale)
        for row in found.roots:
            m, sd = found.mean[..., row], found.sd(row)
            values[..., row] = student_t(y[row], m, sd, nu[..., 0], scale[..., 0])
    else:  # normal and normal is normal
        sd = np.repeat(posterior["sigma"].to_numpy()[..., None], len(y), axis=-1)
        for row in found.roots:
            sd[..., row] = np.hypot(sd[..., row], found.sd(row))
        values = stats.norm.logpdf(y, found.mean, sd)
    return xr.DataArray(values, dims=(*SAMPLE, "row"), coords={"row": list(terms.index[at])})


def density(
    posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, at: Rows
) -> xr.DataArray:
    """Return the log density of the rows at `at`, of every so many draws where they are many."""
    every = np.arange(len(terms))[at]
    some = thinned(posterior, len(every))
    parts = np.split(every, range(ROWS_AT_ONCE, len(every), ROWS_AT_ONCE))
    found = [log_density(some, terms, outcome, part) for part in parts]
    return xr.concat(found, "row") if len(found) > 1 else found[0]
