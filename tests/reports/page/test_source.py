"""The source on a page is whole: what is copied runs, and builds the model."""

import importlib
import inspect
import sys
from pathlib import Path
from types import ModuleType

import pytest

from models.linear_regression import gaussian
from reports.blocks.structure import structure
from reports.page.source import sources

ROOT = Path(__file__).parents[3]
CASES = sorted(path.stem for path in (ROOT / "analyses").glob("[!_]*.py"))


def test_modules_that_a_model_is_built_from_come_with_it() -> None:
    found = sources(gaussian)
    names = ["linear_regression", "_imputed", "_regression", "_sums"]
    assert [one.name for one in found] == [f"models/{name}.py" for name in names]
    for one in found:
        assert one.text == (ROOT / one.name).read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_what_is_copied_builds_the_model(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module(f"models.{case}")
    tested = importlib.import_module(f"tests.cases.{case}")
    ours = own(module)
    names = [name for name, one in vars(tested).items() if any(one is our for our in ours)]
    expected = tested.shipped()
    for one in reversed(sources(getattr(module, names[0]))):
        name = one.name.removesuffix(".py").replace("/", ".")
        copy = ModuleType(name)
        exec(compile(one.text, one.name, "exec"), vars(copy))
        monkeypatch.setitem(sys.modules, name, copy)
    for name in names:
        monkeypatch.setattr(tested, name, getattr(sys.modules[f"models.{case}"], name))
    assert getattr(tested, names[0]) is not getattr(module, names[0])
    found = structure(tested.shipped())
    assert len(found) > 3
    assert set(found.edges) == set(structure(expected).edges)


def own(module: ModuleType) -> list[object]:
    return [one for one in vars(module).values() if inspect.isfunction(one)]
