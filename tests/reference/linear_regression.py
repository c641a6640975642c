"""Exact: given tau the coefficients are Gaussian in closed form; tau by quadrature."""

import numpy as np

from data.linear_regression import load
from tests.gaussian import LinearGaussian, in_own_units

SLOPE_SD, NOISE = 0.5, 1.0


def compute() -> dict[str, tuple[float, ...]]:
    """Return all quantities of the posterior: mean, sd, and no Monte Carlo error."""
    found = load()
    x, y = found.terms.to_numpy(), found.outcome.to_numpy()
    centre, scale = x.mean(0), x.std(0, ddof=1)
    m, s = y.mean(), y.std(ddof=1)
    design = np.column_stack([np.ones(len(y)), (x - centre) / scale])
    sd = np.array([1.0, *np.full(x.shape[1], SLOPE_SD)])
    exact = LinearGaussian(design, (y - m) / s, sd, NOISE)
    mean, cov = exact.theta()
    tau = exact.tau()
    moments = {"level": (mean[0], cov[0, 0] ** 0.5), "tau": tau, "sigma": (s * tau[0], s * tau[1])}
    own = in_own_units(mean, cov, centre, scale, m, s)
    moments["intercept"] = own["intercept"]
    for k, term in enumerate(found.terms):
        moments[f"beta[{term}]"] = (mean[k + 1], cov[k + 1, k + 1] ** 0.5)
        moments[f"slope[{term}]"] = own[f"slope {k}"]
    return {name: (*pair, 0, 0) for name, pair in moments.items()}
