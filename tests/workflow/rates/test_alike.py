"""Arms that are known to be alike: against a plain grid, weighted draws, limits that are known."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import expit, log_expit, logit

from tests.exact import BetaBinomial, expected_excess
from workflow.deciding.decision import UNDECIDED
from workflow.rates.alike import ANY, EFFECTS, known, known_by_effects, typical_gap, unknown

Counts = list[tuple[int, int]]
PAIRS: list[Counts] = [
    [(500, 50), (500, 57)],
    [(100, 0), (80, 3)],
    [(44_700, 4470), (45_489, 4300)],
    [(500, 10), (500, 300)],  # far apart: known to be alike, they are drawn together
]


def table(counts: Counts) -> pd.DataFrame:
    visitors, conversions = zip(*counts, strict=True)
    arms = pd.DataFrame({"arm": list("ABCD")[: len(counts)], "visitors": visitors})
    return arms.assign(conversions=conversions)


def on_a_grid(counts: Counts, effect_sd: float) -> np.ndarray:
    """Return both means and losses by a sum over 2,000 by 2,000 log-odds, under Beta(1, 4)."""
    (n0, y0), (n1, y1) = counts
    ends = [logit((y + end) / (n + 1)) for n, y in counts for end in (0.3, 0.7)]
    room = 8 / np.sqrt(min(y0, y1) + 0.5)
    x = np.linspace(min(ends) - room - 2, max(ends) + room, 2000)
    control = (y0 + 1) * log_expit(x) + (n0 - y0 + 4) * log_expit(-x)
    treatment = y1 * log_expit(x) + (n1 - y1) * log_expit(-x)
    log_p = control[:, None] + treatment - ((x - x[:, None]) / effect_sd) ** 2 / 2
    p = np.exp(log_p - log_p.max())
    p, rate = p / p.sum(), expit(x)
    means = np.array([p.sum(1) @ rate, p.sum(0) @ rate])
    return np.concatenate([means, (p * np.maximum(rate[:, None], rate)).sum() - means])


@pytest.mark.parametrize("effect_sd", [0.05, 0.3, 1.5])
@pytest.mark.parametrize("counts", PAIRS)
def test_two_arms_are_those_of_a_plain_grid(counts: Counts, effect_sd: float) -> None:
    found = known(table(counts), 1, 4, effect_sd)
    assert [*found.mean, *found.loss] == pytest.approx(
        on_a_grid(counts, effect_sd), rel=1e-4, abs=1e-5
    )


def test_three_arms_are_those_of_weighted_draws() -> None:
    """Within four Monte Carlo errors of 400,000 draws from the control's posterior and effects."""
    arms = table([(500, 50), (500, 57), (600, 70)])
    found = known(arms, 1, 4, 0.2)
    rng = np.random.default_rng(1)
    control = logit(rng.beta(51, 454, 400_000))
    others = expit(control[:, None] + rng.normal(0, 0.2, (400_000, 2)))
    weight = stats.binom([500, 600], others).pmf([57, 70]).prod(axis=1)
    rate = np.column_stack([expit(control), others])
    loss = rate.max(axis=1, keepdims=True) - rate
    for drawn, exact in ((rate, found.mean), (loss, found.loss)):
        mean = weight @ drawn / weight.sum()
        error = np.sqrt(np.square(weight[:, None] * (drawn - mean)).sum(axis=0)) / weight.sum()
        assert (np.abs(mean - exact) < 4 * error).all()


def test_nothing_known_is_what_independent_betas_are() -> None:
    (n0, y0), (n1, y1) = PAIRS[0]
    found = unknown(table(PAIRS[0]), 1, 4)
    control, treatment = BetaBinomial(n0, y0, 1, 4), BetaBinomial(n1, y1, 1, 4)
    assert list(found.mean) == pytest.approx([control.mean, treatment.mean], rel=1e-12)
    losses = [expected_excess(treatment, control)[0], expected_excess(control, treatment)[0]]
    assert list(found.loss) == pytest.approx(losses, abs=2e-7)


def test_the_less_is_known_of_effects_the_less_an_estimate_shrinks() -> None:
    found = list(known_by_effects(table(PAIRS[0]), 1, 4).values())
    assert [one.effect_sd for one in found] == [ANY, *EFFECTS]
    alone, *by_effect = (one.difference("B") for one in found)
    assert by_effect == sorted(by_effect)
    assert 0 < by_effect[0] < 0.1 * alone
    assert 0.8 * alone < by_effect[-1] < alone
    assert {one.decision(0.001) for one in found} == {UNDECIDED}
    assert found[0].decision(0.004) == "choose B"


def test_a_typical_gap_is_the_median_of_draws() -> None:
    """Of two independent Beta(1, 4) rates it is 14.0 points, not 13."""
    rng = np.random.default_rng(3)
    one, other = rng.beta(1, 4, (2, 10**6))
    assert typical_gap(1, 4) == pytest.approx(0.1400, abs=5e-5)
    near = expit(logit(one) + rng.normal(0, 0.1, 10**6))
    for exact, gap in (
        (typical_gap(1, 4), abs(one - other)),
        (typical_gap(1, 4, 0.1), abs(one - near)),
    ):
        assert abs((gap < exact).mean() - 0.5) < 4 * 0.5 / 1000
