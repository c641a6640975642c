"""What every prior says before the data: against the exact quantiles of the prior."""

import math

import numpy as np
import pandas as pd
import pymc as pm
import pytest
from scipy.stats import beta, norm

from data.ab_test import load
from models.ab_test import conversion, pseudo_counts
from models.linear_regression import gaussian
from tests.conftest import SEED
from workflow.sensitivity.prior_curves import PRIOR_DRAWS, prior_curves
from workflow.sensitivity.sensitivity import knobs_of

GRID = {"prior_mean": (0.1, 0.5), "prior_strength": (5.0, 50.0, 500.0)}


def near(found: float, exact: float, density: float, n: int = PRIOR_DRAWS) -> bool:
    """Say whether a 2.5% (or 97.5%) quantile is right within four of its standard errors."""
    return abs(found - exact) < 4 * math.sqrt(0.025 * 0.975 / n) / density


@pytest.mark.parametrize("arm", ["gate_30", "gate_40"])
def test_every_prior_of_a_rate_has_its_exact_quantiles(arm: str) -> None:
    curves = prior_curves(conversion(load()), GRID, pseudo_counts, f"rate[{arm}]", seed=SEED)
    for knobs, one in zip(knobs_of(GRID), curves, strict=True):
        exact = beta(*pseudo_counts(**knobs).values())
        low, high = exact.ppf((0.025, 0.975))
        assert one
        assert near(one.lower, low, exact.pdf(low))
        assert near(one.upper, high, exact.pdf(high))


def test_elements_are_not_mixed_up() -> None:
    """Slopes in own units: each has its own scale, which its prior must show."""
    rng = np.random.default_rng(SEED)
    terms = pd.DataFrame({"small": rng.normal(0, 1, 50), "large": rng.normal(0, 1000, 50)})
    outcome = pd.Series(rng.normal(size=50), name="y")
    model = gaussian(terms, outcome, slope_sd=1.0)
    grid = {"noise": (1.0,), "slope_sd": (0.5, 2.0)}
    for term in terms:
        curves = prior_curves(model, grid, dict, f"slope[{term}]", seed=SEED)
        for sd, one in zip(grid["slope_sd"], curves, strict=True):
            exact = norm(0, sd * outcome.std() / terms[term].std())
            upper = exact.ppf(0.975)
            assert one
            assert near(one.upper, upper, exact.pdf(upper))


def test_what_does_not_depend_on_the_knobs_is_drawn_too() -> None:
    """Every draw is a new one, also of parameters that no knob reaches."""
    with pm.Model() as model:
        sd = pm.Data("sd", 1.0)
        fixed = pm.Normal("fixed", 0, 10)
        pm.Deterministic("total", fixed + pm.Normal("free", 0, sd))
    (found,) = prior_curves(model, {"sd": (1.0,)}, dict, "total", seed=SEED)
    exact = norm(0, math.hypot(10, 1))
    upper = exact.ppf(0.975)
    assert found
    assert near(found.upper, upper, exact.pdf(upper))


def test_the_model_is_left_as_it_was() -> None:
    model = conversion(load())
    prior_curves(model, GRID, pseudo_counts, "difference[gate_40]", seed=SEED)
    assert float(model["alpha"].get_value()) == 1.0
