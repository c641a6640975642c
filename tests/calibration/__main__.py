"""Calibrate every model, and wrong ones, and write the page: `python -m tests.calibration`."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, TimeElapsedColumn

from analyses import leave_when_interrupted
from analyses._on import NoClusterError, On, clustered
from reports.page.page import HTML
from reports.page.proof import origin
from reports.publishing.provenance import ROOT
from tests.calibration import coverage
from tests.calibration.coverage import run_advi
from tests.calibration.designs import TWINS, variants, wrong
from tests.calibration.freeze import FOLDER, note
from tests.calibration.page import proof
from tests.calibration.study import SEED, By, run
from tests.test_layers import CASES
from workflow.checking.diagnostics import Status

ENOUGH = 1000  # replicates, with which every wrong model has to be found out


@clustered
def main(
    replicates: Annotated[int, typer.Option(min=100, help="Replicates of each study.")] = 1000,
    advi: Annotated[int, typer.Option(min=1, help="Of them for ADVI's coverage.")] = 1000,
    folder: Annotated[Path, typer.Option(help="Where results are kept.")] = FOLDER,
    out: Annotated[Path, typer.Option(help="Folder for the page.")] = HTML,
    seed: Annotated[int, typer.Option(min=0)] = SEED,
    freeze: Annotated[
        bool, typer.Option("--freeze", help="Also note each power for tests.")
    ] = False,
    where: On | None = None,
) -> None:
    """Compute what `folder` does not have yet; a run that was killed goes on where it stopped.

    Several such commands may run at once: each takes the studies that no other works on.
    """
    start = time.perf_counter()
    few = min(advi, replicates)
    try:
        with computing(where) as by:
            found = every(all_works(replicates, few, folder, seed, by))
    except NoClusterError as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(5) from None
    by_advi = [one for (_, variant), one in found.items() if variant == "advi"]
    studies = {at: one for at, one in found.items() if at[1] != "advi"}
    files = tuple(ROOT / "data" / f"{case}.csv" for case in CASES)
    command = f"python -m tests.calibration --replicates {replicates} --advi {few} --seed {seed}"
    took = {"last run": time.perf_counter() - start}
    page = proof(studies, by_advi, origin(command, seed=seed, seconds=took, files=files))
    if freeze:
        for case in (*CASES, *TWINS):
            note(case, {name: studies[case, name] for name in wrong(case)}, f"{command} --freeze")
    sys.stdout.write(f"{page.status.value}: {page.answer}\n{page.save(out).resolve()}\n")
    enough = replicates >= ENOUGH or page.status is Status.FAIL
    raise typer.Exit(4 if enough and page.status is not Status.PASS else 0)


@contextmanager
def computing(on: On | None) -> Iterator[dict[str, By]]:
    """Give who computes replicates, as an argument: nothing for this process, else a cluster."""
    if on is None:
        yield {}
        return
    from analyses._cluster_joined import connected  # which needs Dask
    from tests.calibration import cluster

    with connected(on, {}) as found:
        yield {"by": cluster.by(found)}


def all_works(
    replicates: int, few: int, folder: Path, seed: int, by: dict[str, By]
) -> dict[tuple[str, str], tuple[int, Callable]]:
    """Return all studies that are to be run, `few` replicates of ADVI; each takes a progress."""

    def study(case: str, variant: str) -> Callable:
        about: dict[str, Any] = {"seed": seed, **by}
        return lambda tell: run(case, variant, replicates, folder, progress=tell, **about)

    def advi(case: str) -> Callable:
        about: dict[str, Any] = {"seed": seed, **by}
        return lambda tell: run_advi(case, few, folder, progress=tell, **about)

    names = [(case, one) for case in (*CASES, *TWINS) for one in variants(case)]
    found = {at: (replicates, study(*at)) for at in names}
    return found | {(case, "advi"): (few, advi(case)) for case in coverage.CASES}


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
