"""What a page says of a curve: on any data only what its numbers show."""

import re

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from data.smooth_curve import load
from reports.functions import curve as words, drawn, left_over, tables
from workflow.functions.course import NOWHERE, Course, Rule, course
from workflow.functions.points import Points, Theta, points
from workflow.functions.quadrature import Prior
from workflow.functions.spacing import spacing
from workflow.functions.told import Gap, Sure, unknown

ROWS = load()
NAMES = ["time_ms", "acceleration_g"]
KNOWN = points(ROWS, 1.0)
RULE = Rule(KNOWN, 0.975, None)
FALLING = Sure(12.8, 20.3, "falls", 0.981, -121.3, -133.0, -104.0, 400)
RISING = Sure(21.7, 30.7, "rises", 1.0, 152.0, 140.0, 166.0, 400)


def found() -> Course:
    """The curve under one theta."""
    one = {"length": 5.2, "sigma_f": 50.0, "sigma": 22.8}
    posterior = xr.Dataset({name: (("chain", "draw"), [[value]]) for name, value in one.items()})
    return course(KNOWN, posterior)


def test_the_answer_says_where_and_with_which_probability() -> None:
    said = words.answer([FALLING, RISING], (0.0, []), 22.8, RULE, NAMES, fits=True)
    assert said.startswith("The curve of acceleration_g surely falls from 12.8 to 20.3, then rises")
    assert "at each x there, by itself, with a probability of 97.5% or more" in said
    assert "known to within 22.8 either way" in said


def test_the_answer_never_outruns_its_warnings() -> None:
    said = words.answer([FALLING], (0.0, []), 22.8, RULE, NAMES, fits=False)
    assert said.startswith("The rows are not those of one smooth curve")
    assert "If they were: the curve" in said


@pytest.mark.parametrize(("level", "what"), [(None, "rises or falls"), (3.0, "side of 3 it is")])
def test_nothing_sure_is_said_to_be_so(level: float | None, what: str) -> None:
    rule = Rule(KNOWN, 0.9, level)
    said = words.answer([], (0.5, [(2.4, 30.0)]), 2.0, rule, NAMES, fits=True)
    assert said.startswith("Nowhere do the rows tell")
    assert what in said
    assert "On 50% of the range the curve is not known to within 2 either way" in said
    assert "surely" not in said


def test_a_level_is_named() -> None:
    rule = Rule(KNOWN, 0.975, -3.5)
    above = Sure(1.0, 2.0, "is above", 0.99, 4.0, 3.0, 5.0, 400)
    assert "surely is above -3.5 from 1 to 2" in words.answer(
        [above], (0.0, []), 2.0, rule, NAMES, fits=True
    )
    assert "above or below -3.5 (--level)" in words.rule_in_words(rule, 2.0)


def test_many_stretches_are_counted() -> None:
    said = words.answer([FALLING, RISING] * 3, (0.0, []), 2.0, RULE, NAMES, fits=True)
    assert "and 3 stretches more" in said


def test_pointwise_is_not_called_simultaneous() -> None:
    said = words.rule_in_words(RULE, 22.8)
    assert "pointwise: it does not say that all of a stretch is so at once" in said
    assert "97.5%" not in said
    assert "0.975" in said


def test_a_probability_of_all_draws_is_a_bound() -> None:
    """The table has a row a stretch; of 400 draws none says 1."""
    table = tables.stretches([FALLING, RISING], RULE)
    assert [row[1] for row in table.rows] == ["falls", "rises"]
    assert re.fullmatch(r"> ?0?\.99\d*", str(table.rows[1][2]))
    assert table.rows[0][0] == "12.8 to 20.3"
    assert len(table.columns) <= 5
    assert tables.stretches([], RULE).rows[0][1] == NOWHERE


def test_the_split_adds_up() -> None:
    """Squares of the sds of noise and curve are the square of that of a new row."""
    for row in tables.split(found(), "time_ms").rows:
        noise, curve, whole = (float(str(row[i]).replace(",", "")) for i in (3, 4, 6))
        assert np.hypot(noise, curve) == pytest.approx(whole, rel=0.01)
        share = float(str(row[5]).rstrip("%")) / 100
        assert share == pytest.approx(curve**2 / whole**2, abs=0.02)


def test_the_spacing_is_told_where_the_prior_comes_from_it() -> None:
    prior, apart = Prior(5.0, 1.1, 48.0, 48.0), spacing(KNOWN.where)
    assert "neighbours are 0.4 apart" in words.prior(prior, apart, NAMES, given=False)
    assert "spacing" not in words.prior(prior, apart, NAMES, given=True)


def test_a_gap_is_told_in_numbers() -> None:
    gap = Gap(25.0, 22.8, 41.0, 6.1, 37, 35)
    said = words.of_gap(gap, (20.0, 30.0), NAMES)
    assert "37 rows with time_ms from 20 to 30 were left out" in said
    assert "has the sd 41; with the rows it would have 6.1" in said
    assert "35 of 37 lie inside" in said


def test_evenly_spaced_places_hide_waves() -> None:
    rows = pd.DataFrame({"x": np.arange(20.0), "y": np.sin(np.arange(20))})
    assert "no check can see it" in " ".join(left_over.evenly(points(rows, 1.0)))
    assert left_over.evenly(KNOWN) == []


def test_pictures_state_what_they_show() -> None:
    one = found()
    picture = drawn.picture(KNOWN, one, [FALLING], NAMES, "falls", (20.0, 30.0))
    assert picture.alt.startswith("The curve falls. It is known best at")
    none = Points(KNOWN.where, np.array([], dtype=int), np.array([]), KNOWN.mean, KNOWN.level)
    prior = Course(one.grid, (none.solved(Theta(5.0, 48.0, 20.0)),) * 3)
    figures = [
        picture,
        drawn.split(KNOWN, one, "time_ms", None),
        drawn.prior(KNOWN, prior.curves(1), one.grid, NAMES),
    ]
    assert "the sd of the noise is 22.8 everywhere" in figures[1].alt.lower()
    assert figures[2].alt.startswith("3 curves of the prior.")
    assert all(20 < len(figure.alt) < 700 for figure in figures)


def test_what_is_not_known_is_where_the_picture_is_wide() -> None:
    one = found()
    share, where = unknown(one, 22.8)
    assert 0 < share < 0.2
    assert where[-1][1] == one.grid[-1]
