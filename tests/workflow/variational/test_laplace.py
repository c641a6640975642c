"""Laplace, Pathfinder and a model as a function of one vector, against what is known exactly."""

from collections.abc import Callable

import numpy as np
import pymc as pm
import pytest
from scipy import stats

from tests.conftest import SEED
from workflow.variational.khat import bound, of_gaussian, pareto_k
from workflow.variational.laplace import NoModeError, laplace
from workflow.variational.pathfinder import NoPathError, estimates, inverse, pathfinder, scaled
from workflow.variational.unconstrained import Unconstrained

COV = np.array([[4.0, 1.2, 0.0], [1.2, 1.0, -0.3], [0.0, -0.3, 0.5]])
MEAN = np.array([3.0, -1.0, 20.0])


def gaussian() -> pm.Model:
    with pm.Model(coords={"i": range(3)}) as model:
        pm.MvNormal("x", MEAN, COV, dims="i")
    return model


def mixed() -> pm.Model:
    """Something positive, two between 0 and 1, something unbounded, and a function of them."""
    with pm.Model(coords={"i": list("ab")}) as model:
        scale = pm.Gamma("scale", 3, 2)
        rate = pm.Beta("rate", 2, 5, dims="i")
        mu = pm.Normal("mu", 0, scale)
        pm.Deterministic("sum", mu + rate, dims="i")
        pm.Normal("y", mu, 1, observed=pm.Data("y_data", 0.7))
    return model


def test_the_density_of_a_vector_is_the_model_s() -> None:
    """Of many points at once, of one, its slope by differences, and the way back."""
    model = mixed()
    target = Unconstrained(model)
    z = target.start + np.random.default_rng(SEED).normal(size=(6, target.start.size))
    known = model.compile_logp()
    names = [*target.first]
    assert names == ["scale_log__", "rate_logodds__", "mu"]
    points = [dict(zip(names, (one[0], one[1:3], one[3]), strict=True)) for one in z]
    expected = [float(known({k: np.asarray(v) for k, v in p.items()})) for p in points]
    assert target.log_density(z) == pytest.approx(expected, rel=1e-12)
    value, slope = target.value_and_slope(z[0])
    assert float(value) == pytest.approx(expected[0], rel=1e-12)
    h = 1e-5
    steps = h * np.eye(z.shape[1])
    differences = [
        float(target.value_and_slope(z[0] + s)[0] - target.value_and_slope(z[0] - s)[0]) / (2 * h)
        for s in steps
    ]
    assert slope == pytest.approx(differences, rel=1e-6, abs=1e-7)
    back = target.quantities(z)
    assert back["scale"].to_numpy()[0] == pytest.approx(np.exp(z[:, 0]))
    assert back["rate"].to_numpy()[0] == pytest.approx(1 / (1 + np.exp(-z[:, 1:3])))
    total = back["mu"] + back["rate"]
    assert back["sum"].to_numpy() == pytest.approx(total.transpose(*back["sum"].dims).to_numpy())
    assert back["sum"].coords["i"].to_numpy().tolist() == ["a", "b"]


def test_laplace_is_exact_for_a_gaussian() -> None:
    """Mean and covariance; the ELBO is then the evidence, and k-hat says that q is p."""
    target = Unconstrained(gaussian())
    found = laplace(target)
    assert found.mean == pytest.approx(MEAN, abs=1e-6)
    assert found.cov == pytest.approx(COV, abs=1e-6)
    assert 3 <= found.gradients < 200
    ratios = of_gaussian(found.mean, found.cov, target.log_density, 1000, seed=SEED)
    assert bound(ratios)["elbo"] == pytest.approx(0, abs=1e-6)
    assert pareto_k(ratios) < 0


def test_laplace_of_a_gamma_is_at_the_mode_of_its_logarithm() -> None:
    """log x of Gamma(a, b) has its mode at log(a / b), and the curvature a there."""
    with pm.Model() as model:
        pm.Gamma("x", 3.0, 2.0)
    found = laplace(Unconstrained(model))
    assert found.mean == pytest.approx([np.log(1.5)], abs=1e-6)
    assert found.cov[0, 0] == pytest.approx(1 / 3, rel=1e-6)


def ramp() -> pm.Model:
    with pm.Model() as model:
        x = pm.Flat("x")
        pm.Potential("up", 1.0 * x)
    return model


def saddle() -> pm.Model:
    """Flat in one direction: nothing for a Gaussian to stand on."""
    with pm.Model() as model:
        x, y = pm.Flat("x"), pm.Flat("y")
        pm.Potential("ridge", -((x - y) ** 2))
    return model


