"""The size of a noise as waves: its logarithm is their sum, about that of a middle size.

The heights of the waves are sampled, turned and stretched by what the rows tell of them, which
hardly depends on what they are.
"""

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pymc.logprob.transforms import Transform

LEAST = 1e-9  # sd of a height: nobody sees such waves, and their logarithm is a number
FARTHEST = 13.8  # of the logarithm of a size from that of sigma: a factor of a million


def coords(count: int) -> dict[str, np.ndarray]:
    """Return the coordinates of so many waves."""
    return {"wave": np.arange(1, count + 1), "wave_too": np.arange(1, count + 1)}


def sizes(
    where: np.ndarray,
    many: np.ndarray,
    count: int,
    reach: float,
    sigma: Any,
    *,
    typical_length: float,
    length_spread: float,
    change: float,
) -> Any:
    """Add the waves to the model, and return the sd of a row at each place.

    The places have so many rows each, the waves reach so far from their middle; `sigma` is the
    middle of the sizes. The knobs are those of the noise in `models._changing_noise.changing`.
    """
    w = np.arange(1, count + 1) * np.pi / (2 * reach)
    waves = np.sin((where - (where[0] + where[-1]) / 2 + reach)[:, None] * w)
    told = 2 * waves.T @ (many[:, None] * waves)
    middle = pm.math.log(pm.Data("typical_length_noise", float(typical_length)))
    spread = pm.Data("length_noise_spread", float(length_spread))
    length_noise = pm.LogNormal("length_noise", middle, spread)
    sigma_noise = pm.HalfNormal("sigma_noise", pm.Data("change", float(change)))
    b = pm.CustomDist(
        "b",
        sigma_noise * root_of_v(length_noise, w, reach) + LEAST,
        pm.Data("told", told, dims=("wave", "wave_too")),
        logp=log_density_of_heights,
        random=drawn_heights,
        signature="(k),(k,k)->(k)",
        transform=Told(),
        dims="wave",
    )
    change_at = pm.Data("waves", waves, dims=("place", "wave")) @ b
    return sigma * pt.exp(pt.clip(change_at, -FARTHEST, FARTHEST))


def root_of_v(length: Any, w: np.ndarray, reach: float) -> Any:
    """Return the roots of v[j], at once: the root of what underflows would have no slope."""
    return pt.sqrt(np.sqrt(2 * np.pi) * length / reach) * pt.exp(-((length * w) ** 2) / 4)


class Told(Transform):  # type: ignore[misc]
    """Heights of waves as such numbers as the posterior leaves nearly independent, of sd 1.

    A row tells 2 of the logarithm of an sd, whatever that is (Fisher's information, 2 / sd**2 in
    the sd itself). So the precision of the heights is near that of their prior plus `told`, twice
    the sums of products of the waves over the rows: its root makes the numbers.
    """

    name = "told"

    def backward(self, value: Any, *inputs: Any) -> Any:
        """Return the heights."""
        sd, factor = self._factor(inputs)
        return sd * pt.linalg.solve_triangular(factor.T, value, lower=False)

    def forward(self, value: Any, *inputs: Any) -> Any:
        """Return the numbers."""
        sd, factor = self._factor(inputs)
        return factor.T @ (value / sd)

    def log_jac_det(self, value: Any, *inputs: Any) -> Any:
        """Return the logarithm of the volume of heights for one of numbers."""
        sd, factor = self._factor(inputs)
        return pt.log(sd).sum() - pt.log(pt.diag(factor)).sum()

    def _factor(self, inputs: tuple[Any, ...]) -> tuple[Any, Any]:
        """Return the sds of the heights, and the root of their precision in these sds."""
        sd, told = inputs[-2:]
        return sd, pt.linalg.cholesky(pt.eye(sd.shape[0]) + sd[:, None] * told * sd, lower=True)


def log_density_of_heights(b: Any, sd: Any, told: Any) -> Any:
    """Return the log density of independent normals; what rows tell is no matter of the prior."""
    return -((b / sd) ** 2).sum() / 2 - pt.log(sd).sum() - b.shape[0] * np.log(2 * np.pi) / 2


def drawn_heights(
    sd: np.ndarray, told: np.ndarray, rng: np.random.Generator, size: tuple[int, ...] | None = None
) -> np.ndarray:
    """Draw the heights of all waves."""
    return np.asarray(sd * rng.standard_normal((*(size or ()), len(sd))))
