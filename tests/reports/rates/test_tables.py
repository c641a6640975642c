"""Tables and figures of a rate under many priors: every number in its place, marks in words."""

import math
from dataclasses import replace

import numpy as np
import pytest

from reports.blocks.blocks import Table
from reports.rates import (
    figures as rate_figures,
    funnel as rate_funnel,
    rates,
    tables as rate_tables,
)
from tests.reports.rates.test_rates import theta
from workflow.checking.diagnostics import Status
from workflow.deciding.threshold import NOT_SHOWN, Rule
from workflow.quantities import Quantity
from workflow.rates.agreement import Agreement, exact_numbers
from workflow.rates.beta_binomial import Count, posterior, surface
from workflow.rates.data_size import converging, study_sizes
from workflow.sensitivity.sensitivity import Point, Sweep

COUNT, RULE = Count(437, 980), Rule(0.485, 0.95)
WORDS = rates.words_of("girls", "births", shipped=True)


def agreement(mean: float, strength: float, count: Count = COUNT, off: float = 1.0) -> Agreement:
    """NUTS off by so many errors of .001 in every number."""
    exact = exact_numbers(posterior(count, mean, strength), RULE)
    found = {name: value + off * 1e-3 for name, value in exact.items()}
    errors = dict.fromkeys(exact, 1e-3)
    knobs = {"prior_mean": mean, "prior_strength": strength}
    side = RULE.side(exact["prob_below"])
    return Agreement(count, knobs, exact, found, errors, side, (side,), Status.PASS)


def test_side_by_side() -> None:
    one = agreement(0.5, 2.0, off=-1.5)
    advi = one.exact | {"mean": one.exact["mean"] + 0.1 * one.exact["sd"]}
    table = rate_tables.side_by_side([one], [advi], RULE, WORDS)
    exact, nuts, approximate = table.rows
    assert exact[:6] == ("0.5 × 2", "exact", "44.603", "44.599", "41.507 to 47.720", "0.9928")
    assert nuts[2] == "44.5"
    assert nuts[-1] == "1.5 errors"
    assert approximate[-1] == "+0.10 sd; sd × 1.00"


def test_without_advi_two_methods_stand_side_by_side() -> None:
    table = rate_tables.side_by_side([agreement(0.5, 2.0), agreement(0.485, 2.0)], [], RULE, WORDS)
    assert [row[1] for row in table.rows] == 2 * ["exact", "NUTS"]
    assert "ADVI" not in f"{table.caption} {table.how}"
    assert str(table.how).startswith("Two rows a prior.")


def point(mean: float, strength: float, q: Quantity) -> Point:
    """A point of the sweep."""
    knobs = {"prior_mean": mean, "prior_strength": strength}
    return Point(knobs, Status.PASS, {"difference": q}, {}, NOT_SHOWN, (NOT_SHOWN,))


def test_the_picture_has_the_priors_at_the_reference_or_the_one_of_the_analysis() -> None:
    q = theta(-0.07, -0.039, -0.008)
    points = tuple(point(mean, strength, q) for mean in (0.39, 0.485) for strength in (2, 20))
    swept = Sweep({"prior_mean": (0.39, 0.485)}, points, NOT_SHOWN)
    figure = rate_figures.picture(swept, q, RULE, WORDS)
    assert "prior weighs 2: −3.9 (−7.0 to −0.8)" in figure.alt
    assert "of 2 intervals 0 above 0, 2 below" in figure.alt
    assert "under priors centred on 0.485, by how many births they weigh" in figure.caption
    alone = rate_figures.picture(Sweep({}, (), None), q, RULE, WORDS)
    assert "the interval is below 0" in alone.alt
    assert "under the prior of the analysis" in alone.caption


def test_agreement_is_judged_at_four_errors() -> None:
    fine, off = agreement(0.5, 2.0, off=3.9), agreement(0.5, 2.0, off=4.1)
    assert "3.9 Monte Carlo errors; chance explains that." in rates.agreement([fine])
    assert "the 12 differences" in rates.agreement([fine, off])
    assert "4.1 Monte Carlo errors; that is more than chance" in rates.agreement([fine, off])
    broken = replace(fine, found=dict.fromkeys(fine.exact, math.nan))
    assert "1 fits gave no numbers" in rates.agreement([fine, broken])


def test_changes_and_confirmed() -> None:
    course = {0.485: [(1.0, "below 0.485"), (1194.6, NOT_SHOWN)], 0.44: [(1.0, "below 0.485")]}
    assert rate_tables.changes(course, WORDS).rows == (
        ("0.485", "below 0.485", "“not shown” from 1,190 on"),
        ("0.44", "below 0.485", "never"),
    )
    at = [agreement(0.485, strength) for strength in (597.3, 1194.623922989, 2389.2)]
    rows = rate_tables.confirmed(at, RULE).rows
    assert [row[0] for row in rows] == ["597", "1,190", "2,390"]
    assert [row[4] for row in rows] == ["below 0.485", "the limit", NOT_SHOWN]


@pytest.fixture
def sizes() -> tuple[Table, str]:
    """The table of sizes and the figure's words."""
    priors = [(mean, strength) for mean in (0.39, 0.485, 0.58) for strength in (2.0, 200.0)]

    def agree(count: Count, knobs):  # type: ignore[no-untyped-def]
        return agreement(knobs["prior_mean"], knobs["prior_strength"], count)

    found = study_sizes(COUNT, priors, (0.485, 20.0), RULE, agree)
    lines = converging(COUNT.rate, priors, np.geomspace(1, 20_000, 50))
    figure = rate_funnel.funnel("funnel", lines, found, RULE, unit="births")
    for label in ("strength 200", "mean 0.58", "NUTS: above 0.485", "births (axis: log"):
        assert label in figure.svg
    return rate_tables.sizes(found, WORDS), figure.alt


def test_sizes(sizes: tuple[Table, str]) -> None:
    table, alt = sizes
    assert [row[0] for row in table.rows] == [
        "4 of 10",
        "45 of 100",
        "437 of 980",
        "4,459 of 10,000",
    ]
    assert table.rows[2] == (
        "437 of 980",
        "43.6 to 46.9",
        "2.0",
        "5 below 0.485; 1 not shown",
        "1.0 errors",
    )
    assert "0.390 to 0.571 with 10 births" in alt


def test_flip_map_says_what_it_shows() -> None:
    sides = {(0.485, 20.0): "below 0.485", (0.58, 500.0): NOT_SHOWN, (0.58, 2000.0): "above 0.485"}
    points = tuple(
        Point({"prior_mean": m, "prior_strength": s}, Status.PASS, {}, {}, side, (side,))
        for (m, s), side in sides.items()
    )
    found = Sweep({"prior_mean": (0.485, 0.58)}, points, "below 0.485")
    plane = surface(COUNT, RULE, [0.39, 0.58], [2, 2000])
    figure = rate_figures.flip_map("map", plane, found, (0.485, 20.0), RULE, unit="births")
    assert "“below 0.485” at 1, “not shown” at 1, “above 0.485” at 1" in figure.alt
    for label in ("P = 0.95, exact", "NUTS: not shown", "prior strength (births", "mathdefault"):
        assert (label in figure.svg) == (label != "mathdefault")
