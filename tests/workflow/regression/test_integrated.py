"""Gaps that are integrated out, against quadrature of another kind and joint normal densities."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats
from scipy.integrate import quad
from scipy.special import expit

from tests.conftest import SEED
from workflow.quantities import SAMPLE
from workflow.regression import counts, ordinal, tail_elpd
from workflow.regression.along_normal import mean_expit, over_normal, student_t
from workflow.regression.integrated import line, probabilities
from workflow.regression.regression import linear_predictor, steps

ROWS, SHAPE = 6, (2, 3)  # rows; chains and draws
NAMES = ["v", "x", "w"]

LAWS: dict[str, tuple[Callable[[np.ndarray], np.ndarray], float]] = {
    "Student-t near": (lambda eta: stats.t.logpdf(1.0, 4, eta, 0.5), 1.0),
    "Student-t far": (lambda eta: stats.t.logpdf(30.0, 2.2, eta, 0.05), 30.0),
    "Poisson": (lambda eta: stats.poisson.logpmf(3, np.exp(eta)), np.log(3)),
    "many": (lambda eta: stats.poisson.logpmf(900, np.exp(eta)), np.log(900)),
    "negative binomial": (
        lambda eta: stats.nbinom.logpmf(40, 2, 2 / (2 + np.exp(eta))),
        np.log(40),
    ),
    "an event": (lambda eta: -np.logaddexp(0, -eta), 0.0),
    "a rating": (lambda eta: np.log(expit(2 - eta) * expit(eta - 1.9) * -np.expm1(-0.1)), 1.95),
}


@pytest.mark.parametrize("kind", LAWS)
def test_the_mean_over_a_normal_is_that_of_adaptive_quadrature(kind: str) -> None:
    """Within 1e-6 of the value, wherever the outcome draws the predictor to."""
    law, best = LAWS[kind]
    rng = np.random.default_rng(SEED)
    mean, sd = rng.normal(size=(2, 2)), rng.uniform(0.3, 3, size=(2, 2))
    found = over_normal(law, mean, sd)
    for m, s, value in zip(mean.flat, sd.flat, found.flat, strict=True):
        places = np.linspace(m - 12 * s, max(m + 12 * s, best + 1), 400)
        peak = places[
            np.argmax([float(law(np.array(at))) - ((at - m) / s) ** 2 / 2 for at in places])
        ]
        ends = sorted({m - 40 * s, m - 8 * s, m, peak - s, peak, peak + s, best, m + 8 * s})
        parts = zip(ends, [*ends[1:], max(ends[-1], best) + 40 * s], strict=True)

        def density(eta: float, m: float = m, s: float = s, value: float = value) -> float:
            return float(np.exp(law(np.array(eta)) - value) * stats.norm(m, s).pdf(eta))

        total = sum(quad(density, *part, limit=400, epsabs=1e-10)[0] for part in parts)
        assert total == pytest.approx(1, abs=1e-6)


def test_a_student_t_about_a_normal_is_that_of_adaptive_quadrature() -> None:
    """Tails of nearly none to Gaussian ones, and outcomes up to 30 sds away."""
    rng = np.random.default_rng(SEED)
    for away in (0.0, 0.5, 2.0, 5.0, 30.0, -30.0):
        for _ in range(3):
            nu, scale = np.exp(rng.uniform(-0.3, 5)), np.exp(rng.normal())
            m, sd = rng.normal(), scale * np.exp(rng.uniform(-4, 4))
            y = m + away * np.hypot(sd, scale)
            found = float(student_t(*map(np.array, (y, m, sd, nu, scale))))
            ends = np.union1d(m + sd * np.arange(-38, 39, 4), y + scale * np.arange(-8, 9))
            law = partial(_student, args=(y, m, sd, nu, scale, found))
            parts = pairwise(ends[np.abs(ends - m) <= 38 * sd])
            total = sum(quad(law, *part, epsabs=1e-12)[0] for part in parts)
            assert total == pytest.approx(1, abs=2e-5)


def _student(x: float, args: tuple[float, ...]) -> float:
    """Return the density of both, divided by what was found."""
    y, m, sd, nu, scale, found = args
    log = stats.t.logpdf(y, nu, x, scale) + stats.norm.logpdf(x, m, sd)
    return float(np.exp(log - found))


def test_normal_and_normal_is_normal_however_far() -> None:
    """With noise of .03 to 10 sds of what is not known, up to hundreds of its sds away."""
    rng = np.random.default_rng(SEED)
    mean, sd, sigma = rng.normal(size=(3, 40))
    sd, sigma = np.exp(sd), np.exp(1.5 * sigma - 1)
    for y in (0.0, 5.0, 80.0):
        found = over_normal(partial(_gaussian, y=y, sd=sigma[:, None]), mean, sd)
        assert found == pytest.approx(stats.norm.logpdf(y, mean, np.hypot(sd, sigma)), abs=1e-6)


def _gaussian(eta: np.ndarray, y: float, sd: np.ndarray) -> np.ndarray:
    return np.asarray(stats.norm.logpdf(y, eta, sd))


def test_where_nothing_is_unknown_it_is_the_value() -> None:
    mean = np.array([0.3, -2.0])
    found = over_normal(lambda eta: -np.logaddexp(0, -eta), mean, np.zeros(2))
    assert found == pytest.approx(np.log(expit(mean)), abs=1e-9)


def test_the_mean_of_a_logistic_function_is_that_of_quadrature() -> None:
    for m, s in ((0.0, 0.5), (-3.0, 1.0), (2.0, 2.5), (1.0, 0.0)):
        expected = over_normal(lambda eta: -np.logaddexp(0, -eta), np.array([m]), np.array([s]))
        found = mean_expit(np.array([m]), np.array([s]))
        assert found == pytest.approx(np.exp(expected), abs=1e-4)


def terms_with_gaps() -> pd.DataFrame:
    """Return rows of three terms: without x, without w, without both, and without none."""
    rng = np.random.default_rng(SEED)
    terms = pd.DataFrame(rng.normal(size=(ROWS, 3)), range(2, ROWS + 2), NAMES) * [1, 3, 2] + 5
    terms.iloc[[0, 2], 1] = np.nan
    terms.iloc[[1, 2], 2] = np.nan
    return terms


def drawn(**more: tuple) -> xr.Dataset:
    """Return draws of a line and of what fills the gaps of x and w, and of variables of `more`."""
    rng = np.random.default_rng(SEED + 1)
    sizes = {"term": NAMES, "filled": ["w", "x"], "known": ["v"], "pair": ["w, x"]}
    dims = {
        "intercept": (),
        "slope": ("term",),
        "fill_level": ("filled",),
        "fill_beta": ("filled", "known"),
        "fill_sd": ("filled",),
        "fill_pair": ("pair",),
    }
    found = {
        name: ((*SAMPLE, *of), 0.5 * rng.normal(size=(*SHAPE, *(len(sizes[one]) for one in of))))
        for name, of in dims.items()
    }
    found["fill_sd"] = (found["fill_sd"][0], np.exp(found["fill_sd"][1]))
    return xr.Dataset(found | more, coords=sizes)


def moments(one: xr.Dataset, terms: pd.DataFrame, row: int) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and covariance of w and x of a row, given what it has, in standard units."""
    z = ((terms - terms.mean()) / terms.std()).iloc[row]
    level, sd = one["fill_level"].to_numpy(), one["fill_sd"].to_numpy()
    centre = level + one["fill_beta"].to_numpy()[:, 0] * z["v"]
    root = np.array([[sd[0], 0], [float(one["fill_pair"][0]), sd[1]]])
    covariance, values = root @ root.T, z[["w", "x"]].to_numpy(dtype=float)
    seen, mean, left = ~np.isnan(values), values.copy(), np.zeros((2, 2))
    weight = covariance[np.ix_(~seen, seen)] @ np.linalg.inv(covariance[np.ix_(seen, seen)])
    mean[~seen] = centre[~seen] + weight @ (values - centre)[seen]
    left[np.ix_(~seen, ~seen)] = (
        covariance[np.ix_(~seen, ~seen)] - weight @ covariance[np.ix_(seen, ~seen)]
    )
    return mean, left


