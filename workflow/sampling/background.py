"""Work on the other core: a function in a process of its own while this one goes on.

Where the environment has `CASEBOOK_BACKGROUND=0`, it is done in this process when it is asked for:
with as many processes as cores, one more for each only slows all of them.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial

ASIDE = "CASEBOOK_BACKGROUND"


@dataclass(frozen=True)
class Background[R]:
    """A call that another process makes, or this one when the result is asked for."""

    future: "Future[R] | None"
    here: Callable[[], R]

    def result(self, timeout: float | None = None) -> R:
        """Wait for the result, or raise what the call raised.

        Where the other process was ended from outside, as the system does when memory is short, the
        call is made again, here.
        """
        if self.future is None:
            return self.here()
        try:
            return self.future.result(timeout)
        except BrokenProcessPool:
            return self.here()


def in_background[R](function: Callable[..., R], *args: object, **options: object) -> Background[R]:
    """Start `function` in a new process; `.result()` of what is returned waits for it, or raises.

    Function, arguments and result have to be picklable; a model is not: pass what builds it. The
    new process ends when this one does, however that ends; an interrupt is for this one alone.
    """
    here = cache(partial(function, *args, **options))
    if os.environ.get(ASIDE) == "0":
        return Background(None, here)
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, mp_context=context, initializer=_end_with_parent)
    with (
        _without_interrupts()
    ):  # a new process begins with the signals held back that its parent has
        future = pool.submit(function, *args, **options)
    pool.shutdown(wait=False)
    return Background(future, here)


def _end_with_parent() -> None:
    """Watch for the end of the parent, which would leave this process waiting for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back; one that comes meanwhile is heard afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
