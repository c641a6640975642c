"""Which few terms predict as well as all? Submodels of a linear regression, by projection.

The fit with all terms is the reference. A submodel's coefficients are those that come nearest to
what it predicts; terms enter one after the other, each time the one that comes nearest. How well a
submodel predicts is seen on rows that are left out of the reference *and* of the search: the draws
are weighted for each row as leave-one-out does (PSIS), and the search is made anew.

Sources: Piironen, Paasiniemi and Vehtari (2020), Projective inference in high-dimensional problems;
McLatchie, Rögnvaldsson, Weber and Vehtari (2025), Advances in projection predictive inference.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr
from arviz_stats.base import array_stats
from scipy import stats

from workflow.quantities import SAMPLE
from workflow.regression.regression import standardised
from workflow.scoring.psis import limit_of

MOST = 20  # terms of a submodel
ROWS = 500  # left out, at most
GONE = 1e-9  # of a column, where the terms before it say all that it says


@dataclass(frozen=True)
class Rows:
    """Standardised terms (row, term) and outcome (row), and the positions of rows left out."""

    z: np.ndarray
    y: np.ndarray
    at: np.ndarray

    @property
    def gram(self) -> np.ndarray:
        """Products of the terms, by row left out, about the means of the others."""
        one = self.away[:, :, None] * self.z[self.at][:, None, :]
        found: np.ndarray = self.z.T @ self.z - one
        return found

    @property
    def moment(self) -> np.ndarray:
        """Products of terms and outcome, in the same way."""
        found: np.ndarray = self.z.T @ self.y - self.away * self.y[self.at, None]
        return found

    @property
    def away(self) -> np.ndarray:
        """The terms of each row left out, less the means of the others."""
        found: np.ndarray = self.z[self.at] * len(self.y) / (len(self.y) - 1)
        return found

    @property
    def middle(self) -> np.ndarray:
        """The mean outcome of the others."""
        found: np.ndarray = -self.y[self.at] / (len(self.y) - 1)
        return found


@dataclass(frozen=True)
class Without:
    """What the other rows say of each: means over the draws, weighted by PSIS.

    Dims: beta (row, term), level and variance (row). `k` are the Pareto shapes, which should be
    below `good_k`.
    """

    beta: np.ndarray
    level: np.ndarray
    variance: np.ndarray
    k: np.ndarray
    good_k: float

    @property
    def unsure(self) -> int:
        """Of how many rows the weights cannot be relied on."""
        return int((self.k > self.good_k).sum())


@dataclass(frozen=True)
class Submodels:
    """The terms in the order in which they enter, and how well the first so many predict.

    By number of terms from 0 on: `gap` is the log predictive density of all rows left out less that
    with all terms, `se` its standard error, and `room` two Monte Carlo errors of the gaps; `error`
    is the root mean squared error in sds of the outcome, `whole` that with all terms. `share` says
    by term of the order in which share of the searches it is among the first so many.
    """

    order: tuple[str, ...]
    gap: np.ndarray
    se: np.ndarray
    error: np.ndarray
    whole: float
    share: np.ndarray
    rows: int
    unsure: int
    room: float = 0.0

    @property
    def size(self) -> int | None:
        """The least number of terms that predicts as well as all, to one standard error."""
        enough = np.flatnonzero(self.gap + self.se >= self.room)
        return int(enough[0]) if len(enough) else None


def rows_of(terms: pd.DataFrame, outcome: pd.Series, *, seed: int) -> Rows:
    """Return the rows on the model's scale; of very many some, drawn at random, are left out."""
    z, y = standardised(terms).to_numpy(), ((outcome - outcome.mean()) / outcome.std()).to_numpy()
    rng = np.random.default_rng(seed)
    at = rng.choice(len(y), ROWS, replace=False) if len(y) > ROWS else np.arange(len(y))
    return Rows(z, y, np.sort(at))


def without(posterior: xr.Dataset, rows: Rows) -> Without:
    """Return what the other rows say of each row, from draws of `level`, `beta` and `tau`."""
    flat = posterior[["level", "beta", "tau"]].stack(sample=SAMPLE)
    beta = flat["beta"].transpose("sample", "term").to_numpy()
    level, tau = flat["level"].to_numpy(), flat["tau"].to_numpy()
    log_lik = stats.norm.logpdf(rows.y[rows.at, None], level + rows.z[rows.at] @ beta.T, tau)
    log_w, k = array_stats.psislw(log_lik)
    w = np.exp(log_w - log_w.max(1, keepdims=True))
    w /= w.sum(1, keepdims=True)
    k = np.where(np.isnan(k), np.inf, k)
    return Without(w @ beta, w @ level, w @ tau**2, k, limit_of(len(tau)))


