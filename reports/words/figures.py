"""Figures of words: the prior, how strongly each speaks for a class, the words of a message."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from reports.blocks.blocks import Figure
from reports.drawing import figures
from workflow.quantities import Quantity, label

MOST_DRAWN, IN_ANSWER = 40, 12  # words in a figure
LOG10 = 1 / np.log(10)
RATIO = "log10 of rate in spam / rate in ham (1 = ten times as frequent in spam)"


def prior(rate: xr.DataArray, log_ratio: xr.DataArray) -> Figure:
    """Draw the prior of a rate, and of the ratio of a word's two rates."""
    return figures.densities(
        "prior",
        {
            "rate of a word in a class": rate.to_numpy().ravel(),
            "log10 of the ratio, spam / ham": LOG10 * log_ratio.to_numpy().ravel(),
        },
        caption="The prior of a rate, and what it implies for the ratio of a word's two rates.",
    )


def ratios(found: Mapping[str, Quantity]) -> Figure:
    """Draw the log rate ratios of the words, the strongest of them where there are many."""
    return figures.intervals(
        "ratios",
        strongest(found, MOST_DRAWN),
        label=RATIO,
        caption="Median and 95% equal-tailed credible interval; 0: as frequent in both.",
        scale=LOG10,
    )


def answer(found: Mapping[str, Quantity], said: set[str]) -> Figure:
    """Draw the log rate ratios of the words that a message has; of all where it has none."""
    its = {name: q for name, q in found.items() if label(name) in said}
    return figures.intervals(
        "answer",
        strongest(its or found, IN_ANSWER),
        label=RATIO,
        caption="Words of the message: median and 95% equal-tailed credible interval.",
        scale=LOG10,
    )


def strongest(found: Mapping[str, Quantity], most: int) -> dict[str, dict[str, Quantity]]:
    """Return the words with the largest log ratios either way, for a figure, in their order."""
    order = sorted(found, key=lambda name: abs(found[name].median), reverse=True)[:most]
    return {label(name): {"NUTS": q} for name, q in found.items() if name in order}
