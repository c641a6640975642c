"""Counts with an exposure: each rate is a Gamma posterior of its own, so everything is exact."""

from typing import Any

import pymc as pm
from scipy import stats

from data.my_case import load
from tests.calibration.mutants import Mutant, doubled, replaced, without_jacobian
from tests.contract import model_of

rates = model_of("my_case")
GROUPS = load()
PRIORS = [
    {"prior_mean": 0.5, "prior_shape": 1.0},
    {"prior_mean": 2.0, "prior_shape": 20.0},
]  # EDIT: knobs


def shipped(**knobs: float) -> pm.Model:
    """The groups that the analysis fits."""
    return rates(GROUPS, **knobs)


def small(**knobs: float) -> pm.Model:
    """One unit of exposure a group."""
    return rates(GROUPS.assign(events=0, exposure=1.0), **knobs)  # EDIT: less data than shipped


def log_density(rate: Any, *, prior_mean: float = 2.0, prior_shape: float = 2.0) -> float:
    """Of the groups' rates, with all constants."""
    prior = stats.gamma(prior_shape, scale=prior_mean / prior_shape)  # EDIT: the density by hand
    expected = rate * GROUPS["exposure"].to_numpy()
    found = stats.poisson(expected).logpmf(GROUPS["events"]).sum() + prior.logpdf(rate).sum()
    return float(found)


def reference(
    *, prior_mean: float = 2.0, prior_shape: float = 2.0
) -> dict[str, tuple[float, float, float, float]]:
    """Exact: each rate is Gamma(prior_shape + events, prior_shape / prior_mean + exposure)."""
    found = {}
    for row in GROUPS.itertuples():  # EDIT: mean and sd of every quantity, without PyMC
        exact = stats.gamma(
            prior_shape + row.events, scale=1 / (prior_shape / prior_mean + row.exposure)
        )
        found[f"rate[{row.group}]"] = (float(exact.mean()), float(exact.std()), 0.0, 0.0)
    return found


def wide_prior() -> Mutant:
    """A prior that says less than the right one."""
    return replaced("prior of the rates with twice the sd", prior_shape=0.5)  # EDIT: a knob


def wrong_likelihood() -> Mutant:
    """Every event counted twice."""
    return doubled("events_data")  # EDIT: the counts


def dropped_jacobian() -> Mutant:
    """Rates sampled on the log scale under their own prior."""
    told = "no Jacobian of the logarithm of the rates"  # EDIT: the transform
    return Mutant(told, without_jacobian(small(), "rate"))
