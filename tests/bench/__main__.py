"""Measure what the words on the command line say, or all."""

import sys
from collections.abc import Callable

from rich.console import Console

from analyses._cases import cases
from tests.bench.batches import bench_batch
from tests.bench.pages import CHURN, bench_cases, bench_sweep
from tests.bench.rows import bench_rows

PARTS: dict[str, Callable[..., None]] = {"batch": bench_batch, "rows": bench_rows}


def main(words: list[str], console: Console) -> None:
    """Print what was measured."""
    first, *rest = words or [""]
    if first in PARTS:
        PARTS[first](console, *map(int, rest))
        return
    bench_cases(console, words or cases())
    if not words:
        bench_batch(console)
        bench_cases(console, [CHURN])
        bench_sweep(console)
        bench_rows(console)


if __name__ == "__main__":
    main(sys.argv[1:], Console())
