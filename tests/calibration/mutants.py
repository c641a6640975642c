"""Ways to be wrong: each makes of a model another that calibration has to reject."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pymc as pm
from pymc.model.fgraph import fgraph_from_model, model_from_fgraph
from pytensor.graph.basic import Apply
from pytensor.tensor.variable import TensorVariable

from workflow.calibrating.sbc import Data

NAMES = ("wide_prior", "wrong_likelihood", "dropped_jacobian")


@dataclass(frozen=True)
class Mutant:
    """What is fitted instead of the right model.

    Either another `model`, or (without one) the right one after a `change` of its `pm.Data`; `told`
    says on the page what is wrong.
    """

    told: str
    model: pm.Model | None = None
    change: Callable[[Data], Data] = lambda data: data


def replaced(told: str, **values: float) -> Mutant:
    """Return the right model with other values of some `pm.Data`."""
    new = {name: np.asarray(value) for name, value in values.items()}
    return Mutant(told, change=lambda data: data | new)


def doubled(*names: str) -> Mutant:
    """Return the right model for data in which everything counted in `names` is counted twice."""

    def change(data: Data) -> Data:
        return data | {name: 2 * data[name] for name in names}

    return Mutant(f"every count doubled ({', '.join(names)})", change=change)


def with_twice_the_sd(alpha: float, beta: float) -> tuple[float, float]:
    """Return the Beta distribution that has the same mean and twice the sd, by its parameters."""
    total = (alpha + beta + 1) / 4 - 1
    return alpha / (alpha + beta) * total, beta / (alpha + beta) * total


def with_likelihood(
    model: pm.Model, outcome: str, alter: Callable[..., tuple[TensorVariable, ...]]
) -> pm.Model:
    """Return the model with other parameters in the distribution of `outcome`.

    `alter` takes the parameters that the distribution has and returns those it gets.
    """
    graph, memo = fgraph_from_model(model)
    right = memo[model[outcome]].owner.inputs[0]
    node: Apply = right.owner
    rng, size, *parameters = node.inputs
    made = node.op.make_node(rng, size, *alter(*parameters))
    wrong = made.outputs[node.outputs.index(right)]
    graph.replace(right, wrong, import_missing=True)
    return model_from_fgraph(graph, mutate_fgraph=True)


def without_jacobian(model: pm.Model, *names: str) -> pm.Model:
    """Return the model as one who forgets the Jacobian of some transformed parameters has it.

    NUTS moves in log and logit scales; their densities need the derivative of the way back.
    """
    with model:
        for rv in (model[name] for name in names):
            transform, given = model.rvs_to_transforms[rv], rv.owner.inputs
            term = transform.log_jac_det(transform.forward(rv, *given), *given)
            pm.Potential(f"dropped_{rv.name}", -term.sum())
    return model


def few_rows(
    terms: pd.DataFrame, outcome: pd.Series, *, each: int = 2
) -> tuple[pd.DataFrame, pd.Series]:
    """Return `each` rows a coefficient (the intercept is one), evenly from all."""
    wanted = each * (terms.shape[1] + 1)
    at = [round(i * (len(terms) - 1) / (wanted - 1)) for i in range(wanted)]
    return terms.iloc[at], outcome.iloc[at]
