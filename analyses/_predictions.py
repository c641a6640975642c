"""The predictions of a fit by its kind, as a table: new rows, the next trials, messages."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analyses import _designs as designs
from analyses._expected import of_arms, of_messages
from analyses._predicted import SEED, Predictions
from data._how import Reading
from data._new_counts import read_arms
from data._new_rows import NewRows, read_new
from workflow.deciding.costs import Stakes
from workflow.predicting import bernoulli, linear, shares
from workflow.predicting.hull import Hull

NEEDED = {
    designs.GAUSSIAN: ("intercept", "slope", "sigma"),
    designs.STUDENT_T: ("intercept", "slope", "scale", "nu"),
    designs.BERNOULLI: ("intercept", "slope"),
    designs.SHARE: ("intercept", "slope", "precision"),
}
BACK: dict[str, Callable[[Any], Any]] = {
    "exp": np.exp,
    "10^": lambda x: 10.0**x,
    "2^": lambda x: 2.0**x,
    "expm1": np.expm1,
    "square": np.square,
}


def of_rows(
    tree: xr.DataTree, design: Mapping[str, Any], path: Path, reading: Reading
) -> Predictions:
    """Predict the rows of a file.

    Raises
    ------
    DataError
        The file cannot be read, or lacks a column.
    DesignError
        The fit is of one rate, which has no rows.
    """
    posterior = tree["posterior"].to_dataset()
    if design["kind"] == designs.WORDS:
        return of_messages(posterior, design, path, reading)
    if design["kind"] == designs.ARMS:
        return of_arms(posterior, design, read_arms(path, design["arms"], reading))
    if design["kind"] == designs.RATE:
        raise designs.DesignError("it is of one rate; say how many trials are to come, --next N")
    if missing := [name for name in NEEDED[design["kind"]] if name not in posterior]:
        raise designs.DesignError(f"its draws have no {missing[0]}, as the model of its kind has")
    new = read_new(path, design, reading)
    centre = np.array(design["hull"]["mean"])
    if design["kind"] == designs.BERNOULLI:
        p = bernoulli.predict(posterior, new.terms, centre)
        stakes = Stakes(**design["stakes"])
        found, error = _events(bernoulli.decide(p, stakes, design["act"]), stakes)
    elif design["kind"] == designs.SHARE:
        found = _outcomes(shares.predict(posterior, new.terms, centre, seed=SEED), design)
        error = _largest_error(found)
    else:
        found = _outcomes(linear.predict(posterior, new.terms, centre, seed=SEED), design)
        error = _largest_error(found)
    return _of_table(found, new, Hull(**design["hull"]), error)


def _events(found: pd.DataFrame, stakes: Stakes) -> tuple[pd.DataFrame, str]:
    """Return the table without what is the same in it, and what decides."""
    there = ""
    if abs(stakes.prevalence - stakes.fitted) < 1e-12:
        found = found.drop(columns="probability_there")
    else:
        there = f" where {stakes.prevalence:.3g} have the event (probability_there)"
    note = np.where(found["open"], "the Monte Carlo error could decide otherwise", "")
    said = (
        f" The decision is by the costs {stakes.miss:g} (a miss) and {stakes.false_alarm:g} (acting"
        f" in vain): act from {stakes.threshold:.4g} on{there}."
    )
    return found.drop(columns="open").assign(note=note), said


def _outcomes(found: pd.DataFrame, design: Mapping[str, Any]) -> pd.DataFrame:
    """Add the interval in the outcome's own unit where a transformation of it was fitted."""
    outcome = design["outcome"]
    if "back" in outcome:
        back, of = BACK[outcome["back"]], outcome["of"]
        for end in ("lower", "upper"):
            within = np.maximum(found[end], 0) if outcome["back"] == "square" else found[end]
            found[f"{of}_{end}"] = back(within)
    return found


def _largest_error(found: pd.DataFrame) -> str:
    if found.empty:
        return ""
    width = (found["upper"] - found["lower"]).to_numpy()
    share = float((found["mcse"] / np.where(width > 0, width, np.nan)).max())
    return (
        f" The ends of the intervals have Monte Carlo errors of at most {share:.1%} of the width."
    )


def _of_table(found: pd.DataFrame, new: NewRows, hull: Hull, error: str) -> Predictions:
    """Put the predictions beside the cells of the file, and say what is extrapolated."""
    leverage = pd.Series(hull.leverage(new.terms), new.terms.index)
    far = leverage > hull.greatest * (1 + 1e-9)
    told = leverage.map("leverage {:.3g}, greatest fitted ".format) + f"{hull.greatest:.3g}"
    beyond = new.beyond[new.terms.index]
    both = np.where(far & (beyond != ""), "; ", "")
    extrapolated = beyond + both + told.where(far, "")
    note = new.why.copy()
    if "note" in found:
        note[found.index] = found.pop("note")
    whole = found.reindex(new.cells.index)
    whole = whole.assign(extrapolated=extrapolated.reindex(whole.index, fill_value=""), note=note)
    own = new.cells.apply(_numbers)
    own.columns = [f"{one} (data)" if one in {"line", *whole} else one for one in own]
    table = pd.concat([own, whole], axis=1)
    table.insert(0, "line", table.index)
    texts = [name for name in table if not pd.api.types.is_numeric_dtype(table[name])]
    table[texts] = table[texts].fillna("")
    reasons = new.why[new.why != ""]
    many = int((extrapolated != "").sum())
    return Predictions(table, "rows", len(found), many, list(reasons), error=error)


def _numbers(cells: pd.Series) -> pd.Series:
    """Return negative numbers as numbers: as text they would be taken for formulas."""
    negative = cells.str.match(r"[-+][0-9.]+(?:[eE][-+]?[0-9]+)?$")
    return cells.astype(object).where(~negative, pd.to_numeric(cells, errors="coerce"))
