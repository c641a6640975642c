"""A regression of many rows fitted by certified Gaussians at the mode, under any of its priors.

The result is a tree like that of NUTS (`workflow.sampling.fit.refit`), told by the same names.
"""

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from math import sqrt
from typing import Any

import numpy as np
import xarray as xr

from workflow.checking.diagnostics import Diagnosis, Status, diagnose
from workflow.checking.sampler_checks import GOOD_K, K_HAT
from workflow.quantities import SAMPLE
from workflow.sampling.fit import RETRIES, Try
from workflow.sampling.groups import JOINT
from workflow.variational.certified import (
    BEFORE,
    METHOD,
    Chains,
    Likelihood,
    Mode,
    NotFoundError,
    Proposals,
    chains_of,
    mode,
    propose,
)

ENOUGH = 0.5  # of the proposals taken, with which those of another prior's mode do


def until_enough(refit: Callable[..., xr.DataTree], draws: int) -> tuple[xr.DataTree, Diagnosis]:
    """Return a tree of `refit`, with the record of its tries, and what it is worth.

    Where too few draws are left of those that the weights allow, twice as many are made, at most
    twice.
    """
    record: list[Try] = []
    while True:
        start = time.perf_counter()
        tree = refit(draws=draws)
        found, seconds = diagnose(tree), time.perf_counter() - start
        bulk, tail = found["bulk ESS"], found["tail ESS"]
        least = float(np.minimum(bulk.worst, tail.worst))
        record.append(Try(draws, BEFORE, math.nan, 0, least, seconds, found.status.value))
        few = Status.worst([bulk.status, tail.status]) is not Status.PASS
        if len(record) > RETRIES or not few or found[K_HAT].status is not Status.PASS:
            break
        draws *= 2
    tree.attrs |= {"method": METHOD, "tries": json.dumps([asdict(one) for one in record])}
    return tree, found


@dataclass
class AtMode:
    """Fits of the same rows, which remember their prior, the last mode, and draws about it.

    Parameters
    ----------
    rows
        The likelihood of a level, and of what the coefficients are along directions.
    coefficient
        What the model calls these.
    terms, centre, scale
        Names of the terms, and how they were standardised.
    root
        The coefficients of a step along each direction: a square root of their prior covariance
        where r2 is .5 (dims: term, direction).
    """

    rows: Likelihood
    coefficient: str
    terms: list[str]
    centre: np.ndarray
    scale: np.ndarray
    root: np.ndarray
    _own: Mapping[str, Any] = field(default_factory=dict, init=False)
    _last: Mode | None = field(default=None, init=False)
    _about: dict[tuple[int, int], Proposals] = field(default_factory=dict, init=False)

    def fit(
        self, prior: Mapping[str, Any], *, draws: int, chains: int, seed: int
    ) -> tuple[xr.DataTree, Diagnosis]:
        """Return the tree of a fit, with the record of its tries, and what it is worth.

        `prior` has `level_sd`, and `r2` or `slope_sd`. Where too few draws are left of those that
        the weights allow, twice as many are made, at most twice.
        """
        self._own = prior
        return until_enough(partial(self.refit, prior, chains=chains, seed=seed), draws)

    def refit(
        self, prior: Mapping[str, Any], *, draws: int, chains: int, seed: int, **_: float
    ) -> xr.DataTree:
        """Return a tree with posterior, sample_stats and the likelihood of all rows at each draw.

        Knobs that `prior` does not have are those of `fit`. The diagnosis of the tree says whether
        it is certified. Where no mode was found, k-hat is infinite, and the draws are no numbers.
        """
        spread, precision = self._prior({**self._own, **prior})
        size = len(precision)
        try:
            found = self._chains(precision, draws, chains, seed)
        except NotFoundError:
            shape = chains, draws
            nothing = np.full((*shape, size), np.nan), np.full(shape, np.nan)
            found = Chains(*nothing, np.zeros(shape, dtype=bool), math.inf)
        return self._told(found, spread)

    def _prior(self, prior: Mapping[str, Any]) -> tuple[float | None, np.ndarray]:
        """Return the prior's sd along the directions (None: it has none) and its precision."""
        found = np.zeros((len(self.root) + 1, len(self.root) + 1))
        found[0, 0] = float(prior["level_sd"]) ** -2
        if "slope_sd" in prior:
            found[1:, 1:] = self.root.T @ self.root / float(prior["slope_sd"]) ** 2
            return None, found
        spread = sqrt(prior["r2"] / (1 - prior["r2"]))
        found[1:, 1:] = np.eye(len(self.root)) / spread**2
        return spread, found

    def _chains(self, precision: np.ndarray, draws: int, chains: int, seed: int) -> Chains:
        """Weight the draws about the last mode, where these do for the prior, else new ones."""
        known = self._about.get((chains, seed))
        if known is not None and known.of_rows.shape[1] >= BEFORE + draws:
            found = chains_of(known.first(BEFORE + draws), precision, seed=seed)
            if found.k_hat < GOOD_K and found.taken.mean() > ENOUGH:
                return found
        start = np.zeros(len(precision)) if self._last is None else self._last.at
        about = mode(self.rows, precision, start)
        made = propose(self.rows, about, draws=draws, chains=chains, seed=seed)
        self._last = about
        if known is None or known.of_rows.shape[1] < BEFORE + draws:
            self._about[chains, seed] = made
        return chains_of(made, precision, seed=seed)

    def _told(self, found: Chains, spread: float | None) -> xr.DataTree:
        """Return the tree of some chains, with all variables that the model has."""
        level, along = found.draws[..., 0], found.draws[..., 1:]
        beta = along @ self.root.T
        slope = beta / self.scale
        by_term = *SAMPLE, "term"
        told = {
            "level": (SAMPLE, level),
            self.coefficient: (by_term, beta),
            "slope": (by_term, slope),
            "intercept": (SAMPLE, level - slope @ self.centre),
        }
        coords: dict[str, Any] = {
            dim: np.arange(n) for dim, n in zip(SAMPLE, level.shape, strict=True)
        }
        labels: dict[str, Any] = {"term": self.terms}
        if spread is not None:
            labels["direction"] = np.arange(1, len(self.terms) + 1)
            told["theta"] = (*SAMPLE, "direction"), along / spread
        stats = {"taken": (SAMPLE, found.taken), "pareto_k": ((), found.k_hat)}
        return xr.DataTree.from_dict(
            {
                "posterior": xr.Dataset(told, coords | labels),
                "sample_stats": xr.Dataset(stats, coords),
                JOINT: xr.Dataset({"y": (SAMPLE, found.of_rows)}, coords),
            }
        )
