"""The posteriors that methods are tried on: one's own in two ways of writing, and four examples."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import xarray as xr

from analyses._designs_alone import of_effects
from data.approximations import PATH
from models import approximations as models
from workflow.approximating import exact, methods
from workflow.approximating.hills import Hills
from workflow.approximating.judged import Judged, Target, judged
from workflow.approximating.methods import Run
from workflow.deciding.threshold import Rule
from workflow.variational.advi import METHODS, fit_advi

OWN, CENTRED = "{}, non-centred", "{}, centred"
USUAL = {"mu_sd": 5.0, "tau_scale": 5.0}  # of the shipped schools, as posteriordb has them
ARMS = pd.DataFrame({"events": [2, 6], "trials": [40, 40]}, index=["A", "B"])
HILLS = Hills((0.3, 0.7), (-1.5, 4.0), (0.3, 1.0))
SLOPES = {"slope_sd": 2.0, "noise": 1.0}
SHOWN = (models.centred, models.two_rates, models.collinear, models.banana, models.two_modes)
WIDTH, HEIGHT = 0.3, 2.0  # of the banana: how narrow it is, and the y that is asked for


def regression() -> tuple[pd.DataFrame, pd.Series]:
    """Return two terms that nearly say the same, in 20 rows, and an outcome."""
    x = np.linspace(-1.5, 1.5, 20)
    terms = pd.DataFrame({"x1": x, "x2": x + 0.2 * np.cos(7 * x)})
    return terms, 0.6 * terms["x1"] + 0.5 * terms["x2"] + np.sin(31 * x)


def examples() -> "dict[str, partial[pm.Model]]":
    """Return what builds the model of each example."""
    hills = (HILLS.weights, HILLS.means, HILLS.sds)
    return {
        "two rates": partial(models.two_rates, ARMS),
        "collinear regression": partial(models.collinear, *regression(), **SLOPES),
        "banana": partial(models.banana, width=WIDTH),
        "two modes": partial(models.two_modes, *hills),
    }


def prior(data: Any, schools: pd.DataFrame, given: Mapping[str, float | None]) -> dict[str, float]:
    """Return the prior's knobs: those given, else the usual ones, else by the size of the data."""
    typical = math.sqrt(float((schools["effect"] ** 2 + schools["standard_error"] ** 2).mean()))
    size = float(f"{typical:.1g}")
    usual = USUAL if data.resolve() == PATH else {"mu_sd": 2 * size, "tau_scale": size}
    return {name: usual[name] if x is None else x for name, x in given.items()}


@dataclass(frozen=True)
class Tried:
    """What the methods made: runs by posterior and method, and the trees of ADVI on one's own."""

    runs: dict[str, dict[str, Run]]
    trees: dict[str, xr.DataTree]


def try_all(
    build: "partial[pm.Model]", *, name: str, draws: int, tune: int, chains: int, seed: int
) -> Tried:
    """Run every method on every posterior; NUTS on one's own, non-centred, is the study's.

    `name` is what the posterior that `build` makes is of.
    """
    lengths = {"draws": draws, "tune": tune, "chains": chains}
    centred = partial(models.centred, *build.args, **build.keywords)
    model = build()
    trees = {said: fit_advi(model, one, seed=seed) for one, said in METHODS.items()}
    first = [*_without_advi(model, seed), *map(methods.of_advi, trees.values())]
    runs = {OWN.format(name): first}
    for other, made in {CENTRED.format(name): centred, **examples()}.items():
        model = made()
        advi = methods.by_advi(model, seed=seed)
        nuts = methods.by_nuts(model, **lengths, seed=seed)
        runs[other] = [*_without_advi(model, seed), *advi, nuts]
    return Tried({at: {one.method: one for one in of} for at, of in runs.items()}, trees)


def first_look(build: "partial[pm.Model]", *, name: str, seed: int) -> Tried:
    """Run Laplace and Pathfinder on one's own posterior, and nothing else."""
    found = {one.method: one for one in _without_advi(build(), seed)}
    return Tried({OWN.format(name): found}, {})


def _without_advi(model: pm.Model, seed: int) -> list[Run]:
    return [methods.by_laplace(model, seed=seed), methods.by_pathfinder(model, seed=seed)]


def targets(
    schools: pd.DataFrame, knobs: Mapping[str, float], rule: Rule, name: str
) -> list[Target]:
    """Return every posterior with its exact answer and its question, one's own first."""
    sure, zero = rule.sure, Rule(0.0, rule.sure)
    own = exact.schools(schools, **knobs, reference=rule.reference)
    asked = f"Is the mean effect above {rule.reference:g}?", "mu", rule, own
    hills = (HILLS.weights, HILLS.means, HILLS.sds)
    rows, (terms, outcome) = ARMS.itertuples(), regression()
    counts = " and ".join(f"{one.events} of {one.trials}" for one in rows)
    return [
        Target(OWN.format(name), "Effects written as so many tau from mu.", *asked),
        Target(CENTRED.format(name), "The same posterior with the effects as parameters.", *asked),
        Target(
            "two rates",
            f"Rates known from few events: {counts}. Skewed, but with one hill.",
            *("Is the rate of B above that of A?", "difference", zero, exact.rates(ARMS)),
        ),
        Target(
            "collinear regression",
            f"Two terms with a correlation of {terms.corr().iloc[0, 1]:.2f}; exactly normal.",
            *("Is the slope of x1 above 0?", "slope[x1]", zero),
            exact.slopes(terms, outcome, **SLOPES),
        ),
        Target(
            "banana",
            "y is nearly the square of x: a bent ridge.",
            *(f"Is y above {HEIGHT:g}?", "y", Rule(HEIGHT, sure)),
            exact.banana(width=WIDTH, reference=HEIGHT),
        ),
        Target(
            "two modes",
            "Two hills far apart: a narrow one with 30% of the mass, a wide one with 70%.",
            *("Is x above 0?", "x", zero, exact.modes(*hills)),
        ),
    ]


def judge_all(found: Tried, wanted: list[Target], nuts: Run) -> dict[str, dict[str, Judged]]:
    """Hold every run against the exact posterior of its target; `nuts` is the study's own."""
    runs = dict(found.runs)
    runs[wanted[0].name] = runs[wanted[0].name] | {nuts.method: nuts}
    return {
        one.name: {method: judged(one, run) for method, run in runs[one.name].items()}
        for one in wanted
        if one.name in runs
    }


def decided(schools: pd.DataFrame, rule: Rule, **knobs: float) -> str:
    """Return what the exact posterior decides under a prior."""
    return rule.side(exact.schools(schools, **knobs, reference=rule.reference).below)


def design(schools: pd.DataFrame) -> dict[str, Any]:
    """Return what the fit keeps, so that `casebook predict` can say why it predicts nothing."""
    return of_effects(list(schools.index))
