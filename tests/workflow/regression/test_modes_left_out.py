"""Modes without a row, against fits to the other rows."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from workflow.regression import modes_left_out
from workflow.regression.logistic import NEAREST, design, map_estimate

RNG = np.random.default_rng(7)
Z = pd.DataFrame(RNG.normal(size=(30, 2)), columns=["a", "b"])
ROOT = np.array([[2.0, 0.3], [0.3, 1.0]])
NOISY = pd.Series((RNG.random(30) < expit(1.5 * Z["a"])).astype(int))
APART = (Z["a"] > 0.2).astype(int)


@pytest.mark.parametrize("outcome", [NOISY, APART], ids=["noisy", "separated"])
def test_modes_without_a_row_are_those_of_fits(outcome: pd.Series) -> None:
    by_fit = [
        map_estimate(Z.drop(i), outcome.drop(i), root=ROOT, level_sd=2).probabilities(Z.loc[[i]])[0]
        for i in Z.index
    ]
    found = modes_left_out.mode_left_out(Z, outcome, root=ROOT, level_sd=2)
    assert found == pytest.approx(np.clip(by_fit, NEAREST, 1), abs=1e-6)


def test_one_step_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = modes_left_out.mode_left_out(Z, NOISY, root=ROOT, level_sd=2)
    monkeypatch.setattr(modes_left_out, "EXACT", 10)
    found = modes_left_out.mode_left_out(Z, NOISY, root=ROOT, level_sd=2)
    assert found == pytest.approx(exact, abs=0.02)
    assert np.abs(found - exact).max() > 1e-6


def test_sets_have_their_own_modes() -> None:
    y = np.stack([NOISY, APART, 1 - NOISY]).astype(float)
    found = modes_left_out.modes(design(Z, ROOT), y, np.array([0.25, 1, 1]))
    for one, mode in zip(y, found, strict=True):
        by_fit = map_estimate(Z, pd.Series(one), root=ROOT, level_sd=2)
        assert mode[0] == pytest.approx(by_fit.level, abs=1e-6)
        assert ROOT @ mode[1:] == pytest.approx(by_fit.log_odds_ratio.to_numpy(), abs=1e-6)
