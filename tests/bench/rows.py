"""How long many rows take, and how much memory: reading a file apart from the posterior.

Each size is measured in a process of its own, `python -m tests.bench.rows CASE FILE`, which fits as
the page of the case does and prints what it measured, as JSON. What follows on a page (checks of a
part of the rows, other priors) hangs hardly on the rows and is not measured here.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pymc as pm
from rich.console import Console

from analyses._many_rows import any_mode, at_mode, by_sums
from data import count_regression, linear_regression, logistic_regression
from models.count_regression import negative_binomial
from models.linear_regression import gaussian
from models.logistic_regression import bernoulli
from tests.bench.times import ROOT, in_turn
from workflow.checking.diagnostics import diagnose
from workflow.regression.any_mode import AnyMode
from workflow.sampling.fit import compile_nuts, data_of, sample_nuts

LOAD: dict[str, tuple[Callable[[Path], Any], Callable[..., pm.Model]]] = {
    "linear_regression": (linear_regression.load, gaussian),
    "logistic_regression": (logistic_regression.load, bernoulli),
    "count_regression": (count_regression.load, negative_binomial),
}
MOST = {
    "linear_regression": 10_000_000,
    "logistic_regression": 1_000_000,
    "count_regression": 1_000_000,
}
LEAST, AT_A_TIME, TERMS = 10_000, 1_000_000, 10
LENGTHS = {"draws": 1000, "chains": 4}


def table(rng: np.random.Generator, n: int, case: str) -> pd.DataFrame:
    """Return ten terms and an outcome: a number, 0 and 1, or a count that scatters."""
    x = rng.normal(size=(n, TERMS))
    line = x @ np.linspace(0.5, -0.5, TERMS)
    if case == "logistic_regression":
        y = (line > rng.logistic(size=n)).astype(int)
    elif case == "count_regression":
        y = rng.poisson(np.exp(1 + line / 2) * rng.gamma(2, 1 / 2, n))
    else:
        y = line + rng.normal(size=n)
    return pd.DataFrame(x, columns=[f"x{i + 1}" for i in range(TERMS)]).assign(y=y)


def written(folder: Path, case: str, rows: int, seed: int = 1) -> Path:
    """Write so many rows as a folder of Parquet files, a million rows each at most; return it."""
    rng, path = np.random.default_rng(seed), folder / f"{case}_{rows}"
    path.mkdir()
    with duckdb.connect() as base:
        for begin in range(0, rows, AT_A_TIME):
            some = table(rng, min(AT_A_TIME, rows - begin), case)
            base.register("part", some)
            base.execute(f"copy part to '{path / f'{begin:09}.parquet'}'")
            base.unregister("part")
    return path


def measured(case: str, data: Path) -> dict[str, Any]:
    """Read a file, and fit it as the page does; return seconds, memory and how good it was."""
    load, model = LOAD[case]
    start = time.perf_counter()
    found = load(data)
    read = time.perf_counter()
    exposed = [pd.Series(1.0, found.outcome.index)] if case == "count_regression" else []
    build = partial(model, found.terms, found.outcome, *exposed, None)
    fitted = by_sums(build) or build
    of = fitted()
    mode = at_mode(build, fitted) or any_mode(build, of)
    if mode is None:
        by = "NUTS by row" if fitted is build else "NUTS, from sums"
        good = diagnose(sample_nuts(compile_nuts(of), data_of(of), tune=1000, seed=1, **LENGTHS))
    else:
        by = "Student t at the mode" if isinstance(mode, AnyMode) else "Gaussian at the mode"
        prior: dict[str, Any] = dict(data_of(of))
        _, good = mode.fit(prior, seed=1, **LENGTHS)
    end = time.perf_counter()
    return {
        "rows": len(found.outcome),
        "reading": read - start,
        "posterior": end - read,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "by": by,
        "status": good.status.value,
    }


def by_itself(case: str, data: Path) -> dict[str, Any]:
    """Measure in a process of its own."""
    words = [sys.executable, "-m", "tests.bench.rows", case, str(data)]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def bench_rows(console: Console, most: int = max(MOST.values()), least: int = LEAST) -> None:
    """Print seconds and memory of ten times as many rows each time, and the posterior's ratio."""
    for case, limit in MOST.items():
        first = 0.0
        sizes = [least * 10**i for i in range(9) if least * 10**i <= min(most, limit)]
        for _, rows in in_turn(case, [(f"{rows:,} rows", rows) for rows in sizes]):
            with tempfile.TemporaryDirectory() as folder:
                found = by_itself(case, written(Path(folder), case, rows))
            first = first or found["posterior"]
            console.print(
                f"{case}, {rows:,} rows of {TERMS} terms: reading {found['reading']:.1f} s, "
                f"posterior {found['posterior']:.1f} s ({found['by']}, {found['status']}), "
                f"{found['posterior'] / first:.1f} times that of {least:,}; "
                f"{found['memory'] / 2**30:.2f} GiB"
            )


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]))))
