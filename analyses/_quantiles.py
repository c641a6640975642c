"""Steps of a quantile regression that join its parts: draws put right, their rule, effects."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import pandas as pd
import xarray as xr

from analyses import _shown
from analyses._study import Study
from data._regression import Regression
from models._regression import prior_root
from reports.page.rendering import Section
from reports.regression.regression import unit as unit_of
from reports.regression.terms import Phrases
from workflow.quantities import label
from workflow.regression import corrected, quantiles
from workflow.regression.hanging import Hanging

MEDIAN = 0.5


def known(terms: pd.DataFrame, outcome: pd.Series, knob_of: Mapping[str, float]) -> corrected.Known:
    """Return what the correction needs under the prior that the knob of the slopes gives."""
    return corrected.known(terms, outcome, prior_root(terms, **knob_of))


def right(
    posterior: xr.Dataset, *, terms: pd.DataFrame, outcome: pd.Series, knob_of: Mapping[str, float]
) -> xr.Dataset:
    """Return a posterior put right; its prior is that in its attributes (a sweep's), or `knob_of`.

    `knob_of` has r2 or slope_sd.
    """
    prior = posterior.attrs.get("prior", knob_of)
    knob = {name: float(prior[name]) for name in knob_of}
    return corrected.corrected(posterior, known(terms, outcome, knob))


def decide(
    posterior: xr.Dataset,
    *,
    right: Callable[[xr.Dataset], xr.Dataset],
    sure: float,
    but: Collection[str],
    errors: float = 2,
) -> tuple[str, ...]:
    """Decide by the draws put right: with which terms the outcome spreads more or less."""
    return quantiles.decide(right(posterior), sure, errors, but)


def effects(
    study: Study, posterior: xr.Dataset, found: Regression, q: float, name: str, hangs: Hanging
) -> Section:
    """Add what each column does to the line of one quantile.

    An outcome that was a logarithm is told back where the line is the median's.
    """
    one, line = quantiles.at(posterior, q), f"the {quantiles.percent(q)} line of {name}"
    shown = found if q == MEDIAN else replace(found, logged=None)
    return _shown.effects(study, one, shown, line, hangs)


def unit(name: str, shown: str, phrases: Phrases) -> str:
    """Return the unit of a slope called slope[quantile, term]."""
    return unit_of(name, f"slope[{label(shown).partition(', ')[2]}]", phrases)
