"""Do everything to the casebook that is in the gallery, and write the page about it.

python -m tests.faults --out FOLDER
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reports.blocks.blocks import Table
from reports.page.page import HTML, Section
from reports.page.proof import Proof, origin
from reports.terminal.progress import Steps
from tests.faults.fault import Fault
from tests.faults.gallery import FAULTS
from workflow.checking.diagnostics import Status

ABOUT = {
    "Killed": "A report is four files and the front page. They are written to a hidden folder and "
    "flushed to disk; renaming that folder is the commit; then they are moved out, the summary "
    "last. The kills are real ones (SIGKILL), one before each call that changes the disk.",
    "Two runs at once": "Writing happens under a lock of the folder.",
    "Disk": "Nothing is computed if the folder cannot be written. What fails later leaves the old "
    "report; the exit code is 5.",
    "Damage": "The summary has the SHA-256 of the other files, and its own.",
    "Ctrl-C": "The signal goes to the whole group of processes, as from a terminal. The samplers "
    "would swallow it and return fewer draws; so the process ends itself at once.",
    "Files": "The loaders read a file once, and take its checksum from the bytes that they read.",
    "Formulas": "A formula is parsed and held against a list of what it may contain before any of "
    "it is evaluated, and its terms and columns are counted before they are made.",
    "Names": "Names become labels of one line in one place, data/_label.py, and templates and "
    "drawings escape them.",
}
HOW = (
    "One row a fault: what was done to the casebook, what should become of the report that was "
    "there or is being made, and what did. PASS means that both are the same, and that no half a "
    "file, no traceback and no foreign code came of it."
)
LIMITS = (
    "SIGKILL stands for a power cut: the order of writing and flushing is that for one, but no "
    "disk was unplugged. Of the errors of the disk, the limit on the size of a file is a real one; "
    "the others are raised in the place of each call, in turn. Folders without locks (some network "
    "drives) are written without.",
    "Between two renames a reader can see files of two runs for a moment; each is whole, and the "
    "checksums tell. Checksums notice accidents, not someone who makes new ones.",
    "PyTensor and Numba keep pickles in their own caches, in the home folder of the user; the "
    "casebook reads none from the folder of reports or of data. Results of the process that fits "
    "ADVI come to its parent as pickles, in memory.",
    "Ctrl-C is heard between steps of Python. While a single call of a library computes, which "
    "takes seconds with millions of rows, it waits for that call.",
    "Letters of languages that are written from right to left are shown as such and can stand in "
    "another order within their own line; the marks that turn other text round are shown by "
    "number.",
)


@dataclass(frozen=True)
class Outcome:
    """How a fault ended."""

    fault: Fault
    survived: bool
    happened: str
    seconds: float


def try_out(fault: Fault, folder: Path) -> Outcome:
    """Do it in `folder`; anything it raises means that it was not survived."""
    folder.mkdir()
    start = time.perf_counter()
    try:
        survived, happened = True, fault.happen(folder)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # pytest's own among them
        survived, happened = False, f"{type(error).__name__}: {str(error)[:300]}"
    return Outcome(
        fault, survived, happened.replace(str(folder), "FOLDER"), time.perf_counter() - start
    )


def proof(outcomes: Sequence[Outcome], *, seconds: float) -> Proof:
    """Return the page about these outcomes."""
    lost = [one for one in outcomes if not one.survived]
    n = len(outcomes)
    kinds = list(dict.fromkeys(one.fault.kind for one in outcomes))
    if lost:
        answer = f"No: {len(lost)} of {n} were not: {'; '.join(one.fault.done for one in lost)}."
    else:
        answer = (
            f"Yes: of {n} kinds of faults and attacks, tried anew for this page, none left "
            "half a file that passes for a result, a traceback, or code that was executed."
        )
    limits = Section("What this does not show", LIMITS)
    return Proof(
        "faults",
        "Faults are survived",
        "Does a report survive kills, full disks, damage, interrupts and hostile input?",
        answer,
        Status.FAIL if lost else Status.PASS,
        f"{n - len(lost)} of {n} ended as expected.",
        (*(_section(kind, outcomes) for kind in kinds), limits),
        origin("python -m tests.faults", seed=1, seconds={"all": seconds}),
    )


def _section(kind: str, outcomes: Sequence[Outcome]) -> Section:
    rows = tuple(
        (
            one.fault.done,
            one.fault.expected,
            one.happened,
            Status.PASS if one.survived else Status.FAIL,
            f"{one.seconds:.1f}",
        )
        for one in outcomes
        if one.fault.kind == kind
    )
    columns = ("what was done", "what should happen", "what happened", "status", "seconds")
    about = (ABOUT[kind],) if kind in ABOUT else ()
    return Section(kind, (*about, Table(f"{kind}: done and survived", columns, rows, HOW)))


def main() -> int:
    """Try every fault, write the page, and return 1 if one was not survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HTML)
    out = parser.parse_args().out
    steps, start, outcomes = Steps("faults"), time.perf_counter(), []
    with tempfile.TemporaryDirectory() as folder:
        for number, fault in enumerate(FAULTS):
            steps.begin(f"{fault.kind}: {fault.done}")
            outcomes.append(try_out(fault, Path(folder) / str(number)))
            steps.end()
    made = proof(outcomes, seconds=time.perf_counter() - start)
    steps.say(f"faults: page {made.save(out).resolve()}")
    sys.stdout.write(f"{made.status.value}: {made.answer}\n")
    return int(made.status is not Status.PASS)


if __name__ == "__main__":
    sys.exit(main())
