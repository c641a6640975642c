"""A case of one's own: the smallest one, or a copy of another one, under a name of its own."""

import contextlib
import importlib.util
import keyword
import re
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE, SMALLEST = "analyses/_template", "my_case"  # where the smallest case is, and its stem
# In the order in which one works; what is not there is not copied.
CASE = ("data/{}.csv", "data/{}.md", "data/{}.py", "models/{}.py", "analyses/{}.py")
TESTS = (
    "tests/data/test_{}.py",
    "tests/brought/{}.py",
    "tests/cases/{}.py",
    "tests/cases/{}.json",
    "tests/analyses/test_{}.py",
)
PLACES = (*CASE, *TESTS)
DRAFT = "tests/cases/{}.draft"  # says of which case the tests of a draft will be copies
TODO = {
    "data/{}.csv": "your numbers",
    "data/{}.md": "where they come from, columns, units, licence",
    "data/{}.py": "load(): what a file of yours must be like",
    "models/{}.py": "the model, and its mathematics in the docstring",
    "analyses/{}.py": "the question (first line), then the argument from top to bottom",
    "tests/data/test_{}.py": "which files are read, and which refused",
    "tests/brought/{}.py": "files that people bring: how they are read, sound ones, faulty ones",
    "tests/cases/{}.py": "density and posterior without PyMC, designs, wrong models; then python "
    "-m tests.reference {0} and python -m tests.calibration.freeze {0}",
    "tests/analyses/test_{}.py": "what the analysis says",
}
MARK = re.compile(r"\bEDIT\b(?:: (.*?))?(?: *-->)?$", flags=re.MULTILINE)


def copy(source: str | None, name: str, *, draft: bool = False) -> list[str]:
    """Copy the files of the case `source`, of the smallest one for None; return their paths.

    All are written, or none. `source` becomes `name` where it stands as a word, and its title that
    of `name`; data stay as they are, byte for byte. The tests of a `draft` are left out; see
    `write_tests`.

    Raises
    ------
    ValueError
        The name cannot be that of a case, or is taken.
    OSError
        A file cannot be read or written.
    """
    check_name(name)
    contents = _renamed(source, name, CASE if draft else PLACES)
    written = dict(contents)
    if draft:
        written[DRAFT.format(name)] = f"{source or ''}\n".encode()
    _write_all(written, last=f"analyses/{name}.py")
    return list(contents)


def write_tests(name: str) -> list[str]:
    """Write the tests that a draft was made without, as copies; return their paths.

    Raises
    ------
    ValueError
        The case is not there, or is no draft.
    OSError
        A file cannot be read or written.
    """
    note = ROOT / DRAFT.format(name)
    if not note.is_file():
        raise ValueError(f"{name!r} is no draft: its tests are there, or it is not")
    source = note.read_text(encoding="utf-8").strip() or None
    contents = _renamed(source, name, TESTS)
    _write_all(contents, last=f"tests/cases/{name}.py")
    note.unlink()
    return list(contents)


def _renamed(source: str | None, name: str, places: Iterable[str]) -> dict[str, bytes]:
    """Return the files of a case at some places, by their new paths."""
    root, stem = (ROOT, source) if source else (ROOT / TEMPLATE, SMALLEST)
    word, title = re.compile(rf"\b(test_)?{re.escape(stem)}\b"), _title(name)
    contents = {}
    for place in places:
        old = root / place.format(stem)
        if not old.is_file():
            continue
        content = old.read_bytes()
        if old.suffix != ".csv":
            text = word.sub(rf"\g<1>{name}", content.decode())
            if place == "analyses/{}.py":
                text = re.sub(r'\btitle="[^"]*"', f'title="{title}"', text)
            content = text.encode()
        contents[place.format(name)] = content
    return contents


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def check_name(name: str) -> None:
    """Raise a ValueError that says why, if a new case cannot be called `name`."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise ValueError(
            f"{name!r} cannot be the name of a case: lower-case letters, digits and _, a letter "
            "first, and no word of Python"
        )
    # `python analyses/<case>.py` has the folder analyses/ on the path, where it would hide those;
    # pages have the names of cases.
    if name in sys.stdlib_module_names or _is_package(name):
        raise ValueError(f"{name!r} is the name of a package that it would hide; choose another")
    if name in {"index", "conftest"} or name.startswith(("test_", "proof_", "compare_")):
        raise ValueError(f"{name!r} is kept for pages and tests; choose another")
    for place in (*PLACES, DRAFT):
        if (ROOT / place.format(name)).exists():
            raise ValueError(f"{name!r} is taken: there is {place.format(name)}; choose another")


def _is_package(name: str) -> bool:
    """Say whether `import name` finds something; a mere folder with that name is none."""
    spec = importlib.util.find_spec(name)
    return spec is not None and spec.origin is not None


def _write_all(contents: dict[str, bytes], *, last: str) -> None:
    """Write new files, or none. The analysis is the `last`: it is what makes them a case."""
    written: list[Path] = []
    try:
        for path in sorted(contents, key=lambda path: path == last):
            with (ROOT / path).open("xb") as file:
                written.append(ROOT / path)
                file.write(contents[path])
    except BaseException:
        for done in written:
            with contextlib.suppress(OSError):
                done.unlink()
        raise


def marks(path: str) -> list[str]:
    """Return the marked lines of a file, as line and what is to be edited there."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return [
        f"line {text.count('\n', 0, found.start()) + 1}: {found[1] or 'see there'}"
        for found in MARK.finditer(text)
    ]


def next_steps(name: str, made: list[str]) -> list[str]:
    """Say what to edit, in order and by the lines that are marked, and how to know it is right."""
    width = max(map(len, made))
    edits = list[str]()
    places = [one for one in PLACES if one.format(name) in made and one in TODO]
    for number, place in enumerate(places, start=1):
        path = place.format(name)
        edits.append(f"{number:>3}. {path:<{width}}  {TODO[place].format(name)}")
        edits += [f"{'':>5}{one}" for one in marks(path)]
    tested = any(path.startswith("tests/") for path in made)
    return [
        f"{name} is there ({len(made)} files)"
        + (" and passes the tests as it is" if tested else ", a draft without tests")
        + ". Edit, in this order:",
        *edits,
        f"Then: casebook run {name} --quick; casebook run {name}; casebook test {name}"
        + ("" if tested else " --write, when the model stands")
        + "; and for make check, because names sort and wrap in their own way: "
        "ruff check --fix . && ruff format .",
    ]
