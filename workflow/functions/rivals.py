"""How well do models of a curve predict rows that they have not seen? Leave-one-out, in pairs.

Given its unknowns a Gaussian process predicts each row from all others exactly; what the draws knew
of the row is taken back by weights of one over that density. Source: Bürkner, Gabry and Vehtari
(2021), Efficient leave-one-out cross-validation for Bayesian non-factorized normal and Student-t
models.
Where weights do not tell a row, the model is fitted without it (`workflow.scoring.loo`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import xarray as xr
from scipy import stats

from workflow.functions.course import thetas
from workflow.functions.points import Points
from workflow.functions.quadrature import Prior, some
from workflow.functions.splines import spline
from workflow.functions.waves import Waves
from workflow.scoring.elpd import LEAST_DIFFERENCE, Difference, Elpd, difference, errors_needed
from workflow.scoring.psis import psis

DRAWS, CHAINS = 800, 4
MOST, REFITS = 4000, 5  # draws of a model whose noise changes, and rows left out by refits
ROWS = 2000  # that are looked at, of more
OWN, CONSTANT, SPLINE = "this page's curve", "noise of one size", "smoothing spline"
EXACT = "exact, its smoothing by REML"


@dataclass(frozen=True)
class Rivals:
    """The elpd of each model, by name, and by how much that of this page is above the others'.

    `looked` of `rows` rows count: all, or some drawn at random.
    """

    elpds: dict[str, Elpd]
    looked: int
    rows: int

    @property
    def gaps(self) -> dict[str, Difference]:
        """The elpd of this page's model less that of each other, from the same rows."""
        return {
            name: difference(self.elpds[OWN], one)
            for name, one in self.elpds.items()
            if name != OWN
        }

    def told(self, name: str) -> int:
        """Return 1 where this page's model predicts better for sure, -1 worse, 0 not told."""
        gap = self.gaps[name]
        error = np.hypot(errors_needed(self.looked) * gap.se, 2 * gap.mcse)
        sure = abs(gap.value) > max(LEAST_DIFFERENCE, error)
        return int(np.sign(gap.value)) if sure else 0


def rivals(
    points: Points,
    posterior: xr.Dataset,
    prior: Prior,
    *,
    seed: int,
    refits: Callable[..., tuple[np.ndarray, np.ndarray]] | None = None,
) -> Rivals:
    """Compare this page's model with a smoothing spline, and with noise of one size if it changes.

    Of many places, whose curve is a sum of waves, there is no spline.

    `prior` is that of length and sds with noise of one size, whose posterior is known exactly.
    `refits` is what `workflow.scoring.loo.left_out` does with model and data; without it no rows
    are refitted.
    """
    rng = np.random.default_rng(seed)
    n = len(points.y)
    at = np.arange(n) if n <= ROWS else np.sort(rng.choice(n, ROWS, replace=False))
    changes = "b" in posterior
    each = partial(log_densities, points, at=at, most=MOST if changes else DRAWS)
    whole = each(posterior)
    own = psis(whole)
    which = np.flatnonzero(own.k > own.good_k)
    if refits and 0 < len(which) <= REFITS:
        own = _with(own, which, *refits(each, whole, which, at=at, seed=seed))
    found = {OWN: own}
    if changes:
        drawn = some(points, prior, (CHAINS, DRAWS // CHAINS), seed=seed)
        found[CONSTANT] = psis(log_densities(points, drawn, at))
    if not isinstance(points, Waves):
        found[SPLINE] = _of_spline(points, at)
    return Rivals(found, len(at), n)


def _with(found: Elpd, which: np.ndarray, values: np.ndarray, errors: np.ndarray) -> Elpd:
    """Return an elpd with the values of the rows that were refitted."""
    pointwise, all_errors, k = found.pointwise.copy(), found.errors.copy(), found.k.copy()
    pointwise[which], all_errors[which], k[which] = values, errors, np.nan
    failed = tuple(found.rows[i] for i in which[np.isnan(values)])
    own = replace(found, pointwise=pointwise, errors=all_errors, k=k)
    return replace(own, refitted=len(which), failed=failed)


def log_densities(
    points: Points, posterior: xr.Dataset, at: np.ndarray, most: int = DRAWS
) -> xr.DataArray:
    """Return log p(y[row] | all other rows, draw) of the rows `at`; dims chain, draw, row.

    Of so many draws at `most`, evenly from all.
    """
    chains, draws = (posterior.sizes[one] for one in ("chain", "draw"))
    each = np.unique(np.linspace(0, draws - 1, min(draws, -(-most // chains))).round().astype(int))
    of = thetas(posterior.isel(draw=each), chains * len(each), points.where)
    logs = []
    for theta in of:
        mean, sd = points.solved(theta).predicted(at)
        logs.append(stats.norm.logpdf(points.y[at], mean, sd))
    by_draw = np.array(logs).reshape(chains, len(each), len(at))
    return xr.DataArray(by_draw, dims=("chain", "draw", "row"), coords={"row": at})


def _of_spline(points: Points, at: np.ndarray) -> Elpd:
    mean, sd = (one[at] for one in spline(points).left_out)
    pointwise = stats.norm.logpdf(points.y[at], mean, sd)
    none = np.full(len(at), np.nan)
    return Elpd(EXACT, tuple(map(int, at)), pointwise, np.zeros(len(at)), none, np.inf)
