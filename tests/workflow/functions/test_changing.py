"""Noise whose size changes: against scikit-learn, densities by hand, and a sampler of its own."""

from collections.abc import Callable
from functools import cache, partial

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from arviz_stats.base import array_stats
from scipy import stats
from scipy.linalg import cho_solve
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel

from data.smooth_curve import load
from models._changing_noise import changing, drawn, knots_of
from workflow.functions.leftover import Leftover, middle
from workflow.functions.new_places import at
from workflow.functions.points import Points, Theta, points
from workflow.functions.quadrature import Prior, some
from workflow.functions.rivals import log_densities
from workflow.functions.sizes import Between, Knots, changes
from workflow.quantities import SAMPLE
from workflow.sampling.fit import compile_nuts, data_of, sample_nuts
from workflow.scoring.elpd import difference
from workflow.scoring.psis import psis

ROWS = load()
KNOWN = points(ROWS, 1.0)
Z = np.random.default_rng(4).normal(size=20)
CHANGE = Knots(knots_of(KNOWN.where), 9.0, 0.8, Z)
THETA = Theta(5.2, 50.0, 15.0, CHANGE)
GRID = np.linspace(0, 62, 23)
SOME = pd.DataFrame({"x": [0.0, 1.0, 1.0, 2.5, 3.0, 4.0], "y": [-1.0, 0.5, 0.2, 1.0, 4.0, -2.0]})
TINY = {"typical_length": 1.0, "length_spread": 0.5}
TINY |= {"typical_length_noise": 2.0, "length_noise_spread": 0.5, "change": 1.0}
HYPER = ("length", "sigma_f", "sigma", "length_noise", "sigma_noise")


def test_scikit_learn_finds_the_same() -> None:
    """Noise by row is its `alpha`: mean, sd and log marginal likelihood, to 1e-8."""
    x, y = ROWS.to_numpy(dtype=float).T
    kernel = ConstantKernel(50.0**2) * RBF(5.2) + ConstantKernel(KNOWN.level**2)
    fit = GaussianProcessRegressor(kernel, alpha=THETA.size(x) ** 2, optimizer=None)
    fit.fit(x[:, None], y - y.mean())
    mean, sd = fit.predict(GRID[:, None], return_std=True)
    found = KNOWN.solved(THETA)
    ours, covariance = found.curve(GRID)
    assert ours == pytest.approx(mean + KNOWN.mean, rel=1e-8, abs=1e-8)
    assert np.sqrt(np.diag(covariance)) == pytest.approx(sd, rel=1e-8)
    assert found.log_likelihood == pytest.approx(fit.log_marginal_likelihood_value_, rel=1e-8)
    weights = found.weights(GRID)
    assert KNOWN.mean + weights @ (y - KNOWN.mean) == pytest.approx(ours, rel=1e-8)


def test_rows_left_out_are_predicted_by_the_others() -> None:
    """Without a row, one by one: at a place of its own, and at one that others share."""
    mean, sd = KNOWN.solved(THETA).left_out
    for i in (0, 5, 40, 77, 132):
        rest = np.delete(np.arange(len(KNOWN.y)), i)
        others = Points(KNOWN.where, KNOWN.at[rest], KNOWN.y[rest], KNOWN.mean, KNOWN.level)
        x = KNOWN.where[KNOWN.at[[i]]]
        by_others, covariance = others.solved(THETA).curve(x)
        assert mean[i] == pytest.approx(by_others[0], rel=1e-7)
        assert sd[i] == pytest.approx(np.hypot(np.sqrt(covariance[0, 0]), THETA.size(x)[0]))


def test_leftovers_of_its_own_data_are_standard_normal() -> None:
    """As a linear map: its covariance has ones, and it is the row less what others predict."""
    left = Leftover(KNOWN.solved(THETA))
    mean, sd = left.solved.left_out
    assert left.of(KNOWN.y) == pytest.approx(((KNOWN.y - mean) / sd)[left.order], rel=1e-6)
    e = np.eye(len(KNOWN.y))
    linear = left.of(KNOWN.mean + e)  # dims: value, row in order
    x = KNOWN.where[KNOWN.at]
    whole = KNOWN.same(x, x, THETA) + np.diag(THETA.size(x) ** 2)
    assert np.diag(linear.T @ whole @ linear) == pytest.approx(1.0, rel=1e-6)
    steps = left.maps.steps @ left.sums(KNOWN.mean + e).T
    assert np.diag(steps @ whole @ steps.T) == pytest.approx(1.0, rel=1e-6)


