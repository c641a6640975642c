"""Counts with an exposure: one rate a group."""

import pandas as pd
import pymc as pm


def rates(groups: pd.DataFrame, *, prior_mean: float = 2.0, prior_shape: float = 2.0) -> pm.Model:
    """Each group has events at its own rate.

        events[group] ~ Poisson(rate[group] * exposure[group])
        rate[group]   ~ Gamma(prior_shape, prior_shape / prior_mean)

    Parameters
    ----------
    groups
        `group` (label), `events` (count) and `exposure` (above 0). Dims: group.
    prior_mean, prior_shape
        Mean of a rate before the data, events per unit of exposure, and its weight: the prior
        counts as much as prior_shape events.

    Source: Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.6.
    """  # EDIT: the mathematics above, shapes, units, what a sensible value is, and the source
    with pm.Model(coords={"group": list(groups["group"])}) as model:
        mean = pm.Data("prior_mean", float(prior_mean))
        shape = pm.Data("prior_shape", float(prior_shape))
        exposure = pm.Data("exposure", groups["exposure"].to_numpy(float), dims="group")
        rate = pm.Gamma("rate", shape, shape / mean, dims="group")  # EDIT: the prior
        observed = pm.Data("events_data", groups["events"].to_numpy(), dims="group")
        pm.Poisson("events", rate * exposure, observed=observed, dims="group")  # EDIT: likelihood
    return model
