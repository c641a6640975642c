"""A level with a season and a trend beside it: as `--season` and `--trend` have them.

Nine values, three periods of three places with a gap. The trend and the season are as large as the
noise, so that values say something of both.
"""

from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt

from models.river_level import local_level
from tests.calibration.mutants import Mutant, replaced, with_likelihood

OF = "river_level"
WRONG = ("wide_season", "wide_trend", "season_a_step_late", "beside_doubled")
TIMES = np.array([0, 1, 2, 3, 5, 6, 7, 8, 10])
VALUES = pd.Series(np.sin(TIMES), list(map(str, TIMES)))
PLACES = ["spring", "summer", "winter"]
KNOBS = {"noise": 0.5, "drift": 0.3, "start": 0.0, "start_sd": 2.0, "pattern": 1.0, "slope_sd": 0.5}


def small() -> pm.Model:
    return local_level(VALUES, TIMES, phases=PLACES, **KNOBS)


def right() -> Mutant:
    return Mutant("")


def wide_season() -> Mutant:
    return replaced("a season with three times the prior sd", pattern=3.0)


def wide_trend() -> Mutant:
    return replaced("a trend with twice the prior sd", slope_sd=1.0)


def with_beside(told: str, change: Any) -> Mutant:
    """Return the model with something else beside the level."""
    return Mutant(told, with_likelihood(small(), "y", lambda *all: (*all[:-1], change(all[-1]))))


def season_a_step_late() -> Mutant:
    return with_beside(
        "season and trend a value late", lambda beside: pt.concatenate([beside[:1], beside[:-1]])
    )


def beside_doubled() -> Mutant:
    return with_beside("season and trend counted twice", lambda beside: 2 * beside)
