"""Figures: well-formed SVG for HTML, the same from run to run, with words beside it."""

from xml.etree import ElementTree as ET

import numpy as np
import xarray as xr

from reports import figures, fitting
from reports.blocks import Figure
from workflow.checks import StatisticCheck
from workflow.diagnostics import Status
from workflow.quantities import summarise
from workflow.sensitivity import Point, Sweep

LIMIT = 400_000  # bytes


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
        figures.sweep("six", Sweep(knobs, points, "yes"), next(iter(found)), label=label),
    ]


def test_svg_is_well_formed_small_and_says_what_it_shows() -> None:
    for drawing in drawings():
        ET.fromstring(str(drawing.svg))
        assert len(drawing.svg) < LIMIT
        assert len(drawing.alt) > 20
        assert "None" not in drawing.alt


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
    assert "km∕h" in drawing.svg
    assert "km/h" in drawing.alt
