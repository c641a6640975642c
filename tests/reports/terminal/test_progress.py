"""Each step is named while it runs, on a terminal and elsewhere."""

import os
import re
import sys

import pytest

from reports.terminal.progress import Steps
from tests.terminal import on_terminal


def test_off_a_terminal_a_step_is_named_when_it_begins(capsys: pytest.CaptureFixture) -> None:
    steps = Steps("a_case")
    steps.begin("NUTS")
    assert capsys.readouterr().err == "a_case: NUTS …\n"
    steps.end()
    assert re.fullmatch(r"a_case: NUTS \d\.\d s\n", capsys.readouterr().err)


def test_on_a_terminal_it_is_named_in_a_line_that_goes() -> None:
    told = (
        "from reports.terminal.progress import Steps; s = Steps('a_case'); s.begin('NUTS'); s.end()"
    )
    environment = os.environ | {"TERM": "xterm", "NO_COLOR": "1"}
    code, said = on_terminal([sys.executable, "-c", told], environment)
    assert code == 0
    assert re.findall(r"(..)a_case: NUTS …", said) == ["⠋ "]  # behind the spinner, no line more
    assert re.search(r"a_case: NUTS .*\d s", said)
