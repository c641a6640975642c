"""One rate: its posterior is a Beta, tabulated for every prior of the book.

Small has 5 births and a prior that weighs 4. Without its Jacobian a Beta prior has one pseudo-count
less on either side. Of the 20 that the default prior weighs nobody misses two: with 20 births the
posterior sd changes by 2.5%, less than 1000 replicates can see.
"""

import math
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from data.prior_sensitivity import load
from models.prior_sensitivity import REFERENCE
from tests.calibration.mutants import Mutant, doubled, replaced, with_twice_the_sd, without_jacobian
from tests.conftest import SEED
from tests.contract import compiled, model_of
from tests.exact import BetaBinomial, log_odds
from workflow.checking.checks import posterior_check, prior_check
from workflow.checking.diagnostics import Status, diagnose
from workflow.checking.exact import WORST
from workflow.deciding.threshold import NOT_SHOWN, Rule
from workflow.rates.agreement import advi_grid, agree, drawn_numbers
from workflow.rates.beta_binomial import Count, posterior
from workflow.rates.data_size import sizes
from workflow.rates.flips import changes
from workflow.sampling.fit import fit_nuts
from workflow.sensitivity.power import power_scaling

births = model_of("prior_sensitivity")
COUNTS, COUNT, RULE = load(), Count(437, 980), Rule(0.485, 0.95)
FEW, WEAK = 5, 4.0
PRIORS = [
    {"prior_mean": 0.5, "prior_strength": 2.0},
    {"reference": 0.4, "prior_mean": 0.8, "prior_strength": 200.0},
]
# Prior mean and strength: posterior mean, median, 95% interval, P(theta < .485).
BOOK: dict[tuple[float, float], tuple[float, ...]] = {
    (0.5, 2): (0.44602851, 0.445992, 0.415065, 0.477200, 0.99283),
    (0.485, 2): (0.44599796, 0.445961, 0.415035, 0.477169, 0.99286),
    (0.485, 5): (0.44611675, 0.446080, 0.415200, 0.477241, 0.99279),
    (0.485, 10): (0.44631313, 0.446277, 0.415472, 0.477359, 0.99266),
    (0.485, 20): (0.44670000, 0.446664, 0.416010, 0.477592, 0.99241),
    (0.485, 100): (0.44953704, 0.449506, 0.419978, 0.479274, 0.99026),
    (0.485, 200): (0.45254237, 0.452516, 0.424236, 0.481001, 0.98728),
}


def shipped(**knobs: float) -> pm.Model:
    return births(COUNTS, **knobs)


def small(**knobs: float) -> pm.Model:
    return births(COUNTS.assign(girls=0, births=FEW), **{"prior_strength": WEAK} | knobs)


def log_density(
    theta: Any, *, reference: float = 0.485, prior_mean: float = 0.485, prior_strength: float = 20
) -> Any:
    """The rate to compare with is no part of it."""
    prior = stats.beta(prior_mean * prior_strength, (1 - prior_mean) * prior_strength)
    return stats.binom(980, theta).logpmf(437) + prior.logpdf(theta)


def reference(
    *, reference: float = 0.485, prior_mean: float = 0.485, prior_strength: float = 20
) -> dict[str, tuple[float, ...]]:
    """Exact: theta is Beta(a, b) with a = m s + girls and b = (1 - m) s + births - girls, m = .485
    and s = 20; difference = theta - .485; mean and sd of log(theta / (1 - theta)) by digamma and
    trigamma.
    """
    shapes = prior_mean * prior_strength, (1 - prior_mean) * prior_strength
    exact = BetaBinomial(980, 437, *shapes)
    return {
        "theta": (exact.mean, exact.sd, 0, 0),
        "difference": (exact.mean - reference, exact.sd, 0, 0),
        "log_odds": (*log_odds(exact), 0, 0),
    }


def wide_prior() -> Mutant:
    strength = sum(with_twice_the_sd(REFERENCE * WEAK, (1 - REFERENCE) * WEAK))
    told = f"prior of strength {strength:g}, with twice the sd of strength {WEAK:g}"
    return replaced(told, prior_strength=strength)


def wrong_likelihood() -> Mutant:
    return doubled("births", "girls_data")


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logit of the rate", without_jacobian(small(), "theta"))


def fitted(count: Count, mean: float, strength: float, data: dict | None = None, **options: int):  # type: ignore[no-untyped-def]
    return agree(
        compiled("prior_sensitivity"),
        count,
        {"prior_mean": mean, "prior_strength": strength},
        RULE,
        data={"girls_data": count.events, "births": count.trials} if data is None else data,
        rate="theta",
        seed=SEED,
        **options,
    )


