"""Progress on many of one kind: how many are done, how many failed, how many a second."""

import time
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from reports.blocks.text import visible
from reports.terminal.progress import Heard

EVERY = 30.0  # seconds between lines where there is no terminal


class Counted:
    """A line on stderr: so many of all are done, at so many a second; `done` were done before."""

    def __init__(self, what: str, total: int, done: int, *, quiet: bool) -> None:
        self._console = Heard(stderr=True, quiet=quiet, highlight=False)
        self._live = self._console.is_terminal and not self._console.is_dumb_terminal
        self._what, self._total, self._before, self._done = visible(what), total, done, done
        self._failed = 0
        self._begun = self._told = time.monotonic()
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[said]}", markup=False),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._live,
            redirect_stdout=False,
        )
        self._task = self._bar.add_task(self._what, total=total, completed=done, said="")

    def __enter__(self) -> Self:
        if self._before:
            self._console.print(f"{self._before:,} of {self._total:,} were computed before")
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._bar.stop()
        if kind is None and self._done > self._before:
            self._console.print(f"{self._what}: {self._said()}", soft_wrap=True)

    def one(self, code: int) -> None:
        """Count one more, which ended with this exit code."""
        self._done += 1
        self._failed += code != 0
        self._bar.update(self._task, completed=self._done, said=self._said())
        if not self._live and time.monotonic() - self._told > EVERY:
            self._told = time.monotonic()
            self._console.print(f"{self._what}: {self._said()}", soft_wrap=True)

    def _said(self) -> str:
        a_second = (self._done - self._before) / max(time.monotonic() - self._begun, 1e-9)
        failed = f", {self._failed:,} failed" if self._failed else ""
        return f"{self._done:,} of {self._total:,}{failed}, {a_second:.2f} a second"
