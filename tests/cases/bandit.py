"""Variants with a rate each: independent Beta posteriors; policies against all that can happen.

Small has 10 visitors a variant and the prior Beta(2, 8), which a missing Jacobian moves. (With
twice its sd, Beta(1, 4) would be Beta(.1, .4): rates so near 0 that no sampler can begin.)
"""

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from data.bandit import load, read
from models.bandit import clicks
from reports.rates.variants import warn_of_limit
from tests.calibration.mutants import Mutant, doubled, replaced, with_twice_the_sd, without_jacobian
from tests.conftest import SEED
from workflow.quantities import summarise
from workflow.rates.few_visitors import first_visitors, of_thompson, optimal
from workflow.rates.policies import policies, simulate
from workflow.rates.variants import Exact

COUNTS = load()
PRIORS = [{"alpha": 3.0, "beta": 40.0}, {"alpha": 200.0, "beta": 500.0}]
# Two variants of which nothing is known: visitors, and the clicks to be expected.
KNOWN = {2: (1.083333, 1.027778), 10: (6.021786, 5.704544), 30: (18.919868, 18.298276)}


def shipped(**knobs: float) -> pm.Model:
    return clicks(COUNTS, **knobs)


def small(**knobs: float) -> pm.Model:
    return clicks(COUNTS.assign(visitors=10, conversions=0), **{"alpha": 2.0, "beta": 8.0} | knobs)


def log_density(rate: Any, *, alpha: float = 1.0, beta: float = 1.0) -> float:
    found = stats.binom(COUNTS["visitors"], rate).logpmf(COUNTS["conversions"]).sum()
    return float(found + stats.beta(alpha, beta).logpdf(rate).sum())


def reference(*, alpha: float = 1.0, beta: float = 1.0) -> dict[str, tuple[float, ...]]:
    """Exact: each rate is Beta(alpha + clicked, beta + shown - clicked)."""
    found: dict[str, tuple[float, ...]] = {}
    for row in COUNTS.itertuples():
        exact = stats.beta(alpha + row.conversions, beta + row.visitors - row.conversions)
        found[f"rate[{row.arm}]"] = (float(exact.mean()), float(exact.std()), 0.0, 0.0)
    return found


def wide_prior() -> Mutant:
    alpha, beta = with_twice_the_sd(2, 8)
    return replaced(f"prior Beta({alpha:g}, {beta:g}), with twice the sd", alpha=alpha, beta=beta)


def wrong_likelihood() -> Mutant:
    return doubled("shown", "clicked_data")


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logits of the rates", without_jacobian(small(), "rate"))


@pytest.mark.parametrize("n", KNOWN)
def test_few_visitors_are_followed_exactly(n: int) -> None:
    ones = np.ones(2)
    found = optimal(n, ones, ones), of_thompson(n, ones, ones)
    assert found == pytest.approx(KNOWN[n], abs=6e-7)


def test_two_visitors_by_hand() -> None:
    """The second visitor sees the same after a click, else the other: 1/2 + 2/3 / 2 + 1/2 / 2."""
    found = first_visitors(2)
    assert found["optimal"] == pytest.approx(0.5 + (2 / 3 + 1 / 2) / 2, abs=1e-12)
    assert found["equal split"] == 1


def test_simulated_policies_lie_between_equal_and_optimal() -> None:
    """Thirty visitors, rates uniform: E max is 2/3, so 20 clicks less the regret."""
    ones, n = np.ones(2), 30
    rates = np.random.default_rng(SEED).beta(1, 1, size=(4000, 2))
    best, _ = KNOWN[n]
    top = n * rates.max(1).mean()
    room = n * rates.max(1).std() / math.sqrt(len(rates))
    for name, policy in policies(n, 0.01, 2).items():
        found = simulate(policy, rates, ones, ones, n, SEED).total
        error = math.hypot(found.mcse, room)
        assert n / 2 - 4 * error < top - found.value < best + 4 * error, name
        if name == "Thompson sampling":
            assert abs(top - found.value - KNOWN[n][1]) < 4 * error
        if name == "equal split":
            assert abs(top - found.value - n / 2) < 4 * error
            half = n * np.abs(rates[:, 0] - rates[:, 1]).mean() / 2
            assert found.value == pytest.approx(half, rel=1e-9)


def test_regret_never_falls_and_the_best_is_shown_more_and_more() -> None:
    rates = np.tile([0.2, 0.5, 0.4], (200, 1))
    threes = np.ones(3)
    found = {
        name: simulate(policy, rates, threes, threes, 400, SEED)
        for name, policy in policies(400, 0.01, 3).items()
    }
    for one in found.values():
        assert np.all(np.diff(one.mean) >= -1e-12)
        assert (one.at[-1], len(one.at)) == (400, 100)
    assert found["Thompson sampling"].shown > 0.5 > found["equal split"].shown
    assert found["equal split"].total.value == pytest.approx((0.3 * 134 + 0.1 * 133), abs=0.5)


def test_the_exact_decision() -> None:
    exact = Exact(COUNTS, 1, 1)
    assert exact.decision_under(alpha=1, beta=1, limit=0.001) == "choose gate_30"
    assert exact.decision_under(alpha=1, beta=1, limit=1e-9) == "not decided yet"
    assert sum(exact.best().values()) == pytest.approx(1, abs=1e-9)


def test_counts_and_rows_under_any_names(tmp_path: Path) -> None:
    rows = pd.DataFrame({"variant": list("abab"), "clicked": [1, 0, 1, 1]})
    rows.to_csv(tmp_path / "rows.csv", index=False)
    found = read(tmp_path / "rows.csv")
    assert found.counts.to_numpy().tolist() == [["a", 2, 2], ["b", 2, 1]]
    assert found.rows is not None
    (tmp_path / "counts.csv").write_text("Variant,Shown,Clicked\na,20,3\nb,10,4\n", "utf-8")
    assert load(tmp_path / "counts.csv").to_numpy().tolist() == [["a", 20, 3], ["b", 10, 4]]


def test_a_limit_above_every_rate_warns() -> None:
    def warned(limit: float) -> list[str]:
        said: list[str] = []
        found = summarise(xr.Dataset({"rate": (("chain", "draw", "variant"), drawn)}))
        report = SimpleNamespace(warn=lambda text, advice: said.append(text))
        warn_of_limit(report, found, limit)  # type: ignore[arg-type]
        return said

    drawn = np.random.default_rng(SEED).beta(500, 5e7, size=(2, 100, 2))
    assert "more than" in warned(0.001)[0]
    assert not warned(1e-7)
