"""A check that warns stands behind the picture that shows it, with advice of its own kind."""

from dataclasses import replace

import numpy as np
import pytest

from reports.blocks.blocks import Figure
from reports.regression import fitted
from workflow.checking.checks import StatisticCheck
from workflow.checking.status import Status
from workflow.regression.left_over import Panel
from workflow.regression.pictured import Binned, Overlay, Pit
from workflow.regression.residuals import BEND, SCATTER

LINE = np.linspace(0, 1, 20), np.ones(20)
AT = np.linspace(0, 1, 5)
PANEL = Panel("fitted value", AT, AT, AT, 0 * AT, 0 * AT + 1, 0 * AT + 1)
PIT = Pit(AT, 0 * AT, 0 * AT - 0.1, 0 * AT + 0.1, 5, 5, 1.0, 0.5)
CHECK = StatisticCheck("", 1, 0, 0, 0, 0.0, 0.0, Status.WARN, "as the table says")
ALONG = {BEND: "the age", SCATTER: "x"}


def told(*names: str, logged: bool = False) -> list:
    checks = [replace(CHECK, statistic=name) for name in names]
    shape = Overlay(LINE, [LINE])
    return fitted.blocks(shape, PIT, [PANEL], checks, ALONG, "y", columns=1, logged=logged)


def test_warnings_stand_behind_their_pictures() -> None:
    blocks = told("residuals: skewness", f"{BEND} (largest)")
    kinds = ["figure" if isinstance(one, Figure) else one[:4] for one in blocks]
    assert kinds == ["figure", "WARN", "figure", "The ", "figure", "WARN"]
    assert "I(`the age`**2)" in blocks[-1]
    assert "robust_regression" in blocks[1]


def test_nothing_is_said_of_checks_that_pass() -> None:
    passed = replace(CHECK, statistic="residuals: skewness", result=Status.PASS)
    blocks = fitted.blocks(
        Overlay(LINE, [LINE]), PIT, [PANEL], [passed], ALONG, "y", columns=1, logged=False
    )
    assert not any(isinstance(one, str) and "WARN" in one for one in blocks)


@pytest.mark.parametrize(
    ("statistic", "p", "advice"),
    [
        ("residuals: size against prediction (correlation)", 0.0, "log(y) ~"),
        ("residuals: size against prediction (correlation)", 1.0, "another transformation"),
        (f"{SCATTER} (largest correlation)", 0.0, "along x: if y is above 0"),
        ("residuals: excess kurtosis", 0.0, "robust_regression"),
        ("residuals: excess kurtosis", 1.0, "bounds"),
        ("residuals: against the row before (correlation)", 0.0, "a trend"),
        ("residuals: against prediction squared (correlation)", 0.0, "**2)"),
        ("sd of y", 0.0, "as the table says"),
    ],
)
def test_advice_is_of_its_own_kind(statistic: str, p: float, advice: str) -> None:
    one = replace(CHECK, statistic=statistic, p=p)
    assert advice in fitted.remedy(one, ALONG, "y", logged=False)


def test_a_logarithm_is_not_told_to_become_one() -> None:
    assert "already" in told("residuals: size against prediction", logged=True)[-1]


def test_a_pit_that_leaves_the_band_says_how() -> None:
    for spread, middle, said in (
        (1.6, 0.5, "too narrow"),
        (0.5, 0.5, "too wide"),
        (1.0, 0.7, "too low"),
        (1.0, 0.3, "too high"),
    ):
        out = replace(PIT, difference=0 * AT + 0.2, spread=spread, middle=middle)
        assert said in fitted._of_pit(out)


def test_shares_have_no_pit() -> None:
    shares = Binned(AT, AT, AT - 0.1, AT + 0.1, 0 * AT + 10)
    blocks = fitted.blocks(shares, None, [PANEL], [], {}, "y", columns=8, logged=False)
    assert len(blocks) == 2
    assert isinstance(blocks[0], Figure)
    assert "0 of 5" in blocks[0].alt
