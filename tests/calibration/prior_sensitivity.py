"""The model of one rate; small: 5 births and a prior that weighs 4.

Without its Jacobian a Beta prior has one pseudo-count less on either side. Of the 20 that the
default prior weighs nobody misses two: with 20 births the posterior sd changes by 2.5%, less than
1000 replicates can see.
"""

import pymc as pm

from data.prior_sensitivity import load
from models.prior_sensitivity import REFERENCE, births
from tests.calibration.mutants import Mutant, doubled, replaced, with_twice_the_sd, without_jacobian

FEW, WEAK = 5, 4.0


def shipped() -> pm.Model:
    return births(load())


def small() -> pm.Model:
    return births(load().assign(girls=0, births=FEW), prior_strength=WEAK)


def wide_prior() -> Mutant:
    strength = sum(with_twice_the_sd(REFERENCE * WEAK, (1 - REFERENCE) * WEAK))
    told = f"prior of strength {strength:g}, with twice the sd of strength {WEAK:g}"
    return replaced(told, prior_strength=strength)


def wrong_likelihood() -> Mutant:
    return doubled("births", "girls_data")


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logit of the rate", without_jacobian(small(), "theta"))
