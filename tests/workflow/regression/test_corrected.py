"""The width of quantile lines, put right: the sandwich by hand, its limits, and its coverage."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats

from workflow.regression.corrected import corrected, known
from workflow.regression.quantiles import widening

Q = np.array([0.1, 0.5, 0.9])
FLAT = 1e4  # prior sd of a coefficient, in sds of the outcome
Z95 = stats.norm.ppf(0.975)


def sheet(n: int = 300) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(3)
    terms = pd.DataFrame({"a": rng.gamma(2, 3, size=n), "b": rng.integers(0, 2, size=n)})
    return terms, 40 + 2 * terms["a"] + 5 * rng.normal(size=n)


def standard(terms: pd.DataFrame) -> np.ndarray:
    """Return a constant and the terms in steps: sds, or 0 and 1 as they are."""
    steps = [1.0 if {*terms[name]} == {0, 1} else terms[name].std() for name in terms]
    return np.column_stack([np.ones(len(terms)), (terms - terms.mean()) / steps])


def posterior(
    means: Sequence[np.ndarray],
    covariances: Sequence[np.ndarray],
    scales: Sequence[float],
    terms: pd.DataFrame,
    q: np.ndarray = Q,
    draws: int = 400,
) -> xr.Dataset:
    """Return draws that have exactly these means and covariances of level and coefficients.

    Between the lines, too, where there is none.
    """
    k = len(means[0])
    raw = np.random.default_rng(8).normal(size=(draws, k * len(q)))
    raw = raw - raw.mean(axis=0)
    raw = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw, rowvar=False))).T
    each = raw.reshape(draws, len(q), k)
    own = np.stack(
        [
            m + each[:, j] @ np.linalg.cholesky(c).T
            for j, (m, c) in enumerate(zip(means, covariances, strict=True))
        ],
        axis=1,
    ).reshape(4, draws // 4, len(q), k)
    steps = np.array([1.0 if {*terms[name]} == {0, 1} else terms[name].std() for name in terms])
    slope = own[..., 1:] / steps
    at = ("chain", "draw", "quantile")
    return xr.Dataset(
        {
            "slope": ((*at, "term"), slope),
            "intercept": (at, own[..., 0] - slope @ terms.mean().to_numpy()),
            "scale": (at, np.broadcast_to(np.asarray(scales, float), own.shape[:3])),
        },
        coords={"quantile": q, "term": list(terms)},
    )


def covariance(lines: xr.Dataset, terms: pd.DataFrame) -> np.ndarray:
    """Return the covariance of level and coefficients of all lines, one line after another."""
    beta = lines["beta"].transpose("chain", "draw", "quantile", "term").to_numpy()
    slope = lines["slope"].transpose("chain", "draw", "quantile", "term").to_numpy()
    level = lines["intercept"].to_numpy() + slope @ terms.mean().to_numpy()
    own = np.concatenate([level[..., None], beta], axis=-1)
    return np.cov(own.reshape(-1, own.shape[2] * own.shape[3]), rowvar=False)


def test_it_is_the_covariance_that_lines_have_from_sample_to_sample() -> None:
    """Koenker's, where the device has its limit: scale / density (X'X)^-1 of each line by itself.

    Then (min(p, q) - p q) / (f_p f_q) (X'X)^-1 between the lines of p and q, f the densities of the
    outcome at the lines, whatever the scale of the device is. The means stay.
    """
    terms, y = sheet()
    x = standard(terms)
    inverse = np.linalg.inv(x.T @ x)
    density = stats.norm.pdf(stats.norm.ppf(Q)) / 5
    of = replace(known(terms, y, np.eye(2)), root=(FLAT * y.std() * np.eye(3)).tolist())
    means = [np.array([50.0 + 10 * q, 4.0 + q, -1.0]) for q in Q]
    for scales in ([1.0, 2.0, 0.7], [5.0, 0.2, 3.0]):
        each = [s / f * inverse for s, f in zip(scales, density, strict=True)]
        drawn = posterior(means, each, scales, terms)
        lines = corrected(drawn, of)
        share = (np.minimum.outer(Q, Q) - np.outer(Q, Q)) / np.outer(density, density)
        wanted = np.kron(share, inverse)
        found = covariance(lines, terms)
        size = np.sqrt(np.outer(np.diag(wanted), np.diag(wanted)))
        assert np.abs((found - wanted) / size).max() < 1e-6
        for name in ("slope", "intercept"):
            mean = lines[name].mean(("chain", "draw")).to_numpy()
            assert mean == pytest.approx(drawn[name].mean(("chain", "draw")).to_numpy(), rel=1e-9)


def test_where_the_data_say_nothing_the_prior_stays() -> None:
    """Costs that are huge beside the data: draws that are the prior's are left as they are."""
    terms, y = sheet()
    root = np.array([[0.7, 0.0], [0.2, 0.5]])
    of = known(terms, y, root)
    prior = np.eye(3)
    prior[1:, 1:] = root @ root.T
    prior *= y.var()
    drawn = posterior([np.zeros(3)] * 3, [prior] * 3, [1e6] * 3, terms)
    found = covariance(corrected(drawn, of), terms)
    assert found == pytest.approx(np.kron(np.eye(3), prior), rel=1e-3, abs=1e-3 * y.var())


def test_units_do_not_matter() -> None:
    terms, y = sheet()
    covariances = [np.diag([2.0, 1.0, 3.0]) * (1 + j) for j in range(3)]
    means = [np.array([50.0, 4.0, -1.0])] * 3

    def wide(factor: float, unit: float) -> xr.DataArray:
        x = terms * [unit, 1]
        drawn = posterior(
            [factor * m for m in means], [factor**2 * c for c in covariances], [3.0 * factor] * 3, x
        )
        return corrected(drawn, known(x, factor * y, np.eye(2)))["slope"].std(("chain", "draw"))

    here, there = wide(1, 1).to_numpy(), wide(1e5, 1e-4).to_numpy()
    assert there / [1e9, 1e5] == pytest.approx(here, rel=1e-6)


def test_fewer_draws_than_coefficients_do_not_break_it() -> None:
    """Four draws of twelve coefficients: no error, and the means stay."""
    rng = np.random.default_rng(2)
    terms = pd.DataFrame(rng.normal(size=(30, 11)), columns=list("abcdefghijk"))
    y = pd.Series(rng.normal(size=30), name="y")
    own = rng.normal(size=(1, 4, 2, 12))
    at = ("chain", "draw", "quantile")
    drawn = xr.Dataset(
        {
            "slope": ((*at, "term"), own[..., 1:]),
            "intercept": (at, own[..., 0]),
            "scale": (at, np.ones(own.shape[:3])),
        },
        coords={"quantile": [0.25, 0.75], "term": list(terms)},
    )
    lines = corrected(drawn, known(terms, y, np.eye(11)))
    assert np.isfinite(lines["slope"]).all()
    mean = lines["slope"].mean(("chain", "draw")).to_numpy()
    assert mean == pytest.approx(drawn["slope"].mean(("chain", "draw")).to_numpy(), abs=1e-9)


def cost(q: float, residual: np.ndarray) -> np.ndarray:
    return np.maximum(q * residual, (q - 1) * residual)


def on_lattice(z: np.ndarray, y: np.ndarray, q: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Return mean and covariance of level and coefficient, and the mean scale, of the device.

    Exactly, under a flat prior of the line and 1 / scale of the scale, which is integrated out.
    """
    centre = np.array([np.quantile(y - z * (z @ y) / (z @ z), q), (z @ y) / (z @ z)])
    half = np.full(2, 9 * y.std() / np.sqrt(len(y)))
    for size in (25, 25, 25, 25, 41):
        a, b = (c + h * np.linspace(-1, 1, size) for c, h in zip(centre, half, strict=True))
        sums = np.array([cost(q, y - one - b[:, None] * z).sum(axis=1) for one in a])
        weight = np.exp(-len(y) * np.log(sums / sums.min()))
        weight /= weight.sum()
        level, slope = weight.sum(axis=1), weight.sum(axis=0)
        centre = np.array([level @ a, slope @ b])
        off = np.stack(np.meshgrid(a - centre[0], b - centre[1], indexing="ij"))
        found = np.einsum("iab,jab,ab->ij", off, off, weight)
        step = 2 * half / (size - 1)
        half = 5 * np.maximum(np.sqrt(np.diag(found)), step / 2)
    return centre, found, float((weight * sums).sum() / (len(y) - 1))


def normal(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.normal(size=n)


def skewed(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.exponential(size=n)


NOISES: dict[str, tuple[Callable[..., np.ndarray], Callable[[np.ndarray], np.ndarray]]] = {
    "normal": (normal, stats.norm.ppf),
    "skewed": (skewed, stats.expon.ppf),
}
LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
INNER = LEVELS[1:4]
TIMES, ROWS = 400, 235
KEPT, LEFT = 0.90, 0.80  # coverage that inner lines, and outer ones, have at the least


@pytest.mark.validate
@pytest.mark.parametrize("grows", [0.0, 0.5])
@pytest.mark.parametrize("noise", NOISES)
def test_intervals_hold_the_slope_as_often_as_they_say(noise: str, grows: float) -> None:
    """Exact posteriors of 400 data sets of 235 rows; the spread grows with the term, or does not.

    Of 95% intervals at least 90 in a hundred hold the slope of an inner line, and the difference of
    two of them; of an outer one, which the page warns of, at least 80. The device by itself has .52
    to .68 at the 95% line. Four Monte Carlo errors are granted. Measured: 25% to 75% .91 to .96; 5%
    and 95% .83 to .98; their difference .84 to .96, the least where the noise is skewed.
    """
    rng, (draw, ppf) = np.random.default_rng(7), NOISES[noise]
    right, device = np.zeros(len(LEVELS)), np.zeros(len(LEVELS))
    gaps = np.zeros(2)
    for _ in range(TIMES):
        x = np.exp(0.5 * rng.normal(size=ROWS))
        y = 1 + x + (1 + grows * x) * draw(rng, ROWS)
        terms, outcome = pd.DataFrame({"x": x}), pd.Series(y, name="y")
        true = 1 + grows * ppf(LEVELS)
        exact = [on_lattice(standard(terms)[:, 1], y, q) for q in LEVELS]
        means, covariances, scales = zip(*exact, strict=True)
        drawn = posterior(means, covariances, scales, terms, LEVELS)
        lines = corrected(drawn, known(terms, outcome, FLAT * np.eye(1)))
        right += holds(lines["slope"].isel(term=0), true)
        device += holds(drawn["slope"].isel(term=0), true)
        for i, levels in enumerate((LEVELS, INNER)):
            gap = widening(lines.sel(quantile=levels), "slope").isel(term=0)
            gaps[i] += holds(gap, grows * np.ptp(ppf(levels)))
    right, device, gaps = right / TIMES, device / TIMES, gaps / TIMES
    print(noise, grows, right, device, gaps)
    room = {share: 4 * np.sqrt(share * (1 - share) / TIMES) for share in (KEPT, LEFT)}
    assert right[1:4].min() > KEPT - room[KEPT]
    assert gaps[1] > KEPT - room[KEPT]
    assert min(right.min(), gaps[0]) > LEFT - room[LEFT]
    assert device[-1] < 0.7 + room[LEFT]
    assert right[-1] > device[-1] + 0.1


def holds(drawn: xr.DataArray, true: np.ndarray | float) -> np.ndarray:
    """Say whether the central 95% of normal draws has the true value inside."""
    mean, sd = drawn.mean(("chain", "draw")).to_numpy(), drawn.std(("chain", "draw")).to_numpy()
    found: np.ndarray = np.abs(mean - true) < Z95 * sd
    return found
