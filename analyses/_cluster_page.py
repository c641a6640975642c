"""A process in which a worker of a cluster runs a case: it ends when the worker does."""

import os
import sys
import threading


def _end_with_worker() -> None:
    """Wait for the end of stdin, which the worker holds open as long as it lives."""
    while os.read(0, 1024):  # a buffer would be locked when this process ends before the worker
        pass
    os._exit(1)


def serve() -> None:
    """Run the case that the first word names, with the options behind it."""
    threading.Thread(target=_end_with_worker, daemon=True).start()
    from analyses import _running  # which takes seconds
    from analyses._options import main_of

    case, *words = sys.argv[1:]
    _running.run(main_of(case), words, f"casebook run {case}")


if __name__ == "__main__":
    serve()