def funnel() -> pm.Model:
    with pm.Model() as model:
        tau = pm.HalfCauchy("tau", 1)
        pm.Normal("x", 0, tau, shape=6)
    return model


@pytest.mark.parametrize("model", [ramp, saddle, funnel])
def test_where_there_is_no_mode_laplace_refuses(model: Callable[[], pm.Model]) -> None:
    with pytest.raises(NoModeError, match="mode"):
        laplace(Unconstrained(model()))


def test_pathfinder_knows_a_gaussian_of_one_number() -> None:
    """There two slopes tell the curvature: mean and sd are exact, wherever the path begins."""
    with pm.Model() as model:
        pm.Normal("x", 3, 0.2)
    target = Unconstrained(model)
    for seed in range(5):
        found = pathfinder(target, seed=seed)
        assert found.mean == pytest.approx([3], abs=1e-6)
        assert found.cov[0, 0] == pytest.approx(0.04, rel=1e-6)


def test_pathfinder_comes_near_a_gaussian_of_three() -> None:
    """KL(q | p), in closed form: below .02 nats, and its own ELBO says so."""
    target = Unconstrained(gaussian())
    found = pathfinder(target, seed=SEED)
    inside, away = np.linalg.solve(COV, found.cov), found.mean - MEAN
    far = away @ np.linalg.solve(COV, away)
    kl = (np.trace(inside) + far - 3 - np.linalg.slogdet(inside)[1]) / 2
    assert kl < 0.02
    said = bound(of_gaussian(found.mean, found.cov, target.log_density, 20_000, seed=SEED))
    assert said["elbo"] == pytest.approx(-kl, abs=4 * said["elbo_error"] + 1e-9)


def test_the_inverse_curvature_keeps_what_the_last_step_told() -> None:
    """The secant condition: the last change of slope, times it, is the last step. Symmetric, and
    positive in all directions; after as many conjugate steps as there are numbers it is exact."""
    rng = np.random.default_rng(SEED)
    steps = rng.normal(size=(4, 3))
    pairs = [(s, np.linalg.solve(COV, s)) for s in steps]
    diagonal = np.ones(3)
    for s, y in pairs:
        diagonal = scaled(diagonal, s, y)
    assert (diagonal > 0).all()
    found = inverse(diagonal, pairs)
    s, y = pairs[-1]
    assert found @ y == pytest.approx(s, abs=1e-12)
    assert found == pytest.approx(found.T)
    assert np.linalg.eigvalsh(found).min() > 0
    conjugate = np.linalg.cholesky(COV).T  # rows c with c_i' COV^-1 c_j = 0 for i != j
    exact = inverse(np.ones(3), [(c, np.linalg.solve(COV, c)) for c in conjugate])
    assert exact == pytest.approx(COV, abs=1e-12)


def test_of_a_path_the_gaussian_with_the_highest_elbo_is_taken() -> None:
    """A path down the slopes of a Gaussian: estimates begin far off, and the best is kept."""
    points = np.array([[9.0], [8.0], [0.0]])
    found = estimates(points, points / 4)  # N(0, 2)
    assert [cov[0, 0] for _, cov in found] == pytest.approx([4, 4])
    assert [mean[0] for mean, _ in found] == pytest.approx([0, 0], abs=1e-12)


def test_a_density_that_is_nowhere_a_number_has_no_path() -> None:
    with pm.Model() as model:
        x = pm.Flat("x")
        pm.Potential("nothing", pm.math.log(-1 - x**2))
    with pytest.raises(NoPathError):
        pathfinder(Unconstrained(model), seed=SEED)


def test_the_elbo_has_its_monte_carlo_error() -> None:
    """Of N(0, 1) for N(0, 2), closed form; nearer than four errors, and NaN where it is none."""
    ratios = of_gaussian(
        np.zeros(1), np.eye(1), lambda z: stats.norm(0, 2).logpdf(z[:, 0]), 20_000, seed=SEED
    )
    exact = -(np.log(2) + 1 / 8 - 1 / 2)
    said = bound(ratios)
    assert said["elbo"] == pytest.approx(exact, abs=4 * said["elbo_error"])
    assert 0 < said["elbo_error"] < 0.01
    assert np.isnan(bound(np.array([0.0, np.inf]))["elbo"])
    assert of_gaussian(np.zeros(2), np.ones((2, 2)), np.sum, 10, seed=1).tolist() == [np.inf]
