"""A section as a notebook shows it: what the page shows, escaped, and nothing beside it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from IPython.core.formatters import DisplayFormatter

from reports.blocks import tables
from reports.blocks.blocks import Source
from reports.drawing import figures
from reports.page.page import Report
from reports.page.rendering import Section
from tests.reports.page.test_page import HOSTILE, Page
from workflow.quantities import summarise


@pytest.fixture
def section(tree_of: Callable[..., xr.DataTree]) -> Section:
    """A section with a block of each kind, all of them from a hostile file."""
    draws = xr.Dataset(
        {"x": (("chain", "draw", "arm"), np.random.default_rng(1).normal(size=(2, 50, 1)))},
        coords={"arm": [HOSTILE]},
    )
    found = summarise(draws)
    rows = {name: {"NUTS": q} for name, q in found.items()}
    figure = figures.intervals("answer", rows, label=HOSTILE, caption=HOSTILE)
    table = tables.estimates(HOSTILE, found)
    return Section(HOSTILE, (HOSTILE, Source(HOSTILE, HOSTILE), table, figure))


def test_a_notebook_shows_it_escaped(section: Section) -> None:
    shown = section._repr_html_()
    found = Page(shown)
    assert found.open == []
    assert {"style", "section", "h2", "p", "pre", "table", "svg"} <= set(found.tags)
    assert "script" not in found.tags
    assert "\u202e" not in shown
    assert all(address.startswith("#") for address in found.addresses)
    assert "mathjax_ignore" in shown  # else Jupyter would typeset what is between dollars


def test_a_notebook_shows_a_line_that_stands_alone() -> None:
    shown = Section("Does the model fit?", (), "It cannot fail.", "cannot fail")._repr_html_()
    assert "<p>It cannot fail.</p>" in shown


def test_a_notebook_stores_its_figures_once(section: Section) -> None:
    found, _ = DisplayFormatter().format(section)
    assert set(found) == {"text/plain", "text/html"}
    assert "svg" not in found["text/plain"]
    assert "\u202e" not in found["text/plain"]


def test_a_cell_that_is_run_again_adds_nothing(tmp_path: Path) -> None:
    settings: dict[str, object] = {"out": tmp_path, "quiet": True}
    report = Report("x", title="X", question="Y?", data=tmp_path / "none", settings=settings)
    first, other = report.section("One", "a"), report.section("Two", "b")
    again = report.section("One", "c")
    assert report.sections == [again, other]
    assert first not in report.sections
    report.warn("Careful.", "Do this.")
    report.warn("Careful.", "Do this.")
    assert len(report.warnings) == 1
