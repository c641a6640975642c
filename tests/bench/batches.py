"""How many data sets a second a batch answers: by processes here, and by workers of a cluster."""

import os
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console

from tests.bench.times import in_turn, watched

WHERE = (("--jobs", "1"), ("--jobs", "2"), ("--on", "local:1"), ("--on", "local:2"))


def arms(folder: Path, tests: int, seed: int = 1) -> None:
    """Write so many A/B tests of 2,000 to 40,000 visitors, with lifts of some per cent."""
    rng = np.random.default_rng(seed)
    for i in range(tests):
        n, rate = int(rng.integers(1000, 20_000)), rng.beta(20, 180)
        visitors = n + rng.integers(-30, 30, 2)
        lifted = np.array([rate, min(1.0, rate * np.exp(rng.normal(0, 0.05)))])
        counts = {"visitors": visitors, "conversions": rng.binomial(visitors, lifted)}
        pd.DataFrame({"arm": ["A", "B"], **counts}).to_csv(folder / f"{i:05}.csv", index=False)


def bench_batch(console: Console, tests: int = 200) -> None:
    """Print how many A/B tests a second a batch answers, and compare it with runs by themselves."""
    with tempfile.TemporaryDirectory() as folder:
        sets = Path(folder) / "sets"
        sets.mkdir()
        arms(sets, tests)
        data = ["--data", str(sets / "00000.csv"), "--quick", "--out", folder]
        watched(["-m", "analyses.ab_test", *data])
        single = watched(["-m", "analyses.ab_test", *data])[1]
        console.print(f"a quick look by itself: {single:.1f} s")
        works = [(" ".join(one), one) for one in WHERE]
        for _, (where, number) in in_turn(f"batch of {tests:,}", works):
            out = ["--out", f"{folder}/{number}", where, number, "--pages", "none"]
            words = ["-m", "analyses", "batch", "ab_test", "--data", str(sets / "*.csv"), *out]
            before = os.times()
            took = watched(words)[1]
            after = os.times()
            of_cores = sum(after[2:4]) - sum(before[2:4])
            console.print(
                f"batch of {tests:,} A/B tests, {where} {number}: {tests / took:.2f} a second, "
                f"{took / tests / single:.3f} of the time by themselves; {of_cores / tests:.2f} s "
                "of a core each"
            )
