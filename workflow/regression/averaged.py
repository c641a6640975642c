"""Predictions averaged over rows, with one column of the file at a value of choice in all of them.

The terms are made anew of the columns: so a column and its square move together.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import pandas as pd
import xarray as xr
from pandas.api.types import is_numeric_dtype
from scipy.special import expit

from workflow.quantities import SAMPLE
from workflow.regression.regression import offsets

ROWS = 500  # averaged over

type Numbers = np.ndarray


@dataclass(frozen=True)
class Scale:
    """From the linear predictor to the outcome's own scale.

    `kind` is "identity", "logit" (a probability), "share" (the same of a share), "count" (an
    expected count, exp of the linear predictor) or "log", where the outcome was the logarithm to
    `base` of what is told: then a prediction is the median of a row.
    """

    kind: str = "identity"
    base: float = math.e

    @property
    def multiplies(self) -> bool:
        """Whether a difference of the linear predictor is a factor of the predictions."""
        return self.kind in {"log", "count"}

    def __call__(self, eta: Numbers) -> Numbers:
        """Return predictions."""
        back = {"identity": np.asarray, "logit": expit, "share": expit}.get(self.kind, self._power)
        found: Numbers = back(eta)
        return found

    def _power(self, eta: Numbers) -> Numbers:
        return np.asarray(self.base**eta)


@dataclass(frozen=True)
class Setting:
    """Rows, how terms are made of their columns, and draws of the coefficients.

    `columns` has the columns that the terms read (some rows are enough), `again` makes the terms
    of such a table, `levels` has the levels of those that are coded, the reference first; `slope`
    (chain, draw, term), `intercept` (chain, draw, row), where each row has its group, else (chain,
    draw, 1).
    """

    columns: pd.DataFrame
    again: Callable[[pd.DataFrame], pd.DataFrame]
    levels: Mapping[str, Sequence[str]]
    slope: Numbers
    intercept: Numbers
    names: Sequence[str]
    scale: Scale = Scale()

    def averaged(self, column: str, values: Sequence[object]) -> Numbers:
        """Return predictions, averaged over the rows, with `column` at each value.

        Dims: chain, draw, value.
        """
        x = self._terms([self.columns.assign(**{column: value}) for value in values])
        return np.stack([self._mean(one) for one in x], axis=-1)

    def slopes(self, column: str) -> Numbers | None:
        """Return by how much predictions rise for one unit of a number, averaged over the rows.

        Dims: chain, draw. By differences within the column's range; None where they depend on
        their size, as of a term that jumps. Of factors (`Scale`) it is that of the logarithm.
        """
        at, half = self.columns[column].astype(float), np.ptp(self.columns[column]) * 1e-4
        ends = [
            at.clip(at.min() + h, at.max() - h) + s * h for h in (half, half / 4) for s in (1, -1)
        ]
        up, down, near_up, near_down = self._terms(
            [self.columns.assign(**{column: x}) for x in ends]
        )
        wide, near = (up - down) / (2 * half), (near_up - near_down) / (half / 2)
        if not np.allclose(wide, near, rtol=1e-2, atol=1e-6 * np.abs(wide).max(initial=0)):
            return None
        if self.scale.kind not in ("logit", "share"):
            return np.asarray(self.slope @ wide.mean(axis=0))
        p = expit(self.intercept + self.slope @ ((up + down) / 2).T)
        return np.asarray((p * (1 - p) * (self.slope @ wide.T)).mean(axis=-1))

    def thinned(self, most: int) -> "Setting":
        """Return the same with so many draws at most, every so many of each chain."""
        chains, draws, _ = self.intercept.shape
        every = slice(None, None, max(1, -(-chains * draws // most)))
        return replace(self, slope=self.slope[:, every], intercept=self.intercept[:, every])

    def _terms(self, tables: Sequence[pd.DataFrame]) -> Numbers:
        """Return the terms of several tables of the same rows; dims: table, row, term."""
        x = self.again(pd.concat(tables, ignore_index=True))[list(self.names)].to_numpy(dtype=float)
        return x.reshape(len(tables), -1, x.shape[-1])

    def _mean(self, x: Numbers) -> Numbers:
        """Return the mean prediction of rows (row, term), draw by draw."""
        if self.scale.kind == "identity":
            return np.asarray(self.intercept.mean(axis=-1) + self.slope @ x.mean(axis=0))
        return self.scale(self.intercept + self.slope @ x.T).mean(axis=-1)


class Modelled(Protocol):
    """What is needed of a file: see `data._regression.Regression`."""

    @property
    def outcome(self) -> pd.Series: ...  # noqa: D102
    @property
    def terms(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def columns(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def again(self) -> Any: ...  # noqa: D102
    @property
    def logged(self) -> tuple[str, float] | None: ...  # noqa: D102


def setting(
    posterior: xr.Dataset,
    columns: pd.DataFrame,
    again: Callable[[pd.DataFrame], pd.DataFrame],
    levels: Mapping[str, Sequence[str]],
    scale: Scale,
    *,
    seed: int,
) -> Setting:
    """Return what effects are computed from; of more than `ROWS` rows, so many at random.

    Text that no term reads is left out.
    """
    read = [name for name in columns if name in levels or is_numeric_dtype(columns[name])]
    columns = columns[read]
    if len(columns) > ROWS:
        at = np.random.default_rng(seed).choice(len(columns), ROWS, replace=False)
        columns = columns.iloc[np.sort(at)]
    slope = posterior["slope"].transpose(*SAMPLE, "term").to_numpy()
    level = posterior["intercept"]
    grouped = "offset" in posterior
    level = level + offsets(posterior, columns.index) if grouped else level.expand_dims(row=1)
    intercept = level.transpose(*SAMPLE, "row").to_numpy()
    names = [str(name) for name in posterior["term"].to_numpy()]
    return Setting(columns, again, levels, slope, intercept, names, scale)
