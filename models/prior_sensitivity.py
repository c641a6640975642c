"""One rate from one count, with a prior whose mean and strength are separate knobs."""

import numpy as np
import pandas as pd
import pymc as pm

REFERENCE = 0.485  # girls among births in the general population; source below
STRENGTH = 20.0


def births(
    counts: pd.DataFrame,
    *,
    reference: float = REFERENCE,
    prior_mean: float = REFERENCE,
    prior_strength: float = STRENGTH,
) -> pm.Model:
    """Every birth is a girl with the same probability theta, independently of the others.

        girls ~ Binomial(births, theta)
        theta ~ Beta(prior_mean * prior_strength, (1 - prior_mean) * prior_strength)

        difference = theta - reference
        log_odds   = log(theta / (1 - theta))          odds = exp(.), girls for every boy

    The prior is conjugate: the posterior is Beta(prior_mean * prior_strength + girls,
    (1 - prior_mean) * prior_strength + births - girls). Its mean is the mean of the prior's and the
    data's rate, weighted by prior_strength and by births.

    Parameters
    ----------
    counts
        One row: how many girls (or events), then among how many births (or trials), whatever the
        columns are called; whole numbers, at least 0 and 1. Scalars: no dims.
    reference
        The rate to compare with, above 0 and below 1. .485 is the share of girls among births in
        the general population, as the source gives it. It is not part of the prior.
    prior_mean
        Prior mean of theta, above 0 and below 1. The default favours no difference: it stands at
        the reference.
    prior_strength
        How many births the prior weighs as much as (alpha + beta), above 0; prior_mean .5 with
        strength 2 is the flat prior. The default, 20, puts 95% of the prior between .28 and .70,
        far beyond any share of girls known of a large group, and weighs a fiftieth of 980 births.

    Source: Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., section 2.4.
    """
    girls, total = counts.iloc[0].to_numpy()
    with pm.Model() as model:
        mean = pm.Data("prior_mean", float(prior_mean))
        strength = pm.Data("prior_strength", float(prior_strength))
        theta = pm.Beta("theta", mean * strength, (1 - mean) * strength)
        pm.Deterministic("difference", theta - pm.Data("reference", float(reference)))
        pm.Deterministic("log_odds", pm.math.logit(theta))
        n = pm.Data("births", np.asarray(total))  # a plain int would become a float
        pm.Binomial("girls", n=n, p=theta, observed=pm.Data("girls_data", np.asarray(girls)))
    return model
