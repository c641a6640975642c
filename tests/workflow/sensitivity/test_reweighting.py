"""Draws under one prior as draws under another, against posteriors that are known exactly."""

import math

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from arviz_stats.base import array_stats
from scipy.signal import lfilter
from scipy.stats import beta as beta_distribution, genpareto

from data.ab_test import load
from models.ab_test import conversion, pseudo_counts
from tests.conftest import SEED
from tests.exact import BetaBinomial
from workflow.checking.diagnostics import Status
from workflow.quantities import Quantity, summarise
from workflow.sampling.fit import CompiledPyMCModel
from workflow.sensitivity import reweighting, sensitivity
from workflow.sensitivity.fitted import Drawn
from workflow.sensitivity.reached import reach_of
from workflow.sensitivity.reweighting import GOOD, Source, repeated, smoothed, worth
from workflow.sensitivity.sensitivity import sweep

SAMPLE = ("chain", "draw")
RNG = np.random.default_rng(SEED)


def one(posterior: xr.Dataset) -> tuple[str, ...]:
    """Decide always the same."""
    return ("stays",)


def tree_of(**draws: np.ndarray) -> xr.DataTree:
    """Return draws (chain, draw, ...) with the statistics of a healthy sampler."""
    shape = next(iter(draws.values())).shape[:2]
    coords = {dim: range(size) for dim, size in zip(SAMPLE, shape, strict=True)}
    data = {
        name: ((*SAMPLE, *(f"{name}_{i}" for i in range(x.ndim - 2))), x)
        for name, x in draws.items()
    }
    stats = {
        "diverging": np.zeros(shape, bool),
        "maxdepth_reached": np.zeros(shape, bool),
        "energy": np.random.default_rng(1).normal(size=shape),
    }
    named = {name: (SAMPLE, x) for name, x in stats.items()}
    return xr.DataTree.from_dict(
        {"posterior": xr.Dataset(data, coords), "sample_stats": xr.Dataset(named, coords)}
    )


def near(found: Quantity, mean: float, sd: float, lower: float, upper: float) -> None:
    """Hold a summary against an exact posterior, within four of its own Monte Carlo errors."""
    assert found.mean is not None
    assert found.mcse_mean is not None
    assert found.sd is not None
    assert abs(found.mean - mean) < 4 * found.mcse_mean
    assert abs(found.lower - lower) < 4 * found.mcse_lower
    assert abs(found.upper - upper) < 4 * found.mcse_upper
    assert abs(found.sd / sd - 1) < 4 / math.sqrt(2 * found.ess_tail)


def rates(draws: int = 1000) -> tuple[pm.Model, xr.DataTree]:
    """Return 8 of 40 and 6 of 30, and their exact posterior under Beta(1, 4)."""
    k, n = np.array([8, 6]), np.array([40, 30])
    with pm.Model(coords={"arm": range(2)}) as model:
        a, b = pm.Data("a", 1.0), pm.Data("b", 4.0)
        rate = pm.Beta("rate", a, b, dims="arm")
        pm.Binomial("k", n=n, p=rate, observed=pm.Data("k_data", k))
    return model, tree_of(rate=RNG.beta(1 + k, 4 + n - k, size=(4, draws, 2)))


@pytest.mark.parametrize(("a", "b"), [(1.0, 1.0), (0.5, 0.5), (2.0, 8.0), (3.0, 6.0), (1.0, 4.0)])
def test_a_rate_has_its_exact_posterior_under_another_prior(a: float, b: float) -> None:
    found = Source(*rates(), Status.PASS).under({"a": a, "b": b}, one, enough=2000)
    assert found
    assert found.status is Status.PASS
    assert found.posterior.attrs["prior"] == {"a": a, "b": b}
    for i, q in enumerate(summarise(found.posterior).values()):
        exact = beta_distribution(a + (8, 6)[i], b + (32, 24)[i])
        near(q, exact.mean(), exact.std(), *exact.ppf((0.025, 0.975)))


def test_the_prior_of_the_draws_gives_the_draws() -> None:
    model, tree = rates()
    found = Source(model, tree, Status.PASS).under({"a": 1.0, "b": 4.0}, one, enough=2000)
    assert found
    assert found.k_hat == -math.inf
    assert found.posterior.drop_attrs().equals(tree["posterior"].to_dataset())


