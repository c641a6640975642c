"""Predictions of new rows and counts, against numpy on the draws, scipy, statsmodels, sklearn."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import xarray as xr
from scipy import optimize, stats
from scipy.integrate import quad
from scipy.special import expit
from sklearn.naive_bayes import BernoulliNB

from workflow.deciding.costs import Stakes
from workflow.predicting import bernoulli, classes, counts, linear
from workflow.predicting.draws import flat
from workflow.predicting.hull import hull_of

RNG = np.random.default_rng(14)
N, S = 60, (4, 1000)
X = pd.DataFrame(RNG.normal([5, -2], [1, 3], size=(N, 2)), columns=["a", "b"])
Y = 3 + 2 * X["a"] - X["b"] + RNG.normal(scale=1.5, size=N)
NEW = pd.DataFrame({"a": [5.0, 9.0, 5.0], "b": [-2.0, 8.0, 0.0]}, index=[2, 3, 4])
CENTRE = X.mean().to_numpy()


def exact_draws() -> xr.Dataset:
    """The posterior under the flat prior, p(b, log sigma) constant, drawn exactly."""
    design = sm.add_constant(X)
    fit = sm.OLS(Y, design).fit()
    n = S[0] * S[1]
    sigma = np.sqrt(fit.df_resid * fit.scale / RNG.chisquare(fit.df_resid, n))
    root = np.linalg.cholesky(np.linalg.inv(design.T @ design))
    b = fit.params.to_numpy() + sigma[:, None] * (RNG.normal(size=(n, 3)) @ root.T)
    return xr.Dataset(
        {
            "intercept": (("chain", "draw"), b[:, 0].reshape(S)),
            "slope": (("chain", "draw", "term"), b[:, 1:].reshape(*S, 2)),
            "sigma": (("chain", "draw"), sigma.reshape(S)),
        }
    )


GAUSSIAN = exact_draws()


def test_gaussian_intervals_are_those_of_statsmodels() -> None:
    """Under the flat prior the prediction interval of least squares is the posterior's."""
    found = linear.predict(GAUSSIAN, NEW, CENTRE, seed=1)
    fit = sm.OLS(Y, sm.add_constant(X)).fit()
    theirs = fit.get_prediction(sm.add_constant(NEW, has_constant="add")).summary_frame()
    error = found["sd_parameters"] / np.sqrt(GAUSSIAN["sigma"].size)
    assert (abs(found["mean"] - theirs["mean"].to_numpy()) < 4 * error).all()
    for mine, other in (("lower", "obs_ci_lower"), ("upper", "obs_ci_upper")):
        assert (abs(found[mine] - theirs[other].to_numpy()) < 4 * found["mcse"]).all()
    assert (found["mcse"] < 0.08 * found["sd"]).all()


def test_moments_are_those_of_the_draws_and_squares_add_up() -> None:
    found = linear.predict(GAUSSIAN, NEW, CENTRE, seed=1)
    mu = flat(GAUSSIAN, "intercept")[:, None] + flat(GAUSSIAN, "slope") @ NEW.to_numpy().T
    assert found["mean"].to_numpy() == pytest.approx(mu.mean(axis=0), rel=1e-12)
    assert found["sd_parameters"].to_numpy() == pytest.approx(mu.std(axis=0), rel=1e-9)
    assert found["sd_noise"].to_numpy() == pytest.approx(
        float((GAUSSIAN["sigma"] ** 2).mean() ** 0.5)
    )
    assert (found["sd"] ** 2).to_numpy() == pytest.approx(
        (found["sd_parameters"] ** 2 + found["sd_noise"] ** 2).to_numpy()
    )


@pytest.mark.parametrize("nu", [None, 3.0])
def test_the_interval_is_the_quantiles_of_the_mixture(nu: float | None) -> None:
    """Solved for in the mean of the draws' distribution functions, without simulation."""
    posterior = GAUSSIAN
    if nu is not None:
        posterior = GAUSSIAN.rename(sigma="scale").assign(nu=xr.full_like(GAUSSIAN["sigma"], nu))
    found = linear.predict(posterior, NEW, CENTRE, seed=1)
    mu = flat(posterior, "intercept")[:, None] + flat(posterior, "slope") @ NEW.to_numpy().T
    sd = flat(GAUSSIAN, "sigma")
    noise = stats.norm() if nu is None else stats.t(nu)
    for at, row in enumerate(found.itertuples()):
        for p, end in ((0.025, row.lower), (0.975, row.upper)):
            exact = optimize.brentq(
                lambda y, p=p, at=at: noise.cdf((y - mu[:, at]) / sd).mean() - p, -200, 200
            )
            assert end == pytest.approx(exact, abs=4 * row.mcse)


