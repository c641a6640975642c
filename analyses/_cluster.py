"""Work by the workers of a Dask scheduler: who may have it, and what becomes of it.

Dask hands out the work, and gives that of a worker that was killed to another one. Tasks ask for a
resource that only those workers have which were looked at: they have the same casebook.
"""

import hashlib
import json
import queue
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from analyses import _cluster_worker as worker
from analyses._on import NoClusterError
from reports.blocks.text import visible

FIRST, AGAIN = 10, 60  # seconds until there has to be a first worker, and another one
NEWS = 0.5  # seconds between two looks at which workers there are
CODE = ("casebook", "loaded")  # of what a worker has, checksums of code
GOES_ON = "what is done is kept, and the same command goes on"


@dataclass
class Cluster:
    """A client that is connected; `files` are what workers have to see, with its SHA-256.

    `fit` has the workers that may have tasks, and how many at a time, `left` the others, and why.
    """

    client: Any
    address: str
    files: Mapping[str, str] = field(default_factory=dict)
    fit: dict[str, int] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    looked: float = 0.0

    @cached_property
    def wanted(self) -> dict[str, str]:
        """What a worker has to have in common with this process."""
        return worker.about()

    @cached_property
    def resource(self) -> str:
        """What workers with this casebook have, and tasks ask for."""
        about = json.dumps([self.wanted, dict(self.files)], sort_keys=True)
        return f"casebook-{hashlib.sha256(about.encode()).hexdigest()[:16]}"

    def each[T](
        self,
        function: Callable[..., Any],
        items: Sequence[tuple[T, tuple]],
        *,
        ahead: int = 2,
        begun: Callable[[T], object] = lambda one: None,
    ) -> Iterator[tuple[T, Any]]:
        """Give what `function` returns for the arguments of each item, in the order of ends.

        Where a call raised, or its workers died over it again and again, that is the exception.
        So many as `ahead` are handed out for each that a worker does at a time; `begun` is told.

        Raises
        ------
        NoClusterError
            The scheduler is gone, or no worker may have work.
        """
        waiting, running = deque(items), dict[Any, T]()
        ended: queue.SimpleQueue = queue.SimpleQueue()
        seen = time.monotonic()
        while waiting or running:
            self._look()
            seen = time.monotonic() if self.fit else seen
            self._give_up(time.monotonic() - seen, begun=bool(running))
            while waiting and len(running) < ahead * sum(self.fit.values()):
                one, given = waiting.popleft()
                wants: dict[str, Any] = {"resources": {self.resource: 1}, "pure": False}
                future = self.client.submit(function, *given, **wants)
                running[future] = one
                begun(one)
                future.add_done_callback(ended.put)
            with suppress(queue.Empty):
                future = ended.get(timeout=NEWS)
                if future.status not in {"finished", "error"}:
                    raise NoClusterError(f"{self.address}: the scheduler is gone; {GOES_ON}")
                yield running.pop(future), future.exception() or future.result()

    def _look(self) -> None:
        """Look at the workers that are new, and forget those that left."""
        if time.monotonic() - self.looked < NEWS:
            return
        self.looked = time.monotonic()
        try:
            there = set(self.client.nthreads())
            new = sorted(there - {*self.fit, *self.left})
            given = worker.admit, self.wanted, dict(self.files), self.resource
            found = self.client.run(*given, workers=new, on_error="return") if new else {}
        except (OSError, RuntimeError) as error:
            raise NoClusterError(f"{self.address}: the scheduler is gone; {GOES_ON}") from error
        self.fit = {at: threads for at, threads in self.fit.items() if at in there}
        self.left = {at: why for at, why in self.left.items() if at in there}
        for at, answer in found.items():
            if why := why_not(self.wanted, self.files, answer):
                self.left[at] = why
                sys.stderr.write(visible(f"worker {at} is left out: {why}") + "\n")
            else:
                self.fit[at] = answer[2]

    def _give_up(self, alone: float, *, begun: bool) -> None:
        """Raise where no worker may have work, and none has come for too long."""
        if self.fit or (alone < (AGAIN if begun else FIRST) and (begun or not self.left)):
            return
        none = "no worker that is there may have work" if self.left else "there is no worker"
        how = GOES_ON if begun else f"start one: dask worker {self.address}"
        raise NoClusterError(f"{self.address}: {none}" + ("" if self.left else f"; {how}"))


def why_not(wanted: Mapping[str, str], files: Mapping[str, str], answer: Any) -> str:
    """Say why a worker may not have work, and how to mend it; "" where it may."""
    if isinstance(answer, ImportError):
        return f"it has no casebook ({answer}); install this one there, and start it again"
    if isinstance(answer, Exception):
        return f"it cannot be asked ({type(answer).__name__}: {answer}); start it again"
    here, there, _ = answer
    differ = [name for name in wanted if name not in CODE and here.get(name) != wanted[name]]
    if differ:
        told = [f"{one} {here.get(one, 'unknown')}, not {wanted[one]}" for one in differ]
        return f"it has {', '.join(told)}; install requirements.lock there, and start it again"
    if here["casebook"] != wanted["casebook"]:
        codes = f"{here['casebook'][:8]}, not {wanted['casebook'][:8]}"
        return f"its casebook is another ({codes}); bring it to the same commit, and start it again"
    if here["loaded"] != wanted["loaded"]:
        return "its casebook was changed since it began; start it again"
    if unseen := [path for path, sha256 in files.items() if there.get(path) != sha256]:
        return f"it does not see {unseen[0]} as it is here; share the folder with it by that path"
    return ""
