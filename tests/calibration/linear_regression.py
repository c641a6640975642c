"""The linear regression; small: 22 rows for 11 coefficients."""

import pymc as pm

from data.linear_regression import load
from models.linear_regression import gaussian
from tests.calibration.mutants import Mutant, few_rows, replaced, with_likelihood, without_jacobian


def shipped() -> pm.Model:
    found = load()
    return gaussian(found.terms, found.outcome)


def small() -> pm.Model:
    found = load()
    return gaussian(*few_rows(found.terms, found.outcome))


def wide_prior() -> Mutant:
    return replaced("prior sd of the slopes 1 instead of .5", slope_sd=1.0)


def wrong_likelihood() -> Mutant:
    told = "noise in the likelihood twice as wide as the parameter says"
    return Mutant(told, with_likelihood(small(), "y", lambda mu, sigma: (mu, 2 * sigma)))


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logarithm of tau", without_jacobian(small(), "tau"))
