"""Progress on several cases at once: a line for each, live on a terminal."""

from collections.abc import Iterable
from types import TracebackType
from typing import Self

from rich.console import RenderableType
from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.table import Column
from rich.text import Text

from reports.blocks.text import visible
from reports.terminal.progress import Heard


class _Running(SpinnerColumn):
    """A spinner beside what runs; nothing before and afterwards."""

    def render(self, task: Task) -> RenderableType:
        return super().render(task) if task.started and not task.finished else Text(" ")


class _Seconds(ProgressColumn):
    """The seconds since a case began, until it ended; nothing before."""

    def render(self, task: Task) -> Text:
        return Text("" if task.elapsed is None else f"{task.elapsed:.0f} s", justify="right")


class Board:
    """A line on stderr for each of `cases`: its name, the step it is in, and its seconds.

    Where stderr is no terminal, a line when a case begins, and one when it ends.
    """

    def __init__(self, cases: Iterable[str], *, quiet: bool) -> None:
        self._console = Heard(stderr=True, quiet=quiet, highlight=False)
        self._live = self._console.is_terminal and not self._console.is_dumb_terminal
        self._lines = Progress(
            _Running(),
            TextColumn("{task.description}", markup=False),
            _Seconds(Column(min_width=5, no_wrap=True)),
            TextColumn(
                "{task.fields[step]}", markup=False, table_column=Column(no_wrap=True, ratio=1)
            ),
            console=self._console,
            disable=not self._live,
            redirect_stdout=False,
            expand=True,  # what a step is called may be long, and is cut at the margin
        )
        self._tasks = {
            case: self._lines.add_task(visible(case), start=False, total=1, step="waits")
            for case in cases
        }

    def __enter__(self) -> Self:
        self._lines.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._lines.stop()

    def begin(self, case: str, why: str) -> None:
        """Tell that a case begins, and why it has to be computed."""
        self._lines.start_task(self._tasks[case])
        self.step(case, why)
        self._plain(f"{case}: begins: {why}")

    def step(self, case: str, name: str) -> None:
        """Tell what a case is doing, where lines can change."""
        self._lines.update(self._tasks[case], step=visible(name))

    def end(self, case: str, said: str) -> None:
        """Tell how a case ended."""
        at = self._tasks[case]
        if self._lines.tasks[at].started:
            self._lines.stop_task(at)
        self._lines.update(at, completed=1, step=visible(said))
        took = self._lines.tasks[at].elapsed
        self._plain(f"{case}: {said}" + ("" if took is None else f" after {took:.0f} s"))

    def _plain(self, line: str) -> None:
        if not self._live:
            self._console.print(Text(visible(line)), soft_wrap=True)