def test_sizes_at_knots_are_what_was_drawn() -> None:
    """At the knots h is the factor times z; without z every size is the middle one."""
    own = np.exp(-(((CHANGE.knots[:, None] - CHANGE.knots) / 9.0) ** 2) / 2) + 1e-6 * np.eye(20)
    expected = 0.8 * np.linalg.cholesky(own) @ Z
    assert CHANGE.at(CHANGE.knots) == pytest.approx(expected, abs=2e-3)
    flat = Theta(5.2, 50.0, 15.0, Knots(CHANGE.knots, 9.0, 0.8, 0 * Z))
    assert flat.size(GRID) == pytest.approx(15.0)
    of_one = KNOWN.solved(Theta(5.2, 50.0, 15.0)).log_likelihood
    assert KNOWN.solved(flat).log_likelihood == pytest.approx(of_one, rel=1e-12)


def log_density(values: np.ndarray, rows: pd.DataFrame, knobs: dict[str, float]) -> float:
    """By hand, of the logarithms of the five and of z: all rows at once, and the inverse itself."""
    x, y = rows.to_numpy(dtype=float).T
    sd, knots = y.std(ddof=1), knots_of(np.unique(x))
    (length, f, sigma, slow, change), z = np.exp(values[:5]), values[5:]
    same = partial(_kernel, length=slow)
    factor = np.linalg.cholesky(same(knots, knots) + 1e-6 * np.eye(len(knots)))
    size = sigma * np.exp(change * same(x, knots) @ np.linalg.inv(factor).T @ z)
    covariance = (sd * 1.0) ** 2 + f**2 * _kernel(x, x, length=length) + np.diag(size**2)
    whole = np.linalg.cholesky(covariance)
    left = y - y.mean()
    found = -left @ cho_solve((whole, True), left) / 2 - np.log(np.diag(whole)).sum()
    found -= len(x) * np.log(2 * np.pi) / 2
    middles = (knobs["typical_length"], knobs["typical_length_noise"])
    spreads = (knobs["length_spread"], knobs["length_noise_spread"])
    found += stats.norm(np.log(middles), spreads).logpdf(values[[0, 3]]).sum()
    scales = np.array([sd, sd, 1.0])
    found += (stats.halfnorm(scale=scales).logpdf(np.exp(values[[1, 2, 4]]))).sum()
    return float(found + values[[1, 2, 4]].sum() + stats.norm.logpdf(z).sum())


def _kernel(a: np.ndarray, b: np.ndarray, length: float) -> np.ndarray:
    found: np.ndarray = np.exp(-(((a[:, None] - b) / length) ** 2) / 2)
    return found


def test_the_density_by_hand() -> None:
    """Of the model, at random points, and its slope by differences."""
    knobs = {"typical_length": 4.0, "length_spread": 1.0}
    knobs |= {"typical_length_noise": 9.0, "length_noise_spread": 0.6}
    rows, model = ROWS, changing(ROWS, **knobs)
    height = model.compile_fn(model.logp(), mode="FAST_COMPILE")
    slope = model.compile_fn(model.dlogp(), mode="FAST_COMPILE")
    rng, sd = np.random.default_rng(3), float(rows.iloc[:, 1].std())
    sizes = [model.initial_point()[one.name].size for one in model.value_vars]
    assert sizes[:5] == [1] * 5
    for _ in range(2):
        middle_of = np.log([knobs["typical_length"], sd, sd / 2, knobs["typical_length_noise"], 1])
        values = np.r_[middle_of, np.zeros(sizes[5])] + 0.3 * rng.normal(size=5 + sizes[5])
        by_hand = partial(log_density, rows=rows, knobs=knobs)
        assert height(_point(model, values)) == pytest.approx(by_hand(values), rel=1e-7)
        step = 1e-5 * np.eye(len(values))
        expected = [(by_hand(values + h) - by_hand(values - h)) / 2e-5 for h in step]
        assert slope(_point(model, values)) == pytest.approx(expected, rel=1e-4, abs=1e-3)
    values[4:] = 9.0, *(8 * rng.normal(size=sizes[5]))  # sizes from exp(-60,000) to exp(60,000)
    assert np.isfinite([height(_point(model, values)), *slope(_point(model, values))]).all()


