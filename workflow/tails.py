"""Heavy tails: Student-t against Gaussian noise, the weights of rows, and whether nu moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr
from arviz_stats.base import array_stats
from numpy.typing import ArrayLike
from nutpie.compile_pymc import CompiledPyMCModel
from scipy import stats

from workflow.diagnostics import Diagnosis, Status, diagnose
from workflow.loo import Difference, Elpd, difference, loo
from workflow.quantities import SAMPLE, TAILS
from workflow.regression import linear_predictor

STUDENT, GAUSSIAN, UNDECIDED = "Student-t", "Gaussian", "cannot tell"
LEAST_DIFFERENCE = 4  # of elpd: below it the models are hardly different
LEAST_ROWS = 100  # with fewer the standard error of the difference cannot be trusted
ERRORS = 2  # standard errors that the difference has to be away from 0
HEAVY = 10  # nu below which tails matter
LOW = 0.5  # a row of less weight is named
HARDLY, FAR = 0.2, 0.5  # greatest difference of two probabilities up to which, from which


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
    chains: int,
    seed: int,
) -> Fitted:
    """Diagnose a fit to `data` (all `pm.Data` of the compiled model) and return it with its elpd.

    The names of the terms are those of `terms`, whatever the compiled model called them.
    """
    posterior = tree["posterior"].to_dataset().assign_coords(term=list(map(str, terms)))
    diagnosis = diagnose(tree)
    if diagnosis.status is Status.FAIL:
        return Fitted(posterior, diagnosis, None)
    density = partial(log_density, terms=terms, outcome=outcome)
    rows = ("terms", "y_data")
    elpd = loo(compiled, data, rows, posterior, density, chains=chains, seed=seed)
    return Fitted(posterior, diagnosis, elpd)


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


def weights(posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series) -> xr.DataArray:
    """Return, draw by draw, how much a row counts beside one on the line: nu / (nu + z^2).

    z is the residual in units of `scale`. These are the weights (nu + 1) / (nu + z^2) with which a
    Student-t fit is a weighted least-squares fit, relative to the greatest that there can be.
    Source: Lange, Little and Taylor (1989), Robust statistical modeling using the t distribution.
    """
    mu = linear_predictor(posterior, terms).transpose(*SAMPLE, "row")
    z = (mu.copy(data=outcome.to_numpy(dtype=float) - mu.to_numpy())) / posterior["scale"]
    return posterior["nu"] / (posterior["nu"] + z**2)


def by_row(posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series) -> pd.DataFrame:
    """Return observed, predicted, residual (in scales), weight and its interval; the least first.

    Posterior means but for the central 95% of the weight (lower, upper); mcse is the Monte Carlo
    error of the weight.
    """
    mu = linear_predictor(posterior, terms).transpose(*SAMPLE, "row")
    weight = weights(posterior, terms, outcome).transpose(*SAMPLE, "row")
    observed = outcome.to_numpy(dtype=float)
    lower, upper = weight.quantile(TAILS, SAMPLE).to_numpy()
    errors = array_stats.mcse(weight.to_numpy(), chain_axis=0, draw_axis=1, method="mean")
    columns = {
        "observed": observed,
        "predicted": mu.mean(SAMPLE).to_numpy(),
        "residual": ((observed - mu) / posterior["scale"]).mean(SAMPLE).to_numpy(),
        "weight": weight.mean(SAMPLE).to_numpy(),
        "mcse": errors,
        "lower": lower,
        "upper": upper,
    }
    return pd.DataFrame(columns, index=outcome.index).sort_values("weight", kind="stable")


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