@pytest.mark.parametrize(("a", "b"), [(1.0, 4000.0), (900.0, 100.0), (3.0, 400.0)])
def test_a_prior_far_away_needs_a_fit(a: float, b: float) -> None:
    """The gate can refuse: its k-hat is above .5, and what it would have said is wrong."""
    model, tree = rates()
    source = Source(model, tree, Status.PASS)
    assert source.under({"a": a, "b": b}, one, enough=2000) is None
    rate = tree["posterior"]["rate"].to_numpy()
    density, before = beta_distribution(a, b), beta_distribution(1, 4)
    assert smoothed((density.logpdf(rate) - before.logpdf(rate)).sum(axis=2).ravel())[1] > GOOD


def scaled() -> tuple[pm.Model, xr.DataTree]:
    """Return beta = sd * theta, theta ~ Normal(0, 1), and the exact posterior at sd = 1.

    The data say Normal(beta, I) of `Y`, ten of them, each known to .8 of itself.
    """
    with pm.Model(coords={"k": range(3)}) as model:
        sd = pm.Data("sd", 1.0)
        theta = pm.Normal("theta", 0, 1, dims="k")
        beta = pm.Deterministic("beta", sd * theta, dims="k")
        pm.Normal("y", beta, 0.5, observed=pm.Data("y_data", Y), dims="k")
    mean, spread = normal(1.0)
    beta_draws = RNG.normal(mean, spread, size=(4, 1000, 3))
    return model, tree_of(theta=beta_draws, beta=beta_draws)


Y = np.array([0.3, -1.0, 0.1])


def normal(sd: float) -> tuple[np.ndarray, float]:
    """Return mean and sd of beta given Y, each known with the sd .5, under Normal(0, sd)."""
    precision = 1 / sd**2 + 4
    return 4 * Y / precision, precision**-0.5


@pytest.mark.parametrize("sd", [0.5, 0.8, 1.5, 3.0])
def test_what_the_data_see_stays_and_the_parameter_moves(sd: float) -> None:
    model, tree = scaled()
    found = Source(model, tree, Status.PASS).under({"sd": sd}, one, enough=2000)
    assert found
    mean, spread = normal(sd)
    names = summarise(found.posterior)
    for k in range(3):
        ends = mean[k] + spread * np.array([-1.959964, 1.959964])
        near(names[f"beta[{k}]"], mean[k], spread, *ends)
        near(names[f"theta[{k}]"], mean[k] / sd, spread / sd, *(ends / sd))
    told = found.posterior["theta"].to_numpy() * sd
    assert told == pytest.approx(found.posterior["beta"].to_numpy(), rel=1e-12)


def test_draws_of_a_fit_serve_its_neighbours() -> None:
    """Far from the analysis, near to a fit that is sound; of one that is not, nothing is taken."""
    model, tree = rates()
    source, there = Source(model, tree, Status.PASS), {"a": 30.0, "b": 600.0}
    assert source.under({"a": 33.0, "b": 590.0}, one, enough=2000) is None
    draws = RNG.beta(30 + np.array([8, 6]), 600 + np.array([32, 24]), size=(4, 1000, 2))
    other = tree_of(rate=draws)
    parts = (other["posterior"].to_dataset(), other["sample_stats"].to_dataset())
    source.learn(there, Drawn(*parts, Status.WARN, ("stays",)))
    assert source.under({"a": 33.0, "b": 590.0}, one, enough=2000) is None
    source.learn(there, Drawn(*parts, Status.PASS, ("stays",)))
    found = source.under({"a": 33.0, "b": 590.0}, one, enough=2000)
    assert found
    exact = beta_distribution(41, 622)
    q = next(iter(summarise(found.posterior).values()))
    near(q, exact.mean(), exact.std(), *exact.ppf((0.025, 0.975)))


def test_draws_of_fits_are_kept_up_to_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    model, tree = rates()
    source, there = Source(model, tree, Status.PASS), {"a": 30.0, "b": 600.0}
    parts = (tree["posterior"].to_dataset(), tree["sample_stats"].to_dataset())
    monkeypatch.setattr(reweighting, "HELD", int(2.5 * parts[0].nbytes))
    for _ in range(4):
        source.learn(there, Drawn(*parts, Status.PASS, ("stays",)))
    assert len(source._known) == 1 + 2


