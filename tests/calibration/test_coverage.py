"""ADVI compiled once: every fit begins from the start, and its intervals are counted."""

from pathlib import Path

import numpy as np
import pytest

from tests.calibration import coverage
from tests.calibration.coverage import run_advi
from tests.cases import prior_sensitivity
from tests.conftest import SEED
from workflow.variational.khat import moments
from workflow.variational.optimise import CompiledAdvi


def test_a_fit_does_not_depend_on_the_one_before() -> None:
    """Of A, B and A again the first and the last are the same, bit by bit; B is another."""
    advi = CompiledAdvi(prior_sensitivity.small(), seed=SEED)
    found = []
    for girls, seed in ((1, 7), (5, 8), (1, 7), (1, 9)):
        advi.again({"girls_data": np.asarray(girls, dtype="int32")}, seed=seed)
        advi.fit(400)
        draws = advi.sample(50, seed=seed)["posterior"]["theta"].to_numpy()
        found.append((*(np.ravel(x) for x in moments(advi.approx)()), draws.ravel()))
    first, other, again, reseeded = found
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert other[0] > first[0] + 0.3
    assert (reseeded[0] != first[0]).all()


def test_a_study_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "ITERATIONS", 400)
    monkeypatch.setattr(coverage, "LONGER", 1)
    run_advi("prior_sensitivity", 2, tmp_path / "a")
    resumed = run_advi("prior_sensitivity", 6, tmp_path / "a")
    assert resumed == run_advi("prior_sensitivity", 6, tmp_path / "b")
    assert resumed.coverage["theta"].of == 6
    assert resumed.coverage["theta"] == resumed.coverage["log_odds"]  # an increasing function
