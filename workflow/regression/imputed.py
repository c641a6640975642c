"""Gaps of predictors that were filled: the draws of their values, and how well they were told.

`missing` (gap) are the unknown values in own units; of which row and term each is stands in the
coordinates `gap_line` and `gap_term` (`workflow.sampling.members`). The other variables of the
filling are in `OWN`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import skew

from workflow.quantities import SAMPLE
from workflow.regression.regression import linear_predictor, standardised
from workflow.sampling.members import GAP_LINE, GAP_TERM, MISSING

OWN = ("gap_z", "fill_level", "fill_sd", "fill_theta", "fill_beta", "fill_pair", MISSING)
SKEWED = 1.0  # skewness of what is observed, given the rest, from which on normal is no answer
ERRORS = 4.0  # and by so many standard errors
OUTSIDE = 0.05  # of filled values beyond all observed, more than chance has


def has_gaps(posterior: xr.Dataset) -> bool:
    """Say whether the draws have values of gaps."""
    return MISSING in posterior


def plain(posterior: xr.Dataset) -> xr.Dataset:
    """Return the draws of the regression alone, without what fills the gaps."""
    return posterior.drop_vars([name for name in OWN if name in posterior])


def one_draw(posterior: xr.Dataset, *, seed: int) -> pd.Series:
    """Return the values of all gaps in one draw of the posterior; index: line, term.

    Together with what was observed they are one data set as it may have been: residuals and effects
    of it are what those of complete data are, while means of the gaps would lie too near the line.
    Source: Gelman et al. (2005), Multiple imputation for model checking.
    """
    flat = posterior[MISSING].stack(sample=SAMPLE)
    at = int(np.random.default_rng(seed).integers(flat.sizes["sample"]))
    lines, names = (posterior[name].to_numpy() for name in (GAP_LINE, GAP_TERM))
    index = pd.MultiIndex.from_arrays([lines, list(map(str, names))])
    return pd.Series(flat.isel(sample=at).to_numpy(), index)


def completed(posterior: xr.Dataset, terms: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Return the terms with their gaps as one draw has them (see `one_draw`)."""
    if not has_gaps(posterior):
        return terms
    found = terms.copy()
    for (line, term), value in one_draw(posterior, seed=seed).items():
        found.loc[line, term] = value
    return found


def fitted(posterior: xr.Dataset, terms: pd.DataFrame) -> xr.DataArray:
    """Return the linear predictor of rows of the fit, with gaps as each draw has them.

    `terms` have any value there. Dims: chain, draw, row.
    """
    found = linear_predictor(posterior, terms)
    if not has_gaps(posterior):
        return found
    lines = terms.index.get_indexer(posterior[GAP_LINE].to_numpy())
    columns = terms.columns.get_indexer(posterior[GAP_TERM].to_numpy())
    here = np.flatnonzero(lines >= 0)
    lines, columns = lines[here], columns[here]
    drawn = posterior[MISSING].transpose(*SAMPLE, "gap").to_numpy()[..., here]
    slope = posterior["slope"].transpose(*SAMPLE, "term").to_numpy()[..., columns]
    more = np.zeros((*drawn.shape[:2], len(terms)))
    change = slope * (drawn - terms.to_numpy(dtype=float)[lines, columns])
    for at, line in enumerate(lines):  # a row may have several
        more[..., line] += change[..., at]
    return found + xr.DataArray(more, dims=(*SAMPLE, "row"))


def without_gaps(posterior: xr.Dataset, terms: pd.DataFrame) -> pd.DataFrame:
    """Return the terms that have no gaps."""
    if not has_gaps(posterior):
        return terms
    return terms.drop(columns=[*{*posterior[GAP_TERM].to_numpy()} & {*terms}])


