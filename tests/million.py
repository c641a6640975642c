"""How much memory every case takes with a million rows: `python -m tests.million [case ...]`.

Prints the greatest sum of the resident memory of all processes of a run, seen ten times a second
(what they share is counted twice), and its time. What takes hours and no memory is cut short: NUTS
makes 20 draws of one step, which are repeated, and one try, ADVI 40 iterations and 200 points of
k-hat, the sweep two priors; joint log-likelihoods and weights of rows are found of a few draws, no
row is near the cut of costs; and any diagnosis passes, so that all that follows is done. Of NUTS
and ADVI there are 1000 draws: so many are kept of any more where rows are left out. What such a run
finds is nonsense.
"""

import argparse
import importlib
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import nutpie
import pandas as pd
import pymc as pm
import xarray as xr

from tests.brought._brought import BROUGHT, brought

ROWS, LIMIT = 1_000_000, 4 * 2**30  # bytes


def first_draws(drawn: xr.Dataset, draws: int) -> xr.Dataset:
    """Repeat the draws of a group until there are so many."""
    if "draw" not in drawn.dims:
        return drawn
    at = np.resize(np.arange(drawn.sizes["draw"]), draws)
    return drawn.isel(draw=at).assign_coords(draw=range(draws))


def cut_short() -> None:
    """Let what is slow and no matter of memory take hardly any time in this process."""
    from workflow.checking import diagnostics
    from workflow.regression import weights
    from workflow.sampling import fit, groups
    from workflow.scoring import loo
    from workflow.variational import advi

    sample, joint = nutpie.sample, groups.joint_log_likelihood

    def few_draws(compiled: object, *, draws: int, blocking: bool = True, **options: Any) -> Any:
        tree = sample(compiled, **{**options, "draws": 20, "tune": 10, "maxdepth": 1})
        found = tree.map_over_datasets(partial(first_draws, draws=draws))
        return found if blocking else SimpleNamespace(wait=lambda: found)

    def few_sums(model: pm.Model, posterior: xr.Dataset) -> xr.Dataset:
        found = joint(model, posterior.isel(draw=slice(5)))
        return first_draws(found, posterior.sizes["draw"])

    fit.sample_nuts = partial(fit.sample_nuts, retries=0)
    nutpie.sample = few_draws
    groups.joint_log_likelihood = few_sums
    weights.step_by_row = lambda posterior, rows: 50
    advi.log_ratios = partial(advi.log_ratios, draws=200)
    diagnostics.Diagnosis.status = diagnostics.Status.PASS  # type: ignore[assignment,method-assign]
    loo.left_out = lambda *args, **options: (np.full(len(args[4]), -1.0),) * 2


def few_iterations(build: Callable[[], pm.Model], *, seed: int) -> dict[str, xr.DataTree]:
    """Do as `workflow.variational.advi.fit_both` does, in another process, for a moment only."""
    from workflow.variational import advi

    cut_short()
    fit = partial(advi.fit_advi, build(), iterations=40, longer=1, draws=1000, seed=seed)
    return {said: fit(method) for method, said in advi.METHODS.items()}


def far_from_cut(draws: xr.Dataset, terms: pd.DataFrame, cut: float) -> tuple[np.ndarray, ...]:
    """Do as `near_cut` where no row is near: of repeated draws all would be, one by one."""
    from workflow.regression.logistic import predictive

    p = predictive(draws, terms)
    return p, (p >= cut).astype(float)


def run(case: str, data: Path, out: Path, **options: Any) -> int:
    """Run a case cut short, in this process; return its exit code."""
    module: Any = importlib.import_module(f"analyses.{case}")
    cut_short()
    if hasattr(module, "fit_both"):
        module.fit_both = few_iterations
    if hasattr(module, "near_cut"):
        module.near_cut = far_from_cut
    knobs = {name: values[:1] for name, values in getattr(module, "KNOBS", {}).items()}
    for name in list(knobs)[-1:]:
        knobs[name] = module.KNOBS[name][:2]
    module.KNOBS = knobs
    return int(module.main(data=data, out=out, **getattr(brought(case), "NEEDED", {}), **options))


def resident(pid: int) -> int:
    """Return the resident memory of a process and of all that it started, in bytes."""
    total = 0
    try:
        total = os.sysconf("SC_PAGE_SIZE") * int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += sum(map(resident, map(int, (task / "children").read_text().split())))
    except OSError:  # it has ended meanwhile
        return total
    return total


def measure(case: str, rows: int) -> tuple[int, float, int]:
    """Return the greatest memory of a run in bytes, its seconds and its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.csv"
        brought(case).rows(np.random.default_rng(1), rows).to_csv(data, index=False)
        words = [sys.executable, "-W", "ignore", "-m", "tests.million", "--run", str(data), case]
        start, most = time.perf_counter(), 0
        with subprocess.Popen(words) as process:
            while process.poll() is None:
                most = max(most, resident(process.pid))
                time.sleep(0.1)
        return most, time.perf_counter() - start, process.returncode


def main() -> int:
    """Measure the cases that are named, or all; return 1 where one is over the limit or fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="case", choices=[*BROUGHT, []])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        return run(given.cases[0], given.run, given.run.parent / "out", draws=250, tune=50)
    worst = 0
    for case in given.cases or BROUGHT:
        most, seconds, code = measure(case, given.rows)
        said = f"{most / 2**30:.2f} GiB at most, {math.ceil(seconds)} s, exit {code}"
        print(f"{case}: {given.rows:,} rows, {said}", flush=True)
        worst = max(worst, int(most > LIMIT or code != 0))
    return worst


if __name__ == "__main__":
    sys.exit(main())
