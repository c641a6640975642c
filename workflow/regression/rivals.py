"""Student-t noise and its Gaussian rival: both assessed, and what their difference decides."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import pymc as pm
import xarray as xr
from nutpie.compile_pymc import CompiledPyMCModel

from workflow.quantities import Scalar, expectations
from workflow.regression.regression import directions, explained
from workflow.regression.tails import (
    HEAVY,
    LEAST_ROWS,
    UNDECIDED,
    WHOLE,
    Fitted,
    Rows,
    favours,
    fitted,
    gap,
    quick_elpd,
)
from workflow.sampling.fit import data_of
from workflow.scoring.elpd import Difference, difference


@dataclass(frozen=True)
class Rivals:
    """The same regression with both kinds of noise, and how much better the first one predicts.

    `at` are the rows that leave-one-out looked at.
    """

    student: Fitted
    gaussian: Fitted
    gap: Difference | None
    terms: pd.DataFrame
    outcome: pd.Series
    at: Rows

    @property
    def noises(self) -> tuple[str, ...]:
        """The noise that is preferred, and those that Monte Carlo error cannot tell from it."""
        return favours(self.gap, len(self.outcome))

    def decided(self, posterior: xr.Dataset, sure: float) -> tuple[str, ...]:
        """Return the decision: the noise that is preferred and the known directions of its slopes.

        Behind it stand those that Monte Carlo error cannot tell from it.
        """
        return _with_directions(self.noises, posterior, sure, 2)

    def decide(self, posterior: xr.Dataset, sure: float, errors: float = 2) -> tuple[str, ...]:
        """Return what another posterior with Student-t noise decides beside the same Gaussian.

        By PSIS alone, without refits.
        """
        n, rival = len(self.outcome), self.gaussian.elpd
        if n < LEAST_ROWS or not rival:
            return _with_directions((UNDECIDED,), posterior, sure, errors)
        mine = quick_elpd(posterior, self.terms, self.outcome, self.at)
        noises = favours(difference(mine, rival), n, errors=errors)
        return _with_directions(noises, posterior, sure, errors)


def _with_directions(
    noises: Sequence[str], posterior: xr.Dataset, sure: float, errors: float
) -> tuple[str, ...]:
    known = directions(posterior["beta"], sure, errors=errors)
    return tuple(f"{noise}; {way}" for noise in noises for way in known)


def assess(
    compiled: Sequence[CompiledPyMCModel],
    models: Sequence[pm.Model],
    trees: Sequence[xr.DataTree],
    terms: pd.DataFrame,
    outcome: pd.Series,
    *,
    at: Rows = WHOLE,
    draws: int,
    tune: int,
    chains: int,
    seed: int,
) -> Rivals:
    """Diagnose both fits (Student-t first) and compare them by leave-one-out; see `fitted`.

    Draws and tune are of refits, which have 1000 and 500 at most.
    """
    fits = [
        fitted(
            one,
            data_of(model),
            tree,
            terms,
            outcome,
            at=at,
            draws=min(draws, 1000),
            tune=min(tune, 500),
            chains=chains,
            seed=seed,
        )
        for one, model, tree in zip(compiled, models, trees, strict=True)
    ]
    return Rivals(fits[0], fits[1], gap(fits[0], fits[1]), terms, outcome, at)


def prob_heavy(draws: xr.Dataset) -> Scalar:
    """Return the probability of tails that matter."""
    (found,) = expectations("prob", draws["nu"] < HEAVY).values()
    return found


def scalars(posterior: xr.Dataset, gap: Difference | None) -> dict[str, Scalar]:
    """Return the probability of tails that matter, and the difference of the elpds if known."""
    known = {"elpd_difference": Scalar(gap.value, gap.mcse)} if gap else {}
    return {f"prob_nu_below_{HEAVY}": prob_heavy(posterior), **known}


def share_explained(draws: xr.Dataset, terms: pd.DataFrame) -> xr.DataArray:
    """Return R^2 draw by draw, of all that is not explained by Student-t noise."""
    return explained(draws, terms, xr.ufuncs.exp(draws["log_sd"]))
