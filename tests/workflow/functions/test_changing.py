"""Noise whose size changes: against scikit-learn, densities by hand, and a sampler of its own."""

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
from models._changing_noise import changing, drawn
from models._noise_waves import drawn_heights
from workflow.checking.diagnostics import Status, diagnose
from workflow.functions.basis import Basis
from workflow.functions.leftover import Leftover, middle
from workflow.functions.new_places import at
from workflow.functions.points import Points, Theta, points
from workflow.functions.quadrature import Prior, some
from workflow.functions.rivals import log_densities
from workflow.functions.sizes import Between, Heights, changes, least_typical, waves
from workflow.quantities import SAMPLE
from workflow.sampling.fit import compile_nuts, data_of, sample_nuts
from workflow.scoring.elpd import difference
from workflow.scoring.psis import psis

ROWS = load()
KNOWN = points(ROWS, 1.0)
BASIS = waves(KNOWN.where, 10.0, 0.7)
Z = np.random.default_rng(4).normal(size=BASIS.count)


def heights(basis: Basis, length: float, sd: float, z: np.ndarray) -> Heights:
    """Return noise that changes as so many sds of each wave say."""
    return Heights(basis, sd * np.sqrt(basis.variances(length)) * z)


CHANGE = heights(BASIS, 9.0, 0.8, Z)
THETA = Theta(5.2, 50.0, 15.0, CHANGE)
GRID = np.linspace(0, 62, 23)
SOME = pd.DataFrame({"x": [0.0, 1.0, 1.0, 2.5, 3.0, 4.0], "y": [-1.0, 0.5, 0.2, 1.0, 4.0, -2.0]})
TINY = {"typical_length": 1.0, "length_spread": 0.5}
TINY |= {"typical_length_noise": 2.0, "length_noise_spread": 0.5, "change": 1.0}
FEW = waves(np.array([0.0, 4.0]), 2.0, 0.5)
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


def test_without_waves_every_size_is_the_middle_one() -> None:
    flat = Theta(5.2, 50.0, 15.0, heights(BASIS, 9.0, 0.8, 0 * Z))
    assert flat.size(GRID) == pytest.approx(15.0)
    of_one = KNOWN.solved(Theta(5.2, 50.0, 15.0)).log_likelihood
    assert KNOWN.solved(flat).log_likelihood == pytest.approx(of_one, rel=1e-12)


@pytest.mark.parametrize("length", [2.5, 5.0, 10.0, 16.0])
def test_the_waves_are_a_gaussian_process(length: float) -> None:
    """Of the shipped x: covariances of the logarithm of the size, from the first x to the last.

    From the shortest length that the prior has (95%) to .6 of half the range.
    """
    each = BASIS.at(KNOWN.where)[:, 1:]
    found = each @ (BASIS.variances(length)[:, None] * each.T)
    assert np.abs(found - _kernel(KNOWN.where, KNOWN.where, length)).max() < 0.02


def test_lengths_that_need_more_waves_are_told() -> None:
    """And the least median that is enough is: the waves of it are no more than the most."""
    assert least_typical(BASIS, 10.0, 0.7) is None
    few = waves(KNOWN.where, 2.0, 0.7)
    least = least_typical(few, 2.0, 0.7)
    assert least is not None
    assert 2.0 < least < 10.0
    assert least_typical(waves(KNOWN.where, 1.001 * least, 0.7), 1.001 * least, 0.7) is None
    assert least_typical(waves(KNOWN.where, 0.98 * least, 0.7), 0.98 * least, 0.7) is not None


