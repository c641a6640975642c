"""What is calibrated: the model of every case, and those beside them (`twins/`).

A case takes another model for some files. Its twin says of which case it is (`OF`), which of its
functions are wrong models (`WRONG`), and what is fitted (`right`) if not what simulates.
"""

import importlib
from pathlib import Path
from types import ModuleType

from tests.calibration.mutants import NAMES, Mutant

TWINS = sorted(path.stem for path in (Path(__file__).parent / "twins").glob("[!_]*.py"))
RIGHT = ("shipped", "small")


def design(name: str) -> ModuleType:
    """Return what a case, or a twin, declares."""
    folder = "calibration.twins" if name in TWINS else "cases"
    return importlib.import_module(f"tests.{folder}.{name}")


def case_of(name: str) -> str:
    """Return the case that a model belongs to."""
    return str(design(name).OF) if name in TWINS else name


def wrong(name: str) -> tuple[str, ...]:
    """Return the wrong models of a case or a twin."""
    return tuple(design(name).WRONG) if name in TWINS else NAMES


def variants(name: str) -> tuple[str, ...]:
    """Return all that is studied of it: right designs, and wrong models."""
    return (*(("small",) if name in TWINS else RIGHT), *wrong(name))


def fitted(name: str, variant: str) -> Mutant:
    """Return what is fitted: the right model, unless there is another, or a wrong one."""
    found = variant if variant in wrong(name) else "right" if name in TWINS else ""
    return getattr(design(name), found)() if found else Mutant("")


def folder(name: str) -> Path:
    """Return where its frozen numbers are."""
    return Path(str(design(name).__file__)).parent
