"""The predictions of a fit by its kind, as a table: new rows, the next trials, messages."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analyses import _designs as designs, _own_unit as own_unit
from analyses._expected import of_arms, of_messages, of_putts
from analyses._findings import of_findings
from analyses._groups_ahead import of_groups
from analyses._new_places import of_places
from analyses._predicted import SEED, Predictions
from data._how import Reading
from data._new_counts import read_arms, read_groups
from data._new_rows import NewRows, read_new
from workflow.deciding.costs import Stakes
from workflow.predicting import bernoulli, linear, negative_binomial, ordered, quantiles, shares
from workflow.predicting.groups import with_offsets
from workflow.predicting.hull import Hull
from workflow.regression.corrected import Known, corrected

NEEDED = {
    designs.GAUSSIAN: ("intercept", "slope", "sigma"),
    designs.STUDENT_T: ("intercept", "slope", "scale", "nu"),
    designs.LAPLACE: ("intercept", "slope", "scale"),
    designs.HUBER: ("intercept", "slope", "scale"),
    designs.BERNOULLI: ("intercept", "slope"),
    designs.COUNTS: ("intercept", "slope", "dispersion"),
    designs.ORDERED: ("cut", "slope"),
    designs.SHARE: ("intercept", "slope", "precision"),
    designs.QUANTILES: ("intercept", "slope", "scale"),
}
SCALED = {designs.LAPLACE: linear.LAPLACE, designs.HUBER: linear.HUBER}
GROUPED = ("offset", "group_sd")  # where rows have groups


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
    if design["kind"] == designs.NETWORK:
        return of_findings(posterior, design, path, reading)
    if design["kind"] == designs.PUTTS:
        return of_putts(posterior, design, path, reading)
    if design["kind"] == designs.CURVE:
        return of_places(posterior, design, path, reading)
    if design["kind"] == designs.ARMS:
        return of_arms(posterior, design, read_arms(path, design["arms"], reading))
    if design["kind"] == designs.GROUPS:
        return of_groups(posterior, design, read_groups(path, reading))
    if design["kind"] in {designs.RATE, designs.PIECES}:
        raise designs.DesignError("it is of one rate; say how many trials are to come, --next N")
    if design["kind"] == designs.PERIODS:
        raise designs.DesignError("it is of one rate; say how many periods are to come, --next N")
    if design["kind"] == designs.READINGS:
        raise designs.DesignError("it is of one quantity; say how many readings come, --next N")
    needed = [*NEEDED[design["kind"]], *(GROUPED if "group" in design else [])]
    if missing := [name for name in needed if name not in posterior]:
        raise designs.DesignError(f"its draws have no {missing[0]}, as the model of its kind has")
    new = read_new(path, design, reading)
    centre = np.array(design["hull"]["mean"])
    if design["kind"] == designs.COUNTS:
        new, exposure = _exposed(new, design)
    terms = new.terms
    if new.groups is not None:
        posterior, terms = with_offsets(posterior, terms, new.groups, seed=SEED)
        centre = np.append(centre, np.zeros(terms.shape[1] - len(centre)))
    exposed = (exposure, _per_unit(new, design)) if design["kind"] == designs.COUNTS else None
    found, error = _of_kind(posterior, terms, centre, design, exposed)
    found = _named(found, new, design)
    return _of_table(found, new, Hull(**design["hull"]), error)


def _of_kind(
    posterior: xr.Dataset,
    terms: pd.DataFrame,
    centre: np.ndarray,
    design: Mapping[str, Any],
    exposed: tuple[np.ndarray, str] | None,
) -> tuple[pd.DataFrame, str]:
    """Return what is predicted by row, and what is to be said of it.

    `exposed` has the exposures of counts, and what is said of them.
    """
    kind, about = design["kind"], (posterior, terms, centre)
    if kind == designs.BERNOULLI:
        stakes = Stakes(**design["stakes"])
        return _events(bernoulli.decide(bernoulli.predict(*about), stakes, design["act"]), stakes)
    if exposed:
        return negative_binomial.predict(*about, exposed[0], seed=SEED), exposed[1]
    if kind == designs.ORDERED:
        found = ordered.predict(posterior, terms, design["ratings"])
        most = f"{found.pop('mcse').max():.2g}" if len(found) else "0"
        return found, f" The Monte Carlo errors of the probabilities are at most {most}."
    if kind == designs.QUANTILES:
        right = corrected(posterior, Known(**design["known"]))
        return own_unit.lines(quantiles.predict(right, terms, centre), design), ""
    if kind == designs.SHARE:
        drawn = shares.predict(*about, seed=SEED)
    else:
        drawn = linear.predict(*about, seed=SEED, noise=SCALED.get(kind))
    found = own_unit.outcomes(drawn, design)
    return found, own_unit.largest_error(found)


def _named(found: pd.DataFrame, new: NewRows, design: Mapping[str, Any]) -> pd.DataFrame:
    """Add a note to the rows whose group was not fitted."""
    if new.groups is None:
        return found
    of, known = new.groups[found.index], {*design["group"]["cells"].values()}
    told = np.where(of.isin(known), "", f"{design['group']['column']} was not fitted: any group")
    note = found["note"] if "note" in found else pd.Series("", found.index)
    both = np.where((note != "") & (told != ""), "; ", "")
    return found.assign(note=note + both + told)


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


def _exposed(new: NewRows, design: Mapping[str, Any]) -> tuple[NewRows, np.ndarray]:
    """Return the rows that can be predicted, and the exposure of each: 1 where there is none."""
    name, (low, high) = design["exposure"], design["exposures"]
    if name is None or name not in new.cells:
        return new, np.ones(len(new.terms))
    found = pd.to_numeric(new.cells[name], errors="coerce")
    bad = ~(np.isfinite(found) & (found > 0)) & (new.why == "")
    said = [f"line {i}, column {name!r}: the exposure is no number above 0" for i in bad.index]
    why = new.why.where(~bad, pd.Series(said, bad.index))
    terms = new.terms[~bad[new.terms.index]]
    told = f"{name} outside {low:g} to {high:g}"
    outside = ((found < low) | (found > high)) & (why == "")
    beyond = new.beyond + np.where(outside & (new.beyond != ""), "; ", "")
    beyond = beyond + np.where(outside, told, "")
    return replace(new, why=why, terms=terms, beyond=beyond), found[terms.index].to_numpy(
        dtype=float
    )


def _per_unit(new: NewRows, design: Mapping[str, Any]) -> str:
    """Say for what exposure counts are predicted where the file has none."""
    name = design["exposure"]
    if name is None or name in new.cells:
        return ""
    return f" The file has no column {name}: counts are those for one unit of it."


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
    own = new.cells.copy()
    own.columns = [f"{one} (data)" if one in {"line", *whole} else one for one in own]
    table = pd.concat([own, whole], axis=1)
    table.insert(0, "line", table.index)
    texts = [name for name in table if not pd.api.types.is_numeric_dtype(table[name])]
    table[texts] = table[texts].fillna("")
    reasons = new.why[new.why != ""]
    many = int((extrapolated != "").sum())
    return Predictions(table, "rows", len(found), many, list(reasons), error=error)
