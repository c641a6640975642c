"""What to beware of in the next trials: extrapolation, noise, a surrogate that predicts nothing."""

import re

from reports.blocks.numbers import figure, number
from reports.blocks.text import listed
from reports.functions.told import Told
from reports.page.page import Report
from workflow.functions.left_out import Predicted
from workflow.functions.trials import TRY
from workflow.quantities import Quantity

LESS = {"cost", "costs", "loss", "error", "errors", "defects", "waste", "scrap", "price", "rmse"}
LESS |= {"mse", "mae", "risk", "failures", "regret", "kosten", "fehler", "ausschuss"}
MORE = {"yield", "strength", "accuracy", "profit", "purity", "efficiency", "ausbeute", "gewinn"}


def warn(report: Report, told: Told, decision: str | None) -> None:
    """Warn where the trials lie outside of what was tried."""
    warn_of_side(report, told)
    away = [(trial, told.outside(trial)) for trial in told.trials if told.outside(trial)]
    if away and decision == TRY:
        first, where = away[0]
        report.warn(
            f"{len(away)} of the {len(told.trials)} to try lie outside of what was tried: the "
            f"{told.trials.index(first) + 1}. has {listed(where)}.",
            "What is said of them is what smooth functions do on average, and no experience: try "
            "them if that is meant, or leave them out of the pool or the ranges.",
        )


def warn_of_side(report: Report, told: Told) -> None:
    """Warn where by its name the result may be better the other way."""
    words, least = {*re.findall("[a-z]+", told.name.lower())}, told.search.sign < 0
    if words & (MORE if least else LESS):
        taken, other = ("Less", "more") if least else ("More", "less")
        report.warn(
            f"{taken} {told.name} is taken to be better, and by its name {other} of it may be.",
            "If so, leave out --minimise." if least else "If so, run it again with --minimise.",
        )


def warn_of_noise(report: Report, told: Told, sigma: Quantity) -> None:
    """Warn where results differ more by noise than by settings."""
    spread = float(told.of_tried.mean.std())
    if sigma.median > spread:
        report.warn(
            f"Noise is larger than what the settings do: its sd is {figure(sigma.median)}, and the "
            f"tried settings differ by {figure(spread)} (sd).",
            "Repeat some settings, above all the best, before new ones are tried; or find what "
            "else moves the results, and make it a column.",
        )


def warn_of_left_out(report: Report, found: Predicted) -> None:
    """Warn where results that are left out are predicted no better than by the mean of others."""
    if found.explained <= 0:
        report.warn(
            "The surrogate predicts results that were left out no better than their mean does "
            f"(share explained {number(found.explained, 0.09)}).",
            "The first choices are then little better than chance: spread some more trials over "
            "all settings, or find the settings that matter.",
        )
