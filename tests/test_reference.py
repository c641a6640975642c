"""Every case has a reference that does not come from PyMC, and it is what its command makes."""

import ast
import json

import pytest

from tests.reference.__main__ import HERE, reference
from tests.test_layers import CASES, imported


@pytest.mark.parametrize("case", CASES)
def test_the_reference_is_what_its_command_makes(case: str) -> None:
    frozen = json.loads((HERE / f"{case}.json").read_text(encoding="utf-8"))
    again = reference(case)
    assert (frozen["method"], frozen["command"]) == (again["method"], again["command"])
    quantities: dict = again["quantities"]  # type: ignore[assignment]
    assert frozen["quantities"].keys() == quantities.keys()
    for name, numbers in quantities.items():
        assert frozen["quantities"][name] == pytest.approx(numbers, rel=1e-6), name


@pytest.mark.parametrize("case", CASES)
def test_the_reference_knows_nothing_of_pymc(case: str) -> None:
    source = (HERE / f"{case}.py").read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source))
    assert not imported(source) & {"pymc", "arviz", "nutpie", "models", "workflow", "analyses"}
