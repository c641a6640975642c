"""Groups from one population: quadrature over (mu, tau), and Gauss-Hermite for each group.

Small has four groups of two trials, so that priors twice as wide show. (Of tau without its Jacobian
there is no posterior: its density would be infinite at 0.) The eight schools, the model's other
likelihood, are held below against a quadrature of their own, and against what is printed of them.
"""

from collections.abc import Callable
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import typer
import xarray as xr
from scipy import integrate, stats
from scipy.special import expit

from analyses._pooled_prior import stated
from data.partial_pooling import PATH, SCHOOLS, load
from models.partial_pooling import effects, rates
from tests.calibration.mutants import Mutant, replaced
from tests.conftest import SEED
from workflow.calibrating.sbc import Data
from workflow.checking.diagnostics import Status, diagnose
from workflow.checking.exact import farthest
from workflow.deciding.decision import UNDECIDED
from workflow.groups.choosing import Pick, could_be
from workflow.groups.exact import Exact, Prior
from workflow.groups.observed import Observed, tells_itself
from workflow.groups.pooling import Arcsine, squared_errors
from workflow.quantities import Scalar, summarise
from workflow.sampling.fit import CompiledPyMCModel, compile_nuts, data_of, sample_nuts, tries

GROUPS, EIGHT = load(), load(SCHOOLS)
FEW = pd.DataFrame({"group": list("abcd"), "successes": [1, 0, 2, 1], "trials": 2})
PRIORS = [
    {"mu_mean": -1.0, "mu_sd": 0.2, "tau_scale": 0.2},
    {"mu_mean": 0.5, "mu_sd": 3.0, "tau_scale": 3.0},
]
USUAL = {"mu_mean": 0.0, "mu_sd": 1.5, "tau_scale": 1.0}
# Mean and sd, as printed with the issue (tau as 3.5978), of mu, tau and the schools in order.
PRINTED = [(4.3968, 3.3177), (3.5977, 3.2200), (6.212, 5.593), (4.940, 4.674), (3.927, 5.263)]
PRINTED += [(4.757, 4.780), (3.615, 4.657), (4.043, 4.827), (6.297, 5.078), (4.854, 5.291)]
Y, SE = EIGHT["effect"].to_numpy(), EIGHT["standard_error"].to_numpy()


def shipped(**knobs: float) -> pm.Model:
    return rates(GROUPS, **knobs)


def small(**knobs: float) -> pm.Model:
    return rates(FEW, **knobs)


def log_density(
    mu: Any,
    tau: Any,
    group_z: Any,
    *,
    mu_mean: float = 0.0,
    mu_sd: float = 1.5,
    tau_scale: float = 1.0,
) -> float:
    rate = expit(mu + tau * np.asarray(group_z))
    prior = stats.norm(mu_mean, mu_sd).logpdf(mu) + stats.halfnorm(scale=tau_scale).logpdf(tau)
    prior += stats.norm().logpdf(group_z).sum()
    return float(prior + stats.binom(GROUPS["trials"], rate).logpmf(GROUPS["successes"]).sum())


def reference(
    *, mu_mean: float = 0.0, mu_sd: float = 1.5, tau_scale: float = 1.0
) -> dict[str, tuple[float, ...]]:
    """Exact: Simpson over mu and tau, and Gauss-Hermite (61 points) over each group's offset."""
    z, at = np.polynomial.hermite_e.hermegauss(61)
    at = at / at.sum()
    mu, tau = np.linspace(-2, 0, 121), np.linspace(0, 2, 161)
    kinds, which = np.unique(GROUPS["successes"], return_inverse=True)
    likelihood, first, second = (np.empty((len(tau), len(mu), len(kinds))) for _ in range(3))
    for i, one in enumerate(tau):
        rate = expit(mu[:, None, None] + one * z[:, None])
        p = np.exp(kinds * np.log(rate) + (45 - kinds) * np.log1p(-rate)) * at[:, None]
        likelihood[i] = p.sum(axis=1)
        first[i], second[i] = (p * rate).sum(axis=1), (p * rate**2).sum(axis=1)
    prior = stats.halfnorm(scale=tau_scale).pdf(tau)[:, None] * stats.norm(mu_mean, mu_sd).pdf(mu)
    together = np.log(likelihood)[..., which].sum(-1)
    density = prior * np.exp(together - together.max())
    steps = _simpson(tau)[:, None] * _simpson(mu)
    weights = density * steps / (density * steps).sum()
    found = {"mu": _moments(weights, mu), "tau": _moments(weights, tau[:, None])}
    for name, k in zip(GROUPS["group"], which, strict=True):
        mean = float((weights * first[..., k] / likelihood[..., k]).sum())
        square = float((weights * second[..., k] / likelihood[..., k]).sum())
        found[f"rate[{name}]"] = (mean, float(np.sqrt(square - mean**2)), 0.0, 0.0)
    return found


