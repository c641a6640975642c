"""Where the exact decision flips: against published numbers, and properties of every course."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from workflow.deciding.threshold import NOT_SHOWN, Rule
from workflow.rates.beta_binomial import Count, can_be_drawn, posterior, usual_strength
from workflow.rates.flips import changes, extended, find_flips

COUNT, RULE = Count(437, 980), Rule(0.485, 0.95)
BELOW, ABOVE = RULE.below, RULE.above


def test_flip_at_the_reference_is_a_root() -> None:
    """Near a strength of 1200, as the published case has it; from there on it is not shown."""
    (start, weak), (flip, strong) = changes(COUNT, RULE, 0.485)
    assert (start, weak, strong) == (1, BELOW, NOT_SHOWN)
    assert flip == pytest.approx(1194.62, abs=0.01)
    assert posterior(COUNT, 0.485, flip).cdf(0.485) == pytest.approx(0.95, abs=1e-9)


def test_a_prior_on_the_other_side_flips_twice() -> None:
    assert [side for _, side in changes(COUNT, RULE, 0.53)] == [BELOW, NOT_SHOWN, ABOVE]
    assert changes(COUNT, RULE, 0.44) == [(1, BELOW)]


@pytest.mark.parametrize("mean", [0.7, 0.72, 0.74, 0.76, 0.78])
def test_both_limits_within_one_step_of_the_search(mean: float) -> None:
    """With a thousand million trials one side follows on the other almost at once."""
    for data, prior, sides in (
        (0.4, mean, [BELOW, NOT_SHOWN, ABOVE]),
        (0.6, 1 - mean, [ABOVE, NOT_SHOWN, BELOW]),
    ):
        found = changes(Count(data * 1e9, 1e9), RULE, prior)
        assert [side for _, side in found] == sides
        assert found[1][0] < found[2][0] < 1.006 * found[1][0]


@given(
    st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.floats(0.05, 0.95),
    st.floats(0.05, 0.95),
    st.floats(0.6, 0.99),
)
@settings(max_examples=40, deadline=None)
def test_changes_are_the_decisions_on_either_side(
    counted: tuple[int, int], mean: float, reference: float, sure: float
) -> None:
    count, rule = Count(*counted), Rule(reference, sure)
    found = changes(count, rule, mean)
    ends = [at for at, _ in found[1:]] + [1e9]
    for (start, side), end in zip(found, ends, strict=True):
        inside = np.sqrt(start * end)
        if end / start > 1.02:
            assert rule.side(float(posterior(count, mean, inside).cdf(reference))) == side
    assert all(a[1] != b[1] for a, b in pairwise(found))


def test_flips_and_the_grid_that_reaches_them() -> None:
    flips = find_flips(COUNT, RULE, (-0.2, 0.0, 0.2))
    assert list(flips.course) == [0.44, 0.485, 0.53]
    assert flips.at == flips.until == pytest.approx(1194.62, abs=0.01)
    assert extended((2, 20, 200), flips.until) == (2, 20, 200, 500, 1000, 2000)
    grid = flips.grid((2, 20, 200))
    assert list(grid.values()) == [(0.44, 0.485, 0.53), (2, 20, 200, 500, 1000, 2000)]
    assert flips.flat == BELOW
    strengths = [one["prior_strength"] for one in flips.either_side]
    assert strengths == pytest.approx([597.31, 1194.62, 2389.24], abs=0.01)
    assert {one["prior_mean"] for one in flips.either_side} == {0.485}
    none = find_flips(Count(48, 100), RULE, (-0.2, 0.0, 0.2))
    assert none.at is None
    assert none.either_side == []
    assert none.until == min(none.course[m][1][0] for m in (0.44, 0.53))


def test_extended() -> None:
    assert extended((2, 20, 200), 0) == extended((2, 20, 200), 200) == (2, 20, 200)
    far = extended((2, 20, 200), 3e7)
    assert far[-1] == 5e7
    assert len(far) <= 3 + 6
    assert extended((2, 20, 200), 1e12)[-1] == 5e9


def test_of_a_rare_event_the_weak_prior_weighs_half_an_event() -> None:
    """One that weighs a single trial is all but sure of a rate of 0, whatever the reference."""
    count, rule = Count(0, 300), Rule(0.0002, 0.95)
    found = find_flips(count, rule, (0.0,))
    assert found.weak == (2500, "not shown")
    assert found.centred[0] == (1, "below 0.0002")
    assert usual_strength(0.485, 20) == 20
    assert usual_strength(0.9998, 20) == pytest.approx(2500)
    drawn = [can_be_drawn(count, 0.0002, strength) for strength in (20, 2500)]
    assert drawn == [False, True]
