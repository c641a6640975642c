"""A curve of many places: as waves, and how far these are from the Gaussian process itself."""

from functools import partial

import numpy as np
import pandas as pd
import pymc as pm
import typer
import xarray as xr

from analyses._scatter import CHANGING, Scatter
from analyses._study import Study
from data.smooth_curve import rounded
from models._changing_places import changing_places
from models._many_places import many_places
from models._threads import one_thread
from reports.functions import many as words
from workflow.checking.status import Status
from workflow.functions import quadrature
from workflow.functions.course import MANY, thetas
from workflow.functions.many_places import EXACT, error, too_short, waves_of
from workflow.functions.points import Points
from workflow.functions.quadrature import Prior
from workflow.functions.sized import waves_by_size
from workflow.functions.waves import Waves

MOST = 1000  # places, where noise may change: so many were measured (.6 ms of a core a slope)
SHAPE = (4, 250)  # chains and draws, before there are any


def about(known: Points, prior: Prior, noisy: Scatter, rows: pd.DataFrame, *, seed: int) -> Points:
    """Return rows about the process itself or, where places are many, about waves.

    Raises
    ------
    typer.BadParameter
        Places are too many for noise that changes, or waves would not tell what the process tells.
    """
    x = rows.iloc[:, 0]
    if len(known.where) <= EXACT:
        return known
    one_thread()
    if noisy.changes and len(known.where) > MOST:
        raise typer.BadParameter(
            f"--scatter {CHANGING}: {x.name} has {len(known.where):,} different values, and with "
            f"noise that changes {rounded(x, MOST)}"
        )
    if short := too_short(known, prior):
        raise typer.BadParameter(words.too_short(short, float(np.ptp(known.where)), str(x.name)))
    if noisy.changes:
        sized = waves_by_size(known, prior)
        found, of = sized.waves, sized.thetas(SHAPE, seed=seed)
    else:
        found = waves_of(known, prior)
        of = thetas(quadrature.some(found, prior, SHAPE, seed=seed), MANY, known.where)
    if error(found, of).large:
        short = float(np.exp(np.mean([np.log(one.length) for one in of])))
        raise typer.BadParameter(words.too_short(short, float(np.ptp(known.where)), str(x.name)))
    return found


def build(known: Points, noisy: Scatter, rows: pd.DataFrame) -> "partial[pm.Model]":
    """Return what makes the model: of waves, where the rows are about waves."""
    of_waves: tuple[float, ...] = ()
    if noisy.waves is not None:
        of_waves = (noisy.waves.count, noisy.waves.half)
    model = noisy.model
    if isinstance(known, Waves):
        model = changing_places if noisy.changes else many_places
        of_waves = (known.basis.count, known.basis.reach, *of_waves)
    return partial(model, rows, *of_waves, **noisy.prior)


def compare(study: Study, known: Points, posterior: xr.Dataset) -> None:
    """Add how far the waves are from the process itself, and warn of what would be seen."""
    if not isinstance(known, Waves) or not study.sound:
        return
    found = error(known, thetas(posterior, MANY, known.where))
    verdict = Status.PASS if found.small else Status.WARN
    said = words.waves(known.basis, changes="b" in posterior)
    study.check(words.TITLE, said, line=words.line(found), verdict=verdict)
    words.warn_of_error(study.page, found)
