"""The prior explorer: what it shows is what the sweep found, and nothing in it leaves its place."""

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr

from reports.blocks import tables
from reports.blocks.explorer import explorer
from reports.blocks.numbers import estimate
from reports.page.html import SCRIPT
from workflow.checking.status import Status
from workflow.quantities import Quantity, summarise
from workflow.sensitivity.curves import Curve, curve
from workflow.sensitivity.sensitivity import Point, Sweep

KNOBS = {"slope_sd": (0.5, 1.0, 2.0), "nu_mean": (3.0, 30.0)}


def swept(label: str = "x", *, failed: int | None = None) -> Sweep:
    """Return a sweep whose posterior moves with the first knob and whose decision flips with it."""
    points, curves = [], []
    rng = np.random.default_rng(3)
    for i, (sd, nu) in enumerate((a, b) for a in KNOBS["slope_sd"] for b in KNOBS["nu_mean"]):
        draws = xr.Dataset(
            {label: (("chain", "draw"), rng.normal(1000 if i == failed else sd, 1, (4, 500)))}
        )
        said = "yes" if sd < 2 else f"no, {label}"
        knobs = {"slope_sd": sd, "nu_mean": nu}
        status, decided = (Status.FAIL, None) if i == failed else (Status.PASS, said)
        tenable = (said,) if decided else ()
        points.append(Point(knobs, status, summarise(draws), {}, decided, tenable))
        curves.append({label: curve(draws[label].to_numpy())})
    return Sweep(KNOBS, tuple(points), "yes", tuple(curves))


def shown(found: Sweep, label: str = "x", **knobs: float) -> tuple[Any, dict[str, Any]]:
    """Return the explorer, in percent, and what its script reads."""
    priors = [one[label] for one in found.curves]
    block = explorer(found, priors, label, knobs or AT, unit="%", scale=100)
    return block, json.loads(block.data)


AT = {"slope_sd": 1.0, "nu_mean": 30.0}


def test_every_point_says_what_the_table_says() -> None:
    found = swept()
    _, data = shown(found)
    rows = tables.sweep(found, "x", unit="%", scale=100).rows
    for point, row in zip(data["points"], rows, strict=True):
        assert (point["estimate"], point["decision"]) == (row[2], row[3])
        assert point["flips"] == (row[4] == "flips")


def test_curves_are_in_the_unit_that_is_shown() -> None:
    found = swept()
    _, data = shown(found)
    for point, one in zip(data["points"], found.points, strict=True):
        q: Quantity = one.quantities["x"]
        assert point["posterior"]["lower"] == pytest.approx(100 * q.lower, rel=1e-4)
        assert point["posterior"]["upper"] == pytest.approx(100 * q.upper, rel=1e-4)
        assert point["median"] == pytest.approx(100 * q.median)
        assert data["axis"]["low"] <= point["posterior"]["start"] + 0.01
        assert max(point["posterior"]["heights"]) == 100


def test_it_opens_on_the_numbers_of_the_page() -> None:
    """Where the analysis' own prior is between the positions, its density is not drawn."""
    found = swept()
    q, drawn = found.points[3].quantities["x"], found.curves[3]["x"]
    priors = [one["x"] for one in found.curves]
    for own, on_grid in ((AT, True), ({"slope_sd": 0.9, "nu_mean": 30.0}, False)):
        block = explorer(found, priors, "x", own, (q, drawn), unit="%", scale=100)
        first = json.loads(block.data)["own"]
        assert first["estimate"] == f"{estimate(q, 100)}, as on this page"
        assert first["decision"] == found.decision
        assert first["posterior"]["lower"] == pytest.approx(100 * q.lower, rel=1e-4)
        assert ("prior" in first) == (not on_grid)
    assert json.loads(explorer(found, priors, "x", AT, unit="%").data)["own"] is None


def test_of_a_prior_what_lies_on_the_axis_is_drawn() -> None:
    """Its central 95% is said whole; beyond the axis it is drawn nowhere."""
    found = swept()
    wide = curve(np.random.default_rng(1).normal(0, 1000, size=4000))
    far = curve(np.random.default_rng(1).normal(1e6, 1, size=4000))
    priors = [wide, far, *(one["x"] for one in found.curves[2:])]
    data = json.loads(explorer(found, priors, "x", AT, unit="%", scale=100).data)
    axis = data["axis"]
    first, second = (point["prior"] for point in data["points"][:2])
    assert (first["start"], first["end"]) == (axis["low"], axis["high"])
    assert min(first["heights"]) > 90  # flat, as it is there
    assert first["lower"] < axis["low"]
    assert second["heights"] == [0, 0]
    for point in data["points"]:
        assert (
            axis["low"] <= point["posterior"]["start"] < point["posterior"]["end"] <= axis["high"]
        )


