"""The next trials as tables: what to try, and the settings in full."""

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
HOW_SETTINGS = (
    "One row a setting, in the columns the trials to come, in their order, the best that was tried "
    "and the range of all that was tried. Outside of that range little is known."
)
NARROW = 3  # settings that stand in the first table in full


def options(told: Told) -> Table:
    """Return the trials, a row each."""
    rows: list[tuple[Cell, ...]] = []
    for i, one in enumerate(told.trials, 1):
        gain = number(one.improvement.value, one.improvement.mcse)
        brief = told.pool or told.tried.shape[1] <= NARROW
        where = told.where(one) if brief else "in full below"
        predicted = f"{figure(one.mean, 4)} ± {figure(one.sd, 2)}"
        rows.append((str(i), where, predicted, gain, reason(told, one)))
    columns = ("trial", "setting", told.name, "improvement", "why")
    caption = f"What to try next: {figure(told.search.worth)} is worth a trial"
    return Table(caption, columns, tuple(rows), HOW_NEXT)


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
