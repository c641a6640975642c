"""Figures: well-formed SVG for HTML, the same from run to run, with words beside it."""

import re
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import xarray as xr

from reports.blocks import tables
from reports.blocks.blocks import Figure
from reports.blocks.explorer import explorer
from reports.drawing import figures, fitting, sweep_figure
from reports.regression import tail_figures
from workflow.checking.checks import StatisticCheck
from workflow.checking.diagnostics import Status
from workflow.quantities import summarise
from workflow.sensitivity.sensitivity import Point, Sweep

LIMIT = 400_000  # bytes
SAID = 600  # characters of an alternative
WEIGHTS = pd.DataFrame(
    {"weight": np.linspace(0.2, 1, 400), "lower": 0.1, "upper": 1.0}, index=range(2, 402)
)


def sample(label: str = "a") -> xr.Dataset:
    draws = np.random.default_rng(1).normal(size=(4, 1000, 1))
    return xr.Dataset({"x": (("chain", "draw", "arm"), draws)}, coords={"arm": [label]})


def drawings(label: str = "a") -> list[Figure]:
    """Return one of each kind."""
    posterior = sample(label)
    found = summarise(posterior)
    rows = {name: {"NUTS": q, "mean-field ADVI": q} for name, q in found.items()}
    knobs: dict[str, tuple[float, ...]] = {"prior_mean": (0.1, 0.5), "prior_strength": (2, 100)}
    points = tuple(
        Point({"prior_mean": m, "prior_strength": s}, Status.PASS, found, {}, "yes", ("yes",))
        for m in knobs["prior_mean"]
        for s in knobs["prior_strength"]
    )
    check = StatisticCheck(label, 1.0, 0.5, 1.1, 1.5, 0.4, 0.4, Status.PASS)
    elbo = xr.Dataset({"elbo": ("iteration", np.linspace(-100, -1, 1000))})
    return [
        figures.intervals("one", rows, label=f"{label} (m)", caption="c", rope=0.1),
        figures.densities("two", {label: posterior["x"].to_numpy().ravel()}, caption="c"),
        fitting.ranks("three", posterior, r_hat=1.0),
        figures.predictive("four", [check], label=label, caption="c"),
        fitting.elbo("five", {label: xr.DataTree.from_dict({"optimization": elbo})}),
        sweep_figure.sweep("six", Sweep(knobs, points, "yes"), next(iter(found)), label=label),
        tail_figures.cumulative("seven", {label: np.arange(2.0, 9)}, label="nu", caption="c"),
        tail_figures.figure_of_weights(WEIGHTS),
    ]


def test_svg_is_well_formed_small_and_says_what_it_shows() -> None:
    for drawing in drawings():
        ET.fromstring(str(drawing.svg))
        assert len(drawing.svg) < LIMIT
        assert 20 < len(drawing.alt) < SAID
        assert drawing.how
        assert "None" not in drawing.alt


def test_a_sweep_over_one_knob_is_one_line() -> None:
    """As its priors are: no legend, and nothing is missing; figure, explorer and table."""
    found = summarise(sample())
    shown, values = next(iter(found)), (0.1, 0.5, 0.9)
    points = tuple(Point({"r2": v}, Status.PASS, found, {}, "yes", ("yes",)) for v in values)
    swept = Sweep({"r2": values}, points, "yes", tuple({shown: None} for _ in values))
    drawing = sweep_figure.sweep("one-knob", swept, shown, label="x")
    assert "under 3 priors" in drawing.alt
    assert "legend" not in str(drawing.svg)
    assert len(explorer(swept, [None] * 3, shown, {"r2": 0.5}, unit="m").sliders) == 1
    assert len(tables.sweep(swept, shown, unit="m").rows) == 3


def test_same_input_same_bytes() -> None:
    assert [d.svg for d in drawings()] == [d.svg for d in drawings()]


def test_ids_of_several_figures_do_not_meet() -> None:
    seen: set[str] = set()
    for drawing in drawings():
        ids = [e.get("id") for e in ET.fromstring(str(drawing.svg)).iter() if e.get("id")]
        assert len(ids) == len(set(ids))
        assert seen.isdisjoint(ids)
        seen |= {str(one) for one in ids}


