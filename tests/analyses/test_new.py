"""A new case is a whole copy of another: it passes the tests, and never is half a case."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analyses import _new
from analyses._new import PLACES, check_name, copy, next_steps, write_tests
from tests.test_layers import CASES

ROOT = Path(__file__).parent.parent.parent
FIVE = [place for place in PLACES if not place.startswith("tests/")]


def project(folder: Path) -> Path:
    """Copy all files that are, or could be, committed to `folder`."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


def run(folder: Path, *words: str, ok: bool = True) -> str:
    """Run Python in a project; return what it says."""
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) == ok, done.stdout + done.stderr
    return done.stdout + done.stderr


def checked(folder: Path, *words: str) -> str:
    return run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A project where every case has been copied, and the copies (name: source)."""
    folder = project(tmp_path_factory.mktemp("grown"))
    names = {f"{'az'[i % 2]}{i}_of_mine": case for i, case in enumerate(CASES)}
    for name, case in names.items():
        said = run(folder, "-m", "analyses", "new", name, "--from", case)
        assert f"analyses/{name}.py" in said
    return folder, names


def test_every_case_can_be_copied_whole(grown: tuple[Path, dict[str, str]]) -> None:
    folder, names = grown
    for name, case in names.items():
        there = [place for place in PLACES if (ROOT / place.format(case)).is_file()]
        assert set(FIVE) <= set(there)
        assert [place for place in PLACES if (folder / place.format(name)).is_file()] == there
    listed = json.loads(run(folder, "-m", "analyses", "list", "--json"))
    asked = {one["case"]: one["question"] for one in listed}
    assert asked.keys() == {*CASES, *names}
    assert all(asked[name] == asked[case] for name, case in names.items())


def test_copies_keep_the_layers_and_all_their_modules_import(
    grown: tuple[Path, dict[str, str]],
) -> None:
    """Collecting imports every test, and what it tests."""
    folder, names = grown
    mine = " or ".join(names)
    assert "passed" in checked(folder, "tests/test_layers.py", "-k", mine)
    collected = checked(folder, "--collect-only", "-k", mine)
    for name in names:
        assert f"test_every_wrong_model_was_found_out_by_more[{name}]" in collected
        assert f"test_page_has_every_part_of_the_argument[{name}]" in collected
    modules = [
        place.format(name).removesuffix(".py").replace("/", ".")
        for name in names
        for place in PLACES
        if (folder / place.format(name)).is_file() and place.endswith(".py")
    ]
    run(folder, "-c", f"import importlib; [importlib.import_module(m) for m in {modules}]")


def test_a_copy_passes_the_tests_as_it_is(grown: tuple[Path, dict[str, str]]) -> None:
    folder, names = grown
    (name,) = (name for name, case in names.items() if case == "ab_test")
    assert "failed" not in checked(folder, f"tests/data/test_{name}.py")
    suite = [f"tests/cases/test_{part}.py" for part in ("complete", "density", "reference")]
    assert "failed" not in checked(folder, *suite, "tests/test_layers.py", "-k", name)


@pytest.mark.validate
def test_a_copy_passes_the_tests_of_its_page(grown: tuple[Path, dict[str, str]]) -> None:
    """And those of its own that fit for long."""
    folder, names = grown
    (name,) = (name for name, case in names.items() if case == "ab_test")
    assert "failed" not in checked(folder, f"tests/cases/{name}.py")
    assert "failed" not in checked(folder, "tests/cases/test_page.py", "-k", name)


def test_a_copy_is_renamed_as_a_word_and_its_data_are_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_new, "ROOT", tmp_path)
    texts = {
        "data/a.csv": "a,b\na,1\n",
        "data/a.py": 'from data.a import x\r\nNAME, LARGE = "a", "a_large"\r\n',
        "models/a.py": "ba = aa = a.a\n",
        "analyses/a.py": '"""See tests/models/test_a.py and latest_a."""\n',
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text.encode())
    assert copy("a", "new") == ["data/new.csv", "data/new.py", "models/new.py", "analyses/new.py"]
    assert (tmp_path / "data/new.csv").read_bytes() == b"a,b\na,1\n"
    renamed = b'from data.new import x\r\nNAME, LARGE = "new", "a_large"\r\n'
    assert (tmp_path / "data/new.py").read_bytes() == renamed
    assert (tmp_path / "models/new.py").read_text() == "ba = aa = new.new\n"
    assert "tests/models/test_new.py and latest_a." in (tmp_path / "analyses/new.py").read_text()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Mine",
        "2nd",
        "my-case",
        "my case",
        "../mine",
        "mine.py",
        "größe",
        "mine\n",
        "_mine",
        "__main__",
        "lambda",
        "ab_test",  # taken, as the next one is by a module of tests
        "table",
        "index",  # its page would be the index
        "proof_mine",
        "test_mine",
        "conftest",
        "random",  # `python analyses/ab_test.py` would import it
        "numpy",
        "data",
    ],
)
def test_a_name_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"choose another|cannot be the name"):
        check_name(name)


@pytest.mark.parametrize("name", ["mine", "my_case2", "match"])
def test_a_name_that_can_be_is_taken(name: str) -> None:
    check_name(name)


def test_there_is_never_half_a_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands in the way, at whichever file."""
    monkeypatch.setattr(_new, "ROOT", tmp_path)
    for place in FIVE:
        path = tmp_path / place.format("old")
        path.parent.mkdir(exist_ok=True)
        path.write_text("old")
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(_new, "check_name", lambda name: None)  # it came a moment later
    for place in FIVE:
        mine = tmp_path / place.format("mine")
        mine.write_text("somebody's")
        with pytest.raises(FileExistsError):
            copy("old", "mine")
        assert mine.read_text() == "somebody's"
        mine.unlink()
        assert sorted(tmp_path.rglob("*")) == before
    assert len(copy("old", "mine")) == 5


