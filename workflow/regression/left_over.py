"""Residuals for pictures: against the fitted values and each column, the most telling first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype
from scipy.stats import norm

from workflow.regression.residuals import BEND, SCATTER

PANELS, ACROSS = 6, 12  # panels drawn, and groups of rows in one
FEWEST = 5  # rows of a value, on average, from which on it is a group
Z95 = float(norm.ppf(0.975))
FITTED, PROBABILITY, ORDER = "fitted value", "fitted probability", "row, in the file's order"

type Numbers = np.ndarray


@dataclass(frozen=True)
class Panel:
    """Residuals along a column: of rows (x, left), and in groups of rows (at): mean and sd.

    `error` is 1.96 standard errors of a group's mean, from its own spread or, for an outcome of 0
    and 1, from the fitted probabilities. `levels` names the values of x where these are codes.
    """

    name: str
    x: Numbers
    left: Numbers
    at: Numbers
    mean: Numbers
    error: Numbers
    sd: Numbers
    levels: tuple[str, ...] = ()

    @property
    def outside(self) -> int:
        """In how many groups the mean is more than 1.96 standard errors from 0."""
        return int((np.abs(self.mean) > self.error).sum())


def panels(
    fitted: pd.Series,
    left: pd.Series,
    columns: pd.DataFrame,
    *,
    ordered: bool = False,
    sd: pd.Series | None = None,
) -> list[Panel]:
    """Return panels: fitted values first, then the order of rows, then the columns.

    Those of columns come by how much the residuals bend, or spread, along them, up to `PANELS` in
    all. `sd` is the sd of each residual where that is known, of an outcome of 0 and 1: then the
    spread says nothing.
    """
    ranked = sorted(columns, key=lambda name: -uneven(left, columns[name], spread=sd is None))
    order = pd.Series(np.arange(len(left)), left.index)
    first = {FITTED if sd is None else PROBABILITY: fitted} | ({ORDER: order} if ordered else {})
    chosen = first | {str(name): columns[name] for name in ranked[: PANELS - len(first)]}
    return [_panel(name, x, left, sd) for name, x in chosen.items()]


def along(left: pd.Series, columns: pd.DataFrame) -> dict[str, str]:
    """Return the column of numbers along which residuals bend most, and spread most."""
    numbers = [name for name in columns if is_numeric_dtype(columns[name])]
    if not numbers:
        return {}
    found = {name: _bend_and_spread(left, columns[name]) for name in numbers}
    most = (max(numbers, key=lambda name: found[name][i]) for i in (0, 1))
    return dict(zip((BEND, SCATTER), map(str, most), strict=True))


def uneven(left: pd.Series, x: pd.Series, *, spread: bool = True) -> float:
    """Return how much residuals bend, or spread, along x: the larger correlation.

    Of levels it is the correlation ratio of the residuals' size; without `spread` that of the
    residuals.
    """
    if not is_numeric_dtype(x):
        y = left.abs() if spread else left
        means = y.groupby(x.astype(str)).transform("mean")
        return float(np.sqrt(means.var() / y.var())) if y.var() > 0 else 0.0
    bend, size = _bend_and_spread(left, x)
    return max(bend, size) if spread else bend


def _bend_and_spread(left: pd.Series, x: pd.Series) -> tuple[float, float]:
    z, size = (x - x.mean()).to_numpy(dtype=float), left.abs().to_numpy()
    basis = np.linalg.qr(np.column_stack([np.ones(len(z)), z]))[0]
    bent = z**2 - basis @ (basis.T @ z**2)
    if np.linalg.norm(bent) <= 1e-6 * np.linalg.norm(z**2):  # two values have no bend
        return 0.0, _correlation(size, z)
    return _correlation(left.to_numpy(), bent), _correlation(size, z)


def _panel(name: str, x: pd.Series, left: pd.Series, sd: pd.Series | None) -> Panel:
    """Return the residuals along x, in groups of about equally many rows or by level."""
    levels: tuple[str, ...] = ()
    if not is_numeric_dtype(x):
        levels = tuple(map(str, x.astype(str).value_counts().index[:ACROSS]))
        x = x.astype(str).map({level: i for i, level in enumerate(levels)})
        left, x = left[x.notna()], x.dropna()
        sd = None if sd is None else sd[x.index]
    at, y = x.to_numpy(dtype=float), left.to_numpy(dtype=float)
    groups = _groups(at, by_value=bool(levels))
    means = np.array([y[rows].mean() for rows in groups])
    spread = np.array([y[rows].std(ddof=1) if len(rows) > 1 else np.nan for rows in groups])
    sizes = np.array([len(rows) for rows in groups])
    known = spread if sd is None else _root_mean(sd.to_numpy(), groups)
    middle = np.array([at[rows].mean() for rows in groups])
    return Panel(name, at, y, middle, means, Z95 * known / np.sqrt(sizes), spread, levels)


def _groups(x: Numbers, *, by_value: bool) -> Sequence[Numbers]:
    """Return groups of rows: of levels, of few values, or along x about equally many each."""
    values = np.unique(x)
    if by_value or len(values) <= min(ACROSS, len(x) // FEWEST):
        return [np.flatnonzero(x == value) for value in values]
    order = np.argsort(x, kind="stable")
    return np.array_split(order, min(ACROSS, max(3, len(x) // (3 * FEWEST)), len(x)))


def _root_mean(sd: Numbers, groups: Sequence[Numbers]) -> Numbers:
    return np.array([np.sqrt(np.square(sd[rows]).mean()) for rows in groups])


def _correlation(a: Numbers, b: Numbers) -> float:
    a, b = a - a.mean(), b - b.mean()
    size = np.sqrt((a @ a) * (b @ b))
    return float(abs(a @ b) / size) if size > 0 else 0.0
