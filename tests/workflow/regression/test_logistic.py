"""MAP against scikit-learn, predictions and scores against loops, the prior against simulation."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from data.logistic_regression import load, split
from tests.conftest import SEED
from workflow.regression import logistic
from workflow.regression.logistic import (
    held_out_scores,
    implied,
    map_estimate,
    near_cut,
    predictive,
)
from workflow.scoring.calibration import brier, log_loss

TRAIN, HELD = split(load(), 0.3, SEED)
Z = (TRAIN.terms - TRAIN.terms.mean()) / TRAIN.terms.std()


@pytest.mark.parametrize("variance", [0.1, 1, 10, 100])
def test_map_with_a_flat_level_is_penalised_regression(variance: float) -> None:
    """To 1e-4 the coefficients and probabilities of scikit-learn with C = tau^2."""
    ours = map_estimate(Z, TRAIN.outcome, root=np.sqrt(variance))
    model = LogisticRegression(C=variance, tol=1e-10, max_iter=100_000)
    theirs = model.fit(Z.to_numpy(), TRAIN.outcome)
    assert ours.log_odds_ratio.to_numpy() == pytest.approx(theirs.coef_[0], abs=1e-4)
    assert ours.level == pytest.approx(theirs.intercept_[0], abs=1e-4)
    p = theirs.predict_proba(Z.to_numpy())[:, 1]
    assert ours.probabilities(Z) == pytest.approx(p, abs=1e-4)


@pytest.mark.parametrize("slope_sd", [0.1, 1.5, 50.0])
@pytest.mark.parametrize("level_sd", [0.5, np.inf])
def test_map_is_a_mode_also_of_separated_rows(slope_sd: float, level_sd: float) -> None:
    """The gradient of the log posterior vanishes there."""
    for y in (TRAIN.outcome, (Z["mean_area"] > 0).astype(int)):
        found = map_estimate(Z, y, root=slope_sd, level_sd=level_sd)
        left = y - found.probabilities(Z)
        slopes = Z.T @ left - found.log_odds_ratio / slope_sd**2
        assert abs(left.sum() - found.level / level_sd**2) < 1e-6
        assert abs(slopes).max() < 1e-6


def posterior_of(draws: int, seed: int = 1) -> xr.Dataset:
    """Independent draws near the mode, as a posterior of two chains."""
    rng = np.random.default_rng(seed)
    mode = map_estimate(Z, TRAIN.outcome, root=1)
    beta = mode.log_odds_ratio.to_numpy() + rng.normal(0, 0.3, (2, draws, Z.shape[1]))
    slope = beta / TRAIN.terms.std().to_numpy()
    intercept = mode.level - slope @ TRAIN.terms.mean().to_numpy()
    return xr.Dataset(
        {"slope": (("chain", "draw", "term"), slope), "intercept": (("chain", "draw"), intercept)},
        coords={"term": list(Z)},
    )


def test_predictive_is_the_mean_of_probabilities(monkeypatch: pytest.MonkeyPatch) -> None:
    posterior = posterior_of(50)
    slope = posterior["slope"].to_numpy().reshape(100, -1)
    intercept = posterior["intercept"].to_numpy().ravel()
    by_hand = [
        np.mean([expit(a + b @ row) for a, b in zip(intercept, slope, strict=True)])
        for row in HELD.terms.to_numpy()
    ]
    assert predictive(posterior, HELD.terms) == pytest.approx(np.array(by_hand), rel=1e-9)
    whole = held_out_scores(posterior, HELD.terms, HELD.outcome)
    monkeypatch.setattr(logistic, "CHUNK", 17)
    assert predictive(posterior, HELD.terms) == pytest.approx(np.array(by_hand), rel=1e-9)
    again = held_out_scores(posterior, HELD.terms, HELD.outcome)
    for name, scalar in whole.items():
        assert again[name].value == pytest.approx(scalar.value)
        assert again[name].mcse == pytest.approx(scalar.mcse)


def test_scores_are_those_of_the_predictive_probabilities() -> None:
    posterior = posterior_of(200)
    p = predictive(posterior, HELD.terms)
    found = held_out_scores(posterior, HELD.terms, HELD.outcome)
    assert found["log_loss"].value == pytest.approx(log_loss(HELD.outcome, p))
    assert found["brier_score"].value == pytest.approx(brier(HELD.outcome, p))


def test_monte_carlo_error_of_the_scores_is_their_scatter() -> None:
    """The sd of the scores over 100 sets of draws, within 25% of the error that one set claims."""
    found = [
        held_out_scores(posterior_of(100, seed), HELD.terms, HELD.outcome) for seed in range(100)
    ]
    for name in ("log_loss", "brier_score"):
        scatter = np.std([one[name].value for one in found], ddof=1)
        claimed = np.mean([one[name].mcse for one in found])
        assert claimed == pytest.approx(scatter, rel=0.25), name


def test_probabilities_stay_within_what_a_score_can_take() -> None:
    """Draws that are sure and wrong give a large finite loss, no infinity."""
    sure = xr.Dataset(
        {
            "slope": (("chain", "draw", "term"), np.full((2, 10, 1), 1e6)),
            "intercept": (("chain", "draw"), np.linspace(-1, 1, 20).reshape(2, 10)),
        },
        coords={"term": ["x"]},
    )
    terms = pd.DataFrame({"x": [1e6, -1e6]})
    loss = held_out_scores(sure, terms, pd.Series([0, 1]))["log_loss"]
    assert 30 < loss.value < 40


def test_near_cut_knows_what_monte_carlo_error_can_move() -> None:
    """One row within error of the cut, one above, one below."""
    p = np.array([0.30, 0.5, 0.7])
    rng = np.random.default_rng(2)
    scatter = rng.normal(size=(2, 500, 1))
    scatter -= scatter.mean()
    posterior = xr.Dataset(
        {
            "slope": (("chain", "draw", "term"), np.ones((2, 500, 1)) + 0 * scatter),
            "intercept": (("chain", "draw"), scatter[..., 0]),
        },
        coords={"term": ["x"]},
    )
    terms = pd.DataFrame({"x": np.log(p / (1 - p))})
    mean, above = near_cut(posterior, terms, 0.5)
    assert mean == pytest.approx(predictive(posterior, terms))
    assert above[0] < 1e-6
    assert 0.2 < above[1] < 0.8
    assert above[2] > 1 - 1e-6


@pytest.mark.parametrize(("slope_sd", "level_sd"), [(0.25, 1.5), (1.5, 1.5), (5, 0.5)])
def test_what_the_prior_implies_is_what_it_simulates(slope_sd: float, level_sd: float) -> None:
    rng = np.random.default_rng(3)
    draws = 4000
    level = rng.normal(0, level_sd, (draws, 1))
    p = expit(level + rng.normal(0, slope_sd, (draws, Z.shape[1])) @ Z.to_numpy().T)
    found = implied(Z, root=slope_sd, level_sd=level_sd)
    sure = ((p < 0.01) | (p > 0.99)).mean(axis=1)
    right = np.maximum(p, 1 - p).mean(axis=1)
    assert found.sure == pytest.approx(sure.mean(), abs=4 * sure.std() / np.sqrt(draws))
    assert found.foreseen == pytest.approx(right.mean(), abs=4 * right.std() / np.sqrt(draws))


def test_order_of_dims_does_not_matter() -> None:
    posterior = posterior_of(60)
    swapped = posterior.transpose("draw", "term", "chain")
    one, other = (held_out_scores(p, HELD.terms, HELD.outcome) for p in (posterior, swapped))
    for name, scalar in one.items():
        assert other[name].value == pytest.approx(scalar.value)
        assert other[name].mcse == pytest.approx(scalar.mcse)


def test_implied_of_many_rows_is_interpolated(monkeypatch: pytest.MonkeyPatch) -> None:
    z = pd.DataFrame(np.random.default_rng(1).normal(size=(400, 3)))
    exact = implied(z, root=1.5, level_sd=2.5)
    monkeypatch.setattr(logistic, "SMOOTH", 100)
    found = implied(z, root=1.5, level_sd=2.5)
    assert found.foreseen == pytest.approx(exact.foreseen, abs=1e-5)
    assert found.foreseen != exact.foreseen
    assert found.sure == exact.sure
