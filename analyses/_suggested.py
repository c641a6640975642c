"""Which case fits a file, in words: what was seen, the best case, its command, second choices."""

import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from data._also import Also, also
from data._asked import Asked, asked
from data._how import Reading
from data._kinds import CLASSES, NAMES, REAL, TEXT, TIME, TWO, far_off
from data._layouts import Layout, event_of
from data._reading import DataError
from data._reads import refusal
from data._suited import SUITED, Choice, choices, command, formula_of, options_of, quoted
from reports.blocks.text import visible
from reports.terminal.progress import tell

DONE, DATA_UNUSABLE = 0, 3
_NO_CASE = {
    CLASSES: "No case is for more than two classes yet: make a column of one class against the "
    "others, 1 and 0, and use logistic_regression.",
    TEXT: "Texts are no outcome; beside a column of two classes, spam_words finds the words that "
    "tell these apart.",
    NAMES: "Names of rows are no outcome.",
    TIME: "When something was is no outcome here.",
}


def suggest(path: Path, options: Mapping[str, Any]) -> int:
    """Say which case fits the CSV at `path`; return the exit code, 3 where it is not usable."""
    reading = Reading.of(options)
    try:
        found = asked(path, reading)
    except DataError as error:
        sys.stderr.write(f"{visible(str(error))}\n")
        return DATA_UNUSABLE
    for line in lines(path, found, reading):
        tell(line)
    return DONE


def lines(path: Path, found: Asked, reading: Reading) -> Iterator[str]:
    """Yield what to say of a file, a line each."""
    if found.outcome is not None:
        said = ", the last column (--outcome names another)"
        file = f"{path}: rows {len(found.table):,}, columns {found.table.shape[1]}"
        last = found.last and found.outcome == found.table.columns[-1]
        yield f"{file}; the outcome is {found.outcome}{said if last else ''}."
    if found.kind is not None:
        what = f": {found.kind.name}" if found.kind.name not in found.kind.seen else ""
        yield f"{found.outcome} has {found.kind.seen}{what}."
    questions = also(path, found, reading)
    told = [*_of_layouts(path, found, reading), *_also(path, found, reading, questions, True)]
    told += _of_kind(path, found, reading, best=not told)
    told += _also(path, found, reading, questions, False)
    for one in told:
        yield from one
    if not told:
        yield from _no_case(found)
    if found.weighs:
        other = next(str(name) for name in found.table.columns[::-1] if name != found.weighs)
        outcome = other if found.outcome == found.weighs else str(found.outcome)
        again = ["casebook", "suggest", str(path), "--weights", found.weighs, "--outcome", outcome]
        yield (
            f"If {found.weighs} says how many rows a line stands for (no two lines are alike but "
            f"for it), say so, and what is to be predicted: {shlex.join(again)}"
        )
    if told and found.missing:
        yield (
            f"{found.missing:,} rows lack a value: fill them in, or add --drop-missing, which "
            "leaves them out."
        )


def _of_layouts(path: Path, found: Asked, reading: Reading) -> Iterator[list[str]]:
    """Yield what fits the file as a whole, and reads it; or what the only one refuses."""
    refused: list[list[str]] = []
    for one in found.layouts:
        each = "each" in one.options  # a column says whose each row is
        alone = one.whole or found.table.shape[1] <= 2 or each
        other = "" if alone else " (the other columns are left out)"
        options = options_of(reading) | dict(one.options)
        formula = None
        if one.trials:
            other, formula = "", _counted(found, one)
        said = f"{one.case} fits, since {one.why}{other}:"
        run = f"    {command(one.case, path, None, formula, options)}"
        wrong = refusal(one.case, path, _as_read(found, reading, one.options), formula, each=each)
        if wrong is None:
            yield [said, run]
        else:
            refused.append([said, *_mended(path, wrong), run])
    if found.kind is None and len(refused) == len(found.layouts):
        yield refused[0]


def _mended(path: Path, refused: str) -> list[str]:
    """Say what a case refuses, without the lines of the file that are listed."""
    told = refused.replace(f"{path}: ", "").splitlines()
    lines = [line for line in told if not line.startswith(("line ", "... "))]
    return ["The file has to be mended first:", *(f"  {visible(line)}" for line in lines)]


