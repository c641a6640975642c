"""The A/B model against closed form, quadrature and a hand-written density."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from arviz_stats.base import array_stats
from scipy import stats

from data.ab_test import load
from models.ab_test import OUTCOMES, conversion, pseudo_counts
from tests.conftest import SEED
from tests.exact import BetaBinomial, difference, expected_excess, prob_above
from workflow.checking.diagnostics import Status, diagnose
from workflow.deciding.decision import is_best, regret
from workflow.quantities import expectations, original_scale, summarise
from workflow.sampling.fit import compile_nuts, refit

ARMS = load()


def posteriors(outcome: str) -> list[BetaBinomial]:
    return [BetaBinomial(int(row["visitors"]), int(row[outcome])) for _, row in ARMS.iterrows()]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_rates_and_difference_are_exact(flat: xr.DataTree, outcome: str) -> None:
    """Mean, sd and interval ends within 4 of their own Monte Carlo errors."""
    prefix, arms = OUTCOMES[outcome], posteriors(outcome)
    posterior = flat["posterior"].to_dataset()
    exact = {f"{prefix}rate": [(arm.mean, arm.sd) for arm in arms]}
    exact[f"{prefix}difference"] = [difference(arms[1], arms[0])]
    for name, moments in exact.items():
        for i, (mean, sd) in enumerate(moments):
            draws = posterior[name][..., i].to_numpy()
            error = {m: float(array_stats.mcse(draws, method=m)) for m in ("mean", "sd")}
            assert abs(draws.mean() - mean) < 4 * error["mean"], name
            assert abs(draws.std(ddof=1) - sd) < 4 * error["sd"], name
    for i, arm in enumerate(arms):
        draws = posterior[f"{prefix}rate"][..., i].to_numpy()
        for p in (0.025, 0.5, 0.975):
            error_p = float(array_stats.mcse(draws, method="quantile", prob=p))
            assert abs(np.quantile(draws, p) - arm.distribution.ppf(p)) < 4 * error_p


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_probability_and_losses_are_exact(flat: xr.DataTree, outcome: str) -> None:
    """Rare events from 10,000 effective draws or more, by their exact sd for each draw."""
    control, treatment = posteriors(outcome)
    rate = flat["posterior"].to_dataset()[f"{OUTCOMES[outcome]}rate"]
    found = summarise(rate.to_dataset(name="rate"))
    ess = min(q.ess_bulk for q in found.values())
    assert ess >= 10_000
    better = prob_above(treatment, control)
    best = expectations("best", is_best(rate, "arm"))["best[gate_40]"].value
    assert abs(best - better) < 4 * np.sqrt(better * (1 - better) / ess)
    losses = expectations("loss", regret(rate, "arm"))
    for arm, pair in {"gate_30": (treatment, control), "gate_40": (control, treatment)}.items():
        mean, sd = expected_excess(*pair)
        assert abs(losses[f"loss[{arm}]"].value - mean) < 4 * sd / np.sqrt(ess), arm


def test_density_is_the_one_written_by_hand() -> None:
    arms = pd.DataFrame({"arm": ["a", "b"], "visitors": [20, 30], "conversions": [3, 0]})
    model = conversion(arms, alpha=2, beta=5)
    rate = np.array([0.2, 0.03])
    by_hand = (
        stats.binom([20, 30], rate).logpmf([3, 0]).sum()
        + stats.beta(2, 5).logpdf(rate).sum()
        + np.log(rate * (1 - rate)).sum()  # the Jacobian of the logit
    )
    log_p = model.compile_logp()({"rate_logodds__": np.log(rate / (1 - rate))})
    assert float(log_p) == pytest.approx(by_hand, abs=1e-9)


def test_contrasts_are_with_the_first_arm(nuts: xr.DataTree) -> None:
    posterior = nuts["posterior"].to_dataset()
    control, treatment = posterior["rate"].sel(arm="gate_30"), posterior["rate"].sel(arm="gate_40")
    odds = treatment / (1 - treatment) * (1 - control) / control
    by_name: dict[str, np.ndarray] = {
        "difference": (treatment - control).to_numpy(),
        "log1p_relative_lift": np.log(treatment / control),
        "log_odds_ratio": np.log(odds),
    }
    for name, expected in by_name.items():
        assert posterior[name].sel(treatment="gate_40").to_numpy() == pytest.approx(
            np.asarray(expected), abs=1e-12
        )


def test_pseudo_counts() -> None:
    assert pseudo_counts(0.5, 2) == {"alpha": 1.0, "beta": 1.0}


def test_many_arms_without_guardrail_and_without_conversions() -> None:
    """Four arms, one of which nobody converts in: rates exact, ratios finite on the log scale."""
    arms = pd.DataFrame(
        {"arm": list("abcd"), "visitors": [50, 60, 70, 80], "conversions": [5, 0, 9, 30]}
    )
    compiled = compile_nuts(conversion(arms))
    tree = refit(compiled, {}, draws=2000, tune=1000, chains=4, seed=SEED)
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
