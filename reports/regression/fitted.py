"""What a page shows of a fit: each picture, and beside it the checks that warn of what it shows."""

from collections.abc import Mapping, Sequence

from reports.blocks.blocks import Block
from reports.regression import fit_figures
from reports.regression.fit_figures import overlay
from workflow.checking.checks import StatisticCheck
from workflow.checking.status import Status
from workflow.regression.left_over import Panel
from workflow.regression.pictured import Binned, Overlay, Pit, Rootogram
from workflow.regression.residuals import BEND, SCATTER

#: In the names of statistics: what residuals against fitted values and columns show.
ALONG = (
    "bend along",
    "size along",
    "against prediction",
    "row before",
    "still explain",
    "middle half",
)


def blocks(
    shape: Overlay | Rootogram | Binned,
    pit: Pit | None,
    left: Sequence[Panel],
    checks: Sequence[StatisticCheck],
    along: Mapping[str, str],
    name: str,
    *,
    columns: int,
    logged: bool,
    remedies: Mapping[str, str] = {},
) -> list[Block]:
    """Return the pictures, and behind each the warnings that it shows, with what to do.

    `along` says along which column residuals bend, and spread, most (keys of
    `workflow.regression.residuals`); `columns` is how many there are; `logged` that the outcome is
    a logarithm; `remedies` has what helps where the noise is another (see `remedy`).
    """
    bad = [one for one in checks if one.result is Status.WARN]
    with_residuals = [one for one in bad if any(word in one.statistic for word in ALONG)]
    others = [one for one in bad if one not in with_residuals]
    return [
        fit_figures.binned(shape, name) if isinstance(shape, Binned) else overlay(shape, name),
        *(_warning(one, along, name, logged=logged, other=remedies) for one in others),
        *([] if pit is None else [fit_figures.pit(pit)]),
        *([] if pit is None else [_of_pit(pit)]),
        fit_figures.left_over(left, shares=pit is None, of=columns),
        *(_warning(one, along, name, logged=logged, other=remedies) for one in with_residuals),
    ]


def _warning(
    one: StatisticCheck,
    along: Mapping[str, str],
    name: str,
    *,
    logged: bool,
    other: Mapping[str, str],
) -> str:
    return f"WARN, {one.statistic}: {remedy(one, along, name, logged=logged, other=other)}"


def remedy(
    one: StatisticCheck,
    along: Mapping[str, str],
    name: str,
    *,
    logged: bool,
    other: Mapping[str, str] = {},
) -> str:
    """Say what helps against what a check found, in terms of the file: its own kind of advice.

    `other` has what is said in its place of statistics in whose name a word is.
    """
    bent, spread = (_quoted(along.get(key, "x")) for key in (BEND, SCATTER))
    more = one.p < 0.5  # the data have more of it than the model makes
    log = (
        "the outcome is a logarithm already: a spread that still changes asks for another model"
        if logged
        else f"if {name} is above 0 in every row, log({_quoted(name)}) ~ ... in --formula"
    )
    heavy = "look at the rows farthest off, and run robust_regression on the same file"
    found = {
        "bend along": f"the line bends along {bent}: add I({bent}**2) to --formula, or a curve, "
        f"bs({bent}, df=4)",
        "prediction squared": "large and small predictions are off on the same side: add a square "
        f"or a product, such as I({bent}**2), to --formula",
        "size along": f"the spread changes along {spread}: {log}",
        "size against prediction": (
            f"the spread grows with the prediction: {log}"
            if more
            else "the spread shrinks as the prediction grows: another transformation of the outcome"
        ),
        "skewness": f"the noise has one long tail: {log}; or robust_regression, if it is a few "
        "rows",
        "kurtosis": heavy if more else "the outcome has bounds that the noise does not know of",
        "largest / sd": heavy if more else "the outcome has bounds that the noise does not know of",
        "row before": "neighbours are alike: add what they follow (time, a trend, the value "
        "before) as a column; until then intervals are too short",
        "middle half": f"the rate bends along the term: add its square, or a curve, such as "
        f"bs({bent}, df=4)",
    } | dict(other)
    said = next((text for word, text in found.items() if word in one.statistic), "")
    return f"{said}." if said else one.advice


def _of_pit(found: Pit) -> str:
    """Say what the PIT shows."""
    if found.inside:
        return "The line stays in the band: predictions are about as wide as they should be."
    side = "too narrow" if found.spread > 1 else "too wide"
    if abs(found.middle - 0.5) > abs(found.spread - 1) / 4:
        side = "too low" if found.middle > 0.5 else "too high"
    return (
        f"The line leaves the band: predictions of single rows are {side}, in part of their range "
        "at least. (So do 5% of sound fits.)"
    )


def _quoted(name: str) -> str:
    return name if name.isidentifier() else f"`{name}`"
