"""Test statistics of rows with gaps, draw by draw: observed and predicted on the same values.

A statistic that is of fitted probabilities, or of the terms, needs a number in each gap. Values of
one draw have seen the outcome, and what other draws predict has not seen these values: the two
would differ where the model is right. In its own draw both are equals. Source: Gelman, Meng and
Stern (1996), Posterior predictive assessment of model fitness via realized discrepancies.
"""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr

from workflow.checking.checks import Statistic
from workflow.quantities import SAMPLE
from workflow.regression.imputed import columns_of_draws, has_gaps, plain
from workflow.regression.integrated import probabilities
from workflow.regression.residuals import predicted_from

__all__ = ["of_draws", "probabilities"]  # these of what rows with gaps have, for the analyses

#: From draws of the posterior and the terms of the rows to statistics of the outcome; of None for
#: the draws, from what all of them make of the rows.
type Make = Callable[[xr.Dataset | None, pd.DataFrame], Mapping[str, Statistic]]


def of_draws(make: Make, tree: xr.DataTree, terms: pd.DataFrame) -> dict[str, Statistic]:
    """Return the statistics that `make` makes, each with the gaps and the draw of a prediction.

    `terms` are those of the rows of `tree` with any value in their gaps. Without gaps, statistics
    are made once, of all draws.
    """
    posterior = predicted_from(tree)
    if not has_gaps(posterior):
        return dict(make(None, terms))
    y, drawn = (tree[name]["y"] for name in ("observed_data", "posterior_predictive"))
    shape = tuple(posterior.sizes[dim] for dim in SAMPLE)
    predicted = drawn.transpose(*SAMPLE, "row").to_numpy()
    coefficients, found, nothing = plain(posterior), list[dict[str, np.ndarray]](), xr.Dataset()
    for at, x in zip(np.ndindex(shape), columns_of_draws(posterior, terms), strict=True):
        one = coefficients.isel({dim: [i] for dim, i in zip(SAMPLE, at, strict=True)})
        filled = pd.DataFrame(x.copy(), terms.index, terms.columns)
        both = xr.DataArray(
            np.stack([y.to_numpy(), predicted[at]]), dims=("of", "row"), coords={"row": y["row"]}
        )
        made = make(one, filled)
        found.append({name: of(both, nothing).to_numpy() for name, of in made.items()})
    none = np.full(2, np.nan)
    return {
        name: partial(_known, values=np.array([one.get(name, none) for one in found]), shape=shape)
        for name in found[0]
    }


def _known(
    y: xr.DataArray, given: xr.Dataset, *, values: np.ndarray, shape: tuple[int, ...]
) -> xr.DataArray:
    """Return the values (draw; observed, predicted) of what is asked about."""
    return xr.DataArray(values[:, int("draw" in y.dims)].reshape(shape), dims=SAMPLE)
