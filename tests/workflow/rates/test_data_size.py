"""The same rate from less and more data: the sizes of the issue, and where all priors agree."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from workflow.checking.diagnostics import Status
from workflow.deciding.threshold import Rule
from workflow.rates.agreement import Agreement
from workflow.rates.beta_binomial import Count, posterior
from workflow.rates.data_size import agreed_from, converging, sizes, study_sizes

COUNT, RULE = Count(437, 980), Rule(0.485, 0.95)
PRIORS = [(m, s) for m in (0.39, 0.44, 0.485, 0.53, 0.58) for s in (2.0, 20.0, 200.0)]


def test_sizes_of_the_shipped_data() -> None:
    found = [(one.events, one.trials) for one in sizes(COUNT)]
    assert found == [(4, 10), (45, 100), (437, 980), (4459, 10_000)]


@given(st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_sizes_are_counts_of_about_the_same_rate(counted: tuple[int, int]) -> None:
    count = Count(*counted)
    found = sizes(count)
    assert count in found
    for one in found:
        assert 0 <= one.events <= one.trials <= 1e9
        assert abs(one.rate - count.rate) <= 0.5 / one.trials + 1e-12
    assert [one.trials for one in found] == sorted({one.trials for one in found})


def test_agreed_from_is_where_the_last_prior_gives_in() -> None:
    found = agreed_from(COUNT.rate, RULE, PRIORS)
    assert found == pytest.approx(1300, rel=0.01)

    def decisions(n: float) -> set[str]:
        mean, strength = np.array(PRIORS).T
        p = posterior(Count(COUNT.rate * n, n), mean, strength).cdf(0.485)
        return {RULE.side(one) for one in p}

    assert found is not None
    assert decisions(found) == {"below 0.485"} == decisions(10 * found)
    assert len(decisions(found / 1.006)) == 2


def test_agreed_from_where_all_agree_or_never() -> None:
    assert agreed_from(0.4, RULE, [(0.485, 2.0), (0.485, 2.0)]) == 1
    assert agreed_from(0.485, RULE, [(0.4, 1e11), (0.6, 1e11)]) is None


def test_study_takes_the_extreme_priors_and_counts_decisions() -> None:
    asked = []

    def agree(count: Count, knobs: dict[str, float]) -> Agreement:
        asked.append((count, tuple(knobs.values())))
        nothing: dict[str, float] = {}
        return Agreement(count, knobs, nothing, nothing, nothing, "", (), Status.PASS)

    found = study_sizes(COUNT, PRIORS, (0.485, 20.0), RULE, agree)  # type: ignore[arg-type]
    assert [one.decisions for one in found][2:] == [
        {"below 0.485": 14, "not shown": 1},
        {"below 0.485": 15},
    ]
    assert asked[:2] == [(Count(4, 10), (0.39, 200.0)), (Count(4, 10), (0.58, 200.0))]
    third = found[2]
    assert third.lowest == pytest.approx((437 + 78) / 1180)
    assert third.highest == pytest.approx((437 + 116) / 1180)
    assert third.sd == pytest.approx(posterior(COUNT, 0.485, 20).std())


def test_converging_is_the_posterior_mean() -> None:
    found = converging(0.4, [(0.5, 2.0), (0.3, 50.0)], np.array([10.0, 1000.0]))
    assert found.dims == ("prior", "trials")
    assert found.to_numpy() == pytest.approx(
        np.array([[5 / 12, 401 / 1002], [19 / 60, 415 / 1050]])
    )
    assert list(found["prior_strength"].to_numpy()) == [2, 50]
