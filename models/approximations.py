"""Eight schools in both ways to write them, and four posteriors of other shapes, known exactly."""

from typing import Any

import numpy as np
import pandas as pd
import pymc as pm


def non_centred(schools: pd.DataFrame, *, mu_sd: float = 5.0, tau_scale: float = 5.0) -> pm.Model:
    """Each group has an effect of its own, and the effects are of one population.

        effect[j] ~ Normal(theta[j], standard_error[j])
        theta[j]  = mu + tau * group_z[j]
        group_z[j] ~ Normal(0, 1)
        mu  ~ Normal(0, mu_sd)
        tau ~ HalfCauchy(tau_scale)

    mu is the mean effect of the population and tau its sd, both in the unit of the effects. Effects
    are written as so many tau from mu (non-centred): with few groups and large errors the sampler
    moves better so than in theta itself.

    Parameters
    ----------
    schools
        The estimated `effect` of each group and its `standard_error`, above 0 and taken as known.
        Index: the names of the groups.
    mu_sd
        Prior sd of the mean effect, above 0: so large may it well be, to either side.
    tau_scale
        Prior median of the sd between groups, above 0; the tail of the prior is long, so that much
        larger ones are not ruled out.

    Source: Rubin (1981), Estimation in parallel randomized experiments; the priors are those of
    posteriordb (Magnusson et al. 2025).
    """
    with _population(schools, mu_sd, tau_scale) as model:
        z = pm.Normal("group_z", 0, 1, dims="group")
        theta = pm.Deterministic("theta", model["mu"] + model["tau"] * z, dims="group")
        _observed(schools, theta)
    return model


def centred(schools: pd.DataFrame, *, mu_sd: float = 5.0, tau_scale: float = 5.0) -> pm.Model:
    """The same model as one writes it down first.

        effect[j] ~ Normal(theta[j], standard_error[j])
        theta[j]  ~ Normal(mu, tau)

    All else is as in `non_centred`. Where tau is small, all theta have to be near mu: the posterior
    narrows to a funnel, and its density grows without end towards tau = 0.
    """
    with _population(schools, mu_sd, tau_scale) as model:
        theta = pm.Normal("theta", model["mu"], model["tau"], dims="group")
        _observed(schools, theta)
    return model


def two_rates(counts: pd.DataFrame, *, alpha: float = 1.0, beta: float = 1.0) -> pm.Model:
    """Two rates, told by few events.

        events[i] ~ Binomial(trials[i], rate[i])
        rate[i]   ~ Beta(alpha, beta)
        difference = rate[B] - rate[A]

    `counts` has `events` and `trials`, a row an arm. The posterior is Beta, arm by arm.
    """
    with pm.Model(coords={"arm": list(counts.index)}) as model:
        rate = pm.Beta("rate", alpha, beta, dims="arm")
        pm.Deterministic("difference", rate[1] - rate[0])
        pm.Binomial("events", counts["trials"].to_numpy(), rate, observed=counts["events"])
    return model


def collinear(
    terms: pd.DataFrame, outcome: pd.Series, *, slope_sd: float = 2.0, noise: float = 1.0
) -> pm.Model:
    """A regression whose two terms nearly say the same.

        y[i]     ~ Normal(sum_k slope[k] * x[i, k], noise)
        slope[k] ~ Normal(0, slope_sd)

    The noise is known, so that the posterior is normal: the sum of both slopes is known well, and
    each of them by itself is not.
    """
    with pm.Model(coords={"term": list(terms)}) as model:
        slope = pm.Normal("slope", 0, slope_sd, dims="term")
        pm.Normal("y", terms.to_numpy() @ slope, noise, observed=outcome.to_numpy())
    return model


def banana(*, width: float = 0.3) -> pm.Model:
    """Two numbers of which one is the square of the other, nearly.

        x ~ Normal(0, 1)
        y ~ Normal(x**2, width)

    What is left is bent: no straight line lies along it.
    """
    with pm.Model() as model:
        x = pm.Normal("x", 0, 1)
        pm.Normal("y", x**2, width)
    return model


def two_modes(weights: Any, means: Any, sds: Any) -> pm.Model:
    """Two hills: a high narrow one, and a wide one with more of the mass.

        x ~ Normal(means[k], sds[k])
        k ~ Categorical(weights)

    Which hill it is, k, is summed out.
    """
    with pm.Model() as model:
        about = (np.asarray(one, dtype=float) for one in (weights, means, sds))
        pm.NormalMixture("x", *about)
    return model


def _population(schools: pd.DataFrame, mu_sd: float, tau_scale: float) -> pm.Model:
    """Return the part that both ways of writing have in common."""
    coords = {"group": list(schools.index), "row": range(len(schools))}
    with pm.Model(coords=coords) as model:
        pm.Normal("mu", 0, pm.Data("mu_sd", float(mu_sd)))
        pm.HalfCauchy("tau", pm.Data("tau_scale", float(tau_scale)))
    return model


def _observed(schools: pd.DataFrame, theta: Any) -> None:
    known = pm.Data("standard_error", schools["standard_error"].to_numpy(float), dims="row")
    observed = pm.Data("effect_data", schools["effect"].to_numpy(float), dims="row")
    pm.Normal("effect", theta, known, observed=observed, dims="row")
