"""Which case a test belongs to: so it stays with its like, and so its seconds are counted."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.test_layers import CASES

REST = "everything else"


def group(nodeid: str) -> str:
    """Return the case that is a parameter of the test or the name of its module; else the module.

    >>> group("tests/browser/test_pages.py::test_no_barriers[ab_test]")
    'ab_test'
    """
    path, _, test = nodeid.partition("::")
    words = [*re.split(r"[\[\]-]", test)[1:], Path(path).stem.removeprefix("test_")]
    return next((word for word in words if word in CASES), path)


class Groups(LoadScopeScheduling):  # type: ignore[misc]
    """Gives one worker after the other a whole group: its tests share fits, else made twice."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Groups:
    """Give tests to pytest-xdist's workers by group, whatever `--dist` says."""
    return Groups(config, log)


def by_case(reports: list[pytest.TestReport]) -> dict[str, float]:
    """Return the seconds of all tests of each case, with what was set up for them; most first."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for report in reports:
        found = group(report.nodeid)
        seconds[found if found in CASES else REST] += report.duration
    return dict(sorted(seconds.items(), key=lambda one: -one[1]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the seconds a case, most first, where there are cases; then those of the rest."""
    told = [one for some in terminalreporter.stats.values() for one in some]
    seconds = by_case([one for one in told if isinstance(one, pytest.TestReport)])
    rest = seconds.pop(REST, 0.0)
    if not seconds:
        return
    mean = sum(seconds.values()) / len(seconds)
    terminalreporter.section(f"seconds a case: {mean:.1f} in the mean of {len(seconds)}")
    for case, took in [*seconds.items(), (REST, rest)]:
        terminalreporter.write_line(f"{took:8.1f} {case}")
