"""A conflict silences the answer where the prior alone gives it, not where it changes nothing."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from workflow.checking.checks import StatisticCheck, densest, prior_check
from workflow.checking.conflict import plain_conflict
from workflow.checking.status import Status

RNG = np.random.default_rng(12)
FAR = StatisticCheck("rate", 0.6, 0.18, 0.2, 0.22, 0.0, 0.0, Status.WARN)
NEAR = replace(FAR, tail=0.004)
REPRODUCED = replace(FAR, p=0.4, tail=0.4, result="cannot fail")


def checked(events: int, trials: int, a: float, b: float, draws: int = 4000) -> StatisticCheck:
    """Check a share against draws of Beta(a, b) and Binomial."""
    drawn = RNG.binomial(trials, RNG.beta(a, b, draws)) / trials
    tree = xr.DataTree.from_dict(
        {
            "observed_data": xr.Dataset({"y": events / trials}),
            "prior_predictive": xr.Dataset({"y": (("chain", "draw"), drawn[None])}),
        }
    )
    return prior_check(tree, "y", {"rate": lambda y, given: y})[0]


@pytest.mark.parametrize(
    ("events", "trials", "prior"),
    [
        (41, 104_000, (1, 4)),  # an A/A test, in which none of 25 priors changes anything
        (21, 104_000, (1, 4)),
        (0, 50_000, (1, 4)),
        (3, 200_000, (0.5, 5.5)),
        (2, 2_000, (1, 1)),  # the flat prior contradicts nothing
        (1_999, 2_000, (1, 1)),
        (49_990, 50_000, (4, 1)),
    ],
)
def test_a_value_where_the_prior_is_densest_is_no_conflict(
    events: int, trials: int, prior: tuple[float, float]
) -> None:
    assert checked(events, trials, *prior).result is Status.PASS


@pytest.mark.parametrize(
    ("events", "trials", "prior"),
    [
        (600, 1_000, (200, 800)),
        (41, 104_000, (2, 20)),  # falls towards zero
        (104_000, 104_000, (1, 4)),  # the thin end of the J
        (60, 1_000, (20, 80)),
    ],
)
def test_a_value_in_a_thin_tail_is_one(
    events: int, trials: int, prior: tuple[float, float]
) -> None:
    assert checked(events, trials, *prior).result is Status.WARN


def test_densest_at_an_end_of_common_shapes() -> None:
    for shape, at, dense in (
        (stats.norm, -3.5, False),
        (stats.t(3), -30.0, False),
        (stats.uniform, 0.001, True),
        (stats.uniform, -0.5, False),
        (stats.expon, 1e-4, True),
        (stats.expon, 20.0, False),
        (stats.beta(0.05, 2), 0.0, True),
    ):
        assert densest(shape.rvs(size=4000, random_state=RNG), at) is dense


def test_a_flat_prior_is_in_conflict_with_its_own_data_in_none_of_hundreds() -> None:
    found = [checked(RNG.binomial(n, RNG.random()), n, 1, 1, 500) for n in 75 * [20, 300, 9000, 9]]
    assert not [one for one in found if one.result is Status.WARN]


def test_the_answer_is_withheld_where_the_prior_alone_gives_it() -> None:
    found = plain_conflict([FAR], [FAR])
    assert found
    assert (found.held, found.others) == (True, 0)
    flipping = plain_conflict([FAR, FAR], [REPRODUCED], flips=38, judged=45)
    assert flipping
    assert (flipping.held, flipping.flips, flipping.others) == (False, 38, 1)


def test_a_conflict_that_changes_nothing_is_only_warned_of() -> None:
    assert plain_conflict([FAR], [REPRODUCED], flips=0, judged=25) is None
    assert plain_conflict([FAR], [REPRODUCED], flips=12, judged=25) is None
    assert plain_conflict([NEAR], [FAR], flips=25, judged=25) is None
    assert plain_conflict([replace(FAR, result=Status.PASS)], [FAR]) is None
    other = replace(FAR, statistic="sd")
    assert plain_conflict([FAR], [other]) is None
    assert plain_conflict([], []) is None
