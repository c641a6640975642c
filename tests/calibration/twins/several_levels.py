"""Several levels side by side, each with sds of its own: as `--each alone` has them."""

from typing import Any

import numpy as np
import pandas as pd
import pymc as pm

from models._several_levels import levels_alone
from models._threads import one_thread
from tests.calibration.mutants import Mutant, replaced, with_likelihood

OF = "river_level"
WRONG = ("wide_prior", "steps_for_noise", "sds_of_another")
NAMES = ["north", "south", "west"]
LENGTHS = 5, 6, 8
OF_ROW = np.repeat(np.arange(3), LENGTHS)
TIMES = np.concatenate([np.arange(5), [0, 1, 3, 4, 5, 6], np.arange(8)])  # a gap in the second
VALUES = pd.Series(np.sin(TIMES + OF_ROW), list(map(str, range(len(TIMES)))))
FIRST, FIRST_SD = np.zeros(3), np.full(3, 2.0)
NOISE, STEP = np.array([1.0, 3.0, 0.5]), np.array([0.5, 3.0, 1.0])


def small() -> pm.Model:
    one_thread()
    return levels_alone(VALUES, TIMES, OF_ROW, NAMES, NOISE, STEP, FIRST, FIRST_SD)


def right() -> Mutant:
    return Mutant("")


def wide_prior() -> Mutant:
    return replaced("steps of the levels with twice the prior scale", drift=2.0)


def with_sds(told: str, model: pm.Model, change: Any) -> Mutant:
    """Return the model in which other sds of noise and steps make what is observed."""

    def alter(first: Any, first_sd: Any, noise: Any, step: Any, *rows: Any) -> tuple[Any, ...]:
        return first, first_sd, *change(noise, step), *rows

    return Mutant(told, with_likelihood(model, "y", alter))


def steps_for_noise() -> Mutant:
    return with_sds(
        "steps of the level taken for noise", small(), lambda noise, step: (step, noise)
    )


def sds_of_another() -> Mutant:
    before = [2, 0, 1]
    return with_sds(
        "each series with the sds of the one before it",
        small(),
        lambda noise, step: (noise[before], step[before]),
    )
