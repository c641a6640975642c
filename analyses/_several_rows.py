"""Several series of a file as those of the statistics, with priors, names, and rows of a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import typer

from data._each import read_each
from data._recorded import Recorded
from reports.series import level as words
from workflow.series import accounts
from workflow.series.changed import Rule

FAR = 10  # scales: how far from the first value the first level may be


@dataclass(frozen=True)
class Asked:
    """All series of a file by their names: what each and its times are called, its own rule.

    `of` says whose each value is, and `rows` is what the model is of.
    """

    value: str
    about: dict[str, words.Words]
    times: dict[str, list[str]]
    alone: dict[str, Rule]
    of: np.ndarray
    rows: tuple[Any, ...]

    @property
    def series(self) -> dict[str, accounts.Series]:
        """Each with the prior that it has by itself."""
        return {name: one.series for name, one in self.alone.items()}


def asked(settings: Mapping[str, Any]) -> Asked:
    """Read all series of a file.

    Raises
    ------
    DataError
        As `data._each.read_each` does.
    """
    recorded = read_each(settings["data"], settings["reading"])
    found = {name: series(one, settings) for name, one in recorded.items()}
    of = np.repeat(np.arange(len(found)), [len(one.y) for one in found.values()])
    return Asked(
        str(dict(settings["reading"].columns).get("value", "value")),
        about(recorded, settings["ahead"]),
        {name: one.all for name, one in recorded.items()},
        {name: Rule(one, settings["evidence"], settings["sure"]) for name, one in found.items()},
        of,
        rows(recorded, found, of),
    )


def series(one: Recorded, settings: Mapping[str, Any]) -> accounts.Series:
    """Return a series with the prior that it has by itself, or the one that was given for all."""
    y = one.values.to_numpy(dtype=float)
    scale = accounts.usual(y)
    start = settings["start"]
    noise, drift, jump = (settings[name] or scale for name in ("noise", "drift", "jump"))
    prior = accounts.Prior(
        noise,
        drift,
        jump,
        start=round(y[0] / scale) * scale if start is None else start,
        start_sd=settings["start_sd"] or FAR * scale,
    )
    return accounts.Series(y, one.at, prior)


def about(recorded: Mapping[str, Recorded], ahead: int) -> dict[str, words.Words]:
    """Return what each series and its times are called."""
    return {
        name: words.Words(
            name, one.unit, list(map(str, one.values.index)), one.missing, one.ahead(ahead)
        )
        for name, one in recorded.items()
    }


def rows(
    recorded: Mapping[str, Recorded], every: Mapping[str, accounts.Series], of: np.ndarray
) -> tuple[Any, ...]:
    """Return what the model is of: values, times, whose they are, names, and the prior's scales."""
    found = list(every.values())
    names = [f"{name}, {time}" for name, one in recorded.items() for time in one.values.index]
    values = pd.Series(np.concatenate([one.y for one in found]), names, name="value")
    scales = [
        np.array([getattr(one.prior, name) for one in found])
        for name in ("noise", "drift", "start", "start_sd")
    ]
    return values, np.concatenate([one.times for one in found]), of, list(every), *scales


def refuse_others(settings: Mapping[str, Any]) -> None:
    """Refuse what there is for one series alone.

    Raises
    ------
    typer.BadParameter
        One of those options was given.
    """
    usual = {"series": None, "means": 1, "season": None, "trend": False, "turning": False}
    given = [name for name, value in usual.items() if settings[name] != value]
    if given:
        raise typer.BadParameter(
            f"--{given[0]} is for one series, and --each takes all of a file; leave it out, or "
            "take one after the other (--series north) without --each"
        )
