"""What a page says where residuals bend, or spread unevenly, along a term."""

from collections.abc import Mapping, Sequence

import pandas as pd
import xarray as xr

from reports.blocks.blocks import Block, Table
from reports.blocks.numbers import number
from reports.page.page import Report
from workflow.checking.checks import StatisticCheck
from workflow.checking.diagnostics import Status
from workflow.quantities import Quantity
from workflow.regression import residuals
from workflow.regression.grouped import less_groups
from workflow.regression.robust_errors import hc3

RESIDUALS = (
    "Residuals are the outcome less the model's own prediction, at each draw of the posterior: of "
    "the observed data, and of data predicted with the same draw. "
)
GAUSSIAN = (
    "The model fits a mean for every row and one sd. It does not fit the shape of what is left "
    "over: its skewness, its tails, whether it bends along a term or grows with it. "
)
UNEVEN = ("bend", "size", "prediction squared")  # in the names of statistics that need the table
TOO_SHORT = 1.1  # robust standard error over the posterior's sd from which it matters
HOW = (
    "One row a term. The posterior sd and the plain standard error of least squares take the noise "
    "to be equally large for all rows and the lines to be straight; the robust one (HC3) does not. "
    "Where it is the larger one, the 95% interval above is too short by about that factor. It does "
    "not mend a bend: then the slope is an average over the rows."
)


def told(
    report: Report,
    posterior: xr.Dataset,
    terms: pd.DataFrame,
    outcome: pd.Series,
    found: Mapping[str, Quantity],
    checks: Sequence[StatisticCheck],
) -> list[Block]:
    """Return robust standard errors beside the posterior's sds, and warn, if residuals are uneven.

    `found` has the slopes; `checks` are those of the posterior predictive check.
    """
    bad = [c.statistic for c in checks if c.result is Status.WARN]
    uneven = [name for name in bad if any(word in name for word in UNEVEN)]
    if not uneven:
        return []
    along = residuals.along(posterior, terms, outcome)
    where = [f"{said}: {term}" for said, term in along.items() if any(said in b for b in uneven)]
    errors = hc3(terms, less_groups(posterior, outcome))
    sd = {t: found[f"slope[{t}]"].sd or 1.0 for t in map(str, terms)}
    ratio = errors["robust"] / pd.Series(sd)
    most = f" ({'; '.join(where)})" if where else ""
    if ratio.max() > TOO_SHORT:
        report.warn(
            f"The residuals are uneven{most}, so intervals of slopes are too short: that of "
            f"{ratio.idxmax()} by a factor of about {ratio.max():.2g}.",
            "See the robust standard errors beside them (Does the model fit?), and try a square, a "
            "product or log() of the outcome in --formula.",
        )
    return [
        f"The residuals are uneven{most}. Intervals of slopes take them to be even; here are "
        "standard errors that do not:",
        _table(errors, sd, ratio),
    ]


def _table(errors: pd.DataFrame, sd: Mapping[str, float], ratio: pd.Series) -> Table:
    rows = tuple(
        (
            str(term),
            number(row["slope"], row["robust"] / 20),
            *(f"{x:.3g}" for x in (row["plain"], row["robust"], sd[str(term)])),
            f"{ratio[term]:.2f}",
        )
        for term, row in errors.iterrows()
    )
    columns = ("term", "least squares", "its standard error", "robust (HC3)", "posterior sd")
    title = "Robust standard errors (own units)"
    return Table(title, (*columns, "robust / posterior"), rows, HOW)