def log_density(
    values: np.ndarray, rows: pd.DataFrame, basis: Basis, knobs: dict[str, float]
) -> float:
    """By hand, of the logarithms of the five and of the numbers that the sampler moves in.

    All rows at once; heights from the numbers by the inverse itself, and its determinant.
    """
    x, y = rows.to_numpy(dtype=float).T
    sd = y.std(ddof=1)
    (length, f, sigma, slow, change), numbers = np.exp(values[:5]), values[5:]
    each = basis.at(x)[:, 1:]
    spread = change * np.sqrt(basis.variances(slow)) + 1e-9
    told = np.eye(basis.count) + 2 * np.outer(spread, spread) * (each.T @ each)
    to = spread[:, None] * np.linalg.inv(np.linalg.cholesky(told).T)
    b = to @ numbers
    size = sigma * np.exp(each @ b)
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
    found += values[[1, 2, 4]].sum() + stats.norm(scale=spread).logpdf(b).sum()
    return float(found + np.linalg.slogdet(to)[1])


def _kernel(a: np.ndarray, b: np.ndarray, length: float) -> np.ndarray:
    found: np.ndarray = np.exp(-(((a[:, None] - b) / length) ** 2) / 2)
    return found


def test_the_density_by_hand() -> None:
    """Of the model, at random points, and its slope by differences."""
    knobs = {"typical_length": 4.0, "length_spread": 1.0}
    knobs |= {"typical_length_noise": 9.0, "length_noise_spread": 0.6}
    rows, model = ROWS, changing(ROWS, BASIS.count, BASIS.half, **knobs)
    height = model.compile_fn(model.logp(), mode="FAST_COMPILE")
    slope = model.compile_fn(model.dlogp(), mode="FAST_COMPILE")
    rng, sd = np.random.default_rng(3), float(rows.iloc[:, 1].std())
    sizes = [model.initial_point()[one.name].size for one in model.value_vars]
    assert sizes[:5] == [1] * 5
    for _ in range(2):
        middle_of = np.log([knobs["typical_length"], sd, sd / 2, knobs["typical_length_noise"], 1])
        values = np.r_[middle_of, np.zeros(sizes[5])] + 0.3 * rng.normal(size=5 + sizes[5])
        by_hand = partial(log_density, rows=rows, basis=BASIS, knobs=knobs)
        assert height(_point(model, values)) == pytest.approx(by_hand(values), rel=1e-7)
        step = 1e-5 * np.eye(len(values))
        expected = [(by_hand(values + h) - by_hand(values - h)) / 2e-5 for h in step]
        assert slope(_point(model, values)) == pytest.approx(expected, rel=1e-4, abs=1e-3)
    values[4:] = 9.0, *(8 * rng.normal(size=sizes[5]))  # sizes that no computer has
    assert np.isfinite([height(_point(model, values)), *slope(_point(model, values))]).all()


def test_a_size_has_its_limits() -> None:
    """The model and the page have the same: a factor of a million from the middle."""
    far = Theta(5.2, 50.0, 15.0, heights(BASIS, 9.0, 900.0, Z))
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
    sd = y.std(ddof=1)
    normal = rng.normal(size=(n, 5))
    logs = np.log(np.abs(normal) * np.array([1, sd, sd, 1, 1]))
    logs[:, [0, 3]] = np.log([1.0, 2.0]) + 0.5 * normal[:, [0, 3]]
    length, f, sigma, slow, change = np.exp(logs).T[:, :, None]
    z, w = rng.normal(size=(n, FEW.count)), FEW.frequencies
    root = np.sqrt(np.sqrt(2 * np.pi) * slow / FEW.half) * np.exp(-np.square(slow * w) / 4)
    size = sigma * np.exp(change * (root * z) @ np.sin((x[:, None] - 2 + FEW.half) * w).T)
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
    model = changing(SOME, FEW.count, FEW.half, **TINY)
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


def test_heights_are_drawn_as_the_prior_says() -> None:
    sd, n = np.array([0.5, 2.0, 1e-9]), 40_000
    drawn_ones = drawn_heights(sd, np.eye(3), np.random.default_rng(8), size=(n,))
    assert drawn_ones.std(0) == pytest.approx(sd, rel=4.5 / np.sqrt(2 * n))
    assert (np.abs(drawn_ones.mean(0)) < 4.5 * sd / np.sqrt(n)).all()