def _simpson(at: np.ndarray) -> np.ndarray:
    """Return the weights of Simpson's rule on an odd number of even steps."""
    weights = np.ones(len(at))
    weights[1:-1:2], weights[2:-1:2] = 4, 2
    return weights * (at[1] - at[0]) / 3


def _moments(weights: np.ndarray, values: np.ndarray) -> tuple[float, ...]:
    mean = float((weights * values).sum())
    return mean, float(np.sqrt((weights * (values - mean) ** 2).sum())), 0.0, 0.0


def wide_prior() -> Mutant:
    return replaced("both priors with twice their sd", mu_sd=3.0, tau_scale=2.0)


def wrong_likelihood() -> Mutant:
    return Mutant("failures counted as successes", change=_turned)


def _turned(data: Data) -> Data:
    return data | {"successes_data": data["trials"] - data["successes_data"]}


def dropped_jacobian() -> Mutant:
    model = small()
    with model:
        pm.Potential("dropped", pm.math.log(model["rate"] * (1 - model["rate"])).sum())
    return Mutant("rates sampled under the prior of their log-odds", model)


@pytest.mark.parametrize("knobs", [{}, *PRIORS])
def test_the_quadrature_of_the_page_is_the_reference(knobs: dict[str, float]) -> None:
    exact = Exact(Observed.of(GROUPS), Prior(**USUAL | knobs, counted=True)).known()
    found = reference(**knobs)
    assert exact.keys() == found.keys()
    for name, (mean, sd, *_) in found.items():
        assert exact[name].mean == pytest.approx(mean, rel=2e-5), name
        assert exact[name].sd == pytest.approx(sd, rel=1e-4), name


ENDS = (0, 3, 10, 30, 200, 5000)  # of tau, between which is integrated


def given(tau: float, kept: np.ndarray | slice = slice(None)) -> tuple[float, float, float]:
    """Return the density of tau and the data of the eight schools, and mean and variance of mu."""
    y, v = Y[kept], SE[kept] ** 2 + tau**2
    of_mu = 1 / (1 / 25 + (1 / v).sum())
    at = of_mu * (y / v).sum()
    log = -(np.log(2 * np.pi * v).sum() + (y**2 / v).sum() - at**2 / of_mu) / 2
    log += (np.log(of_mu) - np.log(25)) / 2 + stats.halfcauchy(scale=5).logpdf(tau)
    return float(np.exp(log)), float(at), float(of_mu)


def density(tau: float, kept: np.ndarray) -> float:
    return given(tau, kept)[0]


def over_tau(integrand: Callable[[float], Any]) -> Any:
    return sum(integrate.quad_vec(integrand, a, b, epsrel=1e-9)[0] for a, b in pairwise(ENDS))


@cache
def by_tau() -> tuple[np.ndarray, np.ndarray]:
    """Return means and sds of mu, tau and the schools: given tau all is normal."""

    def moments(tau: float) -> np.ndarray:
        p, at, of_mu = given(tau)
        share = tau**2 / (SE**2 + tau**2)  # of its own data in the effect of a school
        mean = np.array([at, tau, *(share * Y + (1 - share) * at)])
        variance = np.array([of_mu, 0, *(share * SE**2 + (1 - share) ** 2 * of_mu)])
        return p * np.array([np.ones(len(mean)), mean, mean**2 + variance])

    whole, mean, square = over_tau(moments)
    return mean / whole, np.sqrt(square / whole - (mean / whole) ** 2)


