"""What a saved fit keeps so that new rows can be predicted: its design, as JSON in the `.nc`.

Names, numbers and texts alone: nothing of it is run when it is read. A file of another version, or
one without a design, is refused by `casebook predict` with what to do.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from data._design import design_of
from data._regression import Regression
from workflow.deciding.costs import Stakes
from workflow.predicting.hull import hull_of
from workflow.regression.corrected import Known

VERSION = 1
GROUP = "design"
GAUSSIAN, STUDENT_T, BERNOULLI = "gaussian", "student_t", "bernoulli"
LAPLACE, HUBER = "laplace", "huber"
COUNTS = "negative_binomial"
ORDERED = "ordered"
SHARE = "share"
QUANTILES = "quantiles"
ARMS, RATE, WORDS = "arms", "rate", "words"


class DesignError(Exception):
    """A fit keeps no design that can be used; the message says what to do."""


def of_regression(found: Regression, kind: str) -> dict[str, Any]:
    """Return the design of the rows that are fitted, and how far out they reach together."""
    return {"kind": kind, **design_of(found), "hull": asdict(hull_of(found.terms.dropna()))}


def of_events(found: Regression, stakes: Stakes, act: str) -> dict[str, Any]:
    """Return the design of a logistic regression, with the costs and the share of its rule."""
    return of_regression(found, BERNOULLI) | {"stakes": asdict(stakes), "act": act}


def of_counts(found: Regression, exposure: str | None) -> dict[str, Any]:
    """Return the design of a regression of counts, with the column of the exposure, its range."""
    over = found.also.iloc[:, 0]
    known = {"exposure": exposure, "exposures": [float(over.min()), float(over.max())]}
    return of_regression(found, COUNTS) | known


def of_ratings(found: Regression, ratings: Sequence[str]) -> dict[str, Any]:
    """Return the design of an ordinal regression, with its ratings, the lowest first."""
    return of_regression(found, ORDERED) | {"ratings": list(ratings)}


def of_quantiles(found: Regression, known: Known) -> dict[str, Any]:
    """Return the design of a quantile regression, with what puts the width of its lines right."""
    return of_regression(found, QUANTILES) | {"known": asdict(known)}


def of_arms(arms: pd.DataFrame, clusters: pd.DataFrame | None, people: str) -> dict[str, Any]:
    """Return the arms; where rows come in clusters, the mean size of the cluster that a row has."""
    sizes = {}
    if clusters is not None:
        by_arm = clusters.groupby("arm")["visitors"]
        sizes = {str(arm): float((n**2).sum() / n.sum()) for arm, n in by_arm}
    return {"kind": ARMS, "arms": list(map(str, arms["arm"])), "sizes": sizes, "people": people}


def of_rate(counts: pd.DataFrame, worth: pd.DataFrame) -> dict[str, Any]:
    """Return what one rate is of, and the design effect that its count was divided by."""
    events, trials = map(str, counts.columns)
    effect = float(counts.iloc[0, 1] / worth.iloc[0, 1])
    return {"kind": RATE, "events": events, "trials": trials, "effect": effect}


def of_words(words: Sequence[str], share: float, threshold: float) -> dict[str, Any]:
    """Return the words that were counted, and the rule by which a message is quarantined."""
    return {"kind": WORDS, "words": list(words), "share": share, "threshold": threshold}


def keep(tree: xr.DataTree, case: str, design: Mapping[str, Any] | None) -> None:
    """Put the design of a case into its tree, as a group; none, where the case has none."""
    if design is None:
        return
    text = json.dumps({"case": case, **design}, ensure_ascii=False, allow_nan=False)
    group = xr.Dataset({"json": ((), np.array(text))}, attrs={"design_version": VERSION})
    tree[GROUP] = xr.DataTree(group)


def kept(tree: xr.DataTree) -> dict[str, Any]:
    """Return the design in a tree.

    Raises
    ------
    DesignError
        There is none, it is of another version, or new rows cannot have its terms.
    """
    if GROUP not in tree.children:
        raise DesignError("it keeps no design, so no new rows can be predicted; run the case again")
    version = tree[GROUP].attrs.get("design_version")
    if version != VERSION:
        raise DesignError(
            f"its design has version {version}, and this casebook reads {VERSION}; run the case "
            "again"
        )
    found: dict[str, Any] = json.loads(str(tree[GROUP]["json"].item()))
    if "cannot" in found:
        raise DesignError(found["cannot"])
    return found
