"""Exact posterior of a Gaussian linear regression: closed form given tau, tau by quadrature.

    y = D theta + tau e,  theta ~ Normal(0, diag(sd^2)),  tau ~ Gamma(2, 2 / noise)

Given tau, theta is Gaussian and y's marginal density is too; tau is a one-dimensional integral.
"""

import numpy as np
import pandas as pd
from scipy import stats
from scipy.linalg import block_diag
from scipy.special import logsumexp

from tests.regression import Scales


class LinearGaussian:
    """The posterior of theta (one an entry of `sd`) and tau; `design` (n, k), `y` (n)."""

    def __init__(self, design: np.ndarray, y: np.ndarray, sd: np.ndarray, noise: float) -> None:
        self.sd, self.noise = sd, noise
        self.u, self.s, self.vt = np.linalg.svd(design * sd, full_matrices=False)
        self.uy, self.n = self.u.T @ y, len(y)
        self.rest = max(float(y @ y - self.uy @ self.uy), 0.0)
        rough = np.linspace(-12, 8, 4001)
        best = rough[self._log_density(rough).argmax()]
        self.log_tau = np.linspace(best - 4, best + 4, 8001)
        log_density = self._log_density(self.log_tau)
        weight = np.exp(log_density - log_density.max())
        self.weight = weight / weight.sum()

    def _log_density(self, log_tau: np.ndarray) -> np.ndarray:
        """Log density of log tau, up to a constant."""
        t2, s2 = np.exp(2 * log_tau)[:, None], self.s**2
        log_y = -0.5 * (
            (self.n - len(s2)) * 2 * log_tau
            + np.log(t2 + s2).sum(1)
            + self.rest / t2[:, 0]
            + (self.uy**2 / (t2 + s2)).sum(1)
        )
        prior = stats.gamma(2, scale=self.noise / 2).logpdf(np.exp(log_tau))
        found: np.ndarray = log_y + prior + log_tau
        return found

    def log_evidence(self) -> float:
        """Return log p(y)."""
        step = self.log_tau[1] - self.log_tau[0]
        log_density = self._log_density(self.log_tau)
        return float(logsumexp(log_density) + np.log(step) - self.n / 2 * np.log(2 * np.pi))

    def tau(self) -> tuple[float, float]:
        """Return mean and sd of tau."""
        tau = np.exp(self.log_tau)
        mean = self.weight @ tau
        return float(mean), float(np.sqrt(self.weight @ (tau - mean) ** 2))

    def theta(self) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and covariance of theta."""
        used = np.flatnonzero(self.weight > 1e-14)
        t2, weight = np.exp(2 * self.log_tau[used]), self.weight[used] / self.weight[used].sum()
        s2 = self.s**2
        # In the basis of the singular vectors everything is diagonal, given tau.
        means = self.s * self.uy / (s2 + t2[:, None])
        mean = weight @ means
        spread = (means - mean).T @ ((means - mean) * weight[:, None])
        inner = spread + np.diag(weight @ (t2[:, None] / (s2 + t2[:, None])))
        basis = self.sd[:, None] * self.vt.T
        outside = np.diag(self.sd**2) - basis @ basis.T  # directions that the data do not see
        return basis @ mean, basis @ inner @ basis.T + outside


def in_own_units(
    mean: np.ndarray, cov: np.ndarray, centre: np.ndarray, scale: np.ndarray, m: float, s: float
) -> dict[str, tuple[float, float]]:
    """Return mean and sd of the intercept and of every slope, from those of (level, beta)."""
    rows = np.diag(np.concatenate([[s], s / scale]))
    rows[0, 1:] = -s * centre / scale
    to, sds = rows @ mean, np.sqrt(np.diag(rows @ cov @ rows.T))
    to[0] += m
    names = ["intercept", *(f"slope {k}" for k in range(len(scale)))]
    return {name: (float(a), float(b)) for name, a, b in zip(names, to, sds, strict=True)}


def exact(
    terms: pd.DataFrame, y: pd.Series, frozen: Scales, root: np.ndarray, noise: float
) -> dict[str, tuple[float, float]]:
    """Return mean and sd of every quantity, for data that may not be those of the scales.

    `root` is a square root of the prior covariance of beta.
    """
    design = np.column_stack([np.ones(len(y)), frozen.z(terms) @ root])
    sd = np.ones(design.shape[1])
    found = LinearGaussian(design, (y.to_numpy() - frozen.m) / frozen.s, sd, noise)
    mean, cov = found.theta()
    back = block_diag(1.0, root)  # of level and beta
    mean, cov = back @ mean, back @ cov @ back.T
    own = in_own_units(mean, cov, frozen.centre, frozen.scale, frozen.m, frozen.s)
    tau = found.tau()
    pairs = {"level": (float(mean[0]), float(cov[0, 0] ** 0.5)), "intercept": own["intercept"]}
    pairs |= {"tau": tau, "sigma": (frozen.s * tau[0], frozen.s * tau[1])}
    for k, term in enumerate(terms):
        pairs[f"beta[{term}]"] = (float(mean[k + 1]), float(cov[k + 1, k + 1] ** 0.5))
        pairs[f"slope[{term}]"] = own[f"slope {k}"]
    return pairs
