"""The speeds that README and CHANGELOG speak of, as ratios measured in one run: `make bench`."""

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pymc as pm
from rich.console import Console
from rich.table import Table

from analyses import ab_test
from data.ab_test import load
from models.ab_test import conversion, pseudo_counts
from workflow.deciding.decision import choose
from workflow.sampling.fit import compile_nuts
from workflow.sensitivity.sensitivity import sweep

MEASURED, PRIORS = 3, 25
DRAWS, TUNE, CHAINS = 500, 500, 4


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def sampled() -> None:
    """Fit one prior in the usual way: `pm.sample`, which compiles every time."""
    with conversion(load()):
        pm.sample(DRAWS, tune=TUNE, chains=CHAINS, cores=2, random_seed=1, progressbar=False)


def bench_sweep(console: Console) -> None:
    """Compare a sweep of 25 priors with 25 times `pm.sample` (3 measured, multiplied)."""
    sampled()  # warms the caches for both
    start = time.perf_counter()
    compiled = compile_nuts(conversion(load()))
    compiling = time.perf_counter() - start

    def swept() -> None:
        found = sweep(
            compiled,
            ab_test.KNOBS,
            pseudo_counts,
            lambda draws: choose(draws["rate"], "arm", 0.001),
            "choose gate_30",
            ["difference"],
            draws=DRAWS,
            tune=TUNE,
            chains=CHAINS,
            seed=1,
        )
        assert len(found.points) == PRIORS
        assert not found.failed

    ours = seconds(swept)
    usual = PRIORS * sum(seconds(sampled) for _ in range(MEASURED)) / MEASURED
    console.print(
        f"sweep of {PRIORS} priors: {ours:.1f} s, compiling {compiling:.1f} s; "
        f"{PRIORS} x pm.sample: {usual:.1f} s"
    )
    console.print(f"ratio with the model compiled: {usual / ours:.0f}")
    console.print(f"ratio with the compile: {usual / (ours + compiling):.1f}")


def bench_report(console: Console) -> None:
    """Make the whole A/B page and say where the time goes."""
    with tempfile.TemporaryDirectory() as folder:
        whole = seconds(lambda: ab_test.main(out=Path(folder), quiet=True))
        found = json.loads((Path(folder) / "ab_test.json").read_text(encoding="utf-8"))
    table = Table(
        "step", "seconds", title=f"ab_test, the whole page: {whole:.1f} s (imports apart)"
    )
    for step, took in found["provenance"]["seconds"].items():
        table.add_row(step, f"{took:.1f}")
    console.print(table)


if __name__ == "__main__":
    console = Console()
    bench_sweep(console)
    bench_report(console)
