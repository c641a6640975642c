"""New rows of an ordinal regression: the probability of each rating."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import expit

from workflow.predicting.draws import chunks, flat


def predict(posterior: xr.Dataset, terms: pd.DataFrame, ratings: Sequence[str]) -> pd.DataFrame:
    """Return the probability of each rating of each row, averaged over the draws.

    Columns: P(rating) for each of `ratings`, the lowest first, which add up to 1; most_probable,
    the rating of the largest; mcse, the largest Monte Carlo error of these probabilities.
    """
    slope, cut = flat(posterior, "slope"), flat(posterior, "cut")
    x = terms.to_numpy(dtype=float)
    found = [_rows(x[rows] @ slope.T, cut) for rows in chunks(len(x))]
    every = np.concatenate(found) if found else np.empty((0, len(ratings) + 1))
    names = [f"P({one})" for one in ratings]
    made = pd.DataFrame(every, terms.index, [*names, "mcse"])
    best = (
        np.array(ratings, dtype=object)[made[names].to_numpy().argmax(axis=1)] if len(made) else []
    )
    made.insert(len(names), "most_probable", best)
    return made


def _rows(eta: np.ndarray, cut: np.ndarray) -> np.ndarray:
    """Return the mean probability of each rating and the largest Monte Carlo error."""
    higher = np.ones_like(eta)
    means, errors = [], []
    for one in [*cut.T, np.full(len(cut), np.inf)]:
        above = expit(eta - one)
        p = higher - above
        means.append(p.mean(axis=1))
        errors.append(p.std(axis=1) / np.sqrt(p.shape[1]))
        higher = above
    return np.column_stack([*means, np.max(errors, axis=0)])
