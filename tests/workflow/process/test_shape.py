"""Statistics of the shape and of the order, against scipy; what pieces of other kinds make them."""

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from workflow.process.limits import Limits
from workflow.process.shape import in_order, level, shape

LIMITS = Limits(-2.0, 2.0)
RNG = np.random.default_rng(5)
NOTHING = xr.Dataset()


def of(values: np.ndarray) -> dict[str, float]:
    y = xr.DataArray(values, dims="row")
    every = shape(LIMITS) | in_order() | level(LIMITS)
    return {name: float(one(y, NOTHING)) for name, one in every.items()}


def test_they_are_what_scipy_says() -> None:
    x = RNG.normal(size=50)
    found = of(x)
    z = (x - x.mean()) / x.std()
    assert found["skewness"] == pytest.approx(stats.skew(x))
    assert found["excess kurtosis"] == pytest.approx(stats.kurtosis(x))
    assert found["farthest value from the mean, in sds"] == pytest.approx(np.abs(z).max())
    assert found["share near the mean (half an sd)"] == pytest.approx((np.abs(z) < 0.5).mean())
    assert found["share outside the limits"] == pytest.approx((np.abs(x) > 2).mean())
    order = stats.pearsonr(x, np.arange(50)).statistic
    assert found["trend (correlation with the order)"] == pytest.approx(order)
    assert found["correlation of neighbours"] == pytest.approx((z[1:] * z[:-1]).sum() / 50)
    assert found["sd, in half distances of the limits"] == pytest.approx(x.std(ddof=1) / 2)


def test_units_make_no_difference_to_the_shape() -> None:
    x = RNG.normal(size=40)
    one, other = of(x), of(1e6 + 1e-3 * x)
    for name in (*in_order(), *list(shape(LIMITS))[:4]):
        assert one[name] == pytest.approx(other[name], abs=1e-5), name


def test_draws_keep_their_dims() -> None:
    y = xr.DataArray(RNG.normal(size=(7, 2, 3)), dims=("row", "chain", "draw"))
    for name, one in (shape(LIMITS) | in_order()).items():
        assert one(y, NOTHING).sizes == {"chain": 2, "draw": 3}, name
        assert float(one(y, NOTHING)[1, 2]) == pytest.approx(of(y.to_numpy()[:, 1, 2])[name])


def test_two_kinds_of_pieces_leave_a_gap_and_tails_make_kurtosis() -> None:
    normal, two = RNG.normal(size=2000), RNG.normal(size=2000) + 5 * RNG.integers(2, size=2000)
    far = RNG.standard_t(3, size=2000)
    name = "share near the mean (half an sd)"
    assert of(two)[name] < 0.3 < of(normal)[name] < 0.42
    assert of(two)["excess kurtosis"] < -1 < of(normal)["excess kurtosis"] < 0.5
    assert of(far)["excess kurtosis"] > 1
