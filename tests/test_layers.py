"""Imports run one way, and each module stands in its room.

analyses -> reports/subject -> reports/stage -> workflow/subject -> workflow/stage -> quantities.
"""

import ast
from collections.abc import Iterator, Sequence
from functools import cache
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
# Each stage may import those before it, in its own folder.
STAGES = {
    "workflow": [
        ("checking",),
        ("sampling",),
        ("scoring", "variational", "sensitivity", "deciding", "calibrating"),
        ("predicting", "comparing", "play"),
    ],
    "reports": [
        ("blocks",),
        ("drawing", "terminal"),
        ("publishing",),
        ("page",),
        ("scoring", "comparing", "play"),
    ],
}
# A room that is no stage is a subject; CONTRIBUTING says of each what it is for.
SUBJECTS = {
    path.name
    for layer, levels in STAGES.items()
    for path in (ROOT / layer).iterdir()
    if (path / "__init__.py").is_file() and not any(path.name in level for level in levels)
}
LOOSE = {
    "workflow/chains.py": "diagnostics of arrays, which the summaries of draws are made with",
    "workflow/quantities.py": "summaries of draws, which all stages and subjects speak in",
    "reports/picture.py": "takes the pictures of the README; no page needs it",
}
# Modules of a stage that one case alone reaches so far, and why they do not belong to its subject.
ALONE = {
    "workflow/comparing/forms.py": "outcomes told in several ways: `casebook compare` needs it",
    "workflow/predicting/counts.py": "the next trials of any rate: `casebook predict` needs it",
    "workflow/predicting/quantiles.py": "new rows of any lines: `casebook predict` needs it",
    "workflow/predicting/huber.py": "new rows of fits with this noise: `casebook predict` needs it",
    "workflow/predicting/groups.py": "new rows of any fit with groups: `casebook predict` needs it",
    "workflow/predicting/shares.py": "new rows of any fit of shares: `casebook predict` needs it",
    "workflow/variational/laplace.py": "an approximation of any model, as ADVI is",
    "workflow/variational/pathfinder.py": "an approximation of any model, as ADVI is",
    "workflow/scoring/paired.py": "two sets of probabilities for the same events",
}
TEMPLATE = ROOT / "analyses/_template"  # a case by itself, whose copies are tested
MODULES = [
    path
    for layer in ALLOWED
    for path in sorted((ROOT / layer).rglob("*.py"))
    if not path.is_relative_to(TEMPLATE)
]
ROOMS = [path for path in MODULES if path.relative_to(ROOT).parts[0] in STAGES]
CASES = sorted(path.stem for path in (ROOT / "analyses").glob("[!_]*.py"))
by_path = pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))


def imports(source: str) -> Iterator[str]:
    """Yield the modules that a module imports, anywhere in it; `from a import b` yields a.b."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported(source: str) -> set[str]:
    """Return the top-level names that a module imports."""
    return {name.partition(".")[0] for name in imports(source)}


@cache
def ours(path: Path) -> frozenset[Path]:
    """Return the modules of the casebook that the one at `path` imports itself."""
    found = set()
    for name in imports(path.read_text(encoding="utf-8")):
        whole = ROOT.joinpath(*name.split("."))
        candidates = (whole.with_suffix(".py"), whole.parent.with_suffix(".py"))
        found |= {one for one in candidates if one in MODULES}
    return frozenset(found)


def room(path: Path) -> tuple[str, str]:
    """Return the folder and the room of a module; of a loose one the room is ""."""
    layer, *rest = path.relative_to(ROOT).parts
    return layer, rest[0] if len(rest) > 1 else ""


def may_import(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Say whether a module of one room may import a module of another."""
    if one == other:
        return True
    layer, name = one
    if other[0] != layer:  # workflow, from reports
        return name in SUBJECTS or other[1] not in SUBJECTS
    if not other[1]:  # what is loose is everybody's, and imports nothing
        return True
    if name in SUBJECTS:
        return other[1] not in SUBJECTS
    level = next((i for i, stages in enumerate(STAGES[layer]) if name in stages), 0)
    before = [stage for stages in STAGES[layer][:level] for stage in stages]
    return other[1] in before


