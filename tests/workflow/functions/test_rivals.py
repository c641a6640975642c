"""Splines against scipy, rows left out one by one, and leave-one-out by evidence."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats
from scipy.interpolate import make_smoothing_spline
from scipy.special import logsumexp

from data.smooth_curve import load
from workflow.functions.points import Points, points
from workflow.functions.quadrature import Prior, log_likelihoods
from workflow.functions.rivals import OWN, ROWS, SPLINE, Rivals, _with, log_densities, rivals
from workflow.functions.splines import Spline, spline
from workflow.quantities import SAMPLE
from workflow.scoring.elpd import Elpd

KNOWN = points(load(), 1.0)
PRIOR = Prior(5.0, 1.1, 48.0, 48.0)
AXES = (np.linspace(1.0, 2.2, 6), np.linspace(3.2, 4.8, 5), np.linspace(2.9, 3.4, 4))


def without(i: int) -> Points:
    """Return all rows but one, at the same places."""
    rest = np.delete(np.arange(len(KNOWN.y)), i)
    return Points(KNOWN.where, KNOWN.at[rest], KNOWN.y[rest], KNOWN.mean, KNOWN.level)


def theirs(one: Spline) -> np.ndarray:
    """Return the spline of scipy with the same smoothing at every x that has rows."""
    there = one.points.many > 0
    x, many = one.points.where[there], one.points.many[there]
    y = np.bincount(one.points.at, one.points.y, minlength=len(there))[there] / many
    smoothing = (x[-1] - x[0]) ** 3 / one.ratio**2
    return np.asarray(make_smoothing_spline(x, y, w=many, lam=smoothing)(one.points.where))


@pytest.mark.parametrize("ratio", [3.0, 126.0, 2000.0])
def test_scipy_finds_the_same_spline(ratio: float) -> None:
    """To 1e-8 of the values' sd."""
    found = Spline(KNOWN, ratio)
    assert found.curve == pytest.approx(theirs(found), abs=1e-8 * 48)


def test_rows_left_out_of_a_spline_one_by_one() -> None:
    """By scipy, without each row; with the noise that all rows have."""
    found = Spline(KNOWN, 126.0)
    mean, sd = found.left_out
    for i in (5, 40, 77, 110):
        again = theirs(Spline(without(i), 126.0))[KNOWN.at[i]]
        assert mean[i] == pytest.approx(again, abs=1e-6)
        known = np.square(sd[i]) - found.sigma**2  # the curve's variance without the row
        assert 0 < known < found.sigma**2 * 3


def test_what_reml_maximises_is_the_density_of_contrasts() -> None:
    """Of values less every straight line: their density, whole, by the walk's own covariance."""
    x = KNOWN.where[KNOWN.at]
    t = (x - KNOWN.where[0]) / np.ptp(KNOWN.where)
    less, more = np.minimum(t[:, None], t), np.maximum(t[:, None], t)
    walk = less**2 * (3 * more - less) / 6
    line = np.stack([np.ones_like(t), t], 1)
    beyond = np.linalg.svd(line)[0][:, 2:]  # contrasts
    found = []
    for ratio in (20.0, 126.0, 600.0):
        one = Spline(KNOWN, ratio)
        whole = one.sigma**2 * (np.eye(len(t)) + ratio**2 * walk)
        density = stats.multivariate_normal(cov=beyond.T @ whole @ beyond)
        found.append(one.reml - density.logpdf(beyond.T @ KNOWN.y))
    assert found[1:] == pytest.approx([found[0]] * 2, abs=1e-5)


def test_the_smoothing_is_the_best() -> None:
    best = spline(KNOWN)
    others = [Spline(KNOWN, best.ratio * k).reml for k in (0.01, 0.3, 0.97, 1.03, 3, 100)]
    assert best.reml > max(others)


def test_a_straight_line_is_left_straight() -> None:
    """Without bends the spline is the least-squares line."""
    rng = np.random.default_rng(8)
    x = np.sort(rng.uniform(0, 9, 60))
    rows = pd.DataFrame({"x": x, "y": 3 + 2 * x + rng.normal(size=60)})
    flat = Spline(points(rows, 1.0), 1e-6)
    line = np.polynomial.Polynomial.fit(x, rows["y"], 1)
    assert flat.curve == pytest.approx(line(x), abs=1e-6)
    left = (rows["y"] - line(x)).to_numpy()
    assert flat.sigma == pytest.approx(np.sqrt(left @ left / 58), rel=1e-6)


