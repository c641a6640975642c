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