def test_a_size_has_its_limits() -> None:
    """The model and the page have the same: a factor of a million from the middle."""
    far = Theta(5.2, 50.0, 15.0, Knots(CHANGE.knots, 9.0, 900.0, Z))
    size = far.size(KNOWN.where)
    assert size.min() == pytest.approx(15.0 * np.exp(-13.8))
    assert size.max() == pytest.approx(15.0 * np.exp(13.8))
    assert np.isfinite(KNOWN.solved(far).log_likelihood)


def _point(model: pm.Model, values: np.ndarray) -> dict[str, np.ndarray]:
    names = [one.name for one in model.value_vars]
    return dict(zip(names, [*map(np.array, values[:5]), values[5:]], strict=True))


def weighted(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw the logarithms of the five from the prior; weights are the likelihood of six rows."""
    rng = np.random.default_rng(seed)
    x, y = SOME.to_numpy(dtype=float).T
    sd, knots = y.std(ddof=1), knots_of(np.unique(x))
    normal = rng.normal(size=(n, 5))
    logs = np.log(np.abs(normal) * np.array([1, sd, sd, 1, 1]))
    logs[:, [0, 3]] = np.log([1.0, 2.0]) + 0.5 * normal[:, [0, 3]]
    length, f, sigma, slow, change = np.exp(logs).T[:, :, None]
    z = rng.normal(size=(n, len(knots)))
    apart = np.square(knots[:, None] - knots)
    own = np.exp(-apart / (2 * slow[..., None] ** 2)) + 1e-6 * np.eye(len(knots))
    to = np.exp(-np.square(x[:, None] - knots) / (2 * slow[..., None] ** 2))
    half = np.linalg.solve(np.linalg.cholesky(own).transpose(0, 2, 1), z[..., None])
    size = sigma * np.exp(change * (to @ half)[..., 0])
    curve = f[..., None] ** 2 * np.exp(-np.square(x[:, None] - x) / (2 * length[..., None] ** 2))
    whole = sd**2 + curve + np.eye(len(x)) * np.square(size)[:, None, :]
    left = np.broadcast_to((y - y.mean())[:, None], (n, len(x), 1))
    squares = (left * np.linalg.solve(whole, left)).sum((1, 2))
    logs_of = -(squares + np.linalg.slogdet(whole)[1]) / 2
    return logs, np.exp(logs_of - logs_of.max())


def test_the_posterior_without_pymc() -> None:
    """Of six rows: draws of the prior, weighted; shares below five quantiles of each unknown.

    Within four Monte Carlo errors of both. Moments would not do: the logarithm of a half-normal
    has a long tail to the left, and draws that miss it underrate their own error as well.
    """
    logs, weight = weighted(400_000, 6)
    weight /= weight.sum()
    assert 1 / np.square(weight).sum() > 5000
    model = changing(SOME, **TINY)
    tree = sample_nuts(compile_nuts(model), data_of(model), draws=1000, tune=1000, chains=4, seed=7)
    posterior = tree["posterior"].to_dataset()
    for i, name in enumerate(HYPER):
        order = np.argsort(logs[:, i])
        shares = weight[order].cumsum()
        for share in (0.05, 0.25, 0.5, 0.75, 0.95):
            end = logs[order[np.searchsorted(shares, share)], i]
            ours = np.log(posterior[name].to_numpy()) < end
            error = np.sqrt(np.square(weight) @ np.square((logs[:, i] < end) - share))
            own = np.sqrt(share * (1 - share) / float(array_stats.ess(ours.astype(float))))
            assert abs(ours.mean() - share) < 4 * np.hypot(own, error), (name, share)


def test_rows_are_drawn_with_the_covariance_of_the_model() -> None:
    rng = np.random.default_rng(5)
    where, row_at = np.array([0.0, 1.0, 2.5]), np.array([0, 1, 1, 2])
    sigma, n = np.array([0.2, 0.6, 1.5]), 40_000
    m, level, length, sigma_f = (np.array(one) for one in (2.0, 0.5, 1.3, 1.7))
    y = drawn(m, level, length, sigma_f, sigma, where, row_at, rng, size=(n,))
    x = where[row_at]
    expected = 0.25 + 1.7**2 * _kernel(x, x, 1.3) + np.diag(sigma[row_at] ** 2)
    error = np.sqrt((expected**2 + np.outer(np.diag(expected), np.diag(expected))) / n)
    assert (np.abs(np.cov(y, rowvar=False) - expected) < 4.5 * error).all()


def posterior_of(thetas: list[Theta]) -> xr.Dataset:
    """Return thetas with knots as a posterior of one chain."""
    of = [one.change for one in thetas]
    assert all(isinstance(one, Knots) for one in of)
    columns = {
        "length": [one.length for one in thetas],
        "sigma_f": [one.sigma_f for one in thetas],
        "sigma": [one.sigma for one in thetas],
        "length_noise": [one.length for one in of],  # type: ignore[union-attr]
        "sigma_noise": [one.sd for one in of],  # type: ignore[union-attr]
    }
    found = xr.Dataset({name: (SAMPLE, np.array([one])) for name, one in columns.items()})
    z = np.array([[one.z for one in of]])  # type: ignore[union-attr]
    return found.assign(z=((*SAMPLE, "knot"), z)).assign_coords(knot=CHANGE.knots)


def test_a_posterior_gives_its_draws_back() -> None:
    again = Theta(4.0, 40.0, 12.0, Knots(CHANGE.knots, 5.0, 0.3, -Z))
    found = changes(posterior_of([THETA, again]), np.array([1, 0]))
    assert found[0].at(GRID) == pytest.approx(again.change.at(GRID))  # type: ignore[union-attr]
    assert found[1].at(GRID) == pytest.approx(CHANGE.at(GRID))  # type: ignore[union-attr]
    one = middle(posterior_of([THETA] * 3), KNOWN.where)
    assert isinstance(one.change, Between)
    assert one.size(KNOWN.where) == pytest.approx(THETA.size(KNOWN.where))


def test_new_rows_scatter_as_the_noise_there() -> None:
    """Of one theta: ends of a new row are those of a normal distribution, at each x its own."""
    x = np.array([5.0, 15.0, 30.0])
    found = at(KNOWN, posterior_of([THETA] * 400), x, seed=3)
    mean, covariance = KNOWN.solved(THETA).curve(x)
    sd = np.sqrt(np.diag(covariance) + THETA.size(x) ** 2)
    error = 4 * 2.67 * sd / np.sqrt(8000)  # of a 2.5% quantile of 8,000 draws, in sds
    assert (np.abs(found["upper_row"] - mean - 1.96 * sd) < error).all()
    assert (np.abs(found["lower_row"] - mean + 1.96 * sd) < error).all()


Posterior = tuple[np.ndarray, xr.Dataset]


@cache
def published(sweeps: int = 6000) -> Posterior:
    """Sample the published model without PyMC; draws of its numbers, and a posterior of ours.

    Standardised; lengths lognormal about .3 and .5 with .2, sds half-normal(.5), levels of sd .1.
    Elliptical slices for what is normal before the data, slices for the logarithms of the four.
    """
    rng = np.random.default_rng(11)
    unit = (ROWS - ROWS.mean()) / ROWS.std()
    known = points(unit, 0.1)
    knots = knots_of(known.where)

    def theta(logs: np.ndarray, z: np.ndarray) -> Theta:
        length, f, slow, change = np.exp(logs)
        return Theta(length, f, float(np.exp(0.1 * z[0])), Knots(knots, slow, change, z[1:]))

    def likelihood(logs: np.ndarray, z: np.ndarray) -> float:
        return known.solved(theta(logs, z)).log_likelihood

    def prior(logs: np.ndarray) -> float:
        lengths = stats.norm(np.log([0.3, 0.5]), 0.2).logpdf(logs[[0, 2]]).sum()
        sds = stats.halfnorm(scale=0.5).logpdf(np.exp(logs[[1, 3]])) + logs[[1, 3]]
        return float(lengths + sds.sum())

    def both(z: np.ndarray, logs: np.ndarray) -> float:
        return likelihood(logs, z) + prior(logs)

    logs, z = np.log([0.32, 0.8, 0.5, 1.2]), np.zeros(1 + len(knots))
    kept = []
    for _ in range(sweeps):
        for _ in range(2):
            z = _elliptical(partial(likelihood, logs), z, rng)
        for i in range(4):
            logs = _slice(partial(both, z), logs, i, rng)
        kept.append(theta(logs, z))
    kept = kept[sweeps // 10 :]
    told = [[t.length, t.sigma_f, t.change.length, t.change.sd] for t in kept]  # type: ignore
    return np.array(told), posterior_of(kept).assign_coords(knot=knots)


def _elliptical(
    likelihood: Callable[[np.ndarray], float], z: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Murray, Adams and MacKay (2010)."""
    other, height = rng.normal(size=len(z)), likelihood(z) + np.log(rng.random())
    angle = rng.uniform(0, 2 * np.pi)
    low, high = angle - 2 * np.pi, angle
    while True:
        proposed = z * np.cos(angle) + other * np.sin(angle)
        if likelihood(proposed) > height:
            return proposed
        low, high = (angle, high) if angle < 0 else (low, angle)
        angle = rng.uniform(low, high)


def _slice(
    density: Callable[[np.ndarray], float], x: np.ndarray, i: int, rng: np.random.Generator
) -> np.ndarray:
    """Neal (2003), stepping out by .5."""
    height, step = density(x) + np.log(rng.random()), 0.5 * np.eye(len(x))[i]
    share = rng.random()
    low, high = x - share * step, x + (1 - share) * step
    while density(low) > height:
        low = low - step
    while density(high) > height:
        high = high + step
    while True:
        proposed = low + rng.random() * (high - low)
        if density(proposed) > height:
            return proposed
        low, high = (proposed, high) if proposed[i] < x[i] else (low, proposed)


def elpd_rows(known: Points) -> np.ndarray:
    """Return the positions of all rows."""
    return np.arange(len(known.y))


@pytest.mark.validate
def test_the_published_posterior_and_elpd() -> None:
    """Of Vehtari, under their own priors: to their digits and the Monte Carlo errors of both."""
    told, posterior = published()
    expected = ((0.32, 0.041), (0.77, 0.15), (0.51, 0.072), (1.3, 0.22))
    for draws, (mean, sd) in zip(told.T, expected, strict=True):
        batches = draws[: len(draws) // 30 * 30].reshape(30, -1).mean(1)
        error = np.hypot(batches.std(ddof=1) / np.sqrt(30), sd / np.sqrt(400))
        digit = 10.0 ** (np.floor(np.log10(mean)) - 1)
        assert abs(draws.mean() - mean) < digit / 2 + 4 * error
        assert draws.std() == pytest.approx(sd, rel=0.25)
    unit = (ROWS - ROWS.mean()) / ROWS.std()
    known = points(unit, 0.1)
    elpd = psis(log_densities(known, posterior, elpd_rows(known)))
    half = Prior(1.0, 1.0, 1.0, 1.0)
    drawn_exactly = some(known, half, (4, 500), seed=1)
    constant = psis(log_densities(known, drawn_exactly, elpd_rows(known)))
    gap = difference(constant, elpd)
    print(gap, elpd.k.max(), told.mean(0), told.std(0))
    assert abs(gap.value + 49.5) < 4 * np.hypot(gap.mcse, 0.5) + 1
    assert gap.se == pytest.approx(10.0, rel=0.1)
