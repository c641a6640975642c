"""Readings of one quantity by an instrument whose noise is known and whose bias is not."""

import math
from typing import Any

import pandas as pd
import pymc as pm

COORDINATES = "direction"  # those in which a sampler moves: quantities of nobody


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

    Readings tell the mean, which is the sum of quantity and bias; how it is divided, only the
    priors tell. So the sd of the mean falls with the number of readings, and that of the quantity
    stops at prior_sd * bias_sd / sqrt(prior_sd^2 + bias_sd^2). The sampler moves in theta: theta[0]
    is the mean, counted from that of the data in standard errors, and theta[1] how the mean is
    divided, which no reading tells; the two are independent. Earlier readings of the same
    instrument make of the two priors one of quantity and bias together, which is normal again.

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
    with _coordinates(values) as model:
        before = _Before(prior_mean, prior_sd, bias_sd, noise_sd, n_before, mean_before)
        centre = pm.Data("centre", float(values.mean()))
        error = before.noise / math.sqrt(len(values))
        middle = pm.math.stack([(before.mean - centre) / error, 0.0])
        theta = _theta(middle, pm.math.stack([before.sd_mean / error, 1.0]))
        mean = centre + error * theta[0]
        divided = before.quantity + before.share * (mean - before.mean)
        quantity = divided + before.sd * before.rest / before.sd_mean * theta[1]
        _observed(values, quantity, mean - quantity, before.noise)
    return model


def as_written(values: pd.Series, **knobs: float) -> pm.Model:
    """Return the same model in other coordinates: quantity and bias, as one writes them down.

    The longer one measures, the more the two hang together. ADVI is given these; the knobs are
    those of `readings`.
    """
    with _coordinates(values) as model:
        before = _Before(**knobs)
        centre = pm.Data("centre", float(values.mean()))
        unit = pm.math.sqrt(before.bias_sd**2 + before.noise**2 / len(values))
        middle = pm.math.stack([(before.quantity - centre) / unit, 0.0])
        theta = _theta(middle, pm.math.stack([before.sd / unit, 1.0]))
        quantity = centre + unit * theta[0]
        bias = before.bias + before.slope * (quantity - before.quantity) + before.rest * theta[1]
        _observed(values, quantity, bias, before.noise)
    return model


class _Before:
    """Quantity and bias given the earlier readings: jointly normal, as expressions of `pm.Data`.

    The bias is `bias + slope * (quantity less its mean)`, give or take `rest`; their sum has `mean`
    and `sd_mean`, and the quantity takes the `share` of what that is off by.
    """

    def __init__(
        self,
        prior_mean: float,
        prior_sd: float,
        bias_sd: float,
        noise_sd: float,
        n_before: float,
        mean_before: float,
    ) -> None:
        at, wide = pm.Data("prior_mean", float(prior_mean)), pm.Data("prior_sd", float(prior_sd))
        self.bias_sd = pm.Data("bias_sd", float(bias_sd))
        self.noise = pm.Data("noise_sd", float(noise_sd))
        known = pm.Data("n_before", float(n_before)) / self.noise**2
        seen = pm.Data("mean_before", float(mean_before)) - at
        of_bias = known * self.bias_sd**2
        whole = 1 + known * wide**2 + of_bias
        self.quantity = at + known * wide**2 / whole * seen
        self.bias = of_bias / whole * seen
        self.mean = self.quantity + self.bias
        self.sd = wide * pm.math.sqrt((1 + of_bias) / whole)
        self.slope = -of_bias / (1 + of_bias)
        self.rest = self.bias_sd / pm.math.sqrt(1 + of_bias)
        variance = (self.sd / (1 + of_bias)) ** 2 + self.rest**2
        self.sd_mean = pm.math.sqrt(variance)
        self.share = self.sd**2 / (1 + of_bias) / variance


def _coordinates(values: pd.Series) -> pm.Model:
    return pm.Model(coords={"row": values.index.to_numpy(), COORDINATES: ["0", "1"]})


def _theta(middle: Any, sd: Any) -> Any:
    """Return the sampler's coordinates."""
    return pm.Normal("theta", middle, sd, dims=COORDINATES)


def _observed(values: pd.Series, quantity: Any, bias: Any, noise: Any) -> None:
    pm.Deterministic("quantity", quantity)
    pm.Deterministic("bias", bias)
    mean = pm.Deterministic("mean", quantity + bias)
    observed = pm.Data("reading_data", values.to_numpy(dtype=float), dims="row")
    pm.Normal("reading", mean, noise, observed=observed, dims="row")
