"""Eight schools, non-centred: a sum over a grid of mu and log tau is the oracle, and what the page
claims of each method on each posterior.

Small has four groups that say little of the mean effect and much of their own: an error of any of
the priors, or of the likelihood, shows.
"""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
from scipy import special, stats
from scipy.integrate import cumulative_simpson
from scipy.interpolate import CubicSpline

from analyses._approximated import HILLS, decided, targets
from analyses.approximations import main
from data.approximations import load
from models.approximations import centred, non_centred
from tests.calibration.mutants import Mutant, replaced, without_jacobian
from tests.conftest import SEED
from workflow.approximating import exact
from workflow.approximating.judged import FLAGGED, REFUSED
from workflow.deciding.threshold import Rule
from workflow.variational.verdict import DO_NOT, GOOD, MEANS

SCHOOLS = load()
EFFECT, ERROR = (SCHOOLS[name].to_numpy() for name in ("effect", "standard_error"))
PRIORS = [{"mu_sd": 12.0, "tau_scale": 2.0}]
#: Of CASES: mean and sd by quadrature, under mu ~ N(0, 5) and tau ~ HalfCauchy(5).
QUADRATURE = {"mu": (4.3968, 3.3177), "tau": (3.5978, 3.2200), "theta[A]": (6.212, 5.593)}


def shipped(**knobs: float) -> pm.Model:
    return non_centred(SCHOOLS, **knobs)


def small(**knobs: float) -> pm.Model:
    rows = {"effect": [0.0, 1.0, -1.0, 2.0], "standard_error": [1.0, 1.0, 1.5, 0.7]}
    few = pd.DataFrame(rows, index=list("abcd"))
    return non_centred(few, **{"mu_sd": 0.3, "tau_scale": 2.0} | knobs)


def log_density(
    mu: Any, tau: Any, group_z: Any, *, mu_sd: float = 5.0, tau_scale: float = 5.0
) -> float:
    prior = stats.norm(0, mu_sd).logpdf(mu) + stats.halfcauchy(0, tau_scale).logpdf(tau)
    each = stats.norm.logpdf(group_z) + stats.norm(mu + tau * group_z, ERROR).logpdf(EFFECT)
    return float(prior + each.sum())


