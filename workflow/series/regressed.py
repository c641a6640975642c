"""Values with a season or a trend, whose level jumps once, or never: known exactly.

Given the noise and the boundary the first level, the jump, season and trend are jointly normal: a
linear regression of the values on them. Its eigenvectors hang on the boundary alone, so that any
number of variances of the noise costs hardly more than one. Source: Gelman et al. (2013), Bayesian
Data Analysis, 3rd ed., section 14.2.
"""

from dataclasses import dataclass

import numpy as np

from workflow.series.columns import Columns
from workflow.series.prior import Prior


@dataclass(frozen=True)
class Joint:
    """The last level, season and trend aside, and their coefficients; normal for each setting.

    Dims of `mean`: settings, level and coefficients; of `cov`, once more the last. `columns` say
    what the coefficients add, and `last` is the last value's time.
    """

    mean: np.ndarray
    cov: np.ndarray
    columns: Columns
    last: int

    def effect(self, place: int) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and variance of the season at a place; the first time has 0."""
        return self._of(0.0, self.columns.of_season(place))

    def slope(self) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and variance of what the trend adds in a step."""
        return self._of(0.0, self.columns.of_trend(1))

    def now(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the same of the last level, which the trend is a part of."""
        return self._of(1.0, self.columns.of_trend(self.last))

    def ahead(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the same of the last level, with season and trend so many steps later."""
        return self._of(1.0, self.columns.at(np.array([self.last + steps]))[0])

    def _of(self, level: float, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        row = np.concatenate([[level], columns])
        return self.mean @ row, np.maximum((self.cov @ row) @ row, 0)


@dataclass(frozen=True)
class Regressed:
    """Values before each boundary and after it; none after the last one, which is no jump.

    Level, jump, season and trend are counted in their prior sds, less their prior means: `eigen`
    are the eigenvalues of the crossproducts of what they are multiplied by, `vectors` and `along`
    the eigenvectors and how far the values go along them (dims: boundaries, coefficients). All
    these, and `squares`, are counted in `unit`: values may be of any size.
    """

    n: int
    squares: float
    eigen: np.ndarray
    vectors: np.ndarray
    along: np.ndarray
    jump: np.ndarray
    start_sd: float
    columns: Columns
    last: int
    unit: float

    @classmethod
    def of(
        cls,
        y: np.ndarray,
        times: np.ndarray,
        boundaries: np.ndarray,
        prior: Prior,
        columns: Columns,
    ) -> "Regressed":
        """Return what `y` says at boundaries."""
        n, unit, y = len(y), prior.noise, (y - prior.start) / prior.noise
        always = np.column_stack([np.full(n, prior.start_sd), columns.at(times)]) / unit
        height = np.where(boundaries < n, prior.jump, 0.0)

        def late(of: np.ndarray) -> np.ndarray:
            sums = np.concatenate([np.cumsum(of[::-1], axis=0)[::-1], np.zeros_like(of[:1])])
            found: np.ndarray = sums[boundaries].T * (height / unit)
            return found.T

        size = always.shape[1] + 1
        cross = np.empty((len(boundaries), size, size))
        others = [0, *range(2, size)]
        cross[np.ix_(range(len(boundaries)), others, others)] = always.T @ always
        cross[:, 1, others] = cross[:, others, 1] = late(always)
        cross[:, 1, 1] = (height / unit) ** 2 * (n - boundaries)
        with_y = np.empty((len(boundaries), size))
        with_y[:, others], with_y[:, 1] = always.T @ y, late(y)
        eigen, vectors = np.linalg.eigh(cross)
        along = np.einsum("bij,bi->bj", vectors, with_y)
        found = np.maximum(eigen, 0), vectors, along, height
        return cls(n, float(y @ y), *found, prior.start_sd, columns, int(times[-1]), unit)

    def log_density(self, noise: np.ndarray, prior: Prior) -> np.ndarray:
        """Return the log density of all values; `noise` is broadcast against the boundaries."""
        logs, noise = self.n * np.log(2 * np.pi * noise), noise / self.unit**2
        each = noise[..., None]
        told = (self.along**2 / (self.eigen + each)).sum(-1)
        logs = logs + np.log1p(self.eigen / each).sum(-1)
        found: np.ndarray = -0.5 * (logs + (self.squares - told) / noise)
        return found

    def first(self, noise: np.ndarray, prior: Prior) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and variance of the first level, given all values."""
        mean, variance = self._of(self.start_sd, 0.0, noise)
        return prior.start + mean, variance

    def after(self, noise: np.ndarray, prior: Prior) -> tuple[np.ndarray, ...]:
        """Return mean and variance of the level after the jump, and those of the jump."""
        now, of_now = self._of(self.start_sd, self.jump, noise)
        return prior.start + now, of_now, *self._of(0.0, self.jump, noise)

    def _of(
        self, level: float, jump: np.ndarray | float, noise: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and variance of a sum of the first level and the jump, in their sds."""
        by = level * self.vectors[:, 0] + np.reshape(jump, (-1, 1)) * self.vectors[:, 1]
        noise = noise[..., None] / self.unit**2
        each = self.eigen + noise
        return (by * (self.along / each)).sum(-1), (by**2 * (noise / each)).sum(-1)

    def joint(self, noise: np.ndarray, kept: tuple[np.ndarray, ...], prior: Prior) -> Joint:
        """Return last level, season and trend for some settings of noise (rows) and boundary."""
        of_noise, at = noise[kept[0], 0] / self.unit**2, kept[1]
        each = self.eigen[at] + of_noise[:, None]
        by = self.vectors[at]
        level = self.start_sd * by[:, 0] + self.jump[at, None] * by[:, 1]
        rows = np.concatenate([level[:, None], by[:, 2:]], axis=1)
        mean = (rows @ (self.along[at] / each)[..., None])[..., 0]
        mean[:, 0] += prior.start
        cov = (rows * (of_noise[:, None] / each)[:, None]) @ rows.transpose(0, 2, 1)
        return Joint(mean, cov, self.columns, self.last)
