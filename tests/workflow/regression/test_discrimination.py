"""AUC, its intervals, errors and gains, against scikit-learn, scipy and a formula by hand."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.special import logit
from scipy.stats import beta, mannwhitneyu, norm
from sklearn.metrics import confusion_matrix, roc_auc_score, roc_curve

from workflow.regression import discrimination
from workflow.regression.discrimination import Share

RNG = np.random.default_rng(5)
Y = RNG.integers(0, 2, 80)
P = np.round(1 / (1 + np.exp(-RNG.normal(Y - 0.5, 1.5))), 2)  # with ties


def test_the_area_is_that_of_scikit_learn_and_of_mann_and_whitney() -> None:
    found = discrimination.auc(Y, P)
    assert found == pytest.approx(roc_auc_score(Y, P))
    u = mannwhitneyu(P[Y == 1], P[Y == 0]).statistic
    assert found == pytest.approx(u / ((Y == 1).sum() * (Y == 0).sum()))


def test_the_interval_is_delongs_by_pairs() -> None:
    """His variance is that of the share of pairs won, by row of either class."""
    won = (P[Y == 1][:, None] > P[Y == 0]) + (P[Y == 1][:, None] == P[Y == 0]) / 2
    variance = won.mean(axis=1).var(ddof=1) / len(won) + won.mean(axis=0).var(ddof=1) / won.shape[1]
    low, high = discrimination.area_interval(Y, P)
    away = norm.ppf(0.975) * np.sqrt(variance) / (won.mean() * (1 - won.mean()))
    assert logit([low, high]) == pytest.approx(logit(won.mean()) + np.array([-away, away]))


def test_an_area_of_one_has_an_interval_too() -> None:
    y = np.array([0] * 5 + [1] * 3)
    low, high = discrimination.area_interval(y, np.arange(8) / 8)
    assert [low, high] == pytest.approx([0.025 ** (1 / 3), 1])
    low, high = discrimination.area_interval(y, -np.arange(8) / 8)
    assert [low, high] == pytest.approx([0, 1 - 0.025 ** (1 / 3)])


def test_errors_and_gains_are_those_of_scikit_learn() -> None:
    terms = pd.DataFrame({"x": logit(np.clip(P, 0.01, 0.99))})
    slopes = np.ones((2, 10, 1))
    posterior = xr.Dataset({"slope": (("chain", "draw", "term"), slopes)})
    ends = discrimination.area_by_draw(posterior, pd.Series(Y), terms)
    found = discrimination.discriminate(pd.Series(Y), P, 0.4, ends)
    (tn, fp), (fn, tp) = confusion_matrix(Y, P >= 0.4)
    assert (found.sensitivity.k, found.errors.missed) == (tp, fn)
    assert (found.specificity.k, found.errors.false_alarms) == (tn, fp)
    false_rate, true_rate, _ = roc_curve(Y, P, drop_intermediate=False)
    acted, caught = found.gains.T
    assert caught == pytest.approx(true_rate)
    assert acted == pytest.approx((true_rate * Y.sum() + false_rate * (1 - Y).sum()) / len(Y))
    # All draws are the same, and order rows as P does but at its ends.
    assert found.area.draws == ends
    assert ends[0] == ends[1] == pytest.approx(roc_auc_score(Y, terms["x"]))


def test_shares_stay_between_none_and_all() -> None:
    assert Share(0, 9).ends[0] == 0
    assert Share(9, 9).ends[1] == 1
    assert beta(9.5, 0.5).cdf(Share(9, 9).ends[0]) == pytest.approx(0.025)
