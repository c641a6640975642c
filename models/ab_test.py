"""Conversion in the arms of an A/B test: one rate an arm, compared with the control's."""

from collections.abc import Callable

import pandas as pd
import pymc as pm
from pytensor.tensor.variable import TensorVariable

#: Outcomes a table of arms may have, and what the names of their variables begin with.
OUTCOMES = {"conversions": "", "guardrail": "guardrail_"}


def conversion(arms: pd.DataFrame, *, alpha: float = 1.0, beta: float = 4.0) -> pm.Model:
    """Each arm converts at its own rate.

        conversions[arm] ~ Binomial(visitors[arm], rate[arm])
        rate[arm]        ~ Beta(alpha, beta)

        difference[t]          = rate[t] - rate[control]                t: every arm but the control
        log1p_relative_lift[t] = log(rate[t] / rate[control])           relative lift = expm1(.)
        log_odds_ratio[t]      = logit(rate[t]) - logit(rate[control])  odds ratio = exp(.)

    The guardrail, where the table has one, is a second outcome of the same visitors with the same
    prior: guardrail_rate[arm], guardrail_difference[t]. Ratios stay on the log scale, on which
    their posterior mean exists even when an arm has no conversions.

    Parameters
    ----------
    arms
        `arm` (label; the first row is the control), `visitors` and `conversions` (counts, at least
        0, visitors at least 1) and perhaps `guardrail` (count). Dims: arm, treatment.
    alpha, beta
        Prior pseudo-counts of conversions and non-conversions, above 0: the prior counts as much as
        alpha + beta visitors. The default has mean .2 and weighs five: the games industry's rule of
        thumb is that 40, 20 and 10% of the players are there after 1, 7 and 30 days, so that a rate
        above one half is unlikely (prior probability .06) and one near zero is not.

    Source: Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.4.
    """
    coords = {"arm": list(arms["arm"]), "treatment": list(arms["arm"][1:])}
    with pm.Model(coords=coords) as model:
        pm.Data("alpha", float(alpha))
        pm.Data("beta", float(beta))
        pm.Data("visitors", arms["visitors"].to_numpy(), dims="arm")
        rate = _binomial(arms["conversions"], "conversions", _independent)
        _ratios(rate)
        if "guardrail" in arms:
            _binomial(arms["guardrail"], "guardrail", _independent)
    return model


def alike(
    arms: pd.DataFrame, *, alpha: float = 1.0, beta: float = 4.0, effect_sd: float = 0.1
) -> pm.Model:
    """Arms convert at rates that are known to be near the control's.

        conversions[arm]  ~ Binomial(visitors[arm], rate[arm])
        rate[control]     ~ Beta(alpha, beta)
        log_odds_ratio[t] ~ Normal(0, effect_sd)               t: every arm but the control
        logit(rate[t])    = logit(rate[control]) + log_odds_ratio[t]

        difference[t]          = rate[t] - rate[control]
        log1p_relative_lift[t] = log(rate[t] / rate[control])  relative lift = expm1(.)

    So arms are correlated: what one shows is news of the others. A guardrail has rates and effects
    of its own, with the same priors. The rest is as in `conversion`, whose arms are independent.

    Parameters
    ----------
    arms, alpha, beta
        As `conversion` has them; the Beta prior is that of the control.
    effect_sd
        Prior sd of an effect, a difference of log-odds, above 0. With .1 the odds differ by less
        than 22% with probability .95, and so do small rates.

    Source: Kass and Vaidyanathan (1992), Approximate Bayes factors and orthogonal parameters, with
    application to testing equality of two binomial proportions.
    """
    coords = {"arm": list(arms["arm"]), "treatment": list(arms["arm"][1:])}
    with pm.Model(coords=coords) as model:
        pm.Data("alpha", float(alpha))
        pm.Data("beta", float(beta))
        pm.Data("effect_sd", float(effect_sd))
        pm.Data("visitors", arms["visitors"].to_numpy(), dims="arm")
        rate = _binomial(arms["conversions"], "conversions", _near)
        pm.Deterministic("log1p_relative_lift", pm.math.log(rate[1:] / rate[0]), dims="treatment")
        if "guardrail" in arms:
            _binomial(arms["guardrail"], "guardrail", _near)
    return model