def test_the_command_line_says_why_not() -> None:
    said = run(ROOT, "-m", "analyses", "new", "ab_test", "--from", "ab_test", ok=False)
    assert "data/ab_test.csv" in " ".join(said.split())
    assert "'x' is not one of" in run(ROOT, "-m", "analyses", "new", "y", "--from", "x", ok=False)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A project with the smallest case, and what was said when it was made."""
    folder = project(tmp_path_factory.mktemp("small"))
    return folder, run(folder, "-m", "analyses", "new", "my_counts")


def test_the_smallest_case_passes_its_tests(small: tuple[Path, str]) -> None:
    folder, _ = small
    suite = [f"tests/cases/test_{part}.py" for part in ("complete", "density", "reference")]
    said = checked(folder, *suite, "tests/test_layers.py", "-k", "my_counts")
    assert "passed" in said
    assert "failed" not in said
    quick = ("run", "my_counts", "--quick", "--draws", "200", "--tune", "200")
    assert "has the highest rate" in run(folder, "-m", "analyses", *quick)


def test_the_smallest_case_is_small() -> None:
    lines = {
        name: (ROOT / f"analyses/_template/{name}/my_case.py").read_text().count("\n")
        for name in ("models", "analyses")
    }
    assert lines["models"] <= 30
    assert lines["analyses"] <= 80


def test_every_marked_line_is_named(small: tuple[Path, str]) -> None:
    """By file, line and what it is; and what has to be marked is: the numbers and their source."""
    folder, said = small
    for path in (place.format("my_counts") for place in PLACES):
        there = folder / path
        lines = there.read_text().splitlines() if there.is_file() else []
        for number, line in enumerate(lines, start=1):
            assert ("EDIT" in line) == (f"line {number}: " in said_of(said, path)), line
    assert "line 4: the first line is the question" in said


def said_of(said: str, path: str) -> str:
    """Return what was said of a file: the lines below its own."""
    rest = said.partition(f" {path} ")[2]
    return re.split(r"^ *\d+\. |^Then", rest, flags=re.MULTILINE)[0]


def test_a_draft_gets_its_tests_when_the_model_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_new, "ROOT", tmp_path)
    for place in (*FIVE, "tests/cases/{}.py"):
        path = tmp_path / place.format("old")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("old")
    assert copy("old", "mine", draft=True) == [place.format("mine") for place in FIVE]
    assert (tmp_path / "tests/cases/mine.draft").read_text() == "old\n"
    assert any("a draft without tests" in line for line in next_steps("mine", ["data/mine.csv"]))
    assert write_tests("mine") == ["tests/cases/mine.py"]
    assert (tmp_path / "tests/cases/mine.py").read_text() == "mine"
    assert not (tmp_path / "tests/cases/mine.draft").exists()
    with pytest.raises(ValueError, match="is no draft"):
        write_tests("mine")


def test_the_title_follows_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_new, "ROOT", tmp_path)
    (tmp_path / "analyses").mkdir()
    (tmp_path / "analyses/a.py").write_text('Study("a", title="A/B test")\n')
    copy("a", "my_case2")
    assert (tmp_path / "analyses/my_case2.py").read_text() == (
        'Study("my_case2", title="My case2")\n'
    )
    for case in CASES:  # else it is made of the stem
        source = (ROOT / f"analyses/{case}.py").read_text(encoding="utf-8")
        assert ("title" in source) == ('title="' in source), case


def test_what_to_edit_is_said_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_new, "ROOT", tmp_path)
    made = [place.format("mine") for place in PLACES]
    for path in made:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("nothing is marked\n")
    lines = next_steps("mine", made)
    numbered = [line.split() for line in lines if line.lstrip()[0].isdigit()]
    assert [words[0] for words in numbered] == [f"{i + 1}." for i in range(len(numbered))]
    assert [words[1] for words in numbered] == [path for path in made if ".json" not in path]
    assert "casebook run mine" in lines[-1]
    assert "--write" not in lines[-1]
    assert "casebook test mine --write" in next_steps("mine", made[:5])[-1]
