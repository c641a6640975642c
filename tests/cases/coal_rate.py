"""One change of a rate: its posterior is a sum over boundaries, each of them conjugate.

Small has 3 periods without any event, and a prior of shape 2. Twice its sd is the shape .5, and
without its Jacobian a Gamma prior has one event less.
"""

from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import integrate, stats
from scipy.interpolate import CubicSpline
from scipy.special import digamma, logsumexp, polygamma

from data.coal_rate import load
from tests.calibration.mutants import Mutant, doubled, replaced, without_jacobian
from tests.contract import fitted, model_of
from workflow.rates.changed import FALLEN, Rule
from workflow.rates.step import Step

step = model_of("coal_rate")
COUNTS = load()
Y = COUNTS.to_numpy()
YEARS = np.arange(1851, 1963)
FEW = pd.Series([0, 0, 0], ["1", "2", "3"])
PRIORS = [{"prior_mean": 3.0, "prior_shape": 0.5}, {"prior_mean": 0.5, "prior_shape": 2.0}]
OWN = Step(Y, YEARS.astype(float), 1.0, 1.0)


def shipped(**knobs: float) -> pm.Model:
    return step(COUNTS, **knobs)


def small(**knobs: float) -> pm.Model:
    return step(FEW, **{"prior_shape": 2.0} | knobs)


def log_density(
    rate_before: Any, rate_after: Any, *, prior_mean: float = 1.0, prior_shape: float = 1.0
) -> Any:
    """The mean of the probabilities of all counts over the boundaries, each by Poisson."""
    prior = stats.gamma(prior_shape, scale=prior_mean / prior_shape)
    before, after = stats.poisson(rate_before).logpmf(Y), stats.poisson(rate_after).logpmf(Y)
    each = before.cumsum()[:-1] + after[::-1].cumsum()[::-1][1:]
    likelihood = logsumexp(each) - np.log(len(Y) - 1)
    return likelihood + prior.logpdf(rate_before) + prior.logpdf(rate_after)


def reference(*, prior_mean: float = 1.0, prior_shape: float = 1.0) -> dict[str, tuple[float, ...]]:
    """Exact: given the boundary both rates are Gamma, and the evidence is a negative binomial
    probability of sums; mean and sd of mixtures over the 111 boundaries; log ratio by digamma and
    trigamma.
    """
    rate = prior_shape / prior_mean
    logs, shapes = [], []
    for k in range(1, len(Y)):
        one, other = (
            (prior_shape + Y[:k].sum(), rate + k),
            (prior_shape + Y[k:].sum(), rate + len(Y) - k),
        )
        shapes.append((*one, *other))
        # log of the integral of r^(a - 1) exp(-r b), from an identity at any r: here the mean.
        logs.append(sum(_log_integral(a, b) for a, b in (one, other)))
    w = np.exp(np.array(logs) - logsumexp(logs))
    a1, b1, a2, b2 = np.array(shapes).T
    return {
        "rate_before": _moments(w, a1 / b1, a1 / b1**2),
        "rate_after": _moments(w, a2 / b2, a2 / b2**2),
        "log_ratio": _moments(
            w,
            digamma(a2) - np.log(b2) - digamma(a1) + np.log(b1),
            polygamma(1, a1) + polygamma(1, a2),
        ),
    }


def _log_integral(a: float, b: float) -> float:
    at = a / b
    return float((a - 1) * np.log(at) - at * b - stats.gamma(a, scale=1 / b).logpdf(at))


def _moments(w: np.ndarray, means: np.ndarray, variances: np.ndarray) -> tuple[float, ...]:
    mean = float(w @ means)
    return mean, float(np.sqrt(w @ (variances + (means - mean) ** 2))), 0, 0


def wide_prior() -> Mutant:
    return replaced("both rates with twice the prior sd", prior_shape=0.5)


def wrong_likelihood() -> Mutant:
    return doubled("count_data")


def dropped_jacobian() -> Mutant:
    model = without_jacobian(small(), "rate_before", "rate_after")
    return Mutant("rates sampled on the log scale without its Jacobian", model)


def test_the_numbers_that_are_known() -> None:
    """Of the issue: the change point is the first year of the new rate; rates are means."""
    found = OWN.known()
    assert found["change_point"].mean == pytest.approx(1891.071, abs=5e-4)
    assert found["change_point"].sd == pytest.approx(2.445, abs=5e-4)
    assert OWN.boundaries[OWN.mode] == 1892
    assert found["rate_before"].mean == pytest.approx(3.064, abs=5e-4)
    assert found["rate_after"].mean == pytest.approx(0.922, abs=5e-4)
    assert Rule(OWN, 10, 0.95).exact(prior_mean=1.0, prior_shape=1.0) == FALLEN


