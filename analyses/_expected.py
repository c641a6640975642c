"""What is to be expected of the next trials of a rate, of an arm's visitors, of new messages."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analyses import _designs as designs
from analyses._groups_ahead import of_next_trials
from analyses._predicted import SEED, Predictions
from data._how import Reading
from data._messages import tokens
from data._new_counts import read_distances, read_messages
from workflow.predicting import classes, counts
from workflow.predicting.draws import TAILS, flat
from workflow.process.limits import Limits
from workflow.putting.curves import geometry_chance


def of_next(tree: xr.DataTree, design: Mapping[str, Any], following: int) -> Predictions:
    """Predict the next trials, of each arm or of the one rate.

    Raises
    ------
    DesignError
        The fit has rows and no rate.
    """
    posterior = tree["posterior"].to_dataset()
    if design["kind"] == designs.ARMS:
        arms = pd.DataFrame({"arm": design["arms"], "visitors": following, "note": ""})
        return of_arms(posterior, design, arms)
    if design["kind"] == designs.GROUPS:
        return of_next_trials(posterior, design, following)
    if design["kind"] == designs.PERIODS:
        found = counts.next_periods(flat(posterior, design["rate"]), following)
        row = {f"{design['unit']}s": following, **_counted(found)}
        return Predictions(pd.DataFrame([row]), f"count of {design['events']}", 1)
    if design["kind"] == designs.SHARES:
        return of_kinds(posterior, design, following)
    if design["kind"] == designs.PIECES:
        return of_pieces(posterior, design, following)
    if design["kind"] == designs.READINGS:
        return of_readings(posterior, design, following)
    if design["kind"] != designs.RATE:
        raise designs.DesignError("--next is for rates; name the new rows with --data")
    rate = flat(posterior, design.get("rate", "theta"))
    found = counts.next_events(rate, following, effect=design["effect"], seed=SEED)
    row = {design["trials"]: following, **_counted(found)}
    return Predictions(pd.DataFrame([row]), f"count of {design['events']}", 1)


def of_kinds(posterior: xr.Dataset, design: Mapping[str, Any], following: int) -> Predictions:
    """Predict how many of the next observations are of each kind, each count by itself."""
    share = flat(posterior, "share")
    rows = [
        {"kind": kind, "next": following, **_counted(counts.next_events(one, following, seed=SEED))}
        for kind, one in zip(design["kinds"], share.T, strict=True)
    ]
    return Predictions(pd.DataFrame(rows), "kinds", len(rows))


def of_pieces(posterior: xr.Dataset, design: Mapping[str, Any], following: int) -> Predictions:
    """Predict how many of the next pieces of a process are outside its limits."""
    limits = Limits(design.get("lower", -math.inf), design.get("upper", math.inf))
    rate = limits.outside(flat(posterior, "mu"), flat(posterior, "sigma"))
    row = {"pieces": following, **_counted(counts.next_events(rate, following, seed=SEED))}
    return Predictions(pd.DataFrame([row]), "count of pieces outside", 1)


def of_readings(posterior: xr.Dataset, design: Mapping[str, Any], following: int) -> Predictions:
    """Predict the mean of the next readings of an instrument; the bias is in it."""
    noise = np.random.default_rng(SEED).normal(size=posterior["mean"].size)
    drawn = flat(posterior, "mean") + design["noise_sd"] / np.sqrt(following) * noise
    lower, upper = np.quantile(drawn, TAILS)
    row = {"readings": following, "mean": drawn.mean(), "sd": drawn.std(ddof=1)}
    row |= {"lower": lower, "upper": upper}
    return Predictions(pd.DataFrame([row]), "mean of the next readings", 1)


def of_arms(posterior: xr.Dataset, design: Mapping[str, Any], arms: pd.DataFrame) -> Predictions:
    """Predict the conversions of so many visitors of each arm; rows with a note have none."""
    rate = flat(posterior, "rate")
    rows = []
    for arm, visitors, note in arms[["arm", "visitors", "note"]].itertuples(index=False):
        row = {"arm": arm, "visitors": visitors}
        if not note:
            at, effect = design["arms"].index(arm), 1.0
            if size := design["sizes"].get(arm):
                icc = float(flat(posterior, "icc")[:, at].mean())
                effect = counts.design_effect(size, icc)
            row |= _counted(counts.next_events(rate[:, at], visitors, effect=effect, seed=SEED))
        rows.append(row | {"note": note})
    reasons = [note for note in arms["note"] if note]
    return Predictions(
        pd.DataFrame(rows, dtype=object), "arms", len(arms) - len(reasons), 0, reasons
    )


def _counted(found: counts.Next) -> dict[str, float]:
    return {"mean": found.mean, "sd": found.sd, "lower": found.lower, "upper": found.upper}


def of_messages(
    posterior: xr.Dataset, design: Mapping[str, Any], path: Path, reading: Reading
) -> Predictions:
    """Predict P(spam) of each message, and decide by the rule of the page."""
    messages = read_messages(path, reading)
    words = [tokens(text) for text in messages["message"]]
    present = np.array([[word in has for word in design["words"]] for has in words], dtype=bool)
    present = present.reshape(len(messages), len(design["words"]))
    p = classes.prob_first(flat(posterior, "rate"), present, design["share"])
    filled = (messages["note"] == "").to_numpy()
    decision = np.where(p >= design["threshold"], "quarantine", "deliver")
    table = messages[["line", "message"]].assign(
        prob_spam=np.where(filled, p, np.nan),
        decision=np.where(filled, decision, ""),
        counted_words=present.sum(axis=1),
        note=messages["note"],
    )
    reasons = [one for one in messages["note"] if one]
    return Predictions(table, "messages", int(filled.sum()), 0, reasons)


def of_putts(
    posterior: xr.Dataset, design: Mapping[str, Any], path: Path, reading: Reading
) -> Predictions:
    """Predict the chance of a putt from each distance of a file, by the geometry."""
    putts = read_distances(path, reading)
    there = putts[putts["note"] == ""]
    sigma = flat(posterior, "sigma_degrees")
    p = geometry_chance(sigma, there["distance_ft"].to_numpy(float)[:, None], design["room"])
    lower, upper = np.quantile(p, TAILS, axis=1)
    found = pd.DataFrame(
        {"probability": p.mean(axis=1), "lower": lower, "upper": upper}, there.index
    )
    near, far = design["distances"]
    outside = ~there["distance_ft"].between(near, far)
    told = np.where(outside, f"distance outside {near:g} to {far:g} feet", "")
    found["extrapolated"] = told
    table = putts.join(found)
    table["extrapolated"] = table["extrapolated"].fillna("")
    table = table[[*(name for name in table if name != "note"), "note"]]
    reasons = [one for one in putts["note"] if one]
    return Predictions(table, "putts", len(there), int(outside.sum()), reasons)
