"""k-hat on ratios that are nearly even: ripples of a good approximation are no heavy tail."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.special import digamma, polygamma

from tests.conftest import SEED
from workflow.khat import pareto_k


def log_ratios(a: float, b: float, narrower: float = 1) -> np.ndarray:
    """Beta(a, b) on the logit scale over the Gaussian with its mean and sd there."""
    mean, sd = digamma(a) - digamma(b), narrower * math.sqrt(polygamma(1, a) + polygamma(1, b))
    z = np.random.default_rng(SEED).normal(mean, sd, 50_000)
    return a * z - (a + b) * np.log1p(np.exp(z)) - stats.norm(mean, sd).logpdf(z)


def test_even_ratios_have_no_tail() -> None:
    """No ratio is 10% above the mean: importance weights cannot be steadier than that."""
    ratios = log_ratios(446.7, 553.3)
    assert np.exp(ratios - ratios.mean()).max() < 1.1
    assert pareto_k(ratios) == -math.inf


def test_a_narrow_or_skewed_approximation_is_still_seen() -> None:
    """The exact k of a Gaussian with half the sd is .75; a Beta(2, 0.1) is far from a Gaussian."""
    assert pareto_k(log_ratios(446.7, 553.3, narrower=0.5)) == pytest.approx(0.75, abs=0.1)
    assert pareto_k(log_ratios(2, 0.1)) > 0.7