@pytest.mark.parametrize("prior", BOOK)
def test_every_prior_of_the_book(prior: tuple[float, float]) -> None:
    """The exact numbers are the tabulated ones, NUTS within four of its own errors of them."""
    found = fitted(COUNT, *prior, draws=2000)
    names = ("mean", "median", "lower", "upper", "prob_below")
    for name, published in zip(names, BOOK[prior], strict=True):
        assert found.exact[name] == pytest.approx(published, abs=6e-6), name
        assert abs(found.found[name] - published) < WORST * found.errors[name] + 6e-6, name
    assert found.off < WORST
    assert found.status is Status.PASS
    assert found.tenable == ("below 0.485",) == (found.decision,)


def test_the_decision_flips_near_a_strength_of_1200() -> None:
    (_, weak), (flip, strong) = changes(COUNT, RULE, 0.485)
    assert (weak, strong) == ("below 0.485", NOT_SHOWN)
    assert 1190 < flip < 1200
    for times, expected in ((0.5, "below 0.485"), (2, NOT_SHOWN)):
        found = fitted(COUNT, 0.485, times * flip, draws=2000)
        assert found.tenable == (expected,)
        assert found.off < WORST
    at = fitted(COUNT, 0.485, flip, draws=2000)
    assert set(at.tenable) == {"below 0.485", NOT_SHOWN}


@pytest.mark.parametrize("count", sizes(COUNT), ids=str)
def test_other_sizes_of_the_data_without_compiling_again(count: Count) -> None:
    found = fitted(count, 0.58, 200.0, draws=1000)
    assert found.off < WORST
    mean = (count.events + 116) / (count.trials + 200)
    assert found.exact["mean"] == pytest.approx(mean, rel=1e-12)


def test_a_wrong_posterior_is_seen() -> None:
    """NUTS fits 437 of 980; against the exact posterior of 450 of 980 it is far off."""
    assert fitted(Count(450, 980), 0.485, 20.0, data={}, draws=1000).off > 10


def test_counts_stay_whole_numbers() -> None:
    """As floats they would stop the posterior predictive; the largest count still fits."""
    model = births(pd.DataFrame({"events": [10**9], "trials": [10**9]}))
    for name in ("births", "girls_data"):
        value = model[name].get_value()
        assert np.issubdtype(value.dtype, np.integer)
        assert value == 10**9


def test_quantities_and_conflict() -> None:
    """A prior of mean .8 and strength 200: the draws are right, three checks see the conflict."""
    model = shipped(reference=0.4, prior_mean=0.8, prior_strength=200)
    tree = fit_nuts(model, compiled("prior_sensitivity"), seed=SEED)
    draws = tree["posterior"].to_dataset()
    exact, theta = posterior(COUNT, 0.8, 200), draws["theta"]
    assert abs(float(theta.mean()) - exact.mean()) < 4 * exact.std() / math.sqrt(1000)
    xr.testing.assert_allclose(draws["difference"], theta - 0.4)
    xr.testing.assert_allclose(draws["log_odds"], np.log(theta / (1 - theta)))

    def share(y: xr.DataArray, given: xr.Dataset) -> xr.DataArray:
        return y / given["births"]

    assert diagnose(tree).status is Status.PASS
    assert prior_check(tree, "girls", {"share": share})[0].result is Status.WARN
    assert posterior_check(tree, "girls", {"share": share}, saturated=True)[0].p > 0.99
    scaled = power_scaling(tree, ["theta"]).table
    assert scaled is not None
    assert "prior-data conflict" in scaled["diagnosis"].iloc[0]


def test_advi_under_every_prior_of_a_grid() -> None:
    """A Gaussian of the log-odds is nearly the posterior here, under the flat prior too."""
    own = {"prior_mean": 0.485, "prior_strength": 20.0}
    grid = [{"prior_mean": 0.5, "prior_strength": 2.0}]
    both, draws = advi_grid(partial(births, COUNTS), own, grid, "theta", seed=SEED)
    assert set(both) == {"mean-field", "full-rank"}
    trees = [tree["posterior"].to_dataset()["theta"] for tree in both.values()]
    for rate, knobs in zip([*trees, *draws], [own, own, *grid], strict=True):
        exact, found = posterior(COUNT, **knobs), drawn_numbers(rate, RULE)
        assert found["mean"] == pytest.approx(exact.mean(), abs=0.05 * exact.std())
        assert found["sd"] == pytest.approx(exact.std(), rel=0.05)
    for tree in both.values():
        assert tree.attrs["k_hat"] < 0.7
