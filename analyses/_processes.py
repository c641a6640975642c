"""The processes of a batch as they are started, here or by a worker of a cluster."""

import sys

WORKER = [sys.executable, "-P", "-m", "analyses._batch_worker"]
PAGE = [sys.executable, "-P", "-m", "analyses._cluster_page"]
FRESH = 400  # data sets, after which a process is ended: PyMC keeps 1 MB of each
# Plain lines, whatever this process was told of the terminal: they are read here.
PLAIN = {"NO_COLOR": "1", "FORCE_COLOR": "", "TTY_COMPATIBLE": "0", "PYTHONIOENCODING": "utf-8"}
