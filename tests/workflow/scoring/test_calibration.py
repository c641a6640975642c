"""Scores, their parts and the calibration line, against scikit-learn and statsmodels."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, strategies as st
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, log_loss as sklearn_log_loss

from workflow.scoring.calibration import (
    BAND,
    brier,
    corp,
    difference,
    ece,
    log_loss,
    log_scores,
    mean_of,
    reliability,
    squared_errors,
)
from workflow.scoring.calibration_line import calibration_line

RNG = np.random.default_rng(7)
P = np.round(RNG.beta(0.6, 1.2, 400), 2).clip(0.01, 0.99)  # rounded: there are ties
Y = RNG.binomial(1, expit(0.6 * logit(P)))  # over-confident: the slope is .6
W = RNG.integers(0, 9, 400)


def test_scores_are_those_of_scikit_learn() -> None:
    assert brier(Y, P) == pytest.approx(brier_score_loss(Y, P))
    assert log_loss(Y, P) == pytest.approx(sklearn_log_loss(Y, P))
    assert brier(Y, P, W) == pytest.approx(brier_score_loss(Y, P, sample_weight=W))
    assert log_loss(Y, P, W) == pytest.approx(sklearn_log_loss(Y, P, sample_weight=W))


def test_a_weight_is_so_many_rows() -> None:
    y, p = np.repeat(Y, W), np.repeat(P, W)
    assert mean_of(squared_errors(Y, P), W).error == pytest.approx(
        np.std(squared_errors(y, p), ddof=1) / math.sqrt(W.sum())
    )
    for function in (corp, ece, calibration_line):
        weighted, repeated = function(Y, P, weights=W), function(y, p)
        assert repr_of(weighted) == pytest.approx(repr_of(repeated), abs=1e-12)
    one, two = reliability(Y, P, W, seed=1), reliability(y, p, seed=1)
    assert np.array_equal(one.p, two.p)
    assert one.observed == pytest.approx(two.observed)


def repr_of(found: object) -> list[float]:
    return [found] if isinstance(found, float) else list(vars(found).values())


def test_what_had_no_chance_and_happened_costs_everything() -> None:
    assert log_scores([1, 0, 1, 0], [0.0, 0.0, 1.0, 1.0]).tolist() == [math.inf, 0, 0, math.inf]
    assert log_loss([1, 0], [0.0, 0.5]) == math.inf
    assert math.isnan(mean_of([math.inf, 1.0]).error)
    assert brier([1], [0.0]) == 1
    assert math.isnan(mean_of([0.5]).error)


def test_isotonic_diagram_is_that_of_scikit_learn() -> None:
    found = reliability(Y, P, W, seed=1)
    isotonic = IsotonicRegression(y_min=0, y_max=1).fit(P, Y, sample_weight=W)
    assert found.observed == pytest.approx(isotonic.predict(found.p), abs=1e-12)
    assert found.cases.sum() == W.sum()
    again = brier_score_loss(Y, isotonic.predict(P), sample_weight=W)
    parts = corp(Y, P, W)
    assert parts.miscalibration == pytest.approx(brier(Y, P, W) - again)
    rate = np.average(Y, weights=W)
    assert parts.uncertainty == pytest.approx(rate * (1 - rate))
    assert parts.discrimination == pytest.approx(rate * (1 - rate) - again)


cases = st.lists(
    st.tuples(st.integers(0, 1), st.floats(0, 1), st.integers(1, 5)), min_size=1, max_size=30
)


@given(cases)
def test_the_parts_add_up_and_are_not_negative(rows: list[tuple[int, float, int]]) -> None:
    y, p, w = map(np.array, zip(*rows, strict=True))
    parts = corp(y, p, w)
    total = parts.miscalibration - parts.discrimination + parts.uncertainty
    assert total == pytest.approx(brier(y, p, w), abs=1e-12)
    assert min(parts.miscalibration, parts.discrimination, parts.uncertainty) > -1e-12
    assert 0 <= ece(y, p, 5, w) <= 1
    found = reliability(y, p, w, resamples=5, seed=1)
    assert (np.diff(found.observed) >= -1e-12).all()
    assert (found.lower <= found.upper).all()


def test_ece_by_hand() -> None:
    """Two bins of two: |1/2 - .15| and |1 - .75|, half the cases each; ties stay together."""
    assert ece([0, 1, 1, 1], [0.1, 0.2, 0.7, 0.8], bins=2) == pytest.approx((0.35 + 0.25) / 2)
    assert ece([0, 1, 1, 1], [0.5] * 4, bins=4) == pytest.approx(0.25)
    assert ece([1, 0], [1.0, 0.0]) == 0


def test_the_band_holds_honest_probabilities_and_not_others() -> None:
    """Share of values of p within the band: honest near 90%, over-confident well below it."""
    rng = np.random.default_rng(11)
    p = np.linspace(0.02, 0.98, 49)
    n = np.full(p.size, 40)
    inside = []
    for _ in range(40):
        k = rng.binomial(n, p)
        found = reliability(
            np.repeat([1, 0], p.size), np.tile(p, 2), np.r_[k, n - k], resamples=200, seed=3
        )
        inside.append(np.mean((found.lower <= found.observed) & (found.observed <= found.upper)))
    error = np.std(inside, ddof=1) / math.sqrt(len(inside))
    assert abs(np.mean(inside) - BAND) < 4 * error + 0.01  # a quantile of 200 resamples is rough
    sure = reliability(Y, P, 20 * W, resamples=200, seed=3)
    assert np.mean((sure.lower <= sure.observed) & (sure.observed <= sure.upper)) < 0.5


def test_same_seed_same_band() -> None:
    one, two, other = (reliability(Y, P, resamples=50, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.lower, two.lower)
    assert not np.array_equal(one.lower, other.lower)


def test_line_is_that_of_statsmodels() -> None:
    found = calibration_line(Y, P, W)
    design = sm.add_constant(logit(P))
    fit = sm.GLM(Y, design, family=sm.families.Binomial(), freq_weights=W).fit(tol=1e-12)
    assert [found.intercept, found.slope] == pytest.approx(fit.params, abs=1e-7)
    assert [found.intercept_error, found.slope_error] == pytest.approx(fit.bse, rel=1e-5)
    assert found.slope < 1 - 4 * found.slope_error


@pytest.mark.parametrize(
    ("y", "p"),
    [
        ([0, 1, 1], [0.0, 0.5, 0.6]),
        ([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]),
        ([1, 1, 1], [0.2, 0.3, 0.4]),
        ([0, 1], [0.5, 0.5]),
    ],
    ids=["infinite", "separated", "one class", "one value"],
)
def test_where_there_is_no_line(y: list[int], p: list[float]) -> None:
    assert math.isnan(calibration_line(y, p).slope)


def test_difference_is_paired() -> None:
    other = np.clip(P + 0.1, 0.01, 0.99)
    found = difference(Y, P, other, W)
    assert found.value == pytest.approx(log_loss(Y, P, W) - log_loss(Y, other, W))
    assert found.error == pytest.approx(mean_of(log_scores(Y, P) - log_scores(Y, other), W).error)
    assert difference([1, 0], [0.0, 0.5], [0.0, 0.5]).value == 0
    assert difference([1, 0], [0.2, 0.5], [0.0, 0.5]).value == -math.inf


@pytest.mark.parametrize(
    ("y", "p", "weights"),
    [
        ([2], [0.5], None),
        ([1], [1.2], None),
        ([1], [math.nan], None),
        ([1], [0.5], [0]),
        ([], [], None),
    ],
)
def test_what_is_no_forecast_is_refused(y: list, p: list, weights: list | None) -> None:
    with pytest.raises(ValueError, match="needs y of 0 or 1"):
        corp(y, p, weights)


def test_many_values_of_p_take_little_memory_and_time() -> None:
    """The band is computed at some values and interpolated: it stays ordered and inside 0 to 1."""
    p = np.sort(RNG.uniform(size=20_000))
    found = reliability(RNG.binomial(1, p), p, resamples=100, seed=1)
    assert found.p.shape == found.lower.shape == found.upper.shape == (20_000,)
    assert (np.diff(found.lower) >= -1e-12).all()
    assert (found.lower <= found.upper).all()
    inside = np.mean((found.lower <= found.observed) & (found.observed <= found.upper))
    assert inside > 0.5
