"""What each column does to the outcome, on the outcome's own scale: averaged predictions.

A column of the file is set to one value in every row, the other columns stay as they are, the terms
are made anew and the predictions averaged over the rows, draw by draw. So a column whose square is
a term too has one curve, and products are averaged over what they multiply. Sources: Gelman and
Pardoe (2007), Average predictive comparisons for models with nonlinearity, interactions, and
variance components; Arel-Bundock, Greifer and Heiss (2024), How to interpret statistical models
using marginaleffects.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from workflow.quantities import SAMPLE, TAILS, Quantity, summarise
from workflow.regression.averaged import ROWS, Modelled, Numbers, Scale, Setting, setting

POINTS, FEW = 25, 5  # values of a curve; so many different numbers are none
PANELS = 6  # curves, of the columns with the largest differences
CURVES, DRAWN = 400, 1000  # draws of a curve, and of a comparison
AT_ONCE = 20_000_000  # predictions of one table at most, where they are not lines


@dataclass(frozen=True)
class Curve:
    """Averaged predictions along a column: median and central 95% at each value of `at`.

    Of a column of levels, or few numbers, `at` has these as text and `curve` is False. `seen` are
    some of the rows: value, outcome; of an outcome of 0 and 1 means of groups of rows.
    """

    column: str
    at: Sequence[float] | Sequence[str]
    lower: Numbers
    median: Numbers
    upper: Numbers
    seen: tuple[Numbers, Numbers]
    curve: bool


@dataclass(frozen=True)
class Comparison:
    """How far predictions with a column at one value are from those at another, on average.

    `value` and `than` are levels, or numbers: the quartiles of the column, or its two values.
    `ratio` is that of medians, of an outcome that was a logarithm, or of expected counts, less 1;
    `slope` the difference for one unit of a number (of these two as a share; of a probability or a
    share for one sd), where there is such a thing.
    """

    column: str
    value: str | float
    than: str | float
    difference: Quantity
    ratio: Quantity | None = None
    slope: Quantity | None = None


@dataclass(frozen=True)
class Effects:
    """The curves of the columns with the largest differences, and the comparisons of all.

    `name` is the outcome on its own scale, `kind` that of the `Scale`.
    """

    curves: Sequence[Curve]
    comparisons: Sequence[Comparison]
    name: str
    kind: str


def effects(
    posterior: xr.Dataset, of: Modelled, name: str, *, kind: str = "identity", seed: int
) -> Effects:
    """Return what each column does to the outcome, told back where that was a logarithm."""
    outcome, scale = of.outcome, Scale(kind)
    if of.logged:
        name, scale = of.logged[0], Scale("log", of.logged[1])
        outcome = of.columns[name]
    read = of.columns.iloc[:, 1:]
    given = setting(posterior, read, of.again, of.again.levels, scale, seed=seed)
    found = comparisons(given)
    return Effects(curves(given, by_size(found)[:PANELS], outcome), found, name, scale.kind)


def comparisons(given: Setting) -> list[Comparison]:
    """Return every column's comparisons: levels with the reference, quartiles of numbers.

    Columns that change nothing (of terms that were left out) are not there.
    """
    pairs = [(name, *pair) for name in given.columns for pair in _pairs(given, str(name))]
    if given.scale.kind != "identity":
        most = AT_ONCE // (2 * ROWS * max(len(pairs), 1))
        given = given.thinned(int(np.clip(most, 200, DRAWN)))
    draws: dict[str, Numbers] = {}
    for i, (column, value, than) in enumerate(pairs):
        made = given.averaged(column, [value, than])
        draws[f"difference[{i}]"] = made[..., 0] - made[..., 1]
        if given.scale.multiplies:
            draws[f"ratio[{i}]"] = made[..., 0] / made[..., 1] - 1
        if _is_curve(given, column) and (rise := given.slopes(column)) is not None:
            draws[f"slope[{i}]"] = _per_step(rise, given, column)
    draws = {name: one for name, one in draws.items() if np.ptp(one) > 0}
    found = summarise(xr.Dataset({name: (SAMPLE, one) for name, one in draws.items()}))
    return [
        Comparison(column, value, than, q, found.get(f"ratio[{i}]"), found.get(f"slope[{i}]"))
        for i, (column, value, than) in enumerate(pairs)
        if (q := found.get(f"difference[{i}]"))
    ]


def by_size(found: Sequence[Comparison]) -> list[str]:
    """Return the columns, those with the largest difference first."""
    size: dict[str, float] = {}
    for one in found:
        size[one.column] = max(size.get(one.column, 0.0), abs(one.difference.median))
    return sorted(size, key=size.__getitem__, reverse=True)


def curves(given: Setting, which: Sequence[str], outcome: pd.Series) -> list[Curve]:
    """Return the curve of each column; `outcome` has, by row, what was observed."""
    given = given.thinned(CURVES)
    found = []
    for name in which:
        values = _values(given, name)
        drawn, tails = given.averaged(name, values), (TAILS[0], 0.5, TAILS[1])
        low, middle, high = np.quantile(drawn, tails, axis=(0, 1))
        is_curve = _is_curve(given, name)
        at = [float(x) for x in values] if is_curve else [_text(x) for x in values]
        codes = given.columns[name] if is_curve else _codes(given.columns[name], values)
        y = outcome.loc[given.columns.index].to_numpy(dtype=float)
        seen = codes.to_numpy(dtype=float), y
        if given.scale.kind == "logit":
            seen = _grouped(*seen, distinct=not is_curve)
        found.append(Curve(name, at, low, middle, high, seen, is_curve))
    return found


def _per_step(rise: Numbers, given: Setting, column: str) -> Numbers:
    """Return slopes as they are told: of a factor as a share, of a probability for one sd."""
    if given.scale.kind in ("logit", "share"):
        return rise * float(given.columns[column].std())
    return given.scale.base**rise - 1 if given.scale.multiplies else rise


def _is_curve(given: Setting, column: str) -> bool:
    return column not in given.levels and given.columns[column].nunique() > FEW


def _values(given: Setting, column: str) -> list:
    """Return the values at which a curve is computed: levels, the few numbers, or evenly spaced."""
    values = given.columns[column]
    if _is_curve(given, column):
        return list(np.linspace(values.min(), values.max(), POINTS))
    if column not in given.levels:
        return sorted(values.unique())
    levels = given.levels[column]
    return sorted(map(float, levels)) if pd.api.types.is_numeric_dtype(values) else list(levels)


def _pairs(given: Setting, column: str) -> list[tuple]:
    values = _values(given, column)
    if column in given.levels:
        first = given.levels[column][0]
        than = next(one for one in values if _text(one) == first)
        return [(one, than) for one in values if _text(one) != first]
    low, high = np.quantile(given.columns[column], (0.25, 0.75), method="closest_observation")
    if low == high or len(values) <= 2:
        low, high = given.columns[column].min(), given.columns[column].max()
    return [(float(high), float(low))] if high > low else []


def _text(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, int | float | np.number) else str(value)


def _codes(values: pd.Series, levels: Sequence[object]) -> pd.Series:
    return values.map({level: i for i, level in enumerate(levels)}).astype(float)


def _grouped(x: Numbers, y: Numbers, *, distinct: bool) -> tuple[Numbers, Numbers]:
    """Return the means of x and y in groups of rows along x, at most ten; or by each value."""
    order = np.argsort(x, kind="stable")
    if distinct:
        groups = [np.flatnonzero(x == one) for one in np.unique(x)]
    else:
        groups = np.array_split(order, min(10, max(1, len(x) // 10)))
    means = [(x[rows].mean(), y[rows].mean()) for rows in groups if rows.size]
    at, shares = zip(*means, strict=True)
    return np.array(at), np.array(shares)