def test_eight_schools_are_as_printed_and_as_the_page_has_them() -> None:
    exact, (means, sds) = Exact(Observed.of(EIGHT), Prior(0.0, 5.0, 5.0, False)), by_tau()
    known = [*exact.known().values()]
    for one, mean, sd, printed in zip(known, means, sds, PRINTED, strict=True):
        assert (one.mean, one.sd) == pytest.approx((mean, sd), rel=1e-5)
        digits = 5e-5 if printed in PRINTED[:2] else 5e-4
        assert (mean, sd) == pytest.approx(printed, abs=digits * 1.01)
    new = exact.new_group()
    assert new.mean == pytest.approx(means[0], rel=1e-6)
    law = sds[0] ** 2 + sds[1] ** 2 + means[1] ** 2  # var mu + E tau^2
    assert new.sd == pytest.approx(np.sqrt(law), rel=1e-4)


def test_quantiles_of_the_exact_posterior_are_those_of_its_mixture() -> None:
    """Of school A: a mixture of normals over tau, its distribution function by quadrature."""
    one = Exact(Observed.of(EIGHT), Prior(0.0, 5.0, 5.0, False)).known()["effect[A]"]
    ends = np.array([one.lower, one.median, one.upper])

    def below(tau: float) -> np.ndarray:
        p, at, of_mu = given(tau)
        share = tau**2 / (SE[0] ** 2 + tau**2)
        sd = np.sqrt(share * SE[0] ** 2 + (1 - share) ** 2 * of_mu)
        return p * np.array([1, *stats.norm(share * Y[0] + (1 - share) * at, sd).cdf(ends)])

    whole, *parts = over_tau(below)
    assert np.array(parts) / whole == pytest.approx([0.025, 0.5, 0.975], abs=1e-5)


def test_each_school_is_predicted_by_the_others() -> None:
    """The ratio of two evidences, school by school; ArviZ says -30.69, -30.81 of their sum."""
    exact = Exact(Observed.of(EIGHT), Prior(0.0, 5.0, 5.0, False)).elpd()
    evidence = over_tau(partial(density, kept=np.arange(len(Y))))
    for i in (0, 4, 7):
        others = np.flatnonzero(np.arange(len(Y)) != i)
        rest = over_tau(partial(density, kept=others))
        assert exact[i] == pytest.approx(np.log(evidence / rest), abs=1e-5)
    assert exact.sum() == pytest.approx(-30.75, abs=0.1)


@cache
def compiled_schools() -> CompiledPyMCModel:
    return compile_nuts(effects(EIGHT))


def sampled(centred: float, **settings: int) -> xr.DataTree:
    lengths = {"draws": 1000, "tune": 1000, "chains": 4, "seed": SEED} | settings
    return sample_nuts(compiled_schools(), data_of(effects(EIGHT, centred)), **lengths)


def test_schools_not_centred_meet_the_exact_posterior() -> None:
    tree = sampled(0.0)
    assert tries(tree)[-1].status == "PASS"
    found = summarise(tree["posterior"].to_dataset())
    for name, one in Exact(Observed.of(EIGHT), Prior(0.0, 5.0, 5.0, False)).known().items():
        assert farthest(found[name], one) < 4, name


def test_schools_centred_are_refused_by_the_gate() -> None:
    """After all three tries, with smaller steps and more draws; and the data suggest not to."""
    assert diagnose(sampled(1.0)).status is Status.FAIL
    assert not tells_itself(Observed.of(EIGHT))
    assert tells_itself(Observed.of(EIGHT.assign(standard_error=0.5)))


