"""Which of two curves predicts distances better that were left out, and is that more than chance?

A distance is left out with all its tries. The standard error of the difference is that of counts at
these very distances: Binomial, times by how much they scatter more about the nearer curve than
Binomial counts do (Pearson's chi-square over its degrees of freedom), so that tries of one distance
that are alike, a day's or a player's, do not count as independent. Sources: Vuong (1989),
Likelihood ratio tests for model selection and non-nested hypotheses; McCullagh and Nelder (1989),
Generalized linear models, section 4.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import logit

from workflow.checking.exact import Known
from workflow.putting.curves import Geometry, Logistic, even
from workflow.putting.exact import Exact
from workflow.quantities import SAMPLE
from workflow.scoring.elpd import LEAST_DIFFERENCE, Difference, Elpd, errors_needed
from workflow.scoring.loo import sure_k
from workflow.scoring.psis import psis_but

STEADY = 0.5  # nats, by which the density of a row may differ over the draws and decide nothing
APART = 4.0  # sds of a count, by which a count of new tries should tell
GEOMETRY, LOGISTIC, CANNOT = "geometry", "logistic curve", "cannot tell"


@dataclass(frozen=True)
class Contest:
    """The putts, and by how much the ball's middle may pass the hole's; the prior of the angle."""

    putts: pd.DataFrame
    room: float
    prior_degrees: float

    @cached_property
    def geometry(self) -> Exact[Geometry]:
        """The exact posterior of the geometry."""
        return self.under({})

    @cached_property
    def logistic(self) -> Exact[Logistic]:
        """The exact posterior of the logistic curve, whose prior is wide."""
        return Exact(Logistic.of(self.putts["distance_ft"]), self.putts)

    @property
    def both(self) -> dict[str, Exact[Any]]:
        """Both, by name."""
        return {GEOMETRY: self.geometry, LOGISTIC: self.logistic}

    def under(self, prior: Mapping[str, Any]) -> Exact[Geometry]:
        """Return the exact posterior of the geometry under another prior."""
        degrees = float(prior.get("prior_degrees", self.prior_degrees))
        return Exact(Geometry(self.room, degrees), self.putts)

    def known(self) -> dict[str, Known]:
        """Return the exact posterior of the angle, and of where its curve is at a half."""
        sigma = np.exp(self.geometry.grid[0][:, 0])
        values = {"sigma_degrees": sigma, "even_ft": even(sigma, self.room)}
        return {name: self.geometry.known(one) for name, one in values.items()}

    def left_out(self, posterior: xr.Dataset) -> Elpd:
        """Return the elpd of the geometry by draws; exactly, of rows for which these are too few.

        `posterior` has sigma_degrees, dims chain and draw.
        """
        densities = self._log_density(posterior)
        spread = densities.max(SAMPLE) - densities.min(SAMPLE)
        found = psis_but(densities, (spread <= STEADY).to_numpy())
        limit = sure_k(found.good_k, posterior.sizes["chain"] * posterior.sizes["draw"])
        bad = np.flatnonzero(~(found.k <= limit))
        own = self.under(posterior.attrs.get("prior", {})) if bad.size else self.geometry
        pointwise, errors, k = found.pointwise.copy(), found.errors.copy(), found.k.copy()
        pointwise[bad], errors[bad], k[bad] = [own.without(int(i)) for i in bad], 0.0, np.nan
        return replace(found, pointwise=pointwise, errors=errors, k=k, refitted=len(bad))

    def gap(self, posterior: xr.Dataset) -> Difference:
        """Return the elpd of the geometry less that of the logistic curve."""
        found = self.left_out(posterior)
        value = float((found.pointwise - self.logistic.left_out).sum())
        return Difference(value, self.error, found.mcse, len(self.putts))

    def decide(self, posterior: xr.Dataset, errors: float = 2) -> tuple[str, ...]:
        """Return which curve to take, and behind it what Monte Carlo errors cannot rule out."""
        gap, least = self.gap(posterior), self.least
        steps = (gap.value + step * gap.mcse for step in (0.0, -errors, errors))
        told = (GEOMETRY if x >= least else LOGISTIC if x <= -least else CANNOT for x in steps)
        return tuple(dict.fromkeys(told))

    @property
    def least(self) -> float:
        """By how much a curve has to be ahead."""
        return max(LEAST_DIFFERENCE, errors_needed(len(self.putts)) * self.error)

    @cached_property
    def curves(self) -> pd.DataFrame:
        """The chance of a putt by both curves, at the distances of the data (posterior means)."""
        x = self.putts["distance_ft"].to_numpy()
        return pd.DataFrame({name: one.chances(x)["mean"] for name, one in self.both.items()})

    @cached_property
    def scatter(self) -> float:
        """By how much counts scatter more about the nearer curve than by chance; 1 at least."""
        free = pd.Series({GEOMETRY: 1, LOGISTIC: 2})
        squares = self.curves.apply(lambda p: (pearson(self.putts, p) ** 2).sum())
        return max(1.0, float((squares / (len(self.putts) - free)).min()))

    @cached_property
    def error(self) -> float:
        """The standard error of the difference."""
        near = self.curves[self._nearer]
        apart = logit(self.curves[GEOMETRY]) - logit(self.curves[LOGISTIC])
        variance = (self.putts["tries"] * near * (1 - near) * apart**2).sum()
        return float(np.sqrt(self.scatter * variance))

    @cached_property
    def telling(self) -> tuple[float, int]:
        """Where a count tells the curves apart with the fewest tries, and about how many."""
        x = np.linspace(*self.reach, 200)
        g, other = (one.chances(x)["mean"].to_numpy() for one in self.both.values())
        middle = (g + other) / 2
        tries = self.scatter * middle * (1 - middle) * (APART / (g - other)) ** 2
        return float(x[tries.argmin()]), int(np.ceil(tries.min()))

    @property
    def reach(self) -> tuple[float, float]:
        """The nearest distance, and twice the farthest one."""
        x = self.putts["distance_ft"]
        return float(x.min()), 2 * float(x.max())

    @property
    def _nearer(self) -> str:
        squares = self.curves.apply(lambda p: (pearson(self.putts, p) ** 2).sum())
        return str(squares.idxmin())

    def _log_density(self, posterior: xr.Dataset) -> xr.DataArray:
        sigma = posterior["sigma_degrees"].transpose(*SAMPLE)
        theta = np.log(sigma.to_numpy())[..., None]
        found = self.geometry.log_likelihood(theta, slice(None))
        return xr.DataArray(found, dims=(*SAMPLE, "row"), coords={"row": self.putts.index})


def pearson(putts: pd.DataFrame, p: pd.Series | np.ndarray) -> pd.Series:
    """Return by how many sds each count is above what a curve says."""
    n = putts["tries"]
    return (putts["successes"] - n * p) / np.sqrt(n * p * (1 - p))
