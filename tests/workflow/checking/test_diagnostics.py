"""The gate: healthy draws pass, and each way to be wrong is named by its own check."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings, strategies as st

from workflow.checking.diagnostics import Status, diagnose, least_mixed
from workflow.checking.status import Check, Diagnosis

Make = Callable[..., xr.DataTree]


def healthy(chains: int = 4, draws: int = 1000, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(chains, draws))


def sticky(x: np.ndarray, phi: float) -> np.ndarray:
    """Return an autoregression of the first order with the noise `x`."""
    y = np.zeros_like(x)
    for i in range(1, x.shape[1]):
        y[:, i] = phi * y[:, i - 1] + x[:, i]
    return y


def test_healthy_draws_pass(tree_of: Make) -> None:
    found = diagnose(tree_of(a=healthy(), b=np.exp(healthy(seed=1))))
    assert found.status is Status.PASS
    assert all(check.advice == "" for check in found.checks)
    assert found.reasons() == []


def test_worst_names_the_quantity(tree_of: Make) -> None:
    shifted = healthy() + np.array([0, 0, 0, 5])[:, None]
    found = diagnose(tree_of(fine=healthy(), moved=shifted))
    assert found.status is Status.FAIL
    assert found["R-hat"].status is Status.FAIL
    assert found["R-hat"].where == "moved"
    assert found["R-hat"].advice


def test_variances_that_differ_are_seen_by_rank_normalised_r_hat(tree_of: Make) -> None:
    scaled = healthy() * np.array([1, 1, 1, 5])[:, None]
    assert diagnose(tree_of(x=scaled))["R-hat"].status is not Status.PASS


@pytest.mark.parametrize(
    ("draws", "status"), [(1000, Status.PASS), (60, Status.WARN), (15, Status.FAIL)]
)
def test_too_few_draws(tree_of: Make, draws: int, status: Status) -> None:
    """240 and 60 independent draws against thresholds of 400 (pass) and 100 (fail)."""
    assert diagnose(tree_of(x=healthy(draws=draws)))["bulk ESS"].status is status


def test_tail_ess_does_not_pass_with_a_good_bulk(tree_of: Make) -> None:
    """Draws without autocorrelation whose scale changes slowly: only the tails mix badly."""
    slow = sticky(healthy(seed=5), 0.99)
    found = diagnose(tree_of(x=healthy() * np.where(slow > np.quantile(slow, 0.9), 4, 1)))
    assert found["bulk ESS"].status is Status.PASS
    assert found["tail ESS"].status is not Status.PASS
    assert found.status is not Status.PASS


def test_autocorrelated_draws_do_not_count_fully(tree_of: Make) -> None:
    found = diagnose(tree_of(x=sticky(healthy(), 0.97)))
    assert found["bulk ESS"].status is not Status.PASS


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_not_finite_fails(tree_of: Make, bad: float) -> None:
    x = healthy()
    x[2, 17] = bad
    found = diagnose(tree_of(fine=healthy(seed=2), broken=x))
    assert found.status is Status.FAIL
    assert found["constant or not finite"].where == "broken"
    for check in ("bulk ESS", "tail ESS") if math.isnan(bad) else ():
        assert (found[check].where, found[check].status) == ("broken", Status.FAIL)


@pytest.mark.parametrize("chains", [1, 4])
def test_constant_fails(tree_of: Make, chains: int) -> None:
    x = healthy()
    x[:chains] = 0.5
    assert diagnose(tree_of(x=x))["constant or not finite"].status is Status.FAIL


def test_one_divergence_fails(tree_of: Make) -> None:
    tree = tree_of(x=healthy())
    tree["sample_stats"]["diverging"][3, 5] = True  # type: ignore[index]
    found = diagnose(tree)
    assert found["divergences"].status is Status.FAIL
    assert (found["divergences"].worst, found["divergences"].where) == (1, "chain 3")


@pytest.mark.parametrize("name", ["maxdepth_reached", "reached_max_treedepth"])
def test_tree_depth_warns_under_both_names(tree_of: Make, name: str) -> None:
    tree = tree_of(x=healthy())
    stats = tree["sample_stats"].to_dataset().rename(maxdepth_reached=name)
    stats[name][0, :3] = True
    tree["sample_stats"] = stats
    found = diagnose(tree)
    assert found["tree depth reached"].status is Status.WARN
    assert found["tree depth reached"].worst == 3
    assert found.status is Status.WARN


@pytest.mark.parametrize(
    ("step", "status"), [(0.7, Status.PASS), (0.5, Status.WARN), (0.3, Status.FAIL)]
)
def test_energy(tree_of: Make, step: float, status: Status) -> None:
    """E-BFMI of an autoregression with coefficient phi is 2 (1 - phi)."""
    tree = tree_of(x=healthy())
    phi = 1 - step**2 / 2
    energy = (("chain", "draw"), sticky(healthy(seed=8), phi))
    tree["sample_stats"] = tree["sample_stats"].to_dataset().assign(energy=energy)
    check = diagnose(tree)["E-BFMI"]
    assert check.worst == pytest.approx(2 * (1 - phi), rel=0.5)
    assert check.status is status


def test_what_was_not_recorded_is_not_vouched_for(tree_of: Make) -> None:
    tree = tree_of(x=healthy())
    del tree["sample_stats"]
    found = diagnose(tree)
    failed = {check.check for check in found.checks if check.status is Status.FAIL}
    assert failed == {"divergences", "tree depth reached", "E-BFMI"}


def test_one_chain_never_passes(tree_of: Make) -> None:
    tree = tree_of(x=healthy(chains=1, draws=4000))
    assert diagnose(tree).status is not Status.PASS


def test_monte_carlo_error(tree_of: Make) -> None:
    found = diagnose(tree_of(x=healthy(draws=50)))
    assert found["MCSE / sd"].worst == pytest.approx(1 / math.sqrt(200), rel=0.3)
    assert found["MCSE / sd"].status is Status.WARN


def test_least_mixed_are_those_with_the_largest_r_hat(tree_of: Make) -> None:
    draws = {name: healthy(draws=500, seed=i) for i, name in enumerate("abcd")}
    draws["c"][0] += 1
    draws["b"][0] += 3
    found = least_mixed(tree_of(**draws), ["a", "b", "c"], most=2)
    assert list(found.data_vars) == ["b", "c"]
    assert dict(found.sizes) == {"chain": 4, "draw": 500}
    assert set(found.coords) == {"chain", "draw"}


def test_a_copied_chain_is_no_second_opinion(tree_of: Make) -> None:
    """R-hat compares chains: of one chain taken four times it is as good as can be."""
    x = np.repeat(healthy(chains=1), 4, axis=0)
    found = diagnose(tree_of(x=x))
    assert found["R-hat"].status is Status.PASS
    assert found["copies of a chain"].status is Status.FAIL
    assert found["copies of a chain"].where == "chains 0 and 1"
    assert diagnose(tree_of(x=healthy()))["copies of a chain"].status is Status.PASS


@pytest.mark.parametrize("scale", [1e-300, 1e-30, 1e30, 1e300])
def test_the_unit_does_not_matter(tree_of: Make, scale: float) -> None:
    plain, scaled = diagnose(tree_of(x=healthy())), diagnose(tree_of(x=scale * healthy()))
    for one, other in zip(plain.checks, scaled.checks, strict=True):
        assert (one.check, one.status) == (other.check, other.status)
        assert other.worst == pytest.approx(one.worst, rel=1e-6)


def test_elements_of_the_same_name_do_not_hide_one_another(tree_of: Make) -> None:
    x = np.stack([healthy() + np.array([0, 0, 0, 5])[:, None], healthy(seed=3)], axis=-1)
    tree = tree_of(y=healthy(seed=4))
    tree["posterior"] = xr.Dataset({"x": (("chain", "draw", "arm"), x)}, {"arm": ["a", "a"]})
    assert diagnose(tree)["R-hat"].status is Status.FAIL


def stuck(x: np.ndarray) -> None:
    x[1, 500:] = x[1, 499]


def gone(x: np.ndarray) -> None:
    x[1, 500:] = math.nan


def without_bound(x: np.ndarray) -> None:
    x[1, 500:] = -math.inf


@pytest.mark.parametrize("break_", [stuck, gone, without_bound])
def test_a_chain_that_breaks_half_way_fails(
    tree_of: Make, break_: Callable[[np.ndarray], None]
) -> None:
    x = healthy()
    break_(x)
    assert diagnose(tree_of(x=x, fine=healthy(seed=2))).status is Status.FAIL


@pytest.mark.parametrize(("chains", "draws"), [(0, 100), (4, 0), (4, 1), (4, 3), (4, 5), (1, 4)])
def test_next_to_no_draws_fail_and_do_not_crash(tree_of: Make, chains: int, draws: int) -> None:
    found = diagnose(tree_of(x=healthy(chains, draws)))
    assert found.status is Status.FAIL
    assert all(found.reasons())


@pytest.mark.parametrize(
    "posterior",
    [
        xr.Dataset(),
        xr.Dataset({"x": 1.0}),
        xr.Dataset({"x": ("draw", np.arange(9.0))}),
        xr.Dataset({"x": (("chain", "draw"), np.full((4, 100), "a"))}),
    ],
)
def test_a_posterior_without_draws_fails(tree_of: Make, posterior: xr.Dataset) -> None:
    tree = tree_of(y=healthy())
    tree["posterior"] = posterior
    found = diagnose(tree)
    assert found["constant or not finite"].status is Status.FAIL
    del tree["posterior"]
    assert diagnose(tree).status is Status.FAIL


def test_a_dimension_without_labels_is_no_fault(tree_of: Make) -> None:
    tree = tree_of(y=healthy())
    nobody = (("chain", "draw", "treatment"), np.empty((4, 1000, 0)))
    tree["posterior"] = tree["posterior"].to_dataset().assign(difference=nobody)
    assert diagnose(tree).status is Status.PASS


BAD = st.sampled_from([math.nan, math.inf, -math.inf])
SCALES = st.sampled_from([1e-300, 1e-9, 1.0, 1e9, 1e300])


@given(
    chains=st.integers(1, 4),
    draws=st.integers(1, 60),
    bad=st.one_of(BAD, st.none()),
    whole=st.booleans(),
    scale=SCALES,
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_broken_fails_and_nothing_raises(
    chains: int, draws: int, bad: float | None, whole: bool, scale: float, seed: int
) -> None:
    """A number that is none (`bad`), or a constant, in one chain: from some draw on, or once."""
    rng = np.random.default_rng(seed)
    x = scale * rng.normal(size=(chains, draws))
    chain, start = rng.integers(chains), rng.integers(draws)
    at = slice(start, None) if whole else slice(start, start + 1)
    x[chain, at if bad is not None else slice(None)] = x[chain, 0] if bad is None else bad
    dims = ("chain", "draw")
    posterior = xr.Dataset({"x": (dims, x), "fine": (dims, rng.normal(size=x.shape))})
    stats = xr.Dataset(
        {
            "diverging": (dims, np.zeros(x.shape, dtype=bool)),
            "maxdepth_reached": (dims, np.zeros(x.shape, dtype=bool)),
            "energy": (dims, rng.normal(size=x.shape)),
        }
    )
    found = diagnose(xr.DataTree.from_dict({"posterior": posterior, "sample_stats": stats}))
    assert found["constant or not finite"].status is Status.FAIL
    assert "x" in found["constant or not finite"].where
    assert found.status is Status.FAIL


def test_one_chain_is_told_to_run_several(tree_of: Make) -> None:
    """It has no R-hat, and to run longer, which is what else helps, does not change that."""
    draws = np.random.default_rng(3).normal(size=(1, 4000))
    found = diagnose(tree_of(x=draws))["R-hat"]
    assert found.status is Status.FAIL
    assert "--chains 4" in found.advice


def test_a_value_has_the_digits_that_tell_it_from_its_limit() -> None:
    near = Check.of("R-hat", 1.0100004, "x", "<= 1.01", Status.WARN, "")
    assert Diagnosis((near,)).reasons() == ["R-hat 1.0100004 in x (needed: <= 1.01)"]
    far = Check.of("R-hat", 1.2345678, "x", "<= 1.01", Status.WARN, "")
    assert Diagnosis((far,)).reasons() == ["R-hat 1.235 in x (needed: <= 1.01)"]
