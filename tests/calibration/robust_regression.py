"""The robust regression; small: 8 rows for 4 coefficients."""

import pymc as pm

from data.robust_regression import load
from models.robust_regression import student_t
from tests.calibration.mutants import Mutant, few_rows, replaced, with_likelihood, without_jacobian


def shipped() -> pm.Model:
    found = load()
    return student_t(found.terms, found.outcome)


def small() -> pm.Model:
    found = load()
    return student_t(*few_rows(found.terms, found.outcome))


def wide_prior() -> Mutant:
    return replaced("prior sd of the slopes 1 instead of .5", slope_sd=1.0)


def wrong_likelihood() -> Mutant:
    told = "noise in the likelihood twice as wide as the parameter says"
    return Mutant(told, with_likelihood(small(), "y", lambda nu, mu, scale: (nu, mu, 2 * scale)))


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logarithm of tau", without_jacobian(small(), "tau"))
