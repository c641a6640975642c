"""Names from a file as labels: short, on one line, with nothing in them that acts unseen."""

import re
from collections.abc import Iterable

LONGEST = 60  # characters of a label; a longer one loses its middle
_BEGIN, _END = 42, 17  # of them, what is kept

# As in reports/blocks/text.py, which a test compares; tabs and newlines too.
_NOT_PRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffc\ufffe\uffff]"
)


def visible(text: str) -> str:
    r"""Return `text` on one line, with characters that act unseen shown by their number.

    >>> visible("a\n b\u202ec")
    'a b⟨U+202E⟩c'
    """
    return _NOT_PRINTABLE.sub(lambda c: f"⟨U+{ord(c[0]):04X}⟩", " ".join(text.split()))


def labels(names: Iterable[object]) -> list[str]:
    """Return a label for each name, visible and of `LONGEST` characters at most.

    Names that were different stay so: a label that comes again gets a number.
    """
    short: dict[str, str] = {}
    taken: set[str] = set()
    result = []
    for name in map(str, names):
        if name not in short:
            short[name] = _free(_cut(visible(name)), taken)
            taken.add(short[name])
        result.append(short[name])
    return result


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:_BEGIN]}…{text[-_END:]}"


def _free(text: str, taken: set[str]) -> str:
    """Return `text`, or with the first number behind it that makes it new."""
    label, number = text, 1
    while label in taken:
        number += 1
        label = f"{text[: LONGEST - 8]} ({number})"
    return label