def columns_of_draws(posterior: xr.Dataset, terms: pd.DataFrame) -> Iterator[np.ndarray]:
    """Yield the rows of `terms` with their gaps as each draw has them, chain by chain.

    What is left of a row's outcome in a draw may be held against these alone: against those of
    another draw it is not independent, since the outcome had a say in both.
    """
    lines = terms.index.get_indexer(posterior[GAP_LINE].to_numpy())
    columns = terms.columns.get_indexer(posterior[GAP_TERM].to_numpy())
    here, x = np.flatnonzero(lines >= 0), terms.to_numpy(dtype=float, copy=True)
    drawn = posterior[MISSING].transpose(*SAMPLE, "gap").to_numpy()[..., here]
    for one in drawn.reshape(-1, len(here)):
        x[lines[here], columns[here]] = one
        yield x


@dataclass(frozen=True)
class Filled:
    """One term: its gaps, mean and sd of what is observed and of what was filled in.

    `sd_each` is how well a single gap is known (root mean square of the posterior sds), `outside`
    the share of filled values beyond all observed ones, `skewness` that of the observed values
    given the other terms, and `z` says whether rows with a gap have another outcome than rows
    alike in the other terms (t statistic; above 0: a higher one).
    """

    term: str
    gaps: int
    rows: int
    mean: float
    sd: float
    mean_filled: float
    sd_filled: float
    sd_each: float
    outside: float
    skewness: float
    z: float

    @property
    def bent(self) -> bool:
        """Whether what is observed is plainly not normal, given the other terms."""
        error = np.sqrt(6 / max(self.rows - self.gaps, 1))
        return abs(self.skewness) > max(SKEWED, ERRORS * error)

    @property
    def beyond(self) -> bool:
        """Whether many more filled values lie beyond the observed ones than chance has."""
        return self.outside > OUTSIDE + 2 / (self.rows - self.gaps + 1)


def filled(
    posterior: xr.Dataset, terms: pd.DataFrame, outcome: pd.Series, gaps: pd.DataFrame
) -> list[Filled]:
    """Look at what was filled in, term by term; `terms` have one draw in their `gaps`."""
    draws = posterior[MISSING].transpose(*SAMPLE, "gap").to_numpy()
    draws, of = draws.reshape(-1, draws.shape[-1]), posterior[GAP_TERM].to_numpy().astype(str)
    found = []
    for name in gaps.columns[gaps.any()]:
        hole, mine = gaps[name].to_numpy(), draws[:, of == str(name)]
        seen = terms[name][~hole]
        outside = ((mine < seen.min()) | (mine > seen.max())).mean()
        others = terms.drop(columns=name)
        left = _left(others[~hole], seen.to_numpy(dtype=float))
        numbers = seen.mean(), seen.std(), mine.mean(), mine.std()
        sd = np.sqrt(mine.var(axis=0).mean())
        z = _goes_with(others, hole, outcome.to_numpy(dtype=float))
        told = (*map(float, numbers), float(sd), float(outside), float(skew(left)), z)
        found.append(Filled(str(name), int(hole.sum()), len(terms), *told))
    return found


def _left(terms: pd.DataFrame, y: np.ndarray) -> np.ndarray:
    """Return what least squares on the terms, and a constant, leave of y."""
    z, y = standardised(terms.loc[:, terms.nunique() > 1]).to_numpy(dtype=float), y - y.mean()
    if not z.shape[1]:
        return y
    found: np.ndarray = y - z @ np.linalg.lstsq(z, y, rcond=None)[0]
    return found


def _goes_with(terms: pd.DataFrame, hole: np.ndarray, outcome: np.ndarray) -> float:
    """Return the t statistic of a gap for the outcome, given the terms."""
    y, gap = _left(terms, outcome), _left(terms, hole.astype(float))
    free = len(y) - terms.shape[1] - 2
    if free < 1 or gap @ gap == 0:
        return 0.0
    slope = (gap @ y) / (gap @ gap)
    left = y - slope * gap
    return float(slope / np.sqrt(left @ left / free / (gap @ gap)))
