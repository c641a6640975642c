"""A case for a file as a whole, and why: what `data/_layouts.py` finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Layout:
    """A case for a file as a whole, why, its options, and the column it is about.

    `trials` is the column of which that one counts a part, where this is what a formula has to say;
    `whole` says that nothing else in the file is left for a regression.
    """

    case: str
    why: str
    options: Mapping[str, str] = field(default_factory=dict)
    outcome: str | None = None
    trials: str | None = None
    whole: bool = True
