"""Heavy tails: Student-t against Gaussian noise, and whether nu moved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike
from nutpie.compile_pymc import CompiledPyMCModel
from scipy import stats

from workflow.checking.diagnostics import Diagnosis, Status, diagnose
from workflow.quantities import SAMPLE
from workflow.regression.regression import linear_predictor
from workflow.sampling.part import thinned
from workflow.scoring.elpd import Difference, Elpd, Looked, difference
from workflow.scoring.loo import loo
from workflow.scoring.psis import psis

STUDENT, GAUSSIAN, UNDECIDED = "Student-t", "Gaussian", "cannot tell"
LEAST_DIFFERENCE = 4  # of elpd: below it the models are hardly different
LEAST_ROWS = 100  # with fewer the standard error of the difference cannot be trusted
ERRORS = 2  # standard errors that the difference has to be away from 0
HEAVY = 10  # nu below which tails matter
WHOLE = slice(None)
ROWS_AT_ONCE = 2500  # a density takes several times the memory of its values
HARDLY, FAR = 0.2, 0.5  # greatest difference of two probabilities up to which, from which

type Rows = slice | np.ndarray  # positions


@dataclass(frozen=True)
class Fitted:
    """One model's posterior, whether it can be trusted, and if so its elpd."""

    posterior: xr.Dataset
    diagnosis: Diagnosis
    elpd: Elpd | None


def fitted(
    compiled: CompiledPyMCModel,
    data: Mapping[str, ArrayLike],
    tree: xr.DataTree,
    terms: pd.DataFrame,
    outcome: pd.Series,
    *,
    at: Rows = WHOLE,
    draws: int = 1000,
    tune: int = 500,
    chains: int,
    seed: int,
) -> Fitted:
    """Diagnose a fit to `data` (all `pm.Data` of the compiled model) and return it with its elpd.

    The names of the terms are those of `terms`, whatever the compiled model called them. `at` are
    the positions of the rows that leave-one-out looks at; draws, tune and chains are of refits.
    """
    posterior = tree["posterior"].to_dataset().assign_coords(term=list(map(str, terms)))
    diagnosis = diagnose(tree)
    if diagnosis.status is Status.FAIL:
        return Fitted(posterior, diagnosis, None)
    elpd = loo(
        compiled,
        data,
        ("terms", "y_data"),
        posterior,
        partial(_density, terms=terms, outcome=outcome, at=at),
        looked=_looked(posterior, terms, outcome, at),
        draws=draws,
        tune=tune,
        chains=chains,
        seed=seed,
    )
    return Fitted(posterior, diagnosis, elpd)


def quick_elpd(
    posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, at: Rows = WHOLE
) -> Elpd:
    """Return the elpd by PSIS alone, looking at the rows at these positions."""
    found = psis(_density(posterior, terms, outcome, at))
    return replace(found, looked=_looked(posterior, terms, outcome, at))


def gap(one: Fitted, other: Fitted) -> Difference | None:
    """Return the difference of the elpds; None if a fit, or nearly every refit, has none."""
    found = difference(one.elpd, other.elpd) if one.elpd and other.elpd else None
    return found if found and found.n > 1 else None


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


def _density(
    posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, at: Rows
) -> xr.DataArray:
    """Return the log density of the rows at `at`, of every so many draws where they are many."""
    x, y = terms.iloc[at], outcome.iloc[at]
    some = thinned(posterior, len(x))
    starts = range(0, len(x), ROWS_AT_ONCE)
    parts = [slice(start, start + ROWS_AT_ONCE) for start in starts]
    found = [log_density(some, x.iloc[part], y.iloc[part]) for part in parts]
    return xr.concat(found, "row") if len(found) > 1 else found[0]


def _looked(
    posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, at: Rows
) -> Looked | None:
    if isinstance(at, slice):
        return None
    mean = posterior.mean(SAMPLE).expand_dims(SAMPLE)
    return Looked(at, log_density(mean, terms, outcome).to_numpy().ravel())


def favours(gap: Difference | None, rows: int, *, errors: float = ERRORS) -> tuple[str, ...]:
    """Return which noise predicts better, and behind it what Monte Carlo error cannot tell from it.

    "cannot tell" where there are fewer than 100 rows, the difference of the elpds is below 4 or
    within 2 of its standard errors, or there is none (None).
    """
    if gap is None or rows < LEAST_ROWS:
        return (UNDECIDED,)
    room = errors * gap.mcse
    if not np.isfinite(room):
        return tuple(dict.fromkeys((_favours(gap.value, gap.se), UNDECIDED, STUDENT, GAUSSIAN)))
    tested = (gap.value, gap.value - room, gap.value + room)
    return tuple(dict.fromkeys(_favours(value, gap.se) for value in tested))


def _favours(value: float, se: float) -> str:
    if abs(value) < LEAST_DIFFERENCE or abs(value) < ERRORS * se:
        return UNDECIDED
    return STUDENT if value > 0 else GAUSSIAN


@dataclass(frozen=True)
class Moved:
    """How far a quantity moved from its prior: medians, central 95% and the distance of the two.

    `distance` is the greatest difference between the prior and the posterior probability of lying
    below a value (Kolmogorov and Smirnov), at `where`: 0 for the same distribution, 1 for two that
    have nothing in common.
    """

    prior: tuple[float, ...]
    posterior: tuple[float, ...]
    distance: float
    where: float

    @property
    def in_words(self) -> str:
        """How far, by a rule: up to .2 hardly, from .5 far."""
        if self.distance <= HARDLY:
            return "hardly moved"
        return "moved far" if self.distance >= FAR else "moved"


def moved(prior: ArrayLike, posterior: ArrayLike) -> Moved:
    """Compare prior and posterior draws of a scalar."""
    a, b = np.ravel(prior), np.ravel(posterior)
    found = stats.ks_2samp(a, b)
    quantiles = (0.5, 0.025, 0.975)
    ends = [tuple(float(q) for q in np.quantile(x, quantiles)) for x in (a, b)]
    return Moved(ends[0], ends[1], float(found.statistic), float(found.statistic_location))
