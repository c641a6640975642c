"""The text of a formula: what statsmodels, brms, Bambi and R write, brought to one notation.

What cannot be done here is refused with the words for what to write instead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from keyword import iskeyword

from data._bounds import FormulaError
from data._varying import without_group

_STRING = r"""`[^`]*`|"[^"]*"|'[^']*'"""
_Q = re.compile(r"""\bQ\(\s*(?:"([^"`]*)"|'([^'`]*)')\s*\)""")
_SUCCESS = re.compile(
    r"""^\s*(`[^`]*`|[\w.]+)\s*\[\s*(?:"([^"]*)"|'([^']*)'|([^\]"']+?))\s*\]\s*$"""
)
_TRIALS = re.compile(r"^\s*(`[^`]*`|[\w.]+)\s*\|\s*trials\(\s*(`[^`]*`|[\w.]+)\s*\)\s*$")
_PAIR = re.compile(
    r"^\s*(cbind|p|prop|proportion)\(\s*(`[^`]*`|[\w.]+)\s*,\s*(`[^`]*`|[\w.]+)\s*\)\s*$"
)
_REST = re.compile(
    r"^\s*cbind\(\s*(`[^`]*`|[\w.]+)\s*,\s*(`[^`]*`|[\w.]+)\s*-\s*(`[^`]*`|[\w.]+)\s*\)\s*$"
)
BINOMIAL = "successes | trials(n) and cbind(successes, failures) are for logistic_regression"


@dataclass(frozen=True)
class Binomial:
    """Columns of successes and of trials, or failures, in the rows of a file."""

    successes: str
    other: str
    failures: bool  # whether the other column has these, and not the trials


@dataclass(frozen=True)
class Written:
    """A formula in one notation; perhaps with the outcome's value that counts, or with counts.

    `group` is the column of (1 | group), which the text no longer has.
    """

    text: str
    event: str | None = None
    binomial: Binomial | None = None
    group: str | None = None


def read(formula: str, columns: Sequence[str]) -> Written:
    """Return a formula with quoted names, and what its left side says beside the outcome.

    Raises
    ------
    FormulaError
        It has a part that no regression here can do.
    """
    text = _quoted(_Q.sub(lambda found: f"`{found[1] or found[2] or ''}`", formula), columns)
    left, tilde, right = _sides(text)
    if not tilde:
        return Written(text)
    right, group = without_group(right)
    return replace(_by_outcome(left, right), group=group)


def _by_outcome(left: str, right: str) -> Written:
    """Return a formula by what its left side says."""
    if found := _SUCCESS.match(left):
        event = next(part for part in found.groups()[1:] if part is not None)
        return Written(f"{found[1]} ~{right}", event=event.strip())
    if (found := _TRIALS.match(left)) or (found := _PAIR.match(left)):
        *how, one, other = found.groups()
        if other.isdigit():
            raise FormulaError(
                f"{left.strip()}: trials are a column; make one in the file, {other} in every row"
            )
        binomial = Binomial(*_bare(one, other), how == ["cbind"])
        return Written(f"{one} ~{right}", binomial=binomial)
    if (rest := _REST.match(left)) and rest[1] == rest[3]:  # cbind(k, n - k): n are the trials
        return Written(f"{rest[1]} ~{right}", binomial=Binomial(*_bare(rest[1], rest[2]), False))
    if "|" in re.sub(_STRING, "", left):
        raise FormulaError(
            f"{left.strip()}: behind the | of an outcome there can be trials(n), and nothing else"
        )
    return Written(f"{left}~{right}")


def group_of(formula: str | None, columns: Sequence[str]) -> str | None:
    """Return the column of (1 | group) in a formula that can be read; None where there is none."""
    return read(formula, columns).group if formula else None


def refuse_classes(formula: str) -> None:
    """Refuse what is for outcomes of two values alone: y['Yes'], successes | trials(n)."""
    try:
        written = read(formula, ())
    except FormulaError:
        return  # it is said where the formula is read
    if written.binomial:
        raise FormulaError(f"{BINOMIAL}; here the outcome is a number")
    if written.event is not None:
        raise FormulaError(
            f"['{written.event}'] names a value of an outcome that has two: use "
            "logistic_regression; here the outcome is a number"
        )


def _bare(one: str, other: str) -> tuple[str, str]:
    return one.strip("`"), other.strip("`")


def _quoted(text: str, columns: Sequence[str]) -> str:
    """Put names into backquotes that Python would read as something else: class, yield, a.b.

    Those of Python itself end in a blank there, which no column does: else they would still be its.
    """
    text = re.sub(r"\bas\.factor\(", "factor(", re.sub(r"\bas\.(numeric|integer)\(", "I(", text))
    if not {"TRUE", "FALSE"} & {*columns}:  # R's
        text = re.sub(rf"({_STRING})|\b(TRUE|FALSE)\b", lambda one: one[1] or one[2].title(), text)
    odd = [name for name in columns if re.fullmatch(r"[^\W\d][\w.]*", name) and _odd(name)]
    if not odd:
        return text
    names = "|".join(map(re.escape, sorted(odd, key=len, reverse=True)))
    found = re.compile(rf"`({names})`|({_STRING})|(?<![\w.])({names})(?![\w.(])")
    return found.sub(lambda one: one[2] or f"`{_marked(one[1] or one[3])}`", text)


def _odd(name: str) -> bool:
    return iskeyword(name) or "." in name


def _marked(name: str) -> str:
    return f"{name} " if iskeyword(name) else name


def _sides(text: str) -> tuple[str, str, str]:
    """Return what is left of the first ~ that is not in quotes, that ~, and what is right of it."""
    found = re.match(rf"((?:{_STRING}|[^~])*?)(~)(.*)", text, flags=re.DOTALL)
    return (found[1], found[2], found[3]) if found else (text, "", "")


def refuse_sums(text: str) -> None:
    """Refuse y - z ~ x, of which formulaic would take y alone: on the left, too, - takes away."""
    left = re.sub(r"`[^`]*`|'[^']*'|\"[^\"]*\"", "", text).partition("~")[0]
    inner = re.compile(r"[(\[][^()\[\]]*[)\]]")
    while inner.search(left):
        left = inner.sub("", left)
    if re.search("[-+]", left):
        raise FormulaError(
            "expected one outcome, a column or a number computed in one call: write I(y - z) for a "
            "difference, log(y / (1 - y)) for log(y) - log(1 - y)"
        )
