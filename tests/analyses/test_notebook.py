"""Every case as a notebook: whole, made of the analysis' own lines, and of the page's opinion."""

import ast
import importlib
import importlib.util
import inspect
import io
import json
import os
import re
import sys
import tokenize
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

from analyses._cells import SHOWN, STEPS
from analyses._notebook import NotebookError, percent, write
from reports.publishing.files import OutputError
from tests.conftest import SEED
from tests.test_layers import CASES

ROOT = Path(__file__).parent.parent.parent
LAST = ("A paragraph on methods", "Where this page comes from")  # lines of a page alone
DEMO = '''"""Is this a case?

About it.
"""

from reports.page.page import HTML, Report


def main(data=1, out=HTML):
    """Run it."""
    settings = dict(locals())
    study = Report("demo", settings)
    return study.save(out)
'''


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], str]:
    """A function that replaces a part of a small analysis and returns it as a notebook's text."""

    def make(old: str, new: str) -> str:
        path = tmp_path / "demo.py"
        path.write_text(DEMO.replace(old, new), encoding="utf-8")
        spec = importlib.util.spec_from_file_location("analyses.demo", path)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        monkeypatch.setitem(sys.modules, "analyses.demo", module)
        return percent("demo")

    return make


def cells(text: str) -> list[str]:
    """Return the sources of the code cells."""
    found = jupytext.reads(text, fmt="py:percent").cells
    return [cell.source for cell in found if cell.cell_type == "code"]


def statements(codes: list[str]) -> list[str]:
    """Return statements as Python prints them, without what a notebook adds to show a section."""
    found = [ast.unparse(node) for code in codes for node in ast.parse(code).body]
    return [one for one in found if one != SHOWN]


def test_it_is_a_notebook(case: str, tmp_path: Path) -> None:
    path = write(case, tmp_path / f"{case}.ipynb")
    text = path.read_text(encoding="utf-8")
    found = nbformat.read(path, as_version=4)
    nbformat.validate(found)
    assert found.metadata.kernelspec.name == "python3"
    assert found.cells[0].source.startswith(f"# {inspect.getdoc(_module(case))}".split("\n")[0])
    assert f"`casebook notebook {case}`" in found.cells[0].source
    assert write(case, path).read_text(encoding="utf-8") == text
    assert [p.name for p in tmp_path.glob("[!.]*")] == [f"{case}.ipynb"]


def test_text_and_notebook_are_the_same(case: str) -> None:
    text = percent(case)
    assert jupytext.writes(jupytext.reads(text, fmt="py:percent"), fmt="py:percent") == text


def test_it_has_the_statements_and_comments_of_main(case: str) -> None:
    text, source = percent(case), inspect.getsource(_module(case).main)
    (main,) = ast.parse(source).body
    assert isinstance(main, ast.FunctionDef)
    found = statements(cells(text))
    for code in cells(text):
        compile(code, case, "exec")
    wanted = [ast.unparse(node) for node in main.body[2:-1]]
    start = found.index(wanted[0])
    assert found[start : start + len(wanted)] == wanted
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        assert token.type != tokenize.COMMENT or token.string in text


def test_every_section_is_shown(case: str) -> None:
    """In the cell that adds it, which ends by displaying what is new."""
    adds = re.compile(rf"\bstudy\.(?:{'|'.join(STEPS)})\(")
    for code in cells(percent(case)):
        assert bool(adds.search(code)) == code.endswith(SHOWN), code
    assert adds.search(inspect.getsource(_module(case).main))


def test_settings_are_the_options_and_their_defaults(case: str) -> None:
    module = _module(case)
    found = jupytext.reads(percent(case), fmt="py:percent").cells
    (cell,) = (one for one in found if one.metadata.get("tags") == ["parameters"])
    values: dict[str, Any] = {}
    exec(cell.source, vars(module) | {"Path": Path}, values)
    defaults = {k: one.default for k, one in inspect.signature(module.main).parameters.items()}
    assert values == defaults | {"out": Path("html")}
    assert "seed = 2026  # Same seed and machine: same draws, bit for bit." in cell.source
    named = next(one for one in statements(cells(percent(case))) if one.startswith("settings ="))
    assert named == f"settings = dict({', '.join(f'{name}={name}' for name in defaults)})"


