"""Costs of two errors: thresholds by Bayes' rule, costs counted by hand, ties and their errors."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from workflow.deciding.costs import Cost, Stakes, cost_curve, costs, errors_of, least

OPTIONS = ("follow", "everyone", "no one")
share = st.floats(0.01, 0.99)


@given(share, share, st.floats(0.1, 100), st.floats(0.1, 100), share)
def test_threshold_is_where_both_cost_the_same(
    prevalence: float, fitted: float, miss: float, alarm: float, p: float
) -> None:
    stakes = Stakes(miss, alarm, prevalence, fitted)
    t = stakes.threshold
    assert t * miss == pytest.approx((1 - t) * alarm)
    assert float(stakes.adjusted(stakes.cut)) == pytest.approx(t)
    # Bayes' rule: the likelihood ratio stays, the prior odds change.
    ratio = p / (1 - p) / (fitted / (1 - fitted))
    odds = ratio * prevalence / (1 - prevalence)
    assert float(stakes.adjusted(p)) == pytest.approx(odds / (1 + odds))


def test_costs_counted_by_hand() -> None:
    """2 of 4 events missed, 1 of 5 others acted on, at a prevalence of .1: 10 * .1 / 2 + .9 / 5."""
    y = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0])
    p = np.array([0.9, 0.8, 0.05, 0.01, 0.7, 0.1, 0.02, 0.01, 0.01])
    stakes = Stakes(miss=10, false_alarm=1, prevalence=0.1, fitted=0.5)
    assert stakes.cut == pytest.approx(0.4736842)  # 1/11 at .1, odds 1/10 to 9/10
    found = costs(y, p, (p >= stakes.cut).astype(float), stakes, OPTIONS, draws=1000)
    assert found["follow"].value == pytest.approx(10 * 0.1 * 2 / 4 + 0.9 * 1 / 5)
    assert found["everyone"].value == pytest.approx(0.9)
    assert found["no one"].value == pytest.approx(1.0)
    assert {found[option].error for option in OPTIONS[1:]} == {0}
    miss, alarm = stats.beta(2.5, 2.5).std(), stats.beta(1.5, 4.5).std()
    assert found["follow"].error == pytest.approx(np.hypot(1.0 * miss, 0.9 * alarm))
    assert found["follow"].mcse == pytest.approx(0.25 * 1.5 / 1000)
    assert least(found) == ("follow",)
    counted = errors_of(y, p >= stakes.cut)
    assert (counted.events, counted.missed, counted.others, counted.false_alarms) == (4, 2, 5, 1)


def test_no_error_seen_is_not_no_error() -> None:
    y, p = np.array([0, 1, 0, 1]), np.array([0.1, 0.9, 0.2, 0.8])
    stakes = Stakes(1, 1, 0.5, 0.5)
    found = costs(y, p, (p > 0.5).astype(float), stakes, OPTIONS, draws=100)["follow"]
    assert found.value == 0
    assert found.error > 0.1


def test_reweighting_is_what_sampling_at_that_prevalence_gives() -> None:
    """The mean cost of people drawn with the event at the prevalence, within 4 errors."""
    rng = np.random.default_rng(4)
    y = rng.integers(0, 2, 300)
    p = np.clip(rng.normal(0.3 + 0.4 * y, 0.2), 0.01, 0.99)
    stakes = Stakes(5, 1, 0.2, y.mean())
    value = costs(y, p, p >= stakes.cut, stakes, OPTIONS, draws=100)["follow"].value
    event = rng.random(200_000) < 0.2
    rows = np.where(event, rng.choice(np.flatnonzero(y == 1), 200_000), 0)
    rows = np.where(event, rows, rng.choice(np.flatnonzero(y == 0), 200_000))
    acted = p[rows] >= stakes.cut
    paid = np.where(event & ~acted, 5, 0) + np.where(~event & acted, 1, 0)
    assert value == pytest.approx(paid.mean(), abs=4 * paid.std() / np.sqrt(paid.size))


def test_rows_near_the_cut_are_monte_carlo_error() -> None:
    """One event row that half of the draws would put below: half of its cost is unsure."""
    y, p = np.array([1, 1, 0, 0]), np.array([0.5, 0.9, 0.1, 0.1])
    stakes = Stakes(1, 1, 0.5, 0.5)
    found = costs(y, p, np.array([0.5, 1, 0, 0]), stakes, OPTIONS, draws=10**6)["follow"]
    assert found.mcse == pytest.approx(0.25 * 0.5)


def test_what_monte_carlo_error_cannot_tell_is_tenable() -> None:
    found = {"a": Cost(1.0, 0.5, 0.1), "b": Cost(1.15, 0, 0), "c": Cost(1.5, 0, 0)}
    assert least(found, errors=2) == ("a", "b")
    assert least(found, errors=1) == ("a",)
    assert least({"a": Cost(1, 0, 0), "b": Cost(1, 0, 0)}) == ("a", "b")


@pytest.mark.parametrize(("p", "alike"), [(0.001, "no one"), (0.999, "everyone")])
def test_a_model_that_does_the_same_to_all_is_not_followed(p: float, alike: str) -> None:
    """Whatever the stakes, the costs are equal but for rounding: no model is needed."""
    rng = np.random.default_rng(8)
    for _ in range(100):
        n = int(rng.integers(3, 400))
        y = np.r_[1, 0, rng.integers(0, 2, n)]
        stakes = Stakes(*rng.uniform(0.3, 3, 2), *rng.uniform(0.05, 0.9, 2))
        rows, never = np.full(len(y), p), np.full(len(y), float(p > 0.5))
        found = costs(y, rows, never, stakes, OPTIONS, draws=4000)
        best = min(found[one].value for one in OPTIONS)
        if best == pytest.approx(found[alike].value, rel=1e-9):
            assert least(found)[0] == alike
        assert OPTIONS[errors_of(y, rows >= stakes.cut).alike or 0] == alike


def test_curve_has_the_chosen_prevalence_and_its_cost() -> None:
    rng = np.random.default_rng(5)
    y = rng.integers(0, 2, 50)
    p = np.clip(rng.normal(0.3 + 0.4 * y, 0.2), 0.01, 0.99)
    stakes = Stakes(9, 1, 0.07, 0.4)
    curves = cost_curve(y, p, stakes, OPTIONS)
    assert list(curves) == list(OPTIONS)
    one = costs(y, p, p >= stakes.cut, stakes, OPTIONS, draws=1)
    for option, found in curves.items():
        assert found[0.07].value == pytest.approx(one[option].value)
        assert list(found) == sorted(found)
    assert curves["no one"][0.07].value == pytest.approx(9 * 0.07)
