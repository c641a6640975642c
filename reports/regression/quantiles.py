"""What the page of a quantile regression says: its loss, the device, the lines and their fit."""

from collections.abc import Mapping, Sequence

import pandas as pd

from reports.blocks.blocks import Block, Table
from reports.blocks.numbers import estimate, figure
from reports.blocks.text import listed
from reports.page.page import Report
from workflow.quantities import Quantity
from workflow.regression.quantiles import INNER, percent, rests_on_few

LOSS = (
    "The noise is an asymmetric Laplace distribution, one for each quantile: the loss that fits it "
    "is the check loss (for the 95% line a row above costs .95 times its distance, one below .05 "
    "times; for the 50% line it is the absolute error). What is predicted is a quantile of rows "
    "with the same terms: 95% of them lie below the 95% line."
)
LOST = (
    "its lines lie between and beyond the values that there are, and where many rows have one "
    "value no line has its share of the rows below it"
)
DEVICE = (
    "The noise is a device to find the lines, and no law of the outcome: how wide its posterior is "
    "says nothing by itself. Every interval and probability of a line on this page is therefore "
    "corrected (Yang, Wang and He 2016): the draws keep their means and get the covariance that "
    "lines have from sample to sample, within the prior, that between lines included. ADVI is "
    "compared with the draws as the device has them."
)
FIT = (
    "The model claims one thing of the outcome: wherever a row is, it lies below the line of a "
    "quantile with that probability. So the checks look at which rows lie below, and not at how "
    "far: a line that should bend, or a file in which many rows have the same value, fails them. "
)
ADVICE = "Add a square or a product to --formula, or a curve, such as bs(x, df=4)."
HOW_BELOW = (
    "A row a fifth of the rows, by the height of the middle line (fewer where rows are few), a "
    "column a line: the share of these rows that lie below the line. Good are shares near the "
    "number above the column in every row; shares that go up and down again say that the line "
    "should bend."
)
HOW_WIDTH = (
    "A row a line: the posterior sd of the slope as the asymmetric Laplace noise has it, and "
    "corrected, and how many times as large that is. Without the correction intervals would be "
    "wrong by that factor."
)
ONE_MORE = (
    "By how much the line of this quantile differs for one unit more of the term, or for a level "
    "rather than its reference, all other terms being equal: median and 95% equal-tailed credible "
    "interval, corrected for what the noise gets wrong."
)


def prior(noise: float) -> str:
    """Say what is expected of the costs of the lines."""
    return (
        "That holds for each line by itself. What a line costs a row is expected to be "
        f"{noise:g} times what the quantile of the outcome costs without any term (--noise), with "
        "95% between an eighth of that and 2.8 times that."
    )


def rule(quantiles: Sequence[float], sure: float) -> str:
    """Say by which rule the spread is called known."""
    low, high = (percent(q) for q in (quantiles[0], quantiles[-1]))
    return (
        f"Rule: the outcome is known to spread more (or less) with a term if the slope of the "
        f"{high} line is above (below) that of the {low} line with a probability of {sure:g} or "
        "more (--sure), given all the other terms. Other lines are for --quantiles. That it is not "
        "known does not say that the lines are parallel: few rows leave it open."
    )


def warn_of_few(report: Report, quantiles: Sequence[float], rows: int, coefficients: int) -> None:
    """Warn of quantiles beyond which few rows lie: their intervals are too narrow."""
    weak = [percent(q) for q in quantiles if rests_on_few(q, rows, coefficients)]
    if not weak:
        return
    few = rests_on_few(INNER, rows, coefficients)
    inner = f"Compare with inner quantiles (--quantiles {INNER:g},0.5,{1 - INNER:g})."
    report.warn(
        f"Few rows lie beyond the {_joined(weak)} {'line' if len(weak) == 1 else 'lines'}: how "
        "dense the outcome is there is hardly known, and 95% intervals are too narrow (in "
        "simulations of 235 rows those of the 5% and the 95% line held the slope in 83 to 98% of "
        "data sets, those of their difference in 84 to 96%).",
        "Collect more rows, or take fewer terms (--formula)." if few else inner,
    )


def _joined(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def warn_of_crossing(report: Report, crossed: pd.Series) -> str:
    """Warn where lines cross at rows of the file; return what is to be said of crossing."""
    rows = crossed.index[crossed]
    if rows.empty:
        return "No two lines cross at any row of the file: there a larger quantile is larger."
    named = listed((f"line {row}" for row in rows), most=60)
    text = (
        f"Lines of two quantiles cross at {len(rows):,} of {len(crossed):,} rows ({named}): there "
        "the line of the larger quantile is below the other, which no quantiles are."
    )
    report.warn(
        text, "Take fewer quantiles, fewer terms, or the logarithm of the outcome (--formula)."
    )
    return text


def widths(sds: pd.DataFrame, term: str) -> Table:
    """Return the sds of the slope of a term as the device has them, and corrected."""
    rows = tuple(
        (percent(q), figure(one["device"]), figure(one["corrected"]), f"{ratio:.2f}")
        for q, one in sds.iterrows()
        for ratio in [one["corrected"] / one["device"]]
    )
    columns = ("line", "sd by the noise", "corrected", "ratio")
    return Table(f"How wide the slope of {term} is", columns, rows, HOW_WIDTH)


def below(shares: pd.DataFrame) -> Table:
    """Return the shares of rows below each line, by where the middle line is."""
    between = (f"{i + 2}." for i in range(len(shares) - 2))
    names = ("lowest", *between, "highest") if len(shares) > 1 else ("all",)
    rows = tuple(
        (name, *(f"{share:.1%}" for share in one))
        for name, one in zip(names, shares.to_numpy(), strict=True)
    )
    columns = ("rows, by the middle line", *(f"below the {percent(q)} line" for q in shares))
    return Table("Which share of rows lies below each line", columns, rows, HOW_BELOW)


def slopes(
    found: Mapping[str, Quantity], terms: Sequence[str], quantiles: Sequence[float], name: str
) -> Table:
    """Return the slope of each term at each quantile, in own units, and the intercepts."""
    rows = [
        (term, *(estimate(found[f"slope[{q}, {term}]"], sign=True) for q in quantiles))
        for term in terms
    ]
    rows.append(("intercept", *(estimate(found[f"intercept[{q}]"]) for q in quantiles)))
    columns = ("term", *(f"{percent(q)} line" for q in quantiles))
    caption = f"Coefficients of each line in their own units ({name} per unit of the term)"
    return Table(caption, columns, tuple(rows), ONE_MORE)


def predictions(found: pd.DataFrame, quantiles: Sequence[float], name: str) -> list[Block]:
    """Return the lines at chosen rows, each with its interval."""
    rows = tuple(
        (
            str(row),
            *(
                f"{figure(one[f'q{q}'], 4)} ({figure(one[f'q{q}_lower'], 4)} to "
                f"{figure(one[f'q{q}_upper'], 4)})"
                for q in quantiles
            ),
        )
        for row, one in found.iterrows()
    )
    columns = ("row", *(f"{percent(q)} line" for q in quantiles))
    low, high = (percent(q) for q in (quantiles[0], quantiles[-1]))
    return [
        f"Of rows with these terms {percent(quantiles[-1] - quantiles[0])} lie between the {low} "
        f"and the {high} line: that is where a single row is to be expected. The interval behind "
        "each line says what is not known of the line.",
        Table(
            f"Quantiles of {name} for new rows",
            columns,
            rows,
            "One row a case, with the terms that its name says; a column a quantile: the posterior "
            "mean of the line there, and its corrected 95% equal-tailed credible interval.",
        ),
    ]
