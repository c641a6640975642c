"""Several levels with sds from one population: as `--each pooled` has them.

The rows are those of the series by themselves (`several_levels.py`). Priors of the population are
narrower than those of a page, as 19 values say little of sds that may be anything.
"""

import pymc as pm
import pytensor.tensor as pt

from models._pooled_levels import levels_pooled
from models._threads import one_thread
from tests.calibration.mutants import Mutant, replaced
from tests.calibration.twins.several_levels import (
    FIRST,
    FIRST_SD,
    NAMES,
    OF_ROW,
    TIMES,
    VALUES,
    with_sds,
)

OF = "river_level"
WRONG = ("wide_prior", "no_spread", "one_sd_for_all", "steps_for_noise")
KNOBS = {"typical": 0.7, "between": 0.7}


def small() -> pm.Model:
    one_thread()
    return levels_pooled(VALUES, TIMES, OF_ROW, NAMES, 1.0, 0.5, FIRST, FIRST_SD, **KNOBS)


def right() -> Mutant:
    return Mutant("")


def wide_prior() -> Mutant:
    return replaced("typical sds with twice the prior sd", typical=1.4)


def no_spread() -> Mutant:
    return replaced("a population that has no spread", between=0.05)


def one_sd_for_all() -> Mutant:
    """Series have sds of their own, and all values are taken as of the typical one."""

    def typical(sds: pt.TensorVariable) -> pt.TensorVariable:
        return pt.exp(pt.log(sds).mean()) * pt.ones_like(sds)

    return with_sds(
        "one sd for all series", small(), lambda noise, step: (typical(noise), typical(step))
    )


def steps_for_noise() -> Mutant:
    return with_sds(
        "steps of the level taken for noise", small(), lambda noise, step: (step, noise)
    )
