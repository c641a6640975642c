"""Reading a file at once, noting what was read, and the error for data that are not usable.

Imports nothing that takes long: the command line needs the error.
"""

import gzip
import hashlib
import io
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from data._encoding import encoding_of, kind_of, not_decoded, without_mark
from data._how import SAID, Said
from data._where import GZIP, ZSTD

LARGEST_FILE = 500_000_000  # bytes; a million rows of ten numbers are a fifth of it
LONGEST_LINE = 1000  # characters of a line of a message

AS_READ: dict[Path, str] = {}  # SHA-256 of every file, of the bytes that were read (key: resolved)


class DataError(Exception):
    """The data are not usable; the message names every problem with its place."""

    def __init__(self, message: str) -> None:
        super().__init__("\n".join(map(_fitting, message.split("\n"))))


@contextmanager
def opened(path: Path, newline: str, encoding: str | None = None) -> Iterator[TextIO]:
    """Open the text file at `path`, whose bytes are read at once, and note their checksum.

    Raises
    ------
    DataError
        It cannot be read, is no file but a folder, pipe or device, is too large, or is neither
        UTF-8 nor what its first bytes or `encoding` say.
    """
    try:
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind):
            raise DataError(f"{path}: cannot be read (it is {_kind(kind)} and no file)")
        with path.open("rb") as raw:
            content = raw.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise DataError(f"{path}: cannot be read ({_reason(error)})") from None
    read = hashlib.sha256(content).hexdigest()
    if len(content) <= LARGEST_FILE:
        content = unpacked(path, content)
    if len(content) > LARGEST_FILE:
        raise DataError(f"{path}: larger than {LARGEST_FILE:,} bytes; take a sample of its rows")
    if other := kind_of(content):
        raise DataError(f"{path}: it is {other} and no text; save it as CSV (UTF-8) and name that")
    AS_READ[path.resolve()] = read
    try:
        known, note = encoding_of(content, encoding)
    except ValueError as error:
        raise DataError(f"{path}: {error}") from None
    SAID[path.resolve()] = Said([note] if note else [])
    if not (encoding or note) and (name := without_mark(content)):
        raise DataError(f"{path}: every other byte is 0, as in UTF-16; if it is, --encoding {name}")
    try:
        yield io.TextIOWrapper(io.BytesIO(content), encoding=known, newline=newline)
    except UnicodeError:
        raise DataError(f"{path}: {not_decoded(content, known)}") from None


def unpacked(path: Path, content: bytes) -> bytes:
    """Return the text of a file that is compressed, as far as it may be; of others what it is."""
    if content.startswith(GZIP):
        try:
            with gzip.open(io.BytesIO(content)) as file:
                return file.read(LARGEST_FILE + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(f"{path}: not whole, or no gzip ({error})") from None
    if content.startswith(ZSTD):
        from data._packed import text_of  # which other files do not need

        return text_of(path, LARGEST_FILE)
    return content


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
