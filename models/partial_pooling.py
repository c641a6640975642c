"""Groups with few data each, drawn from one population: what each knows helps the others."""

from typing import Any

import pandas as pd
import pymc as pm

STANDARD = "group_z"  # where a sampler moves: offsets of groups, quantities of nobody


def rates(
    groups: pd.DataFrame,
    centred: float = 0.0,
    *,
    mu_mean: float = 0.0,
    mu_sd: float = 1.5,
    tau_scale: float = 1.0,
) -> pm.Model:
    """Each group has its own rate; the log-odds of the rates come from one normal population.

        successes[g] ~ Binomial(trials[g], rate[g])
        rate[g]      = 1 / (1 + exp(-effect[g]))
        effect[g]    ~ Normal(mu, tau)

        mu           ~ Normal(mu_mean, mu_sd)
        tau          ~ HalfNormal(tau_scale)

    tau decides how far a group is drawn towards the others: at 0 all have one rate (complete
    pooling), far above the errors of the groups each has its own (no pooling); the data estimate
    it. `centred` says in which coordinates the sampler moves, and changes nothing else: at 1 in the
    effects themselves, at 0 in z = (effect - mu) / tau, whose prior does not hang on tau.

    Parameters
    ----------
    groups
        `group` (label), `successes` and `trials`, counts with 0 <= successes <= trials and at least
        one trial. Dims: group.
    centred
        0 or 1: 0 where groups have few data beside tau, 1 where they have many.
    mu_mean, mu_sd
        Prior of the log-odds of a typical group. The default, 0 and 1.5, is nearly uniform in the
        rate: 95% of it between .05 and .95.
    tau_scale
        Prior scale of the sd between groups in log-odds, above 0. The default, 1: two groups may
        well differ by a factor of 4 in their odds, and rarely (.05) by a factor of 20.

    Source: Efron and Morris (1975), Data analysis using Stein's estimator and its generalizations,
    JASA 70; Gelman et al. (2013), Bayesian Data Analysis, section 5.3; for the coordinates
    Papaspiliopoulos, Roberts and Sköld (2007), Statistical Science 22.
    """
    with _of(groups) as model:
        mu = pm.Normal("mu", pm.Data("mu_mean", float(mu_mean)), pm.Data("mu_sd", float(mu_sd)))
        tau = pm.HalfNormal("tau", pm.Data("tau_scale", float(tau_scale)))
        rate = pm.Deterministic("rate", pm.math.sigmoid(_drawn(mu, tau, centred)), dims="group")
        trials = pm.Data("trials", groups["trials"].to_numpy(), dims="group")
        observed = pm.Data("successes_data", groups["successes"].to_numpy(), dims="group")
        pm.Binomial("successes", trials, rate, observed=observed, dims="group")
    return model


def effects(
    groups: pd.DataFrame,
    centred: float = 0.0,
    *,
    mu_mean: float = 0.0,
    mu_sd: float = 5.0,
    tau_scale: float = 5.0,
) -> pm.Model:
    """Each group has its own effect, measured with a known error; effects come from one population.

        estimate[g] ~ Normal(effect[g], standard_error[g])
        effect[g]   ~ Normal(mu, tau)

        mu          ~ Normal(mu_mean, mu_sd)
        tau         ~ HalfCauchy(tau_scale)

    tau decides how far a group is drawn towards the others: at 0 all have one effect (complete
    pooling), far above the errors of the groups each has its own (no pooling); the data estimate
    it. `centred` says in which coordinates the sampler moves, and changes nothing else: at 1 in the
    effects themselves, at 0 in z = (effect - mu) / tau, whose prior does not hang on tau.

    Parameters
    ----------
    groups
        `group` (label), `effect` (what was measured) and `standard_error` (above 0), in one unit.
        Dims: group.
    centred
        0 or 1: 0 where groups have few data beside tau, 1 where they have many.
    mu_mean, mu_sd
        Prior of the effect of a typical group, in the unit of the effects. The defaults are those
        of the eight schools, points of a test: a course hardly moves the mean by more than 10.
    tau_scale
        Median of the prior of the sd between groups, above 0, in the unit of the effects. Its tail
        is long: a scale that is too small is overruled by few groups.

    Source: Rubin (1981), Estimation in parallel randomized experiments; Gelman (2006), Prior
    distributions for variance parameters in hierarchical models, for tau; for the coordinates
    Papaspiliopoulos, Roberts and Sköld (2007), Statistical Science 22.
    """
    with _of(groups) as model:
        mu = pm.Normal("mu", pm.Data("mu_mean", float(mu_mean)), pm.Data("mu_sd", float(mu_sd)))
        tau = pm.HalfCauchy("tau", pm.Data("tau_scale", float(tau_scale)))
        effect = pm.Deterministic("effect", _drawn(mu, tau, centred), dims="group")
        error = pm.Data("standard_error", groups["standard_error"].to_numpy(float), dims="group")
        observed = pm.Data("estimate_data", groups["effect"].to_numpy(float), dims="group")
        pm.Normal("estimate", effect, error, observed=observed, dims="group")
    return model


