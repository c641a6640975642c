"""Student-t noise and its Gaussian rival: both assessed, and what their difference decides."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import xarray as xr
from nutpie.compile_pymc import CompiledPyMCModel

from workflow.quantities import Scalar, expectations
from workflow.regression import imputed
from workflow.regression.hanging import Hanging, hanging
from workflow.regression.regression import directions, explained
from workflow.regression.tail_elpd import WHOLE, LeftOut, Rows
from workflow.regression.tails import HEAVY, UNDECIDED, Fitted, favours, fitted, gap
from workflow.sampling.fit import data_of
from workflow.scoring.elpd import Difference, Elpd, difference

FEW = 500  # draws, and warm-up draws, of refits under other priors
REFITS, REFITTED = 10, 20_000  # under one of them, and rows of all these, at most


@dataclass(frozen=True)
class Rivals:
    """The same regression with both kinds of noise, and how much better the first one predicts.

    `elpds` leaves rows out of another posterior with Student-t noise: to its elpd, and that of the
    Gaussian with the same prior, whose `pm.Data` are the attribute `prior` of the posterior. One
    without it has the prior of the analysis.
    """

    student: Fitted
    gaussian: Fitted
    gap: Difference | None
    rows: int
    elpds: Callable[[xr.Dataset], tuple[Elpd, Elpd]]
    hanging: Hanging = field(default_factory=Hanging)  # of the Student-t's coefficients

    @property
    def compared(self) -> bool:
        """Whether there is a difference, and its Monte Carlo error is known."""
        return self.gap is not None and bool(np.isfinite(self.gap.mcse))

    @property
    def noises(self) -> tuple[str, ...]:
        """The noise that is preferred, and those that Monte Carlo error cannot tell from it."""
        return favours(self.gap, self.rows) if self.compared else (UNDECIDED,)

    def decided(self, posterior: xr.Dataset, sure: float) -> tuple[str, ...]:
        """Return the decision: the noise that is preferred and the known directions of its slopes.

        Behind it stand those that Monte Carlo error cannot tell from it. Of terms that hang on a
        row no direction is called known.
        """
        return _with_directions(self.noises, posterior, sure, 2, self.hanging.terms)

    def decide(self, posterior: xr.Dataset, sure: float, errors: float = 2) -> tuple[str, ...]:
        """Return what another posterior decides beside the Gaussian with the same prior.

        Nothing where rows cannot be left out so that the error is known: another prior is then not
        judged. Under that of the analysis its noise stands; where it has none, directions alone do.
        """
        but = self.hanging.terms
        if not self.compared:
            return _with_directions((UNDECIDED,), posterior, sure, errors, but)
        mine, theirs = self.elpds(posterior)
        noises = favours(difference(mine, theirs), self.rows, errors=errors)
        if (mine.failed or not noises) and "prior" not in posterior.attrs:
            noises = self.noises
        elif mine.failed:
            noises = ()
        return _with_directions(noises, posterior, sure, errors, but)


def _with_directions(
    noises: Sequence[str], posterior: xr.Dataset, sure: float, errors: float, but: Collection[str]
) -> tuple[str, ...]:
    known = directions(posterior["beta"], sure, errors=errors, but=but)
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
    """Diagnose both fits (Student-t first) and compare them by leave-one-out.

    Refits have these draws and tune, but 1000 and 500 at most. `at` are the positions of the rows
    that leave-one-out looks at. The Gaussian's is exact where no term has gaps (NaN).
    """
    mine, theirs = (tree["posterior"].to_dataset() for tree in trees)
    both = data_of(models[0]), data_of(models[1])
    rival = (compiled[1], theirs) if imputed.has_gaps(theirs) else None
    left = LeftOut(compiled[0], *both, terms, outcome, at, rival)
    own: dict[str, Any] = {"draws": min(draws, 1000), "tune": min(tune, 500)}
    own |= {"chains": chains, "seed": seed}
    student = fitted(trees[0], terms, partial(left.of_student, **own))
    gaussian = fitted(trees[1], terms, lambda posterior: left.of_gaussian(**own))

    def elpds(posterior: xr.Dataset) -> tuple[Elpd, Elpd]:
        prior = posterior.attrs.get("prior")
        few = {"draws": min(draws, FEW), "tune": min(tune, FEW)}
        at_most = min(REFITS, REFITTED // len(outcome)) if prior else 0
        bounds = {"all_up_to": 0, "at_most": at_most, **own, **few}
        return left.of_student(posterior, prior, **bounds), left.of_gaussian(prior, **bounds)

    hangs = hanging(imputed.plain(mine), imputed.completed(mine, terms, seed=seed), outcome)
    return Rivals(student, gaussian, gap(student, gaussian), len(outcome), elpds, hangs)


def prob_heavy(draws: xr.Dataset) -> Scalar:
    """Return the probability of tails that matter."""
    (found,) = expectations("prob", draws["nu"] < HEAVY).values()
    return found


def scalars(posterior: xr.Dataset, gap: Difference | None) -> dict[str, Scalar]:
    """Return the probability of tails that matter, and the difference of the elpds if known."""
    told = gap and np.isfinite(gap.mcse)
    known = {"elpd_difference": Scalar(gap.value, gap.mcse)} if gap and told else {}
    return {f"prob_nu_below_{HEAVY}": prob_heavy(posterior), **known}


def share_explained(draws: xr.Dataset, terms: pd.DataFrame) -> xr.DataArray:
    """Return R^2 draw by draw, of all that is not explained by Student-t noise."""
    return explained(draws, terms, xr.ufuncs.exp(draws["log_sd"]))
