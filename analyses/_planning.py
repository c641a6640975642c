"""Plans: the size at which a case's own rule decides often enough, as a page and a sentence."""

import shlex
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import typer

from analyses import UNWRITABLE
from analyses._numbers import proportions
from reports.publishing.files import OutputError, check_writable
from reports.rates import planned as words
from reports.terminal.progress import tell
from workflow.checking.status import Status
from workflow.deciding.threshold import Rule
from workflow.rates import planning
from workflow.rates.fairness import Fairness
from workflow.rates.planning import Size
from workflow.rates.ratio import Ratio

MOST_KINDS = 20
MORE = (0.5, 0.8, 0.9)  # probabilities of deciding that are told beside the one that is asked for


def of_arms(
    baseline: float,
    lift: float | None,
    effect_sd: float,
    arms: int,
    max_loss: float,
    alpha: float,
    beta: float,
    share: float,
    seed: int,
    out: Path,
) -> int:
    """Plan a test of arms by simulation; return the exit code."""
    if lift is not None and not 0 < baseline + lift < 1:
        raise typer.BadParameter(f"--lift {lift:g}: {baseline + lift:g} is no rate")
    if lift == 0:
        raise typer.BadParameter("--lift 0: arms that are alike; name the difference to plan for")
    rates = planning.rates_of(baseline, arms, lift, effect_sd, seed=seed)
    size = partial(planning.of_arms, rates=rates, limit=max_loss, alpha=alpha, beta=beta, seed=seed)
    what = (
        f"if one arm has {baseline + lift:g} and the control {baseline:g}"
        if lift is not None
        else f"if the log-odds of the arms differ from the control's, {baseline:g}, by an sd of "
        f"{effect_sd:g}"
    )
    rule = (
        f"A test decides once the expected loss of an arm is below {max_loss:g} (--max-loss). "
        "Losses are exact for every simulated test; the rule is that of ab_test, with its prior "
        f"Beta({alpha:g}, {beta:g})."
    )
    question = "How many visitors does a test need until it decides?"
    return _write("plan_ab_test", size, share, "visitors an arm", what, rule, question, out)


def of_fairness(
    rate: float | None, rope: float, sure: float, alpha: float, beta: float, share: float, out: Path
) -> int:
    """Plan the trials of one rate that may be one half, exactly; return the exit code."""
    fair = Fairness("the event", rope, sure)

    def decided(k: np.ndarray, n: int) -> np.ndarray:
        return fair.decisions(alpha + k, beta + n - k)

    def truth(p: float) -> int:
        low, high = fair.range
        return 0 if p < low else 2 if p > high else 1

    low, high = fair.range
    rule = (
        f"A study decides once the rate is between {low:g} and {high:g} (--rope), or beyond that "
        f"on one side, with probability {sure:g} (--sure) under the prior Beta({alpha:g}, "
        f"{beta:g}); asked once, at its end."
    )
    question = "How many trials until a rate is called fair or biased?"
    size = _of_rate(decided, truth, rate, alpha, beta)
    return _write("plan_coin_updating", size, share, "trials", _what(rate), rule, question, out)


def of_side(
    reference: float,
    rate: float | None,
    sure: float,
    prior_mean: float | None,
    prior_strength: float,
    share: float,
    out: Path,
) -> int:
    """Plan the trials of one rate beside a reference, exactly; return the exit code."""
    rule, mean = Rule(reference, sure), reference if prior_mean is None else prior_mean
    alpha, beta = mean * prior_strength, (1 - mean) * prior_strength

    def decided(k: np.ndarray, n: int) -> np.ndarray:
        below = planning.stats.beta.cdf(reference, alpha + k, beta + n - k)
        return np.where(below >= rule.sure, 0, np.where(below <= 1 - rule.sure, 1, -1))

    told = (
        f"A study decides once a side of {reference:g} has probability {sure:g} (--sure) under the "
        f"prior of mean {mean:g} that weighs {prior_strength:g} trials; asked once, at its end."
    )
    question = f"How many trials until a side of {reference:g} is shown?"
    size = _of_rate(decided, lambda p: int(p > reference), rate, alpha, beta)
    return _write("plan_prior_sensitivity", size, share, "trials", _what(rate), told, question, out)


def of_shares(
    expected: str,
    true: str | None,
    rope: float,
    sure: float,
    evidence: float,
    concentration: float,
    share: float,
    seed: int,
    out: Path,
) -> int:
    """Plan the observations of kinds by simulation; return the exit code."""
    kinds = expected.count(":") + 1
    if not 2 <= kinds <= MOST_KINDS:
        raise typer.BadParameter(
            f"--expected {expected}: not 2 to {MOST_KINDS} shares", param_hint=""
        )
    wanted = np.array(proportions(expected, kinds))
    ratio = Ratio(tuple(map(str, range(kinds))), wanted / wanted.sum(), rope, sure, evidence)
    if true is None:
        weights = np.full(kinds, concentration)
        shares = np.random.default_rng(seed).dirichlet(weights, planning.TESTS)
    else:
        stated = np.array(proportions(true, kinds))
        shares = np.tile(stated / stated.sum(), (planning.TESTS, 1))
    size = partial(
        planning.of_shares, shares=shares, ratio=ratio, concentration=concentration, seed=seed
    )
    what = f"if the shares are {true}" if true else "over all shares that the prior allows"
    rule = (
        f"Shares stand as expected, {expected}, once all are within {rope:g} (--rope) and within "
        f"half of the expected with probability {sure:g} (--sure), and the Bayes factor is "
        f"{evidence:g} (--evidence); they do not once one is beyond that with that probability, "
        "and the Bayes factor is as much against. The rule is that of mendel_shares, asked once."
    )
    question = f"How many observations until it is known whether shares stand {expected}?"
    return _write("plan_mendel_shares", size, share, "observations", what, rule, question, out)


def _of_rate(
    decided: Callable[[np.ndarray, int], np.ndarray],
    truth: Callable[[float], int],
    rate: float | None,
    alpha: float,
    beta: float,
) -> Callable[[int], Size]:
    def at(n: int, p: float) -> Size:
        return planning.of_one_rate(n, decided, truth(p), p)

    if rate is None:
        return partial(planning.averaged, size=at, alpha=alpha, beta=beta)
    return lambda n: at(n, rate)


def _what(rate: float | None) -> str:
    return f"at a rate of {rate:g}" if rate is not None else "over all rates that the prior allows"


def _write(
    name: str,
    size: Callable[[int], Size],
    share: float,
    trials: str,
    what: str,
    rule: str,
    question: str,
    out: Path,
) -> int:
    """Find the size, write the page, and print the answer; return the exit code."""
    start = time.perf_counter()
    try:
        check_writable(out)
        plan = planning.plan(size, share)
        found = [
            (one, plan.enough if one == share else planning.enough(plan, size, one))
            for one in sorted({*MORE, share})
        ]
        command = shlex.join(["casebook", *sys.argv[1:]])
        page = words.page(name, plan, found, trials, what, command, rule=rule, question=question)
        numbers = {"sizes": plan.sizes, "share": share, "enough": dict(found)}
        page.save(out, [Status.PASS], numbers, time.perf_counter() - start)
    except OutputError as error:
        sys.stderr.write(f"{error}\n")
        return UNWRITABLE
    sys.stderr.write(f"page {(out / name).resolve()}.html\n")
    tell(words.answer(plan, trials, what))
    return 0
