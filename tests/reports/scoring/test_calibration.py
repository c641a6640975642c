"""The reliability diagram and the table of scores say what the numbers say."""

import math
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from reports.blocks.blocks import Table
from reports.scoring import calibration as drawn
from workflow.scoring.calibration import reliability
from workflow.scoring.scored import score

RNG = np.random.default_rng(3)
P = RNG.uniform(0.01, 0.99, 300)
Y = RNG.binomial(1, P)
SURE = 1 / (1 + ((1 - P) / P) ** 4)  # the same ranking, far too sure


def table() -> Table:
    return drawn.scores("c", score(Y, {"honest": P, "sure": SURE, "zero": np.where(Y, 0.0, P)}))


@pytest.mark.parametrize("scale", ["linear", "logit"])
def test_diagram_is_well_formed_and_says_what_it_shows(scale: str) -> None:
    found = {"honest": reliability(Y, P, seed=1), "sure": reliability(Y, SURE, seed=1)}
    figure = drawn.reliability("r", found, event="x <b>", caption="c", scale=scale)  # type: ignore[arg-type]
    ET.fromstring(str(figure.svg))
    assert len(figure.svg) < 400_000
    assert "of 300 cases" in figure.alt
    again = drawn.reliability("r", found, event="x <b>", caption="c", scale=scale)  # type: ignore[arg-type]
    assert again.svg == figure.svg
    honest, sure = figure.alt.split("; ")
    assert " 0 lie where the observed rate is above" in honest
    assert " 0 lie where the observed rate is above" not in sure


def test_probabilities_of_0_and_1_can_be_drawn() -> None:
    one = reliability([0, 1, 1, 0], [0.0, 1.0, 1.0, 0.0], seed=1)
    figure = drawn.reliability("r", {"all": one}, event="x", caption="c", scale="logit")
    ET.fromstring(str(figure.svg))


def test_table_compares_with_the_first() -> None:
    honest, sure, zero = table().rows
    assert honest[2] == "–"
    assert str(sure[2]).startswith("+")
    assert zero[1] == zero[2].replace("+", "") == "∞"  # type: ignore[union-attr]
    assert zero[-1] == "none"
    assert float(str(sure[-1]).split(" ± ")[0]) == pytest.approx(0.25, abs=0.06)
    assert str(sure[0]) == "sure"


def test_columns_add_up() -> None:
    for row in table().rows:
        brier = float(str(row[3]).split(" ± ")[0])
        mcb, dsc, unc = (float(str(cell)) for cell in row[4:7])
        assert brier == pytest.approx(mcb - dsc + unc, abs=0.0021)
        assert not math.isnan(brier)


@pytest.mark.parametrize("scale", ["linear", "logit"])
def test_many_values_make_no_large_figure(scale: str) -> None:
    p = np.sort(RNG.beta(0.3, 0.3, 20_000))
    found = {"all": reliability(RNG.binomial(1, p), p, resamples=20, seed=1)}
    figure = drawn.reliability("r", found, event="x", caption="c", scale=scale)  # type: ignore[arg-type]
    assert len(figure.svg) < 200_000
    assert "of 20,000 cases" in figure.alt
