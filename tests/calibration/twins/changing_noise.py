"""Noise whose size changes: five places of four rows each, so that rows tell sizes at every place.

The likelihood knows nothing of two numbers, sd and length of the noise's changes, but by the
heights of the waves: these are ranked too, and their prior is what a lost Jacobian alters.
"""

import numpy as np
import pandas as pd
import pymc as pm

from models._changing_noise import changing
from tests.calibration.mutants import Mutant, replaced, with_likelihood, without_jacobian
from workflow.calibrating.sbc import Data
from workflow.functions.sizes import waves

OF = "smooth_curve"
WRONG = ("dropped_jacobian", "wide_prior", "few_waves", "variance_for_sd")
PLACES = np.repeat(np.arange(5.0), 4)
ROWS = pd.DataFrame({"x": PLACES, "y": np.sin(PLACES) + np.tile([-0.3, -0.1, 0.1, 0.3], 5)})
KNOBS = {"typical_length": 2.0, "length_spread": 0.5, "amplitude": 1.0, "noise": 0.3}
KNOBS |= {"typical_length_noise": 1.5, "length_noise_spread": 0.3, "change": 1.5}
BASIS = waves(np.unique(PLACES), 1.5, 0.3)


def small() -> pm.Model:
    return changing(ROWS, BASIS.count, BASIS.half, **KNOBS)


def right() -> Mutant:
    return Mutant("")


def dropped_jacobian() -> Mutant:
    return Mutant("heights without the volume of their numbers", without_jacobian(small(), "b"))


def wide_prior() -> Mutant:
    return replaced("twice the prior scale of the noise's changes", change=2 * KNOBS["change"])


def few_waves() -> Mutant:
    """The others have heights still, which rows do not know of."""

    def change(data: Data) -> Data:
        seen = (np.arange(BASIS.count) < BASIS.count // 4).astype(float)
        told = data["told"] * seen * seen[:, None]
        return data | {"waves": data["waves"] * seen, "told": told}

    return Mutant("a quarter of the waves", change=change)


def variance_for_sd() -> Mutant:
    model = with_likelihood(small(), "y", lambda *of: (*of[:4], of[4] ** 2, *of[5:]))
    return Mutant("the square of the noise's sd taken for its sd", model)
