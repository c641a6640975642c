"""The losses of `noise_models`: how each noise is built, all fitted, and which predicts best."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd
import pymc as pm
import typer

from analyses import _designs as designs
from analyses._study import Study
from data._regression import Regression
from models.count_regression import negative_binomial, poisson
from models.linear_regression import gaussian
from models.noise_models import huber, laplace
from models.proportion_regression import beta_shares
from models.robust_regression import student_t
from workflow.regression import noises
from workflow.regression.assessed import assess
from workflow.regression.noise_rivals import Beside, One
from workflow.regression.noises import Noisy, ones
from workflow.sampling.fit import data_of

CANNOT = (
    "noise_models keeps no prediction of Poisson counts; run count_regression on the same file, "
    "whose dispersion near 0 is Poisson"
)


@dataclass(frozen=True)
class Noise:
    """What makes the model of a noise, the knob of its scale, and what has to be looked at."""

    build: Callable[..., pm.Model]
    knob: str
    watched: tuple[str, ...]
    design: str = ""


NOISES = {
    noises.HUBER: Noise(huber, "noise", ("scale",), designs.HUBER),
    noises.GAUSSIAN: Noise(gaussian, "noise", ("sigma",), designs.GAUSSIAN),
    noises.LAPLACE: Noise(laplace, "noise", ("scale",), designs.LAPLACE),
    noises.STUDENT: Noise(student_t, "noise", ("scale", "nu"), designs.STUDENT_T),
    noises.NEGATIVE_BINOMIAL: Noise(negative_binomial, "scatter", ("dispersion",), designs.COUNTS),
    noises.POISSON: Noise(poisson, "level_sd", ()),
    noises.BETA: Noise(beta_shares, "noise", ("precision",), designs.SHARE),
}
LOSSES = {
    "huber": noises.HUBER,
    "squared": noises.GAUSSIAN,
    "absolute": noises.LAPLACE,
    "student-t": noises.STUDENT,
    "negative-binomial": noises.NEGATIVE_BINOMIAL,
    "poisson": noises.POISSON,
    "beta": noises.BETA,
}


def told(loss: str | None, kind: str) -> str:
    """Return the noise that is told in full: that of `loss`, else the first of the kind.

    Raises
    ------
    typer.BadParameter
        An outcome of this kind has no such noise.
    """
    there = noises.OF[kind]
    if loss is None:
        return there[0]
    if LOSSES[loss] not in there:
        names = ", ".join(name for name, noise in LOSSES.items() if noise in there)
        raise typer.BadParameter(f"--loss {loss} is not for {kind}; there are {names}")
    return LOSSES[loss]


def model_of(
    noise: str, found: Regression, slopes: Mapping[str, float], scale: float
) -> "partial[pm.Model]":
    """Return what builds the model of a noise, with the prior of the slopes and of the scale."""
    rows: list[Any] = [found.terms, found.outcome]
    if noise in {noises.POISSON, noises.NEGATIVE_BINOMIAL}:
        rows.append(ones(found.outcome))
    return partial(NOISES[noise].build, *rows, **slopes, **own_knob(noise, scale))


def own_knob(noise: str, value: Any) -> dict[str, Any]:
    """Return the knob of a noise's scale with a value, or values.

    Poisson noise has no scale: its knob is the prior sd of the log of the average count, which is
    1 but in a sweep over several values.
    """
    fixed = noise == noises.POISSON and isinstance(value, float)
    return {NOISES[noise].knob: 1.0 if fixed else value}


def kept(noise: str, found: Regression) -> dict[str, Any]:
    """Return what new rows need to be predicted by."""
    if noise == noises.NEGATIVE_BINOMIAL:
        also = pd.DataFrame({"exposure": ones(found.outcome)})
        return designs.of_counts(replace(found, also=also), None)
    if noise == noises.POISSON:
        return {"cannot": CANNOT}
    return designs.of_regression(found, NOISES[noise].design)


def compared(
    study: Study,
    noise: str,
    kind: str,
    found: Regression,
    slopes: Mapping[str, float],
    scale: float,
) -> Beside:
    """Fit all noises of a kind beside the one of the study, and leave out each row of each."""
    settings = {"draws": study.draws, "tune": study.tune}
    settings |= {"chains": study.chains, "seed": study.seed}
    made, fits = [], []
    for name in (noise, *(one for one in noises.OF[kind] if one != noise)):
        study.step(f"{name} noise")
        if name == noise:
            model, compiled, tree = study.model, study.by_row, study._drawn
        else:
            model = model_of(name, found, slopes, scale)()
            compiled, tree = study.beside(model, settings)
        rows = Noisy(name, kind, found.terms, found.outcome, study.rows)
        fits.append(assess(name, compiled, data_of(model), tree, rows, **settings))
        made.append(One(rows, model, compiled))
    return Beside(tuple(made), tuple(fits), settings)
