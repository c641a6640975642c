"""The A/B model: two arms with two outcomes; small: 20 visitors an arm."""

import pymc as pm

from data.ab_test import load
from models.ab_test import conversion
from tests.calibration.mutants import Mutant, doubled, replaced, with_twice_the_sd, without_jacobian


def shipped() -> pm.Model:
    return conversion(load())


def small() -> pm.Model:
    return conversion(load().assign(visitors=20, conversions=0, guardrail=0))


def wide_prior() -> Mutant:
    alpha, beta = with_twice_the_sd(1, 4)
    told = f"prior of the rates Beta({alpha:g}, {beta:g}), with twice the sd of Beta(1, 4)"
    return replaced(told, alpha=alpha, beta=beta)


def wrong_likelihood() -> Mutant:
    return doubled("visitors", "conversions_data", "guardrail_data")


def dropped_jacobian() -> Mutant:
    return Mutant(
        "no Jacobian of the logit of the rates", without_jacobian(small(), "rate", "guardrail_rate")
    )
