"""Draws that are not from the posterior.

Each is made of runs of nutpie or of PyMC's sampler on a model that is bad for it; the seed may be
searched for one that goes wrong, and of the chains from one seed three are copies.
"""

import itertools
from collections.abc import Callable

import numpy as np
import pymc as pm
import xarray as xr

from tests.gates import figures, models
from tests.gates.gallery import Pair, example
from tests.gates.models import compiled
from workflow.checking.diagnostics import COPIES, IMPROPER, MIX, MORE, diagnose
from workflow.checking.sampler_checks import DEEP, DIVERGE, ENERGY
from workflow.sampling.fit import refit, sample_nuts

RUN = {"draws": 1000, "tune": 1000, "chains": 4}
SHORT = {"draws": 500, "tune": 500, "chains": 4}
NOT_PROPER = "constant or not finite"


def in_upper_mode(tree: xr.DataTree) -> int:
    """Return how many chains of `two_modes` are in the upper mode."""
    return int((tree["posterior"]["x"].mean("draw") > 0).sum())


def first(seed: int, wanted: Callable[[xr.DataTree], bool], **data: float) -> xr.DataTree:
    """Return the first run of `two_modes`, from `seed` on, that ended as the example says."""
    model = compiled(models.two_modes)
    runs = (sample_nuts(model, data, **SHORT, seed=seed + i) for i in itertools.count())
    return next(run for run in runs if wanted(run))


@example("divergences", advice=DIVERGE)
def centred_funnel(seed: int) -> Pair:
    """A centred funnel: the scale of x is a parameter, and where it is small no step fits.

    As the first try leaves it: of 40, none had fewer than 19 divergences in its 2,000 draws. Tried
    again with smaller steps, 18 of 40 had none in the end and passed, with a warning; their mean
    was as far off as its error says, their sd 3% (one Monte Carlo error) short.

    Sound: the same funnel, not centred.
    """
    broken = sample_nuts(compiled(models.funnel), {}, **SHORT, seed=seed, retries=0)
    sound = sample_nuts(compiled(models.funnel_non_centred), {}, **SHORT, seed=seed)
    picture = figures.funnel(broken["posterior"].to_dataset(), sound["posterior"].to_dataset())
    return Pair(diagnose(broken), diagnose(sound), picture)


@example("R-hat", advice=MIX)
def stuck_apart(seed: int) -> Pair:
    """Two modes, far apart: every chain stays in the one where it began.

    Sound: the same two modes, near enough to cross.
    """
    broken = first(seed, lambda tree: 0 < in_upper_mode(tree) < RUN["chains"])
    sound = sample_nuts(compiled(models.two_modes), {"apart": 1.0}, **RUN, seed=seed)
    runs = {"far apart": broken, "near": sound}
    x = {name: run["posterior"].to_dataset()["x"] for name, run in runs.items()}
    return Pair(diagnose(broken), diagnose(sound), figures.traces(x))


@example("bulk ESS", advice=MORE)
def too_few_draws(seed: int) -> Pair:
    """Five draws a chain, doubled twice by the casebook itself: still far too few.

    Sound: the same model with 1,000.
    """
    shop = compiled(models.shop)
    broken = sample_nuts(shop, {}, **{**RUN, "draws": 5}, seed=seed)
    return Pair(diagnose(broken), diagnose(sample_nuts(shop, {}, **RUN, seed=seed)))


@example("tail ESS", advice=MORE)
def poor_tails(seed: int) -> Pair:
    """Heavy tails in ten dimensions: the middle mixes very well, the tails do not.

    Sound: the same model with light tails and as many draws.
    """
    tails, run = compiled(models.many_tails), {**RUN, "draws": 300}
    broken, sound = (refit(tails, {"nu": nu}, **run, seed=seed) for nu in (2, 30))
    return Pair(diagnose(broken), diagnose(sound))


@example(NOT_PROPER, advice=IMPROPER)
def constant(seed: int) -> Pair:
    """A quantity that is the same in every draw: a response to a dose at a rate of 0.

    Sound: the same quantity at another rate.
    """
    model, near = compiled(models.two_modes), {"apart": 1.0}
    broken = sample_nuts(model, {**near, "rate": 0.0}, **RUN, seed=seed, retries=0)
    return Pair(diagnose(broken), diagnose(sample_nuts(model, near, **RUN, seed=seed)))


@example(NOT_PROPER, advice=IMPROPER)
def not_a_number(seed: int) -> Pair:
    """NaN in one chain: the logarithm of what only that chain found to be below 0.

    Sound: the logarithm of something that is above 0 everywhere.
    """
    broken = first(seed, lambda tree: in_upper_mode(tree) == RUN["chains"] - 1, dose_at_0=0.0)
    near = {"apart": 1.0}
    return Pair(
        diagnose(broken), diagnose(sample_nuts(compiled(models.two_modes), near, **RUN, seed=seed))
    )


@example(NOT_PROPER, advice=IMPROPER)
def infinite(seed: int) -> Pair:
    """Infinite draws in one chain: a response that overflows where only that chain is.

    Sound: a response that does not.
    """
    broken = first(seed, lambda tree: in_upper_mode(tree) == 1, rate=110.0)
    near = {"apart": 1.0}
    return Pair(
        diagnose(broken), diagnose(sample_nuts(compiled(models.two_modes), near, **RUN, seed=seed))
    )


@example("tree depth reached", advice=DEEP)
def deep_trees(seed: int) -> Pair:
    """Trees cut off at the greatest depth (nutpie): tails so heavy that trajectories never turn.

    Sound: the same model with light tails.
    """
    tail = compiled(models.one_tail)
    broken, sound = (refit(tail, {"nu": nu}, **RUN, seed=seed) for nu in (0.4, 30))
    return Pair(diagnose(broken), diagnose(sound))


@example("tree depth reached", advice=DEEP)
def deep_trees_pymc(seed: int) -> Pair:
    """The same under PyMC's own sampler, which gives the statistic another name.

    Sound: the same model with light tails, also under PyMC's sampler.
    """
    with models.one_tail():
        found = []
        for nu in (0.4, 30.0):
            pm.set_data({"nu": nu})
            options = {"nuts_sampler": "pymc", "cores": 1, "progressbar": False}
            tree = pm.sample(**SHORT, **options, random_seed=seed, compute_convergence_checks=False)
            found.append(diagnose(tree))
    broken, sound = found
    return Pair(broken, sound)


@example("E-BFMI", advice=ENERGY)
def low_energy(seed: int) -> Pair:
    """Energy that changes far more than a step can: very heavy tails in ten dimensions.

    Sound: the same model with light tails.
    """
    tails = compiled(models.many_tails)
    broken, sound = (refit(tails, {"nu": nu}, **RUN, seed=seed) for nu in (1, 30))
    return Pair(diagnose(broken), diagnose(sound))


@example("copies of a chain", advice=COPIES)
def one_chain_four_times(seed: int) -> Pair:
    """Four chains from the same seed: one chain four times, which R-hat praises.

    Sound: four chains with seeds of their own.
    """
    shop, alone = compiled(models.shop), {**RUN, "chains": 1}
    runs = [refit(shop, {}, **alone, seed=seed) for _ in range(RUN["chains"])]
    groups = {
        name: xr.concat([run[name].to_dataset() for run in runs], "chain").assign_coords(
            chain=np.arange(len(runs))
        )
        for name in ("posterior", "sample_stats")
    }
    broken = xr.DataTree.from_dict(groups)
    return Pair(diagnose(broken), diagnose(refit(shop, {}, **RUN, seed=seed)))
