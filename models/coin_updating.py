"""A coin that lands heads at one rate, whatever fell before."""

import pandas as pd
import pymc as pm


def coin(
    flips: pd.Series,
    *,
    alpha: float = 2.0,
    beta: float = 2.0,
    heads_before: float = 0.0,
    tails_before: float = 0.0,
) -> pm.Model:
    """Every flip lands heads with the same probability, and none knows of another.

        heads[i] ~ Bernoulli(rate)
        rate     ~ Beta(alpha + heads_before, beta + tails_before)

    The prior is conjugate: after h heads and t tails the posterior is the Beta distribution with
    alpha + heads_before + h and beta + tails_before + t. So today's posterior is tomorrow's prior,
    and flips that are told as counts alone are worth as much as if they stood in the file.

    Parameters
    ----------
    flips
        1 (heads) or 0 for every flip. Dims: row.
    alpha, beta
        Pseudo-counts of heads and tails, above 0: the prior counts as much as alpha + beta flips.
        The default, 2 and 2, has mean one half and 95% between .09 and .91: coins that always fall
        on the same side are rare, and nothing else is ruled out.
    heads_before, tails_before
        Counts of earlier flips that are not in the data, at least 0. They are no part of the prior
        that is swept.

    Source: Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., section 2.4.
    """
    with pm.Model(coords={"row": flips.index.to_numpy()}) as model:
        a = pm.Data("alpha", float(alpha)) + pm.Data("heads_before", float(heads_before))
        b = pm.Data("beta", float(beta)) + pm.Data("tails_before", float(tails_before))
        rate = pm.Beta("rate", a, b)
        observed = pm.Data("heads_data", flips.to_numpy(), dims="row")
        pm.Bernoulli("heads", p=rate, observed=observed, dims="row")
    return model
