"""The A/B test and the births by cluster: density by hand, exact posterior by quadrature."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats
from scipy.special import betaln, logsumexp

from data.ab_test import read
from models.ab_test import by_cluster
from tests.conftest import SEED
from workflow.checking.diagnostics import Status, diagnose
from workflow.quantities import summarise
from workflow.rates.clustering import design_effect, worth
from workflow.rates.experiment import least_loss
from workflow.sampling.fit import compile_nuts, data_of, sample_nuts

OWN = Path(__file__).parent.parent / "own_data"
POINTS = 800  # along each axis of a quadrature


def quadrature(
    trials: np.ndarray, events: np.ndarray, alpha: float, beta: float, icc_mean: float = 0.2
) -> tuple[np.ndarray, np.ndarray]:
    """Return points and weights of the exact posterior of a rate, the icc integrated out.

    On an even grid of the logits of both, wide enough that nothing is left at its borders.
    """
    a, b = alpha + events.sum() / 3, beta + (trials - events).sum() / 3
    middle, spread = np.log(a / b), 12 * np.sqrt(1 / min(a, b) + 1 / 20)
    eta, zeta = np.linspace(middle - spread, middle + spread, POINTS), np.linspace(-14, 6, POINTS)
    rate, icc = 1 / (1 + np.exp(-eta[:, None])), 1 / (1 + np.exp(-zeta))
    size = (1 - icc) / icc
    log_density = stats.beta(alpha, beta).logpdf(rate) + np.log(rate * (1 - rate))
    log_density = (
        log_density + stats.beta(1, 1 / icc_mean - 1).logpdf(icc) + np.log(icc * (1 - icc))
    )
    for (n, y), times in pd.Series(list(zip(trials, events, strict=True))).value_counts().items():
        one = betaln(y + rate * size, n - y + (1 - rate) * size) - betaln(
            rate * size, (1 - rate) * size
        )
        log_density = log_density + times * one
    weights = np.exp(logsumexp(log_density, axis=1) - logsumexp(log_density))
    return rate[:, 0], weights


def moments(points: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    mean = float(points @ weights)
    return mean, float(np.sqrt((points - mean) ** 2 @ weights))


@cache
def visits() -> tuple[pd.DataFrame, pd.DataFrame]:
    found = read(OWN / "visits.csv", "user_id")
    assert found.clusters is not None
    return found.counts, found.clusters


@cache
def exact(arm: str) -> tuple[np.ndarray, np.ndarray]:
    _, clusters = visits()
    of_arm = clusters[clusters["arm"] == arm]
    return quadrature(of_arm["visitors"].to_numpy(), of_arm["conversions"].to_numpy(), 1, 4)


@pytest.fixture(scope="module")
def fitted() -> xr.DataTree:
    model = by_cluster(*visits())
    options = {"draws": 1000, "tune": 1000, "chains": 4, "seed": SEED}
    return sample_nuts(compile_nuts(model), data_of(model), **options)


def test_the_density_is_that_written_by_hand() -> None:
    """At random points, up to a constant that is the same at all: the binomial coefficients too."""
    arms, clusters = visits()
    model = by_cluster(arms, clusters, alpha=2, beta=3, icc_mean=0.4)
    rng, at = np.random.default_rng(SEED), pd.Index(arms["arm"]).get_indexer(clusters["arm"])
    logp = model.compile_logp(jacobian=False)
    for _ in range(3):
        rate, icc = rng.uniform(0.05, 0.9, 2), rng.uniform(0.05, 0.9, 2)
        size = ((1 - icc) / icc)[at]
        expected = (
            stats.betabinom(clusters["visitors"], rate[at] * size, (1 - rate[at]) * size)
            .logpmf(clusters["conversions"])
            .sum()
        )
        expected += stats.beta(2, 3).logpdf(rate).sum() + stats.beta(1, 1.5).logpdf(icc).sum()
        point = {
            "rate_logodds__": np.log(rate / (1 - rate)),
            "icc_logodds__": np.log(icc / (1 - icc)),
        }
        assert float(logp(point)) == pytest.approx(expected, rel=1e-9)


def test_rates_and_their_difference_are_exact(fitted: xr.DataTree) -> None:
    """Visits of users who come again: NUTS against quadrature, within four Monte Carlo errors."""
    assert diagnose(fitted).status is Status.PASS
    found = summarise(fitted["posterior"].to_dataset())
    (mean_a, sd_a), (mean_b, sd_b) = (moments(*exact(arm)) for arm in "AB")
    for name, mean, sd in (
        ("rate[A]", mean_a, sd_a),
        ("rate[B]", mean_b, sd_b),
        ("difference[B]", mean_b - mean_a, np.hypot(sd_a, sd_b)),
    ):
        q = found[name]
        assert q.mean == pytest.approx(mean, abs=4 * (q.mcse_mean or 0)), name
        assert q.sd == pytest.approx(sd, rel=0.08), name


def test_nothing_is_decided_where_rows_of_a_user_are_alike(fitted: xr.DataTree) -> None:
    """Taken as independent, the same visits decide; and the interval is half as wide."""
    arms, _ = visits()
    naive = [
        stats.beta(1 + y, 4 + n - y)
        for n, y in zip(arms["visitors"], arms["conversions"], strict=True)
    ]
    sd = np.hypot(*(one.std() for one in naive))
    posterior = fitted["posterior"].to_dataset()
    assert float(posterior["difference"].std()) / sd == pytest.approx(2, rel=0.15)
    assert least_loss(posterior, 0.001, arms)[0] == "not decided yet"


def test_the_sd_is_that_of_drawing_users_again(fitted: xr.DataTree) -> None:
    """Bootstrap of whole users, which knows of no model: the sd of the difference within 15%."""
    _, clusters = visits()
    rng, rates = np.random.default_rng(SEED), []
    for arm in "AB":
        counts = clusters.loc[clusters["arm"] == arm, ["conversions", "visitors"]].to_numpy()
        again = counts[rng.integers(0, len(counts), (2000, len(counts)))].sum(axis=1)
        rates.append(again[:, 0] / again[:, 1])
    drawn = rates[1] - rates[0]
    found = float(fitted["posterior"]["difference"].std())
    assert found == pytest.approx(np.std(drawn), rel=0.15)


def test_independent_rows_give_what_counts_give() -> None:
    """A cluster of one visit each knows nothing of icc: the density is the Binomial's."""
    rate, weights = quadrature(np.ones(40, dtype=int), np.arange(40) % 4 == 0, 1, 4)
    alone = stats.beta(1 + 10, 4 + 30)
    assert moments(rate, weights) == pytest.approx((alone.mean(), alone.std()), rel=1e-3)


