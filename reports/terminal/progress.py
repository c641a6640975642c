"""Progress on long work: each step named on stderr while it runs, and its seconds kept."""

import io
import os
import sys
import time

from rich.console import Console
from rich.markup import escape

from reports.blocks.text import visible


class Heard(Console):
    """A console that goes quiet when nobody listens any more: rich would end the process."""

    def on_broken_pipe(self) -> None:
        """Let what is still said go nowhere."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())


def _console(quiet: bool) -> Console:
    """Return a console on stderr; in a notebook, where that is red and a spinner litters, stdout.

    Jupyter tells its kernels that they write to a terminal; they do not.
    """
    usual = Heard(stderr=True, quiet=quiet, highlight=False)
    if not usual.is_jupyter:
        return usual
    return Heard(quiet=quiet, highlight=False, force_jupyter=False, force_terminal=False)


class Steps:
    """The steps of an analysis, one after the other; `seconds` has how long each took."""

    def __init__(self, case: str, *, quiet: bool = False) -> None:
        self.console = _console(quiet)
        self.seconds: dict[str, float] = {}
        self._case, self._name, self._start = case, "", 0.0
        self._spinner = self.console.status("")

    def begin(self, name: str) -> None:
        """End the step that runs, if one does, and begin the next."""
        self.end()
        self._name, self._start = name, time.perf_counter()
        if self.console.quiet:  # a spinner that nobody sees takes its time all the same
            return
        self._spinner.update(f"{self._case}: {name} …")
        self._spinner.start()
        if not self.console.is_terminal:  # where there is no spinner: `build` reads this line
            self.console.print(f"{self._case}: {name} …", soft_wrap=True)

    def end(self) -> None:
        """End the step that runs, if one does."""
        if not self._name:
            return
        took = time.perf_counter() - self._start
        self.seconds[self._name] = self.seconds.get(self._name, 0.0) + took
        if not self.console.quiet:
            self._spinner.stop()
        self.console.print(f"{self._case}: {self._name} [dim]{took:.1f} s[/dim]")
        self._name = ""

    def say(self, text: str) -> None:
        """Print a line on stderr, as it is."""
        self.console.print(escape(visible(text)), soft_wrap=True)


def allow_any_text() -> None:
    """Let stdout and stderr show characters that their encoding lacks by number, and not fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # and not closed, or a test's
            stream.reconfigure(errors="backslashreplace")


def tell(text: str) -> None:
    """Print a line on stdout, if anyone is there to read it: the page is written all the same."""
    try:
        if sys.stdout is not None:
            sys.stdout.write(f"{visible(text)}\n")
            sys.stdout.flush()
    except OSError:  # a closed pipe, or a full disk behind it: Python would try again at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
