"""The tests of one case: run by its name, or written for a draft."""

import subprocess
import sys

from analyses._new import DRAFT, ROOT, next_steps, write_tests

SUITE = ("tests/cases", "tests/data", "tests/analyses", "tests/test_layers.py")


def run(case: str) -> int:
    """Run what tests a case, by its own files and by the suites that all cases have."""
    if (ROOT / DRAFT.format(case)).is_file():
        sys.stderr.write(f"{case} is a draft: casebook test {case} --write writes its tests\n")
        return 2
    words = [sys.executable, "-m", "pytest", "-q", *SUITE, "-k", case]
    return subprocess.run(words, cwd=ROOT, check=False).returncode


def written(case: str) -> list[str]:
    """Write the tests of a draft, and say what to edit in them.

    Raises
    ------
    ValueError
        The case is no draft.
    OSError
        A file cannot be written.
    """
    return next_steps(case, write_tests(case))
