"""Who a warning belongs to, what stands in a line, and in which part a section stands."""

import dataclasses

import numpy as np
import pytest
import xarray as xr

from reports.blocks.blocks import Table
from reports.page import lines
from reports.page.argument import Argument
from reports.page.rendering import Section
from workflow.checking.checks import StatisticCheck
from workflow.checking.status import Check, Diagnosis, Status
from workflow.sensitivity.sensitivity import Sweep


def test_a_warning_belongs_to_the_section_before_it() -> None:
    one = Argument()
    one.warn("Early.", "Do.")
    one.section("The data", "x", part="checks")
    one.warn("Odd.", "Look.")
    one.warn("Odd.", "Look.")
    one.section("What the priors say", "x", part="checks")
    one.warn("Far.", "Widen.", at="The data")
    assert [warning.at for warning in one.warnings] == ["", "The data", "The data"]
    data, priors = one.parts()["checks"]
    assert (data.verdict, priors.verdict) == (Status.WARN, Status.PASS)
    assert one.anchor_of(one.warnings[1]) == "the-data"
    assert one.anchor_of(one.warnings[0]) == ""


def test_a_warning_found_while_a_section_is_made_belongs_to_it() -> None:
    one = Argument()
    one.section("The sampler", "x", part="checks")
    one.begin("The fit")
    one.warn("Uneven.", "Look.")
    one.section("The fit", "x", part="checks")
    assert one.warnings[0].at == "The fit"
    assert [found.verdict for found in one.parts()["checks"]] == [Status.PASS, Status.WARN]


def test_no_verdict_is_kinder_than_its_warnings() -> None:
    """Also not a word of another kind; FAIL is worse and stays."""
    one = Argument()
    one.section("ADVI", verdict="good enough", part="checks")
    one.warn("It is not.", "Look.")
    one.section("Sampler", verdict=Status.FAIL, part="checks")
    one.warn("Bad.", "Look.")
    assert [found.verdict for found in one.parts()["checks"]] == [Status.WARN, Status.FAIL]


def test_the_rule_comes_first_and_results_claim_no_pass() -> None:
    one = Argument()
    one.section("What the data say", "x")
    one.section("The decision", "Rule: act.")
    assert [found.title for found in one.parts()["result"]] == ["The decision", "What the data say"]
    assert {found.verdict for found in one.parts()["result"]} == {""}


@pytest.mark.parametrize(
    ("blocks", "line", "told"),
    [
        (("Rule: act. Else wait.",), "", "Rule: act."),
        (("Rule: act. Else wait.",), "Act.", "Act."),
        ((), "It cannot fail. It proves nothing.", "It cannot fail. It proves nothing."),
        ((Table("Rates", (), (), ""), Table("Losses", (), (), "")), "", "Rates; Losses."),
    ],
)
def test_what_stands_in_a_line(blocks: tuple, line: str, told: str) -> None:
    assert Section("A title", blocks, line).told == told


def check(**changes: object) -> StatisticCheck:
    one = StatisticCheck("mean of y", 1.0, 0.0, 1.0, 2.0, 0.4, 0.3, Status.PASS)
    return dataclasses.replace(one, **changes)  # type: ignore[arg-type]


def test_a_check_in_a_line_names_its_worst() -> None:
    far = check(statistic="least y", tail=0.0, p=0.9999, result=Status.WARN)
    assert "allows" in lines.prior([check()])
    assert "“least y” has the tail probability < 0.001" in lines.prior([check(), far])
    assert "does not expect" in lines.prior([check(), far])
    assert lines.fit([check(), check()]).startswith("The model reproduces the 2 sides")
    assert lines.fit([check(), far]).startswith("The model does not reproduce 1 of the 2 sides")
    assert "p > 0.999" in lines.fit([check(), far])


def test_the_sampler_in_a_line() -> None:
    """What passed in numbers; what did not, and nothing else."""
    passed = Check.of("R-hat", 1.0021, "x", "<= 1.01", Status.PASS, "Look.")
    failed = Check.of("divergences", 3, "chain 0", "0", Status.FAIL, "Reparametrise.")
    draws = xr.Dataset({"x": (("chain", "draw"), np.zeros((2, 50)))})
    assert lines.sampler(Diagnosis((passed,)), draws) == "100 draws; at worst R-hat 1.002."
    assert lines.sampler(Diagnosis((passed, failed)), draws).startswith("divergences 3 in chain 0")


def test_a_sweep_without_points_says_nothing() -> None:
    assert lines.swept(Sweep({}, (), "yes")) == "not known"
