"""Calibrate every model and every wrong model, and write the page: `python -m tests.calibration`."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TimeElapsedColumn

from reports.page import HTML
from tests.calibration.study import SEED, VARIANTS, Study, run
from tests.test_layers import CASES

FOLDER = Path(".calibration_cache")


def main(
    replicates: Annotated[int, typer.Option(min=100, help="Replicates of each study.")] = 1000,
    cases: Annotated[list[str] | None, typer.Option("--case", help="Only these.")] = None,
    folder: Annotated[Path, typer.Option(help="Where results are kept.")] = FOLDER,
    out: Annotated[Path, typer.Option(help="Folder for the page.")] = HTML,
    seed: Annotated[int, typer.Option(min=0)] = SEED,
) -> None:
    """Compute what `folder` does not have yet; a run that was killed goes on where it stopped.

    Several such commands may run at once: each takes the studies that no other works on.
    """
    chosen = cases or CASES
    wanted = [(case, variant) for variant in VARIANTS for case in chosen]
    start, studies = time.perf_counter(), {}
    with Progress(
        *Progress.get_default_columns(), TimeElapsedColumn(), console=Console(stderr=True)
    ) as bar:
        whole = bar.add_task("all studies", total=len(wanted))
        while wanted:
            busy = []
            for case, variant in wanted:
                task = bar.add_task(f"{case}, {variant}", total=replicates)
                try:
                    studies[case, variant] = run(
                        case,
                        variant,
                        replicates,
                        folder,
                        seed=seed,
                        progress=lambda done, task=task: bar.update(task, completed=done),
                    )
                    bar.update(whole, advance=1)
                except BlockingIOError:
                    busy.append((case, variant))
                bar.remove_task(task)
            wanted = busy
            time.sleep(5 if busy else 0)


if __name__ == "__main__":
    typer.run(main)
