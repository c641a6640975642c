"""Sentences about a rate: the right side, the right numbers, and no claim that data do not bear."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from reports.rates import rates
from reports.rates.conflict import conflict
from reports.rates.flipping import flips
from tests.reports.regression.test_costs import report
from workflow.checking.checks import SATURATED, StatisticCheck
from workflow.checking.diagnostics import Status
from workflow.deciding.threshold import NOT_SHOWN, Rule
from workflow.quantities import INTERVAL, Quantity, Scalar
from workflow.rates.beta_binomial import Count
from workflow.rates.data_size import Size
from workflow.rates.one_rate import Opposed
from workflow.sensitivity.power import PowerScaling

RULE = Rule(0.485, 0.95)
BIRTHS = rates.words_of("girls", "births", shipped=True)
TRIALS = rates.words_of("events", "trials", shipped=False)
FLIP = [(1.0, "below 0.485"), (1194.6, NOT_SHOWN)]


def theta(lower: float = 0.415, median: float = 0.446, upper: float = 0.477) -> Quantity:
    return Quantity(
        mean=median,
        median=median,
        sd=0.0157,
        mcse_mean=4e-4,
        lower=lower,
        upper=upper,
        interval=INTERVAL,
        mcse_interval=9e-4,
        mcse_lower=9e-4,
        mcse_upper=9e-4,
        r_hat=1.0,
        ess_bulk=1700.0,
        ess_tail=2400.0,
        mcse_median=4e-4,
    )


def test_words() -> None:
    assert BIRTHS.group == "births with placenta previa"
    assert rates.words_of("girls", "births", shipped=False).group == "the births"
    assert (TRIALS.rate, TRIALS.group) == ("rate of events", "the trials")


def test_answer_below_names_what_would_change_it() -> None:
    said = rates.answer("below 0.485", RULE, Scalar(0.9924, 9e-4), theta(), BIRTHS, FLIP)
    assert said == (
        "Yes: the share of girls among births with placenta previa is below 0.485 with probability "
        "0.992, where 0.95 was asked for; it is 44.6% (95% equal-tailed credible interval 41.5% to "
        "47.7%). A prior centred on 0.485 would have to weigh about 1,190 births to change that."
    )


def test_answer_above_gives_the_probability_of_above() -> None:
    centred = [(1.0, "above 0.485")]
    said = rates.answer("above 0.485", RULE, Scalar(0.02, 9e-4), theta(), TRIALS, centred)
    assert said.startswith("No: the rate of events among the trials is above 0.485")
    assert "with probability 0.980" in said
    assert "would have to weigh" not in said


def test_answer_promises_no_flip_from_another_decision() -> None:
    """The changes begin with what a weak prior says, which a strong one may have overruled."""
    said = rates.answer("above 0.485", RULE, Scalar(0.02, 9e-4), theta(), TRIALS, FLIP)
    assert "would have to weigh" not in said


def test_answer_not_shown_promises_no_flip() -> None:
    said = rates.answer(NOT_SHOWN, RULE, Scalar(0.8, 0.01), theta(), TRIALS, FLIP)
    assert said.startswith("Not shown: the rate of events")
    assert "with probability 0.80, where 0.95 was asked for on either side" in said
    assert "would have to weigh" not in said


@pytest.mark.parametrize(
    ("below", "words"),
    [
        (0.502, "the probability 0.50, and so speaks for neither side before"),
        (0.7, "the probability 0.70, and so speaks for “below” before"),
        (0.2, "and so speaks for “above” before"),
    ],
)
def test_prior(below: float, words: str) -> None:
    said = rates.prior((0.485, 20), (0.275, 0.698), below, RULE, BIRTHS)
    assert "95% of it lies between 0.275 and 0.698" in said
    assert words in said


def test_flips() -> None:
    said = flips(FLIP, RULE, 980, BIRTHS)
    assert "“below 0.485” for weak priors and “not shown” from 1,190 births on" in said
    assert "1.2 times as much as the 980 births" in said
    assert "“not shown” at every strength" in flips([(1.0, NOT_SHOWN)], RULE, 980, BIRTHS)


def size(trials: int) -> Size:
    return Size(Count(trials // 2, trials), 0.4, 0.41, 0.02, {"below 0.485": 15}, ())


def test_enough() -> None:
    said = rates.enough(1301.1, [size(980), size(10_000)], 15, BIRTHS)
    assert "the same decision from about 1,300 births on" in said
    assert "at 10,000 births the posterior means still span 0.5 of a posterior sd" in said
    assert "do not come to one decision" in rates.enough(None, [size(980)], 15, BIRTHS)


def said_of(
    result: Status,
    diagnosis: Status,
    verdict: str,
    lower: float = 0.477,
    upper: float = 0.534,
    *,
    after: Status | str = SATURATED,
) -> str:
    check = StatisticCheck("share", 0.4459, 0.736, 0.8, 0.856, 1.0, 0.0, result)
    scaled = PowerScaling(pd.DataFrame({"diagnosis": [verdict]}), "")
    q = theta(lower, (lower + upper) / 2, upper)
    posterior = replace(check, result=after)
    return conflict(Opposed(0.8, 200, NOT_SHOWN, q, diagnosis, scaled, check, posterior))


def test_conflict_is_named_with_what_sees_it() -> None:
    said = said_of(Status.WARN, Status.PASS, "potential prior-data conflict")
    assert "in plain conflict: it predicts a rate of 0.736 to 0.856" in said
    assert "nothing breaks" in said
    assert "where neither the data nor the prior had put the rate" in said
    assert (
        "What sees the conflict: the prior predictive check, power-scaling (“potential prior-data "
        "conflict”); what does not: the posterior predictive check." in said
    )
    three = said_of(Status.WARN, Status.PASS, "conflict", after=Status.WARN)
    assert "check, the posterior predictive check, power-scaling (“conflict”)." in three


def test_conflict_claims_no_more_than_was_found() -> None:
    said = said_of(Status.WARN, Status.FAIL, "✓", 0.4, 0.5)
    assert "nothing breaks" not in said
    assert "diagnosis is FAIL" in said
    assert "neither the data nor" not in said
    assert "what does not: the posterior predictive check, power-scaling (“✓”)" in said
    none = said_of(Status.PASS, Status.PASS, "✓")
    assert "None of the checks sees a conflict" in none
    assert "not in plain conflict" in said_of(Status.PASS, Status.PASS, "✓")


def test_a_weak_prior_that_decides_otherwise_is_a_warning(tmp_path: Path) -> None:
    page = report(tmp_path)
    rates.warn_of_prior(page, {"a": "below 0.02"}, ("below 0.02", NOT_SHOWN))
    assert not page.warnings
    rates.warn_of_prior(page, {"the flat prior": NOT_SHOWN}, ("below 0.02",))
    assert page.warnings[0].text == (
        "The prior decides: under the flat prior the decision would be “not shown”."
    )


@pytest.mark.parametrize(
    ("value", "text"), [(5.514, "5.51"), (1194.6, "1,190"), (3e7, "30,000,000"), (4e9, "4.00e+09")]
)
def test_strength(value: float, text: str) -> None:
    assert rates.strength(value) == text
