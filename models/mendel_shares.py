"""Kinds that come in shares which add to one, each observation on its own."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pymc as pm


def shares(
    counts: pd.Series,
    *,
    concentration: float = 1.0,
    before: Sequence[float] | np.ndarray | None = None,
) -> pm.Model:
    """Each observation is of one kind, with the same probabilities for all, and on its own.

        count[k] ~ Multinomial(trials, share)
        share    ~ Dirichlet(concentration + before[k])

    The prior is conjugate: the posterior is the Dirichlet distribution with concentration +
    before[k] + count[k] of each kind, and each share by itself has a Beta distribution. So what was
    counted before is worth as much as if it stood in the file.

    Parameters
    ----------
    counts
        How often each kind was observed, 0 or more; their sum is trials. Dims: kind (the index).
    concentration
        Pseudo-count of each kind, above 0. The default, 1, has all shares that add to one alike;
        below it shares near 0 are expected, far above it equal ones.
    before
        Counts of earlier observations that are not in the data, at least 0; none by default. They
        are no part of the prior that is swept. Dims: kind.

    Source: Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., section 3.4.
    """
    earlier = np.zeros(len(counts)) if before is None else np.asarray(before, dtype=float)
    with pm.Model(coords={"kind": list(counts.index)}) as model:
        weight = pm.Data("concentration", float(concentration))
        known = pm.Data("before", earlier, dims="kind")
        trials = pm.Data("trials", np.array(counts.sum()))  # a plain int becomes a float
        share = pm.Dirichlet("share", a=weight + known, dims="kind")
        observed = pm.Data("count_data", counts.to_numpy(), dims="kind")
        pm.Multinomial("count", n=trials, p=share, observed=observed, dims="kind")
    return model
