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

ROWS, LIMIT = 1_000_000, 4 * 2**30  # bytes
WORDS = np.array([f"w{a}{b}{c}" for a in "abcdefghij" for b in "abcdefghij" for c in "abcdefghij"])


def regression(rng: np.random.Generator, rows: int, *, event: bool = False) -> pd.DataFrame:
    """Three terms and an outcome: a number with heavy tails, or 0 and 1."""
    x = rng.normal(size=(rows, 3))
    line = x @ [1.0, -0.5, 0.02]
    y = (line > rng.logistic(size=rows)).astype(int) if event else line + rng.standard_t(5, rows)
    return pd.DataFrame(x, columns=["a", "b", "c"]).assign(y=y).round(5)


def counts(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """Three terms, and counts that scatter more than Poisson."""
    x = rng.normal(size=(rows, 3))
    rate = np.exp(x @ [0.5, -0.3, 0.02]) * rng.gamma(2, 1 / 2, rows)
    return pd.DataFrame(x, columns=["a", "b", "c"]).assign(y=rng.poisson(rate)).round(5)


def ratings(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """Three terms and ratings from 1 to 5."""
    x = rng.normal(size=(rows, 3))
    y = 1 + np.searchsorted([-2.0, -0.5, 1.0, 2.5], x @ [1.0, -0.5, 0.02] + rng.logistic(size=rows))
    return pd.DataFrame(x, columns=["a", "b", "c"]).assign(y=y).round(5)


def visitors(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """One row for each visitor of an A/B test."""
    events = {name: (rng.random(rows) < p).astype(int) for name, p in (("converted", 0.1),)}
    return pd.DataFrame({"arm": rng.choice(["old", "new"], rows), **events})


def shown(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """One row for each visitor of a variant."""
    return visitors(rng, rows).rename(columns={"arm": "variant", "converted": "clicked"})


def messages(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """Messages of 12 words, the frequent ones of which depend on the class."""
    label = np.where(rng.random(rows) < 0.2, "spam", "ham")
    rank = np.minimum(rng.geometric(0.01, size=(rows, 12)), len(WORDS)) - 1
    rank = (rank + np.where(label == "spam", 10, 0)[:, None]) % len(WORDS)
    return pd.DataFrame({"label": label, "text": list(map(" ".join, WORDS[rank]))})


def shares(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """The regression's rows with a share as the outcome."""
    table = regression(rng, rows)
    name = table.columns[-1]
    y = table[name]
    return table.assign(**{name: 1 / (1 + np.exp(-(y - y.mean()) / y.std()))})


def events(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """One row for each trial."""
    return pd.DataFrame({"event": (rng.random(rows) < 0.48).astype(int)})


def dates(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """One row for each event of two centuries, fewer and fewer a year from 1900 on."""
    early = rng.random(rows) < 0.7
    return pd.DataFrame({"date": np.where(early, 1800, 1900) + 100 * rng.random(rows)}).round(4)


def kinds(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """One row for each observation of a kind."""
    return pd.DataFrame({"kind": rng.choice(["a", "b", "c", "d"], rows, p=[0.5, 0.2, 0.2, 0.1])})


def pieces(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """Normal measurements, one row a piece."""
    return pd.DataFrame({"value": rng.normal(5.61, 0.048, rows).round(4)})


def findings(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """A row a patient; one X-ray in four was not made."""
    p = {"visit": 0.01, "smoking": 0.5, "tuberculosis": 0.01, "cancer": 0.05, "bronchitis": 0.4}
    table = pd.DataFrame({name: (rng.random(rows) < one).astype(int) for name, one in p.items()})
    either = table["tuberculosis"] | table["cancer"]
    xray = (rng.random(rows) < np.where(either, 0.9, 0.05)).astype(float)
    short = rng.random(rows) < np.where(either | table["bronchitis"], 0.8, 0.1)
    blank = np.where(rng.random(rows) < 0.25, np.nan, xray)
    return table.assign(xray=blank, dyspnoea=short.astype(int))


def pairs(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """One row a measurement, at 150 places."""
    x = rng.integers(150, size=rows)
    return pd.DataFrame({"x": x, "y": np.sin(x / 20) + rng.normal(size=rows)}).round(5)


def readings(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """One row for each reading."""
    return pd.DataFrame({"batch": np.arange(rows) % 50, "reading": rng.normal(size=rows)})


NEEDED: dict[str, dict[str, float]] = {  # what a case cannot do without
    "known_noise": {"noise_sd": 1.0, "bias_sd": 0.5, "target_sd": 0.6}
}
DATA: dict[str, Callable[..., pd.DataFrame]] = {
    "ab_test": visitors,
    "bandit": shown,
    "coin_updating": events,
    "coal_rate": dates,
    "count_regression": counts,
    "diagnosis": findings,
    "known_noise": readings,
    "linear_regression": regression,
    "logistic_regression": partial(regression, event=True),
    "mendel_shares": kinds,
    "noise_models": regression,
    "ordinal_regression": ratings,
    "prior_sensitivity": events,
    "process_corridor": pieces,
    "proportion_regression": shares,
    "quantile_regression": regression,
    "robust_regression": regression,
    "smooth_curve": pairs,
    "sparse_regression": regression,
    "spam_words": messages,
}

#: What a case has to be told of such data.
OPTIONS: dict[str, dict[str, Any]] = {"process_corridor": {"lower": 5.49, "upper": 5.79}}


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
    advi.k_hat = partial(advi.k_hat, draws=200)
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
    return int(module.main(data=data, out=out, **NEEDED.get(case, {}), **options))


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
        DATA[case](np.random.default_rng(1), rows).to_csv(data, index=False)
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
    parser.add_argument("cases", nargs="*", metavar="case", choices=[*DATA, []])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        more = OPTIONS.get(given.cases[0], {})
        return run(given.cases[0], given.run, given.run.parent / "out", draws=250, tune=50, **more)
    worst = 0
    for case in given.cases or DATA:
        most, seconds, code = measure(case, given.rows)
        said = f"{most / 2**30:.2f} GiB at most, {math.ceil(seconds)} s, exit {code}"
        print(f"{case}: {given.rows:,} rows, {said}", flush=True)
        worst = max(worst, int(most > LIMIT or code != 0))
    return worst


if __name__ == "__main__":
    sys.exit(main())
