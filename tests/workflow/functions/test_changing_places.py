"""Noise that changes at many places: against dense matrices, and the model of few places."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from pymc.model.transform.conditioning import remove_value_transforms
from scipy import stats

from analyses import _many_places as many, _scatter
from data.smooth_curve import load
from models._changing_noise import changing
from models._changing_places import changing_places, drawn
from models._threads import one_thread
from tests.workflow.functions.test_waves import is_dense
from workflow.functions import quadrature
from workflow.functions.basis import Basis, basis
from workflow.functions.leftover import Leftover
from workflow.functions.many_places import looked_for, waves_of
from workflow.functions.points import Points, Theta, points
from workflow.functions.rivals import CONSTANT, OWN, log_densities, rivals
from workflow.functions.sized import left_sizes, waves_by_size, weighed
from workflow.functions.sizes import Between, Heights, waves
from workflow.functions.spacing import spacing
from workflow.functions.waves import Waves, about
from workflow.quantities import SAMPLE

one_thread()  # as a study does: the quadrature of many waves takes twenty times as long in two
RNG = np.random.default_rng(21)
LIMITS = 0.0, 100.0


def rows(n: int, noise: float = 3.0) -> pd.DataFrame:
    """Rows about a wave, some of them at one x, whose noise becomes so many times as large."""
    x = np.sort(RNG.uniform(*LIMITS, n))
    x[1::9] = x[::9][: len(x[1::9])]
    y = 5 + 2 * np.sin(x / 8) + 0.3 * noise ** (x / 100) * RNG.normal(size=n)
    return pd.DataFrame({"x": x, "y": y})


ROWS = rows(260)
KNOWN = points(ROWS, 1.0)
HALF = (float(KNOWN.where[0] + KNOWN.where[-1]) / 2, float(np.ptp(KNOWN.where)) / 2)
SIZES = waves(KNOWN.where, 18.0, 0.5)


def theta(length: float, seed: int) -> Theta:
    z = np.random.default_rng(seed).normal(size=SIZES.count)
    return Theta(length, 1.5, 0.5, Heights(SIZES, 0.6 * np.sqrt(SIZES.variances(15.0)) * z))


def dense(known: Points, of: Theta) -> np.ndarray:
    """Return the covariance of all rows."""
    x = known.where[known.at]
    return known.same(x, x, of) + np.diag(of.size(x) ** 2)


@pytest.mark.parametrize(("length", "reach"), [(3.0, 1.3), (10.0, 2.0), (40.0, 2.5)])
def test_the_algebra_is_that_of_its_own_covariance(length: float, reach: float) -> None:
    """Dense, to 1e-8: density, curve, rows left out, and what rows weigh."""
    of, known = theta(length, 3), about(KNOWN, Basis(40, reach, *HALF))
    found, whole, left = known.solved(of), dense(known, of), KNOWN.y - KNOWN.mean
    density = stats.multivariate_normal(np.zeros(len(left)), whole).logpdf(left)
    assert found.log_likelihood == pytest.approx(density, rel=1e-8)
    is_dense(found, KNOWN, known, of, whole)


def test_what_is_left_over_is_that_of_the_process() -> None:
    """By sums over waves, against the maps of places by places."""
    known, of = about(KNOWN, basis(KNOWN.where, 6.0, 16.0)), theta(10.0, 4)
    y = KNOWN.mean + RNG.normal(size=(3, len(KNOWN.y)))
    ours, exact = (Leftover(one.solved(of)) for one in (known, KNOWN))
    assert ours.of(y) == pytest.approx(exact.of(y), abs=1e-5)
    sums = exact.sums(y)
    assert ours.maps.jumps(sums) == pytest.approx(exact.maps.jumps(sums), abs=1e-5)


def test_the_density_of_the_model() -> None:
    """Against the dense multivariate normal of the covariance of its waves, to 1e-8."""
    model = remove_value_transforms(changing_places(ROWS, 40, 2.0, SIZES.count, SIZES.half))
    density = model.compile_logp(vars=model.observed_RVs)
    for length, seed in ((3.0, 1), (11.0, 2), (60.0, 3)):
        of, known = theta(length, seed), about(KNOWN, Basis(40, 2.0, *HALF))
        left = KNOWN.y - KNOWN.mean
        expected = stats.multivariate_normal(np.zeros(len(left)), dense(known, of)).logpdf(left)
        assert isinstance(of.change, Heights)
        at = {"length": length, "sigma_f": of.sigma_f, "sigma": of.sigma, "b": of.change.heights}
        found = density(at | {"length_noise": 15.0, "sigma_noise": 0.6})
        assert float(found) == pytest.approx(expected, rel=1e-8)


def test_with_enough_waves_it_is_the_model_of_few_places() -> None:
    """Of the shipped rows: the whole log density, priors too, and its slopes, to rounding.

    So is the posterior: its draws are those of that model, which has tests of its own.
    """
    shipped = load()
    where = np.unique(shipped.iloc[:, 0])
    of, of_noise = basis(where, 1.5, 40.0), waves(where, 10.0, 0.7)
    both = (of_noise.count, of_noise.half)
    exact, ours = changing(shipped, *both), changing_places(shipped, of.count, of.reach, *both)
    start, rng = exact.initial_point(), np.random.default_rng(5)
    fast = {"mode": "FAST_COMPILE"}
    of_exact, of_ours = (one.compile_fn([one.logp(), one.dlogp()], **fast) for one in (exact, ours))
    for _ in range(3):
        at = {name: one + 0.3 * rng.normal(size=np.shape(one)) for name, one in start.items()}
        at["length_log__"] = np.array(np.log(rng.uniform(3, 9)))
        (height, slopes), (height_ours, slopes_ours) = of_exact(at), of_ours(at)
        assert float(height_ours) == pytest.approx(float(height), abs=1e-7)
        assert slopes_ours == pytest.approx(slopes, abs=1e-6)


def test_rows_are_drawn_with_the_covariance_of_the_model() -> None:
    """By 40,000 draws of four rows."""
    few = points(pd.DataFrame({"x": [0.0, 1.0, 1.0, 2.5], "y": [0.0, 1, 2, 0]}), 1.0)
    known, sigma, n = about(few, Basis(9, 1.5, 1.25, 1.25)), np.array([0.2, 0.6, 1.5]), 40_000
    of = Theta(1.3, 1.7, 1.0, Between(few.where, np.log(sigma)))
    y = drawn(
        *(np.array(2.0), known.halves(of), sigma, known.columns, known.cosines, known.at),
        np.random.default_rng(5),
        size=(n,),
    )
    expected = dense(known, of)
    error = np.sqrt((expected**2 + np.outer(np.diag(expected), np.diag(expected))) / n)
    assert (np.abs(np.cov(y, rowvar=False) - expected) < 4.5 * error).all()
    assert (np.abs(y.mean(0) - 2) < 4.5 * np.sqrt(np.diag(expected) / n)).all()


@pytest.mark.parametrize("of_waves", [False, True])
def test_weighed_rows_have_the_density_of_their_sizes(*, of_waves: bool) -> None:
    """By quadrature's sums, for two pairs of sds, against the whole covariance."""
    size = np.exp(RNG.normal(size=len(KNOWN.where)))
    known = about(KNOWN, Basis(30, 2.0, *HALF)) if of_waves else KNOWN
    some = weighed(KNOWN, size)
    some = about(some, Basis(30, 2.0, *HALF)) if of_waves else some
    pair = np.array([1.5, 3.0]), np.array([0.5, 0.2])
    change = Between(KNOWN.where, np.log(size))
    expected = [
        known.solved(Theta(10.0, f, sigma, change)).log_likelihood
        for f, sigma in zip(*pair, strict=True)
    ]
    logs = np.log(size)[KNOWN.at].sum()
    found = quadrature.log_likelihoods(some, 10.0, *pair) - logs
    assert found == pytest.approx(expected, rel=1e-8)


