"""Checksums: a summary vouches for itself and for the files beside it."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SEAL = "sha256"  # the key of a summary's own checksum, over all the others


class DamagedError(Exception):
    """Files are missing, truncated or altered, or of two runs; the message says which."""


def seal(found: Mapping[str, Any], files: Mapping[str, bytes | memoryview]) -> bytes:
    """Return a summary as JSON with the checksums of `files` (name: content) and its own."""
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    vouching = {**found, "files": sums}
    return (_text({**vouching, SEAL: _sum(vouching)}) + "\n").encode()


def read_summary(path: Path) -> dict[str, Any]:
    """Return the summary in the file at `path`.

    Raises
    ------
    DamagedError
        There is none, or it is not as it was written.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe would keep us waiting
            raise DamagedError(f"{path.name}: no file")
        content = path.read_bytes()
        found = json.loads(content)
        as_written = content == (_text(found) + "\n").encode()
    except OSError as error:
        raise DamagedError(f"{path.name}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        raise DamagedError(f"{path.name}: truncated or altered since it was written") from None
    if not isinstance(found, dict) or not isinstance(found.get("files"), dict):
        raise DamagedError(f"{path.name}: not a summary of this version")
    said = found.pop(SEAL, None)
    if said != _sum(found) or not as_written:
        raise DamagedError(f"{path.name}: altered since it was written")
    return found


def damage(folder: Path, found: Mapping[str, Any]) -> list[str]:
    """Return a line for each file that is not the one that the summary `found` vouches for."""
    return [
        f"{name}: {problem}"
        for name, expected in found["files"].items()
        if (problem := _problem(folder / name, expected))
    ]


def _problem(path: Path, expected: str) -> str:
    try:
        with path.open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == expected
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return "" if same else "truncated, altered, or of another run than its summary"


def _text(found: Mapping[str, Any]) -> str:
    return json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False)


def _sum(found: Mapping[str, Any]) -> str:
    text = json.dumps(found, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
