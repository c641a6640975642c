"""What the learner's pages show, against other ways of computing it, and what they say of it."""

import itertools
from collections.abc import Callable
from functools import partial
from math import comb, factorial, lcm
from typing import Any

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats

from workflow.play import (
    aliasing,
    coverage,
    divergence,
    ellipse,
    entropy,
    estimates,
    uniforms,
    washing_out,
)
from workflow.play.randoms import uniforms as randoms

SHARES, TRIALS = (0.01, 0.1, 0.3, 0.5, 0.9), (5, 20, 100)
every_n = pytest.mark.parametrize("n", TRIALS)


def integral(f: Callable[[float], float], low: float, high: float) -> float:
    return float(integrate.quad(f, low, high, limit=500, epsabs=1e-12)[0])


def test_random_numbers_are_uniform_and_do_not_follow_from_the_last() -> None:
    found = randoms(100_000)
    assert stats.kstest(found, "uniform").pvalue > 1e-4
    assert stats.kstest(found[1:][found[:-1] < 0.1], "uniform").pvalue > 1e-4
    assert randoms(1, seed=1)[0] == pow(48271, 11, 2**31 - 1) / (2**31 - 1)


@pytest.mark.parametrize(("n", "a"), [(1, 2.0), (5, 5.0), (50, 20.0), (1000, 1.0)])
def test_estimates_are_maximum_and_mean_of_their_densities(n: int, a: float) -> None:
    found = estimates.state(n=n, prior=a)
    h = int((randoms(estimates.MOST)[:n] < estimates.SHARE).sum())
    assert found["heads"] == h

    def log(p: float, a: float) -> float:
        return float(special.xlogy(h + a - 1, p) + special.xlogy(n - h + a - 1, 1 - p))

    for name, prior in (("mle", 1), ("map", a)):
        best = optimize.minimize_scalar(
            lambda p, prior=prior: -log(p, prior),
            bounds=(0, 1),
            method="bounded",
            options={"xatol": 1e-9},
        )
        assert found[name] == pytest.approx(best.x, abs=1e-5)
    whole = integral(lambda p: np.exp(log(p, a) - log(h / n if 0 < h < n else 0.7, a)), 0, 1)
    part = integral(lambda p: p * np.exp(log(p, a) - log(h / n if 0 < h < n else 0.7, a)), 0, 1)
    assert found["mean"] == pytest.approx(part / whole, rel=1e-6)
    assert np.mean(found["density"]) == pytest.approx(1, abs=1e-3)


def test_early_tosses_show_what_the_page_says() -> None:
    """Maximum likelihood says 1 at first; after all tosses the three are near each other."""
    assert estimates.state(n=1, prior=5)["mle"] in (0, 1)
    last = estimates.state(n=1000, prior=5)
    assert max(last["mle"], last["map"], last["mean"]) - last["mean"] < 0.005
    flat = estimates.state(n=30, prior=1)
    assert flat["map"] == flat["mle"]


@pytest.mark.parametrize("strength", [10, 100])
def test_a_prior_weighs_as_much_as_so_many_tosses(strength: int) -> None:
    none, same = (washing_out.state(n=n, strength=strength) for n in (0, strength))
    assert same["weight"] == pytest.approx(0.5)
    assert same["apart"] == pytest.approx(none["apart"] / 2)
    for name, mean in washing_out.MEANS.items():
        assert none[name] == pytest.approx(mean)
        assert same[name] == pytest.approx((mean + washing_out.SHARE) / 2)
    assert same["apart"] == pytest.approx(same["high"] - same["low"])
    enough = round(float(same["enough"]))
    assert washing_out.state(n=enough, strength=strength)["apart"] == pytest.approx(0.01)


@every_n
def test_coverage_of_each_interval_is_what_is_said_of_it(n: int) -> None:
    """Clopper and Pearson's at least 95% everywhere; the credible interval's 95% on average."""
    fine = (np.arange(20_000) + 0.5) / 20_000
    k = np.arange(n + 1)
    probability = stats.binom.pmf(k, n, fine[:, None])
    mean = {}
    for name, interval in coverage.METHODS.items():
        low, high = interval(k, n)
        inside = (low <= fine[:, None]) & (fine[:, None] <= high)
        along = (probability * inside).sum(1)
        mean[name] = along.mean()
        assert (along.min() >= coverage.LEVEL) == (name == "exact")
    assert mean["credible"] == pytest.approx(coverage.LEVEL, abs=2e-4)
    assert mean["wald"] < coverage.LEVEL


