"""Text that stays text, and lists that stay short."""

import re
import textwrap
from collections.abc import Iterable, Sequence

from markupsafe import Markup

# Control characters but tab and newline; marks that reorder what follows; separators of lines and
# paragraphs; half characters, and those that are none (the last are not allowed in XML).
NOT_PRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffc\ufffe\uffff]"
)


SENTENCE = re.compile(r"(?:“[^”]*”|[^“])+?[.?!](?=\s+[A-Z“(]|$)")  # none ends within a quotation
LINE = 200  # characters of a line that stands for a closed section


def visible(text: str) -> str:
    r"""Return `text` with characters that cannot be seen, but act, shown by their number.

    >>> visible("a\u202eb")
    'a⟨U+202E⟩b'
    """
    return NOT_PRINTABLE.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def in_words(text: str) -> str:
    """Return `text` with names as the code has them, `rate[new gate]`, as a reader says them.

    >>> in_words("R-hat 1.02 in rate[new gate] (needed: <= 1.01)")
    'R-hat 1.02 in rate of new gate (needed: <= 1.01)'
    """
    return re.sub(r"\b(\w+)\[([^\]]+)\]", r"\1 of \2", text)


def shortened(text: str, most: int) -> str:
    """Return `text` with its middle left out if it is longer than `most`: both ends tell apart.

    >>> shortened("temperature_of_the_water_in_may", 20)
    'temperatur…er_in_may'
    """
    if len(text) <= most:
        return text
    end = (most - 1) // 2
    return f"{text[: most - 1 - end]}…{text[-end:]}"


def told_apart(names: Sequence[str], most: int) -> list[str]:
    """Return the names at about `most` characters, so that different ones stay different.

    >>> told_apart(["the_rate_of_sensor_1_in_may", "the_rate_of_sensor_2_in_may"], 15)
    ['…sor_1_in_may', '…sor_2_in_may']
    """
    shared = next((i for i, at in enumerate(zip(*names, strict=False)) if len({*at}) > 1), 0)
    for start in (0, max(0, shared - 4)):
        short = [shortened(("…" if start else "") + name[start:], most) for name in names]
        if len({*short}) == len({*names}):
            return short
    return [f"{i}: {name}" for i, name in enumerate(short, 1)]


def listed(parts: Iterable[str], most: int = 300) -> str:
    """Join as many parts as `most` characters hold, the first at least, and count the others.

    >>> listed(["a: 1", "b: 2", "c: 3"], most=10)
    'a: 1; b: 2; and 1 more'
    """
    first, *others = parts
    while others and len(first) + len(others[0]) + 2 <= most:
        first += f"; {others.pop(0)}"
    return f"{first}; and {len(others)} more" if others else first


def short(text: str) -> str:
    """Return the first sentence of a paragraph, at `LINE` characters at most.

    >>> short("It is 4.5 (by Efron et al. 2004). It may be more.")
    'It is 4.5 (by Efron et al. 2004).'
    >>> short("Quarantine “Urgent! My client died”: it is spam. Of its words ...")
    'Quarantine “Urgent! My client died”: it is spam.'
    """
    found = SENTENCE.match(text)
    return textwrap.shorten(found[0] if found else text, LINE, placeholder=" …")


def spoken(name: str) -> str:
    """Return the name of a quantity as people say it.

    >>> spoken("log_odds_ratio[mean_radius]")
    'log odds ratio of mean_radius'
    >>> spoken("prob_best[B]")
    'P(best) of B'
    """
    variable, _, label = name.removesuffix("]").partition("[")
    said = words(variable)
    said = f"P({said.removeprefix('prob ')})" if said.startswith("prob ") else said
    return f"{said} of {label}" if label else said


def words(name: str) -> str:
    """Return the name of a knob, or of an option, as words."""
    return name.replace("_", " ")


def printable(value: object) -> object:
    """Return what a template may print for `value`: text is made visible, markup is left alone."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