def each_draw(posterior: xr.Dataset) -> list[tuple[tuple[int, ...], xr.Dataset]]:
    return [(at, posterior.isel(dict(zip(SAMPLE, at, strict=True)))) for at in np.ndindex(SHAPE)]


def test_a_line_is_normal_given_what_a_row_has() -> None:
    """By the formulas of conditional normals, whatever is missing; and of Gaussian noise, too."""
    terms = terms_with_gaps()
    posterior = drawn(sigma=(SAMPLE, np.full(SHAPE, 1.5)))
    found, y = line(posterior, terms), pd.Series(np.arange(ROWS) * 1.0, terms.index)
    scored = tail_elpd.log_density(posterior, terms, y).to_numpy()
    assert sorted(found.roots) == [0, 1, 2]
    for at, one in each_draw(posterior):
        slope = one["slope"].to_numpy()
        for row in range(ROWS):
            z, left = moments(one, terms, row)
            values = terms.iloc[row].to_numpy(dtype=float, copy=True)
            values[[2, 1]] = terms.mean().to_numpy()[[2, 1]] + terms.std().to_numpy()[[2, 1]] * z
            beta = (slope * terms.std().to_numpy())[[2, 1]]
            mean, sd = float(one["intercept"]) + slope @ values, np.sqrt(beta @ left @ beta)
            assert found.mean[(*at, row)] == pytest.approx(mean)
            assert (found.sd(row)[at] if row < 3 else 0.0) == pytest.approx(sd, abs=1e-12)
            law = stats.norm(mean, np.hypot(sd, 1.5))
            assert scored[(*at, row)] == pytest.approx(law.logpdf(y.iloc[row]))


