"""What is left over is standard normal under the model, and its statistics see their faults."""

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from data.smooth_curve import load
from models.smooth_curve import drawn
from workflow.functions.leftover import Leftover, level, residuals, statistics
from workflow.functions.points import Points, Theta, points

ROWS = load()
KNOWN = points(ROWS, 1.0)
THETA = Theta(5.2, 50.0, 22.8)


def of_the_model(n: int, seed: int) -> np.ndarray:
    """Rows drawn from the model, about a curve of its own each time."""
    rng = np.random.default_rng(seed)
    mean, level_sd = np.array(KNOWN.mean), np.array(KNOWN.level)
    length, sigma_f, sigma = map(np.array, (THETA.length, THETA.sigma_f, THETA.sigma))
    return drawn(mean, level_sd, length, sigma_f, sigma, KNOWN.where, KNOWN.at, rng, (n,))


def test_it_is_the_difference_from_what_the_others_predict() -> None:
    solved = KNOWN.solved(THETA)
    mean, sd = solved.left_out
    left = Leftover(solved)
    assert left.of(KNOWN.y) == pytest.approx(((KNOWN.y - mean) / sd)[left.order], rel=1e-9)


def test_it_is_standard_normal_under_the_model() -> None:
    """Each row's, by its variance; and one row's distribution."""
    n = 4000
    e = Leftover(KNOWN.solved(THETA)).of(of_the_model(n, 1))
    assert (np.abs(e.var(0) - 1) < 4.5 * np.sqrt(2 / n)).all()
    assert stats.kstest(e[:, 40], "norm").pvalue > 1e-4


def test_residuals_are_in_the_order_of_the_file() -> None:
    mixed = ROWS.sample(frac=1, random_state=3)
    one = residuals(KNOWN, THETA, ROWS.index).left
    other = residuals(points(mixed, 1.0), THETA, mixed.index).left
    assert one.to_numpy() == pytest.approx(other.loc[one.index].to_numpy(), rel=1e-9)


WRONG = {
    "scatter that grows": lambda y, x, rng: y + rng.normal(size=y.shape) * 100 * (x / 60) ** 2,
    "the part of the rows": lambda y, x, rng: y + 90 * rng.normal(size=y.shape) * (x > 45),
    "excess kurtosis": lambda y, x, rng: y + 23 * rng.standard_t(2, size=y.shape),
    "largest difference": lambda y, x, rng: y + 200 * (np.arange(len(y)) == 60),
    "largest jump": lambda y, x, rng: y + 130 * (x > 20),
    "strongest wave": lambda y, x, rng: y + 45 * np.sin(2 * np.pi * x / 0.53),
}


@pytest.mark.parametrize("name", WRONG)
def test_every_fault_shows_in_its_statistic(name: str) -> None:
    """Beyond all but one in a hundred of the model's own data sets, in four of five and more."""
    of = next(one for told, one in statistics(KNOWN, THETA).items() if name in told)
    given = xr.Dataset({"at": ("row", KNOWN.at)})
    x, rng = KNOWN.where[KNOWN.at], np.random.default_rng(6)
    limit = np.quantile(of(xr.DataArray(of_the_model(1000, 2), dims=("draw", "row")), given), 0.99)
    wrong = np.array([WRONG[name](y, x, rng) for y in of_the_model(20, 3)])
    found = of(xr.DataArray(wrong, dims=("draw", "row")), given).to_numpy()
    assert (found > limit).mean() >= 0.8


def test_a_part_of_the_rows_is_looked_at_by_itself() -> None:
    some = np.arange(0, 133, 2)
    part = Points(KNOWN.where, KNOWN.at[some], KNOWN.y[some], KNOWN.mean, KNOWN.level)
    expected = Leftover(part.solved(THETA)).of(part.y)
    of = statistics(KNOWN, THETA)["largest difference from what the others predict, in sds"]
    given = xr.Dataset({"at": ("row", KNOWN.at[some])})
    found = of(xr.DataArray(KNOWN.y[some], dims="row"), given)
    assert float(found) == pytest.approx(np.abs(expected).max())


def test_what_the_prior_is_asked_is_in_the_order_of_x() -> None:
    mixed = ROWS.sample(frac=1, random_state=3)
    found = []
    for rows in (ROWS, mixed):
        known = points(rows, 1.0)
        given = xr.Dataset({"at": ("row", known.at)})
        y = xr.DataArray(known.y, dims="row")
        found.append([float(one(y, given)) for one in level(known).values()])
    assert found[0][0] == pytest.approx(1)
    assert found[0][0] == pytest.approx(found[1][0])
    assert found[0][1] == pytest.approx(found[1][1], rel=0.2)  # rows of one x may change places


def test_a_jump_is_found_by_least_squares() -> None:
    """The size of a step over its error, by the whole covariance of the rows."""
    x, y = KNOWN.where[KNOWN.at], KNOWN.y - KNOWN.mean
    covariance = KNOWN.same(x, x, THETA) + THETA.sigma**2 * np.eye(len(x))
    expected = []
    for place in KNOWN.where[1:-2]:
        step = (x > place).astype(float)
        weights = np.linalg.solve(covariance, step)
        expected.append(weights @ y / np.sqrt(weights @ step))
    left = Leftover(KNOWN.solved(THETA))
    assert left.sums(KNOWN.y) @ left.maps.steps.T == pytest.approx(np.array(expected), rel=1e-6)
