"""To which group each row belongs, as coordinates of the draws: statistics by row then know it."""

from typing import Any

import pymc as pm
import xarray as xr

OF_ROW = "group_of_row"  # `pm.Data` of positions in the dim "group", by row


def members(model: pm.Model) -> dict[str, Any]:
    """Return the coordinates by row of a model whose rows have groups; none where they have not."""
    if OF_ROW not in model.named_vars:
        return {}
    (dim,) = model.named_vars_to_dims[OF_ROW]
    codes = model[OF_ROW].get_value()
    return {str(dim): list(model.coords[dim]), OF_ROW: (str(dim), codes)}


def note(tree: xr.DataTree, group: str, coords: dict[str, Any]) -> None:
    """Give the draws of a group of a tree these coordinates, if there are any."""
    if coords:
        tree[group] = tree[group].to_dataset().assign_coords(coords)