@pytest.mark.parametrize("centred", [0.0, 1.0])
def test_both_ways_are_the_density_written_by_hand(centred: float) -> None:
    """Of effects, and of rates: with z = effect (centred), z = (effect - mu) / tau (not)."""
    rng = np.random.default_rng(SEED)
    for build, table in ((effects, EIGHT), (rates, FEW)):
        model = build(table, centred)
        evaluate = model.compile_logp(jacobian=False, mode="FAST_COMPILE")
        for _ in range(3):
            mu, tau, z = rng.normal(), rng.gamma(2), rng.normal(size=len(table))
            point = {"mu": np.array(mu), "tau_log__": np.array(np.log(tau)), "group_z": z}
            effect = z if centred else mu + tau * z
            if build is effects:
                expected = stats.norm(0, 5).logpdf(mu) + stats.halfcauchy(scale=5).logpdf(tau)
                expected += stats.norm(effect, SE).logpdf(Y).sum()
            else:
                expected = stats.norm(0, 1.5).logpdf(mu) + stats.halfnorm.logpdf(tau)
                expected += stats.binom(2, expit(effect)).logpmf(FEW["successes"]).sum()
            of_z = stats.norm(mu, tau) if centred else stats.norm()
            expected += of_z.logpdf(z).sum()
            assert float(evaluate(point)) == pytest.approx(float(expected), rel=1e-9)


def test_a_sd_within_groups_is_for_measurements_alone(tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match="a row a measurement"):
        stated(PATH, Observed.of(GROUPS), {"sigma_scale": 1.0})
    path = tmp_path / "rows.csv"
    path.write_text("group,outcome\na,1\na,3\nb,4\nb,6.5\nb,4\n", encoding="utf-8")
    found = Observed.of(load(path))
    prior, by_data = stated(path, found, {"tau_scale": 3.0})
    assert (prior.tau_scale, prior.sigma_scale, by_data) == (
        3.0,
        float(f"{found.within:.0e}"),
        True,
    )
    assert not stated(path, found, {"tau_scale": 3.0, "sigma_scale": 2.0})[1]


def test_james_and_stein_are_as_printed() -> None:
    """17.56 and 5.01 of the counts (Efron and Morris); of averages of three digits 17.58, 5.00."""
    observed, scale = Observed.of(GROUPS), Arcsine(45.0)
    later = (GROUPS["later_successes"] / GROUPS["later_trials"]).to_numpy()
    for raw, truth, printed in (
        (observed.raw, later, (17.56, 5.01)),
        (observed.raw.round(3), later.round(3), (17.58, 5.00)),
    ):
        ways = {"own": scale.of(raw), "both": scale.james_stein(raw)}
        found = squared_errors(ways, scale.of(truth))
        assert (found["own"], found["both"]) == pytest.approx(printed, abs=0.005)


def test_a_pick_is_one_that_gives_away_little() -> None:
    rng = np.random.default_rng(SEED)
    drawn = rng.normal([1.0, 0.9, 0.0], 0.2, size=(4, 500, 3))
    posterior = xr.Dataset(
        {"effect": (("chain", "draw", "group"), drawn)}, {"group": ["a", "b", "c"]}
    )
    assert Pick("effect", 0.2).decide(posterior)[0] == "choose a"
    assert Pick("effect", 0.01).decide(posterior)[0] == UNDECIDED
    assert Pick("effect", 0.2, lowest=True).decide(posterior)[0] == "choose c"
    flat = drawn.reshape(-1, 3)
    measured = Pick("effect", 0.2).measure(posterior)
    loss = (flat.max(axis=1) - flat[:, 0]).mean()
    assert measured["expected_loss[a]"].value == pytest.approx(loss, rel=1e-12)
    share = (flat.argmax(axis=1) == 1).mean()
    assert measured["prob_best[b]"].value == pytest.approx(share, rel=1e-12)
    assert Pick("effect", 0.2).ranks(posterior)["c"] == (3, 3)
    assert could_be(measured) == ["a", "b"]
    some = {f"prob_best[{k}]": Scalar(p, 0.01) for k, p in {"x": 0.96, "y": 0.04}.items()}
    assert could_be(some) == ["x"]


def test_ranks_are_those_of_95_percent_of_the_draws() -> None:
    """In 4% of the draws the second is the first."""
    low = np.arange(100) < 4
    drawn = np.stack([np.where(low, 0.0, 2.0), np.where(low, 2.0, 0.0), np.full(100, -1.0)], axis=1)
    effect = (("chain", "draw", "group"), drawn[None])
    posterior = xr.Dataset({"effect": effect}, coords={"group": ["a", "b", "c"]})
    assert Pick("effect", 0.2).ranks(posterior) == {"a": (1, 2), "b": (1, 2), "c": (3, 3)}
