"""Exact leave-one-out of Gaussian noise against evidences by quadrature, one row out at a time."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from data.robust_regression import LARGE, load
from models.linear_regression import gaussian
from tests.gaussian import LinearGaussian
from workflow.regression.gaussian_loo import elpd, log_densities
from workflow.regression.within import log_within
from workflow.sampling.fit import data_of
from workflow.scoring.elpd import QUADRATURE


def by_evidences(
    terms: pd.DataFrame, outcome: pd.Series, rows: Sequence[int], **knobs: float
) -> np.ndarray:
    """Return log p(y[i] | the others) as a difference of two evidences, each a quadrature."""
    z, y = ((x - x.mean()) / x.std() for x in (terms, outcome))
    k = z.shape[1]
    share = knobs.get("r2", 0.5)
    upper = np.linalg.cholesky(np.corrcoef(z.T).reshape(k, k)).T
    root = np.linalg.inv(upper) * np.sqrt(share / (1 - share) / k)
    if "slope_sd" in knobs:
        root = knobs["slope_sd"] * np.eye(k)
    design, sd = np.column_stack([np.ones(len(z)), z.to_numpy() @ root]), np.ones(k + 1)

    def evidence(kept: np.ndarray) -> float:
        y_kept, noise = y.to_numpy()[kept], knobs.get("noise", 1.0)
        return LinearGaussian(design[kept], y_kept, sd, noise).log_evidence()

    every = np.arange(len(y))
    rest = [evidence(np.delete(every, i)) for i in rows]
    return evidence(every) - np.array(rest) - np.log(outcome.std())


def found(terms: pd.DataFrame, outcome: pd.Series, **knobs: float) -> np.ndarray:
    exact = elpd(data_of(gaussian(terms, outcome, **knobs)), list(outcome.index))
    assert exact.method == QUADRATURE
    assert exact.mcse == 0
    return exact.pointwise


def test_the_shipped_inflation_data() -> None:
    """200 quarters; by 200 evidences -463.918 (PSIS said -463.5 +- .09)."""
    large = load(LARGE)
    pointwise = found(large.terms, large.outcome, slope_sd=0.5)
    assert pointwise.sum() == pytest.approx(-463.918, abs=5e-4)
    some = [0, 17, 99, int(pointwise.argmin())]
    expected = by_evidences(large.terms, large.outcome, some, slope_sd=0.5)
    assert pointwise[some] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("knobs", [{}, {"slope_sd": 2.0, "noise": 0.2}, {"slope_sd": 0.05}])
def test_every_day_of_stack_loss_under_other_priors(knobs: dict[str, float]) -> None:
    small = load()
    expected = by_evidences(small.terms, small.outcome, range(21), **knobs)
    assert found(small.terms, small.outcome, **knobs) == pytest.approx(expected, abs=1e-6)


def test_one_row_of_two_thousand_at_a_thousand() -> None:
    """Without it the noise has an sd of 1, with it of 22: no draw of one is any of the other.

    A mean over draws of refits had said -443,175, with a Monte Carlo error of 1; a quadrature for a
    file of this kind -14,241.9 (here the noise has exactly the quantiles of a Gaussian).
    """
    noise = stats.norm.ppf((np.arange(1999) + 0.5) / 1999)
    rng = np.random.default_rng(1)
    terms = pd.DataFrame({"x": rng.normal(size=2000)})
    outcome = 0.5 * terms["x"] + np.r_[rng.permutation(noise), 1000]
    pointwise, some = found(terms, outcome), [0, 1000, 1999]
    assert pointwise[some] == pytest.approx(by_evidences(terms, outcome, some), abs=1e-5)
    assert pointwise[-1] < -6000
    assert pointwise.sum() == pytest.approx(-14_260, abs=50)


def test_a_row_that_alone_holds_a_coefficient() -> None:
    """Leverage .99: given the others its prediction is as unsure as the prior of that slope."""
    rng = np.random.default_rng(2)
    terms = pd.DataFrame(rng.normal(size=(60, 2)), columns=["a", "b"])
    terms["b"] = np.r_[np.zeros(59), 12.0]
    outcome = terms["a"] + rng.normal(size=60)
    pointwise, some = found(terms, outcome), [0, 1, 59]
    assert pointwise[some] == pytest.approx(by_evidences(terms, outcome, some), abs=1e-6)


def test_fewer_rows_than_terms_and_a_singular_prior() -> None:
    """Against the Gaussian density of all rows, given tau on a grid."""
    rng = np.random.default_rng(3)
    z, y = rng.normal(size=(6, 8)), rng.normal(size=6)
    half = rng.normal(size=(8, 3))
    covariance = half @ half.T
    between = 1 + z @ covariance @ z.T
    log_tau = np.linspace(-12, 5, 4001)
    prior = stats.gamma(2, scale=0.5).pdf(np.exp(log_tau)) * np.exp(log_tau)

    def evidence(kept: np.ndarray) -> float:
        inner = between[np.ix_(kept, kept)] + np.exp(2 * log_tau)[:, None, None] * np.eye(len(kept))
        quadratic = (y[kept] * np.linalg.solve(inner, y[kept][:, None])[..., 0]).sum(1)
        log_y = -0.5 * (np.linalg.slogdet(inner)[1] + quadratic + len(kept) * np.log(2 * np.pi))
        return float(np.log((np.exp(log_y) * prior).sum()))

    every = np.arange(6)
    expected = [evidence(every) - evidence(np.delete(every, i)) for i in every]
    assert log_densities(z, y, covariance, 1.0) == pytest.approx(np.array(expected), abs=1e-5)


def test_rows_that_are_looked_at_stand_for_all() -> None:
    """The stand-ins, given one tau, are nearer than the mean row is, by a factor of more than 5."""
    large = load(LARGE)
    data = data_of(gaussian(large.terms, large.outcome))
    lines = list(large.outcome.index)
    whole = elpd(data, lines)
    at = np.sort(np.random.default_rng(4).choice(200, 40, replace=False))
    some = elpd(data, lines, at)
    assert some.rows == tuple(lines[i] for i in at)
    assert some.pointwise == pytest.approx(whole.pointwise[at], abs=1e-9)
    assert abs(some.total - whole.total) < 4 * some.mcse
    assert some.mcse < 200 * some.pointwise.std() / np.sqrt(40) / 5


def of_counts(rows: int = 12) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(rows, 2))
    y = rng.poisson(np.exp(0.3 + 0.4 * x[:, 0]))
    return pd.DataFrame(x, columns=["a", "b"]), pd.Series(y, name="y")


def test_probabilities_of_all_whole_numbers_add_up_to_one() -> None:
    """Of a row given the others, by the intervals of width 1; densities at them need not."""
    terms, outcome = of_counts()
    data = data_of(gaussian(terms, outcome))
    for row in (0, 5):
        total = 0.0
        for count in range(-60, 70):
            y = outcome.to_numpy(dtype=float)
            y[row] = count
            total += np.exp(elpd({**data, "y_data": y}, range(12), width=1.0).pointwise[row])
        assert total == pytest.approx(1, abs=2e-3)  # Student-t tails beyond, with some 10 df


def test_a_narrow_interval_has_the_density_times_its_width() -> None:
    terms, outcome = of_counts()
    data = data_of(gaussian(terms, outcome))
    density = elpd(data, range(12)).pointwise
    for width in (1e-3, 1e-7):  # what is left out is width^2 / 24 times a curvature
        found = elpd(data, range(12), width=width).pointwise
        assert found == pytest.approx(density + np.log(width), abs=1e-6)


def test_the_probability_of_an_interval_is_that_of_the_tails() -> None:
    """By scipy where that has digits, and for intervals so far off that it has none."""
    z, half = np.array([0.0, 0.3, -2.0, 4.0, 1.0]), np.array([0.5, 2.0, 0.1, 1.0, 1e-7])
    by_scipy = np.log(stats.norm.cdf(z + half) - stats.norm.cdf(z - half))
    assert log_within(z, half)[:4] == pytest.approx(by_scipy[:4], rel=1e-12)
    narrow = stats.norm.logpdf(1.0) + np.log(2e-7)
    assert log_within(z, half)[4] == pytest.approx(narrow, rel=1e-9)
    far = log_within(np.array([60.0]), np.array([0.5]))  # nearly all within is at its near end
    assert far == pytest.approx(stats.norm.logsf(59.5), rel=1e-9)
