"""What a saved fit keeps so that new rows can be predicted: its design, as JSON in the `.nc`.

Names, numbers and texts alone: nothing of it is run when it is read. A file of another version, or
one without a design, is refused by `casebook predict` with what to do.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from data._design import design_of
from data._regression import Regression
from workflow.deciding.costs import Stakes
from workflow.measuring.gaussian import Instrument
from workflow.networks.asked import Asked
from workflow.predicting.hull import hull_of
from workflow.process.conjugate import Summary
from workflow.process.limits import Limits
from workflow.regression.corrected import Known

VERSION = 1
GROUP = "design"
GAUSSIAN, STUDENT_T, BERNOULLI = "gaussian", "student_t", "bernoulli"
LAPLACE, HUBER = "laplace", "huber"
COUNTS, ORDERED = "negative_binomial", "ordered"
SHARE, QUANTILES = "share", "quantiles"
GOES_ON = "goes_on"  # options with which a study of new data goes on from a posterior, exactly
HOLDS = "holds"  # options that hold the prior of a fit, when all rows are fitted again
PIECES = "pieces"  # of one process, inside or outside its limits
ARMS, RATE, WORDS, NETWORK = "arms", "rate", "words", "network"
PERIODS, SHARES, SERIES = "periods", "shares", "series"
PUTTS = "putts"  # by their distance
GROUPS = "groups"  # with rates of their own, from one population
CURVE = "curve"  # of x, with its values summed by place: `analyses/_new_places.py`
READINGS = "readings"  # of one quantity by one instrument
EFFECTS = "effects"  # of groups, with their standard errors
TRIALS = "trials"  # of an experiment, with its settings


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


def of_trials(outcomes: pd.Series, before: Sequence[float]) -> dict[str, Any]:
    """Return what one rate of trials in their order is of, and how a later study goes on from it.

    `before` are the counts of earlier trials, with the event and without.
    """
    happened, others = float(outcomes.sum()), float((1 - outcomes).sum())
    all_of_them = ":".join(f"{a + b:.0f}" for a, b in zip(before, (happened, others), strict=True))
    about = {"events": str(outcomes.name), "trials": "trials", "effect": 1.0, "rate": "rate"}
    on = {"before": all_of_them, "outcome": str(outcomes.name)}
    return {"kind": RATE, **about, GOES_ON: on}


def of_periods(events: str, unit: str, *, changed: bool) -> dict[str, Any]:
    """Return what is counted in which periods; without a change the last rate is nobody's."""
    if changed:
        return {"kind": PERIODS, "events": events, "unit": unit, "rate": "rate_after"}
    said = "a change is not decided, so that the rate from now on is not this fit's rate after it"
    return {"kind": PERIODS, "cannot": f"{said}: ask count_regression for one constant rate"}


def of_shares(kinds: Sequence[str], goes_on: Mapping[str, str]) -> dict[str, Any]:
    """Return the kinds, and the options with which a later study goes on."""
    return {"kind": SHARES, "kinds": list(kinds), GOES_ON: dict(goes_on)}


def of_process(limits: Limits, seen: Summary) -> dict[str, Any]:
    """Return the limits of a process, and how a later study goes on from the pieces seen so far."""
    said = {"lower": limits.lower, "upper": limits.upper, "aim": limits.aim}
    ends = {name: end for name, end in said.items() if end is not None and math.isfinite(end)}
    told = {name: repr(end) for name, end in ends.items()}
    return {"kind": PIECES, **ends, GOES_ON: {"before": seen.told(), **told}}


def of_readings(known: Instrument, n: int, mean: float, target: float) -> dict[str, Any]:
    """Return the noise of an instrument, and how a later study goes on from `n` readings.

    All that was stated is said again: another file has no usual values.
    """
    total, pooled = known.pooled(n, mean)
    names = ("prior_mean", "prior_sd", "bias_sd", "noise_sd")
    stated = {name: repr(float(getattr(known, name))) for name in names}
    on = {"before": f"{total}:{pooled!r}", **stated, "target_sd": repr(float(target))}
    return {"kind": READINGS, "noise_sd": known.noise_sd, GOES_ON: on}


def of_words(words: Sequence[str], share: float, threshold: float) -> dict[str, Any]:
    """Return the words that were counted, and the rule by which a message is quarantined."""
    return {"kind": WORDS, "words": list(words), "share": share, "threshold": threshold}


def of_network(asked: Asked) -> dict[str, Any]:
    """Return the rows of a network's tables, and which disease is decided on, at which costs."""
    rows, costs = list(asked.network.rows), asdict(asked.costs)
    return {"kind": NETWORK, "rows": rows, "disease": asked.disease, "costs": costs}


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
    found = told(tree)
    if "cannot" in found:
        raise DesignError(found["cannot"])
    return found


def told(tree: xr.DataTree) -> dict[str, Any]:
    """Return the design in a tree, also of what cannot be predicted; raise as `kept` does."""
    if GROUP not in tree.children:
        raise DesignError("it keeps no design, so no new rows can be predicted; run the case again")
    version = tree[GROUP].attrs.get("design_version")
    if version != VERSION:
        raise DesignError(
            f"its design has version {version}, and this casebook reads {VERSION}; run the case "
            "again"
        )
    found: dict[str, Any] = json.loads(str(tree[GROUP]["json"].item()))
    return found
