"""How well do models of a curve predict rows that they have not seen? Leave-one-out, in pairs.

Given its unknowns a Gaussian process predicts each row from all others exactly; what the draws knew
of the row is taken back by weights of one over that density. Source: Bürkner, Gabry and Vehtari
(2021), Efficient leave-one-out cross-validation for Bayesian non-factorized normal and Student-t
models.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy import stats

from workflow.functions.course import thetas
from workflow.functions.points import Points
from workflow.functions.quadrature import Prior, some
from workflow.functions.splines import spline
from workflow.scoring.elpd import LEAST_DIFFERENCE, Difference, Elpd, difference, errors_needed
from workflow.scoring.psis import psis

DRAWS, CHAINS = 800, 4
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


def rivals(points: Points, posterior: xr.Dataset, prior: Prior, *, seed: int) -> Rivals:
    """Compare this page's model with a smoothing spline, and with noise of one size if it changes.

    `prior` is that of length and sds with noise of one size, whose posterior is known exactly.
    """
    rng = np.random.default_rng(seed)
    n = len(points.y)
    at = np.arange(n) if n <= ROWS else np.sort(rng.choice(n, ROWS, replace=False))
    found = {OWN: psis(log_densities(points, posterior, at))}
    if "b" in posterior:
        drawn = some(points, prior, (CHAINS, DRAWS // CHAINS), seed=seed)
        found[CONSTANT] = psis(log_densities(points, drawn, at))
    found[SPLINE] = _of_spline(points, at)
    return Rivals(found, len(at), n)


def log_densities(points: Points, posterior: xr.Dataset, at: np.ndarray) -> xr.DataArray:
    """Return log p(y[row] | all other rows, draw) of the rows `at`; dims chain, draw, row."""
    chains, draws = (posterior.sizes[one] for one in ("chain", "draw"))
    each = np.unique(np.linspace(0, draws - 1, min(draws, -(-DRAWS // chains))).round().astype(int))
    of = thetas(posterior.isel(draw=each), chains * len(each))
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
