"""Which case is for which kind of outcome: the one table, of which only cases that exist are named.

A refusal, a warning on a page and `casebook suggest` say the same, since all of them ask here.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data._how import AS_IT_IS, Reading
from data._kinds import COUNT, ORDERED, PERCENT, REAL, SHARE, SKEWED, TWO, Kind

ANALYSES = Path(__file__).parent.parent / "analyses"


@dataclass(frozen=True)
class Choice:
    """A case, why it fits, and what is `lost` by it where one before it in the table is meant.

    `outcome` is what stands before the ~ where it is not the column itself, {y}; it needs values
    `inside` 0 and 1, or 100.
    """

    case: str
    fits: str
    lost: str = ""
    outcome: str = ""
    inside: bool = False


_ROBUST = Choice(
    "robust_regression",
    "its noise has heavy tails, so that a few values far off do not decide",
    "where no value is far off it says the same, less precisely; it predicts the median, and what "
    "is rare and large counts little",
)
_QUANTILES = Choice(
    "quantile_regression",
    "it shows where the outcome spreads more, by a line for each of several quantiles",
    "the outer lines rest on few rows, and need more of them than a mean does",
)
_LOSSES = Choice(
    "noise_models",
    "it compares these and other losses by how well they predict rows that were left out",
    "it is about the loss, and says less of each term than the others do",
)
#: For each kind the cases from the best on.
SUITED: dict[str, Sequence[Choice]] = {
    TWO: (
        Choice("logistic_regression", "it predicts the probability of one of the two values"),
        Choice(
            "linear_regression",
            "its slopes are differences of probability, if the values are 0 and 1",
            "probabilities may come out below 0 or above 1, no row can be where most of its "
            "interval is, and the noise differs from row to row",
        ),
    ),
    COUNT: (
        Choice(
            "count_regression",
            "it predicts the mean count by factors, and its noise grows with that mean",
        ),
        Choice(
            "linear_regression",
            "its slopes are differences of the mean",
            "it expects counts below 0 and between whole numbers, and the same spread around "
            "small means as around large ones, so its intervals are too wide or too narrow",
        ),
    ),
    ORDERED: (
        Choice(
            "ordinal_regression",
            "it predicts the probability of each value, and uses of the values their order alone",
        ),
        Choice(
            "linear_regression",
            "its slopes are differences of the mean, if the values are numbers",
            "each step between two values is taken to be as large as any other, and values "
            "between and beyond them are expected",
        ),
    ),
    SHARE: (
        Choice(
            "proportion_regression",
            "it predicts the mean share, which stays between 0 and 1, and so does its noise "
            "(values of exactly 0 or 1 it has none for)",
        ),
        Choice(
            "linear_regression",
            "on the log-odds no prediction leaves 0 and 1",
            "slopes are about log-odds, and predicted is the median share and not the mean",
            outcome="log({y} / (1 - {y}))",
            inside=True,
        ),
        Choice(
            "linear_regression",
            "its slopes are differences of the mean share",
            "it expects shares below 0 and above 1, and there the same spread as in the middle",
        ),
    ),
    PERCENT: (
        Choice(
            "proportion_regression",
            "a hundredth of it is a share between 0 and 1, if it is a part of a whole",
            outcome="I({y} / 100)",
            inside=True,
        ),
        Choice(
            "linear_regression",
            "its slopes are differences in percentage points",
            "it expects values below 0 and above 100, which matters where some are near these",
        ),
    ),
    SKEWED: (
        Choice(
            "linear_regression",
            "on the logarithm slopes are factors, and the noise grows with the outcome",
            outcome="log({y})",
        ),
        _ROBUST,
        _QUANTILES,
        Choice(
            "linear_regression",
            "its slopes are differences of the mean",
            "it expects noise that is even around the line, and not a long tail to one side",
        ),
        _LOSSES,
    ),
    REAL: (
        Choice("linear_regression", "its noise is Gaussian, and it predicts the mean"),
        _ROBUST,
        _QUANTILES,
        _LOSSES,
    ),
}


def there() -> set[str]:
    """Return the cases that exist."""
    return {path.stem for path in ANALYSES.glob("[!_]*.py")}


def choices(kind: Kind) -> tuple[list[Choice], str | None]:
    """Return the cases for a kind that exist, best first; and the best one, if that does not."""
    every = [one for one in SUITED.get(kind.name, ()) if not (one.inside and kind.edges)]
    every = every or list(SUITED.get(kind.name, ()))
    exist = there()
    missing = every[0].case if every and every[0].case not in exist else None
    return [one for one in every if one.case in exist], missing


def command(
    case: str,
    path: Path,
    outcome: str | None,
    formula: str | Sequence[str] | None = None,
    options: Mapping[str, str] | None = None,
) -> str:
    """Return the command that runs a case on a file, ready to paste."""
    formulas = [formula] if isinstance(formula, str) else formula or ()
    words = ["casebook", "run", case, "--data", str(path)]
    words += [] if outcome is None or formulas else ["--outcome", outcome]
    for one in formulas:
        words += ["--formula", one]
    for name, value in (options or {}).items():
        words += [f"--{name.replace('_', '-')}", value]
    return shlex.join(words)


def formula_of(choice: Choice, outcome: str, right: str = ".") -> str | None:
    """Return the formula that a choice needs for an outcome, None where the column will do."""
    return f"{choice.outcome.format(y=quoted(outcome))} ~ {right}" if choice.outcome else None


def quoted(name: str) -> str:
    """Return a column's name as a formula takes it."""
    return name if name.isidentifier() else f"`{name}`"


def options_of(reading: Reading = AS_IT_IS) -> dict[str, str]:
    """Return the options that say how the file is read, for a command."""
    given = reading.options()
    names = ("encoding", "separator", "decimal", "dates", "weights")
    return {name: given[name] for name in names if name in given}