@pytest.mark.parametrize("share", SHARES)
@every_n
def test_simulated_coverage_is_near_the_exact_one(share: float, n: int) -> None:
    """Within four Monte Carlo errors, which are those of a binomial share."""
    found = coverage.state(share=share, n=n)
    for name in coverage.METHODS:
        exact = float(found[name])
        error = np.sqrt(exact * (1 - exact) / coverage.EXPERIMENTS)
        assert abs(found[f"{name}_simulated"] - exact) <= 4 * error + 1e-12
    drawn = len(found["hit_low"]) + len(found["miss_low"])
    assert drawn == coverage.DRAWN
    assert (found["hit_low"] <= share).all()
    assert (found["hit_high"] >= share).all()
    assert ((found["miss_low"] > share) | (found["miss_high"] < share)).all()


@pytest.mark.parametrize("frequency", [0.5, 3, 7.5, 9, 12])
@pytest.mark.parametrize("rate", [4, 7, 10, 30])
def test_apparent_frequency_is_that_of_the_spectrum(frequency: float, rate: int) -> None:
    """Of samples over whole periods of both: the only line of their Fourier transform."""
    seconds = 2 * lcm(2, rate)
    values = np.cos(2 * np.pi * frequency * np.arange(seconds * rate) / rate)
    spectrum = np.abs(np.fft.rfft(values))
    seen = float(np.fft.rfftfreq(len(values), 1 / rate)[spectrum.argmax()])
    found = aliasing.state(frequency=frequency, rate=rate)
    assert found["apparent"] == pytest.approx(seen)
    assert found["apparent"] <= rate / 2
    assert found["difference"] < 1e-12
    assert (frequency < rate / 2) <= (found["apparent"] == frequency)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 12])
def test_sum_of_uniforms_is_the_alternating_sum(n: int) -> None:
    """In exact rational arithmetic at whole and half sums, and its moments."""
    found = uniforms.state(n=n, beyond=2)
    z, density = found["z"], found["density"]
    assert np.trapezoid(density * z**2, z) == pytest.approx(1, abs=0.01)
    kurtosis = np.trapezoid(density * z**4, z) - 3
    assert kurtosis == pytest.approx(found["kurtosis"], abs=0.02)
    x = n / 2 - 2 * np.sqrt(n / 12)
    below = sum((-1) ** k * comb(n, k) * (x - k) ** n for k in range(int(np.ceil(x))) if x > k)
    assert found["tail"] == pytest.approx(2 * below / factorial(n), abs=1e-12)
    assert found["range"] == pytest.approx((n / 2) / np.sqrt(n / 12))


def test_how_near_a_sum_is_to_the_gaussian() -> None:
    """Always nearer with one more; from four on within .008, as the page says."""
    largest = [float(uniforms.state(n=n, beyond=3)["largest"]) for n in range(1, 13)]
    assert largest == sorted(largest, reverse=True)
    assert largest[3] < 0.008 < largest[2]
    for n, beyond in itertools.product((1, 2, 5, 12), (3, 4)):
        tails = uniforms.state(n=n, beyond=beyond)
        assert tails["tail"] < tails["gaussian_tail"]
        assert (tails["tail"] == 0) == (beyond >= tails["range"])


@pytest.mark.parametrize("sd", [0.5, 2])
@pytest.mark.parametrize("shape", [0.8, 1, 3, 20])
def test_entropy_is_the_integral_and_the_gaussian_has_most(shape: float, sd: float) -> None:
    one, found = entropy.shaped(shape, sd), entropy.state(shape=shape, sd=sd)
    assert one.std() == pytest.approx(sd)

    def surprise(x: float) -> float:
        return float(-one.pdf(x) * one.logpdf(x))

    assert found["entropy"] == pytest.approx(2 * integral(surprise, 0, 40 * sd), abs=1e-6)
    assert found["difference"] < 0
    assert max(found["along"]) <= 0
    names = {name: float(found[name]) for name in ("laplace", "logistic", "uniform")}
    assert all(value < found["gaussian"] for value in names.values())
    apart = 2 * integral(partial(summand, one, stats.norm(0, sd)), 0, 40 * sd)
    assert found["difference"] == pytest.approx(
        -apart, abs=1e-6
    )  # as the page says: KL, for every sd


