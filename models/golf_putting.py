"""Putts as geometry: the direction is off by an angle, and the hole allows one."""

import math

import numpy as np
import pandas as pd
import pymc as pm

HOLE, BALL = 4.25, 1.68  # diameters in inches
ROOM = (HOLE - BALL) / 2 / 12  # feet: how far the ball's middle may pass the hole's
QUARTILE = 0.6744897501960817  # sds of a Normal distribution, within which half of it lies
LEAST = 1e-300  # chance of a miss: its logarithm stays a number


def geometry(putts: pd.DataFrame, *, prior_degrees: float = 2.0) -> pm.Model:
    """A putt goes in if its direction is off by less than the hole allows at its distance.

        missed[i] ~ Binomial(tries[i], 1 - p[i])
        p[i] = 2 * Phi(asin((R - r) / x[i]) / sigma_degrees) - 1

        sigma_degrees ~ Gamma(2, 2 / prior_degrees)               mean: prior_degrees
        even_ft = (R - r) / sin(0.6745 * sigma_degrees)

    The direction of a putt is off by an angle that is Normal with mean 0 and sd sigma_degrees.
    From x feet the ball, of radius r, falls into the hole, of radius R, if the angle is at most
    asin((R - r) / x), as if every putt were long enough, and none too long; p is the chance of
    that. Phi is the Normal distribution function, and angles are in degrees. even_ft is where p is
    a half: from there on a putt is more likely missed than made.

    Parameters
    ----------
    putts
        `distance_ft` (x, feet), `tries` and `successes`. Dims: row.
    prior_degrees
        Prior mean of sigma_degrees, above 0. By the default it is between .24 and 5.6 degrees with
        probability .95: an sd of 5.6 degrees misses one putt in four from a foot.

    Source: Gelman and Nolan (2002), A probability model for golf putting, Teaching Statistics 24.
    """
    missed = putts["tries"] - putts["successes"]
    with pm.Model(coords={"row": putts.index.to_numpy()}) as model:
        x = pm.Data("distance_ft", putts["distance_ft"].to_numpy(float), dims="row")
        tries = pm.Data("tries", putts["tries"].to_numpy(), dims="row")
        mean = pm.Data("prior_degrees", float(prior_degrees))
        sigma = pm.Gamma("sigma_degrees", 2, 2 / mean)
        allowed = pm.math.arcsin(ROOM / x) * (180 / np.pi)
        # Misses, not successes: near the hole p is rounded to 1, and 1 - p is a number still.
        miss = pm.math.maximum(pm.math.erfc(allowed / sigma / math.sqrt(2)), LEAST)
        pm.Deterministic("even_ft", ROOM / pm.math.sin(QUARTILE * sigma * (np.pi / 180)))
        observed = pm.Data("missed_data", missed.to_numpy(), dims="row")
        pm.Binomial("missed", tries, miss, observed=observed, dims="row")
    return model