def test_tails_without_an_sd_have_an_interval_and_none() -> None:
    """Draws of nu down to 2: their noise's variance is infinite, and nobody can tell the mean."""
    heavy = 2 + RNG.exponential(0.05, S)
    posterior = GAUSSIAN.rename(sigma="scale").assign(nu=(("chain", "draw"), heavy))
    found = linear.predict(posterior, NEW, CENTRE, seed=1)
    assert found[["sd", "sd_noise"]].isna().all(axis=None)
    assert found[["mean", "sd_parameters", "lower", "upper", "mcse"]].notna().all(axis=None)
    light = posterior.assign(nu=xr.full_like(posterior["nu"], 8.0))
    told = linear.predict(light, NEW, CENTRE, seed=1)
    expected = float(np.sqrt((posterior["scale"] ** 2).mean() * 8 / 6))
    assert told["sd_noise"].to_numpy() == pytest.approx(expected)


def test_the_same_rows_get_the_same_numbers_whatever_else_is_asked() -> None:
    whole = linear.predict(GAUSSIAN, NEW, CENTRE, seed=1)
    alone = linear.predict(GAUSSIAN, NEW.iloc[[1]], CENTRE, seed=1)
    assert alone.iloc[0].to_numpy() == pytest.approx(whole.iloc[1].to_numpy(), rel=1e-12)
    assert linear.predict(GAUSSIAN, NEW.iloc[:0], CENTRE, seed=1).empty


def test_a_probability_is_the_mean_over_the_draws_and_its_interval_the_quantiles() -> None:
    posterior = GAUSSIAN.assign(slope=GAUSSIAN["slope"] / 5)
    found = bernoulli.predict(posterior, NEW, CENTRE)
    eta = flat(posterior, "intercept")[:, None] + flat(posterior, "slope") @ NEW.to_numpy().T
    p = expit(eta)
    assert found["probability"].to_numpy() == pytest.approx(p.mean(axis=0), rel=1e-9)
    for end, tail in (("lower", 0.025), ("upper", 0.975)):
        by_numpy = np.quantile(p, tail, axis=0, method="higher")
        assert found[end].to_numpy() == pytest.approx(by_numpy, rel=1e-9)


def test_the_decision_costs_least_at_the_prevalence() -> None:
    """By hand: prior odds exchanged from 1/2 to .1, so p = .5 is .1 there; a miss costs 20."""
    stakes = Stakes(miss=20, false_alarm=1, prevalence=0.1, fitted=0.5)
    p = pd.DataFrame({"probability": [0.5, 0.2, stakes.cut], "mcse": [0.001, 0.001, 0.001]})
    found = bernoulli.decide(p, stakes, "refer")
    assert list(found["decision"]) == ["refer", "do not refer", "refer"]
    assert found["probability_there"][0] == pytest.approx(0.1)
    assert found["expected_cost"][0] == pytest.approx(0.9)
    assert found["cost_otherwise"][0] == pytest.approx(2.0)
    assert (found["expected_cost"] <= found["cost_otherwise"] + 1e-12).all()
    assert list(found["open"]) == [False, False, True]


def test_the_next_conversions_are_beta_binomial() -> None:
    """Of 200,000 draws of a Beta posterior; the quantiles are within one of scipy's."""
    rate, n = RNG.beta(31, 71, 200_000), 500
    found, exact = counts.next_events(rate, n, seed=1), stats.betabinom(n, 31, 71)
    assert found.mean == pytest.approx(exact.mean(), abs=4 * exact.std() / np.sqrt(len(rate)))
    assert found.sd == pytest.approx(exact.std(), rel=0.01)
    assert abs(found.lower - exact.ppf(0.025)) <= 1
    assert abs(found.upper - exact.ppf(0.975)) <= 1
    assert counts.next_events(np.zeros(10), 3, seed=1).upper == 0
    assert counts.next_events(np.ones(10), 3, seed=1).lower == 3


def test_clusters_spread_the_next_conversions_by_their_design_effect() -> None:
    """40 clusters of 10 with correlation .3, simulated: a known rate, 3.7 times the variance."""
    effect = counts.design_effect(10, 0.3)
    found = counts.next_events(np.full(4000, 0.3), 400, effect=effect, seed=1)
    size = (1 - 0.3) / 0.3
    drawn = RNG.binomial(10, RNG.beta(0.3 * size, 0.7 * size, (20_000, 40))).sum(axis=1)
    assert effect == pytest.approx(3.7)
    assert found.sd == pytest.approx(drawn.std(), rel=4 / np.sqrt(2 * 20_000))
    for end, p in ((found.lower, 0.025), (found.upper, 0.975)):
        error = drawn.std() * np.sqrt(0.025 * 0.975 / 4000) / 0.0584  # of 4,000 draws
        assert end == pytest.approx(np.quantile(drawn, p), abs=4 * error)


