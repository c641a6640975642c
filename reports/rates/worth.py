"""What clustered counts are worth in independent ones, in words."""

import pandas as pd

from reports.blocks.blocks import Block
from reports.page.page import Report
from reports.rates.clusters import FEW
from reports.rates.tables import count


def counts(
    report: Report, whole: pd.DataFrame, independent: pd.DataFrame, clusters: pd.DataFrame | None
) -> list[Block]:
    """Return the one row of counts; of clustered ones, in words, what they are worth before."""
    if clusters is None:
        return [count(independent)]
    events, trials = whole.columns
    (y, n), worth = whole.iloc[0], independent[trials].iloc[0]
    if len(clusters) < FEW:
        report.warn(
            f"There are {len(clusters)} clusters: they hardly say how alike their {trials} are, "
            "and the interval may be too narrow.",
            f"Collect more clusters; more {trials} of the same add little.",
        )
    return [
        f"The file has {y:,} {events} in {n:,} {trials} of {len(clusters):,} clusters (--cluster). "
        f"The rates of the clusters differ as if these were worth {worth:,} independent {trials}: "
        f"the variance of the rate is {n / worth:.3g} times that of independent ones (design "
        "effect, Rao and Scott 1992). All that follows counts them as so many; the event's rate is "
        "as it was, but for rounding to whole numbers.",
        count(independent),
    ]
