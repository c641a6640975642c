"""Exact posteriors against sums over other grids; what is made of runs; two hills."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import integrate, stats

from tests.conftest import SEED
from workflow.approximating import exact
from workflow.approximating.hills import Hills
from workflow.approximating.judged import FLAGGED, REFUSED, Judged, Target, beyond, judged, summary
from workflow.approximating.methods import NUTS, Run
from workflow.deciding.threshold import Rule
from workflow.play.divergence import gaussians
from workflow.variational.verdict import DO_NOT, GOOD, MEANS

COUNTS = pd.DataFrame({"events": [2, 6], "trials": [40, 40]}, index=["A", "B"])
HILLS = Hills((0.3, 0.7), (-1.5, 4.0), (0.3, 1.0))


def test_rates_by_a_double_integral() -> None:
    found = exact.rates(COUNTS)
    a, b = stats.beta(3, 39), stats.beta(7, 35)
    below, _ = integrate.dblquad(lambda y, x: a.pdf(x) * b.pdf(y), 0, 1, 0, lambda x: x)
    assert found.below == pytest.approx(below, abs=1e-6)
    evidence = integrate.quad(lambda p: stats.binom(40, p).pmf(2), 0, 1)[0]
    evidence *= integrate.quad(lambda p: stats.binom(40, p).pmf(6), 0, 1)[0]
    assert found.evidence == pytest.approx(math.log(evidence), abs=1e-9)
    x = np.random.default_rng(SEED).beta([3, 7], [39, 35], size=(400_000, 2))
    d = x[:, 1] - x[:, 0]
    one = found.known["difference"]
    for p, end in ((0.025, one.lower), (0.5, one.median), (0.975, one.upper)):
        assert np.mean(d < end) == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / d.size))
    assert (one.mean, one.sd) == pytest.approx((d.mean(), d.std()), abs=5e-4)


def test_slopes_by_the_rule_of_joint_normal_distributions() -> None:
    """Slopes and outcome are jointly normal: condition on the outcome, and its own density."""
    rng = np.random.default_rng(SEED)
    terms = pd.DataFrame(rng.normal(size=(6, 2)), columns=["a", "b"])
    y = pd.Series(rng.normal(size=6))
    found = exact.slopes(terms, y, slope_sd=1.5, noise=0.5)
    x = terms.to_numpy()
    of_y, both = 0.25 * np.eye(6) + 2.25 * x @ x.T, 2.25 * x.T
    mean = both @ np.linalg.solve(of_y, y)
    sd = np.sqrt(np.diag(2.25 * np.eye(2) - both @ np.linalg.solve(of_y, both.T)))
    for i, name in enumerate(terms):
        one = found.known[f"slope[{name}]"]
        assert (one.mean, one.sd) == pytest.approx((mean[i], sd[i]), rel=1e-10)
    assert found.below == pytest.approx(stats.norm(mean[0], sd[0]).cdf(0), rel=1e-10)
    assert found.evidence == pytest.approx(stats.multivariate_normal(np.zeros(6), of_y).logpdf(y))


def test_the_banana_in_closed_form() -> None:
    """E y = 1, Var y = 2 + width^2; P(y < 2) by a sum in the other order."""
    found = exact.banana(width=0.3, reference=2.0)
    assert found.known["y"].mean == pytest.approx(1, abs=1e-9)
    assert found.known["y"].sd == pytest.approx(math.sqrt(2.09), rel=1e-9)
    below, _ = integrate.quad(
        lambda e: stats.norm(0, 0.3).pdf(e) * stats.chi2(1).cdf(2 - e), -3, 3, epsabs=1e-12
    )
    assert found.below == pytest.approx(below, abs=1e-9)


def test_two_modes_in_closed_form() -> None:
    found = exact.modes(HILLS.weights, HILLS.means, HILLS.sds)
    assert found.known["x"].mean == pytest.approx(0.3 * -1.5 + 0.7 * 4)
    expected = 0.3 * stats.norm(-1.5, 0.3).cdf(0) + 0.7 * stats.norm(4, 1).cdf(0)
    assert found.below == pytest.approx(expected, abs=1e-12)


def test_schools_whose_effects_are_known_without_error_are_those_effects() -> None:
    table = pd.DataFrame({"effect": [1.0, -2.0, 4.0], "standard_error": 1e-3}, list("abc"))
    found = exact.schools(table, mu_sd=5.0, tau_scale=5.0)
    for name, effect in zip("abc", table["effect"], strict=True):
        assert found.known[f"theta[{name}]"].mean == pytest.approx(effect, abs=1e-3)
        assert found.known[f"theta[{name}]"].sd == pytest.approx(1e-3, rel=0.01)


@pytest.mark.parametrize("unit", [1e-3, 1000.0])
def test_a_unit_changes_nothing(unit: float) -> None:
    """Evidence is a density: it has the unit once for each effect."""
    table = pd.DataFrame({"effect": [3.0, -1.0, 5.0, 0.0], "standard_error": [1.0, 2.0, 1.5, 1.0]})
    one = exact.schools(table, mu_sd=4.0, tau_scale=2.0)
    other = exact.schools(unit * table, mu_sd=4.0 * unit, tau_scale=2.0 * unit)
    assert other.below == pytest.approx(one.below, rel=1e-6)
    assert other.evidence == pytest.approx(one.evidence - 4 * math.log(unit), abs=1e-6)
    for name, known in one.known.items():
        assert other.known[name].mean == pytest.approx(unit * known.mean, rel=1e-5), name
        assert other.known[name].upper == pytest.approx(unit * known.upper, rel=1e-4), name


def target() -> Target:
    """A standard normal."""
    found = exact.modes([1.0], [0.0], [1.0])
    return Target("normal", "", "Is x above 0?", "x", Rule(0.0, 0.9), found)


def run(mean: float, sd: float, method: str = "Laplace", **more: Any) -> Run:
    """Return draws whose moments are those given, exactly."""
    p = (np.arange(10_000) + 0.5) / 10_000
    x = np.random.default_rng(SEED).permutation(stats.norm.ppf(p))
    x = mean + sd * (x - x.mean()) / x.std(ddof=1)
    shape = (4, 2500) if method == NUTS else (1, 10_000)
    posterior = xr.Dataset({"x": (("chain", "draw"), x.reshape(shape))})
    k_hat = math.nan if method == NUTS else 0.1
    return Run(method, posterior, 1.0, 10, **{"k_hat": k_hat} | more)


@pytest.mark.parametrize(
    ("made", "word"),
    [
        (run(0.0, 1.0), GOOD),
        (run(0.09, 0.95), GOOD),
        (run(0.0, 0.7), MEANS),
        (run(0.0, 1.0, k_hat=0.8), MEANS),
        (run(0.4, 1.0), DO_NOT),
        (run(2.0, 1.0), DO_NOT),
        (run(0.0, 1.0, arrived=False), DO_NOT),
        (run(0.0, 1.0, NUTS), GOOD),
        (run(0.0, 1.0, NUTS, warned="R-hat 1.02"), FLAGGED),
        (run(0.3, 1.0, NUTS), DO_NOT),
        (run(0.0, 1.0, NUTS, refused="divergences"), REFUSED),
        (Run("Laplace", None, 1.0, 0, refused="no mode"), REFUSED),
    ],
)
def test_a_run_gets_the_word_that_its_numbers_leave(made: Run, word: str) -> None:
    assert judged(target(), made).word == word


def test_what_is_off_is_told_in_numbers() -> None:
    """A Gaussian of twice the sd has 33% outside the central 95%; one elsewhere decides so."""
    wide = judged(target(), run(0.0, 2.0))
    assert wide.shift[1] == pytest.approx(0, abs=1e-9)
    assert wide.ratio[1] == pytest.approx(2, abs=1e-9)
    assert wide.tails[1] == pytest.approx(2 * stats.norm.sf(1.96 / 2), abs=0.002)
    assert wide.same
    away = judged(target(), run(2.0, 1.0))
    assert (away.decision, away.same) == ("above 0", False)
    told = summary({"normal": {"Laplace": away, "NUTS": judged(target(), run(0, 1, NUTS))}})
    assert told["normal"]["Laplace"]["mean_shift_sd"] == pytest.approx(2)
    assert told["normal"]["NUTS"]["k_hat"] is None


def test_an_elbo_above_the_evidence_is_seen() -> None:
    def at(elbo: float) -> dict[str, dict[str, Judged]]:
        one = judged(target(), run(0.0, 1.0, elbo=elbo, elbo_error=0.01))
        return {"normal": {"Laplace": one}}

    assert beyond([target()], at(-0.5)) == 0
    assert beyond([target()], at(0.06)) == pytest.approx(6)


def test_divergences_of_one_hill_are_those_of_gaussians() -> None:
    found = Hills((1.0,), (1.0,), (2.0,)).beside(0.0, 1.0)
    assert found.reverse == pytest.approx(gaussians(0, 1, 1, 2), abs=1e-9)
    assert found.forward == pytest.approx(gaussians(1, 2, 0, 1), abs=1e-9)


def test_the_covering_gaussian_has_the_least_forward_divergence() -> None:
    best = HILLS.covering()
    assert best.mean == pytest.approx(2.35)
    for mean, sd in ((2.4, 2.66), (2.3, 2.66), (2.35, 2.6), (2.35, 2.72)):
        assert HILLS.beside(mean, sd).forward > best.forward
    assert HILLS.highest == pytest.approx(-1.5, abs=0.01)
    assert HILLS.beside(4, 1).reverse == pytest.approx(-math.log(0.7), abs=1e-4)
