"""The same terms under several noises: the density of each row, and which loss predicts best.

A loss is minus a log density: to minimise it is to fit that noise. Rows are left out one at a time;
of counts all noises are scored by probabilities, the Gaussian by that of the interval of width 1
around a count, for its density may be above 1; of real numbers and shares all by densities.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import expit

from workflow.checking.alike import Residuals
from workflow.checking.checks import Statistic
from workflow.predicting import huber
from workflow.quantities import SAMPLE
from workflow.regression import counts, dependence, gaussian_loo, shares, tail_elpd
from workflow.regression.regression import linear_predictor
from workflow.regression.residuals import (
    BEND,
    outcome_statistics,
    predicted_from,
    residual_statistics,
)
from workflow.regression.within import log_within
from workflow.sampling.part import thinned
from workflow.scoring.elpd import Elpd, Looked

GAUSSIAN, LAPLACE, HUBER, STUDENT = "Gaussian", "Laplace", "Huber", "Student-t"
POISSON, NEGATIVE_BINOMIAL, BETA = "Poisson", "negative binomial", "Beta"
REAL, COUNTS, SHARES = "real", "counts", "shares"
OF: dict[str, tuple[str, ...]] = {  # the noises of each kind, the one that is told by default first
    REAL: (HUBER, GAUSSIAN, LAPLACE, STUDENT),
    COUNTS: (NEGATIVE_BINOMIAL, POISSON, GAUSSIAN),
    SHARES: (BETA, GAUSSIAN),
}


@dataclass(frozen=True)
class Noisy:
    """The rows of a regression under one noise; `at` are the positions of those looked at."""

    noise: str
    kind: str
    terms: pd.DataFrame
    outcome: pd.Series
    at: slice | np.ndarray = slice(None)

    @property
    def by_row(self) -> tuple[str, ...]:
        """The `pm.Data` that have a row each."""
        counted = self.noise in {POISSON, NEGATIVE_BINOMIAL}
        return ("terms", *(["exposure"] if counted else []), "y_data")

    def density(self, posterior: xr.Dataset) -> xr.DataArray:
        """Return the log density of the rows looked at, of every so many draws if they are many."""
        terms, outcome = self.terms.iloc[self.at], self.outcome.iloc[self.at]
        return self.log_density(thinned(posterior, len(terms)), terms, outcome)

    def looked(self, posterior: xr.Dataset) -> Looked | None:
        """Return which rows are looked at, and a stand-in for each; None for all."""
        if isinstance(self.at, slice):
            return None
        mean = posterior.mean(SAMPLE).expand_dims(SAMPLE)
        found = self.log_density(mean, self.terms, self.outcome)
        return Looked(self.at, found.to_numpy().ravel())

    def exact(self, data: Mapping[str, ArrayLike]) -> Elpd | None:
        """Return the elpd of Gaussian noise, of counts by the intervals around them; else None."""
        if self.noise != GAUSSIAN:
            return None
        width = 1.0 if self.kind == COUNTS else 0.0
        return gaussian_loo.elpd(data, list(self.outcome.index), self.at, width=width)

    def factors(self, posterior: xr.Dataset) -> xr.DataArray:
        """Return exp(beta): above 1 where the outcome is higher for more of the term."""
        return xr.ufuncs.exp(posterior["beta"])

    def log_density(
        self, posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series
    ) -> xr.DataArray:
        """Return log p(outcome[row] | draw); dims: chain, draw, row."""
        if self.noise in {POISSON, NEGATIVE_BINOMIAL}:
            return counts.log_density(posterior, terms, outcome, ones(outcome))
        if self.noise in {GAUSSIAN, STUDENT} and self.kind != COUNTS:
            return tail_elpd.log_density(posterior, terms, outcome)
        eta = linear_predictor(posterior, terms).transpose(*SAMPLE, "row")
        y, line = outcome.to_numpy(dtype=float), eta.to_numpy()
        if self.noise == BETA:
            mu, phi = np.clip(expit(line), 1e-12, 1 - 1e-12), _scale(posterior, "precision")
            return eta.copy(data=stats.beta.logpdf(y, mu * phi, (1 - mu) * phi))
        scale = _scale(posterior, "sigma" if self.noise == GAUSSIAN else "scale")
        r = (y - line) / scale
        if self.noise == GAUSSIAN:
            return eta.copy(data=log_within(r, 0.5 / scale))
        of = huber.log_density(r) if self.noise == HUBER else -np.abs(r) - np.log(2)
        return eta.copy(data=of - np.log(scale))

    def expected(self, posterior: xr.Dataset, at: slice | np.ndarray) -> pd.Series:
        """Return the middle of each row that the noise is about, at the posterior mean."""
        eta = dependence.line(posterior, self.terms.iloc[at])
        if self.noise in {POISSON, NEGATIVE_BINOMIAL}:
            return np.exp(eta)
        return eta.map(expit) if self.noise == BETA else eta

    def residuals(self, posterior: xr.Dataset) -> Residuals:
        """Return Pearson's residuals, for `workflow.checking.alike`; the estimates are slopes."""
        if self.noise in {GAUSSIAN, LAPLACE, HUBER, STUDENT}:
            return dependence.residuals(posterior, self.terms, self.outcome)
        left, slope = self.standardised(posterior, slice(None))
        return dependence.of_slopes(left, self.terms, slope)

    def standardised(
        self, posterior: xr.Dataset, at: slice | np.ndarray
    ) -> tuple[pd.Series, np.ndarray]:
        """Return the outcome less its middle, and what each row weighs; Pearson's where noise
        grows with the mean."""
        mu, y = self.expected(posterior, at), self.outcome.iloc[at]
        if self.noise == BETA:
            one = 1 + float(posterior["precision"].mean(SAMPLE))
            variance = mu.clip(1e-12, 1 - 1e-12) * (1 - mu.clip(1e-12, 1 - 1e-12))
            return (y - mu) / np.sqrt(variance / one), variance.to_numpy()
        if self.noise in {POISSON, NEGATIVE_BINOMIAL}:
            more = float(posterior["dispersion"].mean(SAMPLE)) if "dispersion" in posterior else 0.0
            variance = mu + more * mu**2
            return (y - mu) / np.sqrt(variance), (mu**2 / variance).to_numpy()
        return y - mu, np.ones(len(y))

    def statistics(self, name: str) -> Mapping[str, Statistic]:
        """Return what a model can get wrong of the outcome called `name`, as test statistics."""
        if self.kind == COUNTS:
            return counts.statistics(name)
        return shares.statistics(name) if self.kind == SHARES else outcome_statistics(name)

    def left_over(self, tree: xr.DataTree, *, ordered: bool) -> Mapping[str, Statistic]:
        """Return statistics of residuals, of the rows that are looked at; of counts, of bends."""
        link = {POISSON: np.exp, NEGATIVE_BINOMIAL: np.exp, BETA: expit}
        mean, used = link.get(self.noise, np.asarray), predicted_from(tree)
        found = residual_statistics(used, self.terms.iloc[self.at], ordered=ordered, mean=mean)
        if self.kind != COUNTS:
            return found
        return {key: one for key, one in found.items() if BEND in key or "row before" in key}


def ones(outcome: pd.Series) -> pd.Series:
    """Return the exposure of rows that have none."""
    return pd.Series(1.0, outcome.index)


def _scale(posterior: xr.Dataset, name: str) -> np.ndarray:
    found: np.ndarray = posterior[name].transpose(*SAMPLE).to_numpy()[..., None]
    return found
