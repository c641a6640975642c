"""Monte Carlo errors of PSIS against densities in closed form: how often are they exceeded?

A row is one number y ~ Normal(mu, 1), and the posterior of mu is Normal(m, h): the weights 1 / p(y)
have a Pareto tail of shape h.
"""

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from workflow.scoring.elpd import Elpd
from workflow.scoring.psis import psis, psis_but

CHAINS, DRAWS, SEEDS = 4, 250, 80
H = np.repeat([0.1, 0.3, 0.5, 0.6, 0.7, 0.8], 3)
M = np.tile([0.0, 0.5, 1.0], 6)  # how far the row is from its posterior mean


def scored(mu: np.ndarray) -> Elpd:
    """PSIS of rows y = 0, each with draws of its own mu; dims: row, chain, draw."""
    rows = {"row": np.arange(len(mu))}
    return psis(xr.DataArray(stats.norm(mu).logpdf(0), dims=("row", "chain", "draw"), coords=rows))


def test_errors_hold_for_rows_up_to_the_limit_of_k() -> None:
    """For light rows and for those of k near and above .7 whose k-hat happens to be below."""
    exact = stats.norm(M / (1 - H), (1 - H) ** -0.5).logpdf(0)
    z = []
    for seed in range(SEEDS):
        e = np.random.default_rng(seed).standard_normal((len(H), CHAINS, DRAWS))
        found = scored(M[:, None, None] + np.sqrt(H)[:, None, None] * e)
        kept = found.k <= found.good_k
        assert np.array_equal(kept, np.isfinite(found.errors))
        z.append(np.where(kept, np.abs(found.pointwise - exact) / found.errors, np.nan))
    by_row = np.array(z)
    for h in np.unique(H):
        off = by_row[:, h == H]
        off = off[np.isfinite(off)]
        assert len(off) > 20
        assert (off > 2).mean() < 0.05 + 4 * np.sqrt(0.05 * 0.95 / len(off)), h
    off = by_row[np.isfinite(by_row)]
    assert (off > 4).sum() < 0.003 * len(off) + 4 * np.sqrt(0.003 * len(off))
    light = by_row[:, H < 0.2]  # an error that is always large would hold as well
    assert np.sqrt(np.mean(light**2)) > 0.5


def test_the_error_of_the_sum_knows_that_the_rows_have_the_same_draws() -> None:
    """For Gaussian rows around one mean: by a factor of the root of 2."""
    n, seeds, off, factors = 30, 60, [], []
    y = stats.norm.ppf((np.arange(n) + 0.5) / n)
    mean, var = n / (n + 1) * y.mean(), 1 / (n + 1)  # the prior of the mean is Normal(0, 1)
    rest, left = (n + 1) * mean - y, 1 / n
    exact = stats.norm(rest * left, np.sqrt(1 + left)).logpdf(y).sum()
    for seed in range(seeds):
        mu = np.random.default_rng(seed).normal(mean, np.sqrt(var), (CHAINS, DRAWS))
        found = scored(mu - y[:, None, None])
        assert found.k.max() < found.good_k
        off.append((found.total - exact) / found.mcse)
        factors.append(found.shared)
    assert np.mean(factors) == pytest.approx(np.sqrt(2), rel=0.1)
    room = 4 / np.sqrt(2 * seeds)  # of a standard deviation, relative
    assert 1 - room < np.sqrt(np.mean(np.square(off))) < 1 + room


def test_a_row_without_a_pareto_tail_has_an_infinite_k_and_error() -> None:
    """Ratios so large that, beside the largest, the others are 0."""
    mu = np.random.default_rng(1).normal(size=(2, CHAINS, DRAWS))
    mu[1] *= 1000
    found = scored(mu / 2)
    assert found.k[0] < 0.7
    assert np.isfinite(found.errors[0])
    assert found.k[1] == found.errors[1] == found.mcse == np.inf


def test_draws_that_are_worth_nothing_known_have_no_finite_error() -> None:
    """Chains of three draws have no effective number."""
    mu = 0.3 * np.random.default_rng(1).normal(size=(2, 50, 3))
    assert np.all(np.isinf(scored(mu).errors))


@pytest.mark.parametrize("all_plain", [False, True])
def test_steady_rows_need_no_smoothing(all_plain: bool) -> None:
    """Log densities of yes or no, under draws of three coefficients: the same sum, and its scatter.

    Of 60 sets of draws the sum's sd was .078; claimed were .101 where the rows that are not steady
    are smoothed, and .071 where none is. Of 24 sets an sd is off by up to a third.
    """
    rng = np.random.default_rng(1)
    x = rng.normal(size=(80, 3))
    sign = np.where(rng.random(80) < 1 / (1 + np.exp(-x @ [1, 0.5, 0])), 1, -1)
    sums, claimed = [], []
    for _ in range(24):
        beta = np.array([1, 0.5, 0]) + 0.25 * rng.normal(size=(4, 500, 3))
        log_lik = xr.DataArray(
            -np.logaddexp(0, -sign * (beta @ x.T)),
            dims=("chain", "draw", "row"),
            coords={"row": np.arange(80)},
        )
        spread = (log_lik.max(("chain", "draw")) - log_lik.min(("chain", "draw"))).to_numpy()
        steady = np.ones(80, bool) if all_plain else spread < np.log(2)
        found = psis_but(log_lik, steady)
        assert (found.k[steady] == -np.inf).all()
        assert np.isfinite(found.k[~steady]).all()
        sums.append(found.pointwise.sum())
        claimed.append(np.sqrt(np.square(found.added).sum()))
    assert sums[-1] == pytest.approx(psis(log_lik).pointwise.sum(), abs=4 * claimed[-1])
    assert 0.4 < np.std(sums, ddof=1) / np.mean(claimed) < 1.6
