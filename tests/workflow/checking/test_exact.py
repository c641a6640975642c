"""How far draws are from an exact posterior: every number of theirs counts, in its own error."""

import math
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from tests.conftest import SEED
from workflow.checking.exact import WORST, allowed, error_of, farthest, known
from workflow.quantities import Scalar, summarise

BETA = stats.beta(72, 32)


def found() -> xr.Dataset:
    draws = BETA.rvs((4, 1000), random_state=np.random.default_rng(SEED))
    return xr.Dataset({"rate": (("chain", "draw"), draws)})


def test_draws_of_the_posterior_are_near_it() -> None:
    assert farthest(summarise(found())["rate"], known(BETA)) < WORST


@pytest.mark.parametrize("number", ["mean", "median", "lower", "upper"])
def test_each_number_is_looked_at(number: str) -> None:
    """One that is moved by ten errors is found, whichever it is."""
    q, exact = summarise(found())["rate"], known(BETA)
    error = getattr(q, f"mcse_{number}")
    moved = replace(q, **{number: getattr(exact, number) + 10 * error})
    assert farthest(moved, exact) == pytest.approx(10)


def test_of_many_quantities_more_may_be_off_by_chance() -> None:
    assert [allowed(1), allowed(4)] == pytest.approx([WORST, WORST])
    assert 4 * stats.norm.sf(WORST) == pytest.approx(400 * stats.norm.sf(allowed(400)))


def test_the_error_of_a_rare_event_is_that_of_its_exact_probability() -> None:
    assert error_of(Scalar(0.0, 1e-9), 0.0004, 900) == pytest.approx(
        math.sqrt(0.0004 * 0.9996) / 30
    )
    assert error_of(Scalar(0.5, 0.1), 0.5, 900) == 0.1
