"""A case of one's own: a copy of another one, under another name."""

import contextlib
import importlib.util
import keyword
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# In the order in which one works; what is not there is not copied.
PLACES = (
    "data/{}.csv",
    "data/{}.md",
    "data/{}.py",
    "models/{}.py",
    "analyses/{}.py",
    "tests/data/test_{}.py",
    "tests/models/test_{}.py",
    "tests/analyses/test_{}.py",
    "tests/reference/{}.py",
    "tests/reference/{}.json",
    "tests/calibration/{}.py",
    "tests/calibration/{}.json",
)
TODO = {
    "data/{}.csv": "your numbers",
    "data/{}.md": "where they come from, columns, units, licence",
    "data/{}.py": "load(): what a file of yours must be like",
    "models/{}.py": "the model, and its mathematics in the docstring",
    "analyses/{}.py": "the question (first line), then the argument from top to bottom",
    "tests/data/test_{}.py": "which files are read, and which refused",
    "tests/models/test_{}.py": "the model against numbers that are not PyMC's",
    "tests/analyses/test_{}.py": "what the analysis says",
    "tests/reference/{}.py": "the posterior without PyMC; python -m tests.reference {} freezes it",
    "tests/calibration/{}.py": "designs and wrong models; python -m tests.calibration --freeze",
}


def copy(source: str, name: str) -> list[str]:
    """Copy the files of the case `source`, its tests too, for a case `name`; return their paths.

    All are written, or none. `source` becomes `name` where it stands as a word; data stay as they
    are, byte for byte.

    Raises
    ------
    ValueError
        The name cannot be that of a case, or is taken.
    OSError
        A file cannot be read or written.
    """
    check_name(name)
    word = re.compile(rf"\b(test_)?{re.escape(source)}\b")
    contents = {}
    for place in PLACES:
        old = ROOT / place.format(source)
        if not old.is_file():
            continue
        content = old.read_bytes()
        if old.suffix != ".csv":
            content = word.sub(rf"\g<1>{name}", content.decode()).encode()
        contents[place.format(name)] = content
    _write_all(contents, last=f"analyses/{name}.py")
    return list(contents)


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
    if name in {"index", "conftest"} or name.startswith(("test_", "proof_")):
        raise ValueError(f"{name!r} is kept for pages and tests; choose another")
    for place in PLACES:
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


def next_steps(name: str, made: list[str]) -> list[str]:
    """Say what to edit, in order, and how to know that it is right."""
    width = max(map(len, made))
    edits = [
        f"{path:<{width}}  {TODO[place].format(name)}"
        for place in PLACES
        if (path := place.format(name)) in made and place in TODO
    ]
    return [
        f"{name} is there ({len(made)} files) and passes the tests as it is. Edit, in this order:",
        *(f"{number:>3}. {edit}" for number, edit in enumerate(edits, start=1)),
        f"Then: casebook run {name}; make test; and for make check, because names sort and wrap "
        "in their own way: ruff check --fix . && ruff format .",
    ]
