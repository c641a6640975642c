"""What rows the draws are of, as coordinates: the group of each row, the row and term of a gap.

Statistics by row then know it.
"""

from typing import Any

import numpy as np
import pymc as pm
import xarray as xr

OF_ROW = "group_of_row"  # `pm.Data` of positions in the dim "group", by row
MISSING = "missing"  # the values of gaps, in the dim "gap", of a row and a term each
GAP = "gap_z"  # the unknowns that these are made of: what they are like is no prior of a slope
GAP_LINE, GAP_TERM = "gap_line", "gap_term"


def members(model: pm.Model) -> dict[str, Any]:
    """Return the coordinates of groups by row, and of gaps; none where there are none of both."""
    found: dict[str, Any] = {}
    if OF_ROW in model.named_vars:
        (dim,) = model.named_vars_to_dims[OF_ROW]
        found = {str(dim): list(model.coords[dim]), OF_ROW: (str(dim), model[OF_ROW].get_value())}
    if MISSING in model.named_vars:
        at = {"row": "gap_row", "filled": "gap_filled"}
        lines, names = (
            np.array(model.coords[dim])[model[data].get_value()] for dim, data in at.items()
        )
        found |= {GAP_LINE: ("gap", lines), GAP_TERM: ("gap", names)}
    return found


def note(tree: xr.DataTree, group: str, coords: dict[str, Any]) -> None:
    """Give the draws of a group of a tree these coordinates, if there are any."""
    if coords:
        tree[group] = tree[group].to_dataset().assign_coords(coords)
