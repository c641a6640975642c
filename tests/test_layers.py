"""Imports run one way: data, models, workflow <- reports (workflow's types) <- analyses."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "data": {"data"},
    "models": {"models"},
    "workflow": {"workflow"},
    "reports": {"reports", "workflow"},
    "analyses": {"analyses", "data", "models", "reports", "workflow"},
}
MODULES = [path for layer in ALLOWED for path in sorted((ROOT / layer).rglob("*.py"))]
CASES = sorted(path.stem for path in (ROOT / "analyses").glob("[!_]*.py"))


def imported(source: str) -> set[str]:
    """Return the top-level names that a module imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names.add((node.module or "").partition(".")[0])
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    layer = path.relative_to(ROOT).parts[0]
    ours = imported(path.read_text(encoding="utf-8")) & {*ALLOWED, "tests"}
    assert ours <= ALLOWED[layer]


def test_a_forbidden_import_is_seen() -> None:
    assert imported("def f():\n    from analyses import x\n    import data.y") == {
        "analyses",
        "data",
    }


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_five_files(case: str) -> None:
    for name in ("data/{}.csv", "data/{}.md", "data/{}.py", "models/{}.py", "analyses/{}.py"):
        assert (ROOT / name.format(case)).is_file(), name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
