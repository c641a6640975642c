"""Measurements of one process that stays as it is: a mean, an sd, and how far the limits are."""

import pandas as pd
import pymc as pm


def process(
    values: pd.Series,
    lower: float,
    upper: float,
    *,
    center: float = 5.64,
    pieces: float = 0.1,
    spread: float = 0.05,
    spread_pieces: float = 1.0,
) -> pm.Model:
    """Every piece is drawn from the same normal distribution, and none knows of another.

        x[i] ~ Normal(mu, sigma)
        mu = center + spread * place
        sigma = spread * sqrt(ratio)
        cpk = min(upper - mu, mu - lower) / (3 * sigma)

        place ~ Normal(0, sqrt(ratio / pieces))
        ratio ~ InverseGamma(spread_pieces / 2, spread_pieces / 2)

    The prior is conjugate: mu given sigma is normal with sd sigma / sqrt(pieces), and sigma^2 is
    spread^2 times an inverse gamma. So the posterior is of the same kind, mu and the next piece are
    Student-t, and today's posterior is tomorrow's prior. cpk is the distance from the mean to the
    nearer limit, in units of three sds: at 1, pieces beyond that limit are about one in 741.

    Parameters
    ----------
    values
        The measurement of each piece. Dims: row.
    lower, upper
        The limits, in the unit of the values; infinite where there is none.
    center, pieces
        Where the mean is expected, and how many pieces that knowledge is worth, above 0. The middle
        of the limits is what a process is designed for; a tenth of a piece has an sd of about three
        sigma, half the distance of the limits.
    spread, spread_pieces
        The sd that is expected, and how many pieces that knowledge is worth, above 0. A sixth of
        the distance of the limits is cpk = 1; one piece has 95% of sigma between .45 and 32 times
        as much.

    Source: Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., section 3.3.
    """
    with pm.Model(coords={"row": values.index.to_numpy()}) as model:
        low, high = pm.Data("lower", float(lower)), pm.Data("upper", float(upper))
        at, unit = pm.Data("center", float(center)), pm.Data("spread", float(spread))
        worth = pm.Data("pieces", float(pieces))
        half = pm.Data("spread_pieces", float(spread_pieces)) / 2
        ratio = pm.InverseGamma("ratio", alpha=half, beta=half)
        place = pm.Normal("place", 0, pm.math.sqrt(ratio / worth))
        mu = pm.Deterministic("mu", at + unit * place)
        sigma = pm.Deterministic("sigma", unit * pm.math.sqrt(ratio))
        pm.Deterministic("cpk", pm.math.minimum(high - mu, mu - low) / (3 * sigma))
        observed = pm.Data("x_data", values.to_numpy(dtype=float), dims="row")
        pm.Normal("x", mu, sigma, observed=observed, dims="row")
    return model


def with_setting(values: pd.Series, settings: pd.Series, *, eta: float = 1.0) -> pm.Model:
    """Each piece and a setting of its process are drawn from one bivariate normal distribution.

        x[i] ~ Normal(mean[x], sd[x])
        y[i] ~ Normal(mean[y] + slope * (x[i] - mean[x]), sd_given)
        slope = correlation * sd[y] / sd[x]
        sd_given = sd[y] * sqrt(1 - correlation ** 2)

        mean[k] = center[k] + scale[k] * place[k]
        sd[k] = scale[k] * size[k]
        place[k] ~ Normal(0, 2)
        size[k] ~ HalfNormal(2)
        correlation = 2 * half - 1
        half ~ Beta(eta, eta)  for two columns that is LKJ(eta)

    Centers and scales are the means and sds of the columns, so that the prior is the same in any
    unit: means within about four sds of the observed ones, sds up to about four times as large.

    Parameters
    ----------
    values, settings
        The measurement of each piece, and the setting with which it was made. Dims: row.
    eta
        Above 0: at 1 every correlation is as probable as any other, above 1 those near 0 are.

    Source: Lewandowski, Kurowicka and Joe (2009), Generating random correlation matrices.
    """
    columns = pd.concat([values, settings], axis=1).to_numpy(dtype=float)
    at, unit = columns.mean(axis=0), columns.std(axis=0, ddof=1)
    coords = {"row": values.index.to_numpy(), "column": ["y", "x"]}
    with pm.Model(coords=coords) as model:
        shape = pm.Data("eta", float(eta))
        place = pm.Normal("place", 0, 2, dims="column")
        size = pm.HalfNormal("size", 2, dims="column")
        half = pm.Beta("half", shape, shape)
        mean = pm.Deterministic("mean", at + unit * place, dims="column")
        sd = pm.Deterministic("sd", unit * size, dims="column")
        correlation = pm.Deterministic("correlation", 2 * half - 1)
        slope = pm.Deterministic("slope", correlation * sd[0] / sd[1])
        given = pm.Deterministic("sd_given", 2 * sd[0] * pm.math.sqrt(half * (1 - half)))
        x = pm.Data("x_data", columns[:, 1], dims="row")
        y = pm.Data("y_data", columns[:, 0], dims="row")
        pm.Normal("x", mean[1], sd[1], observed=x, dims="row")
        pm.Normal("y", mean[0] + slope * (x - mean[1]), given, observed=y, dims="row")
    return model
