"""How a file is to be read, where it does not say so itself, and what was noted while it was read.

Imports nothing that takes long: the command line makes a `Reading` of its options.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_LISTS = ("reference", "levels")
_WORDS = ("encoding", "separator", "decimal", "dates", "outcome", "event", "weights", "missing")


@dataclass(frozen=True)
class Reading:
    """What the options say of a file; None, and nothing, where the file decides.

    `decimal` is "." or ",", `dates` "dmy" or "mdy", `separator` one character. `as_text` are
    columns that stay as they are written, `outcome` is the column to predict, `event` the value of
    one that counts as 1, `reference` and `levels` choose levels of categories (district=Nord,
    size=S,M,L), `weights` is the column that says how many rows a line stands for, and `columns`
    says what a column is called in the file, by the name that the case has for it. `missing` is
    "impute" where gaps of predictors are to be filled.
    """

    encoding: str | None = None
    separator: str | None = None
    decimal: str | None = None
    dates: str | None = None
    as_text: tuple[str, ...] = ()
    outcome: str | None = None
    event: str | None = None
    reference: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    weights: str | None = None
    missing: str | None = None
    columns: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "Reading":
        """Return what options say; those that are no field here name columns."""
        given = {name: value for name, value in options.items() if value is not None}
        names = (name.strip() for name in given.pop("as_text", "").split(","))
        own = {name: given.pop(name) for name in _WORDS if name in given}
        own |= {name: tuple(given.pop(name)) for name in _LISTS if name in given}
        columns = tuple(given.items())
        return cls(**own, as_text=tuple(filter(None, names)), columns=columns)

    def options(self) -> dict[str, Any]:
        """Return the options that were given, as `of` takes them."""
        own = {name: getattr(self, name) for name in _WORDS} | {"as_text": ",".join(self.as_text)}
        own |= {name: list(getattr(self, name)) for name in _LISTS}
        return {name: value for name, value in own.items() if value} | dict(self.columns)

    def keeps(self, name: str) -> bool:
        """Say whether the column `name`, perhaps called otherwise in the file, stays text."""
        return name in self.as_text or dict(self.columns).get(name) in self.as_text


AS_IT_IS = Reading()


@dataclass
class Said:
    """What a page has to say of how a file was read: `notes`, and warnings with their advice.

    `separator` stands between the cells, `signs` say what makes the file one of R or pandas,
    `names` what columns are called in the file that are called otherwise here, and `ragged` which
    lines have too many or too few cells. `contents` is what is in the file (`data._contents`).
    `by_row` says that it has rows with numbers, and no lines; `times`, where rows were counted, of
    how many each is the first, and `left_out` by which columns they were not.
    """

    notes: list[str] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    separator: str = ","
    signs: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    ragged: dict[int, str] = field(default_factory=dict)
    contents: Any = None
    by_row: bool = False
    times: list[int] | None = None
    left_out: list[str] = field(default_factory=list)


SAID: dict[Path, Said] = {}  # of every file, as it was read last (key: resolved)


def said_of(path: Path) -> Said:
    """Return what was noted of the file at `path`, to be read or added to."""
    return SAID.setdefault(path.resolve(), Said())


def did_you_mean(wrong: str, names: Iterable[object]) -> str:
    """Return "; did you mean ...?" for a name that is not there, or nothing where none is near.

    >>> did_you_mean("prize", ["price", "area"])
    "; did you mean 'price'?"
    """
    there = list(map(str, names))
    lower = {name.lower(): name for name in reversed(there)}
    near = difflib.get_close_matches(wrong.lower(), list(lower), n=1)
    return f"; did you mean {lower[near[0]]!r}?" if near else ""


def found_of(values: list[str]) -> str:
    """Say what values there are."""
    more = f" and {len(values) - 5:,} more" if len(values) > 5 else ""
    return f"found {', '.join(map(repr, values[:5]))}{more}"
