"""What `tests/brought/<case>.py` declares: the files of a case, as its model says, and not so.

`DECLARED` is what each has to contain. Who feeds these files to a case finds them by its name: the
gates (`tests/gates`), the faults (`tests/faults`), `tests/million.py` and the test of own files.
"""

import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pymc as pm
from hypothesis import strategies as st

from tests.gates.watched import Sheet
from tests.test_layers import CASES

DECLARED = {
    "READERS": "READERS: {way: Reader(load, build)}, the ways to read a file of the case (the "
    "plain one is called ''), and the model of what was read, or None",
    "LIKE": "LIKE: {way: Like(headers, names)}, what such a file looks like; '' serves where a way "
    "has none of its own",
    "numbers": "numbers() -> strategy of bytes: files in order but for the size of their numbers",
    "sound": "sound(rng) -> Sheet: a file as the model says, of any size, and the settings for it",
    "rows": "rows(rng, n) -> pd.DataFrame: a file of n rows, a million say; `NEEDED` are options",
    "OWN": "OWN: Own(text, options, warning), an awkward file whose page has this warning",
    "fault": "one function at least marked @fault(warning): (rng) -> Sheet with one fault",
}
#: The cases that have their file; of the others tests/cases/test_complete.py tells.
BROUGHT = [case for case in CASES if (Path(__file__).parent / f"{case}.py").is_file()]
OWN_DATA = Path(__file__).parent.parent / "own_data"
ROWS, RATES = (20, 2000), (1e-5, 0.5)
ALIKE = "Add the section, where anything was looked at; warn of the column that matters most"
UNEVEN = "Return robust standard errors beside the posterior's sds, and warn, if residuals are"
ARMS = dict(enumerate(("control", "red", "blue", "green")))

plain = st.sampled_from(["0", "1", "1", "2", "3", "7"])
looked = st.sampled_from(["0", "0", "1", "no", "yes", "", "NA"])


@dataclass(frozen=True)
class Reader:
    """A way to read a file, and the model of what was read; None where there is nothing to fit."""

    load: Callable[[Path], Any]
    build: Callable[[Any], pm.Model | None]


@dataclass(frozen=True)
class Like:
    """Headers of files that look right, other names they may have, and what stands in cells."""

    headers: Sequence[Sequence[str]]
    names: Sequence[str]
    first: Sequence[str] = ()  # cells of the first column, where they are not as the others
    cell: st.SearchStrategy[str] = field(default_factory=lambda: plain)


@dataclass(frozen=True)
class Own:
    """An awkward file of one's own, the options that it needs, and a warning that has to come."""

    text: str
    options: dict[str, Any]
    warning: str


@dataclass(frozen=True)
class Fault:
    """Data of a case with a fault, and how the kind of warning begins that is meant for it."""

    case: str
    warning: str
    make: Callable[[np.random.Generator], Sheet]

    @property
    def said(self) -> str:
        """What is wrong: the docstring's first line."""
        return (self.make.__doc__ or "").splitlines()[0].rstrip(".")


def fault(warning: str) -> Callable[[Callable[[np.random.Generator], Sheet]], Fault]:
    """Mark a function of a case's file that makes data with a fault."""
    return lambda make: Fault(make.__module__.rpartition(".")[2], warning, make)


def absent(case: str, folder: Path = Path(__file__).parent) -> list[str]:
    """Say what is to be written before people's files can be tried on a case."""
    if not (folder / f"{case}.py").is_file():
        return [f"write tests/brought/{case}.py, with", *DECLARED.values()]
    found = brought(case)
    there = {name for name in DECLARED if name != "fault" and hasattr(found, name)}
    there |= {"fault"} if faults_of(case) else set()
    path = f"tests/brought/{case}.py"
    return [f"add to {path} {told}" for name, told in DECLARED.items() if name not in there]


@cache
def brought(case: str) -> ModuleType:
    """Return what a case declares."""
    return importlib.import_module(f"tests.brought.{case}")


def faults_of(case: str) -> list[Fault]:
    """Return the faults of a case, in the order of its lines."""
    return [one for one in vars(brought(case)).values() if isinstance(one, Fault)]


def faults() -> list[Fault]:
    """Return the faults of all cases."""
    return [one for case in BROUGHT for one in faults_of(case)]


def ways() -> Iterator[tuple[str, str]]:
    """Yield the case and the name of each way to read a file."""
    for case in BROUGHT:
        yield from ((case, way) for way in brought(case).READERS)


def spread(rng: np.random.Generator, low: float, high: float) -> float:
    """Return a number that is as likely within any factor of two as within any other."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def size(rng: np.random.Generator, low: int = 200, high: int = 2000) -> int:
    """Return a number of rows at which faults are plain."""
    return round(spread(rng, low, high))


def csv(header: str, rows: Sequence[Sequence[object]]) -> str:
    """Return the text of a file."""
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


def drawn(rows: int, columns: int, seed: int = 8) -> list[list[str]]:
    """Return normal numbers as cells."""
    found = np.random.default_rng(seed).normal(size=(rows, columns))
    return [[f"{x:.3f}" for x in row] for row in found]
