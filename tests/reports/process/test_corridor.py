"""What the page says of a process: only what its numbers show, and a warning where it should."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.process_corridor import load
from reports.page.argument import Argument
from reports.process import corridor as words, drawn, tables
from workflow.checking.checks import StatisticCheck
from workflow.checking.status import Status
from workflow.process.capability import Capability
from workflow.process.conjugate import NOTHING, Known, summary_of
from workflow.process.limits import Limits
from workflow.process.stakes import ADJUST, MEASURE, RUN_ON, Stakes
from workflow.process.stretches import stretches
from workflow.quantities import INTERVAL, Quantity, Scalar

RINGS, LIMITS = load(), Limits(5.49, 5.79)
PRIOR = Known(5.64, 0.1, 0.05, 1.0)
AFTER = PRIOR.after(summary_of(RINGS))
NOTHING_ELSE = NOTHING.after(summary_of(RINGS))


def quantity(median: float) -> Quantity:
    about: dict[str, Any] = {"mean": median, "sd": 0.05, "mcse_mean": 0.001, "r_hat": 1.0}
    about |= {"lower": median - 0.1, "upper": median + 0.1, "interval": INTERVAL}
    about |= dict.fromkeys(("mcse_interval", "mcse_median", "mcse_lower", "mcse_upper"), 0.001)
    return Quantity(median=median, ess_bulk=4e3, ess_tail=4e3, **about)


def said(decision: str | None, *, prob: float = 0.04, normal: bool = True, **costs: float) -> str:
    stakes = Stakes(
        LIMITS, **({"outside": 10.0, "adjust": 20.0, "measure": 5.0} | costs), ahead=1000
    )
    exact, sure = stakes.exact(AFTER), Capability(LIMITS, AFTER).probabilities()
    measured = {"prob_cpk_above_1": Scalar(prob, 0.001)}
    return words.answer(decision, stakes, exact, measured, sure, quantity(0.85), normal=normal)


def warnings_of(argument: Argument) -> list[str]:
    return [one.text for one in argument.warnings]


def test_the_answer_has_its_numbers() -> None:
    told = said(ADJUST)
    assert told.startswith(
        "Adjust: of the next 1,000 pieces 6.51 are expected outside 5.49 to 5.79 as things are, "
        "2.53 with the mean in the middle; that costs 65.1, or 45.3 with the adjustment."
    )
    assert "Cpk is 0.850 (95% equal-tailed credible interval 0.750 to 0.950), above 1 with" in told
    assert said(None).startswith("Measure more: of")
    assert "spread" not in told


def test_what_is_not_normal_is_no_plain_answer() -> None:
    assert said(RUN_ON, normal=False).startswith("These pieces are not of one normal distribution")


def test_that_nothing_was_outside_proves_little() -> None:
    """None of 75: up to 4.8% by counting; and so it would be 60 times of 100 at .68%."""
    told = words.counted(RINGS, LIMITS, np.full(10, 0.006829))
    assert "0 of 75 outside says that the share is between 0.0% and 4.8%" in told
    assert f"with probability {(1 - 0.006829) ** 75:.1f}" in told
    some = words.counted(RINGS, Limits(5.52, 5.79), np.full(10, 0.01))
    assert "proves little" not in some
    assert f"{int((RINGS < 5.52).sum())} of 75 outside" in some
    assert "100.0%" in words.counted(RINGS, Limits(0, 1), np.full(10, 1.0))


@pytest.mark.parametrize(
    ("values", "begins"),
    [
        (RINGS, []),
        (RINGS + 1, ["Every value is outside 5.49 to 5.79."]),
        (RINGS.round(1), ["The values are coarse: they differ by 0.1 at least"]),
    ],
)
def test_warnings_of_the_data(values: pd.Series, begins: list[str]) -> None:
    argument = Argument()
    words.warn_of_data(argument, values, LIMITS)  # type: ignore[arg-type]
    for text, begin in zip(warnings_of(argument), begins, strict=True):
        assert text.startswith(begin)


def test_warnings_of_the_prior() -> None:
    """None where it hardly weighs; where it decides; where it holds the sd."""
    for prior, other, expected in (
        (PRIOR, ADJUST, []),
        (PRIOR, RUN_ON, ["The prior decides"]),
        (Known(5.64, 0.1, 0.2, 50.0), ADJUST, ["The prior holds the sd at"]),
    ):
        argument = Argument()
        after = prior.after(summary_of(RINGS))
        words.warn_of_prior(argument, ADJUST, prior, after, (NOTHING_ELSE, other))  # type: ignore[arg-type]
        for text, begin in zip(warnings_of(argument), expected, strict=True):
            assert text.startswith(begin)
    argument = Argument()
    words.warn_of_prior(argument, None, PRIOR, AFTER, (NOTHING_ELSE, RUN_ON))  # type: ignore[arg-type]
    assert warnings_of(argument) == []


def test_a_drift_is_warned_of_where_a_check_of_the_order_warns() -> None:
    found = stretches(RINGS, LIMITS, PRIOR)
    numbers = (0.0,) * 6
    checks = [StatisticCheck("trend", *numbers, status) for status in (Status.PASS, Status.WARN)]
    argument = Argument()
    words.warn_of_drift(argument, found, checks[:1])  # type: ignore[arg-type]
    words.warn_of_drift(argument, [], checks)  # type: ignore[arg-type]
    assert warnings_of(argument) == []
    words.warn_of_drift(argument, found, checks)  # type: ignore[arg-type]
    assert "pieces 61 to 75 alone have" in warnings_of(argument)[0]
    assert not words.not_normal(checks[:1])
    assert words.not_normal(checks)


def test_the_tables_have_the_exact_numbers_beside_the_others() -> None:
    stakes = Stakes(LIMITS, 10.0, 20.0, 5.0, 1000)
    exact = stakes.exact(AFTER)
    by_draws = {name: Scalar(value + 0.4, 0.5) for name, value in exact.items()}
    table = tables.options(ADJUST, stakes, by_draws, exact)
    assert [row[0] for row in table.rows] == [RUN_ON, ADJUST, MEASURE]
    assert [row[-1] for row in table.rows] == ["no", "yes", "no"]
    assert [row[1] for row in table.rows] == ["0.00651", "0.00253", "–"]
    assert [row[3] for row in table.rows] == ["65.11", "45.31", "48.69"]
    both = tables.priors(stakes, {"of this page": AFTER, "1 / sigma": NOTHING_ELSE})
    assert both.rows[1] == ("1 / sigma", "0.8499", "0.0799", "0.03165", "0.006829", ADJUST)
    assert len(tables.stretches(stretches(RINGS, LIMITS, PRIOR)).rows) == 5


def test_the_pictures_say_what_they_show() -> None:
    next_piece = drawn.picture(RINGS, AFTER, LIMITS)
    below = 100 * AFTER.next.cdf(5.49)
    assert f"{below:.2g}% is below the lower limit" in next_piece.alt
    order = drawn.in_order(RINGS, Limits(5.52, 5.79))
    assert f"{int((RINGS < 5.52).sum())} of them outside" in order.alt
    assert "<svg" in order.svg