def test_messages_are_those_of_naive_bayes() -> None:
    """With pseudo-counts 1 and 1 the rates integrated out are sklearn's smoothed ones."""
    having, totals = np.array([[30, 5], [10, 40], [2, 2]]), np.array([60, 90])
    rate = RNG.beta(having + 1, totals - having + 1, (20_000, 3, 2))
    rows, y = [], []
    for label, total in enumerate(totals):
        columns = [np.arange(total) < having[word, label] for word in range(3)]
        rows.append(np.column_stack(columns))
        y += [1 - label] * int(total)
    model = BernoulliNB(alpha=1.0, class_prior=[0.6, 0.4]).fit(np.vstack(rows), y)
    asked = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 1], [1, 0, 0]], dtype=bool)
    found, theirs = classes.prob_first(rate, asked, 0.4), model.predict_proba(asked)[:, 1]
    assert found == pytest.approx(theirs, abs=0.01)
    assert found[0] == found[3]


def test_leverage_is_the_diagonal_of_the_hat_matrix() -> None:
    design = sm.add_constant(X)
    hat = sm.OLS(Y, design).fit().get_influence().hat_matrix_diag
    hull = hull_of(X)
    assert hull.leverage(X) == pytest.approx(hat)
    assert hull.greatest == pytest.approx(hat.max())
    inside, far, _ = hull.leverage(NEW)
    assert inside < hull.greatest < far


def test_a_row_off_the_directions_of_the_fitted_rows_has_no_finite_leverage() -> None:
    """The third term is the sum of the others in all fitted rows, and not in the second new one."""
    fitted = X.assign(c=X["a"] + X["b"])
    hull = hull_of(fitted)
    new = pd.DataFrame({"a": [5.0, 5.0], "b": [-2.0, -2.0], "c": [3.0, 4.0]})
    found = hull.leverage(new)
    assert found[0] == pytest.approx(hull_of(X).leverage(new[["a", "b"]])[0])
    assert found[1] == np.inf


def test_laplace_and_hubers_noise_have_their_quantiles_and_variances() -> None:
    """Laplace's are scipy's; Huber's those of its density, minus the log of which is the loss."""
    at = np.array([0.001, 0.05, 0.2, 0.5, 0.77, 0.9, 0.995])
    assert linear.LAPLACE.quantile(at) == pytest.approx(stats.laplace.ppf(at), abs=1e-12)
    assert linear.LAPLACE.variance == pytest.approx(stats.laplace.var())

    def density(r: float) -> float:
        size = abs(r)
        return float(np.exp(-np.where(size < 1.345, r**2 / 2, 1.345 * size - 1.345**2 / 2)))

    whole = 2 * sum(quad(density, *ends)[0] for ends in ((0, 1.345), (1.345, np.inf)))
    for p, x in zip(at, linear.HUBER.quantile(at), strict=True):
        between = quad(density, 0, x, points=[b for b in (-1.345, 1.345) if abs(b) < abs(x)])[0]
        assert 0.5 + between / whole == pytest.approx(p, abs=1e-9)
    squares = [quad(lambda r: r**2 * density(r), *ends)[0] for ends in ((0, 1.345), (1.345, 60))]
    assert linear.HUBER.variance == pytest.approx(2 * sum(squares) / whole, rel=1e-8)


@pytest.mark.parametrize("noise", [linear.LAPLACE, linear.HUBER])
def test_rows_under_other_noise(noise: linear.Noise) -> None:
    """Of a posterior of one point the interval is that of the noise about the line."""
    one = xr.Dataset(
        {
            "intercept": (("chain", "draw"), np.full(S, 3.0)),
            "slope": (("chain", "draw", "term"), np.full((*S, 2), [2.0, -1.0])),
            "scale": (("chain", "draw"), np.full(S, 1.5)),
        }
    )
    found = linear.predict(one, NEW, CENTRE, seed=1, noise=noise)
    line = 3 + NEW.to_numpy() @ [2.0, -1.0]
    assert found["mean"].to_numpy() == pytest.approx(line)
    assert found["sd_noise"].to_numpy() == pytest.approx(1.5 * np.sqrt(noise.variance))
    ends = line[:, None] + 1.5 * noise.quantile(np.array([0.025, 0.975]))
    assert np.abs(found[["lower", "upper"]].to_numpy() - ends).max() < 4 * found["mcse"].max()
