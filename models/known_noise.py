"""Readings of one quantity by an instrument whose noise is known and whose bias is not."""

import numpy as np
import pandas as pd
import pymc as pm


def readings(
    values: pd.Series,
    *,
    prior_mean: float = 1000.0,
    prior_sd: float = 1000.0,
    bias_sd: float = 50.0,
    noise_sd: float = 80.0,
    n_before: float = 0.0,
    mean_before: float = 0.0,
) -> pm.Model:
    """All readings are off by the same unknown bias, and each by a noise of its own.

        reading[i] ~ Normal(mean, noise_sd)
        mean = quantity + bias

        quantity ~ Normal(prior_mean, prior_sd)
        bias ~ Normal(0, bias_sd)

    More readings tell the mean, and by it the sum of quantity and bias; how that is divided, only
    the priors tell. So the sd of the mean falls with the number of readings, and that of the
    quantity stops at prior_sd * bias_sd / sqrt(prior_sd^2 + bias_sd^2). The sampler moves in place
    and lean, two standard normal numbers: without earlier readings quantity = prior_mean +
    prior_sd * place and bias = bias_sd * lean. Earlier readings of the same instrument make of the
    two priors one of quantity and bias together, which is normal again.

    Parameters
    ----------
    values
        The readings. Dims: row.
    prior_mean, prior_sd
        What was known of the quantity before, in the unit of the readings; the sd is above 0. The
        defaults are for speeds of light, in km/s less 299,000: 300,000 to within a thousand.
    bias_sd
        How well the calibration is known, above 0: the sd of what all readings are off by together.
    noise_sd
        By how much single readings scatter, above 0: known, and not estimated.
    n_before, mean_before
        Number (0 or more) and mean of earlier readings that are not in the data, of the same
        quantity by the same instrument.

    Source: Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., section 2.5; for the bias JCGM
    100:2008, Evaluation of measurement data, sections 3.2 and 4.3 (type B evaluation).
    """
    with pm.Model(coords={"row": values.index.to_numpy()}) as model:
        at, wide = pm.Data("prior_mean", float(prior_mean)), pm.Data("prior_sd", float(prior_sd))
        off, noise = pm.Data("bias_sd", float(bias_sd)), pm.Data("noise_sd", float(noise_sd))
        place, lean = pm.Normal("place", 0, 1), pm.Normal("lean", 0, 1)
        # Quantity and bias given the earlier readings: mean and triangular root of the covariance.
        known = pm.Data("n_before", float(n_before)) / noise**2
        seen = pm.Data("mean_before", float(mean_before)) - at
        whole = 1 + known * (wide**2 + off**2)
        sd = wide * pm.math.sqrt((1 + known * off**2) / whole)
        together = -known * off**2 / (1 + known * off**2) * sd
        quantity = at + known * wide**2 / whole * seen + sd * place
        bias = known * off**2 / whole * seen + together * place
        bias = bias + off / pm.math.sqrt(1 + known * off**2) * lean
        pm.Deterministic("quantity", quantity)
        pm.Deterministic("bias", bias)
        mean = pm.Deterministic("mean", quantity + bias)
        observed = pm.Data("reading_data", values.to_numpy(dtype=np.float64), dims="row")
        pm.Normal("reading", mean, noise, observed=observed, dims="row")
    return model