def posterior_of(thetas: list[Theta]) -> xr.Dataset:
    """Return thetas with waves as a posterior of one chain."""
    numbers = np.array([[one.length, one.sigma_f, one.sigma] for one in thetas]).T
    names = ("length", "sigma_f", "sigma")
    found = xr.Dataset({name: (SAMPLE, of[None]) for name, of in zip(names, numbers, strict=True)})
    of = [one.change for one in thetas]
    assert all(isinstance(one, Heights) for one in of)
    b = np.array([[one.heights for one in of]])  # type: ignore[union-attr]
    wave = changing(ROWS, BASIS.count, BASIS.half).coords["wave"]
    assert wave == tuple(range(1, BASIS.count + 1))
    return found.assign(b=((*SAMPLE, "wave"), b)).assign_coords(wave=list(wave))


def test_a_posterior_gives_its_draws_back() -> None:
    """The waves are those of the model, called 1, 2, 3: the places say how far they reach."""
    again = Theta(4.0, 40.0, 12.0, heights(BASIS, 5.0, 0.3, -Z))
    found = changes(posterior_of([THETA, again]), np.array([1, 0]), KNOWN.where)
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


@cache
def published() -> xr.Dataset:
    """Return draws of the published model, in sds of the shipped columns.

    Lengths lognormal about .3 and .5 with .2, sds half-normal(.5), levels of sd .1: that of the
    noise's logarithm is a sigma which is lognormal, and not half-normal as ours.
    """
    unit = (ROWS - ROWS.mean()) / ROWS.std()
    basis = waves(np.unique(unit.iloc[:, 0]), 0.5, 0.2)
    theirs = {"typical_length": 0.3, "length_spread": 0.2, "amplitude": 0.5, "level_sd": 0.1}
    theirs |= {"typical_length_noise": 0.5, "length_noise_spread": 0.2, "change": 0.5}
    with changing(unit, basis.count, basis.half, **theirs) as model:
        sigma = model["sigma"]
        pm.Potential("theirs", -((pm.math.log(sigma) / 0.1) ** 2) / 2 - pm.math.log(sigma))
        pm.Potential("not_ours", sigma**2 / 2)
    own = {"draws": 1000, "tune": 1000, "chains": 4, "seed": 11}
    tree = sample_nuts(compile_nuts(model), data_of(model), **own)
    assert diagnose(tree).status is Status.PASS
    return tree["posterior"].to_dataset()


def elpd_rows(known: Points) -> np.ndarray:
    """Return the positions of all rows."""
    return np.arange(len(known.y))


@pytest.mark.validate
def test_the_published_posterior_and_elpd() -> None:
    """Of Vehtari, under their own priors: to their digits and the Monte Carlo errors of both."""
    posterior = published()
    expected = {"length": (0.32, 0.041), "sigma_f": (0.77, 0.15)}
    expected |= {"length_noise": (0.51, 0.072), "sigma_noise": (1.3, 0.22)}
    for name, (mean, sd) in expected.items():
        draws = posterior[name].to_numpy()
        error = np.hypot(1 / np.sqrt(float(array_stats.ess(draws))), 1 / np.sqrt(400)) * sd
        digit = 10.0 ** (np.floor(np.log10(mean)) - 1)
        assert abs(draws.mean() - mean) < digit / 2 + 4 * error, name
        assert draws.std() == pytest.approx(sd, rel=0.25), name
    unit = (ROWS - ROWS.mean()) / ROWS.std()
    known = points(unit, 0.1)
    elpd = psis(log_densities(known, posterior, elpd_rows(known)))
    half = Prior(1.0, 1.0, 1.0, 1.0)
    drawn_exactly = some(known, half, (4, 500), seed=1)
    constant = psis(log_densities(known, drawn_exactly, elpd_rows(known)))
    gap = difference(constant, elpd)
    assert abs(gap.value + 49.5) < 4 * np.hypot(gap.mcse, 0.5) + 1
    assert gap.se == pytest.approx(10.0, rel=0.1)
