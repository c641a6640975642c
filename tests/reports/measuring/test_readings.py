"""What is said of readings: exact numbers, and options that lead where they say."""

from dataclasses import replace

import pandas as pd
import pytest

from reports.measuring import readings, tables
from reports.page.page import Report
from tests.reports.rates.test_experiment import difference
from workflow.measuring.agreement import apart
from workflow.measuring.gaussian import Instrument
from workflow.measuring.target import CALIBRATE, DONE, MEASURE, Target

KNOWN = Instrument(1000, 1000, 50, 80)
EXACT = KNOWN.after(100, 852.4)
Q = replace(difference(0.27), median=852.8, lower=753.7, upper=951.9, mcse_median=0.1)
Q = replace(Q, mcse_lower=0.1, mcse_upper=0.1)


def target(sd: float, known: Instrument = KNOWN) -> Target:
    return Target(sd, known)


@pytest.mark.parametrize(("sd", "decision"), [(60, DONE), (50.2, MEASURE), (30, CALIBRATE)])
def test_the_answer_has_the_numbers_of_its_decision(sd: float, decision: str) -> None:
    rule = target(sd)
    assert rule.exact(100) == decision
    said = readings.answer(decision, rule, EXACT, 100, Q, "speed")
    assert said.lower().startswith(decision)
    assert "852.8 (95% equal-tailed credible interval 753.7 to 951.9) after 100" in said or (
        decision == DONE and "after 100 readings speed is 852.8" in said
    )
    assert "50.57" in said
    assert ("brings it below 49.9" in said) == (decision != DONE)
    if decision == MEASURE:
        more = int(said.partition(" more bring")[0].rpartition(" ")[2].replace(",", ""))
        assert KNOWN.sd_of_quantity(100 + more) <= sd < KNOWN.sd_of_quantity(100 + more - 1)
    assert readings.answer(None, rule, EXACT, 100, Q, "speed").startswith("After 100 readings")


def test_earlier_readings_are_counted() -> None:
    known = KNOWN.under(n_before=60, mean_before=860)
    said = readings.answer(CALIBRATE, target(30, known), known.after(40, 841), 40, Q, "speed")
    assert "after 100 readings" in said
    table = tables.options(CALIBRATE, target(30, known), known.after(40, 841), 40, "speed")
    assert table.rows[0][1] == "100 readings, as they are"


def test_an_option_leads_where_it_says() -> None:
    stop, more, calibrate = tables.options(CALIBRATE, target(30), EXACT, 100, "speed").rows
    assert stop[2:] == ("50.6", "no", "no")
    assert more[1:] == ("more readings without end", "49.9", "no", "no")
    assert calibrate[2:] == ("30", "yes", "yes")
    allowed = float(str(calibrate[1]).rpartition(" ")[2])
    assert KNOWN.under(bias_sd=allowed).sd_of_quantity(100) == pytest.approx(30, rel=2e-3)
    (_, more, calibrate) = tables.options(MEASURE, target(50.2), EXACT, 100, "speed").rows
    assert more[4] == "yes"
    assert str(more[1]).endswith("more readings")
    (_, _, calibrate) = tables.options(DONE, target(60), EXACT, 100, "speed").rows
    assert calibrate[1] == "no better than it is"
    few = Instrument(0, 100, 1, 50)
    (_, _, calibrate) = tables.options(MEASURE, Target(10, few), few.after(4, 0), 4, "x").rows
    assert calibrate[1:4] == ("knowing the bias exactly is not enough", "24.3", "no")


def test_kinds_and_sizes_add_up() -> None:
    rows = tables.kinds(KNOWN, EXACT, 100, "speed").rows
    assert [row[2] for row in rows] == ["80", "8", "7.98", "49.9", "50.6"]
    sizes = tables.sizes(KNOWN, 100, "speed").rows
    assert [row[0] for row in sizes][:3] == ["1", "10", "100 (so far)"]
    assert sizes[2][1:] == ("8", "50.6", "2.5%")


def test_an_accepted_value_is_warned_of_by_its_tail() -> None:
    report = Report.__new__(Report)
    report.warnings = []
    rule = Target(30, KNOWN, 700.458)
    readings.warn_of_reference(report, rule, 0.006)
    assert not report.warnings
    readings.warn_of_reference(report, rule, 0.0013)
    assert "700.458, is farther off" in report.warnings[0].text
    assert readings.away_in_sds(rule, EXACT) == pytest.approx(-3.012, abs=5e-4)


def test_groups_of_one_reading_have_no_sd() -> None:
    of = pd.Series(["a", "b", "b"])
    table = tables.apart(apart(pd.Series([1.0, 2.0, 4.0]), of, "site", 1.0))
    assert [row[3] for row in table.rows] == ["–", "1.414"]
    assert table.caption == "Readings by site: chi-square 2.67, p 0.1"


def test_readings_that_are_all_the_same_do_not_scatter() -> None:
    """The sd of twenty times 10.2 is 1.8e-15 in a computer, and 0."""
    said = readings.misfit(pd.Series([10.2] * 20), 1.0, otherwise=True)
    assert said.startswith("The readings scatter by 0, stated is 1")
