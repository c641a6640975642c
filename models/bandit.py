"""Variants that are clicked, each at a rate of its own."""

import pandas as pd
import pymc as pm


def clicks(variants: pd.DataFrame, *, alpha: float = 1.0, beta: float = 1.0) -> pm.Model:
    """Each variant is clicked at its own rate, which stays what it is.

        clicked[variant] ~ Binomial(shown[variant], rate[variant])
        rate[variant]    ~ Beta(alpha, beta)

    By which policy visitors were given their variants makes no difference, as long as that looked
    at earlier outcomes alone: the likelihood is the same, and so is the posterior.

    Parameters
    ----------
    variants
        `arm` (label of the variant), `visitors` (shown) and `conversions` (clicked), counts of at
        least 0. Dims: variant.
    alpha, beta
        Pseudo-counts of clicks and of visitors without, above 0. The default, 1 and 1, holds all
        rates for equally likely: a bandit that begins with a strong belief may never look.

    Source: Thompson (1933), On the likelihood that one unknown probability exceeds another; Gelman
    et al. (2013), Bayesian Data Analysis, section 2.4, for the posterior.
    """
    with pm.Model(coords={"variant": list(variants["arm"])}) as model:
        a, b = pm.Data("alpha", float(alpha)), pm.Data("beta", float(beta))
        shown = pm.Data("shown", variants["visitors"].to_numpy(), dims="variant")
        rate = pm.Beta("rate", a, b, dims="variant")
        observed = pm.Data("clicked_data", variants["conversions"].to_numpy(), dims="variant")
        pm.Binomial("clicked", n=shown, p=rate, observed=observed, dims="variant")
    return model
