"""Too sure by chance? Sound data are not called so, and probabilities that are too sure are."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.special import expit, logit
from scipy.stats import binomtest

from workflow.regression.chance import of_new_rows, of_rows_left_out
from workflow.regression.logistic import design, predictive
from workflow.regression.modes_left_out import modes
from workflow.scoring.by_chance import LIMIT, Chance

LEVEL_SD, SPREAD = 2.5, np.pi  # the default prior: r2 = .75 has the log-odds' sd 1.81 * sqrt(3)
RNG = np.random.default_rng(11)


def rows(n: int, k: int, times: float = 1) -> tuple[pd.DataFrame, pd.Series, np.ndarray]:
    """Return terms, outcomes with `times` the effects that the prior expects, and the prior's root.

    The terms are independent, so that of all directions each has the same spread.
    """
    terms = pd.DataFrame(RNG.normal(size=(n, k)), columns=[f"x{i}" for i in range(k)])
    root = SPREAD / np.sqrt(k) * np.eye(k)
    z = (terms - terms.mean()) / terms.std()
    b = times * RNG.normal(size=k + 1) * [LEVEL_SD, *[1] * k]
    y = (RNG.random(n) < expit(design(z, root) @ b)).astype(int)
    return terms, pd.Series(y), root


def near(terms: pd.DataFrame, outcome: pd.Series, root: np.ndarray, like: int) -> xr.Dataset:
    """Return draws of a Normal at the mode with its curvature, as a posterior of `like` rows."""
    fitted = terms.iloc[:like]
    x, y = design((fitted - fitted.mean()) / fitted.std(), root), outcome.to_numpy()[:like]
    weight = np.array([LEVEL_SD**-2, *[1] * terms.shape[1]])
    mode = modes(x, y[None].astype(float), weight)[0]
    p = expit(x @ mode)
    cov = np.linalg.inv((x.T * (p * (1 - p))) @ x + np.diag(weight))
    b = RNG.multivariate_normal(mode, cov, size=(2, 500))
    slope = b[..., 1:] @ root.T / fitted.std().to_numpy()
    intercept = b[..., 0] - slope @ fitted.mean().to_numpy()
    dims = ("chain", "draw")
    return xr.Dataset({"slope": ((*dims, "term"), slope), "intercept": (dims, intercept)})


def left_out(n: int, k: int, times: float = 1) -> Chance | None:
    """Return what is found of rows left out one at a time; nothing without five of each class."""
    terms, outcome, root = rows(n, k, times)
    if not 5 <= outcome.sum() <= n - 5:
        return None
    z = (terms - terms.mean()) / terms.std()
    about = near(terms, outcome, root, n), terms, outcome
    return of_rows_left_out(*about, z=z, root=root, level_sd=LEVEL_SD, seed=1)


def new(n: int, k: int, times: float = 1, *, later: float = 1) -> Chance | None:
    """Return what is found of n new rows after n that are fitted.

    What happens in them has the predicted log-odds, `later` times, if that is not 1.
    """
    terms, outcome, root = rows(2 * n, k, times)
    if not 5 <= outcome[:n].sum() <= n - 5:
        return None
    posterior = near(terms, outcome, root, n)
    p, y = predictive(posterior, terms.iloc[n:]), outcome.iloc[n:]
    if later != 1:
        y = (RNG.random(n) < expit(later * logit(p))).astype(int) + 0 * y
    return of_new_rows(posterior, terms.iloc[n:], y, p, seed=1)


def alarms(found: list[Chance | None]) -> tuple[int, int]:
    """Return how many are called too sure, of how many."""
    judged = [one for one in found if one is not None]
    return sum(one.too_sure for one in judged), len(judged)


@pytest.mark.parametrize("make", [left_out, new])
def test_sound_data_are_hardly_ever_called_too_sure(make) -> None:  # type: ignore[no-untyped-def]
    wrong, n = alarms([make(60, 3) for _ in range(20)])
    assert binomtest(wrong, n, LIMIT, alternative="greater").pvalue > 0.001


@pytest.mark.validate
@pytest.mark.parametrize("make", [left_out, new])
def test_sound_data_are_hardly_ever_called_too_sure_with_more_power(make) -> None:  # type: ignore[no-untyped-def]
    """Measured: see the docstring of `of_rows_left_out`."""
    for n, k in ((60, 3), (150, 8), (500, 10)):
        wrong, of = alarms([make(n, k) for _ in range(200)])
        assert binomtest(wrong, of, LIMIT, alternative="greater").pvalue > 0.001, (n, k)


def test_outcomes_that_follow_the_terms_less_than_fitted_are_seen() -> None:
    """New rows from elsewhere, with log-odds half as large, of seven such files."""
    found = [new(300, 3, later=0.5) for _ in range(7)]
    seen, n = alarms(found)
    assert n >= 1
    assert seen == n
    assert {one.cases for one in found if one} == {300}


def test_fits_that_know_nothing_are_seen() -> None:
    """Twelve terms in 150 rows that have nothing to do with the outcome."""
    found = [one for one in (left_out(150, 12, 0) for _ in range(12)) if one]
    small = sum(one.p(one.surer) < 0.05 for one in found)  # .05 and fewer of sound data
    assert binomtest(small, len(found), 0.05, alternative="greater").pvalue < 0.001
