"""A connection with a cluster: its scheduler, and what its workers need to see and to have set."""

import importlib.util
import logging
import os
import secrets
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from analyses import _cluster_worker as worker
from analyses._cluster import Cluster
from analyses._on import NoClusterError, On
from reports.publishing.files import OutputError
from reports.publishing.provenance import sha256
from workflow.sampling.background import ASIDE

CONNECT = 5  # seconds until a scheduler has to answer
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
MISSING = "--on needs Dask, which is not installed here: pip install 'casebook[cluster]'"


@contextmanager
def connected(on: On, files: Mapping[str, str]) -> Iterator[Cluster]:
    """Connect with the scheduler, or start local processes, while this lasts.

    Raises
    ------
    NoClusterError
        Dask is not installed, or no scheduler answers.
    """
    if importlib.util.find_spec("distributed") is None:
        raise NoClusterError(MISSING)
    _hush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # versions that differ are looked at here
        with _client(on) as client:
            found = Cluster(client, on.address, files)
            yield found
            with suppress(OSError, RuntimeError):
                client.run(worker.rest, workers=list(found.fit), on_error="ignore")


@contextmanager
def _client(on: On) -> Iterator[Any]:
    """Give a client of the scheduler, or of processes that are started here."""
    import distributed

    kind, _, processes = on.address.partition(":")
    if kind != "local":
        with _answering(on) as client:
            yield client
        return
    about: dict[str, Any] = {"n_workers": int(processes), "threads_per_worker": 1}
    about |= {"dashboard_address": ":0", "silence_logs": logging.CRITICAL + 1}
    with (
        distributed.LocalCluster(**about, host="127.0.0.1", memory_limit=0) as cluster,
        distributed.Client(cluster, timeout=CONNECT) as client,
    ):
        yield client


def _hush() -> None:
    """Let Dask and what it stands on log nothing: rows and lines of ours say what happened."""
    import distributed  # which gives its loggers levels

    assert distributed
    names = [*logging.root.manager.loggerDict, "distributed", "asyncio", "tornado"]
    for name in names:
        if name.partition(".")[0] in {"distributed", "asyncio", "tornado"}:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _answering(on: On) -> Any:
    """Return a client of a scheduler.

    Raises
    ------
    NoClusterError
        None answers there, or not with these certificates.
    """
    import distributed
    from distributed.security import Security

    files = {"tls_ca_file": on.ca, "tls_client_cert": on.cert, "tls_client_key": on.key}
    security = Security(
        require_encryption=on.ca is not None,
        **{name: str(path) for name, path in files.items() if path},
    )
    try:
        return distributed.Client(on.address, timeout=CONNECT, security=security)
    except (OSError, ValueError, TypeError) as error:
        more = "" if on.ca is None else ", or not with these certificates"
        raise NoClusterError(
            f"{on.address}: no scheduler answers there{more} ({' '.join(str(error).split())}); "
            "start one with: dask scheduler"
        ) from None


@contextmanager
def probe(folder: Path) -> Iterator[dict[str, str]]:
    """Put a file into the folder of the pages, by which workers are known that have it, too."""
    path = folder.absolute() / f".seen-{secrets.token_hex(8)}"
    try:
        path.write_text(path.name, encoding="utf-8")
        yield {str(path): sha256(path)}
    except OSError as error:
        raise OutputError.of(folder, error) from None
    finally:
        with suppress(OSError):
            path.unlink()


def environment() -> dict[str, str | None]:
    """Return what a process of a worker has as this one has it, None for what is not set.

    Last digits hang on the threads of linear algebra, which Dask sets. A worker has all its cores
    at work: nothing is done aside.
    """
    return {name: os.environ.get(name) for name in THREADS} | {ASIDE: "0"}
