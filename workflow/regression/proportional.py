"""Is a term's slope the same at every cut? And other statistics that a model of ratings can miss.

At each cut one step of Newton's method leads from the common slopes towards those of a logistic
regression of the ratings above it: so far do the data of this cut alone ask for another slope.
How far these steps differ between cuts is the statistic, a chi-squared as in the test of Brant
(1990), Assessing proportionality in the proportional odds model for ordinal logistic regression,
but by steps, which are finite where a cut separates the rows, and judged by predicted data.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr

from workflow.checking.checks import Statistic
from workflow.quantities import SAMPLE
from workflow.regression.lines import bends, most_along
from workflow.regression.ordinal import cumulative, shares
from workflow.regression.regression import standardised, steps
from workflow.regression.residuals import BEND

FEWEST = 5.0  # expected rows on either side of a cut that is looked at
TERMS = 12  # terms whose slopes are looked at, those of the largest coefficients
PROPORTIONAL = "differs between cuts"


type Of = Callable[[np.ndarray], np.ndarray]  # of codes, rows last


@dataclass(frozen=True)
class Steps:
    """What leads from residuals at each cut to a term's step, and the steps' covariance.

    `cuts` are those looked at (1 is the lowest), `exceeded` the fitted P(above) (row, cut),
    `weights` dims: cut, row, term; `covariance` dims: term, cut, other cut.
    """

    cuts: tuple[int, ...]
    exceeded: np.ndarray
    weights: np.ndarray
    covariance: np.ndarray

    def of(self, y: np.ndarray, term: int) -> np.ndarray:
        """Return the step of a term at each cut; `y` has codes, rows last. Dims: ..., cut."""
        found = [
            ((y >= cut) - self.exceeded[:, i]) @ self.weights[i, :, term]
            for i, cut in enumerate(self.cuts)
        ]
        return np.stack(found, axis=-1)

    def differ(self, y: np.ndarray, term: int) -> np.ndarray:
        """Return the chi-squared of a term's steps being equal; dims: those of y but rows."""
        contrast = np.diff(np.eye(len(self.cuts)), axis=0)
        apart = self.of(y, term) @ contrast.T
        inverse = np.linalg.pinv(contrast @ self.covariance[term] @ contrast.T)
        return np.asarray(np.einsum("...i,ij,...j->...", apart, inverse, apart))


def steps_at(exceeded: np.ndarray, terms: pd.DataFrame, cuts: Sequence[int] | None = None) -> Steps:
    """Return the steps for rows of `terms`, whose fitted P(above each cut) is `exceeded`.

    At these `cuts`, or at those with enough expected rows on either side.
    """
    n = len(exceeded)
    if cuts is None:
        enough = np.minimum(exceeded.sum(axis=0), n - exceeded.sum(axis=0)) >= FEWEST
        cuts = [1 + int(i) for i in np.flatnonzero(enough)]
    cuts = tuple(cuts)
    p = exceeded[:, [cut - 1 for cut in cuts]]
    x = np.column_stack([np.ones(n), standardised(terms).fillna(0).to_numpy(dtype=float)])
    weights = np.array(
        [x @ np.linalg.pinv((x.T * one) @ x)[:, 1:] for one in (p * (1 - p)).T]
    ).reshape(len(cuts), n, x.shape[1] - 1)
    covariance = np.empty((x.shape[1] - 1, len(cuts), len(cuts)))
    for i in range(len(cuts)):
        for j in range(i, len(cuts)):
            both = p[:, j] * (1 - p[:, i])
            covariance[:, i, j] = (weights[i] * both[:, None] * weights[j]).sum(axis=0)
            covariance[:, j, i] = covariance[:, i, j]
    return Steps(cuts, p, weights, covariance)


def by_cut(
    found: Steps, posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series
) -> dict[str, list[tuple[float, float]]]:
    """Return each term's slope at each cut that is looked at, with its standard error.

    In the term's own unit: the common slope (posterior mean) and the step from it.
    """
    common = posterior["slope"].mean(SAMPLE).to_numpy()
    unit, y = steps(terms).to_numpy(), outcome.to_numpy()
    return {
        str(name): [
            (float(common[k] + step / unit[k]), float(np.sqrt(variance) / unit[k]))
            for step, variance in zip(found.of(y, k), np.diag(found.covariance[k]), strict=True)
        ]
        for k, name in enumerate(terms)
    }


