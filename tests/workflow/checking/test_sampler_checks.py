"""What the sampler recorded: statistics of other draws, or no numbers, vouch for nothing."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings, strategies as st

from workflow.checking.sampler_checks import ABSENT, ENERGY, depth, divergences, energy
from workflow.checking.status import Check, Status

SHAPE = (4, 200)
DIMS = ("chain", "draw")
Judge = Callable[[xr.Dataset, tuple[int, int]], Check]


def recorded(name: str, values: np.ndarray) -> xr.Dataset:
    return xr.Dataset({name: (DIMS, values)})


@pytest.mark.parametrize(
    ("check", "name"),
    [(divergences, "diverging"), (depth, "reached_max_treedepth"), (energy, "energy")],
)
@pytest.mark.parametrize("shape", [(4, 199), (3, 200), (0, 200), (4, 0)])
def test_statistics_of_other_draws_vouch_for_nothing(
    check: Judge, name: str, shape: tuple[int, int]
) -> None:
    values = np.random.default_rng(1).normal(size=shape) if name == "energy" else np.zeros(shape)
    found = check(recorded(name, values), SHAPE)
    assert (found.status, found.advice) == (Status.FAIL, ABSENT)


@pytest.mark.parametrize("check", [divergences, depth])
def test_a_count_that_is_not_a_number_is_not_zero(check: Judge) -> None:
    """xarray's sum leaves NaN out, and so would take it for no divergence."""
    values = np.zeros(SHAPE)
    values[2, 3] = math.nan
    stats = recorded("diverging", values).assign(maxdepth_reached=(DIMS, values))
    assert check(stats, SHAPE).status is Status.FAIL


def test_counts_whatever_their_type() -> None:
    for values in (np.eye(*SHAPE, dtype=bool), np.eye(*SHAPE, dtype=int), np.eye(*SHAPE)):
        assert divergences(recorded("diverging", values), SHAPE).worst == 4
    turned = xr.Dataset({"diverging": (DIMS[::-1], np.eye(*SHAPE).T)})
    assert divergences(turned, SHAPE).worst == 4


@pytest.mark.parametrize("values", [np.zeros(SHAPE), -np.zeros(SHAPE), np.full(SHAPE, math.inf)])
def test_energy_that_never_changes_fails(values: np.ndarray) -> None:
    found = energy(recorded("energy", values), SHAPE)
    assert (found.status, found.advice) == (Status.FAIL, ENERGY)


@given(
    chain=st.integers(0, 3),
    bad=st.sampled_from([math.nan, math.inf, -math.inf]),
    at=st.integers(0, 199),
)
@settings(max_examples=30, deadline=None)
def test_energy_that_is_not_a_number_fails(chain: int, bad: float, at: int) -> None:
    values = np.random.default_rng(1).normal(size=SHAPE)
    assert energy(recorded("energy", values), SHAPE).status is Status.PASS
    values[chain, at] = bad
    found = energy(recorded("energy", values), SHAPE)
    assert (found.status, found.where) == (Status.FAIL, f"chain {chain}")
