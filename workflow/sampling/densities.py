"""The density of each observation at each draw, for all draws in one go.

PyMC evaluates one draw after the other. Most models have densities of elementwise functions, sums
and products alone, which numpy computes for many draws at once, in hundredths of a second.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from math import prod
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr
from pymc.logprob.utils import CheckParameterValue
from pymc.model.transform.conditioning import remove_value_transforms
from pymc.pytensorf import compile as compiled
from pytensor.compile.mode import OPT_FAST_RUN, Mode
from pytensor.graph.replace import vectorize_graph
from pytensor.graph.traversal import toposort
from pytensor.tensor.basic import Alloc, Join, MakeVector, ScalarFromTensor, TensorFromScalar
from pytensor.tensor.blockwise import Blockwise
from pytensor.tensor.elemwise import CAReduce, DimShuffle, Elemwise
from pytensor.tensor.extra_ops import CumOp
from pytensor.tensor.math import Dot
from pytensor.tensor.shape import Shape, Shape_i
from pytensor.tensor.subtensor import AdvancedSubtensor, Subtensor

from workflow.quantities import SAMPLE
from workflow.sampling.datasets import of_model
from workflow.sampling.part import numbers
from workflow.sampling.shared import made_of
from workflow.sampling.together import AT_ONCE, with_draws

# What keeps digits, as log1p(-x), but no loops of one's own over numbers: numpy has them.
STABLE = Mode("py", OPT_FAST_RUN.excluding("fusion", "inplace"))
AT_ONCE_TOO = (
    *(Elemwise, DimShuffle, CAReduce, Dot, Subtensor, AdvancedSubtensor, Join, MakeVector, Alloc),
    *(Shape, Shape_i, ScalarFromTensor, TensorFromScalar, CumOp, CheckParameterValue),
)  # operations that need no more memory for many draws than their inputs and outputs


def log_likelihood(model: pm.Model, posterior: xr.Dataset, outcomes: Sequence[str]) -> xr.Dataset:
    """Return log p(observation | draw) by outcome; dims: chain, draw, and those of the outcome.

    `posterior` has the free variables of `model` on their own scale.
    """
    make = partial(_function, model, outcomes)
    found = made_of(model, ("log_likelihood", *outcomes), make)
    if found is None:
        return _one_by_one(model, posterior, outcomes)
    plain, function = found
    for one in model.data_vars:
        plain[one.name].set_value(one.get_value())
    about = {dim: posterior[dim].to_numpy() for dim in SAMPLE}
    size = tuple(map(len, about.values()))
    values = [_flat(posterior[one.name], plain.rvs_to_values[one]) for one in plain.free_RVs]
    draws, each = prod(size), max(AT_ONCE // _largest(model), 1)
    blocks = [function(*(one[at : at + each] for one in values)) for at in range(0, draws, each)]
    whole = [np.concatenate(one) for one in zip(*blocks, strict=True)]
    shaped = {
        name: one.reshape(*size, *one.shape[1:]) for name, one in zip(outcomes, whole, strict=True)
    }
    return of_model(model, shaped, about)


def _flat(draws: xr.DataArray, value: Any) -> np.ndarray:
    """Return draws as the function takes them; dims: draw, and those of the variable."""
    array = draws.transpose(*SAMPLE, ...).to_numpy().astype(value.type.dtype, copy=False)
    return array.reshape(-1, *array.shape[2:])


def _largest(model: pm.Model) -> int:
    """Return how many numbers the largest of what goes in for a draw can have: outcome or data."""
    data: Mapping[str, int] = {one.name: one.get_value().size for one in model.data_vars}
    return max(numbers(model), *data.values(), 1)


def _function(model: pm.Model, outcomes: Sequence[str]) -> tuple[pm.Model, Any] | None:
    """Return a model without transforms, and what computes the densities of its outcomes.

    None where they hang on what is not computed for many draws at once.
    """
    plain = remove_value_transforms(model)
    density = plain.logp(vars=[plain[name] for name in outcomes], sum=False)
    given = [plain.rvs_to_values[one] for one in plain.free_RVs]
    moves = set(given)  # what differs from draw to draw
    for node in toposort(density, blockers=given):
        op = node.op.core_op if isinstance(node.op, Blockwise) else node.op
        if not moves.isdisjoint(node.inputs):
            moves.update(node.outputs)
            if not isinstance(op, AT_ONCE_TOO):
                return None
    if not moves.issuperset(density):
        return None
    stacked = {one: with_draws(one) for one in given}
    many = vectorize_graph(density, replace=stacked)
    return plain, compiled([*stacked.values()], many, mode=STABLE, on_unused_input="ignore")


def _one_by_one(model: pm.Model, posterior: xr.Dataset, outcomes: Sequence[str]) -> xr.Dataset:
    """Compute them by PyMC's loop."""
    tree = xr.DataTree.from_dict({"posterior": posterior})
    how = {"var_names": outcomes, "progressbar": False, "extend_inferencedata": False}
    found: xr.Dataset = pm.compute_log_likelihood(tree, model=model, **how)
    return found