def test_rows_that_are_looked_at_are_scored_as_among_all() -> None:
    terms, at = terms_with_gaps(), np.array([2, 4, 0])
    whole, part = (line(drawn(), terms, rows) for rows in (slice(None), at))
    assert part.mean == pytest.approx(whole.mean[..., at])
    assert part.sd(0) == pytest.approx(whole.sd(2))
    assert part.sd(2) == pytest.approx(whole.sd(0))
    plain = terms.fillna(1.0)
    assert line(drawn(), plain).mean == pytest.approx(
        linear_predictor(drawn(), plain).transpose(*SAMPLE, "row").to_numpy()
    )


def test_zeros_and_counts_of_a_row_hang_on_the_same_unknowns() -> None:
    """By integrals over one and over two gaps, of counts of 0 and of others."""
    rng = np.random.default_rng(SEED + 2)
    more = {
        "dispersion": (SAMPLE, np.full(SHAPE, 0.4)),
        "zero_intercept": (SAMPLE, rng.normal(size=SHAPE)),
        "zero_slope": ((*SAMPLE, "term"), 0.5 * rng.normal(size=(*SHAPE, 3))),
    }
    terms, posterior = terms_with_gaps(), drawn(**more)
    posterior["intercept"] = posterior["intercept"] - (posterior["slope"] * 5).sum("term")
    posterior["zero_intercept"] = posterior["zero_intercept"] - (posterior["zero_slope"] * 5).sum(
        "term"
    )
    over = pd.Series(np.linspace(0.5, 2, ROWS), terms.index)
    y = pd.Series([0, 2, 0, 1, 0, 3], terms.index)
    found = counts.log_density(posterior, terms, y, over).to_numpy()
    at, one = each_draw(posterior)[1]
    unit, own = steps(terms).to_numpy(), terms.mean().to_numpy()
    places = np.linspace(-8, 8, 161)
    grid = np.stack(np.meshgrid(places, places)).reshape(2, -1)
    weights = stats.norm.pdf(grid).prod(axis=0)
    for row in range(ROWS):
        mean, left = moments(one, terms, row)
        root = np.linalg.cholesky(left + 1e-300 * np.eye(2)) if row == 2 else np.sqrt(left)
        w, x = mean[:, None] + root @ grid
        values = np.repeat(terms.iloc[row].to_numpy(dtype=float)[:, None], len(w), axis=1)
        values[2], values[1] = own[2] + unit[2] * w, own[1] + unit[1] * x
        eta = float(one["intercept"]) + one["slope"].to_numpy() @ values
        zero = expit(float(one["zero_intercept"]) + one["zero_slope"].to_numpy() @ values)
        size, mu = 1 / 0.4, over.iloc[row] * np.exp(eta)
        counted = stats.nbinom.pmf(y.iloc[row], size, size / (size + mu))
        p = zero * (y.iloc[row] == 0) + (1 - zero) * counted
        assert np.exp(found[(*at, row)]) == pytest.approx(p @ weights / weights.sum(), rel=1e-5)


def test_probabilities_of_rows_with_gaps_are_means_over_what_may_stand_there() -> None:
    """Of an event, and of a rating above a cut; None where nothing is missing."""
    cut = np.broadcast_to(np.array([-1.0, 0.5]), (*SHAPE, 2))
    ratings = drawn(cut=((*SAMPLE, "boundary"), cut)).assign_coords(boundary=[1, 2])
    terms = terms_with_gaps()
    for posterior in (drawn(), ordinal.above(ratings, 2)):
        posterior["intercept"] = posterior["intercept"] - (posterior["slope"] * 5).sum("term")
        found, eta = probabilities(posterior, terms), line(posterior, terms)
        assert found is not None
        for row in (0, 2, 4):
            sd = eta.sd(row) if row in eta.roots else np.zeros(SHAPE)
            p = [
                quad(lambda u, m=m, s=s: expit(m + s * u) * stats.norm.pdf(u), -9, 9)[0]
                for m, s in zip(eta.mean[..., row].flat, sd.flat, strict=True)
            ]
            assert found[row] == pytest.approx(np.mean(p), abs=1e-6)
        assert probabilities(posterior, terms.fillna(0.0)) is None