def submodels(posterior: xr.Dataset, terms: pd.DataFrame, rows: Rows, rest: Without) -> Submodels:
    """Search for submodels of a posterior, and see how well they predict rows left out.

    `rest` is what `without` makes of them. The Monte Carlo error is that of halves of the draws.
    """
    found, middle = _submodels(posterior, terms, rows, rest), posterior.sizes["draw"] // 2
    halves = (posterior.isel(draw=half) for half in (slice(middle), slice(middle, None)))
    one, other = (_submodels(half, terms, rows, without(half, rows)).gap for half in halves)
    return replace(found, room=float(np.sqrt(np.mean((one - other) ** 2))))


def _submodels(posterior: xr.Dataset, terms: pd.DataFrame, rows: Rows, rest: Without) -> Submodels:
    names, most = list(map(str, terms)), min(MOST, terms.shape[1])
    mean = posterior["beta"].mean(SAMPLE).to_numpy()
    gram = rows.z.T @ rows.z
    order, _, _ = search(gram[None], (gram @ mean)[None], np.zeros((1, len(names))), most)
    target = np.einsum("ikl,il->ik", rows.gram, rest.beta)
    tried, told, explained = search(rows.gram, target, rows.away, most)
    y, n = rows.y[rows.at, None], len(rows.y)
    size = np.einsum("ik,ik->i", target, rest.beta)[:, None]
    centre = rest.level - ((rows.away - rows.z[rows.at]) * rest.beta).sum(1)
    mu = centre[:, None] + told
    variance = rest.variance[:, None] + np.clip(size - explained, 0, None) / (n - 1)
    whole = rest.level + (rows.z[rows.at] * rest.beta).sum(1)
    gaps = stats.norm.logpdf(y, mu, np.sqrt(variance)) - stats.norm.logpdf(
        y, whole[:, None], np.sqrt(rest.variance)[:, None]
    )
    among = [np.mean((tried[:, : j + 1] == k).any(1)) for j, k in enumerate(order[0])]
    return Submodels(
        tuple(names[k] for k in order[0]),
        gaps.mean(0) * n,
        n * gaps.std(0, ddof=1) / np.sqrt(len(gaps)),
        np.sqrt(((y - mu) ** 2).mean(0)),
        float(np.sqrt(((y[:, 0] - whole) ** 2).mean())),
        np.array(among),
        len(rows.at),
        rest.unsure,
    )


def search(
    gram: np.ndarray, moment: np.ndarray, row: np.ndarray, most: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Let terms enter one after the other; many problems at once (dims: problem, term, ...).

    The target of a problem has the products `moment` with the terms. Each time enters the term that
    explains most of what is left of it, and what has entered is taken out of all (Gram, Schmidt).

    Returns (problem, entered) the terms; and, with none to `most` of them, what the projection
    predicts at `row`, and how much of the target's square it explains.
    """
    gram, moment, row = gram.copy(), moment.copy(), row.copy()
    every, first = np.arange(len(gram)), np.einsum("ikk->ik", gram).copy()
    order = np.zeros((len(gram), most), dtype=int)
    told, explained = np.zeros((2, len(gram), most + 1))
    free = np.ones_like(first, dtype=bool)
    for j in range(most):
        size = np.einsum("ikk->ik", gram)
        left = free & (size > GONE * first)
        gain = np.where(left, moment**2 / np.where(left, size, 1), np.where(free, -1.0, -2.0))
        k = gain.argmax(1)
        pivot = np.where(left[every, k], size[every, k], np.inf)
        column, weight = gram[every, :, k], moment[every, k] / pivot
        told[:, j + 1] = told[:, j] + weight * row[every, k]
        explained[:, j + 1] = explained[:, j] + weight * moment[every, k]
        row -= column * (row[every, k] / pivot)[:, None]
        moment -= column * weight[:, None]
        gram -= column[:, :, None] * (column / pivot[:, None])[:, None, :]
        order[:, j], free[every, k] = k, False
    return order, told, explained
