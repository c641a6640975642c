"""Heavy tails: Student-t against Gaussian noise, and whether nu moved."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike
from scipy import stats

from workflow.checking.diagnostics import Diagnosis, Status, diagnose
from workflow.regression.imputed import plain
from workflow.scoring.elpd import (
    ERRORS,
    LEAST_DIFFERENCE,
    Difference,
    Elpd,
    difference,
    errors_needed,
)

STUDENT, GAUSSIAN, UNDECIDED = "Student-t", "Gaussian", "cannot tell"
HEAVY = 10  # nu below which tails matter
HARDLY, FAR = 0.2, 0.5  # greatest difference of two probabilities up to which, from which


@dataclass(frozen=True)
class Fitted:
    """One model's posterior, whether it can be trusted, and if so its elpd."""

    posterior: xr.Dataset
    diagnosis: Diagnosis
    elpd: Elpd | None


def fitted(tree: xr.DataTree, terms: pd.DataFrame, elpd: Callable[[xr.Dataset], Elpd]) -> Fitted:
    """Diagnose a fit and return it with its elpd, which `elpd` finds from the posterior.

    The names of the terms are those of `terms`, whatever the compiled model called them. What fills
    gaps is left out of the posterior that is returned.
    """
    posterior = tree["posterior"].to_dataset().assign_coords(term=list(map(str, terms)))
    diagnosis = diagnose(tree)
    failed = diagnosis.status is Status.FAIL
    return Fitted(plain(posterior), diagnosis, None if failed else elpd(posterior))


def gap(one: Fitted, other: Fitted) -> Difference | None:
    """Return the difference of the elpds; None if a fit, or nearly every refit, has none."""
    found = difference(one.elpd, other.elpd) if one.elpd and other.elpd else None
    return found if found and found.n > 1 else None


def favours(gap: Difference | None, rows: int, *, errors: float = ERRORS) -> tuple[str, ...]:
    """Return which noise predicts better, and behind it what Monte Carlo error cannot tell from it.

    "cannot tell" where the difference of the elpds is below 4 or within `errors_needed` of its
    standard errors, or there is none (None). Nothing where its Monte Carlo error is not known: then
    nothing is claimed.
    """
    if gap is None:
        return (UNDECIDED,)
    room = errors * gap.mcse
    if not np.isfinite(room):
        return ()
    least = max(LEAST_DIFFERENCE, errors_needed(rows) * gap.se)
    tested = (gap.value, gap.value - room, gap.value + room)
    return tuple(dict.fromkeys(_favours(value, least) for value in tested))


def _favours(value: float, least: float) -> str:
    if abs(value) < least:
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
