"""What rows the draws are of, as coordinates: the group of each row, the row and term of a gap.

Statistics by row then know it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr
from numpy.typing import ArrayLike

OF_ROW = "group_of_row"  # `pm.Data` of positions in the dim "group", by row
MISSING = "missing"  # the values of gaps, in the dim "gap", of a row and a term each
GAP = "gap_z"  # the unknowns that these are made of: what they are like is no prior of a slope
GAP_LINE, GAP_TERM = "gap_line", "gap_term"
IS_GAP = "is_gap"  # `pm.Data` of 0 and 1, by row and term that has gaps
GAP_ROW, GAP_FILLED = "gap_row", "gap_filled"  # where each gap is in it


def members(model: pm.Model) -> dict[str, Any]:
    """Return the coordinates of groups by row, and of gaps; none where there are none of both."""
    found: dict[str, Any] = {}
    if OF_ROW in model.named_vars:
        (dim,) = model.named_vars_to_dims[OF_ROW]
        found = {str(dim): list(model.coords[dim]), OF_ROW: (str(dim), model[OF_ROW].get_value())}
    if MISSING in model.named_vars:
        at = {"row": GAP_ROW, "filled": GAP_FILLED}
        lines, names = (
            np.array(model.coords[dim])[model[data].get_value()] for dim, data in at.items()
        )
        found |= {GAP_LINE: ("gap", lines), GAP_TERM: ("gap", names)}
    return found


def note(tree: xr.DataTree, group: str, coords: dict[str, Any]) -> None:
    """Give the draws of a group of a tree these coordinates, if there are any."""
    if coords:
        tree[group] = tree[group].to_dataset().assign_coords(coords)


def less_row(
    data: Mapping[str, ArrayLike], by_row: Iterable[str], gone: int
) -> dict[str, np.ndarray]:
    """Return those of the `pm.Data` of a model that are others without the row at `gone`.

    `by_row` names those that have a row each; the groups of rows, and where gaps are, have too. A
    compiled model keeps its number of unknowns: those of the row's gaps are pointed at cells of
    other rows that have a value, where they do nothing (`models._imputed.with_gaps`).
    """
    names = [*by_row, *({OF_ROW, IS_GAP} & {*data})]
    found = {name: np.delete(np.asarray(data[name]), gone, axis=0) for name in names}
    if IS_GAP in found:
        row, column = (np.array(data[name]) for name in (GAP_ROW, GAP_FILLED))
        free = row == gone
        seen = np.argwhere(found[IS_GAP] == 0)
        row -= row > gone
        row[free], column[free] = seen[: free.sum()].T
        found |= {GAP_ROW: row, GAP_FILLED: column}
    return found
