"""A regression of ordered ratings beside its posterior: probabilities, residuals, what terms do.

Of every cut it is a logistic regression of the ratings above it, whose intercept is minus the cut
(`above`): what is known of logistic regressions serves here too.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import expit

from workflow.checking.alike import Residuals
from workflow.quantities import SAMPLE, TAILS, Quantity, summarise
from workflow.regression.averaged import Modelled, Scale, setting
from workflow.regression.dependence import of_slopes
from workflow.regression.effects import CURVES, PANELS, by_size, comparisons
from workflow.regression.regression import offsets

CHUNK = 1000  # rows at a time
LEAST = 0.01  # variance of a residual: else a row held for all but sure drowns the others


@dataclass(frozen=True)
class ByRating:
    """The probability of each rating, averaged over the rows, with `column` at `value` in all."""

    column: str
    value: str | float
    shares: tuple[Quantity, ...]


def counts(tree: xr.DataTree, ratings: int) -> list[tuple[float, ...]]:
    """Return how many rows each rating has, observed and predicted: lower, median, upper (95%)."""
    y, drawn = (tree[name]["y"] for name in ("observed_data", "posterior_predictive"))
    found = []
    for code in range(ratings):
        times = (drawn == code).sum("row").to_numpy()
        found.append(
            (int((y == code).sum()), *map(float, np.quantile(times, (TAILS[0], 0.5, TAILS[1]))))
        )
    return found


def above(posterior: xr.Dataset, at: int) -> xr.Dataset:
    """Return the posterior as that of a logistic regression of the ratings above a cut."""
    return posterior.assign(intercept=-posterior["cut"].sel(boundary=at, drop=True))


def as_event(tree: xr.DataTree, at: int) -> xr.DataTree:
    """Return the observed and predicted outcome as 1 for a rating above a cut, else 0."""
    groups = ("observed_data", "posterior_predictive")
    return xr.DataTree.from_dict(
        {name: (tree[name].to_dataset()[["y"]] >= at).astype(int) for name in groups}
    )


def cumulative(posterior: xr.Dataset, terms: pd.DataFrame) -> np.ndarray:
    """Return P(y above each cut), averaged over the posterior; dims: row, cut."""
    slope = posterior["slope"].transpose(*SAMPLE, "term").to_numpy().reshape(-1, terms.shape[1])
    cut = posterior["cut"].transpose(*SAMPLE, "boundary").to_numpy()
    cut = cut.reshape(len(slope), -1)
    x, found = terms.to_numpy(dtype=float), []
    for at in range(0, len(x), CHUNK):
        eta = x[at : at + CHUNK] @ slope.T
        if "offset" in posterior:
            own = offsets(posterior, terms.index[at : at + CHUNK]).transpose("row", *SAMPLE)
            eta = eta + own.to_numpy().reshape(eta.shape)
        found.append(np.stack([expit(eta - one).mean(axis=1) for one in cut.T], axis=1))
    return np.concatenate(found)


def shares(exceeded: np.ndarray) -> np.ndarray:
    """Return the probability of each rating from those of being above each cut (last dim)."""
    ends = np.ones((*exceeded.shape[:-1], 1))
    return np.asarray(-np.diff(np.concatenate([ends, exceeded, 0 * ends], axis=-1), axis=-1))


def residuals(posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series) -> Residuals:
    """Return P(lower) - P(higher) of each row's rating, in its own sd; the estimates are slopes.

    It is the slope of the log-likelihood in the linear predictor. Source: Li and Shepherd (2012), A
    new residual for ordinal outcomes.
    """
    exceeded = cumulative(posterior, terms)
    p = shares(exceeded)
    ends = np.ones((len(p), 1))
    scores = 1 - np.concatenate([ends, exceeded], 1) - np.concatenate([exceeded, 0 * ends], 1)
    variance = np.maximum((p * scores**2).sum(axis=1), LEAST)
    left = scores[np.arange(len(p)), outcome.to_numpy()] / np.sqrt(variance)
    return of_slopes(pd.Series(left, outcome.index), terms, variance)


def by_rating(posterior: xr.Dataset, of: Modelled, *, seed: int) -> list[ByRating]:
    """Return the probabilities of each rating at the levels, or quartiles, of each column.

    Of the columns with the largest differences alone, as of the curves of
    `workflow.regression.effects`.
    """
    columns, cuts = of.columns.iloc[:, 1:], posterior["boundary"].to_numpy()
    about = columns, of.again, of.again.levels, Scale("logit")
    each = [setting(above(posterior, at), *about, seed=seed).thinned(CURVES) for at in cuts]
    found = comparisons(each[len(each) // 2])
    made = []
    for name in by_size(found)[:PANELS]:
        pairs = [(one.than, one.value) for one in found if one.column == name]
        values = list(dict.fromkeys(value for pair in pairs for value in pair))
        drawn = shares(np.stack([one.averaged(name, values) for one in each], axis=-1))
        told = xr.Dataset({"p": ((*SAMPLE, "value", "rating"), drawn)})
        told = told.assign_coords(value=range(len(values)), rating=range(drawn.shape[-1]))
        of_all = list(summarise(told).values())
        k = drawn.shape[-1]
        made += [
            ByRating(name, value, tuple(of_all[i * k : (i + 1) * k]))
            for i, value in enumerate(values)
        ]
    return made