def by_cluster(
    arms: pd.DataFrame,
    clusters: pd.DataFrame,
    *,
    alpha: float = 1.0,
    beta: float = 4.0,
    icc_mean: float = 0.2,
) -> pm.Model:
    """Each cluster converts at a rate of its own, and these lie around the rate of its arm.

        conversions[c] ~ BetaBinomial(visitors[c], rate[a] * size[a], (1 - rate[a]) * size[a])
        rate[a]        ~ Beta(alpha, beta)                              a: the arm of cluster c
        size[a]        = (1 - icc[a]) / icc[a]
        icc[a]         ~ Beta(1, 1 / icc_mean - 1)                      mean: icc_mean

        difference[t]          = rate[t] - rate[control]                t: every arm but the control
        log1p_relative_lift[t] = log(rate[t] / rate[control])           relative lift = expm1(.)
        log_odds_ratio[t]      = logit(rate[t]) - logit(rate[control])  odds ratio = exp(.)

    icc is the correlation of two rows of one cluster: 0 where they are independent (then this is
    the Binomial of `conversion`), 1 where all rows of a cluster are the same. The rate is that of a
    row of any cluster: how many rows a cluster has is taken to say nothing of its rate. The
    guardrail has a rate and an icc of its own.

    Parameters
    ----------
    arms
        As in `conversion`; of its counts nothing is used but whether there is a guardrail.
    clusters
        A row a cluster of an arm: `arm`, `visitors`, `conversions` and perhaps `guardrail`. Dims:
        arm, treatment, cluster.
    alpha, beta
        As in `conversion`.
    icc_mean
        Prior mean of icc, above 0 and below 1. The default leaves open what is commonly seen, .01
        to .6, and has half of its mass below .16.

    Source: Gelman et al., Bayesian Data Analysis, 3rd ed., section 5.3; Williams (1975), The
    analysis of binary responses from toxicological experiments, for the likelihood.
    """
    at = pd.Index(arms["arm"]).get_indexer(clusters["arm"])
    coords = {"arm": list(arms["arm"]), "treatment": list(arms["arm"][1:])}
    with pm.Model(coords=coords | {"cluster": range(len(clusters))}) as model:
        pm.Data("alpha", float(alpha))
        pm.Data("beta", float(beta))
        pm.Data("icc_mean", float(icc_mean))
        pm.Data("visitors", clusters["visitors"].to_numpy(), dims="cluster")
        pm.Data("arm_of", at, dims="cluster")
        rate = _beta_binomial(clusters["conversions"], "conversions")
        _ratios(rate)
        if "guardrail" in clusters:
            _beta_binomial(clusters["guardrail"], "guardrail")
    return model


def pseudo_counts(prior_mean: float, prior_strength: float, **others: float) -> dict[str, float]:
    """Return the Beta prior of this mean that weighs as much as `prior_strength` visitors."""
    counts = {"alpha": prior_mean * prior_strength, "beta": (1 - prior_mean) * prior_strength}
    return counts | others


def _independent(prefix: str) -> TensorVariable:
    """Add rates of which each knows nothing of the others; dims: arm."""
    model = pm.modelcontext(None)
    return pm.Beta(f"{prefix}rate", model["alpha"], model["beta"], dims="arm")


def _near(prefix: str) -> TensorVariable:
    """Add rates whose log-odds differ from the control's by effects; dims: arm."""
    model = pm.modelcontext(None)
    control = pm.Beta(f"{prefix}control_rate", model["alpha"], model["beta"])
    effect = pm.Normal(f"{prefix}log_odds_ratio", 0, model["effect_sd"], dims="treatment")
    others = pm.math.invlogit(pm.math.logit(control) + effect)
    rates = pm.math.concatenate([control[None], others])
    return pm.Deterministic(f"{prefix}rate", rates, dims="arm")


def _binomial(
    events: pd.Series, outcome: str, rates: Callable[[str], TensorVariable]
) -> TensorVariable:
    """Add one outcome to the model of the context and return its rates; dims: arm."""
    model, prefix = pm.modelcontext(None), OUTCOMES[outcome]
    rate = rates(prefix)
    pm.Deterministic(f"{prefix}difference", rate[1:] - rate[0], dims="treatment")
    observed = pm.Data(f"{outcome}_data", events.to_numpy(), dims="arm")
    pm.Binomial(outcome, n=model["visitors"], p=rate, observed=observed, dims="arm")
    return rate


def _beta_binomial(events: pd.Series, outcome: str) -> TensorVariable:
    """Add one outcome by cluster to the model of the context and return its rates; dims: arm."""
    model, prefix = pm.modelcontext(None), OUTCOMES[outcome]
    rate = pm.Beta(f"{prefix}rate", model["alpha"], model["beta"], dims="arm")
    pm.Deterministic(f"{prefix}difference", rate[1:] - rate[0], dims="treatment")
    icc = pm.Beta(f"{prefix}icc", 1, 1 / model["icc_mean"] - 1, dims="arm")
    size, mean = ((1 - icc) / icc)[model["arm_of"]], rate[model["arm_of"]]
    observed = pm.Data(f"{outcome}_data", events.to_numpy(), dims="cluster")
    shape = {"n": model["visitors"], "alpha": mean * size, "beta": (1 - mean) * size}
    pm.BetaBinomial(outcome, **shape, observed=observed, dims="cluster")
    return rate


def _ratios(rate: TensorVariable) -> None:
    """Add the lift and the odds ratio of every treatment to the model of the context."""
    pm.Deterministic("log1p_relative_lift", pm.math.log(rate[1:] / rate[0]), dims="treatment")
    log_odds = pm.math.logit(rate)
    pm.Deterministic("log_odds_ratio", log_odds[1:] - log_odds[0], dims="treatment")
