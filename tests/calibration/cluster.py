"""Replicates by the workers of a cluster: each keeps a process, which compiles a study once."""

from collections.abc import Iterator, Sequence
from typing import Any

from analyses import _cluster_worker as worker
from analyses._cluster import Cluster
from analyses._cluster_joined import environment
from analyses._on import NoClusterError
from tests.calibration.study import By, Order, about


def by(cluster: Cluster) -> By:
    """Return what computes replicates by the workers of a cluster, in the order of their ends."""

    def compute(order: Order, numbers: Sequence[int]) -> Iterator[tuple[int, Any]]:
        told = order | {"module": "tests.calibration.worker", "environment": environment()}
        told["about"] = about(order["case"], order["variant"], order["seed"])
        of = f"{order['case']}, {order['variant']}"
        for i, found in cluster.each(worker.ask, [(i, (told, i)) for i in numbers]):
            if not isinstance(found, dict) or "died" in found:
                raise NoClusterError(f"{of}, replicate {i}: no result ({found!r})")
            if found["result"] is None:
                raise NoClusterError(
                    f"{of}: a worker has other tests or data; bring it to the same commit"
                )
            yield i, found["result"]

    return compute
