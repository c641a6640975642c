"""Cases that answer another question of the same file: a curve, which formula, what to try next.

Each is named only if its own reader takes the file; ahead of the regressions where the file itself
says that it is meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from data import _suited, model_comparison, next_experiment, smooth_curve
from data._asked import Asked
from data._beside import BELONGS, beside
from data._how import Reading
from data._kinds import COUNT, PERCENT, REAL, SHARE, SKEWED, words_of
from data._label import labels
from data._reads import refusal
from data._suited import quoted
from data._table import DataError

_REAL = {REAL, SKEWED, SHARE, PERCENT}
_RESULTS = {"result", "response", "yield", "objective"}
_NUMBERED = {"run", "trial", "experiment"}
_DIFFERENCES = {"difference", "differences", "diff", "change", "gain", "delta"}
LONGEST = 150  # characters of formulas that are told
MANY = 10  # terms: so many that a few of them may do
BENDS, SURE = 5, 1e-3  # degree that a line is held against; level from which on it bends


@dataclass(frozen=True)
class Also:
    """A case, what it answers, what speaks against it, and why it comes first, or ""."""

    case: str
    answers: str
    against: str
    ahead: str = ""
    formulas: tuple[str, ...] = ()


def also(path: Path, found: Asked, reading: Reading) -> list[Also]:
    """Return the cases for other questions that read the file, the likelier ones first."""
    if found.kind is None or found.kind.name not in _REAL | {COUNT}:
        return []
    looks = (_curve, _trials, _mean, _formulas, _few)
    every = [one for look in looks for one in look(path, found, reading)]
    every = [one for one in every if one.case in _suited.there()]
    return sorted(every, key=lambda one: not one.ahead)


def _curve(path: Path, found: Asked, reading: Reading) -> Iterator[Also]:
    """Two columns of numbers: the one along the other."""
    try:
        columns, _ = smooth_curve.read(path, reading, drop_missing=bool(found.missing))
    except DataError:
        return
    (x, y), own = columns, labels([str(found.outcome)])[0]
    named = [one for one in map(str, found.table) if _names(found, one)]
    if y != own or x in labels(named) or not _real(found):
        return
    straight, bent, sure = _explained(*columns.to_numpy().T)
    ahead = (
        f"{y} bends along {x} (a straight line explains {straight:.0%} of its variance, a "
        f"polynomial of degree {BENDS} {bent:.0%})"
        if sure
        else ""
    )
    answers = f"how {y} goes along {x} as a smooth curve, and where it surely rises or falls"
    against = "of a straight line linear_regression says more: a slope"
    yield Also("smooth_curve", answers, against, ahead)


def _explained(x: np.ndarray, y: np.ndarray) -> tuple[float, float, bool]:
    """Return the shares that a line explains, and a curve that bends; and if it surely does."""
    degree = min(BENDS, len(np.unique(x)) - 2)
    left = [float(((y - np.polynomial.Chebyshev.fit(x, y, n)(x)) ** 2).sum()) for n in (1, degree)]
    total, free = float(((y - y.mean()) ** 2).sum()), len(y) - degree - 1
    ratio = (left[0] - left[1]) / (degree - 1) / (left[1] / free) if free > 0 and left[1] else 0.0
    sure = bool(stats.f.sf(ratio, degree - 1, max(free, 1)) < SURE)
    return 1 - left[0] / total, 1 - left[1] / total, sure


def _trials(path: Path, found: Asked, reading: Reading) -> Iterator[Also]:
    """Settings, all numbers, and what came out: rows in time, or of one person, are none."""
    name, table = str(found.outcome), found.table
    try:
        tried = next_experiment.read(path, reading, drop_missing=bool(found.missing))
    except DataError:
        return
    used = {*tried.in_file.values()}
    left_out = {*map(str, table)} - {name, *used, *tried.same}  # which number the rows
    result = bool(_RESULTS & {*words_of(name)})
    said = result or any(_NUMBERED & {*words_of(one)} for one in left_out)
    when = beside(table).times.values()
    times = any(one.is_unique and one.is_monotonic_increasing for one in when)
    groups = {*beside(table, [name, *map(str, table)]).groups} - {name}
    names = (groups and not result) or any(_names(found, one) for one in used)
    if times or names or not (said or _real(found)):
        return
    ahead = f"a row may be a trial: its settings, and what came out ({name})" if said else ""
    answers = f"which settings to try next for more of {name} (less: --minimise), or to stop"
    against = "only if rows are trials whose settings you choose, and you can try more"
    yield Also("next_experiment", answers, against, ahead)


def _mean(path: Path, found: Asked, reading: Reading) -> Iterator[Also]:
    """Differences, and beside them only what names the rows: is their mean 0?"""
    name = str(found.outcome)
    rest = [one for one in map(str, found.table) if one != name]
    if not _DIFFERENCES & {*words_of(name)} or not all(_names(found, one) for one in rest):
        return
    made = (f"{quoted(name)} ~ 0", f"{quoted(name)} ~ 1")
    drop = bool(found.missing)
    if refusal("model_comparison", path, reading, made, drop_missing=drop) is None:
        ahead = f"{name} is a difference, and nothing else in the file may explain it"
        yield Also("model_comparison", "whether its mean is 0", "", ahead, made)


def _names(found: Asked, name: str) -> bool:
    belongs = any(BELONGS.fullmatch(word.removesuffix("s")) for word in words_of(name))
    return name in found.unfit or (belongs and found.table[name].is_unique)


def _formulas(path: Path, found: Asked, reading: Reading) -> Iterator[Also]:
    """An outcome that is a number: which of several formulas predicts it best?"""
    if any(_mean(path, found, reading)) or not _real(found):
        return
    all_terms = _all_terms(found)
    made = (all_terms, f"{quoted(str(found.outcome))} ~ 1") if all_terms else ()
    try:
        drop = bool(found.missing)
        told = model_comparison.load(path, made, drop_missing=drop, reading=reading)
    except DataError:
        return
    those = ", ".join(one.text for one in told)
    those = those if len(those) <= LONGEST else f"{len(told)} formulas"
    answers = f"which formula predicts rows left out best ({those}; or your own, each by --formula)"
    against = "it says less of each term than one formula does"
    yield Also("model_comparison", answers, against, "", made)


def _few(path: Path, found: Asked, reading: Reading) -> Iterator[Also]:
    """Many terms: do a few predict as well?"""
    if found.table.shape[1] - 1 - len(found.unfit) < MANY or not _real(found):
        return
    formula, drop = _all_terms(found), bool(found.missing)
    if refusal("sparse_regression", path, reading, formula, drop_missing=drop) is None:
        answers = "which few of the many terms predict as well as all of them"
        against = "slopes are drawn towards 0, so that for the size of one it is the wrong case"
        yield Also("sparse_regression", answers, against, "", (formula,) if formula else ())


def _real(found: Asked) -> bool:
    return found.kind is not None and found.kind.name in _REAL


def _all_terms(found: Asked) -> str | None:
    """Return the formula of all columns that can be terms, or None where these are all others."""
    right = " - ".join([".", *map(quoted, found.unfit)])
    return f"{quoted(str(found.outcome))} ~ {right}" if found.unfit else None
