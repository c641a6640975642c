"""Values of a series as those of a slope that changes: their prior, and what they are called."""

from collections.abc import Mapping
from typing import Any

import typer

from data._recorded import Recorded
from data.river_level import PATH
from reports.series import level as words
from workflow.series.directions import Turning, usual_bend
from workflow.series.prior import usual
from workflow.series.seasonal import flat
from workflow.series.turning import TurnPrior

FAR = 10  # scales: how far from the first value the first level may be
OTHERS = {
    "season": (None, "in means over whole seasons there is none (--means 12)"),
    "pattern": (None, "in means over whole seasons there is none (--means 12)"),
    "jump": (None, "no jump is looked for here; without --turning there is"),
    "evidence": (10.0, "what is asked for a side is --sure"),
}


def refuse_others(settings: Mapping[str, Any]) -> None:
    """Refuse what has no meaning with a slope that changes.

    Raises
    ------
    typer.BadParameter
        One of those options was given.
    """
    for name, (usual_one, instead) in OTHERS.items():
        if settings[name] != usual_one:
            raise typer.BadParameter(f"--{name} does not go with --turning: {instead}")


def series(recorded: Recorded, settings: Mapping[str, Any]) -> Turning:
    """Return the values with the prior that was given, or one of their size."""
    y, at = recorded.values.to_numpy(dtype=float), recorded.at
    left, slope_sd = flat(y, at, 1)
    scale, start = usual(left), settings["start"]
    prior = TurnPrior(
        noise=settings["noise"] or scale,
        drift=settings["drift"] or scale,
        bend=settings["bend"] or usual_bend(y, at),
        start=float(round(y[0] / scale) * scale) if start is None else start,
        start_sd=settings["start_sd"] or FAR * scale,
        slope_sd=settings["slope_sd"] or slope_sd,
    )
    return Turning(y, at, prior)


def in_words(recorded: Recorded, settings: Mapping[str, Any]) -> words.Words:
    """Return what the values and their times are called."""
    shipped = settings["data"].resolve() == PATH and settings["means"] == 1
    name = "the yearly volume" if shipped else str(recorded.values.name)
    seen = list(map(str, recorded.values.index))
    ahead = recorded.ahead(settings["ahead"])
    return words.Words(name, recorded.unit, seen, recorded.missing, ahead)
