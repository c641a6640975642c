"""Which characters the bytes of a file are: UTF-8, unless it begins as UTF-16 or is told otherwise.

Imports nothing that takes long.
"""

import codecs

from data._how import did_you_mean
from data._label import visible
from data._where import DATABASE

USUAL = "utf-8-sig"
WINDOWS = range(0x80, 0xA0)  # bytes that are letters and signs in Windows-1252, none in Latin-1
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_KINDS = {
    b"PK\x03\x04": "a workbook of Excel or LibreOffice, or another zip file,",
    b"\xd0\xcf\x11\xe0": "a workbook of an old Excel",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"$FL": "a file of SPSS",
    b"<stata_dta>": "a file of Stata",
    b"SQLite format 3": "a database of SQLite",
}
_KNOWN = ("utf-8", "latin-1", "cp1252", "utf-16", "cp1250", "cp1251", "mac-roman", "shift-jis")
_SHOWN = 60  # characters of a line


def encoding_of(content: bytes, told: str | None) -> tuple[str, str | None]:
    """Return the encoding of a file's bytes, and what to say of it.

    `told` is what the user says; else a mark at the beginning says that it is UTF-16 or UTF-32.

    Raises
    ------
    ValueError
        There is no encoding of the name that was told.
    """
    if told:
        try:
            known = codecs.lookup(told)
            "".encode(told)  # a LookupError for what makes no text, such as hex
        except (LookupError, ValueError):
            raise ValueError(
                f"--encoding: {told!r} is no encoding{did_you_mean(told, _KNOWN)}"
            ) from None
        name = USUAL if known.name == "utf-8" else told
        return name, f"The file is read as {told} (--encoding)."
    for mark, name in _MARKS.items():
        if content.startswith(mark):
            return name, f"The file is read as {name.upper()}, as its first bytes say."
    return USUAL, None


def kind_of(content: bytes) -> str | None:
    """Return what a file is that is no text, by its first bytes; None: it may be text."""
    if content[8:12] == DATABASE:
        return "a database of DuckDB (name a query of it: 'FILE::select * from TABLE')"
    return next((kind for mark, kind in _KINDS.items() if content.startswith(mark)), None)


def without_mark(content: bytes) -> str | None:
    """Return which UTF-16 the bytes look like, every other of which is 0; None: none."""
    start = content[:400]
    if len(start) < 4:
        return None
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if start[first::2].count(0) * 2 > len(start[first::2]) and 0 not in start[1 - first :: 2]:
            return name
    return None


def not_decoded(content: bytes, encoding: str) -> str:
    """Say where the first bytes stand that are no text, how else they read, and what to do."""
    if encoding != USUAL:
        return f"not {encoding} throughout; leave out --encoding, or name another"
    for number, line in enumerate(content.split(b"\n"), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            name, option = ("Latin-1", "latin-1")
            if any(byte in WINDOWS for byte in content):
                name, option = ("Windows-1252, the Latin-1 of Windows,", "cp1252")
            read = visible(line.decode(option, errors="replace"))
            start = max(0, min(error.start - _SHOWN // 2, len(read) - _SHOWN))
            return (
                f"line {number}, byte {error.start + 1}: not UTF-8; save the file as UTF-8. As "
                f"{name} the line reads {read[start : start + _SHOWN]!r}: if that is right, "
                f"--encoding {option}"
            )
    return "not UTF-8; save the file as UTF-8"
