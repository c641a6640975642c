"""Groups of rows: the posterior and leave-one-out without draws, given the sds in closed form."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
import xarray as xr
from arviz_stats import loo as arviz_loo
from scipy import stats
from scipy.special import logsumexp

from data.linear_regression import load
from models.linear_regression import gaussian
from tests.conftest import SEED
from tests.regression import scales
from workflow.checking.checks import posterior_check
from workflow.quantities import summarise
from workflow.regression import gaussian as noises, gaussian_loo, grouped
from workflow.regression.hanging import hanging
from workflow.regression.regression import explained, linear_predictor
from workflow.regression.residuals import predicted_from
from workflow.sampling.fit import data_of, fit_nuts

SLEEP = Path(__file__).parents[2] / "own_data/sleepstudy.csv"
FOUND = load(SLEEP, "reaction ~ days + (1 | subject)")
TERMS, Y = FOUND.terms, FOUND.outcome
OF_ROW = FOUND.groups.of_row if FOUND.groups else pd.Series()
SCALES = scales(TERMS, Y)
GRID = 61  # of each sd


@cache
def fitted() -> xr.DataTree:
    return fit_nuts(gaussian(TERMS, Y, OF_ROW), draws=2000, seed=SEED)


class Exact(NamedTuple):
    """By place of the grid: weight, mean and sd of (level, beta, offsets / s); and elpd by row."""

    tau: np.ndarray
    between: np.ndarray
    weight: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    left_out: np.ndarray


@cache
def exact() -> Exact:
    """Quadrature over both sds; given these, all is Gaussian (in sds of the outcome).

    Prior: level and theta Normal(0, 1) with spread 1 (r2 .5), offsets Normal(0, group_tau).
    """
    z, y = SCALES.z(TERMS), (Y.to_numpy() - SCALES.m) / SCALES.s
    spread = 1 / np.sqrt((z**2).sum() / (len(z) - 1))  # of one term alone: the axis is 1 / its sd
    who = OF_ROW.to_numpy()[:, None] == np.unique(OF_ROW)
    x = np.column_stack([np.ones(len(y)), z * spread, who]).astype(float)
    taus = np.exp(np.linspace(np.log(0.42), np.log(0.74), GRID))
    betweens = np.exp(np.linspace(np.log(0.3), np.log(2.2), GRID))
    rows: list[list] = [[], [], [], [], [], []]
    for tau in taus:
        for between in betweens:
            prior = np.concatenate([[1.0, 1.0], np.full(who.shape[1], between)])
            a = x * prior
            inner = np.eye(len(prior)) + a.T @ a / tau**2
            cov = np.linalg.inv(inner)
            mean = cov @ (a.T @ y) / tau**2
            log_y = -0.5 * (
                len(y) * np.log(2 * np.pi * tau**2)
                + np.linalg.slogdet(inner)[1]
                + (y @ y - y @ a @ mean) / tau**2
            )
            log_p = log_y + stats.gamma(2, scale=0.5).logpdf(tau) + stats.halfnorm.logpdf(between)
            leverage = np.einsum("ij,jk,ik->i", a, cov, a) / tau**2
            left = (y - a @ mean) / (1 - leverage)
            by_row = stats.norm(0, tau / np.sqrt(1 - leverage)).logpdf(left)
            own = prior * np.concatenate([[1, spread], np.ones(who.shape[1])])
            found = (tau, between, log_p + np.log(tau * between), own * mean)
            for at, one in zip(rows, (*found, own * np.sqrt(np.diag(cov)), by_row), strict=True):
                at.append(one)
    tau, between, log_w, mean, sd, by_row = (np.array(one) for one in rows)
    weight = np.exp(log_w - logsumexp(log_w))
    # p(y[i] | the rest) is the harmonic mean of the densities given both sds.
    rest = logsumexp(log_w[:, None] - by_row, axis=0)
    return Exact(tau, between, weight, mean, sd, logsumexp(log_w) - rest)


def moments_of(values: np.ndarray, within: np.ndarray) -> tuple[float, float]:
    weight = exact().weight
    mean = weight @ values
    return float(mean), float(np.sqrt(weight @ (within**2 + (values - mean) ** 2)))


def test_the_grid_holds_the_posterior() -> None:
    """What lies at its edges has next to no weight."""
    weight = exact().weight.reshape(GRID, GRID)
    edges = weight[[0, -1]].sum() + weight[:, [0, -1]].sum()
    assert edges < 1e-5


def test_the_draws_are_those_of_the_exact_posterior() -> None:
    found, s, zero = summarise(fitted()["posterior"].to_dataset()), SCALES.s, np.zeros(GRID**2)
    labels = np.unique(OF_ROW)
    wanted = {
        "tau": moments_of(exact().tau, zero),
        "group_tau": moments_of(exact().between, zero),
        "level": moments_of(exact().mean[:, 0], exact().sd[:, 0]),
        "beta[days]": moments_of(exact().mean[:, 1], exact().sd[:, 1]),
    }
    for i, label in enumerate(labels):
        mean, sd = moments_of(exact().mean[:, 2 + i], exact().sd[:, 2 + i])
        wanted[f"offset[{label}]"] = s * mean, s * sd
    for name, (mean, sd) in wanted.items():
        q = found[name]
        assert q.mean is not None
        assert abs(q.mean - mean) < 4 * (q.mcse_mean or 0), name
        assert q.sd is not None
        assert abs(q.sd / sd - 1) < 4 / np.sqrt(2 * min(q.ess_bulk, q.ess_tail)), name


def test_leave_one_out_of_known_groups_is_exact() -> None:
    """By Pareto-smoothed importance sampling of the draws, which knows each row's offset."""
    found = arviz_loo(fitted(), pointwise=True)
    mine = exact().left_out - np.log(SCALES.s)
    assert float(found.pareto_k.max()) < 0.7
    assert np.abs(found.elpd_i.to_numpy() - mine).max() < 0.1
    assert float(found.elpd) == pytest.approx(mine.sum(), abs=0.5)


