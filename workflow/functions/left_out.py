"""How well a surrogate predicts results that were left out, and whether what is left is noise.

Source: Rasmussen and Williams (2006), section 5.4.2; Ionides (2008), Truncated importance sampling,
for the weights of draws that knew the row; Gelman, Meng and Stern (1996), Posterior predictive
assessment of model fitness via realized discrepancies.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import xarray as xr
from scipy.special import logsumexp
from scipy.stats import norm

from workflow.checking.checks import Statistic
from workflow.functions.surrogate import Tried, covariance
from workflow.quantities import SAMPLE

NUMBERS, MOST, FEWEST = 40_000_000, 1000, 100  # in memory; draws
GREATEST = "farthest result, left out"
ALONG = "size of what is left, along the prediction"
TREND, NEIGHBOURS = "trend in the order of rows", "neighbours in the order of rows"


@dataclass(frozen=True)
class Predicted:
    """Mean and sd that each result would have been predicted with by all the others."""

    mean: np.ndarray
    sd: np.ndarray
    of: np.ndarray  # the results

    @property
    def explained(self) -> float:
        """Share of the variance of the results that these predictions explain; below 0: none."""
        n = len(self.of)
        alone = ((self.of - self.of.mean()) * n / (n - 1)) ** 2  # by the mean of the others
        return float(1 - ((self.of - self.mean) ** 2).sum() / alone.sum())


class LeftOut:
    """What is left of each result when the others predict it, in sds, draw by draw.

    Some draws of the posterior, evenly spaced, are looked at, of the predicted data the same.
    """

    def __init__(self, tried: Tried, posterior: xr.Dataset) -> None:
        draws = posterior.sizes["chain"] * posterior.sizes["draw"]
        most = max(FEWEST, min(MOST, NUMBERS // len(tried.y) ** 2))
        self.tried, self.step = tried, -(-draws // most)
        self.some = posterior.isel(draw=slice(None, None, self.step))

    @cached_property
    def inverses(self) -> np.ndarray:
        """Inverses of the covariances of the results. Dims: chain, draw, row, row."""
        lengths = np.exp(self.some["log_length"].transpose(*SAMPLE, "column").to_numpy())
        sds = (self.some[name].to_numpy() for name in ("sigma_f", "sigma"))
        n, x = len(self.tried.y), self.tried.x
        noise = np.eye(n)
        found = [
            covariance(x / length, x / length, f, self.tried.level)
            + (sigma**2 + self.tried.jitter) * noise
            for length, f, sigma in zip(
                lengths.reshape(-1, x.shape[1]), *(one.ravel() for one in sds), strict=True
            )
        ]
        return np.linalg.inv(np.array(found)).reshape(*lengths.shape[:2], n, n)

    def residuals(self, y: xr.DataArray) -> tuple[np.ndarray, np.ndarray]:
        """Return what is left of results, in sds, and their predictions. Dims: chain, draw, row."""
        if "draw" in y.dims:
            y = y.isel(draw=slice(None, None, self.step)).transpose(*SAMPLE, "row")
        precision = np.diagonal(self.inverses, axis1=2, axis2=3)
        pulled = np.einsum("cdij,cdj->cdi", self.inverses, self._centred(y))
        return pulled / np.sqrt(precision), y.to_numpy() - pulled / precision

    def _centred(self, y: xr.DataArray) -> np.ndarray:
        left = y.to_numpy() - self.tried.mean
        return np.broadcast_to(left, self.inverses.shape[:3])

    def statistics(self, *, ordered: bool) -> dict[str, Statistic]:
        """Return test statistics for `workflow.checking.checks`."""
        kinds: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
            GREATEST: lambda z, mean: np.abs(z).max(axis=-1),
            ALONG: lambda z, mean: _correlation(np.abs(z), mean),
        }
        if ordered:
            kinds[TREND] = lambda z, mean: _correlation(z, np.arange(z.shape[-1]) + 0 * z)
            kinds[NEIGHBOURS] = lambda z, mean: (z[..., 1:] * z[..., :-1]).mean(axis=-1)
        return {name: partial(self._statistic, kind=kind) for name, kind in kinds.items()}

    def _statistic(
        self,
        y: xr.DataArray,
        given: xr.Dataset,
        *,
        kind: Callable[[np.ndarray, np.ndarray], np.ndarray],
    ) -> xr.DataArray:
        return xr.DataArray(kind(*self.residuals(y)), dims=SAMPLE)

    def predicted(self) -> Predicted:
        """Return the predictions of the results, each by draws that do not know it.

        The draws are weighted by one over the density of the row, cut at the root of their number.
        """
        y = xr.DataArray(self.tried.y, dims="row")
        z, mean = (one.reshape(-1, len(y)) for one in self.residuals(y))
        precision = np.diagonal(self.inverses, axis1=2, axis2=3).reshape(-1, len(y))
        logs = -norm.logpdf(z) - np.log(precision) / 2
        logs -= logsumexp(logs, axis=0) - np.log(len(logs))
        weights = np.minimum(np.exp(logs), np.sqrt(len(logs)))
        weights /= weights.sum(axis=0)
        middle = (weights * mean).sum(axis=0)
        spread = (weights * (1 / precision + (mean - middle) ** 2)).sum(axis=0)
        return Predicted(middle, np.sqrt(spread), self.tried.y)


def _correlation(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the correlation along the last axis; 0 where one of them does not vary."""
    one, other = (x - x.mean(axis=-1, keepdims=True) for x in (one, other))
    size = np.sqrt((one**2).sum(axis=-1) * (other**2).sum(axis=-1))
    return (one * other).sum(axis=-1) / np.where(size > 0, size, 1)
