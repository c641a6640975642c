"""Every case has a reference that does not come from PyMC, and it is what its command makes."""

import ast
import json
import math

import pytest

from tests.reference.__main__ import HERE, reference
from tests.test_layers import CASES, imported


@pytest.mark.parametrize("case", CASES)
def test_the_reference_is_what_its_command_makes(case: str) -> None:
    """To rounding where it is exact, else within Monte Carlo error.

    The proposal of the robust regression begins from BFGS' inverse Hessian, which differs by some
    per cent from one BLAS kernel to another; so then do the draws that a seed gives.
    """
    frozen = json.loads((HERE / f"{case}.json").read_text(encoding="utf-8"))
    again = reference(case)
    assert (frozen["method"], frozen["command"]) == (again["method"], again["command"])
    quantities: dict = again["quantities"]  # type: ignore[assignment]
    assert frozen["quantities"].keys() == quantities.keys()
    for name, numbers in quantities.items():
        was = frozen["quantities"][name]
        assert was.keys() == numbers.keys()
        for one in ("mean", "sd"):
            room = 4 * math.hypot(was[f"mcse_{one}"], numbers[f"mcse_{one}"])
            assert was[one] == pytest.approx(numbers[one], rel=1e-6, abs=max(room, 1e-12)), (
                name,
                one,
            )


@pytest.mark.parametrize("case", CASES)
def test_the_reference_knows_nothing_of_pymc(case: str) -> None:
    source = (HERE / f"{case}.py").read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source))
    assert not imported(source) & {"pymc", "arviz", "nutpie", "models", "workflow", "analyses"}
