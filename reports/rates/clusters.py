"""What a page says where rows come in clusters, such as visits of a user: counts, model, fit."""

from collections.abc import Mapping

import pandas as pd

from reports.blocks import tables
from reports.blocks.blocks import Block
from reports.page.page import Report
from workflow.quantities import Quantity, named

FEW = 10  # clusters of an arm, below which the prior says much of how alike their rows are
MORE = (
    "How much more data would decide was not simulated: more clusters would, while more rows of "
    "the same add little."
)
HOW = (
    "A row is an arm. Clusters have rows in it, as many as stands in the last two columns; they, "
    "and not the rows, are what an arm has many or few of."
)


def counts(clusters: pd.DataFrame | None, crossing: int) -> list[Block]:
    """Return how many clusters each arm has, and how many rows these have; nothing for None.

    `crossing` is how many are in more than one arm.
    """
    if clusters is None:
        return []
    rows = clusters.groupby("arm", sort=False)["visitors"]
    found = rows.agg(clusters="size", median="median", most="max").reset_index()
    found.columns = pd.Index(["arm", "clusters", "rows of one, median", "rows of one, most"])
    said = (
        f"{crossing:,} clusters have rows in more than one arm. The model takes them as others in "
        "each; what they share would make the difference surer than it says."
    )
    table = tables.frame("Clusters by arm", found.astype({found.columns[2]: int}), HOW)
    return [table, said] if crossing else [table]


def warn_of_few(report: Report, clusters: pd.DataFrame | None) -> None:
    """Warn where an arm has so few clusters that they cannot say how alike their rows are."""
    least = FEW if clusters is None else int(clusters["arm"].value_counts().min())
    if least < FEW:
        report.warn(
            f"An arm has {least} {'cluster' if least == 1 else 'clusters'}: how alike the rows of "
            "one are, and so how wide the intervals are, comes from the prior.",
            "Collect more clusters; more rows of the same add little.",
        )


def assumed(name: str | None, alpha: float, beta: float, people: str) -> str:
    """Say what the model takes for granted."""
    weight = (
        f"The prior weighs as much as {alpha + beta:g} {people} an arm, {alpha:g} of whom "
        "converted."
    )
    if name is None:
        return (
            "Everyone in an arm converts with the same probability, and independently. The prior "
            f"weighs as much as {alpha + beta:g} {people} an arm, {alpha:g} of whom converted."
        )
    return (
        f"Every {name} has a rate of its own, those of an arm lie around the arm's, and each "
        f"{name} knows nothing of another. How many rows one has says nothing of its rate: the "
        f"check of the fit below looks at that. {weight}"
    )


def fitted(name: str | None) -> str:
    """Say what the posterior predictive check can show."""
    unseen = (
        "What could be wrong leaves no trace in them: visitors counted twice, rates that change "
        "during the test, arms that influence one another."
    )
    if name is None:
        return (
            "There is a rate for every count, so these counts cannot contradict the model unless a "
            f"strong prior holds the rates back: the check proves nothing. {unseen}"
        )
    return (
        f"The rate of all rows of an arm can contradict the model: where those of {name} with many "
        f"rows convert more, or less, than the others. {unseen}"
    )


def alike(found: Mapping[str, Quantity], name: str | None) -> list[Block]:
    """Return how alike rows of a cluster are, by arm."""
    if name is None:
        return []
    caption = f"Correlation of two rows of one {name} (intraclass correlation)"
    return [tables.estimates(caption, named(found, "icc", "guardrail_icc"))]
