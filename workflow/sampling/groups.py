"""The groups every tree has besides its posterior: prior, predictions, densities, data."""

import warnings

import numpy as np
import pymc as pm
import xarray as xr
from pymc.model.transform.conditioning import remove_value_transforms

from workflow.quantities import SAMPLE
from workflow.sampling.datasets import of_prior
from workflow.sampling.densities import log_likelihood
from workflow.sampling.members import GAP, members, note
from workflow.sampling.part import Part, cut_to, part_for, record
from workflow.sampling.shared import stand_in
from workflow.sampling.simulating import predict
from workflow.sampling.together import AloneError, draw_together

PRIOR_DRAWS = 4000
PRIOR_NUMBERS = 600_000  # of the prior that are kept: of many variables every so many draws
AFTER = 1  # to the seed: predictions have random numbers other than what they are predicted from
JOINT = "joint_log_likelihood"
_OF_THE_MODEL = ("prior", "prior_predictive", "observed_data", "constant_data")


def add_groups(
    tree: xr.DataTree,
    model: pm.Model,
    *,
    seed: int,
    prior: xr.DataTree | None = None,
    run: int = 1,
    summed: pm.Model | None = None,
    scaled: bool = True,
) -> xr.DataTree:
    """Add to `tree`, which has a posterior, all the groups that later steps read.

    prior, prior_predictive (4000 draws, or fewer of many variables or rows), posterior_predictive,
    log_likelihood, log_prior, observed_data, constant_data. What comes after never asks which
    method made the posterior.

    Where draws times rows are too many (see `workflow.sampling.part`), the groups by row have a
    part of the rows and draws, the same rows in all, and there is one group more,
    joint_log_likelihood: the sum over all rows, for all draws, unless the tree has it already. The
    attribute `part` says so.

    Parameters
    ----------
    prior
        A tree of the same model, whose prior and data are taken over instead of being drawn again.
    run
        Rows that are drawn are so many neighbours together (see `NEIGHBOURS` of
        `workflow.sampling.part`).
    summed
        A model of the same posterior that knows the rows by their sums, for joint_log_likelihood.
    scaled
        Whether the prior will be scaled: log_prior is for that alone.
    """
    sizes = tree["posterior"].sizes
    draws = sizes["chain"], sizes["draw"]
    part = part_for(model, draws, PRIOR_DRAWS, seed=seed, run=run)
    coords = members(model)
    with warnings.catch_warnings(), cut_to(model, part):
        # Of predictors with gaps, whose density is one: draws of the outcome do not need it.
        warnings.filterwarnings("ignore", "The effect of Potentials")
        same = stand_in(model)
        outcomes = [one.name for one in model.observed_RVs]  # a copy has them in another order
        drawn = _datasets(prior) if prior else _prior(same, outcomes, part, seed=seed)
        for name in _OF_THE_MODEL:
            if name in drawn:
                tree[name] = drawn[name]
        few = _every(tree["posterior"].to_dataset(), part.every)
        tree["posterior_predictive"] = predict(same, few, outcomes, seed=seed)
        tree["log_likelihood"] = log_likelihood(same, few, outcomes)
        if scaled:
            knobs = [rv.name for rv in model.free_RVs if rv.name != GAP]
            with model:
                pm.stats.compute_log_prior(tree, var_names=knobs, progressbar=False)
    prior_draws = tree["prior"].to_dataset()
    step = -(-sum(one.size for one in prior_draws.data_vars.values()) // PRIOR_NUMBERS)
    tree["prior"] = prior_draws.isel(draw=slice(None, None, max(1, step)))
    note(tree, "prior", coords)
    if not part.whole and JOINT not in tree.children:
        tree[JOINT] = joint_log_likelihood(summed or model, tree["posterior"].to_dataset())
    record(tree, part)
    return tree


def joint_log_likelihood(model: pm.Model, posterior: xr.Dataset) -> xr.Dataset:
    """Return log p(all data of an outcome | draw) for each outcome, in the memory of one draw.

    A model that knows its rows by their sums has a potential in place of an outcome.

    `posterior` has the free variables of `model` on their own scale; dims of the result: chain,
    draw.
    """
    plain = remove_value_transforms(model)
    outcomes = plain.observed_RVs or plain.potentials
    sums = [density.sum() for density in plain.logp(vars=outcomes, sum=False)]
    evaluate = plain.compile_fn(sums, inputs=plain.value_vars, on_unused_input="ignore")
    values = {
        value.name: posterior[rv.name].transpose(*SAMPLE, ...).to_numpy().astype(value.type.dtype)
        for rv, value in plain.rvs_to_values.items()
        if rv in plain.free_RVs
    }
    shape = posterior.sizes["chain"], posterior.sizes["draw"]
    found = [evaluate({name: of[at] for name, of in values.items()}) for at in np.ndindex(*shape)]
    by_outcome = np.reshape(found, (*shape, len(outcomes)))
    coords = {dim: posterior[dim] for dim in SAMPLE}
    return xr.Dataset(
        {rv.name: (SAMPLE, by_outcome[..., i]) for i, rv in enumerate(outcomes)}, coords=coords
    )


def _prior(model: pm.Model, outcomes: list[str], part: Part, *, seed: int) -> dict[str, xr.Dataset]:
    """Draw the prior of `model`, and predict from every so many of its draws."""
    names = sorted(rv.name for rv in (*model.free_RVs, *model.deterministics))  # in copies, too
    try:
        groups = of_prior(model, draw_together(model, names, PRIOR_DRAWS, {}, seed=seed))
    except AloneError:
        alone = pm.sample_prior_predictive(PRIOR_DRAWS, model, names, random_seed=seed)
        groups = _datasets(alone)
    few = _every(groups["prior"], part.every_prior)
    return groups | {"prior_predictive": predict(model, few, outcomes, seed=seed + AFTER)}


def _datasets(tree: xr.DataTree) -> dict[str, xr.Dataset]:
    """Return the groups of a tree."""
    return {name: node.to_dataset() for name, node in tree.children.items()}


def _every(draws: xr.Dataset, step: int) -> xr.Dataset:
    """Return every so many draws of a posterior, or a prior."""
    return draws.isel(draw=slice(None, None, step))
