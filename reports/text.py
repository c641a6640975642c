"""Text that stays text: nothing in it moves, hides or ends what stands around it."""

import re

from markupsafe import Markup

# Control characters but tab and newline; marks that reorder what follows; separators of lines and
# paragraphs; half characters, and those that are none (the last are not allowed in XML).
NOT_PRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffc\ufffe\uffff]"
)


def visible(text: str) -> str:
    r"""Return `text` with characters that cannot be seen, but act, shown by their number.

    >>> visible("a\u202eb")
    'a⟨U+202E⟩b'
    """
    return NOT_PRINTABLE.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def printable(value: object) -> object:
    """Return what a template may print for `value`: text is made visible, markup is left alone."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
