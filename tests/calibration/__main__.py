"""Calibrate every model, and wrong ones, and write the page: `python -m tests.calibration`."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, TimeElapsedColumn

from analyses import leave_when_interrupted
from reports.page.page import HTML
from reports.page.proof import origin
from reports.publishing.provenance import ROOT
from tests.calibration import coverage
from tests.calibration.coverage import run_advi
from tests.calibration.freeze import FOLDER, note
from tests.calibration.mutants import NAMES
from tests.calibration.page import proof
from tests.calibration.study import SEED, VARIANTS, run
from tests.test_layers import CASES
from workflow.checking.diagnostics import Status

ENOUGH = 1000  # replicates, with which every wrong model has to be found out


def main(
    replicates: Annotated[int, typer.Option(min=100, help="Replicates of each study.")] = 1000,
    advi: Annotated[int, typer.Option(min=1, help="Of them for ADVI's coverage.")] = 1000,
    folder: Annotated[Path, typer.Option(help="Where results are kept.")] = FOLDER,
    out: Annotated[Path, typer.Option(help="Folder for the page.")] = HTML,
    seed: Annotated[int, typer.Option(min=0)] = SEED,
    freeze: Annotated[
        bool, typer.Option("--freeze", help="Also note each power for tests.")
    ] = False,
) -> None:
    """Compute what `folder` does not have yet; a run that was killed goes on where it stopped.

    Several such commands may run at once: each takes the studies that no other works on.
    """
    start = time.perf_counter()
    works: dict[tuple[str, str], tuple[int, Callable]] = {
        (case, variant): (replicates, run_study(case, variant, replicates, folder, seed))
        for variant in VARIANTS
        for case in CASES
    }
    few = min(advi, replicates)
    works |= {
        (case, "advi"): (
            few,
            lambda tell, case=case: run_advi(case, few, folder, seed=seed, progress=tell),
        )
        for case in coverage.CASES
    }
    found = every(works)
    by_advi = [one for (_, variant), one in found.items() if variant == "advi"]
    studies = {at: one for at, one in found.items() if at[1] != "advi"}
    files = tuple(ROOT / "data" / f"{case}.csv" for case in CASES)
    command = f"python -m tests.calibration --replicates {replicates} --advi {few} --seed {seed}"
    took = {"last run": time.perf_counter() - start}
    page = proof(studies, by_advi, origin(command, seed=seed, seconds=took, files=files))
    if freeze:
        for case in CASES:
            note(case, {name: studies[case, name] for name in NAMES}, f"{command} --freeze")
    sys.stdout.write(f"{page.status.value}: {page.answer}\n{page.save(out).resolve()}\n")
    enough = replicates >= ENOUGH or page.status is Status.FAIL
    raise typer.Exit(4 if enough and page.status is not Status.PASS else 0)


def run_study(case: str, variant: str, replicates: int, folder: Path, seed: int) -> Callable:
    """Return a study that is still to be run, with where to tell of its progress."""
    return lambda tell: run(case, variant, replicates, folder, seed=seed, progress=tell)


def every(works: dict[tuple[str, str], tuple[int, Callable]]) -> dict[tuple[str, str], Any]:
    """Run all, those last that another process works on; return what came out, in their order."""
    found, waiting = {}, list(works)
    columns = (*Progress.get_default_columns(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        whole = bar.add_task("all studies", total=len(works))
        while waiting:
            busy = []
            for at in waiting:
                total, work = works[at]
                task = bar.add_task(", ".join(at), total=total)
                try:
                    found[at] = work(lambda done, task=task: bar.update(task, completed=done))
                    bar.advance(whole)
                except BlockingIOError:
                    busy.append(at)
                bar.remove_task(task)
            time.sleep(5 if busy else 0)
            waiting = busy
    return {at: found[at] for at in works}


if __name__ == "__main__":
    leave_when_interrupted()  # or truncated draws would be taken for draws
    typer.run(main)