def test_only_what_it_uses_is_imported(demo: Callable[[str, str], str]) -> None:
    assert "from reports.page.page import Report\n" in demo("", "")
    assert not {"typer", "Annotated", "HTML"} & set(re.findall(r"\w+", percent("ab_test")))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("    study =", "    if data: return 3\n    study =", "'return' outside function"),
        ("    study =", "    yield 3\n    study =", "'yield' outside function"),
        ("    settings = dict(locals())\n", "", "begin with settings = dict(locals())"),
        ("return study.save(out)", "study.save(out)", "does not end in return study.save"),
        ("data=1", "data", "a parameter of main has no default"),
        ("data=1", "Report=1", "names of its own that the module has, too: ['Report']"),
        ("study =", "HTML = study =", "names of its own that the module has, too: ['HTML']"),
        ('"demo"', '"""one\n    two"""', "a text in quotes that goes over several lines"),
        ('    """Run it."""\n', "", "has no docstring"),
    ],
)
def test_another_form_is_refused(
    demo: Callable[[str, str], str], old: str, new: str, why: str
) -> None:
    with pytest.raises(NotebookError, match=re.escape(why)) as raised:
        demo(old, new)
    assert str(raised.value).startswith("analyses/demo.py cannot become a notebook: ")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot write"):
        write("ab_test", tmp_path / "file" / "x.ipynb")


# Executing one takes a minute or two: of the first case always, of the others in `make validate`.
EXECUTED = [
    pytest.param(case, marks=[] if case == CASES[0] else pytest.mark.validate) for case in CASES
]


@pytest.mark.parametrize("case", EXECUTED)
def test_executed_it_says_what_the_analysis_says(
    case: str, tmp_path: Path, made: Callable[[str], tuple[Path, int]]
) -> None:
    """Also from a folder that has folders called like ours."""
    (tmp_path / "models").mkdir()
    done = execute(tmp_path, {"draws": 300, "seed": SEED}, case=case)
    mine, other = (
        json.loads((folder / f"{case}.json").read_text(encoding="utf-8"))
        for folder in (tmp_path / "html", made(case)[0])
    )
    for key in ("answer", "status", "warnings", "quantities", "scalars", "decision", "advi"):
        mine[key], other[key] = without_seconds(mine[key]), without_seconds(other[key])
        assert mine[key] == other[key], key
    assert mine["provenance"]["command"] == other["provenance"]["command"]
    assert f"{mine['status']}: {mine['answer']}\n" in printed(done)
    shown, page = html(done), (tmp_path / "html" / f"{case}.html").read_text(encoding="utf-8")
    headings = re.findall(r"<section class=\"casebook.*\n<h2>(.*)</h2>", shown)
    lines = re.findall(r"<h3>(.*?)</h3>", page)
    assert sorted([*headings, *LAST]) == sorted(lines)  # a page has them by part
    first = page[: page.index("<h3>")]
    assert shown.count("<svg") == page.count("<svg") - first.count("<svg")
    assert f"href='html/{case}.html'" in shown
    streams = [o for cell in done.cells for o in cell.get("outputs", []) if "text" in o]
    assert {one.name for one in streams} == {"stdout"}
    assert "\x1b" not in printed(done)


def test_executed_it_withholds_what_the_page_withholds(tmp_path: Path) -> None:
    settings = {"draws": 50, "tune": 100, "chains": 1, "quick": True}
    done = execute(tmp_path, settings, "print(study.page.answer)")
    withheld = done.cells.pop().outputs[0].text.strip()
    assert withheld
    assert "FAIL: The answer is withheld" in printed(done)
    assert withheld not in printed(done) + html(done)
    assert "choose gate" not in (printed(done) + html(done)).lower()


def execute(
    folder: Path, settings: Mapping[str, object], *more: str, case: str = "ab_test"
) -> NotebookNode:
    """Run the notebook of a case in `folder` by this Python, with some settings and more cells."""
    found = nbformat.read(write(case, folder / f"{case}.ipynb"), as_version=4)
    (cell,) = (one for one in found.cells if one.metadata.get("tags") == ["parameters"])
    cell.source = "\n".join([cell.source, *(f"{name} = {v!r}" for name, v in settings.items())])
    found.cells += [nbformat.v4.new_code_cell(source) for source in more]
    own = KernelSpecManager(kernel_dirs=[])  # no kernel of the user's, that is: this interpreter
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=own)
    environment = {"PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder / ".ipython")}
    client = NotebookClient(found, km=manager, timeout=300)
    client.execute(cwd=str(folder), env=os.environ | environment, cleanup_kc=True)
    return found


def printed(done: NotebookNode) -> str:
    """Return what the cells printed."""
    outputs = [one for cell in done.cells for one in cell.get("outputs", [])]
    return "".join(one.text for one in outputs if one.output_type == "stream")


def html(done: NotebookNode) -> str:
    """Return what the cells showed."""
    outputs = [one for cell in done.cells for one in cell.get("outputs", [])]
    return "\n".join(one.data.get("text/html", "") for one in outputs if "data" in one)


def without_seconds(found: Any) -> Any:
    """Return a part of the summary without how long things took."""
    if isinstance(found, dict):
        return {k: without_seconds(v) for k, v in found.items() if "seconds" not in k}
    return found


def _module(case: str) -> Any:
    return importlib.import_module(f"analyses.{case}")
