"""Reading a file at once, noting what was read, and the error for data that are not usable.

Imports nothing that takes long: the command line needs the error.
"""

import hashlib
import io
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

LARGEST_FILE = 500_000_000  # bytes; a million rows of ten numbers are a fifth of it
LONGEST_LINE = 1000  # characters of a line of a message

AS_READ: dict[Path, str] = {}  # SHA-256 of every file, of the bytes that were read (key: resolved)


class DataError(Exception):
    """The data are not usable; the message names every problem with its place."""

    def __init__(self, message: str) -> None:
        super().__init__("\n".join(map(_fitting, message.split("\n"))))


@contextmanager
def opened(path: Path, newline: str) -> Iterator[TextIO]:
    """Open the text file at `path`, whose bytes are read at once, and note their checksum.

    Raises
    ------
    DataError
        It cannot be read, is no file but a folder, pipe or device, is too large, or not UTF-8.
    """
    try:
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind):
            raise DataError(f"{path}: cannot be read (it is {_kind(kind)} and no file)")
        with path.open("rb") as raw:
            content = raw.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise DataError(f"{path}: cannot be read ({_reason(error)})") from None
    if len(content) > LARGEST_FILE:
        raise DataError(f"{path}: larger than {LARGEST_FILE:,} bytes; take a sample of its rows")
    AS_READ[path.resolve()] = hashlib.sha256(content).hexdigest()
    try:
        yield io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=newline)
    except UnicodeDecodeError:
        raise DataError(f"{path}: {_not_utf8(content)}; save the file as UTF-8") from None


def _fitting(line: str) -> str:
    """Return a line of a message, without its middle if that is long: a name may be."""
    if len(line) <= LONGEST_LINE:
        return line
    half = LONGEST_LINE // 2
    return f"{line[:half]} … {line[-half:]}"


def _kind(mode: int) -> str:
    kinds = {"a folder": stat.S_ISDIR, "a pipe": stat.S_ISFIFO, "a socket": stat.S_ISSOCK}
    return next((name for name, tells in kinds.items() if tells(mode)), "a device")


def _reason(error: OSError | ValueError) -> str:
    return error.strerror or "unknown reason" if isinstance(error, OSError) else str(error)


def _not_utf8(content: bytes) -> str:
    """Say where the first bytes stand that are not UTF-8."""
    for number, line in enumerate(content.split(b"\n"), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            return f"line {number}, byte {error.start + 1}: not UTF-8"
    return "not UTF-8"
