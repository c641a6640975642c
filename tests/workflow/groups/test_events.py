"""Events over an exposure from a gamma population: against print, and another quadrature."""

import numpy as np
import pytest
from scipy import integrate, stats

from workflow.groups.events import Events, Population

# Failures of ten pumps of a power plant, and thousands of hours (Gaver and O'Muircheartaigh 1987).
FAILURES = np.array([5, 1, 5, 14, 3, 19, 1, 1, 4, 22])
HOURS = np.array([94.320, 15.720, 62.880, 125.760, 5.240, 31.440, 1.048, 1.048, 2.096, 10.480])


def by_panels(prior: Population) -> dict[str, np.ndarray]:
    """Gauss-Legendre in alpha^(1/2) and beta^(1/2), by scipy's negative binomial and its priors."""
    nodes, weights = np.polynomial.legendre.leggauss(160)
    root, step = 1.6 * (nodes + 1), 1.6 * weights  # up to 3.2^2
    alpha, beta = root[:, None] ** 2, root[None, :] ** 2
    of_alpha = stats.expon(scale=1 / prior.alpha_rate).pdf(alpha)
    p = of_alpha * stats.gamma(prior.beta_shape, scale=1 / prior.beta_rate).pdf(beta)
    for k, n in zip(FAILURES, HOURS, strict=True):
        p = p * stats.nbinom(alpha, beta / (beta + n)).pmf(k)
    p = p * np.multiply.outer(2 * root * step, 2 * root * step)
    p /= p.sum()
    found = {"alpha": moments(p, alpha), "beta": moments(p, beta)}
    rates = [(alpha + k) / (beta + n) for k, n in zip(FAILURES, HOURS, strict=True)]
    within = [r / (beta + n) for r, n in zip(rates, HOURS, strict=True)]
    for i, (rate, variance) in enumerate(zip(rates, within, strict=True)):
        mean, sd = moments(p, rate)
        found[f"rate[{i}]"] = np.array([mean, np.sqrt(sd**2 + (p * variance).sum())])
    return found


def moments(p: np.ndarray, values: np.ndarray) -> np.ndarray:
    mean = (p * values).sum()
    return np.array([mean, np.sqrt((p * (values - mean) ** 2).sum())])


def test_the_pumps_are_as_printed() -> None:
    """Alpha .6969 (.2707), beta .9255 (.5422: that is .542149, rounded to .54215 and again)."""
    found = Events(FAILURES, HOURS, Population()).known()
    assert (found["alpha"].mean, found["alpha"].sd) == pytest.approx((0.6969, 0.2707), abs=5.1e-5)
    assert found["beta"].mean == pytest.approx(0.9255, abs=5.1e-5)
    assert round(found["beta"].sd, 5) == pytest.approx(0.54215, abs=1e-9)


@pytest.mark.parametrize("prior", [Population(), Population(2.0, 1.5, 3.0)])
def test_pumps_by_another_quadrature(prior: Population) -> None:
    exact, known = Events(FAILURES, HOURS, prior), by_panels(prior)
    found = {name: (one.mean, one.sd) for name, one in exact.known().items()}
    found |= {f"rate[{i}]": pair for i, pair in enumerate(zip(*exact.rates(), strict=True))}
    assert found.keys() == known.keys()
    for name, pair in known.items():
        assert found[name] == pytest.approx(pair, rel=1e-6), name


def test_quantiles_of_alpha_hold_what_they_say() -> None:
    """One group without an event: beta by Gauss and Legendre, alpha by adaptive quadrature."""
    prior = Population(1.0, 2.0, 1.0)
    one = Events(np.array([0]), np.array([3.0]), prior).known()["alpha"]

    nodes, weights = np.polynomial.legendre.leggauss(200)
    root = 3.3 * (nodes + 1)
    of_beta, beta = 2 * root * weights * stats.gamma(2.0).pdf(root**2), root**2

    def density(alpha: float) -> float:
        return float(np.exp(-alpha) * (of_beta @ (beta / (beta + 3)) ** alpha))

    ends = (one.lower, one.median, one.upper, 30.0)
    below = [integrate.quad(density, 0, end, epsrel=1e-10)[0] for end in ends]
    assert np.array(below[:3]) / below[3] == pytest.approx([0.025, 0.5, 0.975], abs=1e-6)
