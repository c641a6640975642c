"""One compile for many models: the draws are those of a compile of its own, bit for bit."""

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr

from models.ab_test import conversion
from workflow.sampling.fit import compile_nuts, data_of, fit_nuts
from workflow.sampling.shared import once, shared_compiles
from workflow.sampling.structure import structure

FEW = {"draws": 60, "tune": 60, "chains": 2, "seed": 5}


def arms(seed: int, names: str = "AB") -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    n = rng.integers(500, 3000, len(names))
    return pd.DataFrame({"arm": list(names), "visitors": n, "conversions": rng.binomial(n, 0.1)})


def same(one: xr.DataTree, other: xr.DataTree) -> list[str]:
    """Return the groups in which two trees differ; draws are compared bit for bit."""
    assert {*one.children} == {*other.children}
    groups = [name for name in one.children if name != "sample_stats"]
    return [n for n in groups if not one[n].to_dataset().equals(other[n].to_dataset())]


@pytest.mark.parametrize(
    ("other", "compiles"),
    [
        (conversion(arms(3), alpha=2.5, beta=9.0), 1),  # the prior is pm.Data: its starts differ
        (conversion(arms(4, "XY"), alpha=1.0, beta=4.0), 1),
        (conversion(arms(5, "ABC"), alpha=1.0, beta=4.0), 2),
    ],
)
def test_every_group_is_that_of_a_fit_by_itself(other: pm.Model, compiles: int) -> None:
    alone = fit_nuts(other, **FEW)
    with shared_compiles() as shared:
        fit_nuts(conversion(arms(1), alpha=1.0, beta=4.0), **FEW)
        found = fit_nuts(other, **FEW)
    assert shared.made == compiles
    assert same(alone, found) == []


def test_a_model_that_was_compiled_first_keeps_its_data() -> None:
    """Its functions serve the next one meanwhile; it is sampled again afterwards."""
    first, second = conversion(arms(1), alpha=1.0), conversion(arms(2), alpha=9.0)
    alone = fit_nuts(first, **FEW)
    with shared_compiles():
        compiled = compile_nuts(first)
        fit_nuts(second, **FEW)
        found = fit_nuts(first, compiled, **FEW)
    assert same(alone, found) == []
    assert data_of(first)["alpha"] == 1.0


def test_nothing_is_shared_elsewhere() -> None:
    with shared_compiles():
        pass
    model = conversion(arms(1))
    made: list[pm.Model] = []

    def make(one: pm.Model) -> pm.Model:
        made.append(one)
        return one

    assert once(model, make) is model
    assert once(model, make) is model
    assert len(made) == 2


def normal(*, sd: float = 1.0, told: str = "x", power: int = 1, lower: float = 0.0) -> pm.Model:
    with pm.Model() as model:
        data = pm.Data("x_data", np.zeros(3))
        if lower:
            bound = pm.distributions.transforms.Interval(lower, None)
            x = pm.HalfNormal(told, sd, transform=bound)
        else:
            x = pm.HalfNormal(told, sd)
        pm.Normal("y", x**power, 1, observed=data)
    return model


@pytest.mark.parametrize(
    "changed", [{"sd": 2.0}, {"told": "z"}, {"power": 2}, {"lower": 0.5}], ids=str
)
def test_what_is_part_of_the_graph_tells_structures_apart(changed: dict) -> None:
    assert structure(normal()) == structure(normal())
    assert structure(normal(**changed)) != structure(normal())


def test_numbers_of_data_do_not_and_shapes_do() -> None:
    model = normal()
    model["x_data"].set_value(np.ones(3))
    assert structure(model) == structure(normal())
    model["x_data"].set_value(np.ones(4))
    assert structure(model) != structure(normal())
    assert data_of(model)["x_data"].shape == (4,)
