"""The argument of a page: its sections in their parts, its warnings, and who they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.blocks.blocks import Block
from reports.page.rendering import PARTS, Part, Section
from workflow.checking.checks import StatisticCheck
from workflow.checking.diagnostics import Status

RULE = "The decision"  # the section that comes before the others of the result


@dataclass(frozen=True)
class Warned:
    """Something the reader of the first screen must know, what to do, and the section behind it."""

    text: str
    advice: str
    at: str = ""


class Argument:
    """Collects sections and warnings. A warning belongs to the section added or begun before it."""

    _last = ""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self._new: list[Section] = []
        self.warnings: list[Warned] = []
        self.predictive: dict[str, list[StatisticCheck]] = {}

    def section(
        self,
        title: str,
        *blocks: Block,
        line: str = "",
        verdict: Status | str = "",
        part: Part = "result",
    ) -> Section:
        """Add a section: paragraphs (strings), tables, figures and models in their order.

        It takes the place of one with its title: a cell of a notebook can be run again.
        """
        titles = [one.title for one in self.sections]
        at = titles.index(title) if title in titles else len(titles)
        self.sections[at : at + 1] = [Section(title, blocks, line, verdict, part)]
        self._new.append(self.sections[at])
        self._last = title
        return self.sections[at]

    def begin(self, title: str) -> None:
        """Let warnings belong to the section `title`, whose blocks are made next."""
        self._last = title

    def new_sections(self) -> list[Section]:
        """Return the sections added since this was last asked: a notebook shows them."""
        new, self._new = self._new, []
        return new

    def warn(self, text: str, advice: str, at: str | None = None) -> None:
        """Put a warning on the first screen, once; it belongs to the section `at` or the last."""
        known = any((one.text, one.advice) == (text, advice) for one in self.warnings)
        self.warnings += [] if known else [Warned(text, advice, self._last if at is None else at)]

    def warn_of(
        self, checks: Sequence[StatisticCheck], text: str, advice: str, *, prior: bool = False
    ) -> None:
        """Keep the prior or posterior predictive check; where it warns, name its statistics."""
        self.predictive["prior" if prior else "posterior"] = list(checks)
        bad = [check.statistic for check in checks if check.result is Status.WARN]
        if bad:
            self.warn(f"{text} ({', '.join(bad)}).", advice)

    def parts(self) -> dict[Part, list[Section]]:
        """Return the sections by the part of the page they stand in, with their verdicts.

        A section that a warning belongs to says so; a check without one, and without a verdict of
        its own kind, has passed. The rule comes first.
        """
        judged = [self._judged(one) for one in sorted(self.sections, key=_not_the_rule)]
        return {part: [one for one in judged if one.part == part] for part in PARTS}

    def _judged(self, one: Section) -> Section:
        """Return the section with its verdict: never kinder than the warnings that belong to it."""
        if one.verdict is Status.FAIL:
            return one
        if any(warning.at == one.title for warning in self.warnings):
            return replace(one, verdict=Status.WARN)
        passed = one.part == "checks" and not one.verdict
        return replace(one, verdict=Status.PASS) if passed else one

    def anchor_of(self, warning: Warned) -> str:
        """Return the id of the section that a warning belongs to, "" where there is none."""
        return next((one.anchor for one in self.sections if one.title == warning.at), "")


def _not_the_rule(one: Section) -> bool:
    return one.title != RULE
