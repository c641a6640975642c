"""Which case a test belongs to: so it stays with its like, and so its seconds are counted."""

from collections import defaultdict

import pytest

from tests.test_layers import CASES, ROOT

REST = "everything else"


def case_of(item: pytest.Item) -> str | None:
    """Return the case whose name is a parameter of the test or the name of its module."""
    given = getattr(item, "callspec", None)
    names = [*(given.params.values() if given else ()), item.path.stem.removeprefix("test_")]
    return next((name for name in names if isinstance(name, str) and name in CASES), None)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks at the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a case together, and those of a module: each group is done by one worker.

    They share fits, and with two workers each would make them.
    """
    for item in items:
        case = case_of(item)
        item.user_properties.append(("case", case or REST))
        item.add_marker(pytest.mark.xdist_group(case or str(item.path.relative_to(ROOT))))


def by_case(reports: list[pytest.TestReport]) -> dict[str, float]:
    """Return the seconds of all tests of each case, with what was set up for them."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for report in reports:
        seconds[str(dict(report.user_properties).get("case", REST))] += report.duration
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