def test_what_is_open_needs_as_many_draws_as_a_fit_would_have() -> None:
    source, prior = Source(*rates(), Status.PASS), {"a": 2.0, "b": 8.0}
    assert source.under(prior, lambda _: ("a", "b"), enough=1000)
    assert source.under(prior, lambda _: ("a", "b"), enough=3990) is None
    assert source.under(prior, lambda _: (), enough=1) is None  # the rule cannot judge it


def test_draws_that_are_not_sound_are_no_source() -> None:
    """Neither those of a page that failed, nor too few of them once they are weighted."""
    assert Source(*rates(), Status.FAIL).under({"a": 2.0, "b": 8.0}, one, enough=1) is None
    assert Source(*rates(), Status.PASS).under({"a": 5.0, "b": 5.0}, one, enough=1) is None
    found = Source(*rates(draws=10_000), Status.PASS).under({"a": 5.0, "b": 5.0}, one, enough=1)
    assert found
    assert found.k_hat is not None
    assert 0 < found.k_hat < GOOD


LONGER = [(shift, rho) for shift in (0.0, 0.5) for rho in (0.0, 0.8)]


@pytest.mark.parametrize(
    ("shift", "rho"),
    [(1.0, 0.0), (1.0, 0.8), *(pytest.param(*at, marks=pytest.mark.validate) for at in LONGER)],
)
def test_monte_carlo_errors_of_weighted_draws_hold(shift: float, rho: float) -> None:
    """Draws of Normal(0, 1), independent or not, as draws of Normal(shift, 1), 300 times over."""
    noise = np.random.default_rng(SEED).normal(size=(300, 4, 1100))
    draws = lfilter([math.sqrt(1 - rho**2)], [1, -rho], noise)[..., 100:]
    made = [
        repeated(tree_of(x=x)["posterior"].to_dataset(), smoothed(shift * x.ravel())[0])["x"]
        for x in draws
    ]
    x = np.stack([one.to_numpy() for one in made])
    errors = array_stats.mcse(x, method="mean", chain_axis=1, draw_axis=2)
    off = (x.mean(axis=(1, 2)) - shift) / errors
    assert np.sqrt(np.mean(np.square(off))) < 1 + 4 / math.sqrt(600)
    assert np.sqrt(np.mean(np.square(off))) > 0.6
    assert abs(np.mean(off)) < 4 / math.sqrt(300) + 0.1


@pytest.mark.parametrize("k", [0.3, 0.5, 0.8])
def test_k_hat_is_the_shape_of_a_known_tail(k: float) -> None:
    w = genpareto(k, scale=1).rvs(100_000, random_state=np.random.default_rng(SEED))
    found = smoothed(np.log(w))[1]
    assert abs(found - k) < 4 * (1 + k) / math.sqrt(3 * math.sqrt(100_000))


def test_weights_that_are_no_numbers_are_refused_and_zero_is_a_weight() -> None:
    assert smoothed(np.array([0.0, np.nan] * 50))[1] == math.inf
    assert smoothed(np.array([0.0, np.inf] * 50))[1] == math.inf
    assert smoothed(np.full(100, -np.inf))[1] == math.inf
    assert worth(np.array([0.0, -np.inf, 0.0, -np.inf])) == pytest.approx(2)


def test_a_draw_is_repeated_as_often_as_its_weight_says() -> None:
    posterior = tree_of(x=np.arange(8.0).reshape(2, 4))["posterior"].to_dataset()
    w = np.array([1, 1, 2, 0, 0, 3, 1, 0])
    with np.errstate(divide="ignore"):
        found = repeated(posterior, np.log(w))
    assert list(found["x"].to_numpy().ravel()) == [0, 1, 2, 2, 5, 5, 5, 6]