def means(
    groups: pd.DataFrame,
    centred: float = 0.0,
    *,
    mu_mean: float = 0.0,
    mu_sd: float = 5.0,
    tau_scale: float = 5.0,
    sigma_scale: float = 5.0,
) -> pm.Model:
    """Each group has its own mean, around which its rows are normal, as far in every group.

        average[g] ~ Normal(mean[g], sigma / sqrt(size[g]))
        square     ~ Gamma(free / 2, 1 / (2 * sigma**2))
        free       = sum_g (size[g] - 1)
        mean[g]    ~ Normal(mu, tau)

        mu         ~ Normal(mu_mean, mu_sd)
        tau        ~ HalfCauchy(tau_scale)
        sigma      ~ HalfCauchy(sigma_scale)

    The average of a group's rows, and the sum of squares around these averages, have all that
    normal rows say of mean and sigma. tau decides how far a group is drawn towards the others;
    `centred` says in which coordinates the sampler moves, and changes nothing else: at 1 in the
    means themselves, at 0 in z = (mean - mu) / tau, whose prior does not hang on tau.

    Parameters
    ----------
    groups
        `group` (label), `mean` of its rows, `size` (how many), and `square`, the sum of squares
        around that mean, in one unit; some group has two rows. Dims: group.
    centred
        0 or 1: 0 where groups have few data beside tau, 1 where they have many.
    mu_mean, mu_sd
        Prior of the mean of a typical group, in the unit of the rows.
    tau_scale, sigma_scale
        Medians of the priors of the sd between groups and of the sd of rows within a group, above
        0, in the unit of the rows. The tails are long: a scale that is too small is overruled.

    Source: Gelman and Hill (2007), Data analysis using regression and multilevel/hierarchical
    models, chapter 12; Gelman (2006), Prior distributions for variance parameters.
    """
    with _of(groups) as model:
        mu = pm.Normal("mu", pm.Data("mu_mean", float(mu_mean)), pm.Data("mu_sd", float(mu_sd)))
        tau = pm.HalfCauchy("tau", pm.Data("tau_scale", float(tau_scale)))
        sigma = pm.HalfCauchy("sigma", pm.Data("sigma_scale", float(sigma_scale)))
        mean = pm.Deterministic("mean", _drawn(mu, tau, centred), dims="group")
        size = pm.Data("size", groups["size"].to_numpy(float), dims="group")
        observed = pm.Data("average_data", groups["mean"].to_numpy(float), dims="group")
        pm.Normal("average", mean, sigma / pm.math.sqrt(size), observed=observed, dims="group")
        squares = pm.Data("square_data", float(groups["square"].sum()))
        free = pm.math.sum(size - 1)
        pm.Gamma("square", free / 2, 1 / (2 * sigma**2), observed=squares)
    return model


def _of(groups: pd.DataFrame) -> pm.Model:
    return pm.Model(coords={"group": list(groups["group"])})


def _drawn(mu: Any, tau: Any, centred: float) -> Any:
    """Return a normal effect a group, in the coordinates that `centred` asks for.

    With c between 0 and 1, z normal with mean c mu and sd tau^c, and mu + tau^(1 - c) (z - c mu) as
    the effect, this is the same model: its ends are the two ways to write it (Gorinova, Moore and
    Hoffman 2020).
    """
    c = pm.Data("centred", float(centred))
    z = pm.Normal(STANDARD, c * mu, tau**c, dims="group")
    return mu + tau ** (1 - c) * (z - c * mu)
