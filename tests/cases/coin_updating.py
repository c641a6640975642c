"""One rate learned trial by trial: its posterior is a Beta distribution after every trial.

Small has 4 flips and the prior Beta(2, 4). Without its Jacobian a Beta prior has one pseudo-count
less on either side, which moves the mean of one that is not symmetric: of a symmetric one only the
sd grows, and among 100 replicates hardly one study in ten sees it.
"""

import json
import math
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
from scipy import integrate, stats

from analyses.coin_updating import main
from data.coin_updating import load
from models.coin_updating import coin
from tests.calibration.mutants import Mutant, replaced, with_twice_the_sd, without_jacobian
from tests.conftest import SEED
from workflow.calibrating.sbc import Data
from workflow.rates.fairness import GO_ON, Fairness
from workflow.rates.looking import SIMULATED, look, looked_at
from workflow.rates.sequence import longest_run
from workflow.rates.updating import Course, log_bayes_factor

FLIPS = load()
PRIORS = [
    {"alpha": 1.0, "beta": 5.0, "heads_before": 3.0, "tails_before": 40.0},
    {"alpha": 20.0, "beta": 0.7},
]
RULE = Fairness("heads", 0.05, 0.95)
# After so many flips: heads, MLE, MAP, posterior mean under Beta(2, 2), Bayes factor.
KNOWN = {
    1: (1, 1.0, 0.6667, 0.6, 1.0),
    5: (3, 0.6, 0.5714, 0.5556, 0.5333),
    10: (6, 0.6, 0.5833, 0.5714, 0.4433),
    25: (19, 0.76, 0.7407, 0.7241, 7.287),
    50: (39, 0.78, 0.7692, 0.7593, 591.0),
    100: (70, 0.7, 0.6961, 0.6923, 427.3),
}


def shipped(**knobs: float) -> pm.Model:
    return coin(FLIPS, **knobs)


def small(**knobs: float) -> pm.Model:
    return coin(pd.Series([0] * 4, index=range(4), name="heads"), **{"beta": 4.0} | knobs)


def log_density(
    rate: Any,
    *,
    alpha: float = 2.0,
    beta: float = 2.0,
    heads_before: float = 0.0,
    tails_before: float = 0.0,
) -> float:
    """Of each flip by itself."""
    prior = stats.beta(alpha + heads_before, beta + tails_before).logpdf(rate)
    return float(prior + stats.bernoulli(rate).logpmf(FLIPS.to_numpy()).sum())


def reference(
    *, alpha: float = 2.0, beta: float = 2.0, heads_before: float = 0.0, tails_before: float = 0.0
) -> dict[str, tuple[float, ...]]:
    """Exact: rate is Beta(alpha + all heads, beta + all tails), earlier ones among them."""
    heads = int(FLIPS.sum())
    exact = stats.beta(alpha + heads_before + heads, beta + tails_before + len(FLIPS) - heads)
    return {"rate": (float(exact.mean()), float(exact.std()), 0.0, 0.0)}


def wide_prior() -> Mutant:
    alpha, beta = with_twice_the_sd(2, 4)
    return replaced(f"prior Beta({alpha:g}, {beta:g}), with twice the sd", alpha=alpha, beta=beta)


def wrong_likelihood() -> Mutant:
    def change(data: Data) -> Data:
        return data | {"heads_data": np.maximum.accumulate(data["heads_data"])}

    return Mutant("after the first head every flip is taken for one", change=change)


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logit of the rate", without_jacobian(small(), "rate"))


def test_the_checkpoints_are_the_known_numbers() -> None:
    course = Course(FLIPS.to_numpy(), 2, 2)
    for one in course.checkpoints():
        found = (one.heads, one.mle, one.map, one.mean, one.told()["bayes_factor_10"])
        assert found == pytest.approx(KNOWN[one.n], abs=6e-5, rel=2e-4), one.n
    last = course.checkpoints()[-1]
    assert last.prob_above_half == pytest.approx(0.9999670, abs=6e-8)
    few = stats.beta(*(x[-1] for x in Course(np.repeat([1, 0], [3, 7]), 2, 2).posterior))
    assert [few.mean(), few.std(), *few.ppf([0.025, 0.975])] == pytest.approx(
        [0.35714, 0.12372, 0.13858, 0.61426], abs=6e-6
    )
    more = stats.beta(*(x[-1] for x in Course(np.repeat([1, 0], [30, 70]), 2, 2).posterior))
    assert [more.mean(), more.std()] == pytest.approx([0.30769, 0.04504], abs=6e-6)


def test_the_bayes_factor_is_a_ratio_of_integrals() -> None:
    for heads, tails in ((0, 1), (3, 7), (70, 30)):
        top = integrate.quad(lambda p, h=heads, t=tails: p**h * (1 - p) ** t, 0, 1)[0]
        expected = math.log(top / 0.5 ** (heads + tails))
        assert float(log_bayes_factor(heads, tails)) == pytest.approx(expected, abs=1e-9)


