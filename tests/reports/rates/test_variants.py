"""What a bandit's answer says of a loss near the limit, and of a choice that is all but sure."""

import pytest

from reports.rates.variants import answer
from workflow.deciding.decision import UNDECIDED
from workflow.quantities import Scalar

BEST = {"prob_best[A]": 0.9, "prob_best[B]": 0.1}


@pytest.mark.parametrize(
    ("loss", "limit", "said"),
    [
        (Scalar(0.00104, 0.0003), 0.001, "1.04 clicks per 1,000"),  # not 1, where the limit is 1
        (Scalar(0.001, 0.0003), 0.0005, "1 click per 1,000"),
        (Scalar(0.0123, 0.0003), 0.001, "12 clicks per 1,000"),
    ],
)
def test_a_loss_above_the_limit_is_not_told_as_the_limit(
    loss: Scalar, limit: float, said: str
) -> None:
    losses = {"expected_loss[A]": loss, "expected_loss[B]": Scalar(0.1, 0.001)}
    assert said in answer(UNDECIDED, BEST, losses, limit)


def test_no_choice_is_certain() -> None:
    best = {"prob_best[A]": 0.99993, "prob_best[B]": 0.00007}
    losses = {"expected_loss[A]": Scalar(0.0, 1e-8), "expected_loss[B]": Scalar(0.1, 0.001)}
    found = answer("choose A", best, losses, 0.001)
    assert found.endswith("it is the best with probability > 0.999.")
