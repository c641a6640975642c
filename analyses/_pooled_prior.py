"""Priors of the study of groups, stated or from the data, and the model that they are of."""

import math
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pymc as pm
import typer

from data.partial_pooling import SCHOOLS, Grouped
from models.partial_pooling import effects, means, rates
from workflow.groups.exact import Prior
from workflow.groups.observed import Observed, tells_itself

RATES = {"mu_mean": 0.0, "mu_sd": 1.5, "tau_scale": 1.0}
POINTS = {"mu_mean": 0.0, "mu_sd": 5.0, "tau_scale": 5.0}  # of the eight schools
USUAL_LOSS, OF_RATE = 0.01, 0.1  # of rates: that, or so much of the overall rate where it is less
OF_SCALE = 0.1  # of the prior scale: the usual limit of effects
WIDE = 10  # scales that the prior of a typical group has where nobody stated it
FAR = 2  # prior sds: a usual prior whose middle is farther from all data is moved there
GRID = {  # of the sweep, in those of the page
    "mu_sd": (0.5, 1.0, 2.0),
    "tau_scale": (0.25, 1.0, 4.0),
    "sigma_scale": (0.25, 1.0, 4.0),
}


def one_digit(value: float) -> float:
    """Return a number to one digit."""
    return float(f"{value:.0e}")


def stated(path: Path, observed: Observed, given: Mapping[str, float | None]) -> tuple[Prior, bool]:
    """Return the priors, and whether their scale comes from the data since nobody stated it."""
    if observed.counted:
        usual = dict(RATES)
        logit = math.log((observed.pooled + 1e-9) / (1 - observed.pooled + 1e-9))
        x, _ = observed.rough
        if abs(logit) > FAR * RATES["mu_sd"]:
            usual["mu_mean"] = float(np.round(np.median(x)))
    elif path.resolve() == SCHOOLS:
        usual = dict(POINTS)
    else:
        spread = one_digit(max(float(observed.first.std()), float(np.median(observed.rough[1]))))
        usual = {"mu_mean": 0.0, "mu_sd": WIDE * spread, "tau_scale": spread}
        if abs(observed.pooled) > FAR * usual["mu_sd"]:
            usual["mu_mean"] = one_digit(observed.pooled)
        if observed.squares is not None:
            usual["sigma_scale"] = one_digit(observed.within)
    known = {name: value for name, value in given.items() if value is not None}
    if "sigma_scale" in known and observed.squares is None:
        raise typer.BadParameter(
            "--sigma-scale is for files with a row a measurement; of others no such sd is unknown"
        )
    scales = {one for one in ("tau_scale", "sigma_scale") if one in usual}
    by_data = path.resolve() != SCHOOLS and not scales <= {*known}
    return Prior(**usual | known, counted=observed.counted), by_data


def built(found: Grouped, observed: Observed, prior: Prior) -> "partial[pm.Model]":
    """Return what makes the model, in the coordinates that the data suggest."""
    model = rates if observed.counted else effects if observed.squares is None else means
    return partial(model, found.table, float(tells_itself(observed)), **knobs(prior))


def knobs(prior: Prior) -> dict[str, float]:
    """Return the knobs of a prior."""
    within = {} if prior.sigma_scale is None else {"sigma_scale": prior.sigma_scale}
    return {name: getattr(prior, name) for name in RATES} | within


def swept(prior: Prior) -> dict[str, tuple[float, ...]]:
    """Return the priors of the sweep: of each knob some times that of the page."""
    return {
        name: tuple(of * times for times in GRID[name])
        for name, of in knobs(prior).items()
        if name in GRID
    }


def shared(observed: Observed) -> list[str]:
    """Return what the population is told by, and the sd within groups where that is unknown."""
    return ["mu", "tau", *(["sigma"] if observed.squares is not None else [])]


def loss(observed: Observed, prior: Prior, given: float | None) -> float:
    """Return the limit on what may be given away: stated, or the usual one."""
    usual = OF_SCALE * prior.tau_scale
    if observed.counted:
        rarer = min(observed.pooled, 1 - observed.pooled) or float(1 / observed.second.sum())
        usual = min(USUAL_LOSS, one_digit(OF_RATE * rarer))
    return given or usual