def test_batches_come_to_what_all_at_once_does() -> None:
    """And so do counts that are told as earlier ones: to 1e-12, and for every cut."""
    y = FLIPS.to_numpy()
    course = Course(y, 2, 2)
    whole = [float(one[-1]) for one in course.posterior]
    assert list(course.batches()[-1][2:]) == pytest.approx(whole, rel=1e-12)
    for cut in (1, 40, 99):
        heads = float(y[:cut].sum())
        rest = Course(y[cut:], 2, 2, (heads, cut - heads))
        assert [float(one[-1]) for one in rest.posterior] == pytest.approx(whole, rel=1e-12)
        assert rest.log_bayes_factor[-1] == pytest.approx(course.log_bayes_factor[-1], rel=1e-12)
        assert rest.observed[-1] == pytest.approx(0.7)
        assert rest.decision_under(RULE, alpha=2, beta=2) == RULE.exact(*whole)


def exactly_wrong(n: int, rule: Fairness, prior: tuple[float, float]) -> float:
    """Return how often a fair coin is called biased at some look, by following every path.

    Paths that decided are taken out; those that go on are counted by their heads.
    """
    going, wrong = {0: 1.0}, 0.0
    for i in range(1, n + 1):
        moved: dict[int, float] = {}
        for (heads, p), more in product(going.items(), (0, 1)):
            moved[heads + more] = moved.get(heads + more, 0.0) + p / 2
        going = {}
        for heads, p in moved.items():
            decided = rule.exact(prior[0] + heads, prior[1] + i - heads)
            if decided == GO_ON:
                going[heads] = p
            wrong += p * (decided in (rule.sides[0], rule.sides[2]))
    return wrong


def test_what_looking_does_is_what_every_path_adds_up_to() -> None:
    found = look(60, np.full(SIMULATED, 0.5), RULE, (2, 2), seed=SEED)
    expected = exactly_wrong(60, RULE, (2, 2))
    error = math.sqrt(expected * (1 - expected) / SIMULATED)
    assert abs(found.wrong.value - expected) < 4 * error
    heads = np.arange(61)
    decided = RULE.decisions(2 + heads, 62 - heads)
    once = float(stats.binom(60, 0.5).pmf(heads)[(decided == 0) | (decided == 2)].sum())
    assert abs(found.wrong_at_end.value - once) < 4 * math.sqrt(once * (1 - once) / SIMULATED)
    assert expected > 5 * once
    low, high = found.wrong.interval
    assert low < found.wrong.value < high


def test_looks_of_long_sequences_are_evenly_spaced() -> None:
    assert looked_at(3).tolist() == [1, 2, 3]
    many = looked_at(10**6)
    assert (len(many), many[0], many[-1]) == (200, 1, 10**6)


@pytest.mark.parametrize(
    ("y", "decision"),
    [
        ([1, 0] * 1000, "practically fair"),
        ([1, 0, 0, 0] * 60, "biased against heads"),
        ([1], GO_ON),
    ],
)
def test_the_rule(y: list[int], decision: str) -> None:
    a, b = (float(one[-1]) for one in Course(np.array(y), 2, 2).posterior)
    assert RULE.exact(a, b) == decision
    assert sum(RULE.probabilities(a, b)) == pytest.approx(1, abs=1e-12)


def test_a_side_is_decided_from_the_probability_asked_for_on() -> None:
    """At the exact P(rate > .55), a millionth on either side of what is asked for."""
    above = float(stats.beta(63, 39).sf(0.55))
    for sure, decision in ((above - 1e-6, "biased towards heads"), (above + 1e-6, GO_ON)):
        assert Fairness("heads", 0.05, sure).exact(63, 39) == decision


def test_the_longest_run_is_counted() -> None:
    y = np.array([[0, 1, 1, 1, 0, 0], [1, 0, 1, 0, 1, 0], [1, 1, 1, 1, 1, 1]])
    assert longest_run(y).tolist() == [3, 1, 6]


def run(tmp_path: Any, flips: np.ndarray, **options: Any) -> dict[str, Any]:
    """Return the summary of a quick page of some flips."""
    path = tmp_path / "flips.csv"
    path.write_text("\n".join(["heads", *map(str, flips)]), encoding="utf-8")
    main(data=path, out=tmp_path, draws=300, quick=True, quiet=True, seed=SEED, **options)
    found: dict[str, Any] = json.loads((tmp_path / "coin_updating.json").read_text("utf-8"))
    return found


def test_runs_and_drifts_warn(tmp_path: Any) -> None:
    """Seventy of a hundred flips are heads: in runs, and more and more often."""
    runs = run(tmp_path, np.repeat([1, 0, 1, 0, 1], [30, 15, 25, 15, 15]))
    assert "not those of one constant rate" in " ".join(runs["warnings"])
    drift = np.random.default_rng(SEED).binomial(1, np.linspace(0.3, 0.99, 200))
    assert "not those of one constant rate" in " ".join(run(tmp_path, drift)["warnings"])
    sound = run(tmp_path, FLIPS.to_numpy())
    assert "not those of one constant rate" not in " ".join(sound["warnings"])


def test_stopping_at_the_first_decision_warns(tmp_path: Any) -> None:
    found = run(tmp_path, FLIPS.to_numpy()[:23])
    assert found["decision"] == "biased towards heads"
    assert "The data end soon after the rule is first met" in " ".join(found["warnings"])