def _as_read(found: Asked, reading: Reading, options: Mapping[str, str]) -> Reading:
    """Return how a layout is read: without the numbers that are left for the reader to put in."""
    options = {name: value for name, value in options.items() if name != "each"}
    own = {name: value for name, value in options.items() if value != value.upper()}
    own |= {name: value for name, value in options.items() if value in found.table}
    return Reading.of(reading.options() | own)


def _counted(found: Asked, one: Layout) -> str:
    """Return the formula of counts among trials, without the column of those left."""
    assert one.outcome is not None
    assert one.trials is not None
    numbers = found.table[[one.outcome, one.trials]].astype(float)
    left = (numbers[one.trials] - numbers[one.outcome]).map("{:g}".format)
    rest = [name for name in found.table if (found.table[name] == left).all()]
    minus = [name for name in (*found.unfit, *rest) if name not in {one.outcome, one.trials}]
    outcome = f"{quoted(one.outcome)} | trials({quoted(one.trials)})"
    return f"{outcome} ~ {' - '.join(['.', *map(quoted, minus)])}"


def _also(
    path: Path, found: Asked, reading: Reading, questions: Iterable[Also], ahead: bool
) -> Iterator[list[str]]:
    """Yield the cases for other questions: those that the file means, or else the others."""
    asked_for = None if found.last else found.outcome
    for one in questions:
        if bool(one.ahead) == ahead:
            said = f"{one.case} fits, since {one.ahead}; it says {one.answers}:"
            other = f"Another question, {one.case}: {one.answers}. Against it: {one.against}."
            run = command(one.case, path, asked_for, one.formulas, options_of(reading))
            yield [said if ahead else other, f"    {run}"]


def _of_kind(path: Path, found: Asked, reading: Reading, *, best: bool) -> Iterator[list[str]]:
    """Yield the cases for the outcome's kind, best first, each with its command.

    What refuses the file is left out, but for the first, of which is said what it refuses.
    """
    if found.kind is None:
        return
    every, missing = choices(found.kind)
    asked_for = None if found.last else found.outcome
    options = options_of(reading)
    if found.kind.name == TWO:
        options |= event_of(found.cells)
    drop = bool(found.missing)
    for at, one in enumerate(every):
        own = options if one.case == "logistic_regression" else options_of(reading)
        formula, as_read = _formula(found, one), Reading.of(reading.options() | own)
        refused = refusal(one.case, path, as_read, formula, drop_missing=drop)
        if at and refused:
            continue
        told = _told(one, missing, best=best and not at)
        if found.kind.name == REAL and at and (far := far_off(found.values.dropna())):
            told += f" Here {far:,} of {len(found.values):,} values are far from the middle."
        mended = _mended(path, refused) if refused else []
        yield [told, *mended, f"    {command(one.case, path, asked_for, formula, own)}"]


def _told(one: Choice, missing: str | None, *, best: bool) -> str:
    """Return a choice in words: the best, the nearest where that is missing, or a second one."""
    lost = f" Against it: {one.lost}." if one.lost else ""
    if best and missing:
        fits = f"{missing} would fit, and is not here yet; the nearest is {one.case}: {one.fits}."
        return f"{fits} Lost is: {one.lost}." if one.lost else fits
    start = f"{one.case} fits" if best else f"Second choice, {one.case}"
    return f"{start}: {one.fits}.{lost}"


def _formula(found: Asked, one: Choice) -> str | None:
    """Return the formula that is needed, for the outcome or for the columns left out."""
    assert found.outcome is not None
    right = " - ".join([".", *map(quoted, found.unfit)])
    made = formula_of(one, found.outcome, right)
    return made or (f"{quoted(found.outcome)} ~ {right}" if found.unfit else None)


def _no_case(found: Asked) -> Iterator[str]:
    """Say why nothing is suggested, and which columns could be predicted."""
    assert found.kind is not None
    yield _NO_CASE[found.kind.name]
    could = {name: kind.name for name, kind in found.others.items() if kind.name in SUITED}
    if could:
        shown = ", ".join(f"{name} ({kind})" for name, kind in list(could.items())[:5])
        yield f"Name another column with --outcome, such as {shown}."
