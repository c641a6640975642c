"""The graph of a model: every variable and every arrow, nothing on top of another, and in words."""

import importlib
import itertools
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import numpy as np
import pymc as pm
import pytest

from reports.blocks.structure import node_of, structure
from reports.drawing.graph import graph
from reports.drawing.layers import layout

ROOT = Path(__file__).parents[3]
CASES = sorted(path.stem for path in (ROOT / "analyses").glob("[!_]*.py"))


def built(case: str) -> pm.Model:
    return importlib.import_module(f"tests.cases.{case}").shipped()


@pytest.fixture(scope="module")
def tiny() -> pm.Model:
    """A model with a variable of each kind, and an arrow that passes a column."""
    with pm.Model(coords={"arm": ["a", "b"]}) as model:
        knob = pm.Data("knob", 1.0)
        mu = pm.Normal("mu", 0, knob)
        sd = pm.HalfNormal("sd", 1)
        rate = pm.Deterministic("rate", mu + np.zeros(2), dims="arm")
        pm.Normal(
            "y", rate, sd * mu, observed=pm.Data("y_data", [1.0, 2.0], dims="arm"), dims="arm"
        )
        pm.Potential("penalty", -(mu**2))
        pm.Data("unused", 1.0)
    return model


def test_edges_are_those_of_the_model(tiny: pm.Model) -> None:
    found = structure(tiny)
    expected = "knob-mu mu-rate rate-y sd-y mu-y mu-penalty"
    assert {"-".join(edge) for edge in found.edges} == set(expected.split())
    assert set(found) == {"knob", "mu", "sd", "rate", "y", "penalty"}  # y has its data in it


def test_a_node_says_what_it_is(tiny: pm.Model) -> None:
    said = {one: (node_of(one, tiny).name, node_of(one, tiny).says) for one in structure(tiny)}
    assert said == {
        "knob": ("knob", "given"),
        "mu": ("mu", "~ Normal"),
        "sd": ("sd", "~ HalfNormal"),
        "rate": ("rate[arm]", "computed"),
        "y": ("y[arm]", "observed ~ Normal"),
        "penalty": ("penalty", "term of the density"),
    }


def test_the_alternative_says_the_structure(tiny: pm.Model) -> None:
    assert graph("g", tiny).alt == (
        "Graph of the model. Given: knob; mu, unknown, ~ Normal, given knob; sd, unknown, "
        "~ HalfNormal, given numbers; rate[arm] computed from mu; y[arm], observed "
        "~ Normal, given mu, rate, sd; penalty computed from mu."
    )


@pytest.mark.parametrize("case", CASES)
def test_every_variable_and_arrow_is_drawn(case: str) -> None:
    model = built(case)
    found, drawn = structure(model), graph("g", model)
    root = ET.fromstring(drawn.svg)
    texts = ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]
    for one in found:
        assert texts.count(node_of(one, model).name) == 1
    # An arrow is a line and a head; beside nodes and those of the legend there is nothing else.
    kinds = len({node_of(one, model).kind for one in found})
    patches = [one for one in root.iter() if (one.get("id") or "").startswith("g-patch_")]
    assert len(patches) == 1 + len(found) + found.number_of_edges() + kinds
    assert len(drawn.svg) < 400_000
    assert drawn.how


def test_same_model_same_bytes() -> None:
    assert graph("g", built("ab_test")) == graph("g", built("ab_test"))


@pytest.mark.parametrize("case", CASES)
def test_nothing_lies_on_anything_else(case: str) -> None:
    found = structure(built(case))
    places = layout(found)
    for column in places.columns:
        heights = [places.height[one] for one in column]
        both = [isinstance(a, str) and isinstance(b, str) for a, b in itertools.pairwise(column)]
        apart = -np.diff(heights)
        assert all(apart >= np.where(both, 0.54, 0.16) - 1e-6)
    for (start, end), way in places.ways.items():
        at = [places.column[one] for one in way]
        assert at == list(range(places.column[start], places.column[end] + 1))


def test_a_node_without_parents_stands_before_its_first_child() -> None:
    places = layout(nx.DiGraph([("a", "b"), ("b", "c"), ("late", "c"), ("a", "c")]))
    assert {one: places.column[one] for one in ("a", "b", "late", "c")} == {
        "a": 0,
        "b": 1,
        "late": 1,
        "c": 2,
    }


def test_order_avoids_crossings() -> None:
    crossed = nx.DiGraph()
    crossed.add_nodes_from("abc123")
    crossed.add_edges_from([("a", "3"), ("b", "2"), ("c", "1")])
    left, right = layout(crossed).columns
    assert ["abc".index(str(one)) for one in left] == [2 - "123".index(str(one)) for one in right]


def test_one_variable_is_a_graph() -> None:
    with pm.Model() as model:
        pm.Normal("x")
    assert "x, unknown, ~ Normal" in graph("g", model).alt
