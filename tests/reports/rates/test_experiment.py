"""The first sentence: the right arm, the right numbers, and nobody recommended who is at risk."""

import pytest

from reports.page.page import Report
from reports.rates.experiment import Words, warn_of_limits
from reports.rates.options import answer
from workflow.deciding.decision import UNDECIDED
from workflow.quantities import INTERVAL, Quantity, Scalar

WORDS = Words()


def difference(middle: float) -> Quantity:
    ends = {"lower": middle - 0.01, "upper": middle + 0.01}
    draws = {"r_hat": 1.0, "ess_bulk": 4000.0, "ess_tail": 4000.0}
    return Quantity(
        mean=middle,
        median=middle,
        sd=0.005,
        mcse_mean=1e-4,
        interval=INTERVAL,
        mcse_interval=2e-4,
        mcse_lower=2e-4,
        mcse_upper=2e-4,
        mcse_median=1e-4,
        **ends,
        **draws,
    )


FOUND = {"difference[B]": difference(0.02), "difference[C]": difference(-0.03)}


def losses(**values: float) -> dict[str, Scalar]:
    return {f"expected_loss[{arm}]": Scalar(value, 1e-6) for arm, value in values.items()}


def test_a_treatment_is_chosen() -> None:
    loss = losses(A=0.02, B=0.0002, C=0.05)
    said = answer("choose B", "A", FOUND, loss, {}, WORDS, 0.001, 1)
    assert said == (
        "Choose B: B converts 2.00 percentage points more visitors (95% equal-tailed credible "
        "interval 1.0 to 3.0) than A, and the choice is expected to give away 0.20 conversions "
        "per 1,000 visitors, where the limit is 1."
    )


def test_the_control_is_held_against_its_rival() -> None:
    """The rival is the best of the other arms, whatever their order."""
    loss = losses(A=0.0002, C=0.05, B=0.03)
    said = answer("choose A", "A", FOUND, loss, {}, WORDS, 0.001, 1)
    assert said.startswith("Choose A, the control: B converts 2.00 percentage points more visitors")


@pytest.mark.parametrize("at_risk", [set(), {"C"}])
def test_others_would_do_unless_the_guardrail_objects(at_risk: set[str]) -> None:
    loss = losses(A=0.02, B=0.0002, C=0.0005)
    worse = {f"prob_worse[{arm}]": Scalar(0.99, 1e-3) for arm in at_risk}
    said = answer("choose B", "A", FOUND, loss, worse, WORDS, 0.001, 1)
    assert ("C would do as well" in said) == (not at_risk)


def test_undecided_names_the_loss() -> None:
    loss = losses(A=0.02, B=0.0052, C=0.05)
    said = answer(UNDECIDED, "A", FOUND, loss, {}, WORDS, 0.001, 1)
    assert said.startswith("The data do not decide yet: the best choice, B, is still expected")
    assert "5.20 conversions per 1,000 visitors, and the limit is 1." in said


def test_an_arm_ahead_by_the_prior_alone_is_named_so() -> None:
    """0 of 100 against 0 of 1,000: the loss of B is below the limit, and yet nothing is chosen."""
    loss = losses(A=0.009, B=0.0001)
    said = answer(UNDECIDED, "A", FOUND, loss, {}, WORDS, 0.001, 1)
    assert said.startswith("The data do not decide yet: B is ahead only because fewer visitors")


def test_the_sentence_is_of_the_arm_that_is_chosen() -> None:
    """C has the least loss, as fewer saw it; A and B are as good, and B has the higher rate."""
    loss = losses(A=0.0004, B=0.0003, C=0.0002)
    said = answer("choose B", "A", FOUND, loss, {}, WORDS, 0.001, 1)
    assert said.startswith("Choose B: B converts 2.00 percentage points more visitors")
    assert "give away 0.30 conversions" in said


def warnings(loss: dict[str, Scalar], limit: float, control_rate: float) -> list[str]:
    report = Report.__new__(Report)
    report.warnings = []
    warn_of_limits(report, loss, limit, control_rate)
    return [warning.text for warning in report.warnings]


def test_limits_are_warned_of() -> None:
    assert warnings(losses(A=0.0002, B=0.01), 0.001, 0.2) == []
    assert "5% of the control's rate" in warnings(losses(A=0.0002), 0.001, 0.01)[0]
    assert "more than 5%" in warnings(losses(A=0.0002), 0.001, 0.0)[0]
    assert "Monte Carlo error of the limit" in warnings(losses(A=0.001), 0.001, 0.2)[0]


def test_arms_that_are_not_filled_as_planned_come_first() -> None:
    loss = {"A": Scalar(0.004, 1e-5), "B": Scalar(0.0001, 1e-6)}
    loss = {f"expected_loss[{arm}]": one for arm, one in loss.items()}
    said = answer("choose B", "A", FOUND, loss, {}, WORDS, 0.001, 1e-6)
    assert said.startswith(
        "B is ahead, but find out first why the arms are not filled as planned: "
    )
    assert "Choose" not in said
