"""ADVI and its judge: exact where the family fits, an objection where it is known to fail."""

import math

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from pymc.variational.approximations import MeanField
from pymc.variational.opvi import Approximation
from scipy.special import softplus

from tests.conftest import SEED
from workflow.checking.diagnostics import Status, diagnose
from workflow.sampling.fit import fit_nuts
from workflow.sampling.groups import add_groups
from workflow.variational.advi import converged, fit_advi
from workflow.variational.compare import compare_methods
from workflow.variational.khat import k_hat, pareto_k
from workflow.variational.optimise import _drift, arrived
from workflow.variational.verdict import CANNOT, DO_NOT, GOOD, MEANS, Compared, judge

CORRELATION = 0.95


def correlated() -> pm.Model:
    """Return a two-dimensional Gaussian posterior with means of 2 and sds of .2."""
    with pm.Model() as model:
        a = pm.Normal("a", 2, 0.2)
        pm.Normal("b", 2 + CORRELATION * (a - 2), 0.2 * math.sqrt(1 - CORRELATION**2))
        pm.Normal("y", a, 100.0, observed=pm.Data("y_data", 0.0))
    return model


def scaled_gaussian(sd: float, dimensions: int) -> Approximation:
    """Return a mean-field q with this sd where the posterior is a standard Gaussian."""
    with pm.Model() as model:
        pm.Normal("x", 0, 1, shape=dimensions)
    approx = MeanField(model=model)
    mean, rho = approx.params
    assert {p.name for p in (mean, rho)} == {"mu", "rho"}
    by_name = {p.name: p for p in approx.params}
    by_name["mu"].set_value(np.zeros(dimensions))
    by_name["rho"].set_value(np.full(dimensions, math.log(math.expm1(sd))))
    assert softplus(by_name["rho"].get_value()) == pytest.approx(sd)
    return approx


def test_k_hat_where_q_is_exact() -> None:
    assert k_hat(scaled_gaussian(1.0, 2), seed=SEED) == -math.inf


def test_k_hat_where_q_is_half_as_wide() -> None:
    """In two dimensions the ratios are Pareto with k = 1 - sd^2 = .75 exactly."""
    assert k_hat(scaled_gaussian(0.5, 2), seed=SEED) == pytest.approx(0.75, abs=0.08)


def test_k_hat_does_not_object_to_a_q_that_is_too_wide() -> None:
    """That is why k-hat alone passes nothing."""
    assert k_hat(scaled_gaussian(2.0, 2), seed=SEED) < 0.5


def test_pareto_k_of_a_known_tail() -> None:
    u = np.random.default_rng(1).uniform(size=50_000)
    error = (1 + 0.9) / math.sqrt(3 * math.sqrt(50_000))  # of a fit to the 3 sqrt(n) largest
    assert pareto_k(-0.9 * np.log(u)) == pytest.approx(0.9, abs=4 * error)
    assert pareto_k(np.full(100, 3.0)) == -math.inf
    assert pareto_k(np.array([0.0, math.nan])) == math.inf


@pytest.fixture(scope="module")
def gaussian() -> tuple[pm.Model, xr.DataTree]:
    model = correlated()
    return model, fit_nuts(model, seed=SEED)


def never(posterior: xr.Dataset) -> tuple[str]:
    return ("the same",)


def verdict(nuts: xr.DataTree, advi: xr.DataTree) -> tuple[str, str]:
    found = compare_methods(nuts, advi, diagnose(nuts), never, nuts_seconds=1.0)
    return found.verdict, "; ".join(found.reasons)


def test_full_rank_is_good_enough_on_a_gaussian(gaussian: tuple[pm.Model, xr.DataTree]) -> None:
    model, nuts = gaussian
    advi = fit_advi(model, "fullrank_advi", seed=SEED)
    assert set(advi.children) == {"posterior", "optimization"}
    assert dict(advi["posterior"].sizes) == {"chain": 1, "draw": 10_000}
    assert advi["optimization"].sizes["iteration"] == 20_000
    assert converged(advi)
    assert verdict(nuts, advi)[0] == GOOD
    whole = add_groups(advi, model, seed=SEED)
    assert set(whole.children) == set(nuts.children) - {"sample_stats"} | {"optimization"}


def test_mean_field_on_correlated_parameters_is_the_family(
    gaussian: tuple[pm.Model, xr.DataTree],
) -> None:
    """The best mean-field sd is sqrt(1 - .95^2) = .31 of the true one."""
    model, nuts = gaussian
    advi = fit_advi(model, "advi", seed=SEED)
    found, reasons = verdict(nuts, advi)
    assert float(advi["posterior"]["a"].std()) == pytest.approx(0.2 * 0.312, rel=0.1)
    assert found != GOOD
    assert "mean-field family" in reasons


def test_stopped_early_is_not_the_family(gaussian: tuple[pm.Model, xr.DataTree]) -> None:
    model, nuts = gaussian
    advi = fit_advi(model, "fullrank_advi", iterations=200, longer=1, seed=SEED)
    found, reasons = verdict(nuts, advi)
    assert not converged(advi)
    assert found != GOOD
    assert "not converged" in reasons


