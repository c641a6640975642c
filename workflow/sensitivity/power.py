"""Power-scaling: how much a quantity moves when prior or likelihood is made a little stronger."""

import warnings
from dataclasses import dataclass

import arviz_stats as azs
import pandas as pd
import xarray as xr

from workflow.sampling.groups import JOINT


@dataclass(frozen=True)
class PowerScaling:
    """ArviZ' power-scaling table (prior, likelihood, diagnosis), or why there is none."""

    table: pd.DataFrame | None
    reason: str


def power_scaling(tree: xr.DataTree, var_names: list[str]) -> PowerScaling:
    """Return how much each quantity moves when prior or likelihood is made a little stronger.

    Source: Kallioinen et al. (2024), Detecting and diagnosing prior and likelihood sensitivity with
    power-scaling. Needs the groups log_prior and log_likelihood; a flat prior cannot be scaled. The
    likelihood that is scaled is that of all data: where log_likelihood has a part of the rows
    (see `workflow.sampling.part`), the sums in joint_log_likelihood are taken.
    """
    if JOINT in tree.children:
        tree = tree.filter(lambda node: node.name != "log_likelihood")
        tree["log_likelihood"] = tree[JOINT].to_dataset()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = azs.psense_summary(tree, var_names=var_names)
    except (ValueError, TypeError, IndexError) as error:
        return PowerScaling(None, f"Power-scaling does not apply here: {error}")
    return PowerScaling(pd.DataFrame(table), "")
