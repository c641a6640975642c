"""Diagnostics of many scalars at once are those of ArviZ, which takes one at a time."""

from typing import Any

import numpy as np
import pytest
from arviz_stats.base import array_stats

from tests.conftest import SEED
from workflow import chains
from workflow.chains import AXES, ess_bulk, mcse_mean, mcse_quantiles, mixing

RNG = np.random.default_rng(SEED)
PROBS = (0.025, 0.5, 0.975)


def walk(scalars: int, number: int, draws: int, memory: float) -> np.ndarray:
    """Return chains of which each draw keeps so much of the one before it."""
    noise = RNG.normal(size=(scalars, number, draws))
    found = noise.copy()
    for t in range(1, draws):
        found[..., t] += memory * found[..., t - 1]
    return found


DRAWS = {
    "independent": RNG.normal(size=(9, 4, 400)),
    "slow": walk(9, 4, 300, 0.95),
    "wandering": walk(9, 4, 300, 1.0),
    "alternating": walk(9, 4, 301, -0.7),
    "one chain": walk(9, 1, 200, 0.5),
    "far apart": walk(5, 3, 200, 0.5) + 10 * np.arange(3)[:, None],
    "counts": RNG.poisson(2, (9, 4, 300)).astype(float),
    "nought or one": RNG.integers(0, 2, (9, 2, 100)).astype(float),
    "stuck at first": np.concatenate([np.zeros((5, 4, 90)), walk(5, 4, 30, 0.1)], axis=2),
    "heavy tails": RNG.standard_cauchy((9, 4, 400)),
    "huge and small": walk(6, 4, 100, 0.5)
    * 10.0 ** np.array([-9, -3, 0, 3, 9, 150])[:, None, None],
    "constant": np.ones((2, 4, 100)),
    **{f"{n} draws": walk(20, 2, n, 0.3) for n in (3, 4, 5, 8, 9, 10, 11)},
}
bad = walk(5, 4, 50, 0.2)
bad[0, 0, 3], bad[1, 1, 1], bad[2, 0] = np.nan, np.inf, np.nan
DRAWS["no numbers"] = bad


def of_arviz(draws: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "r_hat": array_stats.rhat(draws, method="rank", **AXES),
        "ess_bulk": array_stats.ess(draws, method="bulk", **AXES),
        "ess_tail": array_stats.ess(draws, method="tail", prob=(0.05, 0.95), **AXES),
        "mcse_mean": array_stats.mcse(draws, method="mean", **AXES),
    }


@pytest.mark.parametrize("draws", DRAWS.values(), ids=list(DRAWS))
@pytest.mark.filterwarnings("ignore")
def test_numbers_are_those_of_arviz(draws: np.ndarray) -> None:
    with np.errstate(all="ignore"):
        expected, found = of_arviz(draws), mixing(draws)
        for name, values in expected.items():
            assert found[name] == pytest.approx(values, rel=1e-12, abs=0, nan_ok=True), name
        assert ess_bulk(draws) == pytest.approx(expected["ess_bulk"], rel=1e-12, nan_ok=True)
        about: dict[str, Any] = {"rel": 1e-12, "abs": 0, "nan_ok": True}
        assert mcse_mean(draws) == pytest.approx(expected["mcse_mean"], **about)
        for p, errors in zip(PROBS, mcse_quantiles(draws, PROBS), strict=True):
            told = array_stats.mcse(draws, method="quantile", prob=p, **AXES)
            assert errors == pytest.approx(told, **about)


def test_they_are_the_same_in_blocks_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found of draws is kept; others, of the same shape, are others."""
    draws = walk(7, 4, 100, 0.5)
    whole = mixing(draws)
    monkeypatch.setattr(chains, "_KEPT", {})
    monkeypatch.setattr(chains, "AT_ONCE", 900)
    parts = mixing(draws)
    assert all(np.array_equal(parts[name], whole[name]) for name in whole)
    parts["r_hat"][:] = 0  # a copy of what is kept
    assert np.array_equal(mixing(draws)["r_hat"], whole["r_hat"])
    for _ in range(9):
        assert not np.array_equal(mixing(walk(7, 4, 100, 0.5))["ess_bulk"], whole["ess_bulk"])
    assert len(chains._KEPT) == chains.KEPT
    error = mixing(1024 * draws)["mcse_mean"]
    assert np.array_equal(error, 1024 * whole["mcse_mean"])
