"""What was predicted, as a table with a note for each row that was not."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

SEED = 2026  # of what is simulated: the same rows get the same numbers


@dataclass
class Predictions:
    """A row for each row asked for; how many were predicted, extrapolated; reasons why not."""

    table: pd.DataFrame
    what: str
    predicted: int
    extrapolated: int = 0
    reasons: Sequence[str] = ()
    error: str = ""

    def summary(self) -> str:
        """Say in a line or two what was done."""
        said = f"{self.predicted:,} of {len(self.table):,} {self.what} predicted"
        if self.extrapolated:
            said += f", {self.extrapolated:,} of them extrapolated (column extrapolated)"
        if left := len(self.table) - self.predicted:
            said += f"; {left:,} not, with the reason in the column note"
        return f"{said}.{self.error}"
