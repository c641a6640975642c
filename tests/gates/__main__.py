"""Run the gallery, count false alarms and write the page: `python -m tests.gates`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from analyses import leave_when_interrupted
from reports.page.page import HTML
from reports.page.proof import origin
from reports.terminal.progress import Steps
from tests.brought._brought import BROUGHT
from tests.gates import alarms, tally
from tests.gates.gallery import gallery
from tests.gates.page import caught, proof

SEED = 2026
MISSED = 4


def main(
    out: Annotated[Path, typer.Option(help="Folder for the page.")] = HTML,
    seed: Annotated[int, typer.Option(min=0, help="The first seed of all runs.")] = SEED,
    trials: Annotated[int, typer.Option(min=20, help="Sound fits of each kind.")] = alarms.TRIALS,
) -> None:
    """Exit with 0 if every broken analysis was flagged, else with 4."""
    steps, shown = Steps("gates"), {}
    for one in gallery():
        steps.begin(one.name.replace("_", " "))
        shown[one.name] = one, one.function(seed)
    steps.begin("false alarms of the sampler")
    rates = [*alarms.of_the_sampler(seed, trials)]
    steps.begin("false alarms of the predictive checks")
    rates += alarms.of_the_predictive_checks(seed, trials)
    steps.begin("what no gate can see")
    unseen = alarms.all_in_one_mode(seed, trials // 2)
    retried = alarms.passed_after_a_retry(seed, trials // 4)
    pages = {}
    for case in BROUGHT:
        steps.begin(f"sound pages of {case}")
        pages[case] = tally.of_sound_pages(case, seed, trials)
    steps.begin("pages with a fault")
    whole = tally.section(pages, list(tally.of_faults(seed, max(trials // 10, 5))))
    steps.end()
    settings: dict[str, object] = {"seed": seed, "trials": trials}
    command = f"python -m tests.gates --seed {seed} --trials {trials}"
    made = origin(command, seed=seed, seconds=steps.seconds, settings=settings)
    page = proof(shown, rates, unseen, retried, made, whole)
    path = page.save(out)
    Console(stderr=True).print(f"gates: page [bold]{path.resolve()}[/bold]")
    Console().print(f"{page.status.value}: {page.answer}", soft_wrap=True, highlight=False)
    raise typer.Exit(0 if all(caught(*each) for each in shown.values()) else MISSED)


if __name__ == "__main__":
    leave_when_interrupted()  # or truncated draws would be taken for draws
    typer.run(main)