def test_the_exact_leave_one_out_integrates_over_both_sds() -> None:
    data = data_of(gaussian(TERMS, Y, OF_ROW))
    found = gaussian_loo.elpd(data, list(TERMS.index))
    assert found.pointwise == pytest.approx(exact().left_out - np.log(SCALES.s), abs=1e-4)
    some = gaussian_loo.elpd(data, list(TERMS.index), np.array([3, 50]))
    assert some.pointwise == pytest.approx(found.pointwise[[3, 50]], abs=1e-6)


def test_both_models_of_sleepstudy_are_those_of_lme4() -> None:
    """REML as lme4 prints it: (1 | Subject), and (Days | Subject), from which the issue quotes.

    The posterior is that of the first, but for what the priors move: the intercept by less than a
    tenth of its standard error, the sd between groups up (REML takes the mode).
    """
    table = pd.read_csv(SLEEP)
    one, both = (
        smf.mixedlm("reaction ~ days", table, groups="subject", re_formula=terms).fit(reml=True)
        for terms in (None, "~days")
    )
    assert one.fe_params.to_numpy() == pytest.approx([251.405, 10.467], abs=1e-3)
    assert one.bse_fe.to_numpy() == pytest.approx([9.747, 0.804], abs=1e-3)
    assert np.sqrt([one.scale, one.cov_re.iloc[0, 0]]) == pytest.approx([30.991, 37.124], abs=2e-3)
    assert both.bse_fe.to_numpy() == pytest.approx([6.825, 1.546], abs=1e-3)
    assert np.sqrt(both.scale) == pytest.approx(25.592, abs=1e-3)
    found = summarise(fitted()["posterior"].to_dataset())
    published = {"intercept": (251.405, 9.747), "slope[days]": (10.467, 0.804)}
    for name, (mean, sd) in published.items():
        q = found[name]
        assert abs((q.mean or 0) - mean) < 0.1 * sd + 4 * (q.mcse_mean or 0), name
        assert 0.95 < (q.sd or 0) / sd < 1.15, name
    assert abs(found["sigma"].median - 30.991) < 0.3
    assert 37.124 < found["group_sd"].median < 41


def test_the_linear_predictor_knows_the_group_of_each_row() -> None:
    posterior = fitted()["posterior"].to_dataset()
    some = TERMS.iloc[[5, 100, 3]]
    found = linear_predictor(posterior, some).transpose("chain", "draw", "row").to_numpy()
    draw = posterior.isel(chain=1, draw=7)
    for i, (line, row) in enumerate(some.iterrows()):
        by_hand = draw["intercept"] + draw["slope"].item() * row["days"]
        by_hand = by_hand + draw["offset"].sel(group=OF_ROW[line])
        assert found[1, 7, i] == pytest.approx(float(by_hand))
    middle = linear_predictor(posterior, pd.DataFrame({"days": [4.5]}, ["the average"]))
    line = posterior["intercept"] + 4.5 * posterior["slope"].isel(term=0)
    assert middle.to_numpy().ravel() == pytest.approx(line.to_numpy().ravel())
    with pytest.raises(KeyError, match="1 of 2 rows are none of the fit"):
        linear_predictor(posterior, TERMS.iloc[:2].set_axis([2, 99_999]))


