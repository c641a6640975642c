"""Which of several fits of one outcome predicts unseen rows best, and by how much?"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from workflow.comparing import stacking
from workflow.comparing.forms import Form
from workflow.comparing.same import outcome_forms
from workflow.comparing.saved import Saved
from workflow.sampling.part import part_of
from workflow.scoring.elpd import (
    ERRORS,
    LEAST_DIFFERENCE,
    Difference,
    Elpd,
    Looked,
    difference,
    errors_needed,
)
from workflow.scoring.psis import psis

WORSE, UNDECIDED, UNKNOWN = "worse", "cannot tell", "not known"
MUCH = 0.5  # Monte Carlo error of an elpd from which an exact one is asked for

#: From a fit to its elpd without draws, exactly; None where that is not to be had.
Exact = Callable[[Saved], Elpd | None]


@dataclass(frozen=True)
class Model:
    """A fit, the form in which it has the outcome, and its elpd of the outcome as it is.

    `added` is what the change of variables adds to the elpd. `draws` is the elpd by PSIS, where
    `elpd` is exact because that was not known well; else None.
    """

    fit: Saved
    form: Form
    elpd: Elpd
    added: float
    draws: Elpd | None = None

    @property
    def name(self) -> str:
        """What the fit is called."""
        return self.fit.name

    @property
    def k(self) -> np.ndarray:
        """The Pareto k-hat of each row by PSIS."""
        return (self.draws or self.elpd).k

    @property
    def good_k(self) -> float:
        """The k-hat up to which PSIS is to be trusted."""
        return (self.draws or self.elpd).good_k

    @property
    def above(self) -> np.ndarray:
        """The lines of the rows whose k-hat is above the limit, the worst first."""
        order = np.argsort(-self.k)
        found: np.ndarray = self.fit.lines[order[self.k[order] > self.good_k]]
        return found

    @property
    def known(self) -> bool:
        """Whether the elpd, with its Monte Carlo error, is known: else nothing is claimed of it."""
        return bool(np.isfinite(self.elpd.pointwise).all() and math.isfinite(self.elpd.mcse))


@dataclass(frozen=True)
class SideBySide:
    """Fits of one outcome: those whose elpd is known, the highest first, and then the others.

    `gaps` has the elpd of each model minus that of the best one, `verdicts` whether it is worse,
    `weights` the stacking weights; of the models that are known, and by name. `y` is the outcome as
    it is, `column` what it is called.
    """

    models: tuple[Model, ...]
    gaps: dict[str, Difference]
    verdicts: dict[str, str]
    weights: dict[str, float]
    y: np.ndarray
    column: str

    @property
    def known(self) -> tuple[Model, ...]:
        """The models whose elpd is known."""
        return tuple(model for model in self.models if model.known)

    @property
    def rows(self) -> int:
        """How many rows the elpds are of that are compared."""
        return len(self.y)

    @property
    def needed(self) -> float:
        """How many standard errors a difference has to be away from 0."""
        return errors_needed(self.rows)


def side_by_side(fits: Sequence[Saved], exact: Exact = lambda fit: None) -> SideBySide:
    """Compare fits of one outcome by leave-one-out; see `SideBySide`.

    `exact` is asked for the elpd of a fit where that of PSIS is not known, or not well (`MUCH`).

    Raises
    ------
    NotComparableError
        They have not the same outcome in the same rows, or no log-likelihood by row.
    """
    forms = outcome_forms(fits)
    y = forms[0].back(fits[0].outcome)
    every = [_model(fit, form, y, exact) for fit, form in zip(fits, forms, strict=True)]
    every.sort(key=lambda model: (not model.known, -model.elpd.total))
    known = [model for model in every if model.known]
    gaps = {model.name: difference(model.elpd, known[0].elpd) for model in known}
    verdicts = {model.name: verdict(gaps[model.name], len(y)) for model in known[1:]}
    weights = {}
    if len(known) > 1:
        found = stacking.weights(np.column_stack([model.elpd.pointwise for model in known]))
        weights = {model.name: float(w) for model, w in zip(known, found, strict=True)}
    return SideBySide(tuple(every), gaps, verdicts, weights, y, _column(fits, forms))


def _model(fit: Saved, form: Form, y: np.ndarray, exact: Exact) -> Model:
    densities = fit.by_row
    if densities is None:
        raise ValueError(f"{fit.name} has no log-likelihood by row")
    drawn = psis(densities)
    drawn = replace(drawn, looked=_looked(fit))
    instead = exact(fit) if not drawn.mcse < MUCH else None
    slope = form.log_slope(y)
    found = instead or drawn
    moved = replace(found, pointwise=found.pointwise + slope)
    looked = moved.looked
    added = looked.total(slope)[0] if looked else float(slope.sum())
    return Model(fit, form, moved, added, drawn if instead else None)


def _looked(fit: Saved) -> Looked | None:
    """Return which rows are looked at, where the file has some of them, with no stand-ins."""
    part = part_of(fit.tree)
    if part is None or part.rows == part.of_rows:
        return None
    return Looked(part.positions(), np.zeros(part.of_rows))


def _column(fits: Sequence[Saved], forms: Sequence[Form]) -> str:
    """Return what the outcome as it is is called, "" where no formula says so."""
    for fit, form in zip(fits, forms, strict=True):
        written = fit.outcome_written
        if written and written[0] == form.name:
            return written[1]
    return next(
        (name for fit in fits if (name := fit.settings.get("outcome", "None")) != "None"), ""
    )


def verdict(gap: Difference, rows: int) -> str:
    """Say whether a model whose elpd is so much less than that of the best one is worse.

    The difference has to be 4 or more, and so many standard errors as `errors_needed` says,
    whatever its Monte Carlo error may add to it or take away.
    """
    room = ERRORS * gap.mcse
    if not math.isfinite(room):
        return UNKNOWN
    least = max(LEAST_DIFFERENCE, errors_needed(rows) * gap.se)
    return WORSE if gap.value + room <= -least else UNDECIDED
