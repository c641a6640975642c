"""The tests of one case: run by its name, or written for a draft."""

import subprocess
import sys

from analyses._new import DRAFT, ROOT, next_steps, write_tests

CALIBRATION = "tests.calibration"
NEEDS = (
    "casebook validate needs the repository, since tests are not installed with the package: clone "
    "it, check out the commit that your pages name, and run make environment and this command there"
)
SUITE = ("tests/cases", "tests/data", "tests/analyses", "tests/test_layers.py")


def run(case: str) -> int:
    """Run what tests a case, by its own files and by the suites that all cases have."""
    if (ROOT / DRAFT.format(case)).is_file():
        sys.stderr.write(f"{case} is a draft: casebook test {case} --write writes its tests\n")
        return 2
    words = [sys.executable, "-m", "pytest", "-q", *SUITE, "-k", case]
    return subprocess.run(words, cwd=ROOT, check=False).returncode


def validate(words: list[str]) -> int:
    """Calibrate all models, with the options of `python -m tests.calibration`; its exit code."""
    if not ROOT.joinpath(*CALIBRATION.split("."), "__main__.py").is_file():
        sys.stderr.write(f"{NEEDS}\n")
        return 2
    command = [sys.executable, "-m", CALIBRATION, *words]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


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
