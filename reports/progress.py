"""Progress on long work: each step named on stderr while it runs, and its seconds kept."""

import time

from rich.console import Console


class Steps:
    """The steps of an analysis, one after the other; `seconds` has how long each took."""

    def __init__(self, case: str, *, quiet: bool = False) -> None:
        self.console = Console(stderr=True, quiet=quiet, highlight=False)
        self.seconds: dict[str, float] = {}
        self._case, self._name, self._start = case, "", 0.0
        self._spinner = self.console.status("")

    def begin(self, name: str) -> None:
        """End the step that runs, if one does, and begin the next."""
        self.end()
        self._name, self._start = name, time.perf_counter()
        self._spinner.update(f"{self._case}: {name} …")
        self._spinner.start()

    def end(self) -> None:
        """End the step that runs, if one does."""
        if not self._name:
            return
        took = time.perf_counter() - self._start
        self.seconds[self._name] = self.seconds.get(self._name, 0.0) + took
        self._spinner.stop()
        self.console.print(f"{self._case}: {self._name} [dim]{took:.1f} s[/dim]")
        self._name = ""