def on_a_grid(
    *, mu_sd: float = 5.0, tau_scale: float = 5.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return mu, tau, their weights (dims mu, tau) and the logarithm of the evidence."""
    mu = np.linspace(-9 * mu_sd, 9 * mu_sd, 1501)
    log_tau = np.arange(-20, 12, 0.02)
    tau = np.exp(log_tau)
    log_p = stats.norm(0, mu_sd).logpdf(mu)[:, None] + log_tau
    log_p = log_p + stats.halfcauchy(0, tau_scale).logpdf(tau)
    for y, se in zip(EFFECT, ERROR, strict=True):
        log_p = log_p + stats.norm(mu[:, None], np.hypot(se, tau)).logpdf(y)
    total = special.logsumexp(log_p)
    return mu, tau, np.exp(log_p - total), float(total + np.log(0.02 * (mu[1] - mu[0])))


def reference(**knobs: float) -> dict[str, tuple[float, ...]]:
    """Exact: a sum over a grid of mu and log tau, given which every effect is normal."""
    mu, tau, weight, _ = on_a_grid(**knobs)
    found: dict[str, tuple[float, ...]] = {}
    for name, values in (("mu", mu[:, None]), ("tau", tau)):
        mean = float((weight * values).sum())
        found[name] = (mean, float((weight * (values - mean) ** 2).sum()) ** 0.5, 0, 0)
    for name, y, se in zip(SCHOOLS.index, EFFECT, ERROR, strict=True):
        kept = tau**2 / (tau**2 + se**2)
        theta = kept * y + (1 - kept) * mu[:, None]
        mean = float((weight * theta).sum())
        variance = float((weight * ((theta - mean) ** 2 + kept * se**2)).sum())
        found[f"theta[{name}]"] = (mean, variance**0.5, 0, 0)
    return found


def wide_prior() -> Mutant:
    return replaced("a prior of the mean effect twice as wide", mu_sd=0.6)


def wrong_likelihood() -> Mutant:
    def change(data: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return data | {"standard_error": data["standard_error"] / 2}

    return Mutant("standard errors half as large as they are", change=change)


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logarithm of tau", without_jacobian(small(), "tau"))


@pytest.mark.parametrize("knobs", [{}, *PRIORS], ids=str)
def test_the_page_s_exact_answer_is_that_of_the_grid(knobs: dict[str, float]) -> None:
    """One sum over tau against one over mu and tau; quantiles by the grid's own cdf of mu."""
    own = exact.schools(SCHOOLS, **{"mu_sd": 5.0, "tau_scale": 5.0} | knobs)
    for name, (mean, sd, *_) in reference(**knobs).items():
        assert own.known[name].mean == pytest.approx(mean, rel=1e-5), name
        assert own.known[name].sd == pytest.approx(sd, rel=1e-5), name
    mu, _, weight, evidence = on_a_grid(**knobs)
    assert own.evidence == pytest.approx(evidence, abs=1e-6)
    density = weight.sum(axis=1) / (mu[1] - mu[0])
    up_to = CubicSpline(mu, cumulative_simpson(density, x=mu, initial=0))
    assert own.below == pytest.approx(float(up_to(0)), abs=1e-7)
    for p, end in ((0.025, own.known["mu"].lower), (0.975, own.known["mu"].upper)):
        assert float(up_to(end)) == pytest.approx(p, abs=1e-7)
    theta = own.known["theta[A]"]
    assert theta.lower < theta.median < theta.mean < theta.upper


def test_the_published_quadrature() -> None:
    found = reference()
    for name, (mean, sd) in QUADRATURE.items():
        assert found[name][:2] == pytest.approx((mean, sd), abs=6e-4), name


def test_both_ways_of_writing_are_one_model() -> None:
    """log density of theta is that of z less J log tau, wherever one looks."""
    rng, models = np.random.default_rng(SEED), (shipped(), centred(SCHOOLS))
    densities = [one.compile_logp() for one in models]
    for _ in range(5):
        mu, log_tau, z = 3 * rng.normal(), rng.normal(), rng.normal(size=8)
        point = {"mu": np.array(mu), "tau_log__": np.array(log_tau)}
        theta = mu + math.exp(log_tau) * z
        by_z, by_theta = (
            float(f(point | more))
            for f, more in zip(densities, ({"group_z": z}, {"theta": theta}), strict=True)
        )
        assert by_z == pytest.approx(by_theta + 8 * log_tau, abs=1e-9)


def test_the_decision_turns_with_the_prior_and_the_reference() -> None:
    """Far below the mean effect it is shown; a prior that holds it near 0 shows nothing."""
    assert decided(SCHOOLS, Rule(-8.0, 0.95), mu_sd=5.0, tau_scale=5.0) == "above -8"
    assert decided(SCHOOLS, Rule(0.0, 0.95), mu_sd=5.0, tau_scale=5.0) == "not shown"
    assert decided(SCHOOLS, Rule(0.0, 0.9), mu_sd=5.0, tau_scale=5.0) == "above 0"
    assert decided(SCHOOLS, Rule(0.0, 0.9), mu_sd=0.5, tau_scale=5.0) == "not shown"


@pytest.fixture
def summary(made: Callable[[str], tuple[Path, int]]) -> dict[str, Any]:
    """The summary of the page that all tests share."""
    out, _ = made("approximations")
    found: dict[str, Any] = json.loads((out / "approximations.json").read_text("utf-8"))
    return found


def test_every_method_is_told_of_every_posterior(summary: dict[str, Any]) -> None:
    wanted = targets(SCHOOLS, {"mu_sd": 5.0, "tau_scale": 5.0}, Rule(0.0, 0.95), "eight schools")
    assert [*summary["methods"]] == [one.name for one in wanted]
    methods = {"Laplace", "Pathfinder", "ADVI, mean-field", "ADVI, full-rank", "NUTS"}
    for of in summary["methods"].values():
        assert of.keys() == methods
        for method, one in of.items():
            assert {"mean_shift_sd", "sd_ratio", "k_hat", "seconds"} <= one.keys()
            assert one["seconds"] > 0
            assert (one["mean_shift_sd"] is None) == (one["verdict"] == REFUSED), method


def test_the_traps_fire(summary: dict[str, Any]) -> None:
    """Each posterior is of a shape that some method cannot have; the exact answer says so."""
    told = {
        name: {m: x["verdict"] for m, x in of.items()} for name, of in summary["methods"].items()
    }
    own, bent, hills = told["eight schools, non-centred"], told["banana"], told["two modes"]
    assert own["Laplace"] == DO_NOT  # the mode is not the posterior: tau is 29 there
    assert own["NUTS"] in {GOOD, FLAGGED}
    assert told["eight schools, centred"]["Laplace"] == REFUSED  # there is no mode
    assert told["eight schools, centred"]["NUTS"] != GOOD
    assert told["collinear regression"] == {
        **dict.fromkeys(("Laplace", "Pathfinder", "ADVI, full-rank", "NUTS"), GOOD),
        "ADVI, mean-field": told["collinear regression"]["ADVI, mean-field"],
    }
    assert told["collinear regression"]["ADVI, mean-field"] in {MEANS, DO_NOT}
    gaussians = ("Laplace", "Pathfinder", "ADVI, mean-field", "ADVI, full-rank")
    assert {bent[one] for one in gaussians} == {DO_NOT}
    assert {hills[one] for one in gaussians} == {DO_NOT}
    assert hills["NUTS"] in {REFUSED, DO_NOT}


def test_bounds_are_bounds_and_say_what_is_missed(summary: dict[str, Any]) -> None:
    """No ELBO above the evidence; on two hills it misses log(share of the hill), and k-hat none."""
    known = targets(SCHOOLS, {"mu_sd": 5.0, "tau_scale": 5.0}, Rule(0.0, 0.95), "eight schools")
    for target in known:
        for method, one in summary["methods"][target.name].items():
            if one["elbo"] is not None:
                room = 4 * one["elbo_error"] + 1e-6
                assert one["elbo"] < target.exact.evidence + room, (target.name, method)
    laplace = summary["methods"]["two modes"]["Laplace"]
    share = HILLS.weights[0 if laplace["decision"] == "below 0" else 1]
    assert laplace["elbo"] == pytest.approx(math.log(share), abs=0.001)
    assert laplace["k_hat"] is None or laplace["k_hat"] < 0.5  # null: the ratios are all the same


def test_a_file_of_one_s_own(tmp_path: Path) -> None:
    """Groups with a plain effect, alike: the answer is of them, and by their exact posterior."""
    rng = np.random.default_rng(SEED)
    effects = 3 + rng.normal(size=12)
    table = pd.DataFrame({"group": range(12), "effect": effects, "standard_error": 1.0})
    table.to_csv(tmp_path / "own.csv", index=False)
    settings: dict[str, Any] = {"quick": True, "quiet": True, "draws": 500, "seed": SEED}
    assert main(data=tmp_path / "own.csv", out=tmp_path, **settings) == 0
    found = json.loads((tmp_path / "approximations.json").read_text("utf-8"))
    assert found["decision"] == "above 0"
    assert [*found["methods"]] == ["your groups, non-centred"]
    assert "NUTS" in found["answer"]
    own = exact.schools(load(tmp_path / "own.csv"), mu_sd=6.0, tau_scale=3.0)
    q = found["quantities"]["mu"]
    assert abs(q["mean"] - own.known["mu"].mean) < 4 * q["mcse_mean"]
