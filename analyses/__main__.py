"""Run every case on its shipped data, but those whose page is up to date: `python -m analyses`."""

import importlib
import inspect
import subprocess
import sys
from functools import partial
from pathlib import Path

from analyses import UNWRITABLE, leave_when_interrupted
from reports.files import OutputError, locked
from reports.fresh import why_again
from reports.index import write_index
from reports.page import DONE, ENVIRONMENT, FAILED, HTML, ICONS
from reports.progress import tell
from reports.provenance import command
from workflow.diagnostics import Status


def main(out: Path = HTML, cases: list[str] | None = None) -> int:
    """Run all cases, each in a process of its own; one that fails does not stop the others.

    A case is left alone if nothing that it depends on has changed and its files are as they were
    written. Return the worst exit code.
    """
    folder = Path(__file__).parent
    codes = [_run(out, case) for case in cases or sorted(p.stem for p in folder.glob("[!_]*.py"))]
    with locked(out):
        write_index(out, ENVIRONMENT, ICONS)
    tell(f"reports: {(out / 'index.html').resolve()}")
    return max(codes, key=_badness, default=DONE)


def _badness(code: int) -> int:
    """Order exit codes: a bug (1, or ended by a signal) is worse than an answer that is refused."""
    return 1000 if code == 1 or code < 0 else code


def _run(out: Path, case: str) -> int:
    """Run a case, or say that its page is up to date; return its exit code."""
    why, status = why_again(out, case, partial(_shown_command, case))
    tell(f"{case}: {why}, computing" if why else f"{case}: up to date")
    if not why:
        return FAILED if status is Status.FAIL else DONE
    words = [sys.executable, "-m", f"analyses.{case}", "--out", str(out.absolute())]
    return subprocess.run(words, check=False, cwd=Path(__file__).parent.parent).returncode


def _shown_command(case: str) -> str:
    """Return the command that the page of a case shows when it is run without options."""
    main = importlib.import_module(f"analyses.{case}").main
    parameters = inspect.signature(main).parameters.values()
    return command(case, {one.name: one.default for one in parameters})


if __name__ == "__main__":
    leave_when_interrupted()
    try:
        sys.exit(main())
    except OutputError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(UNWRITABLE)
