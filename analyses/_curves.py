"""Options of a case about a curve, and its sections that need more than a line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import typer
import xarray as xr

from analyses._designs import CURVE
from analyses._study import Study
from reports.blocks.blocks import Figure
from reports.functions import curve as words, drawn, rivals as beside, tables
from workflow.functions.course import Course, course, thetas
from workflow.functions.points import Points, points
from workflow.functions.quadrature import Prior
from workflow.functions.rivals import rivals
from workflow.functions.spacing import Spacing
from workflow.functions.told import gap as told_of_gap
from workflow.functions.waves import Waves
from workflow.sampling.fit import data_of
from workflow.scoring.loo import left_out
from workflow.variational.advi import METHODS, fit_advi

FEWEST = 5  # different x that have to remain beside a gap
SCALES = {"typical_length": (0.25, 1.0, 4.0), "amplitude": (1.0, 3.0)}  # times their own
PRIOR_CURVES, DRAWS = 200, 500  # curves; draws of a chain of a refit
ITERATIONS, RATE = 5000, 0.04  # of ADVI: three unknowns, and each iteration takes long


@dataclass(frozen=True)
class Rows:
    """The rows that are fitted, all of them, and the ends of the gap between, if any."""

    kept: pd.DataFrame
    whole: pd.DataFrame
    gap: tuple[float, float] | None

    @property
    def names(self) -> list[str]:
        """What x and y are called."""
        return [str(one) for one in self.whole.columns]

    @property
    def left_out(self) -> pd.DataFrame:
        """The rows in the gap."""
        return self.whole.drop(index=self.kept.index)


def rows(whole: pd.DataFrame, gap: str | None) -> Rows:
    """Leave out the rows in a gap such as "20:30", both ends included.

    Raises
    ------
    typer.BadParameter
        The text is not two numbers in order; no row is in the gap, or too few are beside it.
    """
    if gap is None:
        return Rows(whole, whole, None)
    number = r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?)\s*"
    found = re.fullmatch(f"{number}:{number}", gap)
    ends = tuple(map(float, found.groups())) if found else (1.0, 0.0)
    if not ends[0] < ends[1]:
        raise typer.BadParameter(f"--gap {gap}: not two numbers in order, such as 20:30")
    x = whole.iloc[:, 0]
    inside = x.between(*ends)
    if not inside.any():
        raise typer.BadParameter(f"--gap {gap}: no row has its {x.name} there")
    kept = whole[~inside]
    beside = kept.iloc[:, 0]
    if not (beside < ends[0]).any() or not (beside > ends[1]).any() or beside.nunique() < FEWEST:
        raise typer.BadParameter(
            f"--gap {gap}: a gap needs rows on both sides, and {FEWEST} different {x.name} beside"
        )
    if kept.iloc[:, 1].nunique() == 1:
        raise typer.BadParameter(f"--gap {gap}: all rows beside it have the same value")
    return Rows(kept, whole, (ends[0], ends[1]))


def own_prior(
    given: Mapping[str, float | None], spacing: Spacing
) -> tuple[dict[str, float], dict[str, tuple[float, ...]]]:
    """Return the knobs of the model, where nothing is given from the spacing, and their sweep."""
    usual = {"typical_length": spacing.typical, "length_spread": spacing.spread}
    own = {name: float(usual[name] if one is None else one) for name, one in given.items()}
    return own, {name: tuple(k * own[name] for k in of) for name, of in SCALES.items()}


def of_curve(known: Points, x: str, y: str) -> dict[str, Any]:
    """Return what the curve at new x needs: its values summed by place, and the names."""
    columns = {"where": known.where, "many": known.many, "u": known.u}
    told: dict[str, Any] = {name: list(map(float, of)) for name, of in columns.items()}
    told |= {"waves": asdict(known.basis)} if isinstance(known, Waves) else {}
    return {"kind": CURVE, "x": x, "y": y, "mean": known.mean, "level": known.level, **told}


def fit_few(build: "partial[pm.Model]", *, seed: int) -> dict[str, xr.DataTree]:
    """Fit ADVI in fewer and longer steps (`Study` has `approximate`)."""
    model = build()
    settings: dict[str, Any] = {"iterations": ITERATIONS, "learning_rate": RATE, "seed": seed}
    return {said: fit_advi(model, method, **settings) for method, said in METHODS.items()}


def prior_curves(study: Study, known: Points, names: Sequence[str]) -> tuple[str, Figure]:
    """Return curves drawn from the prior, in words and as a figure."""
    prior = study.tree["prior"].to_dataset()
    none = replace(known, at=np.array([], dtype=int), y=np.array([]))
    grid = np.linspace(known.where[0], known.where[-1], 81)
    some = Course(grid, tuple(map(none.solved, thetas(prior, PRIOR_CURVES, known.where))))
    return (
        "The curves below are drawn from this prior alone.",
        drawn.prior(known, some.curves(study.seed), grid, names),
    )


def of_gap(study: Study, posterior: xr.Dataset, given: Rows, known: Points) -> None:
    """Add what the gap does to curve and noise; nothing without a gap."""
    if given.gap is None:
        return
    middle = np.array([sum(given.gap) / 2])
    every = points(given.whole, 1.0)
    whole = replace(known, where=every.where, at=every.at, y=every.y)
    out = given.left_out
    inside = course(known, posterior, grid=out.iloc[:, 0].to_numpy(dtype=float))
    without, beside = (course(one, posterior, grid=middle) for one in (known, whole))
    found = told_of_gap(without, beside, inside, out.iloc[:, 1].to_numpy(dtype=float))
    study.section("What does the gap hide?", words.of_gap(found, given.gap, given.names))


def compare(study: Study, posterior: xr.Dataset, known: Points, prior: Prior) -> None:
    """Add how well this page's curve and others predict rows; nothing of draws that failed.

    `prior` is that of length and sds with noise of one size.
    """
    if not study.sound:
        return
    changes, many = "b" in posterior, isinstance(known, Waves)
    if many and not changes:
        study.section(beside.TITLE, beside.LEFT_OUT)
        return
    refits = None
    if changes and study.in_full:
        by_row = ("y_data", "at")
        refits = partial(left_out, study.compiled, data_of(study.model), by_row, draws=DRAWS)
    found = rivals(known, posterior, prior, seed=study.seed, refits=refits)
    without = [beside.LEFT_OUT] if many else []
    study.section(beside.TITLE, beside.line(found), beside.table(found), *without)


def uncertainty(
    study: Study,
    known: Points,
    found: Course,
    names: Sequence[str],
    gap: tuple[float, float] | None,
) -> None:
    """Add how the uncertainty of a new row splits into that of the curve and that of the noise."""
    study.section(
        "What is not known, and would more rows tell it?",
        words.split(found, names),
        drawn.split(known, found, names[0], gap),
        tables.split(found, names[0]),
    )
