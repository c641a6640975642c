"""Paired differences of scores: they are differences of scores, and their errors their scatter."""

import tracemalloc

import numpy as np
import pytest

import workflow.scoring.paired
from workflow.scoring.calibration import brier, corp, ece, log_loss
from workflow.scoring.paired import paired


def cases(seed: int, n: int = 300) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Honest probabilities, and the same ones made too sure."""
    rng = np.random.default_rng(seed)
    logit = rng.normal(0, 1.5, n)
    p, other = 1 / (1 + np.exp(-logit)), 1 / (1 + np.exp(-2 * logit))
    return (rng.random(n) < p).astype(int), p, other


def test_differences_are_differences_of_scores() -> None:
    y, p, other = cases(1)
    found = {name: one.value for name, one in paired(y, p, other, seed=1).items()}
    one, two = corp(y, p), corp(y, other)
    assert found == pytest.approx(
        {
            "log loss": log_loss(y, p) - log_loss(y, other),
            "Brier score": brier(y, p) - brier(y, other),
            "miscalibration": one.miscalibration - two.miscalibration,
            "discrimination": one.discrimination - two.discrimination,
            "ECE": ece(y, p) - ece(y, other),
        }
    )
    parts = found["miscalibration"] - found["discrimination"]
    assert parts == pytest.approx(found["Brier score"])
    assert found["log loss"] < 0


def test_equal_probabilities_differ_by_nothing() -> None:
    y, p, _ = cases(2)
    for one in paired(y, p, p, seed=1).values():
        assert (one.value, one.error) == (0, 0)


def test_errors_are_the_scatter_over_data_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mean claimed error over 40 data sets is within a third of the sd of the differences."""
    monkeypatch.setattr(workflow.scoring.paired, "RESAMPLES", 60)
    found = [paired(*cases(seed, 200), seed=seed) for seed in range(40)]
    for name in ("log loss", "Brier score", "ECE"):
        scatter = np.std([one[name].value for one in found], ddof=1)
        claimed = np.mean([one[name].error for one in found])
        assert claimed == pytest.approx(scatter, rel=1 / 3), name


def test_two_cases_are_enough_to_run() -> None:
    found = paired(np.array([0, 1]), np.array([0.2, 0.7]), np.array([0.3, 0.6]), seed=1)
    assert all(np.isfinite(one.value) for one in found.values())


def test_memory_does_not_grow_with_samples_times_cases() -> None:
    """500 samples of 4,000 cases are 16 MB of positions."""
    rng = np.random.default_rng(1)
    p = rng.uniform(size=4000)
    y = (rng.uniform(size=4000) < p).astype(float)
    tracemalloc.start()
    paired(y, p, np.clip(1.1 * p, 0, 1), seed=1)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 4e6
