"""Groups with a row a measurement: the exact posterior, and what rows within groups look like."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from data.partial_pooling import load
from models.partial_pooling import means
from tests.conftest import SEED
from workflow.checking.exact import allowed, farthest
from workflow.checking.status import Status
from workflow.groups.exact import Exact, Prior
from workflow.groups.exact_rows import ExactRows
from workflow.groups.observed import Observed
from workflow.groups.spread import ASYMMETRIC, HEAVY, LOOKED, UNEQUAL, within_groups
from workflow.quantities import summarise
from workflow.sampling.fit import compile_nuts, data_of, sample_nuts, tries

PRIOR = Prior(1.0, 6.0, 2.0, False, 1.5)
OF_GROUPS = {"a": [3.0, 5.5, 4.0], "b": [1.0], "c": [7.0, 6.5], "d": [2.0, 4.5, 2.5, 3.5]}


def table(unit: float = 1.0) -> pd.DataFrame:
    found = [
        (name, np.mean(y), len(y), len(y) * np.var(y))
        for name, y in ((name, unit * np.array(y)) for name, y in OF_GROUPS.items())
    ]
    return pd.DataFrame(found, columns=["group", "mean", "size", "square"])


def rows(sizes: np.ndarray, sds: np.ndarray | float, seed: int = SEED) -> pd.DataFrame:
    codes = np.repeat(np.arange(len(sizes)), sizes)
    noise = np.random.default_rng(seed).normal(size=len(codes))
    value = 50 + 3 * codes + np.broadcast_to(sds, len(sizes))[codes] * noise
    return pd.DataFrame({"arm": codes.astype(str), "value": value})


@cache
def brute() -> dict[str, tuple[float, float]]:
    """Of the rows themselves, whose density is a normal of all of them together given both sds.

    Gauss and Legendre in tan of both sds; mu and the means are normal given these and the rows, by
    matrices: nothing is summed up by group.
    """
    y = np.concatenate([OF_GROUPS[name] for name in OF_GROUPS])
    of = np.repeat(np.eye(4), [len(one) for one in OF_GROUPS.values()], axis=0)  # (row, group)
    nodes, weights = np.polynomial.legendre.leggauss(120)
    angle, step = np.pi / 4 * (nodes + 1), np.pi / 4 * weights  # half-Cauchy is even in the angle
    logs, moments = [], []
    for tau in PRIOR.tau_scale * np.tan(angle):
        for sigma in 1.5 * np.tan(angle):
            ones = np.full((4, 4), PRIOR.mu_sd**2)
            prior = np.block([[ones[:1, :1], ones[:1]], [ones[:, :1], ones + tau**2 * np.eye(4)]])
            seen = np.column_stack([np.zeros(len(y)), of])
            cover = seen @ prior @ seen.T + sigma**2 * np.eye(len(y))
            gain = np.linalg.solve(cover, seen @ prior).T
            mean = PRIOR.mu_mean + gain @ (y - PRIOR.mu_mean)
            variance = np.diag(prior - gain @ seen @ prior)
            off = y - PRIOR.mu_mean
            logs.append(-(np.linalg.slogdet(cover)[1] + off @ np.linalg.solve(cover, off)) / 2)
            mean, variance = np.append(mean, [tau, sigma]), np.append(variance, [0, 0])
            moments.append((mean, variance + mean**2))
    p = np.exp(np.array(logs) - max(logs)) * np.multiply.outer(step, step).ravel()
    mean, square = (p / p.sum() @ np.array(one) for one in zip(*moments, strict=True))
    names = ["mu", *(f"mean[{one}]" for one in OF_GROUPS), "tau", "sigma"]
    sds = np.sqrt(square - mean**2)
    return dict(zip(names, zip(mean, sds, strict=True), strict=True))


def test_the_exact_posterior_is_that_of_the_rows_themselves() -> None:
    exact = ExactRows(Observed.of(table()), PRIOR).known()
    assert exact.keys() == brute().keys()
    for name, (mean, sd) in brute().items():
        assert exact[name].mean == pytest.approx(mean, rel=1e-5), name
        assert exact[name].sd == pytest.approx(sd, rel=1e-4), name


def test_where_sigma_is_known_it_is_the_posterior_of_effects_with_their_errors() -> None:
    """Of a million rows a group sigma is known; the means are not, beside such a sigma."""
    means_of, sizes = np.array([0.4, -1.0, 2.0, 0.1]), 1e6
    of_rows = pd.DataFrame({"group": list("abcd"), "mean": means_of, "size": sizes})
    sigma = 1e3
    known = ExactRows(
        Observed.of(of_rows.assign(square=sigma**2 * (sizes - 1))), Prior(0.0, 3.0, 1.0, False, 9e2)
    ).known()
    measured = pd.DataFrame({"group": list("abcd"), "effect": means_of, "standard_error": 1.0})
    other = Exact(Observed.of(measured), Prior(0.0, 3.0, 1.0, False)).known()
    assert known["sigma"].sd == pytest.approx(sigma / np.sqrt(8e6), rel=1e-3)
    for ours, theirs in (("mean[a]", "effect[a]"), ("mean[c]", "effect[c]"), ("tau", "tau")):
        assert known[ours].mean == pytest.approx(other[theirs].mean, rel=1e-3)
        assert known[ours].upper == pytest.approx(other[theirs].upper, rel=1e-3)


def test_the_exact_posterior_of_rows_does_not_depend_on_the_unit() -> None:
    one = ExactRows(Observed.of(table()), PRIOR)
    other = ExactRows(Observed.of(table(1e5)), Prior(1e5, 6e5, 2e5, False, 1.5e5))
    for name, known in other.known().items():
        assert known.mean == pytest.approx(1e5 * one.known()[name].mean, rel=1e-8)
    assert other.new_group().lower == pytest.approx(1e5 * one.new_group().lower, rel=1e-6)


def test_a_new_group_has_the_population_of_both() -> None:
    """Its variance is that of mu and the mean of tau squared; its median is near that of mu."""
    exact = ExactRows(Observed.of(table()), PRIOR)
    found, new = exact.known(), exact.new_group()
    of_tau = found["tau"].mean ** 2 + found["tau"].sd ** 2
    assert new.sd == pytest.approx(np.sqrt(found["mu"].sd ** 2 + of_tau), rel=1e-4)
    assert new.mean == pytest.approx(found["mu"].mean, rel=1e-9)


@pytest.mark.parametrize("centred", [0.0, 1.0])
def test_the_model_of_rows_is_the_density_written_by_hand(centred: float) -> None:
    """But for what the rows alone make of it, which is the same for all parameters."""
    knobs = {"mu_mean": 1.0, "mu_sd": 6.0, "tau_scale": 2.0, "sigma_scale": 1.5}
    evaluate = means(table(), centred, **knobs).compile_logp(jacobian=False, mode="FAST_COMPILE")
    rng, off = np.random.default_rng(SEED), []
    for _ in range(4):
        mu, tau, sigma, z = rng.normal(), rng.gamma(2), rng.gamma(2), rng.normal(size=4)
        point = {"mu": np.array(mu), "group_z": z}
        point |= {f"{k}_log__": np.array(np.log(v)) for k, v in (("tau", tau), ("sigma", sigma))}
        mean = z if centred else mu + tau * z
        expected = stats.norm(1, 6).logpdf(mu) + stats.halfcauchy(scale=2).logpdf(tau)
        expected += stats.halfcauchy(scale=1.5).logpdf(sigma)
        expected += (stats.norm(mu, tau) if centred else stats.norm()).logpdf(z).sum()
        for one, y in zip(mean, OF_GROUPS.values(), strict=True):
            expected += stats.norm(one, sigma).logpdf(y).sum()
        off.append(float(evaluate(point)) - expected)
    assert off == pytest.approx([off[0]] * 4, abs=1e-9)


def test_rows_sampled_meet_the_exact_posterior() -> None:
    model = means(table(), mu_mean=1.0, mu_sd=6.0, tau_scale=2.0, sigma_scale=1.5)
    tree = sample_nuts(
        compile_nuts(model), data_of(model), draws=1000, tune=1000, chains=4, seed=SEED
    )
    assert tries(tree)[-1].status != "FAIL"
    found, exact = summarise(tree["posterior"].to_dataset()), ExactRows(Observed.of(table()), PRIOR)
    worst = max(farthest(found[name], one) for name, one in exact.known().items())
    assert worst < allowed(len(exact.known()))


def test_normal_rows_pass_and_what_is_not_so_is_told() -> None:
    sizes = np.array([1, 20, 30, 8, 25, 40, 2])
    sound = rows(sizes, 5.0)
    skewed = sound.assign(value=np.exp(sound["value"] / 10))
    tails = sound.assign(value=np.random.default_rng(SEED).standard_t(2, size=len(sound)))
    uneven = rows(sizes, np.array([1.0, 1, 8, 1, 1, 1, 1]))
    wrong = ((skewed, ASYMMETRIC), (tails, HEAVY), (uneven, UNEQUAL))
    for found, what in ((sound, None), *wrong):
        checks = within_groups(found, seed=SEED + 1)
        said = {one.statistic for one in checks if one.result is Status.WARN}
        assert what in said if what else not said
    assert [one.statistic for one in within_groups(sound, seed=SEED)] == list(LOOKED)


def test_sound_rows_warn_as_rarely_as_they_should() -> None:
    """At most one page of fifty (`SURPRISE`); more than here is chance one time in a thousand."""
    sizes, warned = np.array([4, 6, 3, 9, 5]), 0
    for seed in range(60):
        found = within_groups(rows(sizes, 2.0, seed), seed=SEED + seed)
        warned += any(one.result is Status.WARN for one in found)
    assert warned <= stats.binom(60, 0.02).ppf(0.999)


def test_of_few_rows_and_of_counts_nothing_is_said() -> None:
    assert within_groups(None, seed=SEED) == []
    assert within_groups(rows(np.array([3, 3]), 1.0), seed=SEED) == []
    assert within_groups(load().rename(columns={"group": "arm"}), seed=SEED) == []
