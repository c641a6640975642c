"""All draws at once: what a model draws is drawn for many draws in one go.

PyMC calls a function for one draw after the other, which is machine code that takes half a minute
to make for a model that is new. Here each variable has a dim more, that of the draws, and numpy
does the rest: nothing is made beforehand, and a call takes hundredths of a second.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pymc.distributions.custom import CustomDistRV
from pymc.pytensorf import compile as compiled, reseed_rngs
from pytensor.graph.replace import _vectorize_node
from pytensor.graph.traversal import toposort
from pytensor.tensor.random.op import RandomVariable
from pytensor.tensor.random.type import RandomType
from pytensor.tensor.random.utils import compute_batch_shape
from pytensor.tensor.type_other import NoneTypeT
from pytensor.tensor.variable import TensorVariable

from workflow.sampling.part import numbers
from workflow.sampling.shared import made_of

AT_ONCE = 1_000_000  # numbers of a variable that are drawn in one go
MODE = "FAST_COMPILE"  # numpy's functions, called one after the other


class AloneError(ValueError):
    """A variable can be drawn for one draw at a time only."""


def draw_together(
    model: pm.Model, names: Sequence[str], draws: int, given: Mapping[str, Any], *, seed: int
) -> dict[str, np.ndarray]:
    """Draw variables of `model`, `draws` times; dims of each: draw, and its own.

    What hangs on variables that are `given` (dims: draw, and their own) is drawn for the values of
    each draw, everything else from the prior.

    Raises
    ------
    AloneError
        Among the variables behind them is one that is no plain distribution.
    """
    make = partial(_function, model, names, [*given])
    function, random = made_of(model, ("draw together", *names, None, *given), make)
    reseed_rngs(random, seed)
    values = [np.asarray(of, dtype=model[name].type.dtype) for name, of in given.items()]
    each = max(AT_ONCE // numbers(model), 1)
    blocks = [
        function(np.int64(min(each, draws - at)), *(of[at : at + each] for of in values))
        for at in range(0, draws, each)
    ]
    return {
        name: np.concatenate(one)
        for name, one in zip(names, zip(*blocks, strict=True), strict=True)
    }


def _function(model: pm.Model, names: Sequence[str], given: Sequence[str]) -> tuple[Any, list[Any]]:
    """Return what draws variables, given some, and what its random numbers come from."""
    known = [model[name] for name in given]
    stacked = {one: with_draws(one) for one in known}
    function, updates = compiled(
        [count := pt.lscalar("draws"), *stacked.values()],
        _together([model[name] for name in names], stacked, count),
        random_seed=False,
        mode=MODE,
        on_unused_input="ignore",
        return_updates=True,
    )
    return function, [*updates]


def with_draws(one: Any) -> TensorVariable:
    """Return a variable of the same kind with a dim more, that of the draws, before its own."""
    found: TensorVariable = pt.tensor(dtype=one.type.dtype, shape=(None, *one.type.shape))
    return found


def _together(
    outputs: Sequence[TensorVariable],
    known: Mapping[TensorVariable, TensorVariable],
    draws: TensorVariable,
) -> list[TensorVariable]:
    """Return what `outputs` are with a dim before all others, in which draws are independent.

    Of the `known` variables it is given; what hangs on nothing random is the same in all draws.
    """
    found: dict[Any, Any] = dict(known)
    for node in toposort(outputs, blockers=known):
        if any(isinstance(one.type, RandomType) for one in node.inputs):
            _, found[node.outputs[1]] = _drawn(node, found, draws).outputs
        elif any(one in found for one in node.inputs):
            made: Any = _vectorize_node(
                node.op, node, *(found.get(one, one) for one in node.inputs)
            )
            found |= zip(node.outputs, getattr(made, "outputs", made), strict=True)
    return [found[one] if one in found else _repeated(one, draws) for one in outputs]


def _drawn(node: Any, found: Mapping[TensorVariable, TensorVariable], draws: TensorVariable) -> Any:
    """Return a distribution of which there is a value for each draw, given its parameters."""
    op: Any = node.op
    if not isinstance(op, RandomVariable) or isinstance(op, CustomDistRV):
        raise AloneError(f"{op} draws as its author wrote it, which may be one at a time")
    rng, size, *parameters = node.inputs
    given = [found.get(one, one) for one in parameters]  # which have dims alike
    own: Any = size
    if isinstance(size.type, NoneTypeT):
        if any(one in found for one in parameters):
            return op.make_node(rng, size, *given)  # their dims say how many
        own = compute_batch_shape(parameters, op.ndims_params)
    return op.make_node(rng, pt.concatenate([[draws], own]), *given)


def _repeated(value: TensorVariable, draws: TensorVariable) -> TensorVariable:
    """Return the same value for each draw."""
    return pt.repeat(pt.expand_dims(value, 0), draws, axis=0)