def test_flips_stand_between_the_neighbours_that_differ() -> None:
    _, data = shown(swept())
    assert data["flips"] == [
        {"knob": 0, "before": 2, "after": 4},
        {"knob": 0, "before": 3, "after": 5},
    ]


def test_sliders_begin_at_the_prior_of_the_analysis_or_next_to_it() -> None:
    block, _ = shown(swept())
    assert [(s.name, s.values, s.start) for s in block.sliders] == [
        ("slope sd", ("0.5", "1", "2"), 1),
        ("nu mean", ("3", "30"), 1),
    ]
    assert "slope sd 1, nu mean 30; the sliders begin there" in block.own
    block, _ = shown(swept(), slope_sd=1.9, nu_mean=1.0)
    assert [s.start for s in block.sliders] == [2, 0]
    assert "slope sd 1.9, nu mean 1; the sliders begin at the nearest" in block.own


def test_a_failed_fit_has_no_decision_and_does_not_stretch_the_axis() -> None:
    found = swept(failed=0)
    _, data = shown(found)
    assert data["points"][0]["decision"].startswith("withheld")
    assert not data["points"][0]["flips"]
    assert data["points"][0]["posterior"] is None
    assert "failed" in data["points"][0]["estimate"]
    assert data["axis"]["high"] < 100 * 100


def test_a_prior_that_is_not_judged_is_neither_the_same_nor_a_flip() -> None:
    found = swept()
    first = replace(found.points[0], decision=None, tenable=())
    one = replace(found, points=(first, *found.points[1:]))
    _, data = shown(one)
    point = data["points"][0]
    assert (point["decision"], point["judged"]) == ("not judged", False)
    assert not any((point["flips"], point["close"]))
    assert point["posterior"] is not None
    assert data["points"][1]["judged"]
    assert tables.sweep(one, "x").rows[0][3:] == ("not judged", "–", Status.PASS)


def test_a_prior_without_draws_is_shown_as_such() -> None:
    found = swept()
    broken = Sweep(found.knobs, found.points, "yes", ({}, *found.curves[1:]))
    priors = [None, *(one["x"] for one in found.curves[1:])]
    data = json.loads(explorer(broken, priors, "x", AT, unit="%").data)
    assert data["points"][0]["posterior"] is data["points"][0]["prior"] is None


def test_withheld_answers_are_nowhere() -> None:
    found = swept()
    points = tuple(replace(one, decision=None, tenable=()) for one in found.points)
    _, data = shown(Sweep(KNOBS, points, None, found.curves))
    assert {one["decision"] for one in data["points"]} == {"withheld: the analysis failed"}
    assert not any(one["flips"] or one["close"] for one in data["points"])
    assert data["flips"] == []


def test_infinite_draws_of_a_failed_fit_stop_nothing() -> None:
    found = swept(failed=0)
    q = replace(found.points[0].quantities["x"], median=math.inf, lower=-math.inf, upper=math.nan)
    first = replace(found.points[0], quantities={"x": q})
    curves: tuple[dict[str, Curve | None], ...] = ({"x": None}, *found.curves[1:])
    _, data = shown(Sweep(KNOBS, (first, *found.points[1:]), "yes", curves))
    assert data["points"][0]["median"] is None


def test_precise_quantities_far_from_zero_keep_their_digits() -> None:
    values = 1000 + 1e-4 * np.random.default_rng(1).normal(size=(4, 500))
    q = summarise(xr.Dataset({"x": (("chain", "draw"), values)}))
    point = Point({"sd": 1.0}, Status.PASS, q, {}, "yes", ("yes",))
    found = Sweep({"sd": (1.0,)}, (point,), "yes", ({"x": curve(values)},))
    data = json.loads(explorer(found, [curve(values)], "x", {"sd": 1.0}, unit="%").data)
    labels = [label for _, label in data["axis"]["ticks"]]
    assert len(set(labels)) == len(labels) > 2
    assert data["points"][0]["posterior"]["start"] < data["points"][0]["posterior"]["end"]


def test_text_from_a_file_cannot_end_the_data() -> None:
    label = "</template><b>&\u202e\u2028"
    block, data = shown(swept(label), label)
    assert {"<", "&"}.isdisjoint(block.data)
    assert block.data.isascii()
    assert data["points"][-1]["decision"].startswith("no, </template>")


def test_data_and_script_are_small() -> None:
    """Forty priors, more than any case has."""
    found = swept()
    many = Sweep(found.knobs, found.points, "yes", found.curves)
    one = len(explorer(many, [c["x"] for c in many.curves], "x", AT, unit="%").data) / 6
    assert 40 * one + len(SCRIPT) < 150_000