def test_r2_has_the_groups_among_the_predictions() -> None:
    posterior = fitted()["posterior"].to_dataset().isel(draw=slice(0, 50))
    mu = linear_predictor(posterior, TERMS).transpose("chain", "draw", "row").to_numpy()
    variance, noise = mu.var(axis=-1, ddof=1), posterior["sigma"].to_numpy() ** 2
    found = explained(posterior, TERMS, posterior["sigma"]).to_numpy()
    assert found == pytest.approx(variance / (variance + noise))


def test_rows_left_out_are_predicted_with_their_group() -> None:
    """Given the sds, by refits of all other rows with the offsets as coefficients of a known sd."""
    posterior = fitted()["posterior"].to_dataset()
    root = np.array([[0.7]])
    wide, roots = grouped.with_columns(posterior, TERMS, root)
    between, variance = float(posterior["group_sd"].median()), 900.0
    left = noises.left_out(wide, Y, roots, variance)
    sd = np.concatenate([[1e6, 0.7], np.full(18, between)])
    z = (wide - wide.mean()) / np.where(wide.isin((0, 1)).all(), 1, wide.std())
    for i in (0, 77, 179):
        x = np.delete(np.column_stack([np.ones(180), z]), i, axis=0)
        y = np.delete(Y.to_numpy() - Y.mean(), i)
        b = np.linalg.solve(x.T @ x / variance + np.diag(sd**-2), x.T @ y / variance)
        predicted = b[0] + z.iloc[i].to_numpy() @ b[1:]
        assert left[i] == pytest.approx(Y.iloc[i] - Y.mean() - predicted, rel=1e-4)


def test_slopes_that_differ_are_found_and_those_that_do_not_are_not() -> None:
    """Sleepstudy's do (their sd is 5.9); those of rows simulated from one slope pass in most."""

    def p(tree: xr.DataTree, rows: pd.DataFrame) -> float:
        (one,) = posterior_check(tree, "y", grouped.slopes_differ(predicted_from(tree), rows))
        return one.p

    assert p(fitted(), TERMS) < 0.001
    drawn, found = fitted()["posterior_predictive"]["y"], []
    for k in range(20):
        other = fitted().copy()
        y = drawn.isel(chain=0, draw=50 * k, drop=True)
        other["observed_data"] = xr.Dataset({"y": y})
        found.append(p(other, TERMS))
    assert 0.2 < np.mean(found) < 0.8
    assert sum(one < 0.01 for one in found) <= 2


def test_the_statistic_is_that_of_a_regression_in_each_group() -> None:
    rng = np.random.default_rng(6)
    groups = np.repeat(range(5), [3, 4, 6, 5, 1])
    x = pd.DataFrame({"x": rng.normal(size=19), "same": groups.astype(float)})
    left = rng.normal(size=19)
    within = grouped.slopes_within(groups, x)
    assert set(within) == {"x"}
    slopes, sizes = [], []
    for g in range(4):
        at = groups == g
        slopes.append(np.polyfit(x["x"][at], left[at], 1)[0])
        sizes.append(x["x"][at].var(ddof=0) * at.sum())
    common = np.average(slopes, weights=sizes)
    by_hand = np.dot(sizes, (np.array(slopes) - common) ** 2) / 3
    assert within["x"].explained(left[None])[0] == pytest.approx(by_hand)


def test_a_row_that_decides_is_found_within_its_group() -> None:
    """One row a thousand off, of the last day: the slope hangs on it; of the true data on none."""
    assert not hanging(fitted()["posterior"].to_dataset(), TERMS, Y).terms
    y = Y.copy()
    y.iloc[9] += 3000
    tree = fit_nuts(gaussian(TERMS, y, OF_ROW), draws=500, seed=SEED)
    assert hanging(tree["posterior"].to_dataset(), TERMS, y).moved["days"][0] == 11
