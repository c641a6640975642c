"""The processes of a batch as they are started, here or by a worker of a cluster."""

import os
import queue
import sys
import threading
import time
from collections.abc import Iterator

WORKER = [sys.executable, "-P", "-m", "analyses._batch_worker"]
PAGE = [sys.executable, "-P", "-m", "analyses._cluster_page"]
FRESH = 400  # data sets, after which a process is ended: PyMC keeps 1 MB of each
# Plain lines, whatever this process was told of the terminal: they are read here.
PLAIN = {"NO_COLOR": "1", "FORCE_COLOR": "", "TTY_COMPATIBLE": "0", "PYTHONIOENCODING": "utf-8"}
GRACE = 2.0  # seconds in which a process that has nothing to do ends by itself


def lines() -> Iterator[str]:
    """Give the lines of stdin; end this process, whatever it does, when nobody can say more.

    Who started it may have been killed: then nobody waits for what it computes.
    """
    waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        with open(0, "rb", buffering=0, closefd=False) as said:  # a buffer would be locked at exit
            for line in said:
                waiting.put(line.decode())
        waiting.put(None)
        time.sleep(GRACE)
        os._exit(1)

    threading.Thread(target=read, daemon=True).start()
    while (line := waiting.get()) is not None:
        yield line
