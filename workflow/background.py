"""Work on the other core: a function in a process of its own while this one goes on."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor


def in_background[R](function: Callable[..., R], *args: object, **options: object) -> "Future[R]":
    """Start `function` in a new process; `.result()` of what is returned waits for it, or raises.

    Function, arguments and result have to be picklable; a model is not: pass what builds it. The
    new process ends when this one does, however that ends.
    """
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, mp_context=context, initializer=_end_with_parent)
    future = pool.submit(function, *args, **options)
    pool.shutdown(wait=False)
    return future


def _end_with_parent() -> None:
    """Watch for the end of the parent, which would leave this process waiting for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
