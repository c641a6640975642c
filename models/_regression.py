"""What the regressions share: standardised predictors, priors on that scale, own units out.

Centres and scales are the data's own, computed once, and stay what they are when the data are
replaced (`with_data`): in a refit and in a simulation they are part of the prior.
"""

import pandas as pd
import pymc as pm
from pytensor.tensor.variable import TensorVariable


def coordinates(terms: pd.DataFrame) -> dict[str, list]:
    """Return the coords of a regression: row (line in the file) and term (column name)."""
    return {"row": list(terms.index), "term": [str(name) for name in terms]}


def standardised(terms: pd.DataFrame, *, scale_name: str = "scale") -> TensorVariable:
    """Add `terms`, `centre` and `scale` to the model of the context; return z; dims: row, term.

    z[i, k] = (terms[i, k] - centre[k]) / scale[k], with the mean and the sd of each column. Where
    another thing is called scale, the sds are added as `scale_name`.
    """
    x = pm.Data("terms", terms.to_numpy(dtype=float), dims=("row", "term"))
    centre = pm.Data("centre", terms.mean().to_numpy(), dims="term")
    scale = pm.Data(scale_name, terms.std().to_numpy(), dims="term")
    return (x - centre) / scale


def in_own_units(
    level: TensorVariable,
    beta: TensorVariable,
    *,
    centre: float = 0,
    scale: float = 1,
    scale_name: str = "scale",
) -> None:
    """Add `slope` (dims: term) and `intercept` in the data's own units to the model of the context.

    `level` is the linear predictor at the average row and `beta` its change for one sd of each
    term, both as multiples of `scale` above `centre`: numbers or pm.Data of the outcome.
    """
    model = pm.modelcontext(None)
    slope = pm.Deterministic("slope", scale * beta / model[scale_name], dims="term")
    pm.Deterministic("intercept", centre + scale * level - pm.math.sum(model["centre"] * slope))