@pytest.mark.parametrize("knobs", [{}, *PRIORS])
def test_the_exact_posterior_is_the_reference(knobs: dict[str, float]) -> None:
    exact = OWN.under(**{"prior_mean": 1.0, "prior_shape": 1.0} | knobs).known()
    for name, (mean, sd, *_) in reference(**knobs).items():
        assert exact[name].mean == pytest.approx(mean, rel=1e-9), name
        assert exact[name].sd == pytest.approx(sd, rel=1e-8), name


def test_quantiles_are_those_of_the_density() -> None:
    """By quadrature of the density written by hand, on a grid that has all but 1e-4 of it."""
    exact, ones, others = OWN.known(), np.linspace(1.9, 4.5, 33), np.linspace(0.4, 1.6, 31)
    density = np.exp([[log_density(one, other) + 170 for other in others] for one in ones])
    for name, grid, axis in (("rate_before", ones, 1), ("rate_after", others, 0)):
        along = integrate.simpson(density, x=others if axis else ones, axis=axis)
        below = CubicSpline(grid, along).antiderivative()
        q = exact[name]
        found = below([q.lower, q.median, q.upper]) / below(grid[-1])
        assert found == pytest.approx([0.025, 0.5, 0.975], abs=1e-3), name


def test_the_bayes_factor_is_a_ratio_of_integrals() -> None:
    """Of few counts, by quadrature over both rates, and over one."""
    y, prior = np.array([3, 0, 4, 9]), stats.gamma(2, scale=1.5 / 2)
    nodes, weights = np.polynomial.legendre.leggauss(150)
    rate, weights = 15 * (nodes + 1), 15 * weights * prior.pdf(15 * (nodes + 1))
    p = stats.poisson(rate[:, None]).pmf(y)
    both = [weights @ p[:, :k].prod(1) * (weights @ p[:, k:].prod(1)) for k in (1, 2, 3)]
    expected = np.log(np.mean(both) / (weights @ p.prod(1)))
    exact = Step(y, np.arange(4.0), 1.5, 2.0).log_bayes_factor
    assert exact == pytest.approx(expected, abs=1e-6)


def test_the_ratio_is_a_mixture_of_beta_primes() -> None:
    """Its distribution function at the quantiles, and the fall, against scipy's own."""
    exact, (a1, b1), (a2, b2) = OWN.known()["log_ratio"], OWN.before, OWN.after
    for q, p in ((exact.lower, 0.025), (exact.median, 0.5), (exact.upper, 0.975)):
        below = stats.betaprime(a2, a1).cdf(np.exp(q) * b2 / b1)
        assert float(OWN.weights @ below) == pytest.approx(p, abs=1e-8)
    rising = Step(Y[::-1].copy(), YEARS.astype(float), 1.0, 1.0)
    assert OWN.prob_fallen() == pytest.approx(1 - rising.prob_fallen(), abs=1e-12)


def test_change_points_of_the_draws_are_as_probable_as_they_should_be() -> None:
    tree = OWN.with_change_point(fitted("coal_rate")["posterior"].to_dataset(), seed=1)
    drawn = tree["change_point"]
    assert drawn.dims == ("chain", "draw")
    for year, p in zip(OWN.boundaries, OWN.weights, strict=True):
        share = float((drawn == year).mean())
        # Of 8000 draws that are worth a third of them.
        assert abs(share - p) < 4 * np.sqrt(p * (1 - p) / (drawn.size / 3)) + 1e-9 or (
            p < 1e-4 and share * drawn.size <= 6
        ), year


def test_the_predictive_has_a_change_of_its_own_in_every_series() -> None:
    """With rates of 0 and 50 it is seen where: every boundary alike, by chi-squared."""
    with shipped() as model:
        n = 3000
        rates = {"rate_before": np.full((1, n), 1e-9), "rate_after": np.full((1, n), 50.0)}
        given = xr.Dataset({k: (("chain", "draw"), v) for k, v in rates.items()})
        y = pm.sample_posterior_predictive(
            xr.DataTree.from_dict({"posterior": given}),
            freeze_vars=[*rates],
            random_seed=3,
            progressbar=False,
        )["posterior_predictive"]["count"].to_numpy()[0]
    assert model["count"].ndim == 1
    first = (y > 0).argmax(1)
    assert ((y > 0).sum(1) == 112 - first).all()
    times = np.bincount(first, minlength=112)
    assert times[0] == 0
    assert stats.chisquare(times[1:]).pvalue > 1e-4
