"""Rows with gaps, scored by what is known of them: their unknown values are integrated out.

What a row with a gap says of its outcome is a mean over what may stand in the gap, given the terms
that the row has, and not given its outcome: values as they were drawn have seen that. In a draw the
linear predictor of such a row is normal, so one integral along a line does for every outcome.

Where gaps go with the outcome, rows with and without are selected by it, and no such score is that
of new rows: probabilities are then too low in one and too high in the other. Differences between
models stand that fill the gaps alike: by missing at random the likelihood of a row is that of its
outcome and its terms together, and what terms say of one another is the same in both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import expit

from workflow.quantities import SAMPLE
from workflow.regression.along_normal import mean_expit, over_normal
from workflow.regression.regression import linear_predictor, standardised, steps

type Numbers = np.ndarray
#: From linear predictors (chain, draw, place) to the log density of an outcome. The second argument
#: are positions: of the rows that the places are, or of the one row that they are of.
type Law = Callable[[Numbers, Numbers | int], Numbers]


@dataclass(frozen=True)
class Line:
    """A linear predictor given what is known of the terms; its mean has dims chain, draw, row.

    `roots` are of the rows with gaps, by position: what the predictor changes for one sd of each of
    the row's independent unknowns, dims chain, draw, unknown. Another line has the same unknowns.
    """

    mean: Numbers
    roots: dict[int, Numbers]

    def sd(self, row: int) -> Numbers:
        """Return the sd of the predictor of a row that has gaps; dims: chain, draw."""
        return np.asarray(np.sqrt(np.square(self.roots[row]).sum(axis=-1)))


def line(
    posterior: xr.Dataset,
    terms: pd.DataFrame,
    at: slice | Numbers = slice(None),
    *,
    coefficients: xr.Dataset | None = None,
) -> Line:
    """Return the linear predictor of the rows at `at`, given the terms that each of them has.

    `terms` are those of all rows of the fit, NaN in gaps. `coefficients` has intercept and slope
    where they are not those of the posterior.
    """
    of = posterior if coefficients is None else coefficients
    rows, names = terms.iloc[at], [*map(str, terms)]
    mean = linear_predictor(of, rows.fillna(terms.mean())).transpose(*SAMPLE, "row").to_numpy()
    if not rows.isna().to_numpy().any():
        return Line(mean, {})
    z = standardised(rows, like=terms).to_numpy(dtype=float)
    columns = [names.index(str(name)) for name in posterior["filled"].to_numpy()]
    beta = of["slope"].transpose(*SAMPLE, "term").to_numpy() * steps(terms).to_numpy()
    holes, mean = np.isnan(z[:, columns]), mean.copy()
    roots: dict[int, Numbers] = {}
    for pattern in np.unique(holes[holes.any(axis=1)], axis=0):
        which = np.flatnonzero((holes == pattern).all(axis=1))
        expected, root = _given(posterior, z[which], columns, pattern)
        own = beta[..., columns][..., pattern]
        mean[..., which] += (expected @ own[..., None])[..., 0]
        roots |= dict.fromkeys(map(int, which), (own[..., None, :] @ root)[..., 0, :])
    return Line(mean, roots)


def _given(
    posterior: xr.Dataset, z: Numbers, columns: list[int], hole: Numbers
) -> tuple[Numbers, Numbers]:
    """Return mean and root of the covariance of the gaps of rows, given the terms that they have.

    `z` are standardised terms (row, term), of which the `columns` may have gaps, and those with
    `hole` have. With e ~ Normal(0, I) these terms are c + L e: what there is of them tells part of
    e, and leaves the rest of it free. Dims: chain, draw, row, gap; chain, draw, gap, free.
    """
    level, sd = (
        posterior[name].transpose(*SAMPLE, "filled").to_numpy()
        for name in ("fill_level", "fill_sd")
    )
    centre = np.repeat(level[..., None, :], len(z), axis=-2)
    if "fill_beta" in posterior:
        beta = posterior["fill_beta"].transpose(*SAMPLE, "known", "filled").to_numpy()
        centre = centre + np.delete(z, columns, axis=1) @ beta
    root = sd[..., None] * np.eye(len(columns))
    if "fill_pair" in posterior:
        earlier, later = np.triu_indices(len(columns), 1)
        root[..., later, earlier] = posterior["fill_pair"].transpose(*SAMPLE, "pair").to_numpy()
    if hole.all():
        return centre, root
    basis, r = np.linalg.qr(root[..., ~hole, :].swapaxes(-1, -2), mode="complete")
    seen = int((~hole).sum())
    away = z[:, columns][:, ~hole] - centre[..., ~hole]
    told = np.linalg.solve(r[..., :seen, :].swapaxes(-1, -2), away.swapaxes(-1, -2))
    known = (root[..., hole, :] @ basis[..., :seen] @ told).swapaxes(-1, -2)
    return centre[..., hole] + known, root[..., hole, :] @ basis[..., seen:]


def log_densities(found: Line, law: Law) -> Numbers:
    """Return log p(y[row] | draw) of every row; dims: chain, draw, row."""
    whole = np.arange(found.mean.shape[-1])
    values = law(found.mean, whole)
    for row in found.roots:
        one, sd = partial(_of_row, law, row), found.sd(row)
        values[..., row] = over_normal(one, found.mean[..., row], sd)
    return values


def _of_row(law: Law, row: int, eta: Numbers) -> Numbers:
    return law(eta, row)


def probabilities(posterior: xr.Dataset, terms: pd.DataFrame) -> Numbers | None:
    """Return P(event) of each row of a logistic regression, averaged over draws and gaps.

    Parameters as of `line`; None where no row has gaps.
    """
    if not terms.isna().to_numpy().any():
        return None
    odds = line(posterior, terms)
    p: Numbers = expit(odds.mean).mean(axis=(0, 1))
    for row in odds.roots:
        p[row] = mean_expit(odds.mean[..., row], odds.sd(row)).mean()
    return p
