"""pyproject.toml, requirements.lock and environment.yml say the same; make says what it can do."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
CONDA_NAMES = {"duckdb": "python-duckdb", "matplotlib": "matplotlib-base"}


def wanted() -> dict[str, SpecifierSet]:
    """Return the ranges in pyproject.toml by package."""
    extras = PROJECT["project"]["optional-dependencies"].values()
    lines = [*PROJECT["project"]["dependencies"], *(line for extra in extras for line in extra)]
    parsed = [Requirement(line) for line in lines]
    return {canonicalize_name(one.name): one.specifier for one in parsed}


def locked() -> dict[str, str]:
    """Return the exact versions in requirements.lock by package."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK, flags=re.MULTILINE))


def conda() -> dict[str, SpecifierSet]:
    """Return the ranges in environment.yml by package, python and those left to pip among them."""
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    lines = re.findall(r"^ +- ([a-z0-9-]+) *([^#:\n]*)$", text, flags=re.MULTILINE)
    tools = {"conda-forge", "pip"}
    return {name: SpecifierSet(ranges.strip()) for name, ranges in lines if name not in tools}


@pytest.mark.parametrize("name", wanted())
def test_lock_is_within_the_ranges(name: str) -> None:
    assert locked()[name] in wanted()[name]


def test_lock_has_hashes_and_no_address() -> None:
    assert "://" not in LOCK
    entries = re.split(r"\n(?=[a-z0-9-]+==)", LOCK)[1:]
    assert len(entries) == len(locked())
    assert all("--hash=sha256:" in entry for entry in entries)


def test_conda_offers_the_same() -> None:
    ranges = {CONDA_NAMES.get(name, name): specifier for name, specifier in wanted().items()}
    assert conda() == {**ranges, "python": SpecifierSet(PROJECT["project"]["requires-python"])}


def test_python_version_is_allowed() -> None:
    version = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    assert version in SpecifierSet(PROJECT["project"]["requires-python"])


def test_readme_shows_pictures_that_are_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", readme)
    assert len(pictures) == 2
    assert all((ROOT / one).read_bytes().startswith(b"\x89PNG") for one in pictures)


def test_make_help_names_every_public_target() -> None:
    help_text = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for target in ("reports", "test", "check", "bench"):
        assert re.search(rf"make {target}\b", help_text)


def test_ci_runs_make_test() -> None:
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == "make test"


def test_old_python_is_refused_in_one_line(tmp_path: Path) -> None:
    for name in ("python3", "python3.14", "python3.13", "python3.12"):
        fake = tmp_path / name
        fake.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.1\nexit 1\n')
        fake.chmod(0o755)
    run = subprocess.run(
        ["make", "--no-print-directory", "environment", f"VENV={tmp_path / 'venv'}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
    )
    assert run.returncode != 0
    assert run.stderr.splitlines()[0] == "casebook needs Python 3.12 or newer, found Python 3.9.1"
