"""The command line of an analysis: its `main` is the specification, the signature the options."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from analyses import UNWRITABLE
from analyses._columns import (
    Births,
    Curves,
    Dated,
    Effects,
    Findings,
    Groups,
    Kinds,
    Messages,
    Numbers,
    Putts,
    Readings,
    Shown,
    Test,
    Timed,
    Trials,
    Values,
)
from analyses._each import Each, or_each
from analyses._given import DATA, given, more
from analyses._names import usable
from analyses._numbers import (
    earlier,
    findings,
    not_both,
    number,
    proportions,
    quantiles,
    rate,
    real,
    text,
)
from analyses._running import run
from data._how import AS_IT_IS
from data._reading import AS_READ
from reports.publishing.files import HTML

__all__ = ["AS_IT_IS", "AS_READ", "HTML", "UNWRITABLE", "Births", "Dated", "Effects", "Findings"]
__all__ += ["Groups", "Kinds", "Messages", "Numbers", "Putts", "Readings", "Shown", "Test"]
__all__ += ["Trials", "Values", "earlier", "findings", "not_both", "number", "proportions"]
__all__ += ["Curves", "Timed", "quantiles", "rate"]
__all__ += ["Each", "more", "or_each", "real", "run", "text"]
INDEPENDENT = "independent"
MOST_DRAWS, MOST_CHAINS = 100_000, 64


def slope_prior(
    prior: str, r2: float | None, slope_sd: float | None, *, usual: dict[str, float]
) -> dict[str, float]:
    """Return the knob of the slopes' prior that was chosen, and its value, else the usual one.

    Raises
    ------
    typer.BadParameter
        A knob of the other prior was given.
    """
    given = dict(zip(usual, (r2, slope_sd), strict=True))
    wrong, right = list(usual)[:: 1 if prior == INDEPENDENT else -1]
    if given[wrong] is not None:
        raise typer.BadParameter(f"--{wrong.replace('_', '-')} is no knob of --prior {prior}")
    chosen = given[right]
    return {right: usual[right] if chosen is None else chosen}


# The options that every analysis has.
Data = Annotated[Path, typer.Option(parser=given, metavar="FILE", help=DATA)]
Formula = Annotated[
    str | None,
    typer.Option(help="Outcome and terms, as in 'y ~ x + log(z) + C(g)'; else the last on all."),
]
Formulas = Annotated[
    list[str] | None,
    typer.Option(
        "--formula",
        help="'y ~ x + z', or with a name before it, 'small: log(y) ~ x'; two or more times.",
    ),
]
DropMissing = Annotated[
    bool, typer.Option("--drop-missing", help="Leave out rows with missing values.")
]
Prior = Annotated[
    Literal["predictive", "independent"],
    typer.Option(help="Of the slopes: on what all terms predict (--r2), or on each (--slope-sd)."),
]
R2 = Annotated[float | None, rate("Share of the variance that all terms are expected to explain.")]
SlopeSd = Annotated[
    float | None,
    number("Prior sd of each coefficient (for one sd; of a level), with --prior independent."),
]
Between = Annotated[
    float | None,
    number("Prior scale of the sd between groups, of (1 | group) in --formula; else the usual."),
]
Ordered = Annotated[
    bool, typer.Option("--ordered", help="Rows have an order, such as time: check neighbours.")
]
Cluster = Annotated[
    str | None,
    typer.Option(help="Column that says whose rows are, such as user_id: they are counted by it."),
]
Group = Annotated[
    str | None,
    typer.Option(
        help="With --hold-out: column that says whose rows are, such as person: held out together."
    ),
]
Horizon = Annotated[
    int, typer.Option(min=1, max=20_000, help="Visitors to come, for whom policies are compared.")
]
Ahead = Annotated[int, typer.Option(min=1, max=50, help="Times to come that are forecast.")]
Season = Annotated[
    int | None,
    typer.Option(min=2, max=24, help="Steps after which a pattern comes again: 12 months, say."),
]
Pattern = Annotated[
    float | None, real("Prior sd of an effect of the season, if there is --season.", above=0)
]
Trend = Annotated[
    bool, typer.Option("--trend", help="The level may go on in one direction, by a steady slope.")
]
TrendSd = Annotated[
    float | None, real("Prior sd of the slope, a step of time, if there is one.", above=0)
]
Turning = Annotated[
    bool,
    typer.Option("--turning", help="Rising or falling now? The slope may itself change, slowly."),
]
Bend = Annotated[
    float | None, real("Prior scale of the sd of a step of the slope, if --turning.", above=0)
]
Draws = Annotated[int, typer.Option(min=4, max=MOST_DRAWS, help="Draws kept of each chain.")]
Tune = Annotated[int, typer.Option(min=10, max=MOST_DRAWS, help="Warm-up draws of each chain.")]
Chains = Annotated[
    int, typer.Option(min=1, max=MOST_CHAINS, help="Chains; fewer than 2 cannot be checked.")
]
Seed = Annotated[
    int, typer.Option(min=0, max=2**32 - 1, help="Same seed and machine: same draws, bit for bit.")
]
SplitSeed = Annotated[int, typer.Option(min=0, help="Which rows --hold-out keeps.")]
Out = Annotated[Path, typer.Option(help="Folder for the page, the draws and the summary.")]
Name = Annotated[
    str | None,
    typer.Option(
        "--name", callback=usable, help="What page and files are called, if not as the case."
    ),
]
Lowest = Annotated[
    bool, typer.Option("--lowest", help="The lowest is the best, as with errors or deaths.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")]
Quick = Annotated[
    bool, typer.Option("--quick", help="A first look: no ADVI, no other priors; at best WARN.")
]
