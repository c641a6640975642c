"""The A/B test: each rate is a Beta posterior of its own, so everything about it is exact."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from arviz_stats.base import array_stats
from scipy import stats

from analyses.ab_test import main
from data.ab_test import load
from models.ab_test import OUTCOMES, alike, pseudo_counts
from tests.calibration.mutants import Mutant, doubled, replaced, with_twice_the_sd, without_jacobian
from tests.conftest import SEED
from tests.contract import model_of
from tests.exact import (
    BetaBinomial,
    difference,
    expected_excess,
    log_odds_ratio,
    log_ratio,
    prob_above,
)
from workflow.checking.diagnostics import Status, diagnose
from workflow.deciding.decision import is_best, regret
from workflow.quantities import expectations, original_scale, summarise
from workflow.rates.alike import known
from workflow.sampling.fit import compile_nuts, refit

conversion = model_of("ab_test")
ARMS = load()
PRIORS = [{"alpha": 1.0, "beta": 1.0}, {"alpha": 200.0, "beta": 500.0}]


def shipped(**knobs: float) -> pm.Model:
    return conversion(ARMS, **knobs)


def small(**knobs: float) -> pm.Model:
    """20 visitors an arm."""
    return conversion(ARMS.assign(visitors=20, conversions=0, guardrail=0), **knobs)


def log_density(rate: Any, guardrail_rate: Any, *, alpha: float = 1, beta: float = 4) -> float:
    found = 0.0
    for events, p in (("conversions", rate), ("guardrail", guardrail_rate)):
        found += stats.binom(ARMS["visitors"], p).logpmf(ARMS[events]).sum()
        found += stats.beta(alpha, beta).logpdf(p).sum()
    return found


def posteriors(events: str, alpha: float, beta: float) -> list[BetaBinomial]:
    counts = zip(ARMS["visitors"], ARMS[events], strict=True)
    return [BetaBinomial(n, y, alpha, beta) for n, y in counts]


def reference(*, alpha: float = 1, beta: float = 4) -> dict[str, tuple[float, ...]]:
    """Exact: each rate is Beta(alpha + events, beta + visitors - events); arms are independent, and
    logarithms of rates, and of odds, have means and sds by digamma and trigamma.
    """
    found: dict[str, tuple[float, ...]] = {}
    for events, prefix in {"conversions": "", "guardrail": "guardrail_"}.items():
        control, *others = posteriors(events, alpha, beta)
        for arm, one in zip(ARMS["arm"], [control, *others], strict=True):
            found[f"{prefix}rate[{arm}]"] = (one.mean, one.sd)
        for arm, one in zip(ARMS["arm"][1:], others, strict=True):
            found[f"{prefix}difference[{arm}]"] = difference(one, control)
            if not prefix:
                found[f"log1p_relative_lift[{arm}]"] = log_ratio(one, control)
                found[f"log_odds_ratio[{arm}]"] = log_odds_ratio(one, control)
    return {name: (*moments, 0, 0) for name, moments in found.items()}


def wide_prior() -> Mutant:
    alpha, beta = with_twice_the_sd(1, 4)
    told = f"prior of the rates Beta({alpha:g}, {beta:g}), with twice the sd of Beta(1, 4)"
    return replaced(told, alpha=alpha, beta=beta)


def wrong_likelihood() -> Mutant:
    return doubled("visitors", "conversions_data", "guardrail_data")


def dropped_jacobian() -> Mutant:
    told = "no Jacobian of the logit of the rates"
    return Mutant(told, without_jacobian(small(), "rate", "guardrail_rate"))


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_quantiles_are_exact(flat: xr.DataTree, outcome: str) -> None:
    rate = flat["posterior"].to_dataset()[f"{OUTCOMES[outcome]}rate"]
    for i, arm in enumerate(posteriors(outcome, 1, 1)):
        draws = rate[..., i].to_numpy()
        for p in (0.025, 0.5, 0.975):
            error = float(array_stats.mcse(draws, method="quantile", prob=p))
            assert abs(np.quantile(draws, p) - arm.distribution.ppf(p)) < 4 * error


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_probability_and_losses_are_exact(flat: xr.DataTree, outcome: str) -> None:
    """Rare events from 10,000 effective draws or more, by their exact sd for each draw."""
    control, treatment = posteriors(outcome, 1, 1)
    rate = flat["posterior"].to_dataset()[f"{OUTCOMES[outcome]}rate"]
    ess = min(q.ess_bulk for q in summarise(rate.to_dataset(name="rate")).values())
    assert ess >= 10_000
    better = prob_above(treatment, control)
    best = expectations("best", is_best(rate, "arm"))["best[gate_40]"].value
    assert abs(best - better) < 4 * np.sqrt(better * (1 - better) / ess)
    losses = expectations("loss", regret(rate, "arm"))
    for arm, pair in {"gate_30": (treatment, control), "gate_40": (control, treatment)}.items():
        mean, sd = expected_excess(*pair)
        assert abs(losses[f"loss[{arm}]"].value - mean) < 4 * sd / np.sqrt(ess), arm


def test_contrasts_are_with_the_first_arm(nuts: xr.DataTree) -> None:
    posterior = nuts["posterior"].to_dataset()
    control, treatment = posterior["rate"].sel(arm="gate_30"), posterior["rate"].sel(arm="gate_40")
    odds = treatment / (1 - treatment) * (1 - control) / control
    by_name: dict[str, np.ndarray] = {
        "difference": (treatment - control).to_numpy(),
        "log1p_relative_lift": np.log((treatment / control).to_numpy()),
        "log_odds_ratio": np.log(odds.to_numpy()),
    }
    for name, expected in by_name.items():
        found = posterior[name].sel(treatment="gate_40").to_numpy()
        assert found == pytest.approx(expected, abs=1e-12)


def test_pseudo_counts() -> None:
    assert pseudo_counts(0.5, 2) == {"alpha": 1.0, "beta": 1.0}


def test_many_arms_without_guardrail_and_without_conversions() -> None:
    """Four arms, one of which nobody converts in: rates exact, ratios finite on the log scale."""
    arms = pd.DataFrame(
        {"arm": list("abcd"), "visitors": [50, 60, 70, 80], "conversions": [5, 0, 9, 30]}
    )
    tree = refit(compile_nuts(conversion(arms)), {}, draws=2000, tune=1000, chains=4, seed=SEED)
    assert diagnose(tree).status is Status.PASS
    found = summarise(tree["posterior"].to_dataset())
    assert len(found) == 4 + 3 * 3
    for row in arms.itertuples():
        exact = BetaBinomial(row.visitors, row.conversions, 1, 4)
        q = found[f"rate[{row.arm}]"]
        assert q.mean == pytest.approx(exact.mean, abs=4 * (q.mcse_mean or 0))
    shown = original_scale(found)
    assert -1 < shown["relative_lift[b]"].lower < shown["relative_lift[b]"].upper < 0
    assert shown["odds_ratio[b]"].mean is None
    best = expectations("best", is_best(tree["posterior"].to_dataset()["rate"], "arm"))
    assert sum(p.value for p in best.values()) == pytest.approx(1)


def test_arms_that_are_alike_meet_their_exact_posterior() -> None:
    """Means of the rates and losses by NUTS against quadrature, within four Monte Carlo errors."""
    arms = pd.DataFrame(
        {"arm": list("ab"), "visitors": [600, 500], "conversions": [54, 60], "guardrail": [9, 0]}
    )
    nuts = compile_nuts(alike(arms, alpha=2.0, beta=9.0))
    for effect_sd in (0.05, 0.5):
        tree = refit(nuts, {"effect_sd": effect_sd}, draws=1000, tune=500, chains=4, seed=SEED)
        assert diagnose(tree).status is Status.PASS
        for prefix, events in {"": "conversions", "guardrail_": "guardrail"}.items():
            exact = known(arms.assign(conversions=arms[events]), 2, 9, effect_sd)
            rate = tree["posterior"].to_dataset()[f"{prefix}rate"]
            loss, mean = (
                expectations("of", of) for of in (regret(rate, "arm"), rate.astype(float))
            )
            for found, expected in ((loss, exact.loss), (mean, exact.mean)):
                for arm, value in expected.items():
                    one = found[f"of[{arm}]"]
                    assert one.value == pytest.approx(value, abs=4 * one.mcse), (effect_sd, arm)


def test_the_density_of_arms_that_are_alike_is_that_written_by_hand() -> None:
    model = alike(ARMS, alpha=2.0, beta=9.0, effect_sd=0.3)
    control, effect = np.array([0.2, 0.8]), np.array([0.1, -0.4])
    odds = control / (1 - control)
    by_hand = stats.beta(2, 9).logpdf(control).sum() + stats.norm(0, 0.3).logpdf(effect).sum()
    by_hand += np.log(control * (1 - control)).sum()  # of the way back from the log-odds
    for i, events in enumerate(("conversions", "guardrail")):
        other = odds[i] * np.exp(effect[i])
        p = [control[i], other / (1 + other)]
        by_hand += stats.binom(ARMS["visitors"], p).logpmf(ARMS[events]).sum()
    point = {
        f"{prefix}{name}": value
        for i, prefix in enumerate(("", "guardrail_"))
        for name, value in (
            ("control_rate_logodds__", np.log(odds[i])),
            ("log_odds_ratio", effect[[i]]),
        )
    }
    assert float(model.compile_fn(model.logp(), mode="FAST_COMPILE")(point)) == pytest.approx(
        by_hand, rel=1e-12
    )


def test_ordered_rows_have_the_evidence_as_it_came_in(tmp_path: Path) -> None:
    """The treatment is ahead at first and behind later: chosen early, and then no longer."""
    rng = np.random.default_rng(SEED)
    arm = np.tile(["control", "new"], 1500)
    early = np.arange(3000) < 800
    rate = np.where(arm == "control", 0.3, np.where(early, 0.45, 0.22))
    rows = pd.DataFrame({"arm": arm, "converted": rng.binomial(1, rate)})
    rows.to_csv(tmp_path / "rows.csv", index=False)
    options: dict[str, Any] = {"draws": 200, "quick": True, "quiet": True, "out": tmp_path}
    main(data=tmp_path / "rows.csv", ordered=True, **options)
    page = (tmp_path / "ab_test.html").read_text(encoding="utf-8")
    assert "What looking does: 500 simulated tests a row" in page
    assert "rows the rule said to choose new, and it says so no longer" in page
    main(data=tmp_path / "rows.csv", **options)
    assert "as it came in" not in (tmp_path / "ab_test.html").read_text(encoding="utf-8")
