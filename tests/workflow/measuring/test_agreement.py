"""Readings against the stated noise: statistics by hand, groups, and how often chance is blamed."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.conftest import SEED
from workflow.measuring.agreement import apart, neighbours, rise, scatters_otherwise, statistics

RNG = np.random.default_rng(SEED)


def test_statistics_of_an_order() -> None:
    y = np.array([[1.0, 2.0, 4.0, 3.0, 7.0], [5.0, 5.0, 5.0, 5.0, 5.5]])
    for row, found in zip(y, rise(y), strict=True):
        assert found == pytest.approx(4 * stats.linregress(range(5), row).slope)
    left = y[0] - y[0].mean()
    assert neighbours(y)[0] == pytest.approx((left[1:] * left[:-1]).sum() / (left**2).sum())
    assert [len(statistics(n)) for n in (1, 2, 5, 6)] == [0, 1, 1, 4]


def test_groups_that_differ_by_noise_alone_have_any_p() -> None:
    """Chi-square with one less than groups: p is uniform, of groups of all sizes."""
    of = pd.Series(np.repeat(["a", "b", "c"], [2, 5, 13]))
    p = [apart(pd.Series(RNG.normal(7, 2, 20)), of, "site", 2.0).p for _ in range(400)]
    assert stats.kstest(p, "uniform").pvalue > 1e-4
    moved = pd.Series(RNG.normal(7, 2, 20)) + 20 * (of == "b")
    found = apart(moved, of, "site", 2.0)
    assert found.p < 1e-4
    assert found.table.loc["b", "off"] == found.table["off"].max() > 3
    alone = moved[of == "b"].mean() - moved.mean()
    error = 2 * np.sqrt(1 / 5 - 1 / 20)  # of a mean less that of all, of which it is a part
    assert found.table.loc["b", "off"] == pytest.approx(alone / error)


@pytest.mark.parametrize("n", [2, 30])
def test_scatter_is_blamed_as_rarely_as_is_said(n: int) -> None:
    blamed = sum(scatters_otherwise(pd.Series(RNG.normal(5, 3, n)), 3.0) for _ in range(2000))
    assert blamed <= stats.binom(2000, 0.01).ppf(1 - 1e-5)
    assert scatters_otherwise(pd.Series(RNG.normal(5, 3, 30)), 0.3)
    assert scatters_otherwise(pd.Series(RNG.normal(5, 3, 30)), 30.0)
    assert not scatters_otherwise(pd.Series([5.0]), 1e-9)