def test_labels_are_text_whatever_is_in_them() -> None:
    for drawing in drawings("$\\frac<b>&\u202e"):
        ET.fromstring(str(drawing.svg))
        assert "<b>" not in drawing.svg


def test_a_slash_in_a_name_can_be_drawn() -> None:
    """Columns are called km/h; a tree's variables must not be."""
    draws = np.random.default_rng(1).normal(size=(2, 50))
    posterior = xr.Dataset({"slope[km/h]": (("chain", "draw"), draws)})
    drawing = fitting.ranks("slash", posterior, r_hat=1.0)
    assert "slope[km/h]" in drawing.svg
    assert "km/h" in drawing.alt


def test_places_without_a_quantity_stay_empty() -> None:
    draws = np.random.default_rng(1).normal(size=(5, 4, 50))
    posterior = xr.Dataset({f"x[{i}]": (("chain", "draw"), one) for i, one in enumerate(draws)})
    drawing = fitting.ranks("five", posterior, r_hat=1.0)
    assert [f">x[{i}]</text>" in drawing.svg for i in range(6)] == [True] * 5 + [False]


def test_of_many_rows_some_are_drawn_and_the_caption_says_so() -> None:
    posterior = xr.Dataset(
        {f"a column with a rather long name {i:02}": sample()["x"] + i - 20 for i in range(50)}
    )
    rows = {name: {"NUTS": q} for name, q in summarise(posterior).items()}
    drawing = figures.intervals("many", rows, label="m", caption="Medians.")
    assert drawing.caption == "Medians. Drawn are the 30 of 50 that are farthest from 0."
    assert "a column with a rather long" in drawing.svg  # and the rest below
    assert "name 49[a]" in drawing.svg
    assert "name 20[a]" not in drawing.svg
    assert "m: of 30 intervals" in drawing.alt
    assert "below, 0 on both sides" in drawing.alt
    assert len(drawing.alt) < SAID
    height = float(ET.fromstring(str(drawing.svg)).attrib["viewBox"].split()[3])
    assert height < 900
    checks = [StatisticCheck(str(i), 1.0, 0.5, 1.1, 1.5, 0.4, 0.4, Status.PASS) for i in range(50)]
    many = figures.predictive("checks", checks, label="x", caption="Checks.")
    assert many.caption == "Checks. Drawn are the first 30 of 50."
    assert "30 of 30 observed values are within" in many.alt


def test_alternatives_state_what_is_found() -> None:
    one, _, three, four, five, _, _, eight = drawings()
    assert "of 2 intervals 0 above 0, 0 below, 2 on both sides" in one.alt
    assert three.alt.startswith("The chains agree: the largest R-hat is 1.000. ")
    assert "1 of 1 observed values are within the central 95%" in four.alt
    assert five.alt.startswith("The ELBO ends at −1.4459. ")
    assert eight.alt.startswith("150 of 400 rows have a weight below 0.5.")
    apart = sample() + xr.DataArray([0, 0, 0, 9.0], dims="chain")
    drawing = fitting.ranks("apart", apart, r_hat=1.5)
    assert drawing.alt.startswith("The chains do not agree: the largest R-hat is 1.500. ")
    assert "x[a], p < 0.01" in drawing.alt or "x, p < 0.01" in drawing.alt
    passed = fitting.ranks("apart", apart, r_hat=1.0)  # nothing is marked that the table passes
    assert "PathCollection" in drawing.svg
    assert "PathCollection" not in passed.svg


def test_lines_of_one_drawing_differ_by_more_than_colour() -> None:
    posterior, elbo = sample(), xr.Dataset({"elbo": ("iteration", np.linspace(-100, -1, 1000))})
    trees = {name: xr.DataTree.from_dict({"optimization": elbo}) for name in ("one", "other")}
    curves = {name: np.arange(2.0, 9) for name in ("prior", "one", "other")}
    for drawing, lines in (
        (fitting.ranks("ranks", posterior, r_hat=1.0), 4),
        (fitting.elbo("elbo", trees), 2),
        (tail_figures.cumulative("c", curves, label="nu", caption="c"), 3),
    ):
        dashes = set(re.findall(r"stroke-dasharray=\"([^\"]+)", drawing.svg))
        assert len(dashes) >= lines - 1  # one is solid
