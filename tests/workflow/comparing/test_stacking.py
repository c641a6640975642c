"""Stacking weights: the optimum itself, and what ArviZ finds."""

import arviz_stats
import numpy as np
import pytest
import xarray as xr
from arviz_stats.utils import ELPDDataLOO
from scipy.optimize import minimize_scalar

from workflow.comparing.stacking import weights

RNG = np.random.default_rng(8)
THREE = RNG.normal([-1, -1.1, -0.95], 0.8, (60, 3))


def score(w: np.ndarray, pointwise: np.ndarray) -> float:
    """Return the mean log score of the mixture."""
    return float(np.log(np.exp(pointwise) @ w).mean())


def test_two_models_have_the_weight_that_a_search_along_the_line_finds() -> None:
    two = THREE[:, :2]
    best = minimize_scalar(
        lambda w: -score(np.array([w, 1 - w]), two), bounds=(0, 1), options={"xatol": 1e-10}
    )
    assert weights(two)[0] == pytest.approx(best.x, abs=1e-4)


def test_three_models_are_at_the_optimum_and_near_what_arviz_finds() -> None:
    w = weights(THREE)
    mixed = np.exp(THREE) @ w
    pull = (np.exp(THREE) / mixed[:, None]).mean(0)  # 1 for a model with weight, below 1 without
    assert pull[w > 1e-4] == pytest.approx(1, abs=1e-4)
    assert (pull <= 1 + 1e-4).all()
    found = arviz_stats.compare({f"m{i}": as_arviz(THREE[:, i]) for i in range(3)}, round_to="none")
    assert [found["weight"][f"m{i}"] for i in range(3)] == pytest.approx(w, abs=0.02)
    assert score(w, THREE) >= score(found["weight"][["m0", "m1", "m2"]].to_numpy(), THREE) - 1e-9


def as_arviz(pointwise: np.ndarray) -> ELPDDataLOO:
    """Return log densities as ArviZ has a leave-one-out."""
    n = len(pointwise)
    return ELPDDataLOO(
        elpd=pointwise.sum(),
        se=np.sqrt(n * pointwise.var()),
        p=1.0,
        n_samples=4000,
        n_data_points=n,
        scale="log",
        warning=False,
        good_k=0.7,
        elpd_i=xr.DataArray(pointwise, dims="row"),
        pareto_k=xr.DataArray(np.zeros(n), dims="row"),
    )


def test_a_model_that_is_better_in_every_row_has_all_the_weight() -> None:
    assert weights(np.column_stack([THREE[:, 0], THREE[:, 0] - 1])) == pytest.approx([1, 0])


def test_a_row_far_off_does_not_underflow() -> None:
    far = THREE.copy()
    far[3] = [-2000, -2001, -2003]
    near = THREE.copy()
    near[3] = [0, -1, -3]
    assert weights(far) == pytest.approx(weights(near), abs=1e-9)