def test_the_sizes_that_are_left_are_those_of_the_noise() -> None:
    """In their middle: each of 33 rows' squares, within five of their errors."""
    known = points(rows(1000, 20.0), 1.0)
    true = 20.0 ** (known.where / 100)
    found = left_sizes(known, Theta(15.0, 2.0, 1.3))
    ratio = np.log(found / true)
    assert np.abs(ratio - np.median(ratio)).max() < 5 / np.sqrt(2 * 33) + 0.1  # the noise in 33
    assert np.median(found) == pytest.approx(1.0)


def test_bends_of_a_quiet_part_have_their_waves() -> None:
    """Noise of one size hides them: its waves end too early, and those by size do not.

    What the true length is, the process itself says, with the sizes that made the rows.
    """
    x = np.sort(RNG.uniform(0, 100, 400))
    size = np.where(x < 50, 0.05, 2.0)
    y = np.sin(x / 15) + 0.3 * np.sin(x) + size * RNG.normal(size=len(x))
    known = points(pd.DataFrame({"x": x, "y": y}), 1.0)
    change, lengths = Between(known.where, np.log(size)), np.geomspace(1, 30, 30)
    heights = [known.solved(Theta(one, 0.7, 1.0, change)).log_likelihood for one in lengths]
    likely = lengths[np.array(heights) > max(heights) - 4]
    apart = looked_for(spacing(known.where))
    prior = quadrature.Prior(apart.typical, apart.spread, known.level, known.level)
    hidden, found = waves_of(known, prior).basis, waves_by_size(known, prior)
    assert hidden.shortest() > likely.max()
    assert found.waves.basis.shortest() < likely.min()
    drawn_ones = np.array([one.length for one in found.thetas((4, 100), seed=1)])
    assert lengths[np.argmax(heights)] == pytest.approx(np.median(drawn_ones), rel=0.25)


