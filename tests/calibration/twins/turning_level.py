"""A level whose slope itself changes: ten values with gaps, so few that each prior shows.

Who forgets the gaps takes moves over several steps for moves of one; who knows the first slope too
well, or expects larger turns than there are, blames what is left on the others.
"""

import numpy as np
import pandas as pd
import pymc as pm

from models._turning_level import turning_level
from tests.calibration.mutants import Mutant, replaced

OF = "river_level"
WRONG = ("gaps_forgotten", "narrow_slope", "wide_turns")
TIMES = np.array([0, 1, 4, 5, 6, 11, 12, 16, 17, 20])
FEW = pd.Series(np.zeros(10), TIMES.astype(str))
KNOBS = {"noise": 1.0, "drift": 1.0, "bend": 0.5, "slope_sd": 2.0, "start": 0.0, "start_sd": 5.0}


def small() -> pm.Model:
    return turning_level(FEW, TIMES, **KNOBS)


def right() -> Mutant:
    return Mutant("")


def gaps_forgotten() -> Mutant:
    model = turning_level(FEW, np.arange(10), **KNOBS)
    return Mutant("every value taken for one a step after the one before", model)


def narrow_slope() -> Mutant:
    return replaced("a first slope known ten times as well", slope_sd=0.2)


def wide_turns() -> Mutant:
    return replaced("a step of the slope with four times the prior scale", bend=2.0)
