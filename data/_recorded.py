"""Values at times in whole steps: what the times are called, and means of longer stretches."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data._periods import CALENDAR, called


@dataclass(frozen=True)
class Recorded:
    """Values by what their time is called, in the order of time, and the whole steps to each.

    `at` begins with 0, and `unit` is what a step is called. `first` and `step` are the first time
    and the length of a step, in numbers of the file, or (`by` is "M" or "D") in months or days
    since 1970.
    """

    values: pd.Series
    at: np.ndarray
    unit: str
    first: float
    step: float
    by: str = ""

    def called(self, at: int) -> str:
        """Return what a time is called, so many steps from the first; it need not be a row."""
        number = self.first + at * self.step
        if not self.by:
            return f"{round(number, 9):.12g}"
        day = np.array([round(number)]).astype(f"M8[{self.by}]").astype("M8[D]")[0]
        return called(day, self.unit if self.by == "D" or self.unit in CALENDAR.values() else "day")

    def ahead(self, steps: int) -> list[str]:
        """Return what the times after the last one are called."""
        last = int(self.at[-1])
        return [self.called(last + i) for i in range(1, steps + 1)]

    @property
    def all(self) -> list[str]:
        """What all times are called, from the first to the last."""
        return [self.called(i) for i in range(int(self.at[-1]) + 1)]

    @property
    def missing(self) -> list[str]:
        """What times are called, between the first and the last, that have no value."""
        return [self.called(int(i)) for i in np.setdiff1d(np.arange(self.at[-1] + 1), self.at)]

    def means(self, each: int) -> "Recorded":
        """Return means of so many steps of time each, where each step has a value.

        Stretches of a calendar (years, quarters) begin where it has them, others with the first
        value.
        """
        length = int(self.step * each)
        calendar = self.by == "M" and length in CALENDAR and self.first % self.step == 0
        skipped = int(-self.first // self.step) % each if calendar else 0
        stretch = (self.at - skipped) // each
        found = self.values.groupby(stretch).agg(["size", "mean"])
        found = found[(found["size"] == each) & (found.index >= 0)]
        at = found.index.to_numpy(dtype=int)
        begins = int(at[0]) if len(at) else 0
        step, unit = self.step * each, f"stretch of {each:,} {self.unit}s"
        unit = CALENDAR.get(int(step), unit) if self.by == "M" else unit
        first = self.first + (skipped + begins * each) * self.step
        made = Recorded(found["mean"], at - begins, unit, first, step, self.by)
        names = [made.called(int(one)) for one in made.at]
        return replace(
            made, values=found["mean"].set_axis(names).rename(f"mean {self.values.name}")
        )