@pytest.mark.parametrize("icc", [0.05, 0.3, 0.7])
def test_what_clusters_are_worth_is_what_the_exact_posterior_says(icc: float) -> None:
    """150 families of 1 to 8 births: effective counts against quadrature, mean and sd.

    The design effect is estimated, and its error is that of 150 squares: 6% of an sd.
    """
    rng, k = np.random.default_rng(SEED), (1 - icc) / icc
    trials = rng.integers(1, 9, 150)
    events = rng.binomial(trials, rng.beta(0.45 * k, 0.55 * k, 150))
    clusters = pd.DataFrame({"girls": events, "births": trials})
    girls, births = worth(clusters.sum().to_frame().T, clusters).iloc[0]
    effective = stats.beta(9.7 + girls, 10.3 + births - girls)
    mean, sd = moments(*quadrature(trials, events, 9.7, 10.3))
    assert effective.std() == pytest.approx(sd, rel=4 * 0.06)
    assert abs(effective.mean() - mean) < 0.35 * sd


def test_independent_births_keep_their_worth_and_copies_lose_it() -> None:
    """Each birth by itself: nothing is divided. All of a family the same: families count."""
    alone = np.arange(200) % 2
    assert design_effect(alone, np.ones(200)) == pytest.approx(200 / 199)
    assert design_effect(6 * alone, np.full(200, 6)) == pytest.approx(6 * 200 / 199)
    assert design_effect(np.zeros(10), np.full(10, 6)) == 6  # nothing happened: as if copies
    counts = pd.DataFrame({"girls": [437], "births": [980]})
    assert worth(counts, None) is counts
