"""A curve of many places: simulated from the process itself, fitted by the waves that a page takes.

20 places, a row each: the cost is that of the waves, of which a page takes more for more bends, and
not for more places. The noise is small beside the curve, so that waves that end too early show; the
length is known beforehand to a fifth, or hundreds of waves would be needed for what 20 rows leave
open of it. A prior that is too wide is found out in the case itself, whose prior this is.
"""

import numpy as np
import pandas as pd
import pymc as pm

from models._many_places import about, many_places
from models.smooth_curve import smooth
from tests.calibration.mutants import Mutant, with_likelihood
from workflow.calibrating.sbc import Data
from workflow.functions.basis import Basis
from workflow.functions.many_places import waves_of
from workflow.functions.points import Points
from workflow.functions.quadrature import prior_of

OF = "smooth_curve"
WRONG = ("few_waves", "near_ends", "variance_for_sd")
PLACES = np.arange(20.0)
ROWS = pd.DataFrame({"x": PLACES, "y": np.sin(PLACES / 4)})
KNOBS = {"typical_length": 5.0, "length_spread": 0.2, "amplitude": 1.0, "noise": 0.3}
ANY = Basis(8, 1.2, 0.0, 1.0)  # the compiled one; each fit is by waves of its own
OTHER = {"where", "at", "level_sd"}  # what the process has, and waves have not, or have themselves


def small() -> pm.Model:
    """The process itself."""
    return smooth(ROWS, **KNOBS)


def by_waves() -> pm.Model:
    return many_places(ROWS, ANY.count, ANY.reach, **KNOBS)


def chosen(data: Data) -> Basis:
    """Return the waves that the rule of the page chooses for these rows."""
    mean, sd = float(data["outcome_mean"]), float(data["outcome_sd"])
    known = Points(PLACES, np.arange(len(PLACES)), data["y_data"], mean, sd)
    return waves_of(known, prior_of(KNOBS, sd)).basis


def told(data: Data, count: int, reach: float) -> Data:
    """Return the data of such waves instead of those of the process."""
    kept = {name: one for name, one in data.items() if name not in OTHER}
    return kept | about(PLACES, np.ones(len(PLACES)), count, reach)


def as_chosen(data: Data) -> Data:
    of = chosen(data)
    return told(data, of.count, of.reach)


def right() -> Mutant:
    return Mutant("", by_waves(), as_chosen)


def few_waves() -> Mutant:
    def change(data: Data) -> Data:
        of = chosen(data)
        return told(data, of.count // 4, of.reach)

    return Mutant("a quarter of the waves", by_waves(), change)


def near_ends() -> Mutant:
    """As high a last wave, of fewer."""

    def change(data: Data) -> Data:
        of, reach = chosen(data), 1.02
        return told(data, int(np.ceil(of.count * reach / of.reach)), reach)

    return Mutant("waves that end just beyond the rows", by_waves(), change)


def variance_for_sd() -> Mutant:
    model = with_likelihood(
        by_waves(), "y", lambda m, half, sigma, *waves: (m, half, sigma**2, *waves)
    )
    return Mutant("the square of the noise's sd taken for its sd", model, as_chosen)
