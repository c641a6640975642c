"""Mean, mode and least squares: which coefficients predict rows that they have not seen?

All are for one step of a term, in sds of the outcome; the rows left out are those of
`workflow.regression.submodels`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from workflow.quantities import SAMPLE
from workflow.regression.lasso import lasso
from workflow.regression.submodels import Rows, Without

LAPLACE, HORSESHOE = "posterior mean, Laplace prior", "posterior mean, horseshoe prior"
LASSO, RIDGE = "lasso (the mode, Laplace prior)", "ridge (mode and mean, Gaussian prior)"
NO_PRIOR = "least squares (no prior)"
HARDLY = 1e-10  # of the mean square of a column: the penalty of least squares, where it has many


@dataclass(frozen=True)
class Estimate:
    """Coefficients (by term), and the squared error of each row left out, in sds of the outcome."""

    beta: np.ndarray
    squared: np.ndarray

    @property
    def error(self) -> float:
        """The root mean squared error."""
        return float(np.sqrt(self.squared.mean()))

    def worse(self, other: "Estimate") -> tuple[float, float]:
        """Return the mean squared error less that of another, and its standard error."""
        gap = self.squared - other.squared
        return float(gap.mean()), float(gap.std(ddof=1) / np.sqrt(len(gap)))


def of_means(posterior: xr.Dataset, rows: Rows, rest: Without) -> Estimate:
    """Return the posterior means; `rest` has those without each row."""
    off = rows.y[rows.at] - rest.level - (rows.z[rows.at] * rest.beta).sum(1)
    return Estimate(posterior["beta"].mean(SAMPLE).to_numpy(), off**2)


def modes(posterior: xr.Dataset, rows: Rows) -> dict[str, Estimate]:
    """Return lasso, ridge and least squares, with penalties from the posterior of `laplace`.

    Penalties are those of the posterior means of the noise (tau) and of the width of the prior, the
    same for ridge, whose prior has the same variance. Each row is left out by solving anew.
    """
    tau, width = float(posterior["tau"].mean()), float(posterior["width"].mean())
    whole = rows.z.T @ rows.z, rows.z.T @ rows.y
    start = lasso(*whole, tau**2 / width)
    left_out = rows.gram, rows.moment
    least = HARDLY * np.trace(whole[0]) / len(whole[0])
    found = {LASSO: (start, lasso(*left_out, tau**2 / width, start))}
    for name, penalty in ((RIDGE, tau**2 / (2 * width**2)), (NO_PRIOR, least)):
        found[name] = ridge(*whole, penalty), ridge(*left_out, penalty)
    return {
        name: Estimate(beta, (rows.y[rows.at] - rows.middle - (rows.away * rest).sum(1)) ** 2)
        for name, (beta, rest) in found.items()
    }


def ridge(gram: np.ndarray, moment: np.ndarray, penalty: float) -> np.ndarray:
    """Return the minimum of b' gram b / 2 - moment' b + penalty b'b / 2; dims: (problem, ) term."""
    solved = np.linalg.solve(gram + penalty * np.eye(gram.shape[-1]), moment[..., None])
    found: np.ndarray = solved[..., 0]
    return found


def kept(found: Mapping[str, Estimate], to: str) -> np.ndarray:
    """Return by term which share of the coefficient of `to` the posterior mean keeps."""
    whole = found[to].beta
    share: np.ndarray = found[LAPLACE].beta / np.where(whole == 0, np.nan, whole)
    return share
