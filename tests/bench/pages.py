"""How long pages take, compiling, and a sweep beside fits in the usual way."""

import importlib
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import nutpie
import pandas as pd
import pymc as pm
from rich.console import Console
from rich.table import Table

from analyses import ab_test
from data.ab_test import load
from models.ab_test import conversion, pseudo_counts
from tests.bench.times import ROOT, in_turn, seconds, watched
from workflow.deciding.decision import choose
from workflow.sampling.fit import compile_nuts
from workflow.sensitivity.sensitivity import sweep

MEASURED, PRIORS = 3, 25
DRAWS, TUNE, CHAINS = 500, 500, 4
CHURN = "churn"
COMPILE = "from tests.bench.pages import compiled; compiled({!r})"


def sampled() -> None:
    """Fit one prior in the usual way: `pm.sample`, which compiles every time."""
    with conversion(load()):
        pm.sample(DRAWS, tune=TUNE, chains=CHAINS, cores=2, random_seed=1, progressbar=False)


def bench_sweep(console: Console, measured: int = MEASURED) -> None:
    """Compare a sweep of 25 priors with 25 times `pm.sample` (some measured, multiplied)."""
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
    usual = PRIORS * sum(seconds(sampled) for _ in range(measured)) / measured
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
    for name, _ in in_turn("cases", [(one, one) for one in names]):
        rows.append(found := bench_case(name))
        said = "{}: help {:.2f} s, first verdict {:.1f} s, page {:.1f} s, compile ratio {:.2f}"
        console.print(said.format(name, *found))
    for title, of in (("median", statistics.median), ("worst", max)):
        *times, ratio = (of(column) for column in zip(*rows, strict=True))
        table.add_row(title, *(f"{one:.1f} s" for one in times), f"{ratio:.2f}")
    console.print(table)
