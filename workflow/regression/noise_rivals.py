"""Several noises fitted to the same rows: which predicts best, also under other priors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr
from nutpie.compile_pymc import CompiledPyMCModel

from workflow.checking.diagnostics import Status, diagnose
from workflow.quantities import Scalar
from workflow.regression.assessed import Fitted, gap, left_out
from workflow.regression.noises import COUNTS, GAUSSIAN, REAL, Noisy
from workflow.sampling.fit import data_of, refit
from workflow.sampling.simulating import simulate
from workflow.scoring.elpd import LEAST_DIFFERENCE, errors_needed

UNDECIDED = "cannot tell: "
JUDGED = 2000  # rows up to which the rivals are fitted under every prior of the sweep, too
FEW = 500  # draws, and warm-up draws, there
SIMULATED = 4_000_000  # values in all
BATCHES = 20  # of simulated data sets, for a Monte Carlo error


@dataclass(frozen=True)
class One:
    """A noise: its rows, its model, and what samples it."""

    rows: Noisy
    model: pm.Model
    compiled: CompiledPyMCModel

    def _data(self, prior: Mapping[str, Any]) -> dict[str, Any]:
        data: dict[str, Any] = dict(data_of(self.model))
        return data | {name: value for name, value in prior.items() if name in data}

    def under(self, prior: Mapping[str, Any], like: Fitted, **settings: int) -> Fitted:
        """Return the fit under another prior, with its elpd alone; like another of the same."""
        if (elpd := self.rows.exact(data := self._data(prior))) is not None:
            return replace(like, elpd=elpd)
        tree = refit(self.compiled, data, **settings)
        if diagnose(tree).status is Status.FAIL:
            return replace(like, elpd=None)
        return self.left_out(tree["posterior"].to_dataset(), prior, like, **settings)

    def left_out(
        self, posterior: xr.Dataset, prior: Mapping[str, Any], like: Fitted, **settings: int
    ) -> Fitted:
        """Return the same of a posterior that is there."""
        elpd = left_out(self.compiled, self._data(prior), posterior, self.rows, **settings)
        return replace(like, elpd=elpd)


@dataclass(frozen=True)
class Beside:
    """All noises of one kind, fitted to the same rows; the one that is told stands first."""

    ones: tuple[One, ...]
    fits: tuple[Fitted, ...]
    settings: Mapping[str, int]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.ones[0].rows.outcome)

    def decide(self, posterior: xr.Dataset, errors: float = 2) -> tuple[str, ...]:
        """Return which noise predicts best, under the prior that `posterior` has.

        Under another prior all are fitted again; nothing where rows are many, or an elpd is not
        known.
        """
        prior = posterior.attrs.get("prior")
        if prior is None:
            return decided(self.fits, self.rows, errors=errors)
        if self.rows > JUDGED:
            return ()
        few = {**self.settings, "draws": FEW, "tune": FEW}
        first, *others = zip(self.ones, self.fits, strict=True)
        names = list(map(str, first[0].rows.terms))
        mine = first[0].left_out(posterior.assign_coords(term=names), prior, first[1], **few)
        found = [mine, *(one.under(prior, like, **few) for one, like in others)]
        if not all(one.known for one in found):
            return ()
        return decided(found, self.rows, errors=errors)

    def impossible(self, seed: int) -> Scalar | None:
        """Return which share of what the Gaussian predicts no such outcome can have, if any."""
        for one, fit in zip(self.ones, self.fits, strict=True):
            kind = one.rows.kind
            if fit.name == GAUSSIAN and kind != REAL and fit.elpd:
                return impossible(one.model, fit.posterior, kind, self.rows, seed=seed)
        return None


def decided(fits: Sequence[Fitted], rows: int, *, errors: float = 2) -> tuple[str, ...]:
    """Return which noises may predict best, and behind it what Monte Carlo error cannot rule out.

    One name where it is better than each other, by 4 of elpd and as many standard errors as
    `errors_needed` says; else "cannot tell: " and the names that none is clearly better than. A
    noise whose elpd is not known is among these.
    """
    known = [one for one in fits if one.known]
    if not known:
        return (UNDECIDED + ", ".join(one.name for one in fits),)
    best = max(known, key=lambda one: one.elpd.total if one.elpd else -np.inf)
    found = []
    for side in (0.0, 1.0, -1.0):
        left = [one.name for one in fits if not _worse(one, best, rows, side * errors)]
        found.append(left[0] if len(left) == 1 else UNDECIDED + ", ".join(left))
    return tuple(dict.fromkeys(found))


def _worse(one: Fitted, best: Fitted, rows: int, errors: float) -> bool:
    """Say whether one is clearly worse than the best, were the elpd so many errors off."""
    away = gap(one, best) if one.known and one is not best else None
    if away is None:
        return False
    least = max(LEAST_DIFFERENCE, errors_needed(rows) * away.se)
    return -away.value + errors * away.mcse >= least


def impossible(
    model: pm.Model, posterior: xr.Dataset, kind: str, rows: int, *, seed: int
) -> Scalar:
    """Return which share of the values that a model predicts no outcome of the kind can have.

    Below 0, of counts; outside 0 and 1, of shares. The Monte Carlo error is that of means of
    batches of data sets.
    """
    size = int(np.clip(SIMULATED // rows, 10 * BATCHES, 2000)) // BATCHES * BATCHES
    drawn = simulate(model, posterior, ["y"], size=size, seed=seed)["y"]
    y = drawn.transpose("sample", "row").to_numpy()
    out = y < 0 if kind == COUNTS else (y < 0) | (y > 1)
    batches = out.reshape(BATCHES, -1).mean(axis=1)
    return Scalar(float(out.mean()), float(batches.std(ddof=1) / np.sqrt(BATCHES)))
