"""Counts of events with one rate before an unknown boundary, and another one after it."""

from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt


def step(counts: pd.Series, *, prior_mean: float = 1.0, prior_shape: float = 1.0) -> pm.Model:
    """Events come independently, at one rate before the change and at another from it on.

        count[t]    ~ Poisson(rate_before)  in the periods t < change
        count[t]    ~ Poisson(rate_after)  in the periods t >= change
        change      ~ DiscreteUniform(2, n)  the first period with the new rate, summed out

        rate_before ~ Gamma(prior_shape, prior_shape / prior_mean)
        rate_after  ~ Gamma(prior_shape, prior_shape / prior_mean)
        log_ratio   = log(rate_after / rate_before)  ratio = exp(.)

    The change is summed out: the density of the counts is the mean of their densities over the
    n - 1 boundaries between periods, so that only the two rates are unknown to the sampler.

    Parameters
    ----------
    counts
        Events of each period, whole numbers of at least 0, in the order of time and without gaps.
        Dims: row, the n periods (2 at least).
    prior_mean
        Prior mean of either rate, in events a period, above 0. The default, 1, with the shape 1 is
        the Exponential(1) of the literature on coal mines: 95% of it between .03 and 3.7 a year.
        Other data need their own scale, such as the overall rate.
    prior_shape
        Shape of the prior of either rate, above 0. 1 is an Exponential distribution: a rate far
        below the mean is not ruled out, and one above four times the mean is rare (.02).

    Source: Raftery and Akman (1986), Bayesian analysis of a Poisson process with a change-point,
    Biometrika 73; Carlin, Gelfand and Smith (1992), Hierarchical Bayesian analysis of changepoint
    problems, Applied Statistics 41.
    """
    with pm.Model(coords={"row": counts.index.to_numpy()}) as model:
        shape = pm.Data("prior_shape", float(prior_shape))
        inverse = shape / pm.Data("prior_mean", float(prior_mean))
        before = pm.Gamma("rate_before", shape, inverse)
        after = pm.Gamma("rate_after", shape, inverse)
        pm.Deterministic("log_ratio", pm.math.log(after / before))
        place = pm.Data("place", np.arange(len(counts)), dims="row")  # periods before each
        observed = pm.Data("count_data", counts.to_numpy(), dims="row")
        pm.CustomDist(
            "count",
            *(before, after, place),
            logp=log_probability,
            random=drawn,
            signature="(),(),(n)->(n)",
            dtype="int64",
            observed=observed,
            dims="row",
        )
    return model


def log_probability(value: Any, before: Any, after: Any, place: Any) -> Any:
    """Return the log probability of all counts, the change summed out."""
    n, early = value.shape[-1], pt.cumsum(value)[:-1]
    late, periods = value.sum() - early, place[1:]
    each = early * pt.log(before) - periods * before + late * pt.log(after) - (n - periods) * after
    return pm.math.logsumexp(each) - pt.log(n - 1) - pt.gammaln(value + 1).sum()


def drawn(
    before: np.ndarray,
    after: np.ndarray,
    place: np.ndarray,
    rng: np.random.Generator,
    size: tuple[int, ...] | None = None,
) -> np.ndarray:
    """Draw the counts of all periods, with a change at a boundary of its own each time."""
    shape = np.broadcast_shapes(np.shape(before), np.shape(after), size or ())
    change = rng.integers(1, place.shape[-1], size=(*shape, 1))
    rate = np.where(place < change, np.asarray(before)[..., None], np.asarray(after)[..., None])
    return rng.poisson(rate)
