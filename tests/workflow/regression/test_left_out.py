"""Rows left out one at a time: against quadrature of the exact posterior without each row."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.special import expit, logsumexp
from scipy.stats import norm

from models.logistic_regression import bernoulli
from tests.conftest import SEED
from workflow.deciding.costs import Stakes
from workflow.regression.left_out import LeftOut
from workflow.sampling.compiling import compile_nuts
from workflow.sampling.fit import data_of, sample_nuts
from workflow.scoring.calibration import brier, log_loss

X = np.array([-1.9, -1.4, -1.0, -0.6, -0.4, -0.1, 0.2, 0.5, 0.8, 1.1, 1.5, 4.0])
Y = np.array([0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0])  # the last row alone holds the slope down
TERMS, OUTCOME = pd.DataFrame({"x": X}), pd.Series(Y)
STAKES = Stakes(miss=2, false_alarm=1, prevalence=0.5, fitted=5 / 12)
OPTIONS = ("follow", "everyone", "no one")
LEVEL_SD, SPREAD = 2.5, np.pi  # the sd of the one slope too, for one sd
POINTS = 801


def exact() -> tuple[np.ndarray, np.ndarray]:
    """Return log P(what happened) of each row given the others, and draws (level, beta)."""
    z = (X - X.mean()) / X.std(ddof=1)
    level, beta = np.meshgrid(np.linspace(-9, 9, POINTS), np.linspace(-10, 14, POINTS))
    odds = level[..., None] + beta[..., None] * z
    each = -np.logaddexp(0, np.where(Y == 1, -1, 1) * odds)
    prior = norm(0, LEVEL_SD).logpdf(level) + norm(0, SPREAD).logpdf(beta)
    whole = each.sum(axis=2) + prior
    lpd = [logsumexp(whole) - logsumexp(whole - each[..., i]) for i in range(len(Y))]
    weights = np.exp(whole - logsumexp(whole)).ravel()
    at = np.random.default_rng(SEED).choice(weights.size, size=(4, 1000), p=weights / weights.sum())
    return np.array(lpd), np.stack([level.ravel()[at], beta.ravel()[at]])


EXACT, (LEVEL, BETA) = exact()


def posterior(times: float = 1) -> xr.Dataset:
    """Return exact draws as a posterior, their slopes times a number."""
    slope = times * BETA / X.std(ddof=1)
    dims = ("chain", "draw")
    found = {
        "intercept": (dims, LEVEL - slope * X.mean()),
        "slope": ((*dims, "term"), slope[..., None]),
    }
    return xr.Dataset(found, coords={"term": ["x"]})


def rows() -> LeftOut:
    return LeftOut(OUTCOME, TERMS, STAKES, OPTIONS)


def test_probabilities_are_those_without_the_row() -> None:
    """From exact draws; where the error is not known the draws do not tell it."""
    found = rows().elpd(posterior())
    known = np.isfinite(found.errors)
    assert known.sum() >= 11
    assert (np.abs(found.pointwise - EXACT) < 4 * found.errors)[known].all()
    p = rows().probabilities(posterior())
    assert p == pytest.approx(np.where(Y == 1, np.exp(found.pointwise), -np.expm1(found.pointwise)))


def test_rows_with_gaps_are_judged_by_the_terms_that_they_have() -> None:
    """Two have no x, of which is known that it is standard normal: by quadrature without each row.

    The draws are exact. A row without its x is as probable as the mean over what it may be.
    """
    gaps, seen = [2, 9], np.delete(X, [2, 9])
    z = (X - seen.mean()) / seen.std(ddof=1)
    level, beta = np.meshgrid(np.linspace(-9, 9, 241), np.linspace(-10, 14, 241))
    at, weights = np.polynomial.hermite_e.hermegauss(40)
    each = np.empty((*level.shape, len(Y)))
    for row in range(len(Y)):
        places, share = (at, weights) if row in gaps else (z[[row]], np.ones(1))
        odds = level[..., None] + beta[..., None] * places
        happened = expit(odds if Y[row] else -odds)
        each[..., row] = np.log(happened @ share / share.sum())
    prior = norm(0, LEVEL_SD).logpdf(level) + norm(0, SPREAD).logpdf(beta)
    whole = each.sum(axis=2) + prior
    lpd = [logsumexp(whole) - logsumexp(whole - each[..., row]) for row in range(len(Y))]
    p = np.exp(whole - logsumexp(whole)).ravel()
    drawn = np.random.default_rng(SEED).choice(p.size, size=(4, 1000), p=p / p.sum())
    slope, dims = beta.ravel()[drawn] / seen.std(ddof=1), ("chain", "draw")
    found = {
        "intercept": (dims, level.ravel()[drawn] - slope * seen.mean()),
        "slope": ((*dims, "term"), slope[..., None]),
        "fill_level": ((*dims, "filled"), np.zeros((*drawn.shape, 1))),
        "fill_sd": ((*dims, "filled"), np.ones((*drawn.shape, 1))),
    }
    terms = TERMS.copy()
    terms.iloc[gaps, 0] = np.nan
    judged = LeftOut(OUTCOME, terms, STAKES, OPTIONS, terms.fillna(0.0))
    elpd = judged.elpd(xr.Dataset(found, coords={"term": ["x"], "filled": ["x"]}))
    known = np.isfinite(elpd.errors)
    assert known[gaps].all()
    assert (np.abs(elpd.pointwise - lpd)[known] < 4 * elpd.errors[known]).all()


def test_rows_that_are_not_sure_are_refitted() -> None:
    """By the compiled model, to within four errors of the exact numbers, for every row."""
    model = bernoulli(TERMS, OUTCOME)
    compiled, data = compile_nuts(model), data_of(model)
    lengths = {"draws": 1000, "tune": 500, "chains": 4, "seed": SEED}
    draws = sample_nuts(compiled, data, **lengths)["posterior"].to_dataset()
    judged = rows()
    before = judged.elpd(draws)
    found = judged.refit(compiled, data, draws, draws=400, chains=4, seed=SEED)
    assert found.refitted == (before.k > found.good_k).sum() > 0
    assert np.isfinite(found.errors).all()
    assert (np.abs(found.pointwise - EXACT) < 4 * found.errors).all()
    assert judged.elpd(draws) is found


def test_scores_and_costs_are_those_of_the_probabilities() -> None:
    judged, own = rows(), posterior()
    elpd = judged.elpd(own)
    judged.found[next(iter(judged.found))] = replace(elpd, errors=np.full(12, 0.01))
    p, found = judged.probabilities(own), judged.measure(own)
    assert found["log_loss"].value == pytest.approx(log_loss(Y, p))
    assert found["log_loss"].mcse == pytest.approx(elpd.shared * 0.01 / np.sqrt(12))
    assert found["brier_score"].value == pytest.approx(brier(Y, p))
    missed, alarms = (p < STAKES.cut) & (Y == 1), (p >= STAKES.cut) & (Y == 0)
    by_hand = 2 * 0.5 * missed.sum() / 5 + 0.5 * alarms.sum() / 7
    assert judged.costs(own)["follow"].value == pytest.approx(by_hand)
    assert judged.told_apart(own, p).area.draws is None


def test_what_no_row_tells_is_not_judged_under_another_prior() -> None:
    """Errors that are not known: two options are tenable, and of another prior nothing is said."""
    judged, own = replace(rows(), stakes=replace(STAKES, miss=0.8)), posterior()
    elpd = judged.elpd(own)
    judged.found[next(iter(judged.found))] = replace(elpd, errors=np.full(12, np.inf))
    assert len(judged.cheapest(own)) > 1
    assert judged.cheapest(own.assign_attrs(prior={"r2": 0.5})) == ()
    assert np.isnan(judged.measure(own)["log_loss"].value)
    judged.found[next(iter(judged.found))] = replace(elpd, errors=np.full(12, 1e-6))
    assert len(judged.cheapest(own.assign_attrs(prior={"r2": 0.5}))) == 1


def test_each_posterior_is_judged_by_its_own_draws() -> None:
    judged = rows()
    one, other = (judged.probabilities(posterior(times)) for times in (1, 0.1))
    assert np.abs(one - other).max() > 0.1
    assert len(judged.found) == 2


def test_steady_rows_have_the_error_of_their_mean() -> None:
    """Of rows that all draws hold for nearly sure: the scatter over 200 sets is what is claimed."""
    rng = np.random.default_rng(2)
    judged = LeftOut(pd.Series([1]), pd.DataFrame({"x": [0.0]}), STAKES, OPTIONS)
    values, claimed = [], []
    for _ in range(200):
        level = rng.normal([[2.0]], 0.3, size=(4, 100))
        slope = np.zeros((4, 100, 1))
        dims = ("chain", "draw")
        draws = xr.Dataset(
            {"intercept": (dims, level), "slope": ((*dims, "term"), slope)}, {"term": ["x"]}
        )
        found = judged.elpd(draws)
        assert found.k[0] == -np.inf
        values.append(found.pointwise[0])
        claimed.append(found.errors[0])
    assert np.sqrt(np.mean(np.square(claimed))) == pytest.approx(np.std(values), rel=0.2)
    fine = np.linspace(-8, 8, 2001)
    weights = norm.pdf(fine) / norm.pdf(fine).sum()
    harmonic = -np.log(weights @ (1 / expit(2 + 0.3 * fine)))
    assert np.mean(values) == pytest.approx(harmonic, abs=4 * np.std(values) / np.sqrt(200))
