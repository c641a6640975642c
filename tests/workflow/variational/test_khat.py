"""k-hat where the ratios are nearly even: ripples of a good approximation are no heavy tail."""

import math
from collections.abc import Callable

import numpy as np
import pymc as pm
import pytest
from arviz_stats.base import array_stats
from pymc.variational.opvi import Approximation
from scipy import stats
from scipy.special import digamma, polygamma

from tests.conftest import SEED
from workflow.variational import khat as module
from workflow.variational.khat import pareto_k


def log_ratios(a: float, b: float, *, narrower: float = 1, shift: float = 0) -> np.ndarray:
    """Beta(a, b) on the logit scale over the Gaussian with its mean and sd there."""
    mean, sd = digamma(a) - digamma(b), narrower * math.sqrt(polygamma(1, a) + polygamma(1, b))
    mean += shift * sd
    z = np.random.default_rng(SEED).normal(mean, sd, 50_000)
    return a * z - (a + b) * np.log1p(np.exp(z)) - stats.norm(mean, sd).logpdf(z)


@pytest.mark.parametrize(("a", "b"), [(446.7, 552.7), (45, 55), (8, 12)])
def test_ripples_are_no_tail(a: float, b: float) -> None:
    """Means off by a few hundredths of an sd, as ADVI's are: no ratio is 10 times the mean."""
    for shift in (-0.04, -0.02, 0.0, 0.02, 0.04):
        ratios = log_ratios(a, b, shift=shift)
        assert np.exp(ratios - ratios.mean()).max() < 10
        assert pareto_k(ratios) < 0.3


def test_pareto_is_seen_to_be_fitted_to_ripples() -> None:
    """Without this, the bound would have nothing to do."""
    shifts = (-0.04, -0.02, 0.0, 0.02, 0.04)
    fits = [float(array_stats.psislw(-log_ratios(8, 12, shift=x))[1]) for x in shifts]
    assert max(fits) > 2


def test_tails_are_still_seen() -> None:
    """The exact k of a Gaussian with half the sd is .75; a Beta(2, 0.1) is far from a Gaussian."""
    assert pareto_k(log_ratios(446.7, 553.3, narrower=0.5)) == pytest.approx(0.75, abs=0.1)
    assert pareto_k(log_ratios(2, 0.1)) > 0.7
    u = np.random.default_rng(SEED).uniform(size=50_000)
    assert pareto_k(-0.4 * np.log(u)) == float(array_stats.psislw(0.4 * np.log(u))[1])


def test_points_at_once_follow_from_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight rows and 40 numbers: five points at once, and the same k-hat as with all at once."""
    with pm.Model():
        mu = pm.Normal("mu", 0, 1, shape=2)
        pm.Normal("y", mu[0] + mu[1], 1, observed=pm.Data("y_data", np.arange(8.0)))
        approx = pm.FullRankADVI(random_seed=1).approx
    sizes = []
    real = module._log_density

    def spy(of: Approximation) -> Callable[[np.ndarray], np.ndarray]:
        density = real(of)

        def counted(points: np.ndarray) -> np.ndarray:
            sizes.append(len(points))
            return density(points)

        return counted

    monkeypatch.setattr(module, "_log_density", spy)
    whole = module.k_hat(approx, draws=503, seed=1)
    monkeypatch.setattr(module, "NUMBERS", 40)
    parts = module.k_hat(approx, draws=503, seed=1)
    assert sizes == [500, 3, *[5] * 100, 3]
    assert parts == pytest.approx(whole, abs=1e-9)
