"""What each term of a regression is, in the words of who wrote the file.

A term is a product of numbers and levels, often of one: a column as it is, a number computed from
one, a level of a category against the reference.
"""

from dataclasses import dataclass

from data._label import LONGEST

FEWEST = 5  # characters to which the names in a long label are cut


@dataclass(frozen=True)
class Level:
    """A level of a category against its reference; against none where each level has its own."""

    column: str
    level: str
    reference: str | None

    def said(self, *, behind: bool = False) -> str:
        """Say what is compared; the column comes first, or `behind` in brackets."""
        compared = f"{self.level} rather than {self.reference}"
        return f"{compared} ({self.column})" if behind else f"{self.column}, {compared}"


@dataclass(frozen=True)
class Term:
    """A product of numbers, by their expressions, and of levels.

    `at` says where it holds: a part of a product alone, where the others are 0 or the reference.
    """

    numbers: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    at: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What is multiplied: numbers, and columns of levels."""
        return (*self.numbers, *dict.fromkeys(one.column for one in self.levels))

    def label(self) -> str:
        """Return the name, such as “district: West rather than Altstadt”.

        In a long one the names of column, level and reference lose their middles.
        """
        if not self.levels:
            return ":".join(self.numbers)
        most = max(map(len, self._names()))
        while len(name := self._label(most)) > LONGEST and most > FEWEST:
            most -= 1
        return name

    def phrase(self) -> tuple[str, str]:
        """Return what is said before a slope (a comparison), or behind it (“per unit of ...”)."""
        per = f"per unit of {':'.join(self.numbers)}" if self.numbers else ""
        with_reference = [one for one in self.levels if one.reference is not None]
        compared = [one.said(behind=bool(self.numbers)) for one in with_reference]
        fixed = [f"{one.column} is {one.level}" for one in self.levels if one.reference is None]
        where = f" where {' and '.join(fixed)}" if fixed else ""
        where += f" (at {self.at})" if self.at else ""
        if not compared:
            return "", f"{per}{where}"
        together = " and ".join(compared)
        if len(compared) > 1:
            together += ", beyond what each does alone"
        return ", ".join(part for part in (per, together) if part) + where, ""

    def _names(self) -> list[str]:
        inside = [(one.column, one.level, one.reference or "") for one in self.levels]
        return [*self.numbers, *(name for names in inside for name in names)]

    def _label(self, most: int) -> str:
        """Return the label with names of so many characters at most."""
        parts = [_cut(number, most) for number in self.numbers]
        for one in self.levels:
            than = "" if one.reference is None else f" rather than {_cut(one.reference, most)}"
            parts.append(f"{_cut(one.column, most)}: {_cut(one.level, most)}{than}")
        return " × ".join(parts)


def _cut(text: str, most: int) -> str:
    """Return a text of at most so many characters, by leaving out the middle."""
    if len(text) <= most:
        return text
    end = (most - 1) // 2
    return f"{text[: most - 1 - end]}…{text[len(text) - end :]}"
