"""The next trials as tables: what to try, and the settings in full."""

from collections.abc import Mapping

import numpy as np

from reports.blocks.blocks import Cell, Table
from reports.blocks.numbers import figure, number
from reports.functions.told import Told
from reports.functions.trials import reason

HOW_NEXT = (
    "One row a trial, in the order in which they were chosen. Predicted is what the setting gives "
    "without noise, mean ± sd; improvement is by how much it is expected to be better than the "
    "best by then, for a later one with the results of the earlier ones made up. Why: by how much "
    "it is predicted to be better or worse than the best that was tried, ± what is not known of "
    "it. Good is an improvement that is worth the trial."
)
HOW_DRAWN = (
    "One row a trial, in the order in which they were drawn. Predicted is what the setting gives "
    "without noise, mean ± sd; improvement is by how much it is expected to be better than the "
    "best that was tried. Why: for each trial a function was drawn from what is known, of which "
    "the setting is the best, with the value that is given. Good is an improvement that is worth "
    "the trial; one that is small is tried to learn."
)
HOW_SEARCHES = (
    "How far the best so far is from the best of all, in the mean of all searches of a kind, ± "
    "standard error: of the mixes (8 settings, MPa), and of two functions at 1,024 settings spread "
    "evenly and their best, published: Branin's (2 settings, least .397887) and Hartmann's (6 "
    "settings, least −3.32237). Lower is better; 0 is the best of all in every search."
)
HOW_SETTINGS = (
    "One row a setting, in the columns the trials to come, in their order, the best that was tried "
    "and the range of all that was tried. Outside of that range little is known."
)
NAMES = {"mixes": "mixes, MPa", "Branin": "Branin's", "Hartmann": "Hartmann's, 6 settings"}
NARROW = 3  # settings that stand in the first table in full


def options(told: Told) -> Table:
    """Return the trials, a row each."""
    rows: list[tuple[Cell, ...]] = []
    for i, one in enumerate(told.trials, 1):
        gain = number(one.improvement.value, one.improvement.mcse)
        brief = told.pool or told.tried.shape[1] <= NARROW
        where = told.where(one) if brief else "in full below"
        predicted = f"{figure(one.mean, 4)} ± {figure(one.sd, 2)}"
        why = reason(told, one)
        if told.functions:
            best = figure(told.functions[i - 1].value, 3)
            why = f"{told.again(one)}best of a drawn function: {best}"
        rows.append((str(i), where, predicted, gain, why))
    columns = ("trial", "setting", told.name, "improvement", "why")
    caption = f"What to try next: {figure(told.search.worth)} is worth a trial"
    return Table(caption, columns, tuple(rows), HOW_DRAWN if told.functions else HOW_NEXT)


def searches(found: Mapping[str, Mapping[str, np.ndarray]]) -> Table:
    """Return how far searches were from the best at their end, a row a kind.

    Regrets by what was searched, and by kind. Dims: search, trial.
    """
    kinds = list(next(iter(found.values())))
    rows = tuple((kind, *(_ended(of[kind]) for of in found.values())) for kind in kinds)
    columns = ("search", *(NAMES[name] for name in found))
    n, trials = next(iter(next(iter(found.values())).values())).shape
    caption = f"Short of the best after {trials - 1} trials more, {n} searches of each kind"
    return Table(caption, columns, rows, HOW_SEARCHES)


def _ended(regret: np.ndarray) -> str:
    end = regret[:, -1]
    error = float(end.std(ddof=1)) / np.sqrt(len(end))
    return f"{figure(float(end.mean()), 3)} ± {figure(error, 2)}"


def settings(told: Told) -> Table:
    """Return the settings of the trials in full, a column each."""
    best = told.tried.iloc[told.best]
    rows = tuple(
        (
            str(name),
            *(figure(float(told.settings[name].iloc[one.at]), 6) for one in told.trials),
            figure(float(best[name]), 6),
            f"{figure(float(column.min()), 6)} to {figure(float(column.max()), 6)}",
        )
        for name, column in told.tried.items()
    )
    numbers = tuple(f"trial {i}" for i in range(1, len(told.trials) + 1))
    columns = ("setting", *numbers, f"best so far (line {told.tried.index[told.best]})", "tried")
    return Table("The settings to try, in full", columns, rows, HOW_SETTINGS)
