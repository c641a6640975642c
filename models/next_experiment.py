"""A surrogate of what an experiment gives: a Gaussian process of all settings, summed out."""

import numpy as np
import pandas as pd
import pymc as pm
from pytensor.tensor.variable import TensorVariable

from models._threads import one_thread

JITTER = 1e-8  # of the variance of the results, added to that of the noise: no matrix is singular


def surrogate(
    settings: pd.DataFrame,
    results: pd.Series,
    *,
    typical_length: float = 1.0,
    length_spread: float = 0.75,
    amplitude: float = 1.0,
    noise: float = 0.3,
    level: float = 1.0,
) -> pm.Model:
    """A result is a smooth function of the settings, and noise that is as large everywhere.

        result[i] ~ Normal(f[i], sigma)
        f         ~ MvNormal(m, k)  summed out: results are jointly normal given the rest
        k[i, j]   = (s * level)**2 + sigma_f**2 * (1 + h[i, j] + h[i, j]**2 / 3) * exp(-h[i, j])
        h[i, j]   = sqrt(5 * d[i, j])
        d[i, j]   = sum_c ((x[i, c] - x[j, c]) / length[c])**2  over the columns

        length[c] ~ LogNormal(log(typical_length * u[c]), length_spread)
        sigma_f   ~ HalfNormal(s * amplitude)
        sigma     ~ Gamma(2, 2 / (s * noise))

    The covariance is that of Matérn with 5/2: f, the function at each setting x, has two
    derivatives. Given the lengths, sigma_f and sigma it is known exactly, as a normal distribution:
    the sampler moves in these alone, and what any setting gives follows. m and s are mean and sd of
    the results, and u[c] is the sd of a column times the root of the number of columns: the data's
    own, computed once and then fixed.

    Parameters
    ----------
    settings
        What was tried: numbers, a column a setting. Dims: row, column.
    results
        What came out. Dims: row.
    typical_length, length_spread
        Prior median of `length`, in units of u, and the sd of its logarithm, both above 0. Two
        settings that are u apart in one column are as far apart as two of the data usually are in
        all columns together. A column with a long length does hardly matter.
    amplitude
        Prior scale of `sigma_f`, by which the function goes up and down, in sds of the results.
    noise
        Prior mean of `sigma`, by which results at one setting differ, in sds of the results. The
        prior is 0 where there is no noise at all: every experiment has some, and else a sampler
        would get lost where a single odd result has a bump of its own and no noise.
    level
        Prior sd of the level about which the function goes up and down, in sds of the results.

    Source: Rasmussen and Williams (2006), Gaussian Processes for Machine Learning, chapters 2 and
    4; Snoek, Larochelle and Adams (2012), Practical Bayesian optimization of machine learning
    algorithms, for averaging over the lengths.
    """
    one_thread()
    coords = {"row": settings.index.to_numpy(), "column": list(settings)}
    unit = settings.std().to_numpy() * np.sqrt(settings.shape[1])
    with pm.Model(coords=coords) as model:
        x = pm.Data("settings", settings.to_numpy(dtype=float), dims=("row", "column"))
        m, s = pm.Data("result_mean", results.mean()), pm.Data("result_sd", results.std())
        u = pm.Data("column_unit", unit, dims="column")
        middle = pm.math.log(pm.Data("typical_length", float(typical_length)) * u)
        spread = pm.Data("length_spread", float(length_spread))
        length = pm.math.exp(pm.Normal("log_length", middle, spread, dims="column"))
        sigma_f = pm.HalfNormal("sigma_f", s * pm.Data("amplitude", float(amplitude)))
        sigma = pm.Gamma("sigma", 2, 2 / (s * pm.Data("noise", float(noise))))
        about = (s * pm.Data("level", float(level))) ** 2
        k = about + sigma_f**2 * matern(x / length)
        observed = pm.Data("result_data", results.to_numpy(dtype=float), dims="row")
        cov = k + (sigma**2 + JITTER * s**2) * pm.math.eye(observed.shape[0])
        mean = m + pm.math.zeros_like(observed)
        pm.MvNormal("result", mean, cov, observed=observed, dims="row")
    return model


def matern(x: TensorVariable) -> TensorVariable:
    """Return the correlation of every two rows; equal ones have 1, and a slope of 0."""
    squares = ((x[:, None] - x[None]) ** 2).sum(axis=2)
    apart = pm.math.sqrt(5 * pm.math.where(squares > 0, squares, 1.0))
    return pm.math.where(squares > 0, (1 + apart + apart**2 / 3) * pm.math.exp(-apart), 1.0)