def knob(kind: str) -> pm.Model:
    """Return a model whose knob does what a weight cannot undo."""
    with pm.Model() as model:
        sd = pm.Data("sd", 1.0)
        y = pm.Data("y_data", np.array([0.1, 0.2]))
        if kind == "limit":
            middle = pm.Uniform("x", 0, sd)
        elif kind == "likelihood":
            middle = sd + pm.Normal("x", 0, 1)
        elif kind == "of two":
            middle = pm.Deterministic("z", sd * pm.Normal("x", 0, 1) * pm.HalfNormal("t", 1))
        elif kind == "used twice":
            x = pm.Normal("x", 0, 1)
            middle = pm.Deterministic("z", sd * x) + x
        else:
            x = pm.Beta("x", 2, 2)
            middle = pm.Deterministic("z", sd * x)
        pm.Normal("y", middle, 1, observed=y)
    return model


@pytest.mark.parametrize("kind", ["limit", "likelihood", "of two", "used twice", "within limits"])
def test_what_a_weight_cannot_undo_needs_a_fit(kind: str) -> None:
    model = knob(kind)
    assert reach_of(model, [model["sd"]]) is None
    tree = tree_of(x=RNG.uniform(size=(4, 500)), t=RNG.uniform(size=(4, 500)))
    assert Source(model, tree, Status.PASS).under({"sd": 2.0}, one, enough=1) is None


def test_a_shift_is_no_scale() -> None:
    """z = sd + x: no factor of x leaves z where it is, and so nothing is weighted."""
    with pm.Model() as model:
        z = pm.Deterministic("z", pm.Data("sd", 1.0) + pm.Normal("x", 0, 1))
        pm.Normal("y", z, 1, observed=pm.Data("y_data", 0.5))
    x = RNG.normal(size=(4, 500))
    source = Source(model, tree_of(x=x, z=1 + x), Status.PASS)
    assert source.under({"sd": 1.7}, one, enough=1) is None
    same = source.under({"sd": 1.0}, one, enough=1)
    assert same
    assert same.k_hat == -math.inf


def test_a_sweep_fits_only_what_weights_cannot_reach(
    compiled: CompiledPyMCModel, nuts: xr.DataTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each point is the exact posterior; without a decision, every prior has its fit, as before."""
    real, runs = sensitivity.refit, []

    def spy(compiled, data, **options):  # type: ignore[no-untyped-def]
        runs.append(data)
        return real(compiled, data, **options)

    monkeypatch.setattr(sensitivity, "refit", spy)
    grid = {"prior_mean": (0.1, 0.5), "prior_strength": (2, 100, 100_000)}
    about = (compiled, grid, pseudo_counts, one)
    source = Source(conversion(load()), nuts, Status.PASS)
    found = sweep(*about, "stays", ["rate"], source=source, seed=SEED)
    fits = [p for p in found.points if not p.reweighted]
    assert len(runs) == len(fits) == 2
    assert {p.knobs["prior_strength"] for p in fits} == {100_000}
    assert found.k_hat is not None
    assert found.k_hat < GOOD
    for point in found.points:
        exact = BetaBinomial(44700, 8502, **pseudo_counts(**point.knobs))
        ends = exact.distribution.ppf((0.025, 0.975))
        near(point.quantities["rate[gate_30]"], exact.mean, exact.sd, *ends)
    runs.clear()
    sweep(*about, None, ["rate"], source=source, draws=100, tune=100, seed=SEED)
    assert len(runs) == 6


def test_weights_with_a_long_tail_are_refused_by_k_hat_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Data that say nothing: weights from N(0, 1) to N(0, 1.7) have a tail of shape 1 - 1/1.7^2.

    Their draws pass the diagnosis, whose effective draws do not see what was never drawn.
    """
    with pm.Model() as model:
        mean = pm.Normal("mean", 0, pm.Data("sd", 1.0))
        pm.Normal("y", mean, 1e6, observed=0.0)
    draws = np.random.default_rng(SEED).normal(size=(4, 20_000))
    source = Source(model, tree_of(mean=draws), Status.PASS)
    assert source.under({"sd": 1.7}, one, enough=1) is None
    monkeypatch.setattr(reweighting, "GOOD", math.inf)
    found = source.under({"sd": 1.7}, one, enough=1)
    assert found is not None
    assert found.k_hat is not None
    assert found.k_hat > GOOD
    assert found.status is Status.PASS
