"""What CONTRIBUTING walks through is done here: from the linear regression to a Poisson regression.

Left out is what takes long and belongs to every case: the calibration, and the page at full length.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analyses.test_new import project, run

ROOT = Path(__file__).parents[2]
HEADING = "## A Poisson regression in an hour\n"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
LONG = ("casebook run visits", "python -m tests.calibration.freeze visits", "casebook test visits")


def blocks() -> list[tuple[str, str, str]]:
    """Return the blocks of code of the walk: language, file, text."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition(HEADING)[2]
    return BLOCK.findall(text.partition("\n## ")[0])


def edited(old: str, changes: str) -> str:
    """Return a text with some lines, which it has once, in the place of others."""
    for change in changes.split("@@\n"):
        lines = change.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] == "-")
        after = "".join(line[1:] for line in lines if line[0] == "+")
        assert old.count(before) == 1, before
        old = old.replace(before, after)
    return old


def commands(folder: Path, text: str) -> None:
    """Run the commands that do not take long."""
    for line in text.splitlines():
        if line in LONG:
            continue
        quick = ["--draws", "300", "--tune", "300"] if "--quick" in line else []
        words = line.removeprefix("python ").replace("casebook", "-m analyses", 1).split()
        run(folder, *words, *quick)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which the walk was done."""
    folder = project(tmp_path_factory.mktemp("walk"))
    kinds: dict[str, Callable[[str, str], object]] = {
        "sh": lambda path, text: commands(folder, text),
        "diff": lambda path, text: (folder / path).write_text(
            edited((folder / path).read_text(encoding="utf-8"), text), encoding="utf-8"
        ),
        "python": lambda path, text: (
            run(folder, "-c", text)
            if path == "numbers"
            else (folder / path).write_text(text, encoding="utf-8")
        ),
    }
    for kind, path, text in blocks():
        kinds[kind](path, text)
    return folder


def test_it_ends_in_a_case_that_says_what_it_found(walked: Path) -> None:
    """The numbers were made with .05 and .4; the labels are the case's own."""
    found = json.loads((walked / "reports/html/visits.json").read_text(encoding="utf-8"))
    assert found["title"] == "Visits"
    assert found["question"] == "What predicts how many visits a day has, and by how much?"
    assert found["decision"] == "up: temperature_c, weekend"
    for name, true in {"slope[temperature_c]": 0.05, "slope[weekend]": 0.4}.items():
        q = found["quantities"][name]
        assert abs(q["mean"] - true) < 4 * q["sd"], name
    page = (walked / "reports/html/visits.html").read_text(encoding="utf-8")
    page = page[: page.index('id="provenance')]
    assert "difference of the log of visits a day for one sd of a number, or for a level" in page
    for left in ("progression", "diabetes", "Linear regression", "sigma", "Gaussian"):
        assert left not in page, left


def test_its_tests_pass(walked: Path) -> None:
    suite = [f"tests/cases/test_{part}.py" for part in ("density", "reference")]
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", *suite, "tests/test_layers.py"]
    said = run(walked, *words, "-k", "visits")
    assert "passed" in said
    assert "failed" not in said


def test_it_is_written_as_the_project_is(walked: Path) -> None:
    files = [f"{folder}/visits.py" for folder in ("data", "models", "analyses", "tests/cases")]
    run(walked, "-m", "ruff", "check", *files)
    run(walked, "-m", "ruff", "format", "--check", *files)
    run(walked, "-m", "mypy", *files)