def test_a_large_line_is_no_matter() -> None:
    """Values about a million, on a line far steeper than they scatter: the same spline, moved."""
    rng = np.random.default_rng(5)
    x = np.linspace(0, 1, 50)
    y = np.sin(9 * x) + 0.3 * rng.normal(size=50)
    near, far = (
        Spline(points(pd.DataFrame({"x": x, "y": y + moved}), 1.0), 300.0)
        for moved in (0, 1e6 + 1e4 * x)
    )
    assert far.curve - 1e6 - 1e4 * x == pytest.approx(near.curve, abs=1e-8)
    assert far.reml == pytest.approx(near.reml, rel=1e-8)


def evidence(known: Points) -> np.ndarray:
    """Return the log density of the values with that of the prior, at every node of a grid."""
    pair = np.exp(AXES[1])[:, None], np.exp(AXES[2])[None, :]
    likelihood = [log_likelihoods(known, float(np.exp(one)), *pair) for one in AXES[0]]
    return np.array(likelihood) + PRIOR.log_density(np.meshgrid(*AXES, indexing="ij"))


def test_leave_one_out_is_a_ratio_of_evidences() -> None:
    """With a prior on 120 nodes: p(all) / p(all but one) is what weights of one over p make of it.

    Exactly: no draws are involved, the weights are those of the nodes' posterior.
    """
    logs = evidence(KNOWN)
    p = np.exp(logs - logsumexp(logs)).ravel()
    nodes = (one.reshape(2, -1) for one in np.exp(np.meshgrid(*AXES, indexing="ij")))
    names = ("length", "sigma_f", "sigma")
    posterior = xr.Dataset({name: (SAMPLE, one) for name, one in zip(names, nodes, strict=True)})
    at = np.array([0, 40, 77, 132])
    found = log_densities(KNOWN, posterior, at).to_numpy().reshape(-1, len(at))
    exact = [logsumexp(logs) - logsumexp(evidence(without(int(i)))) for i in at]
    assert -logsumexp(-found, axis=0, b=p[:, None]) == pytest.approx(exact, abs=1e-7)


def by_hand(own: np.ndarray, other: np.ndarray) -> Rivals:
    """Return a comparison of two models whose elpds are given by row."""
    rows = tuple(range(len(own)))
    none, nothing = np.full(len(own), np.nan), np.zeros(len(own))
    elpds = [Elpd("", rows, one, nothing, none, np.inf) for one in (own, other)]
    return Rivals(dict(zip((OWN, SPLINE), elpds, strict=True)), len(own), len(own))


def test_what_is_not_sure_is_not_told() -> None:
    """A difference has to be above 4, and clear of its error."""
    rng = np.random.default_rng(1)
    noise = rng.normal(size=200)
    noise -= noise.mean()
    zero = np.zeros(200)
    assert by_hand(zero + 0.1, zero).told(SPLINE) == 1
    assert by_hand(zero, zero + 0.1).told(SPLINE) == -1
    assert by_hand(zero + 0.01, zero).told(SPLINE) == 0  # 2 of elpd
    assert by_hand(noise + 0.1, zero).told(SPLINE) == 0  # 20 of elpd, with an error of 14


def test_of_many_rows_some_are_looked_at() -> None:
    rng = np.random.default_rng(2)
    x = rng.integers(30, size=ROWS + 500).astype(float)
    rows = pd.DataFrame({"x": x, "y": np.sin(x / 5) + rng.normal(size=len(x))})
    of = {"length": (4, 6), "sigma_f": (0.8, 1.2), "sigma": (0.95, 1.05)}
    posterior = xr.Dataset({name: (SAMPLE, rng.uniform(*one, (2, 60))) for name, one in of.items()})
    found = rivals(points(rows, 1.0), posterior, PRIOR, seed=3)
    assert (found.looked, found.rows) == (ROWS, ROWS + 500)
    assert abs(found.gaps[SPLINE].value) < 10


def test_rows_that_were_refitted_have_their_own_values_and_no_k() -> None:
    """What weights did not tell is replaced; a refit that failed is named, and has no value."""
    four = np.array([-1.0, -2.0, -9.0, -4.0])
    found = Elpd("x", (3, 5, 7, 9), four, np.full(4, 0.1), np.array([0.1, 0.9, 0.95, 0.2]), 0.7)
    own = _with(found, np.array([1, 2]), np.array([-2.5, np.nan]), np.array([0.3, np.nan]))
    assert own.refitted == 2
    assert own.failed == (7,)
    assert own.pointwise == pytest.approx([-1.0, -2.5, np.nan, -4.0], nan_ok=True)
    assert own.errors == pytest.approx([0.1, 0.3, np.nan, 0.1], nan_ok=True)
    assert own.k == pytest.approx([0.1, np.nan, np.nan, 0.2], nan_ok=True)
    assert found.pointwise[1] == -2.0
