"""Functions drawn from what is known, against scikit-learn's joint distribution of them."""

import numpy as np
import pytest
import xarray as xr
from scipy import stats
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern

from models._threads import one_thread
from tests.conftest import SEED
from tests.workflow.functions.test_surrogate import LENGTH, LEVEL, MEAN, SIGMA, SIGMA_F, X, Y, tried
from workflow.functions import thompson
from workflow.functions.trials import Search

one_thread()
Z = np.random.default_rng(5).normal(size=(9, 3))
N = 2000


def posterior(draws: int = 2) -> xr.Dataset:
    """Return draws that are all the same."""
    shape = (1, draws)
    return xr.Dataset(
        {
            "log_length": (("chain", "draw", "column"), np.full((*shape, 3), np.log(LENGTH))),
            "sigma_f": (("chain", "draw"), np.full(shape, SIGMA_F)),
            "sigma": (("chain", "draw"), np.full(shape, SIGMA)),
        }
    )


def known() -> tuple[np.ndarray, np.ndarray]:
    """Return mean and covariance of the function at Z, by scikit-learn."""
    kernel = ConstantKernel(LEVEL**2) + ConstantKernel(SIGMA_F**2) * Matern(LENGTH, nu=2.5)
    other = GaussianProcessRegressor(kernel, alpha=SIGMA**2, optimizer=None).fit(X, Y - MEAN)
    mean, cov = other.predict(Z, return_cov=True)
    return mean + MEAN, cov


def test_functions_have_the_mean_and_covariance_of_what_is_known() -> None:
    """Of 2,000: sums of squares after whitening by the covariance that scikit-learn has."""
    rng, given = np.random.default_rng(SEED), tried().given(LENGTH, SIGMA_F, SIGMA)
    drawn = np.array([given.drawn(Z, rng) for _ in range(N)])
    mean, cov = known()
    z = np.linalg.solve(np.linalg.cholesky(cov), (drawn - mean).T)
    assert np.abs(z.mean(axis=1)).max() < 4.5 / np.sqrt(N)
    products = z @ z.T / N - np.eye(len(Z))
    error = np.sqrt(1 + np.eye(len(Z))) / np.sqrt(N)
    assert np.abs(products / error).max() < 4.5


@pytest.mark.parametrize("sign", [1, -1])
def test_a_setting_is_chosen_as_often_as_it_is_the_best(sign: int) -> None:
    search = Search(tried(), Z, 0.1, sign)
    seen, _ = search.seen(posterior())
    chosen = [
        thompson.by_functions(search, posterior(), seen, 1, seed=seed)[0][0].at
        for seed in range(N // 3)
    ]
    mean, cov = known()
    many = np.random.default_rng(1).multivariate_normal(mean, cov, 200_000)
    of = np.bincount((sign * many).argmax(axis=1), minlength=len(Z)) / len(many)
    counts = np.bincount(chosen, minlength=len(Z))
    likely = of * len(chosen) >= 5
    both = [[*one[likely], one[~likely].sum()] for one in (counts, of * len(chosen))]
    used = np.array(both)[:, np.array(both[1]) > 0]
    assert stats.chisquare(*used).pvalue > 1e-4
    assert counts.argmax() == of.argmax()


def test_a_batch_is_of_different_settings_each_the_best_of_those_left() -> None:
    search = Search(tried(), Z, 0.1)
    seen, _ = search.seen(posterior())
    trials, functions = thompson.by_functions(search, posterior(), seen, 20, seed=1)
    assert sorted(trial.at for trial in trials) == list(range(len(Z)))
    for i, (trial, one) in enumerate(zip(trials, functions, strict=True)):
        assert trial.at == one.best
        assert set(one.at) == {*range(len(Z))} - {before.at for before in trials[:i]}
        assert one.value == one.values.max()
        assert trial.improvement.value == seen.improvement[trial.at]


def test_of_many_settings_those_are_drawn_that_can_be_the_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(thompson, "MOST", 4)
    search = Search(tried(), Z, 0.1)
    seen, _ = search.seen(posterior())
    _, (one, *_) = thompson.by_functions(search, posterior(), seen, 1, seed=1)
    mean, cov = known()
    reach = mean + thompson.WIDE * np.sqrt(np.diag(cov))
    assert set(one.at) == set(np.argsort(-reach)[:4])
    assert one.mean == pytest.approx(mean[one.at], abs=1e-8)
