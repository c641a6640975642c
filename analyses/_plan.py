"""`casebook plan`: its options; what takes long to import is imported when it is called."""

from pathlib import Path
from typing import Annotated, Any

import typer

from analyses import leave_when_interrupted
from analyses._numbers import number, rate
from reports.publishing.files import HTML

app = typer.Typer(help="How many trials until a study decides, before there are any.")
Share = Annotated[float, number("Probability of deciding that is asked for.", below=0.99)]
Out = Annotated[Path, typer.Option(help="Folder of the page.")]
Seed = Annotated[int, typer.Option(min=0, help="Of the simulated studies.")]
Alpha = Annotated[float, number("Prior events.")]
Beta = Annotated[float, number("Prior non-events.")]
Rate = Annotated[float | None, rate("The rate to plan for; else all that the prior allows.")]
Sure = Annotated[float, number("Probability asked for.", above=0.5, below=1)]


@app.command("ab_test")
def ab_test(
    baseline: Annotated[float, rate("The control's rate.")],
    lift: Annotated[
        float | None, typer.Option(help="How much more the better arm's rate is; .01 is a point.")
    ] = None,
    effect_sd: Annotated[
        float, number("Without --lift: sd of differences of log-odds, .1 for lifts within 22%.")
    ] = 0.1,
    arms: Annotated[int, typer.Option(min=2, max=8, help="Arms, the control among them.")] = 2,
    max_loss: Annotated[float, rate("The rule: choose if the expected loss is below.")] = 0.001,
    alpha: Alpha = 1.0,
    beta: Beta = 4.0,
    share: Share = 0.8,
    seed: Seed = 2026,
    out: Out = HTML,
) -> None:
    """How many visitors an arm until a test decides."""
    _run("of_arms", locals())


@app.command("coin_updating")
def coin_updating(
    rate: Rate = None,
    rope: Annotated[float, number("Rates within +- this of one half are fair.", below=0.5)] = 0.05,
    sure: Sure = 0.95,
    alpha: Alpha = 2.0,
    beta: Beta = 2.0,
    share: Share = 0.8,
    out: Out = HTML,
) -> None:
    """How many trials until a rate is called fair or biased; exact."""
    _run("of_fairness", locals())


@app.command("mendel_shares")
def mendel_shares(
    expected: Annotated[str, typer.Option(help="The expected shares, such as 9:3:3:1.")],
    true: Annotated[
        str | None,
        typer.Option(help="The shares to plan for, such as 8:4:3:1; else all of the prior."),
    ] = None,
    rope: Annotated[float, rate("Shares within +- this of the expected are so.")] = 0.05,
    sure: Sure = 0.95,
    evidence: Annotated[float, number("Bayes factor asked for.", above=1)] = 10.0,
    concentration: Annotated[float, number("Prior pseudo-count of each kind.")] = 1.0,
    share: Share = 0.8,
    seed: Seed = 2026,
    out: Out = HTML,
) -> None:
    """How many observations until shares are said to stand as expected, or not to."""
    _run("of_shares", locals())


@app.command("prior_sensitivity")
def prior_sensitivity(
    reference: Annotated[float, rate("The rate to compare with.")],
    rate: Rate = None,
    sure: Sure = 0.95,
    prior_mean: Annotated[float | None, rate("Prior mean of the rate; else the reference.")] = None,
    prior_strength: Annotated[float, number("How many trials the prior weighs.")] = 20.0,
    share: Share = 0.8,
    out: Out = HTML,
) -> None:
    """How many trials until a side of a reference is shown; exact."""
    _run("of_side", locals())


def _run(name: str, options: dict[str, Any]) -> None:
    from analyses import _planning

    leave_when_interrupted()
    raise typer.Exit(getattr(_planning, name)(**options))
