"""How well held-out rows are told apart: a step of a study of an outcome of two values."""

import numpy as np
import xarray as xr

from analyses._study import Study
from reports.page.rendering import Section
from reports.regression import told_apart as words_of
from reports.regression.costs import Words
from workflow.regression.held_out import HeldOut


def told_apart(
    study: Study, rows: HeldOut, posterior: xr.Dataset, p: np.ndarray, words: Words
) -> Section:
    """Add how well probabilities `p` of held-out rows tell those with the event from others."""
    found = rows.told_apart(posterior, p)
    return study.section("How well are they told apart?", *words_of.blocks(found, words))
