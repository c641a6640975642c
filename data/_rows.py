"""A regression as it was read from a file: outcome and terms by row, and what is known of both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from data._as_read import AsRead
from data._beside import Beside
from data._terms import Term
from data._varying import Groups


@dataclass(frozen=True)
class Regression:
    """Outcome and terms by row; the index of both is the line in the file.

    `terms` has a column for each coefficient but the intercept, in the data's own units; `notes`
    says what was done to the file: columns coded as categories, rows left out. `beside` has what
    rows belong to and when they were, as far as columns say so; `parts` what each term is; `raw` is
    how the file's columns were read (see `data/_design.py`); `also` columns that are read beside;
    `lines`, where a row is one trial of a line of the file, which line. `columns` are those that
    outcome and terms are made of, the outcome's first, and `again` makes terms of them with other
    values; `logged` is the column, and the base, whose logarithm the outcome is. `stands_for` is
    the line that a row is of (--weights), and `groups` are those of (1 | group). Terms and columns
    have NaN in gaps that are to be filled (--missing impute); `gaps` says which cells were, then.
    """

    outcome: pd.Series
    terms: pd.DataFrame
    notes: tuple[str, ...]
    beside: Beside = field(default_factory=Beside)
    parts: Mapping[str, Term] = field(default_factory=dict)
    also: pd.DataFrame = field(default_factory=pd.DataFrame)
    lines: pd.Series | None = None
    raw: AsRead = field(default_factory=AsRead)
    columns: pd.DataFrame = field(default_factory=pd.DataFrame)
    again: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    logged: tuple[str, float] | None = None
    stands_for: pd.Series | None = None
    groups: Groups | None = None
    gaps: pd.DataFrame | None = None

    @property
    def whole(self) -> pd.Index:
        """The rows without gaps."""
        gaps = self.terms.isna() if self.gaps is None else self.gaps
        return self.terms.index[~gaps.any(axis=1)]

    def once(self, column: pd.Series) -> pd.Series:
        """Return a column by line of the file, where rows are those that lines stand for."""
        if self.stands_for is None:
            return column
        first = ~self.stands_for.duplicated()
        return column[first].set_axis(self.stands_for[first])

    @property
    def phrases(self) -> dict[str, tuple[str, str]]:
        """What is said before a slope (a comparison), or behind it (“per unit of ...”), by term."""
        return {name: part.phrase() for name, part in self.parts.items()}
