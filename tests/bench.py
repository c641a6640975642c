"""The speeds that README and CHANGELOG speak of, measured in one run: `make bench`.

Each number of a case is of a process of its own, with warm caches: each is run once before.
`python -m tests.bench CASE ...` measures some cases, `churn` among them: a CSV of 1,680 rows and
eight terms, as people bring them; `python -m tests.bench batch 1000` so many A/B tests.
"""

import importlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import nutpie
import pandas as pd
import pymc as pm
from rich.console import Console
from rich.table import Table

from analyses import ab_test
from analyses._cases import cases
from data.ab_test import load
from models.ab_test import conversion, pseudo_counts
from workflow.deciding.decision import choose
from workflow.sampling.fit import compile_nuts
from workflow.sensitivity.sensitivity import sweep

ROOT = Path(__file__).parent.parent
MEASURED, PRIORS = 3, 25
DRAWS, TUNE, CHAINS = 500, 500, 4
CHURN, BATCH, VERDICT = "churn", "batch", "so far"
COMPILE = "from tests.bench import compiled; compiled({!r})"


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
    model = compile_nuts(conversion(load()))
    compiling = time.perf_counter() - start

    def swept() -> None:
        found = sweep(
            model,
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


def compiled(case: str) -> None:
    """Print how long compiling the shipped model takes: ours, and nutpie's own."""
    model = importlib.import_module(f"tests.cases.{case}").shipped()
    ours = seconds(lambda: compile_nuts(model))
    print(ours, seconds(lambda: nutpie.compile_pymc_model(model)))


def churn(rows: int = 1680, seed: int = 1) -> pd.DataFrame:
    """Return customers of a phone company: categories, collinear amounts, one in five leaves."""
    rng = np.random.default_rng(seed)
    net = rng.choice(3, rows, p=[0.2, 0.35, 0.45])
    contract = rng.choice(3, rows, p=[0.55, 0.2, 0.25])
    payment = rng.choice(4, rows)
    tenure = rng.integers(1, 73, rows)
    monthly = np.array([20, 55, 90])[net] + rng.normal(0, 6, rows)
    senior, partner = (rng.uniform(size=rows) < share for share in (0.16, 0.5))
    eta = -0.6 - 0.035 * tenure + 0.004 * monthly + np.array([-1, 0, 0.7])[net] + 0.3 * senior
    eta += np.array([0, -0.7, -1.6])[contract] + 0.4 * (payment == 0)
    columns = {
        "tenure": tenure,
        "monthly": monthly.round(2),
        "total": (tenure * monthly * rng.normal(1, 0.05, rows)).round(2),
        "internet": np.array(["none", "dsl", "fibre"])[net],
        "contract": np.array(["monthly", "one year", "two years"])[contract],
        "payment": np.array(["cheque", "mailed", "transfer", "card"])[payment],
        "senior": senior.astype(int),
        "partner": partner.astype(int),
        "churned": (rng.uniform(size=rows) < 1 / (1 + np.exp(-eta))).astype(int),
    }
    return pd.DataFrame(columns)


def watched(words: list[str]) -> tuple[float, float]:
    """Run an analysis; return the seconds until it says what it found so far, and in all."""
    start, verdict = time.perf_counter(), float("nan")
    command = [sys.executable, *words]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            verdict = time.perf_counter() - start if VERDICT in line else verdict
    assert process.returncode == 0, words
    return verdict, time.perf_counter() - start


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
        for jobs, where in ((1, "--jobs"), (2, "--jobs"), (1, "--on"), (2, "--on")):
            number = str(jobs) if where == "--jobs" else f"local:{jobs}"
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


def bench_case(case: str) -> tuple[float, float, float, float]:
    """Return seconds of help, first verdict and page, and the ratio of our compile to nutpie's."""
    with tempfile.TemporaryDirectory() as folder:
        name, more = case, []
        if case == CHURN:
            name, data = "logistic_regression", Path(folder) / "churn.csv"
            churn().to_csv(data, index=False)
            more = ["--data", str(data)]
        words = ["-m", f"analyses.{name}", "--out", folder, *more]
        watched(words)
        verdict, page = watched(words)
    told = ["-m", "analyses", "run", name, "--help"]
    watched(told)
    script = [sys.executable, "-c", COMPILE.format(name)]
    done = subprocess.run(script, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    ours, own = map(float, done.stdout.split())
    return watched(told)[1], verdict, page, ours / own


def bench_cases(console: Console, names: list[str]) -> None:
    """Print a line a case, the median and the worst."""
    table = Table("case", "help", "first verdict", "page", "our compile / nutpie's own")
    rows = []
    for name in names:
        rows.append(found := bench_case(name))
        said = "{}: help {:.2f} s, first verdict {:.1f} s, page {:.1f} s, compile ratio {:.2f}"
        console.print(said.format(name, *found))
    for title, of in (("median", statistics.median), ("worst", max)):
        *times, ratio = (of(column) for column in zip(*rows, strict=True))
        table.add_row(title, *(f"{one:.1f} s" for one in times), f"{ratio:.2f}")
    console.print(table)


if __name__ == "__main__":
    console = Console()
    if sys.argv[1:2] == [BATCH]:
        bench_batch(console, *map(int, sys.argv[2:]))
        sys.exit()
    bench_cases(console, sys.argv[1:] or cases())
    if not sys.argv[1:]:
        bench_batch(console)
        bench_cases(console, [CHURN])
        bench_sweep(console)
