"""The order of levels, where it can be told: words of a scale, or numbers in them."""

import re
from collections.abc import Sequence

_SCALES = [
    "none|very low|low|lower|medium low|medium|mid|middle|moderate|average|medium high|high|higher|"
    "very high|extreme",
    "xxs|xs|s|m|l|xl|xxl|xxxl",
    "tiny|very small|small|medium|mid|large|big|very large|huge",
    "never|almost never|very rarely|rarely|seldom|occasionally|sometimes|often|frequently|usually|"
    "very often|almost always|always",
    "strongly disagree|disagree strongly|disagree|somewhat disagree|slightly disagree|"
    "neither agree nor disagree|neither|neutral|undecided|slightly agree|somewhat agree|agree|"
    "agree strongly|strongly agree",
    "very dissatisfied|dissatisfied|neutral|satisfied|very satisfied",
    "very unlikely|unlikely|neutral|likely|very likely",
    "terrible|very bad|very poor|bad|poor|fair|ok|okay|average|good|very good|great|excellent",
    "worse|same|better",
    "none|mild|moderate|severe|critical",
    "first|second|third|fourth|fifth|sixth",
    "i|ii|iii|iv|v|vi",
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec",
    "january|february|march|april|may|june|july|august|september|october|november|december",
    "mon|tue|wed|thu|fri|sat|sun",
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
    "infant|child|adolescent|teenager|young|adult|middle aged|old|senior|elderly",
    "primary|secondary|tertiary",
    "elementary|high school|some college|college|bachelor|master|doctorate|phd",
    "beginner|novice|intermediate|advanced|expert",
    "before|during|after",
    "cold|cool|mild|warm|hot",
    "slow|medium|fast",
    "light|medium|heavy",
    "short|medium|tall",
    "short|medium|long",
    "thin|medium|thick",
    "weak|medium|strong",
    "bottom|middle|top",
]
SCALES = [scale.split("|") for scale in _SCALES]
_BELOW = re.compile(r"\b(under|below|less than|up to|younger than|at most)\b|^\s*(<|≤|-\s*\d)")
_ABOVE = re.compile(r"\b(over|above|more than|older than|at least|and more|or more)\b|^\s*[>≥]|\+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def in_order(levels: Sequence[str]) -> tuple[list[str], bool]:
    """Return levels in their order, and whether it could be told: words of a scale, or numbers.

    >>> in_order(["high", "low", "medium"])
    (['low', 'medium', 'high'], True)
    >>> in_order(["26-40", "18-25", "under 18", "41+"])
    (['under 18', '18-25', '26-40', '41+'], True)
    """
    plain = {one: " ".join(re.split(r"[\s_-]+", one.strip().lower())) for one in levels}
    for scale in SCALES:
        if {*plain.values()} <= {*scale} and len({*plain.values()}) == len(levels):
            return sorted(levels, key=lambda one: scale.index(plain[one])), True
    places = {one: _place(one) for one in levels}
    told = [place for place in places.values() if place is not None]
    if len({*told}) == len(levels):
        return sorted(levels, key=lambda one: places[one] or (0, 0)), True
    return sorted(levels), False


def _place(level: str) -> tuple[float, int] | None:
    """Return where a level with a number in it stands: by that, and which side of it is meant."""
    plain = level.lower().replace(",", "")
    numbers = [float(one) for one in _NUMBER.findall(plain)]
    if not numbers:
        return None
    side = -1 if _BELOW.search(plain) and len(numbers) == 1 else 1 if _ABOVE.search(plain) else 0
    return numbers[0], side
