"""One normal process: its posterior is normal-inverse-gamma, so that all of it is known exactly.

Small has 5 pieces and a prior that is worth 4: a prior that is too wide, and a Jacobian that is
missing, show there.
"""

import math
from typing import Any

import numpy as np
import pymc as pm
import pytest
from scipy import integrate, stats

from data.process_corridor import load
from tests.calibration.mutants import Mutant, replaced, with_likelihood, without_jacobian
from tests.contract import fitted, model_of
from workflow.checking.exact import WORST, error_of, farthest
from workflow.process.capability import NEXT, Capability, above, measure
from workflow.process.conjugate import NOTHING, Known, summary_of
from workflow.process.limits import Limits
from workflow.quantities import summarise

process = model_of("process_corridor")
RINGS, LIMITS = load(), (5.49, 5.79)
WEAK = {"pieces": 2.0, "spread_pieces": 4.0}
PRIORS = [
    {"center": 5.7, "pieces": 20.0, "spread": 0.03, "spread_pieces": 15.0},
    {"center": 5.6, "pieces": 0.01, "spread": 0.1, "spread_pieces": 0.3},
]


def shipped(**knobs: float) -> pm.Model:
    return process(RINGS, *LIMITS, **knobs)


def small(**knobs: float) -> pm.Model:
    return process(RINGS.iloc[:5], *LIMITS, **WEAK | knobs)


def log_density(
    place: Any,
    ratio: Any,
    *,
    center: float = 5.64,
    pieces: float = 0.1,
    spread: float = 0.05,
    spread_pieces: float = 1,
) -> Any:
    values = stats.norm(center + spread * place, spread * np.sqrt(ratio)).logpdf(RINGS)
    half = spread_pieces / 2
    prior = stats.norm(0, np.sqrt(ratio / pieces)).logpdf(place)
    return values.sum() + prior + stats.invgamma(half, scale=half).logpdf(ratio)


def reference(
    *, center: float = 5.64, pieces: float = 0.1, spread: float = 0.05, spread_pieces: float = 1
) -> dict[str, tuple[float, ...]]:
    """Exact: with n values, k pieces and v of the sd, mu is Student-t with v + n degrees of
    freedom, and sigma^2 inverse gamma (Gelman et al. 2013, section 3.3); mean and sd of cpk by
    quadrature over sigma, given which the distance from the middle is folded normal.
    """
    n, mean, squares = len(RINGS), RINGS.mean(), ((RINGS - RINGS.mean()) ** 2).sum()
    k, v = pieces + n, spread_pieces + n
    at = (pieces * center + RINGS.sum()) / k
    squares += spread_pieces * spread**2 + pieces * n / k * (mean - center) ** 2
    variance = stats.invgamma(v / 2, scale=squares / 2)
    mu = stats.t(v, at, math.sqrt(squares / v / k))
    half = (LIMITS[1] - LIMITS[0]) / 2
    away = abs(at - sum(LIMITS) / 2)

    def expected(power: int) -> float:
        def given(x: float) -> float:
            """The mean of (half - |mu - middle|)^power / (3 sigma)^power times the density."""
            error = math.sqrt(x / k)
            folded = stats.foldnorm(away / error, scale=error)
            room, spread = half - folded.mean(), folded.var()
            moment = room if power == 1 else room**2 + spread
            return float(moment / (3 * math.sqrt(x)) ** power * variance.pdf(x))

        ends = variance.ppf((1e-13, 0.5)), variance.ppf((0.5, 1 - 1e-13))
        return sum(integrate.quad(given, *one, epsabs=0, epsrel=1e-11)[0] for one in ends)

    cpk = expected(1)
    root = math.exp(0.5 * math.log(squares / 2) + math.lgamma(v / 2 - 0.5) - math.lgamma(v / 2))
    variance_of_root = variance.mean() - root**2
    return {
        "place": ((mu.mean() - center) / spread, mu.std() / spread, 0, 0),
        "ratio": (variance.mean() / spread**2, variance.std() / spread**2, 0, 0),
        "mu": (mu.mean(), mu.std(), 0, 0),
        "sigma": (root, math.sqrt(variance_of_root), 0, 0),
        "cpk": (cpk, math.sqrt(expected(2) - cpk**2), 0, 0),
    }


def wide_prior() -> Mutant:
    return replaced("a usual sd twice as large", spread=0.1)


def wrong_likelihood() -> Mutant:
    told = "noise in the likelihood twice as wide as the parameter says"
    return Mutant(told, with_likelihood(small(), "x", lambda mu, sigma: (mu, 2 * sigma)))


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logarithm of ratio", without_jacobian(small(), "ratio"))


def test_the_numbers_that_are_known_without_a_prior() -> None:
    """p(mu, sigma) ~ 1 / sigma, to the digits in which they are published."""
    seen = summary_of(RINGS)
    exact = Capability(Limits(*LIMITS), NOTHING.after(seen))
    assert seen.mean == pytest.approx(5.6136, abs=5e-5)
    assert seen.sd == pytest.approx(0.0483132, abs=5e-8)
    assert exact.prob_above(1) == pytest.approx(0.03165, abs=5e-6)
    assert exact.prob_above(0.8) == pytest.approx(0.7320, abs=5e-5)
    assert exact.probabilities()[NEXT] == pytest.approx(0.006829, abs=5e-7)
    mean, sd = exact.moments
    assert mean == pytest.approx(0.8499, abs=5e-5)
    assert sd == pytest.approx(0.0798, abs=1e-4)


@pytest.mark.parametrize("knobs", [{}, *PRIORS], ids=str)
def test_nuts_is_where_the_exact_posterior_is(knobs: dict[str, float]) -> None:
    """Mean, median and ends of every quantity, and each probability, in Monte Carlo errors."""
    own = {"center": 5.64, "pieces": 0.1, "spread": 0.05, "spread_pieces": 1.0} | knobs
    exact = Capability(Limits(*LIMITS), Known(**own).after(summary_of(RINGS)))
    posterior = fitted("process_corridor", **knobs)["posterior"].to_dataset()
    found, measured = summarise(posterior), measure(exact.limits, posterior)
    for name, known in exact.quantities().items():
        assert farthest(found[name], known) < WORST, name
    sds = {NEXT: exact.sd_of_outside}
    for name, p in exact.probabilities().items():
        error = error_of(measured[name], p, found["cpk"].ess_bulk, sds.get(name))
        assert abs(measured[name].value - p) < WORST * error, name
    assert set(measured) == {above(1), above(1.33), NEXT}


def test_the_reference_is_the_exact_posterior_of_the_page() -> None:
    """Two ways to the same numbers: quadrature of scipy here, a rule on log sigma there."""
    for knobs in [{}, *PRIORS]:
        own = {"center": 5.64, "pieces": 0.1, "spread": 0.05, "spread_pieces": 1.0} | knobs
        exact = Capability(Limits(*LIMITS), Known(**own).after(summary_of(RINGS))).quantities()
        for name, (mean, sd, *_) in reference(**knobs).items():
            if name in exact:
                assert exact[name].mean == pytest.approx(mean, rel=1e-8), name
                assert exact[name].sd == pytest.approx(sd, rel=1e-6), name
