"""Work on the other core: a function in a process of its own while this one goes on."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor


def in_background[R](function: Callable[..., R], *args: object, **options: object) -> "Future[R]":
    """Start `function` in a new process; `.result()` of what is returned waits for it, or raises.

    Function, arguments and result have to be picklable; a model is not: pass what builds it.
    """
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, mp_context=context)
    future = pool.submit(function, *args, **options)
    pool.shutdown(wait=False)
    return future
