"""The formulas of `model_comparison`: what each predicts, all of them scored, and which is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr

from analyses import _designs as designs
from data._table import DataError
from data.model_comparison import Formula
from models._regression import axes
from models.model_comparison import gaussian, mean
from workflow.comparing.forms import Form, forms
from workflow.regression.criteria import Compared, decision_of, tenable_of
from workflow.regression.criteria_scored import compare, looked_at
from workflow.regression.lines_apart import Line, Prior
from workflow.regression.prior_widths import Widths, by_width
from workflow.regression.regression import standardised

WIDTHS = (0.3, 1000.0)  # of the prior, from one that expects little to one that says nothing
FEW = 200  # rows up to which the figure of widths is drawn at many of them
CANNOT = "a mean alone predicts every row alike, and nothing is kept for new ones"


@dataclass(frozen=True)
class Beside:
    """The formulas, the lines that they are, and all of them compared under the usual prior.

    `knob` is the prior of the slopes that was chosen.
    """

    formulas: Sequence[Formula]
    lines: Sequence[Line]
    knob: Mapping[str, float]
    compared: Compared

    @property
    def told(self) -> Formula:
        """The formula of the highest elpd that has terms."""
        having = [one.name for one in self.formulas if one.found.terms.shape[1]]
        name = next(one.name for one in self.compared.ranked if one.name in having)
        return next(one for one in self.formulas if one.name == name)

    def build(self, noise: float) -> "partial[pm.Model]":
        """Return what builds the model that is told."""
        made = gaussian if self.told.intercept else mean
        return partial(
            made, self.told.found.terms, self.told.found.outcome, **self.knob, noise=noise
        )

    @property
    def kept(self) -> dict[str, Any]:
        """What new rows need to be predicted by the formula that is told."""
        if not self.told.intercept:
            return {"cannot": CANNOT}
        return designs.of_regression(self.told.found, designs.GAUSSIAN)

    def decide(self, posterior: xr.Dataset, errors: float = 2) -> tuple[str, ...]:
        """Return which formula predicts best, under the prior that `posterior` has.

        Elpds have no Monte Carlo error, but for rows that are not looked at.
        """
        known = posterior.attrs.get("prior")
        if known is None:
            return (decision_of(self._in_order(self.compared.tenable)),)
        prior = prior_of(known, float(known["noise"]))
        elpds = [line.elpd(prior, self.compared.at) for line in self.lines]
        return (decision_of(tenable_of(elpds, [line.name for line in self.lines])),)

    def _in_order(self, names: Sequence[str]) -> list[str]:
        """Return names in the order in which the formulas were given: a decision is a set."""
        return [line.name for line in self.lines if line.name in names]

    def widths(self) -> Widths:
        """Return evidence and elpd of all over the width of the prior."""
        prior = self.compared.prior
        places = 31 if self.compared.rows <= FEW else 9  # each is a quadrature for every row
        grid = np.unique([*np.geomspace(*WIDTHS, places), prior.width])
        return by_width(self.lines, grid, prior.noise, self.compared.at)


def beside(
    path: Path,
    formulas: Sequence[Formula],
    knob: Mapping[str, float],
    noise: float,
    **settings: int,
) -> Beside:
    """Compare the formulas; `settings` are draws, chains and seed of what draws would say.

    Raises
    ------
    DataError
        They have not one outcome, each as it is or as a function of it that is known here.
    """
    lines = [
        _line(one, form, y, "slope_sd" in knob)
        for one, (form, y) in zip(formulas, _forms(path, formulas), strict=True)
    ]
    at = looked_at(len(lines[0].y), seed=settings["seed"])
    found = compare(lines, prior_of(knob, noise), at, **settings)
    return Beside(formulas, lines, knob, found)


def prior_of(known: Mapping[str, Any], noise: float) -> Prior:
    """Return the prior that the knobs say."""
    if "slope_sd" in known:
        return Prior(float(known["slope_sd"]), noise)
    share = float(known["r2"])
    return Prior(sqrt(share / (1 - share)), noise)


def _forms(path: Path, formulas: Sequence[Formula]) -> list[tuple[Form, np.ndarray]]:
    """Return in which form each formula has the outcome, and the outcome."""
    outcomes = [one.found.outcome.to_numpy(dtype=float) for one in formulas]
    found = forms(outcomes, [one.of for one in formulas])
    if found is None:
        lefts = dict.fromkeys(one.text.partition("~")[0].strip() for one in formulas)
        raise DataError(
            f"{path}: --formula: {', '.join(lefts)} are not one outcome, and how well each is "
            "predicted cannot be compared; give all formulas the same column before ~, as it is or "
            "as log, log10, log2, log1p, sqrt, exp or square of it"
        )
    y = found[0].back(outcomes[0])
    for one, form in zip(formulas, found, strict=True):
        with np.errstate(all="ignore"):
            bad = np.flatnonzero(~np.isfinite(form.log_slope(y)))
        if bad.size:
            line = one.found.outcome.index[bad[0]]
            raise DataError(
                f"{path}: --formula {one.name!r}: where the outcome is {y[bad[0]]:g} (line {line}) "
                "what is predicted has no finite slope, so its densities are none of the outcome; "
                "take another function of it, such as log1p"
            )
    return [(form, y) for form in found]


def _line(one: Formula, form: Form, y: np.ndarray, each: bool) -> Line:
    """Return a formula as a line; `each` says that coefficients have a prior each."""
    terms, outcome = one.found.terms, one.found.outcome.to_numpy(dtype=float)
    if one.intercept:
        about, unit = float(outcome.mean()), float(outcome.std(ddof=1))
        z = standardised(terms).to_numpy(dtype=float)
    else:
        about, unit = 0.0, float(np.sqrt((outcome**2).mean()))
        z = terms.to_numpy(dtype=float)
    plain = each or not one.intercept or not terms.shape[1]
    root = np.eye(terms.shape[1]) if plain else axes(terms).T
    lines = tuple(int(row) for row in terms.index)
    return Line(one.name, z, root, y, outcome, form, about, unit, lines, one.intercept)