@by_path
def test_imports_run_one_way(path: Path) -> None:
    layer = path.relative_to(ROOT).parts[0]
    found = imported(path.read_text(encoding="utf-8")) & {*ALLOWED, "tests"}
    assert found <= ALLOWED[layer]


def test_a_forbidden_import_is_seen() -> None:
    assert imported("def f():\n    from analyses import x\n    import data.y") == {
        "analyses",
        "data",
    }


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_no_other_subject_and_no_later_stage(path: Path) -> None:
    for other in ours(path):
        assert may_import(room(path), room(other)), other.relative_to(ROOT)


def test_which_rooms_may_import_which() -> None:
    for one, other, allowed in (
        ("workflow/rates", "workflow/deciding", True),
        ("workflow/rates", "workflow/regression", False),
        ("workflow/sampling", "workflow/rates", False),
        ("workflow/sampling", "workflow/checking", True),
        ("workflow/checking", "workflow/sampling", False),
        ("workflow/scoring", "workflow/deciding", False),
        ("reports/page", "workflow/rates", False),
        ("reports/rates", "workflow/rates", True),
        ("reports/blocks", "reports/page", False),
    ):
        here, there = one.split("/"), other.split("/")
        assert may_import((here[0], here[1]), (there[0], there[1])) is allowed, (one, other)


def test_every_room_is_in_the_table_of_rooms() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = {line.split()[0] for line in text.splitlines() if line.startswith("      ")}
    stages = {stage for levels in STAGES.values() for level in levels for stage in level}
    assert stages | SUBJECTS <= table
    assert {"rates", "regression"} <= SUBJECTS
    assert not SUBJECTS & stages


def test_no_module_is_loose() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in ROOMS
        if not room(path)[1] and path.name != "__init__.py"
    }
    assert found == LOOSE.keys()


def reached(case: str) -> set[Path]:
    """Return all modules that a case needs, those that its modules need among them."""
    found: set[Path] = set()
    waiting = [ROOT / f"analyses/{case}.py"]
    while waiting:
        found.add(one := waiting.pop())
        waiting += ours(one) - found
    return found


def test_a_stage_serves_more_than_one_case() -> None:
    """What one case alone reaches lies with its subject, or stands in `ALONE` with the reason."""
    stages = {stage for levels in STAGES.values() for level in levels for stage in level}
    by_case = [reached(case) for case in CASES]
    alone = {
        str(path.relative_to(ROOT))
        for path in ROOMS
        if room(path)[1] in stages and sum(path in found for found in by_case) == 1
    }
    assert alone == ALONE.keys()


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_five_files(case: str) -> None:
    for name in ("data/{}.csv", "data/{}.md", "data/{}.py", "models/{}.py", "analyses/{}.py"):
        assert (ROOT / name.format(case)).is_file(), name


@by_path
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("case", CASES)
def test_an_analysis_is_short(case: str) -> None:
    """At most 200 lines, of which 130 of `main`'s body and 12 of imports."""
    text = (ROOT / f"analyses/{case}.py").read_text(encoding="utf-8")
    body = ast.parse(text).body
    imports = [one for one in body if isinstance(one, ast.Import | ast.ImportFrom)]
    main = next(one for one in body if isinstance(one, ast.FunctionDef) and one.name == "main")
    assert text.count("\n") <= 200
    assert length(main.body[1:]) <= 130  # without its docstring
    assert sum(length([one]) for one in imports) <= 12


def length(nodes: Sequence[ast.stmt]) -> int:
    """Return how many lines some statements take, what stands between them included."""
    return (nodes[-1].end_lineno or 0) - nodes[0].lineno + 1


@by_path
def test_modules_and_functions_are_short(path: Path) -> None:
    """At most 200 lines, and 40 of a function without its docstring; `main` is the argument."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 200
    functions = [one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.FunctionDef)]
    bodies = {
        f"{one.name}, line {one.lineno}": one.body[ast.get_docstring(one) is not None :]
        for one in functions
        if one.name != "main"
    }
    assert {name: length(body) for name, body in bodies.items() if body and length(body) > 40} == {}
