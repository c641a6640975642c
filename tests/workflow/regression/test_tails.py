"""Weights of rows, the rule that tells tails apart, and how far a quantity moved."""

import numpy as np
import pytest
import xarray as xr
from scipy import optimize, stats

from data.robust_regression import load
from workflow.regression.tail_elpd import log_density
from workflow.regression.tails import GAUSSIAN, STUDENT, UNDECIDED, Fitted, favours, gap, moved
from workflow.regression.weights import by_row, weights
from workflow.scoring.elpd import Difference

FOUND = load()
TERMS, OUTCOME = FOUND.terms, FOUND.outcome
X = np.column_stack([np.ones(len(OUTCOME)), TERMS])


def draws(intercept: float, slope: np.ndarray, **noise: float) -> xr.Dataset:
    """A posterior of one draw."""
    found = {"intercept": intercept, **noise}
    scalars = {name: (("chain", "draw"), [[value]]) for name, value in found.items()}
    slopes = {"slope": (("chain", "draw", "term"), [[slope]])}
    return xr.Dataset({**scalars, **slopes}, coords={"term": list(TERMS)})


def test_log_density_is_scipys() -> None:
    slope = np.array([0.7, 1.3, -0.15])
    mu = -40 + TERMS.to_numpy() @ slope
    student = log_density(draws(-40, slope, nu=4.5, scale=2.0), TERMS, OUTCOME)
    assert student.dims == ("chain", "draw", "row")
    assert student.to_numpy()[0, 0] == pytest.approx(stats.t(4.5, mu, 2).logpdf(OUTCOME))
    normal = log_density(draws(-40, slope, sigma=3.0), TERMS, OUTCOME)
    assert normal.to_numpy()[0, 0] == pytest.approx(stats.norm(mu, 3).logpdf(OUTCOME))


def test_weighted_least_squares_with_the_weights_is_the_student_t_fit() -> None:
    """The weights are the t's own: at its maximum likelihood, weighting by them changes nothing."""
    nu = 3.0

    def loss(theta: np.ndarray) -> float:
        mu = X @ (theta[:4] * [40, 1, 1, 1])
        return -float(stats.t(nu, mu, np.exp(theta[4])).logpdf(OUTCOME).sum())

    start = np.r_[np.linalg.lstsq(X, OUTCOME, rcond=None)[0] / [40, 1, 1, 1], 1.0]
    best = optimize.minimize(
        loss,
        start,
        method="Nelder-Mead",
        options={"maxiter": 40_000, "maxfev": 40_000, "xatol": 1e-10, "fatol": 1e-12},
    ).x
    b = best[:4] * [40, 1, 1, 1]
    one = draws(b[0], b[1:], nu=nu, scale=np.exp(best[4]))
    w = weights(one, TERMS, OUTCOME).to_numpy().ravel()
    again = np.linalg.lstsq(X * np.sqrt(w)[:, None], OUTCOME * np.sqrt(w), rcond=None)[0]
    assert again == pytest.approx(b, rel=1e-3)
    assert 0 < w.min() < 0.2
    assert w.max() <= 1


def test_rows_come_least_weight_first() -> None:
    b = np.linalg.lstsq(X, OUTCOME, rcond=None)[0]
    found = by_row(draws(b[0], b[1:], nu=3.0, scale=2.0), TERMS, OUTCOME)
    assert list(found.index[:3]) == [22, 5, 4]  # rows 21, 4 and 3; the first row is line 2
    assert found["weight"].is_monotonic_increasing
    z = found["residual"]
    assert found["weight"].to_numpy() == pytest.approx((3 / (3 + z**2)).to_numpy())
    assert found.loc[2, "observed"] == 42


@pytest.mark.parametrize(
    ("value", "se", "rows", "expected"),
    [
        (22.0, 9.0, 200, STUDENT),
        (-22.0, 9.0, 200, GAUSSIAN),
        (22.0, 12.0, 200, UNDECIDED),  # within two standard errors
        (3.9, 0.1, 200, UNDECIDED),  # below 4
        (-3.9, 0.1, 200, UNDECIDED),
        (4.1, 0.1, 200, STUDENT),
        (22.0, 9.0, 100, STUDENT),
        (22.0, 9.0, 25, UNDECIDED),  # of so few rows it has to be 2.8
        (-37.0, 9.0, 25, GAUSSIAN),
        (111.8, 8.0, 95, STUDENT),
        (3.9, 0.1, 25, UNDECIDED),
    ],
)
def test_the_rule(value: float, se: float, rows: int, expected: str) -> None:
    assert favours(Difference(value, se, 0.0, rows), rows) == (expected,)


def test_what_monte_carlo_error_cannot_tell_is_tenable() -> None:
    near = Difference(4.1, 0.1, 0.2, 200)
    assert favours(near, 200) == (STUDENT, UNDECIDED)
    assert favours(near, 200, errors=0) == (STUDENT,)
    assert favours(Difference(22.0, 1.0, np.inf, 200), 200) == ()  # nothing is claimed
    assert favours(None, 200) == (UNDECIDED,)


def test_no_elpd_no_comparison() -> None:
    failed = Fitted(xr.Dataset(), None, None)  # type: ignore[arg-type]
    assert gap(failed, failed) is None


def test_moved_is_the_distance_of_two_distributions() -> None:
    """Exponentials with rates 1 and 2 are farthest apart, by 1/4, at log 2."""
    p = (np.arange(20_000) + 0.5) / 20_000
    one = stats.expon().ppf(p)
    found = moved(one, one / 2)
    assert found.distance == pytest.approx(0.25, abs=1e-3)
    assert found.where == pytest.approx(np.log(2), abs=0.02)
    assert found.prior[0] == pytest.approx(np.log(2), rel=1e-3)
    assert found.posterior[1:] == pytest.approx(
        stats.expon(scale=0.5).ppf([0.025, 0.975]), rel=0.01
    )
    assert found.in_words == "moved"
    assert moved(one, one).in_words == "hardly moved"
    assert moved(one, one + 5).in_words == "moved far"
