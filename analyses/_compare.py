"""`casebook compare`: saved fits side by side, from their `.nc` and `.json` alone."""

import re
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from analyses import UNWRITABLE
from reports.blocks.text import visible
from reports.comparing import page
from reports.publishing.files import OutputError, check_writable
from reports.publishing.provenance import sha256, shown
from reports.publishing.sealed import DamagedError, read_summary
from reports.publishing.trees import read_tree
from reports.terminal.progress import tell
from workflow.checking.diagnostics import Status, diagnose
from workflow.comparing.same import outcome_forms, settings_that_differ, two_runs
from workflow.comparing.saved import NotComparableError, Saved
from workflow.regression import gaussian_loo
from workflow.scoring.elpd import Elpd

DONE, USAGE, NOT_USABLE, FAILED = 0, 2, 3, 4
PREFIX, LONGEST = "compare_", 80
NEEDED = {"case", "status", "answer", "decision", "quantities", "scalars", "provenance"}


class FailedError(Exception):
    """A fit failed its diagnosis; the message says which, and why."""


def compare(paths: Sequence[Path], out: Path | None, name: str | None) -> int:
    """Write the page of a comparison and print its answer; return the exit code.

    0 done, 2 wrong usage, 3 the files are damaged or cannot be compared, 4 a fit failed its
    diagnosis, 5 the page cannot be written. What is wrong is said in a line on stderr.
    """
    start = time.perf_counter()
    try:
        names = _names(paths)
        stem = _stem(name, names)
        folder = out or paths[0].parent
        check_writable(folder)
        fits = [_read(path, called) for path, called in zip(paths, names, strict=True)]
        changed = _only_what_changed(fits)
        words = ["casebook", "compare", *map(shown, paths)]
        words += ["--out", shown(out)] if out else []
        words += ["--name", name] if name else []
        about = page.About(stem, shlex.join(words), _pages(paths, names, folder), _sums(paths))
        report, found = (
            page.changed(fits, about) if changed else page.side_by_side(fits, about, exact)
        )
        statuses = [Status[fit.summary["status"]] for fit in fits]
        status = report.save(folder, statuses, found, time.perf_counter() - start)
    except ValueError as error:
        return _said(str(error), NOT_USABLE if isinstance(error, NotComparableError) else USAGE)
    except DamagedError as error:
        return _said(f"{error}; run the case again", NOT_USABLE)
    except FailedError as error:
        return _said(str(error), FAILED)
    except OutputError as error:
        return _said(str(error), UNWRITABLE)
    sys.stderr.write(f"page {(folder / stem).resolve()}.html\n")
    tell(f"{status.value}: {report.answer}")
    return DONE


def _names(paths: Sequence[Path]) -> list[str]:
    """Return what the fits are called: by their files, or by their folders."""
    if len(paths) < 2:
        raise ValueError("give two or more saved fits: casebook compare a.nc b.nc")
    if len({path.resolve() for path in paths}) < len(paths):
        raise ValueError("a fit is given twice; give each once")
    stems = [path.stem for path in paths]
    folders = [path.resolve().parent.name for path in paths]
    both = [f"{folder}/{stem}" for folder, stem in zip(folders, stems, strict=True)]
    short = (stems,) if len({*stems}) > 1 else (folders,)
    told_apart = (names for names in (*short, both) if len({*names}) == len(paths))
    return next(told_apart, [str(path.resolve()) for path in paths])


def _stem(name: str | None, names: Sequence[str]) -> str:
    """Return what the page is called; the beginning says that it is a comparison."""
    given = name if name is not None else "_".join(re.sub(r"\W+", "_", one) for one in names)
    stem = PREFIX + given.removeprefix(PREFIX)
    if name is None:
        return stem[:LONGEST]
    if not re.fullmatch(r"[A-Za-z0-9_-]+", stem) or len(stem) > LONGEST:
        raise ValueError(
            f"--name {name}: letters (a to z), digits, - and _ alone, {LONGEST} at most"
        )
    return stem


def _read(path: Path, name: str) -> Saved:
    """Return the fit in a file, if its files are whole and it passed its diagnosis."""
    if path.suffix != ".nc":
        raise ValueError(f"{path}: no .nc file; give the draws that casebook run has saved")
    try:
        tree, summary = read_tree(path), read_summary(path.with_suffix(".json"))
    except DamagedError as error:
        raise DamagedError(f"{path.parent / str(error)}") from None
    if not summary.keys() >= NEEDED or summary["status"] not in Status.__members__:
        raise DamagedError(f"{path}: its summary is none of a case of this version")
    found = diagnose(tree)
    if Status.FAIL in {found.status, Status[summary["status"]]}:
        reasons = "; ".join(found.reasons()) or summary["answer"]
        raise FailedError(
            f"{name}: the fit failed its diagnosis, so nothing can be compared with it "
            f"({reasons}); its page says what to do"
        )
    return Saved(name, summary, tree)


def _only_what_changed(fits: Sequence[Saved]) -> bool:
    """Say whether these are two runs on other data; raise why nothing else can be compared."""
    try:
        outcome_forms(fits)
    except NotComparableError as error:
        if two_runs(fits):
            return True
        predicted = [fit.outcome_name for fit in fits]
        if None not in predicted and len(fits) == 2 and predicted[0] != predicted[1]:
            raise NotComparableError(
                f"{error} ({fits[0].name} predicts {predicted[0]}, {fits[1].name} {predicted[1]})"
            ) from None
        other = settings_that_differ(fits[0], fits[1])
        if len(fits) == 2 and fits[0].case == fits[1].case:
            raise NotComparableError(
                f"{error} (and for what changed between two runs of one analysis, their settings "
                f"have to be the same: {', '.join(other)} differ)"
            ) from None
        raise
    return False


def exact(fit: Saved) -> Elpd | None:
    """Return the elpd of `linear_regression` without draws; None for any other fit."""
    if fit.case != "linear_regression" or "part" in fit.tree.attrs:
        return None
    data = {str(name): one.to_numpy() for name, one in fit.tree["constant_data"].data_vars.items()}
    return gaussian_loo.elpd({**data, "y_data": fit.outcome}, [int(line) for line in fit.lines])


def _pages(paths: Sequence[Path], names: Sequence[str], folder: Path) -> dict[str, str]:
    """Return the addresses of the fits' pages that are in the same folder, else ""."""
    found = {}
    for name, path in zip(names, paths, strict=True):
        beside = path.resolve().parent == folder.resolve()
        there = beside and path.with_suffix(".html").is_file()
        found[name] = f"{path.stem}.html" if there else ""
    return found


def _sums(paths: Sequence[Path]) -> dict[str, str]:
    both = [file for path in paths for file in (path, path.with_suffix(".json"))]
    return {shown(file): sha256(file) for file in both}


def _said(text: str, code: int) -> int:
    sys.stderr.write(f"{visible(text)}\n")
    return code
