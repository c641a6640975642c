"""What the words, tables and figures of the next trials are about."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from reports.blocks.numbers import figure
from workflow.functions.thompson import Drawn
from workflow.functions.trials import Search, Seen, Trial
from workflow.quantities import Scalar

OUTSIDE = 0.1  # of the range that was tried, by which a setting may lie outside without a warning


@dataclass(frozen=True)
class Told:
    """What the words, tables and figures of a page are about.

    `settings` are those that could be tried; `pool` is the name of their file, or "".
    """

    tried: pd.DataFrame
    results: pd.Series
    settings: pd.DataFrame
    pool: str
    search: Search
    seen: Seen
    of_tried: Seen
    trials: Sequence[Trial]
    functions: Sequence[Drawn] = ()  # that the trials are the best of, where they are chosen so

    @property
    def name(self) -> str:
        """What is measured."""
        return str(self.results.name)

    @property
    def most(self) -> Scalar:
        """The greatest expected improvement of any setting that could be tried."""
        first = int(self.seen.improvement.argmax())
        return Scalar(float(self.seen.improvement[first]), float(self.seen.error[first]))

    @property
    def best(self) -> int:
        """Position of the best tried setting, by its mean."""
        return int((self.search.sign * self.of_tried.mean).argmax())

    @property
    def best_mean(self) -> float:
        """The mean of the function at the best tried setting."""
        return float(self.of_tried.mean[self.best])

    def where(self, trial: Trial) -> str:
        """Say which setting a trial is, in short: its line in the pool, or all of it."""
        return f"line {self.settings.index[trial.at]}" if self.pool else self.whole(trial)

    def whole(self, trial: Trial) -> str:
        """Say a setting in full."""
        row = self.settings.iloc[trial.at]
        return ", ".join(f"{name} {figure(float(value), 6)}" for name, value in row.items())

    def again(self, trial: Trial) -> str:
        """Say in which line a setting was tried before, or nothing."""
        same = (self.tried == self.settings.iloc[trial.at]).all(axis=1)
        return f"tried in line {self.tried.index[same.to_numpy()][0]}; " if same.any() else ""

    def outside(self, trial: Trial) -> list[str]:
        """Say in which columns a setting lies clearly outside of what was tried."""
        row, found = self.settings.iloc[trial.at], []
        for name, column in self.tried.items():
            low, high, value = float(column.min()), float(column.max()), float(row[name])
            room = OUTSIDE * (high - low)
            if not low - room <= value <= high + room:
                ends = f"{figure(low, 6)} to {figure(high, 6)}"
                found.append(f"{name} {figure(value, 6)} (tried: {ends})")
        return found