def test_of_the_shipped_rows_the_waves_by_size_have_the_density_of_the_process() -> None:
    """Given sizes, where length and sds may be: weights of the one for the other are nearly one."""
    shipped = points(load(), 1.0)
    apart = spacing(shipped.where)
    prior = quadrature.Prior(apart.typical, apart.spread, shipped.level, shipped.level)
    found = waves_by_size(shipped, prior)
    of = found.thetas((4, 25), seed=2)
    ours, exact = (
        np.array([one.solved(each).log_likelihood for each in of]) for one in (found.waves, shipped)
    )
    assert found.size.max() > 5 * found.size.min()
    assert np.ptp(exact) > 3
    assert (ours - exact).std() < 0.02


def posterior(n: int) -> xr.Dataset:
    """Return thetas near one another, in one chain."""
    of = [theta(10.0 + 0.01 * i, 7) for i in range(n)]
    b = np.array([[one.change.heights for one in of]])  # type: ignore[union-attr]
    columns = {name: [[getattr(one, name) for one in of]] for name in quadrature.NAMES}
    found = xr.Dataset({name: (SAMPLE, np.array(values)) for name, values in columns.items()})
    return found.assign(b=((*SAMPLE, "wave"), b))


def test_rows_left_out_are_compared_without_a_spline() -> None:
    """As the process itself predicts them; beside it the curve with noise of one size alone."""
    known, of = about(KNOWN, basis(KNOWN.where, 6.0, 30.0)), posterior(40)
    prior = quadrature.Prior(10.0, 0.5, 2.0, 2.0)
    at = np.arange(0, len(KNOWN.y), 13)
    ours, exact = (log_densities(one, of, at) for one in (known, KNOWN))
    assert ours.to_numpy() == pytest.approx(exact.to_numpy(), abs=1e-5)
    assert list(rivals(known, of, prior, seed=1).elpds) == [OWN, CONSTANT]


def test_a_study_takes_waves_for_both() -> None:
    """The model is of both waves: its constant data have them."""
    some = points(ROWS, 1.0)
    knobs = {"typical_length": None, "length_spread": None, "amplitude": 1.0, "noise": 1.0}
    noise = {"typical_length_noise": None, "change": None, "length_noise_spread": None}
    noisy = _scatter.scatter("changing", knobs | {"level_sd": 1.0}, noise, ROWS)
    prior = quadrature.prior_of(noisy.prior, float(ROWS["y"].std()))
    known = many.about(some, prior, noisy, ROWS, seed=1)
    assert isinstance(known, Waves)
    assert noisy.waves is not None
    model = many.build(known, noisy, ROWS)()
    assert model["curve_waves"].get_value().shape == (len(some.where), known.basis.count + 1)
    assert model["waves"].get_value().shape == (len(some.where), noisy.waves.count)
    assert replace(known, level=0.0).level == 0.0