def of_fit(
    posterior: xr.Dataset | None,
    terms: pd.DataFrame,
    *,
    fitted: np.ndarray,
    cuts: Sequence[int],
    ranked: Sequence[str],
    names: Sequence[str],
) -> dict[str, Statistic]:
    """Return `fit_statistics` of what these draws make of the rows, else of P(above) `fitted`."""
    exceeded = fitted if posterior is None else cumulative(posterior, terms)
    return fit_statistics(steps_at(exceeded, terms, cuts), exceeded, terms, ranked, names)


def fit_statistics(
    found: Steps,
    exceeded: np.ndarray,
    terms: pd.DataFrame,
    ranked: Sequence[str],
    names: Sequence[str],
) -> dict[str, Statistic]:
    """Return whether slopes differ between cuts, extreme ratings where they belong, and bends.

    Parameters
    ----------
    exceeded
        The fitted P(above each cut) of the rows looked at.
    ranked
        Terms, the largest coefficients first.
    names
        The ratings, the lowest first.
    """
    made: dict[str, Statistic] = {}
    for name in ranked[:TERMS] if len(found.cuts) > 1 else ():
        differ = partial(found.differ, term=list(terms).index(name))
        made[f"{name}: how far its slope {PROPORTIONAL}"] = partial(_of_codes, statistic=differ)
    order, quarter = np.argsort(exceeded.sum(axis=1), kind="stable"), max(1, len(terms) // 4)
    low, high = order[:quarter], order[-quarter:]
    middle = order[quarter : len(order) - quarter]
    top = len(names) - 1
    made[f"share of {names[0]}, quarter fitted lowest"] = partial(_share, at=[0], rows=low)
    made[f"share of {names[-1]}, quarter fitted highest"] = partial(_share, at=[top], rows=high)
    if len(middle):
        both = f"share of {names[0]} and {names[-1]}, half fitted in the middle"
        made[both] = partial(_share, at=[0, top], rows=middle)
    z = ((terms - terms.mean()) / terms.std().replace(0, 1)).to_numpy()
    squares = bends(z, np.linalg.qr(np.column_stack([np.ones(len(z)), z]))[0])
    if squares.size:
        bent = partial(_bent, mean=shares(exceeded) @ np.arange(top + 1), squares=squares)
        made[f"{BEND} (largest correlation with a square)"] = partial(_of_codes, statistic=bent)
    return made


def prior_statistics(terms: pd.DataFrame, names: Sequence[str]) -> dict[str, Statistic]:
    """Return the share of each extreme rating, of the middle, and how far ratings differ.

    The last is that of mean codes at both ends of the data's main direction (the first principal
    component of the standardised terms).
    """
    z, n = standardised(terms).fillna(0).to_numpy(dtype=float), max(1, len(terms) // 4)
    order = np.argsort(z @ np.linalg.svd(z, full_matrices=False)[2][0], kind="stable")
    rows, top = np.arange(len(z)), len(names) - 1
    ends = partial(_contrast, low=order[:n], high=order[-n:])
    return {
        f"share of {names[0]}": partial(_share, at=[0], rows=rows),
        f"share of {names[-1]}": partial(_share, at=[top], rows=rows),
        "difference of mean ratings (steps), outer quarters of the main direction": partial(
            _of_codes, statistic=ends
        ),
    }


def _of_codes(y: xr.DataArray, given: xr.Dataset, *, statistic: Of) -> xr.DataArray:
    dims = [dim for dim in y.dims if dim != "row"]
    return xr.DataArray(statistic(y.transpose(*dims, "row").to_numpy()), dims=dims)


def _share(y: xr.DataArray, given: xr.Dataset, *, at: list[int], rows: np.ndarray) -> xr.DataArray:
    return y.isel(row=rows).isin(at).mean("row")


def _bent(y: np.ndarray, *, mean: np.ndarray, squares: np.ndarray) -> np.ndarray:
    return most_along(y - mean, squares)


def _contrast(y: np.ndarray, *, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    return np.asarray(abs(y[..., high].mean(-1) - y[..., low].mean(-1)))
