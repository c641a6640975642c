"""Lines for several quantiles of one outcome: where they differ, fit and cross.

`lines` is a posterior that `workflow.regression.corrected` has put right, if not told otherwise.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr

from workflow.checking.alike import Residuals
from workflow.checking.checks import Statistic
from workflow.quantities import SAMPLE
from workflow.regression.dependence import of_slopes
from workflow.regression.lines import bends, most_along
from workflow.regression.regression import directions

INNER = 0.25  # quantiles nearer to an end rest on few rows: their intervals are too narrow
FEWEST = 5  # rows beyond a line, for each of its coefficients
GROUPS, FEW = 5, 20  # groups of rows along a line, and rows of one at least
WORDS = "spread grows with", "spread shrinks with", "no change of the spread is known"

type Numbers = np.ndarray


def widening(lines: xr.Dataset, name: str = "beta") -> xr.DataArray:
    """Return how much more a coefficient of the highest quantile is than that of the lowest."""
    return lines[name].isel(quantile=-1, drop=True) - lines[name].isel(quantile=0, drop=True)


def with_widening(lines: xr.Dataset) -> xr.Dataset:
    """Add `widening`, in own units, and `beta_widening`, for one step of each term."""
    return lines.assign(widening=widening(lines, "slope"), beta_widening=widening(lines))


def decide(
    lines: xr.Dataset, sure: float, errors: float = 2, but: Collection[str] = ()
) -> tuple[str, ...]:
    """Return with which terms the spread is known to grow or to shrink; see `directions`."""
    return directions(widening(lines), sure, errors=errors, but=but, words=WORDS)


def at(lines: xr.Dataset, quantile: float) -> xr.Dataset:
    """Return the line of one quantile, as that of any regression."""
    return lines.sel(quantile=quantile).drop_vars("quantile")


def middlemost(quantiles: Sequence[float]) -> float:
    """Return the quantile nearest to the median."""
    return min(quantiles, key=lambda q: abs(q - 0.5))


def rests_on_few(q: float, rows: int, coefficients: int) -> bool:
    """Say whether too few rows lie beyond the line of a quantile for its interval to be right."""
    beyond = min(q, 1 - q)
    return beyond < INNER - 1e-9 or rows * beyond < FEWEST * coefficients


def fitted(lines: xr.Dataset, terms: pd.DataFrame) -> pd.DataFrame:
    """Return the lines at their posterior means; a column a quantile."""
    mean = lines[["intercept", "slope"]].mean(SAMPLE)
    slope = mean["slope"].transpose("quantile", "term").to_numpy()
    found = mean["intercept"].to_numpy() + terms.to_numpy(dtype=float) @ slope.T
    return pd.DataFrame(found, terms.index, [float(q) for q in lines["quantile"].to_numpy()])


def crossed(line: pd.DataFrame) -> pd.Series:
    """Say at which rows of `fitted` the line of a quantile lies below that of a smaller one."""
    return (line.diff(axis=1).iloc[:, 1:] < 0).any(axis=1)


def residuals(lines: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series) -> Residuals:
    """Return of each row on which side of the middlemost line it lies; the estimates are slopes.

    The size of a residual says nothing here: the line does not depend on it.
    """
    line = fitted(lines, terms)
    q = middlemost(list(line))
    below = outcome < line[q]
    return of_slopes(q - below.astype(float), terms, np.ones(len(terms)))


def outcome_statistics(statistics: Mapping[str, Statistic], q: float) -> dict[str, Statistic]:
    """Return statistics of the outcome as the noise of one quantile has it."""
    return {name: partial(_of_one, statistic=one, q=q) for name, one in statistics.items()}


def _of_one(y: xr.DataArray, given: xr.Dataset, *, statistic: Statistic, q: float) -> xr.DataArray:
    return statistic(y.sel(quantile=q), given)


def statistics(
    posterior: xr.Dataset, terms: pd.DataFrame, *, ordered: bool = False
) -> dict[str, Statistic]:
    """Return test statistics of which rows lie below the lines: all that the noise claims of them.

    Below its line a row lies with probability q wherever it is. Empty where there are no more than
    five rows beyond the coefficients.

    Parameters
    ----------
    posterior
        The draws that the predictions were made from.
    ordered
        The rows have an order, such as time: one more looks at neighbours.
    """
    if len(terms) <= terms.shape[1] + 1 + 5:
        return {}
    z = ((terms - terms.mean()) / terms.std()).to_numpy(dtype=float)
    unit = np.linalg.qr(np.column_stack([np.ones(len(z)), z]))[0]
    squares = bends(z, unit)
    kinds: dict[str, Callable[[Numbers], Numbers]] = {"rows below it": lambda x: x.mean(-1)}
    if squares.size:
        kinds["bend along a term (largest correlation of rows below with a square)"] = partial(
            _bend, squares=squares
        )
    if ordered:
        kinds["rows below against the row before (correlation)"] = _neighbours
    return {
        f"{percent(q)} line: {name}": partial(_below, line=_line(posterior, terms, q), q=q, of=kind)
        for q in posterior["quantile"].to_numpy()
        for name, kind in kinds.items()
    }


def percent(q: float) -> str:
    """Return a quantile as people say it."""
    return f"{100 * q:.6g}%"


def _line(posterior: xr.Dataset, terms: pd.DataFrame, q: float) -> Numbers:
    """Return one line at the rows, draw by draw."""
    one = at(posterior[["intercept", "slope"]], q)
    slope = one["slope"].transpose(*SAMPLE, "term").to_numpy()
    level = one["intercept"].transpose(*SAMPLE).to_numpy()
    return np.asarray(level[..., None] + slope @ terms.to_numpy(dtype=float).T)


def _below(
    y: xr.DataArray, given: xr.Dataset, *, line: Numbers, q: float, of: Callable[[Numbers], Numbers]
) -> xr.DataArray:
    dims = [*SAMPLE, "row"] if "draw" in y.dims else ["row"]
    below = y.sel(quantile=q).transpose(*dims).to_numpy() < line
    return xr.DataArray(of(below.astype(float)), dims=SAMPLE)


def _bend(below: Numbers, squares: Numbers) -> Numbers:
    """Return the largest correlation with a square; 0 where all rows are on one side."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nan_to_num(most_along(below, squares)))


def _neighbours(below: Numbers) -> Numbers:
    left = below - below.mean(-1, keepdims=True)
    found: Numbers = (left[..., 1:] * left[..., :-1]).sum(-1) / np.maximum(
        (left**2).sum(-1), 1e-300
    )
    return found


def below_by_group(lines: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series) -> pd.DataFrame:
    """Return the share of rows below each line, by fifths of the middlemost line.

    Columns: the quantiles; rows: the fifths, lowest first (fewer where rows are few).
    """
    line = fitted(lines, terms)
    order = np.argsort(line[middlemost(list(line))].to_numpy(), kind="stable")
    below = line.gt(outcome, axis=0).to_numpy()[order]
    parts = np.array_split(below, min(GROUPS, max(1, len(below) // FEW)))
    return pd.DataFrame([part.mean(axis=0) for part in parts], columns=line.columns)


def sds(posterior: xr.Dataset, lines: xr.Dataset, term: str) -> pd.DataFrame:
    """Return the sd of a slope of each quantile, as the device has it and corrected."""
    found = {
        name: one["slope"].sel(term=term, drop=True).std(SAMPLE, ddof=1).to_numpy()
        for name, one in (("device", posterior), ("corrected", lines))
    }
    return pd.DataFrame(found, index=list(map(float, lines["quantile"].to_numpy())))
