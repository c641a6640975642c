"""The Gaussian process against scikit-learn's, and its left-out rows against leaving them out."""

import numpy as np
import pytest
import xarray as xr
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

from tests.conftest import SEED
from workflow.functions.left_out import GREATEST, LeftOut
from workflow.functions.smoothness import by_neighbours
from workflow.functions.surrogate import Tried, some_of

RNG = np.random.default_rng(SEED)
X, Z = RNG.normal(size=(25, 3)), RNG.normal(size=(40, 3))
Y = 5 + np.sin(2 * X[:, 0]) + X[:, 1] + 0.1 * RNG.normal(size=25)
LENGTH, SIGMA_F, SIGMA, LEVEL, MEAN = np.array([0.7, 2.0, 9.0]), 1.3, 0.2, 0.8, 4.5


def tried(x: np.ndarray = X, y: np.ndarray = Y) -> Tried:
    return Tried(x, y, MEAN, LEVEL, 0.0)


def test_mean_sd_and_evidence_are_those_of_scikit_learn() -> None:
    """At fixed hyper-parameters, to 1e-8."""
    kernel = ConstantKernel(LEVEL**2) + ConstantKernel(SIGMA_F**2) * Matern(LENGTH, nu=2.5)
    other = GaussianProcessRegressor(kernel + WhiteKernel(SIGMA**2), alpha=0, optimizer=None)
    other.fit(X, Y - MEAN)
    mean, sd = other.predict(Z, return_std=True)
    given = tried().given(LENGTH, SIGMA_F, SIGMA)
    found, variance, known = given.at(Z)
    assert found == pytest.approx(mean + MEAN, abs=1e-8)
    assert np.sqrt(variance + SIGMA**2) == pytest.approx(sd, abs=1e-8)  # its sd is of a result
    assert given.log_evidence == pytest.approx(other.log_marginal_likelihood_value_, abs=1e-8)
    prior = kernel(Z[:1], Z[1:2])
    both = other.predict(Z[:2], return_cov=True)[1]
    assert prior - known[:, 0] @ known[:, 1] == pytest.approx(both[0, 1], abs=1e-8)


def test_a_row_left_out_is_predicted_as_by_the_fit_without_it() -> None:
    mean, sd = tried().given(LENGTH, SIGMA_F, SIGMA).left_out
    for i in range(len(Y)):
        rest = np.arange(len(Y)) != i
        without = tried(X[rest], Y[rest]).given(LENGTH, SIGMA_F, SIGMA)
        expected, variance, _ = without.at(X[i : i + 1])
        assert mean[i] == pytest.approx(expected[0], abs=1e-9)
        assert sd[i] ** 2 == pytest.approx(variance[0] + SIGMA**2, abs=1e-9)


def draws(n: int) -> xr.Dataset:
    """Return draws of the unknowns near one another, four chains."""
    rng = np.random.default_rng(SEED)

    def near(at: np.ndarray | float, *shape: int) -> np.ndarray:
        return np.asarray(at * np.exp(0.1 * rng.normal(size=(4, n, *shape))))

    one = ("chain", "draw")
    return xr.Dataset(
        {
            "log_length": ((*one, "column"), np.log(near(LENGTH, 3))),
            "sigma_f": (one, near(SIGMA_F)),
            "sigma": (one, near(SIGMA)),
        }
    )


def test_draws_that_are_equal_predict_left_out_rows_as_one_of_them() -> None:
    posterior = draws(5)
    one = posterior.isel(chain=[0], draw=[0] * 8)
    found = LeftOut(tried(), one).predicted()
    mean, sd = tried().given(*some_of(one, 1)[0]).left_out
    assert found.mean == pytest.approx(mean, abs=1e-9)
    assert found.sd == pytest.approx(sd, abs=1e-9)


def test_draws_are_weighted_as_if_they_did_not_know_the_row() -> None:
    """Of draws that are as likely before, those without the row: by its density, exactly."""
    posterior = draws(50)
    given = [tried().given(*one) for one in some_of(posterior, 200)]
    logs = np.array([one.log_evidence for one in given])
    before = np.exp(logs - logs.max())
    some = np.random.default_rng(1).choice(200, 20_000, p=before / before.sum())
    stacked = posterior.stack(sample=("chain", "draw")).isel(sample=some)
    known = xr.Dataset(
        {
            name: ((*("chain", "draw"), *one.dims[:-1]), one.to_numpy().T[None])
            for name, one in stacked.data_vars.items()
        }
    )
    found = LeftOut(tried(), known).predicted()
    i = int(np.abs(found.of - found.mean).argmax())
    rest = np.arange(len(Y)) != i
    without = [tried(X[rest], Y[rest]).given(*one) for one in some_of(posterior, 200)]
    logs = np.array([one.log_evidence for one in without])
    weights = np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum()
    means = np.array([one.at(X[i : i + 1])[0][0] for one in without])
    error = means.std() / np.sqrt(len(LeftOut(tried(), known).some.draw) / 4)
    assert found.mean[i] == pytest.approx(weights @ means, abs=4 * error)


def test_what_is_left_of_results_of_the_model_is_standard_normal() -> None:
    """Each by itself: mean 0 and variance 1 over 4,000 results drawn from the model."""
    rng = np.random.default_rng(SEED)
    one = draws(1).isel(chain=[0])
    given = tried().given(*some_of(one, 1)[0])
    n = 4000
    y = MEAN + rng.normal(size=(n, len(Y))) @ given.factor.T
    many = one.isel(draw=[0] * n)
    left = LeftOut(tried(), many)
    rows = xr.DataArray(y[None], dims=("chain", "draw", "row"))
    z, _ = left.residuals(rows)
    assert np.abs(z.mean(axis=(0, 1))).max() < 4.5 / np.sqrt(z.shape[1])
    assert np.abs((z**2).mean(axis=(0, 1)) - 1).max() < 4.5 * np.sqrt(2 / z.shape[1])
    odd = rows.copy()
    odd[..., 3] += 8 * SIGMA
    statistic = left.statistics(ordered=True)[GREATEST]
    usual, moved = (statistic(of, xr.Dataset()).mean() for of in (rows, odd))
    assert moved > usual + 1


def test_neighbours_are_those_in_sds_of_each_column() -> None:
    """The second column has the larger unit, and rows 0 and 2 are the nearest but for that."""
    x = np.array([[0.0, 0.0], [0.1, 900.0], [1.0, 100.0], [1.1, 1000.0]])
    y = xr.DataArray([1.0, 3.0, 7.0, 8.0], dims="row", coords={"row": [2, 3, 4, 5]})
    spread, differing = by_neighbours(x).values()
    assert float(spread(y, xr.Dataset())) == pytest.approx(np.std(y, ddof=1))
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    nearest = [
        min((np.linalg.norm(z[i] - z[j]), j) for j in range(4) if j != i)[1] for i in range(4)
    ]
    expected = np.sqrt(np.mean([(y[i] - y[j]) ** 2 for i, j in enumerate(nearest)]))
    assert float(differing(y, xr.Dataset())) == pytest.approx(float(expected))
    drawn = xr.DataArray(np.array([[y, 2 * y]]), dims=("chain", "draw", "row")).assign_coords(
        row=y.row
    )
    assert differing(drawn, xr.Dataset()).to_numpy()[0, 1] == pytest.approx(2 * float(expected))