def test_entropy_of_named_shapes() -> None:
    found = entropy.state(shape=1, sd=1.5)
    assert found["entropy"] == pytest.approx(found["laplace"])
    near, nearer = (
        float(wide["entropy"]) - float(wide["uniform"])
        for wide in (entropy.state(shape=shape, sd=1.5) for shape in (20, 50))
    )
    assert 0 < nearer < near / 2
    assert entropy.state(shape=2, sd=1.5)["difference"] == pytest.approx(0, abs=1e-12)


def summand(p: Any, q: Any, x: float) -> float:
    return float(p.pdf(x) * (p.logpdf(x) - q.logpdf(x)))


@pytest.mark.parametrize(("mean", "sd"), [(-3, 0.25), (0, 1), (1, 0.5), (3, 4)])
def test_divergences_are_the_integrals(mean: float, sd: float) -> None:
    found = divergence.state(mean=mean, sd=sd)
    p, q = stats.norm(0, 1), stats.norm(mean, sd)
    for one, other, name in ((p, q, "forward"), (q, p, "backward")):
        ends = one.mean() - 12 * one.std(), one.mean() + 12 * one.std()
        apart = integral(partial(summand, one, other), *ends)
        assert found[name] == pytest.approx(apart, abs=1e-9)
        assert found[f"{name}_grid"] == pytest.approx(found[name], abs=1e-9)
        assert found[name] >= 0
    assert (found["forward"] == found["backward"] == 0) == ((mean, sd) == (0, 1))


def test_both_ways_are_the_same_only_between_equal_widths() -> None:
    for mean, sd in itertools.product((-3, -0.25, 0, 1, 3), (0.25, 0.75, 1, 1.25, 4)):
        forward = divergence.gaussians(0, 1, mean, sd)
        backward = divergence.gaussians(mean, sd, 0, 1)
        assert (abs(forward - backward) < 1e-12) == (sd == 1)
        assert (forward > backward) == (sd < 1)


@pytest.mark.parametrize("correlation", [-0.99, -0.4, 0, 0.9])
@pytest.mark.parametrize("inside", [50, 95])
def test_ellipse_is_a_level_that_holds_its_part(correlation: float, inside: int) -> None:
    found = ellipse.state(correlation=correlation, inside=inside)
    both = correlation * ellipse.SDS[0] * ellipse.SDS[1]
    covariance = np.array([[ellipse.SDS[0] ** 2, both], [both, ellipse.SDS[1] ** 2]])
    gaussian = stats.multivariate_normal([0, 0], covariance)
    edge = np.column_stack([found["edge_x"], found["edge_y"]])
    level = np.exp(gaussian.logpdf(edge) - gaussian.logpdf([0, 0]))
    assert level == pytest.approx(1 - inside / 100, rel=1e-9)
    x, y = edge.T
    shoelace = abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2
    assert found["area"] == pytest.approx(shoelace, rel=1e-3)
    a, b = (covariance[0, 0] + covariance[1, 1]) / 2, (covariance[0, 0] - covariance[1, 1]) / 2
    root = np.hypot(b, both)  # the formulas of the page
    assert (found["large"], found["small"]) == (pytest.approx(a + root), pytest.approx(a - root))
    quantile = -2 * np.log1p(-inside / 100)
    assert found["long"] == pytest.approx(np.sqrt((a + root) * quantile))
    at = float(found["degrees"][np.argmax(found["sds"])])
    assert abs((at - float(found["longest"]) + 90) % 180 - 90) <= 0.5
    error = np.sqrt(inside * (100 - inside) / ellipse.POINTS) / 100
    assert abs(found["held"] - inside / 100) <= 4 * error
    for name, sign in (("sum_sd", 1), ("difference_sd", -1)):
        assert found[name] ** 2 == pytest.approx(np.trace(covariance) + 2 * sign * both)


def test_points_have_the_covariance() -> None:
    found = ellipse.state(correlation=0.9, inside=95)
    sample = np.cov(found["points_x"], found["points_y"])
    r = sample[0, 1] / np.sqrt(sample[0, 0] * sample[1, 1])
    assert abs(np.arctanh(r) - np.arctanh(0.9)) < 4 / np.sqrt(ellipse.POINTS - 3)
    for i, sd in enumerate(ellipse.SDS):
        assert abs(sample[i, i] / sd**2 - 1) < 4 * np.sqrt(2 / ellipse.POINTS)
