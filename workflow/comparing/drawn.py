"""Coefficients of several models that can be drawn on one axis, where their units agree."""

import numpy as np

from workflow.comparing.models import SideBySide
from workflow.comparing.saved import Saved
from workflow.quantities import Quantity, label, named, summarise

LOG_ODDS = "log_odds_ratio"


def on_one_axis(found: SideBySide) -> dict[str, dict[str, Quantity]]:
    """Return the coefficient of each term for one step of it, by model and term.

    In sds of the outcome, or as log odds ratios. Nothing where one of the models has none, or where
    the outcome has other forms in other models: then the units differ.
    """
    fits = [model.fit for model in found.models]
    if len({model.form.name for model in found.models}) > 1 or not _same_units(fits):
        return {}
    drawn = {fit.name: _steps(fit) for fit in fits}
    return drawn if all(drawn.values()) else {}


def _same_units(fits: list[Saved]) -> bool:
    """Say whether all have the outcome on one scale: of its sd, or of log odds."""
    kinds = {LOG_ODDS in fit.tree["posterior"] for fit in fits}
    first = fits[0].outcome
    return len(kinds) == 1 and all(np.array_equal(fit.outcome, first) for fit in fits)


def _steps(fit: Saved) -> dict[str, Quantity]:
    posterior = fit.tree["posterior"].to_dataset()
    if LOG_ODDS in posterior:
        return {label(name): q for name, q in summarise(posterior[[LOG_ODDS]]).items()}
    return {label(name): q for name, q in named(fit.quantities, "beta").items()}
