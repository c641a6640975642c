"""Approximations that are not the posterior.

ADVI always returns something. The casebook holds it against NUTS, quantity by quantity, and against
the posterior itself (k-hat), and says whether it had arrived.
"""

import functools
from collections.abc import Callable, Sequence

import pymc as pm
import pytensor
import xarray as xr

from tests.gates import models
from tests.gates.gallery import Pair, example
from tests.gates.models import compiled
from workflow.checking.diagnostics import diagnose
from workflow.regression.regression import directions
from workflow.sampling.fit import sample_nuts
from workflow.variational.advi import DRAWS, fit_advi
from workflow.variational.compare import Comparison, compare_methods
from workflow.variational.khat import k_hat
from workflow.variational.optimise import Average, settle

RUN = {"draws": 1000, "tune": 1000, "chains": 4}
ITERATIONS = 20_000
Decide = Callable[[xr.Dataset], Sequence[str]]


def which_way(posterior: xr.Dataset) -> tuple[str, ...]:
    """Return which slopes' directions are known, with probability .975."""
    return directions(posterior["slope"], 0.975)


def wide_or_narrow(posterior: xr.Dataset) -> tuple[str, ...]:
    """Return whether the scale is probably above 1."""
    return ("above 1" if float((posterior["log_scale"] > 0).mean()) > 0.9 else "cannot tell",)


@functools.cache
def by_nuts(build: Callable[[], pm.Model], seed: int) -> xr.DataTree:
    """Sample a model of the gallery once."""
    return sample_nuts(compiled(build), {}, **RUN, seed=seed)


def judged(
    build: Callable[[], pm.Model], advi: xr.DataTree, decide: Decide, seed: int
) -> Comparison:
    """Return the casebook's verdict on an approximation."""
    nuts = by_nuts(build, seed)
    return compare_methods(nuts, advi, diagnose(nuts), decide, nuts_seconds=1.0)


@functools.cache
def full_rank(seed: int) -> Comparison:
    """Return the verdict on full-rank ADVI as the casebook does it, on correlated slopes."""
    advi = fit_advi(models.slopes(), "fullrank_advi", seed=seed)
    return judged(models.slopes, advi, which_way, seed)


@example("verdict", advice="mean-field family that does not fit")
def mean_field(seed: int) -> Pair:
    """Mean-field ADVI on two slopes whose posterior correlation is -.95: far too sure of each.

    Sound: full-rank ADVI on the same slopes.
    """
    advi = fit_advi(models.slopes(), "advi", seed=seed)
    return Pair(judged(models.slopes, advi, which_way, seed), full_rank(seed))


@example("verdict", advice="give it more iterations")
def stopped_early(seed: int) -> Pair:
    """Full-rank ADVI stopped after 200 iterations.

    Sound: the same with the casebook's 20,000, and more where it has not arrived.
    """
    advi = fit_advi(models.slopes(), "fullrank_advi", iterations=200, longer=1, seed=seed)
    return Pair(judged(models.slopes, advi, which_way, seed), full_rank(seed))


@example("verdict", advice="give it more iterations")
def default_optimiser(seed: int) -> Pair:
    """Full-rank ADVI with the optimiser that `pm.fit` takes by default, 20,000 iterations.

    Sound: the same with the casebook's optimiser, which averages.
    """
    watch = Average(ITERATIONS, pytensor.shared(0.001, name="unused"))
    approx = pm.fit(
        ITERATIONS,
        method="fullrank_advi",
        model=models.slopes(),
        random_seed=seed,
        callbacks=[watch],
        progressbar=False,
        backend="c",
    )
    last = [parameter.get_value() for parameter in approx.params]
    drift = settle(approx, watch)
    for parameter, value in zip(approx.params, last, strict=True):
        parameter.set_value(value)  # what pm.fit returned, not our average of it
    advi = approx.sample(DRAWS, random_seed=seed)
    advi.attrs |= {"method": "fullrank_advi", "k_hat": k_hat(approx, seed=seed)}
    advi.attrs |= {"seconds": 1.0, **drift}
    return Pair(judged(models.slopes, advi, which_way, seed), full_rank(seed))


@example("verdict", advice="NUTS failed its own diagnosis")
def on_the_funnel(seed: int) -> Pair:
    """Mean-field ADVI on the centred funnel, where NUTS fails as well.

    Sound: mean-field ADVI on the same funnel, not centred.
    """
    broken, sound = (
        judged(build, fit_advi(build(), "advi", seed=seed), wide_or_narrow, seed)
        for build in (models.funnel, models.funnel_non_centred)
    )
    return Pair(broken, sound)