def test_drift_sees_a_correlation_that_changes() -> None:
    before, after = np.eye(2), np.array([[1, 0.5], [0.5, 1]])
    assert _drift(np.zeros(2), before, before) == (0, 0)
    assert _drift(np.zeros(2), before, after)[1] == pytest.approx(math.log(2) / 2)
    assert _drift(np.array([0.3, 0]), 9 * before, 9 * before)[0] == pytest.approx(0.1)
    assert _drift(np.array([0.3, 0.4]), before, before)[0] == pytest.approx(0.5)


def test_what_is_singular_has_not_arrived() -> None:
    """Many unknowns, such as gaps, and few iterations; the run ended there."""
    singular = np.ones((2, 2))
    for pair in ((np.eye(2), singular), (singular, np.eye(2))):
        found = dict(zip(("mean_drift", "sd_drift"), _drift(np.zeros(2), *pair), strict=True))
        assert not arrived(found | {"reach": 20.0})


@pytest.mark.parametrize(
    ("drift", "arrived"),
    [
        ({"mean_drift": 0.01, "sd_drift": 0.01, "reach": 20.0}, True),
        ({"mean_drift": 0.01, "sd_drift": 0.01, "reach": 0.3}, False),
        ({"mean_drift": 0.3, "sd_drift": 0.01, "reach": 20.0}, False),
        ({"mean_drift": 0.01, "sd_drift": math.nan, "reach": 20.0}, False),
    ],
)
def test_standing_still_proves_nothing_where_it_could_not_move(
    drift: dict[str, float], arrived: bool
) -> None:
    tree = xr.DataTree()
    tree.attrs |= drift
    assert converged(tree) is arrived


def test_funnel_is_not_to_be_used(funnel: tuple[pm.Model, xr.DataTree]) -> None:
    model, nuts = funnel
    advi = fit_advi(model, "advi", seed=SEED)
    assert advi.attrs["k_hat"] > 0.5  # .68 to 1.11 by seed, where a good fit has .1
    assert verdict(nuts, advi)[0] in {DO_NOT, CANNOT}
    assert "NUTS failed" in verdict(nuts, advi)[1]
    print(f"k-hat of the funnel: {advi.attrs['k_hat']:.2f}")


def compared(shift: float = 0.0, ratio: float = 1.0, error: float = 0.0) -> dict[str, Compared]:
    return {"x": Compared(shift, error, ratio, error, 0.9, 0.0)}


@pytest.mark.parametrize(
    ("numbers", "k", "same", "status", "expected"),
    [
        (compared(), 0.1, True, Status.PASS, GOOD),
        (compared(), -math.inf, True, Status.WARN, GOOD),
        (compared(shift=0.1), 0.1, True, Status.PASS, GOOD),
        (compared(shift=-0.11), 0.1, True, Status.PASS, MEANS),
        (compared(shift=0.11, error=0.01), 0.1, True, Status.PASS, GOOD),
        (compared(shift=0.25), 0.1, True, Status.PASS, MEANS),
        (compared(shift=0.26), 0.1, True, Status.PASS, DO_NOT),
        (compared(ratio=1.2), 0.1, True, Status.PASS, MEANS),
        (compared(ratio=0.8), 0.1, True, Status.PASS, MEANS),
        (compared(ratio=0.89, error=0.01), 0.1, True, Status.PASS, GOOD),
        (compared(), 0.7, True, Status.PASS, MEANS),
        (compared(), math.nan, True, Status.PASS, MEANS),
        (compared(), 0.1, False, Status.PASS, DO_NOT),
        (compared(shift=math.nan), 0.1, True, Status.PASS, DO_NOT),
        (compared(ratio=math.nan), 0.1, True, Status.PASS, MEANS),
        (compared(), 0.1, True, Status.FAIL, CANNOT),
        (compared(), 0.7, True, Status.FAIL, DO_NOT),
        (compared(), math.nan, True, Status.FAIL, DO_NOT),
    ],
)
def test_verdict(
    numbers: dict[str, Compared], k: float, same: bool, status: Status, expected: str
) -> None:
    assert judge(numbers, k, same, status) == expected


def test_errors_of_the_comparison_are_right(gaussian: tuple[pm.Model, xr.DataTree]) -> None:
    """Over repeated independent draws of the same distribution, z scores have unit size."""
    _, nuts = gaussian
    rng = np.random.default_rng(4)
    z = []
    for _ in range(60):
        one, other = (
            xr.DataTree.from_dict(
                {"posterior": xr.Dataset({"x": (("chain", "draw"), rng.normal(size=shape))})}
            )
            for shape in ((4, 1000), (1, 10_000))
        )
        other.attrs |= {"method": "advi", "k_hat": 0.0, "seconds": 1.0}
        other.attrs |= {"mean_drift": 0.0, "sd_drift": 0.0, "reach": 9.0}
        q = compare_methods(one, other, diagnose(nuts), never, nuts_seconds=1.0).quantities["x"]
        z.append((q.mean_shift_sd / q.mean_shift_error, (q.sd_ratio - 1) / q.sd_ratio_error))
        assert q.overlap + 4 * q.overlap_error > 0.93
    assert np.sqrt(np.mean(np.square(z), axis=0)) == pytest.approx([1, 1], abs=4 / math.sqrt(120))
