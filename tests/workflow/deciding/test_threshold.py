"""The decision by a stated probability, and which decisions Monte Carlo error leaves open."""

import numpy as np
import pytest
import xarray as xr

from workflow.deciding.threshold import NOT_SHOWN, Rule

RULE = Rule(0.485, 0.95)


def rate(share_below: float, n: int = 1000) -> xr.DataArray:
    """Four chains of independent draws, so many of which are below .485."""
    x = np.where(np.arange(4 * n) < round(share_below * 4 * n), 0.4, 0.6)
    return xr.DataArray(
        np.random.default_rng(1).permutation(x).reshape(4, n), dims=("chain", "draw")
    )


@pytest.mark.parametrize(
    ("p", "side"),
    [
        (0.96, "below 0.485"),
        (0.95, "below 0.485"),
        (0.9499, NOT_SHOWN),
        (0.5, NOT_SHOWN),
        (0.0501, NOT_SHOWN),
        (0.04, "above 0.485"),
    ],
)
def test_side(p: float, side: str) -> None:
    assert RULE.side(p) == side


@pytest.mark.parametrize(
    ("p", "decisions"),
    [
        (0.99, ("below 0.485",)),
        (0.953, ("below 0.485", NOT_SHOWN)),
        (0.947, (NOT_SHOWN, "below 0.485")),
        (0.5, (NOT_SHOWN,)),
        (0.047, ("above 0.485", NOT_SHOWN)),
        (0.001, ("above 0.485",)),
        (1.0, ("below 0.485",)),
    ],
)
def test_decisions_within_monte_carlo_error_are_tenable(
    p: float, decisions: tuple[str, ...]
) -> None:
    """The error of .95 from 4000 independent draws is .0034."""
    assert RULE.decide(rate(p)) == decisions


def test_probability_has_its_error() -> None:
    found = RULE.probability(rate(0.95))
    assert found.value == pytest.approx(0.95)
    assert found.mcse == pytest.approx(0.0034, rel=0.2)
    assert RULE.probability(rate(1.0)).mcse > 0
