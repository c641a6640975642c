"""The logistic regression; small: 22 rows for 11 coefficients."""

import pymc as pm
from pytensor.tensor.variable import TensorVariable

from data.logistic_regression import load
from models.logistic_regression import bernoulli
from tests.calibration.mutants import Mutant, few_rows, replaced, with_likelihood


def shipped() -> pm.Model:
    found = load()
    return bernoulli(found.terms, found.outcome)


def small() -> pm.Model:
    found = load()
    return bernoulli(*few_rows(found.terms, found.outcome))


def wide_prior() -> Mutant:
    return replaced("prior sd of the log odds ratios 3 instead of 1.5", slope_sd=3.0)


def wrong_likelihood() -> Mutant:
    def probit(p: TensorVariable) -> tuple[TensorVariable, ...]:
        return (pm.math.invprobit(pm.math.logit(p)),)

    return Mutant("probit in place of logit", with_likelihood(small(), "y", probit))


def dropped_jacobian() -> Mutant:
    """Sample the odds ratios under the prior of their logarithms.

    No parameter of this model is transformed. Who samples odds ratios instead, and keeps the prior
    density of the log odds ratios as it is, leaves out exp(-log odds ratio) for each.
    """
    model = small()
    with model:
        pm.Potential("dropped", model["log_odds_ratio"].sum())
    return Mutant("odds ratios sampled under the prior of their logarithms", model)
