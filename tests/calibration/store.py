"""Results that survive being killed: one line a replicate, each with its checksum."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Store:
    """A file of results by number; the first line says what they are results of.

    Every line begins with its own checksum. What a killed run left of its last line, and what was
    altered, is not taken for a result; a file of other settings, code or versions is begun anew.

    Parameters
    ----------
    about
        Everything that the results depend on (JSON).
    """

    def __init__(self, path: Path, about: dict[str, Any]) -> None:
        self.path, self.about = path, json.loads(json.dumps(about))
        self.found: dict[int, Any] = {}
        lines = _sound(path)
        if lines and lines[0] == self.about:
            self.found = {int(number): result for number, result in lines[1:]}

    @contextmanager
    def open(self) -> Iterator["Store"]:
        """Hold the results against other processes, and leave out what is not sound.

        Raises
        ------
        BlockingIOError
            Another process works on these results.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.__init__(self.path, self.about)  # type: ignore[misc]  # as it is under the lock
            sound = b"".join(map(_line, [self.about, *self.found.items()]))
            if not self.path.exists() or self.path.read_bytes() != sound:
                _replace(self.path, sound)
            with self.path.open("ab") as self.file:
                yield self

    def add(self, number: int, result: Any) -> None:
        """Write one result, so that it is there whatever happens next."""
        self.found[number] = result
        self.file.write(_line((number, result)))
        self.file.flush()
        os.fsync(self.file.fileno())


def _replace(path: Path, content: bytes) -> None:
    """Let `path` have this content, or the old one if that is as far as it gets."""
    new = path.with_suffix(".new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _line(value: Any) -> bytes:
    text = json.dumps(value)
    return f"{_checksum(text)} {text}\n".encode()


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _sound(path: Path) -> list[Any]:
    """Return the values of all lines that are as they were written."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]
    except FileNotFoundError:
        return []
    parts = (line.partition(" ") for line in lines)
    return [json.loads(text) for checksum, _, text in parts if checksum == _checksum(text)]
