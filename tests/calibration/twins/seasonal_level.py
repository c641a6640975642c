"""A level with a season and a trend beside it: as `--season` and `--trend` have them.

Nine values, three periods of three places with a gap. The trend and the season are as large as the
noise, so that values say something of both. Both are summed out: they have no ranks, and three
times the prior sd of the season moves the sds that have ranks by nothing that 1,000 replicates see.
Their priors are held by the exact densities (`tests/workflow/series`).
"""

from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt

from models.river_level import local_level
from tests.calibration.mutants import Mutant, with_likelihood

OF = "river_level"
WRONG = ("season_a_step_late", "beside_doubled")
TIMES = np.array([0, 1, 2, 3, 5, 6, 7, 8, 10])
VALUES = pd.Series(np.sin(TIMES), list(map(str, TIMES)))
PLACES = ["spring", "summer", "winter"]
KNOBS = {"noise": 0.5, "drift": 0.3, "start": 0.0, "start_sd": 2.0, "pattern": 1.0, "slope_sd": 0.5}


def small() -> pm.Model:
    return local_level(VALUES, TIMES, phases=PLACES, **KNOBS)


def right() -> Mutant:
    return Mutant("")


def with_beside(told: str, change: Any) -> Mutant:
    """Return the model with something else beside the level."""
    return Mutant(told, with_likelihood(small(), "y", lambda *all: (*all[:-1], change(all[-1]))))


def season_a_step_late() -> Mutant:
    return with_beside(
        "season and trend a value late", lambda beside: pt.concatenate([beside[:1], beside[:-1]])
    )


def beside_doubled() -> Mutant:
    return with_beside("season and trend counted twice", lambda beside: 2 * beside)
