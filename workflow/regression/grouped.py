"""Regressions whose rows have groups, (1 | group): designs with these, and how they differ.

`offset` (group) is what a group adds to the linear predictor, `group_sd` the sd between groups;
`group_of_row` is a coordinate (`workflow.sampling.members`). Without groups all is as without them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr
from scipy import sparse

from workflow.quantities import SAMPLE
from workflow.regression.imputed import fitted, without_gaps
from workflow.regression.regression import offsets, standardised
from workflow.regression.residuals import Checked, of_residuals
from workflow.sampling.members import OF_ROW

DIFFER = "residuals: slopes that differ between groups (largest)"
LEAST = 1e-9  # of a term's variance: what varies less within groups is the same in each


def has_groups(posterior: xr.Dataset) -> bool:
    """Say whether the rows have groups."""
    return "offset" in posterior


def codes(posterior: xr.Dataset, rows: pd.Index) -> np.ndarray:
    """Return the position of each row's group."""
    found: np.ndarray = posterior[OF_ROW].to_series().loc[rows].to_numpy(dtype=int)
    return found


def indicators(posterior: xr.Dataset, rows: pd.Index) -> np.ndarray:
    """Return 1 for the group that a row is of, else 0; dims: row, group (none without groups)."""
    if not has_groups(posterior):
        return np.empty((len(rows), 0))
    every = np.arange(posterior.sizes["group"])
    return (codes(posterior, rows)[:, None] == every).astype(float)


def design(posterior: xr.Dataset, terms: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return columns of 1, terms in steps and groups, and rows for what is known of groups before.

    The second have 1 / group_sd (at the posterior mean) in the column of each group: least squares
    of both together are the estimates given the sd between groups (mixed model equations). Source:
    Henderson (1975), Best linear unbiased estimation and prediction under a selection model.
    """
    z = standardised(terms).to_numpy(dtype=float)
    x = np.column_stack([np.ones(len(z)), z, indicators(posterior, terms.index)])
    if not has_groups(posterior):
        return x, np.empty((0, x.shape[1]))
    each = np.eye(posterior.sizes["group"]) / float(posterior["group_sd"].mean())
    return x, np.column_stack([np.zeros((len(each), z.shape[1] + 1)), each])


def of_groups(posterior: xr.Dataset) -> list[np.ndarray]:
    """Return the draws of the offsets in a list, all chains in one (draw, group); or none."""
    if not has_groups(posterior):
        return []
    found = posterior["offset"].transpose(*SAMPLE, "group").to_numpy()
    return [found.reshape(-1, found.shape[-1])]


def less_groups(posterior: xr.Dataset, outcome: pd.Series) -> pd.Series:
    """Return the outcome less what its group adds, by the posterior mean."""
    if not has_groups(posterior):
        return outcome
    return outcome - offsets(posterior, outcome.index).mean(SAMPLE).to_numpy()


def with_columns(
    posterior: xr.Dataset, terms: pd.DataFrame, root: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the terms with a column for each group, and the root of the prior covariance of all.

    Given the sd between groups, at its posterior median, the offsets are coefficients as others
    are. `root` (term, other) is that of the terms.
    """
    if not has_groups(posterior):
        return terms, root
    named = [f"group {label}" for label in posterior["group"].to_numpy()]
    added = pd.DataFrame(indicators(posterior, terms.index), terms.index, named)
    sd = float(posterior["group_sd"].median()) * np.eye(len(named))
    zeros = np.zeros((len(root), len(named)))
    other = np.block([[root, zeros], [np.zeros((len(named), root.shape[1])), sd]])
    return terms.join(added), other


def as_terms(posterior: xr.Dataset, terms: pd.DataFrame) -> tuple[xr.Dataset, pd.DataFrame]:
    """Return draws and terms in which groups are terms like the others, their offsets slopes.

    For what looks at `slope` and `intercept` alone; without groups both are as they were.
    """
    if not has_groups(posterior):
        return posterior, terms
    wide, _ = with_columns(posterior, terms, np.empty((terms.shape[1], 0)))
    both = [posterior["slope"].transpose(*SAMPLE, "term").to_numpy()]
    both.append(posterior["offset"].transpose(*SAMPLE, "group").to_numpy())
    slope = ((*SAMPLE, "term"), np.concatenate(both, axis=-1))
    made = xr.Dataset({"intercept": posterior["intercept"], "slope": slope})
    return made.assign_coords(term=list(wide)), wide


def intraclass(posterior: xr.Dataset, noise: xr.DataArray) -> xr.DataArray:
    """Return the share of the variance beside the terms that is between groups, draw by draw.

    `noise` is the sd of a row within its group.
    """
    between = posterior["group_sd"] ** 2
    return between / (between + noise**2)


def slopes_differ(
    posterior: xr.Dataset,
    terms: pd.DataFrame,
    *,
    mean: Callable[[np.ndarray], np.ndarray] = np.asarray,
) -> dict[str, Checked]:
    """Return a test statistic of residuals: do slopes differ between groups? Empty without groups.

    Of each term that varies within groups it is the variance that slopes of single groups explain
    of the residuals beyond one slope for all, for each slope; the largest counts. `posterior` and
    `mean` are those of `workflow.regression.residuals.residual_statistics`. Terms with gaps are not
    looked at: their values within groups are others in each draw.
    """
    if not has_groups(posterior):
        return {}
    within = slopes_within(codes(posterior, terms.index), without_gaps(posterior, terms))
    if not within:
        return {}
    mu = mean(fitted(posterior, terms).transpose(*SAMPLE, "row").to_numpy())
    kind = partial(_largest, within=list(within.values()))
    return {DIFFER: partial(of_residuals, mu=mu, statistic=kind)}


@dataclass(frozen=True)
class Within:
    """A term within groups: its parts there, each of length 1 (group, row), and their lengths."""

    parts: sparse.csr_array
    length: np.ndarray

    def explained(self, left: np.ndarray) -> np.ndarray:
        """Return the variance that slopes of groups explain beyond one of all, for each slope.

        `left` are residuals; dims: draw, row.
        """
        each = np.asarray(self.parts @ left.T)
        common = (self.length @ each) / (self.length @ self.length)
        apart = each - np.outer(self.length, common)
        return np.asarray((apart**2).sum(axis=0) / (len(self.length) - 1))


def slopes_within(groups: np.ndarray, terms: pd.DataFrame) -> dict[str, Within]:
    """Return by term, if it varies in two groups or more, what it is within these."""
    found = {}
    for name, x in terms.items():
        inner = (x - x.groupby(groups).transform("mean")).to_numpy(dtype=float)
        length = np.sqrt(np.bincount(groups, inner**2))
        moved = np.flatnonzero(length**2 > LEAST * len(x) * float(x.var()))
        if len(moved) < 2:
            continue
        place = np.full(len(length), -1)
        place[moved] = range(len(moved))
        rows = np.flatnonzero(place[groups] >= 0)
        of = groups[rows]
        parts = (inner[rows] / length[of], (place[of], rows))
        made = sparse.csr_array(parts, shape=(len(moved), len(x)))
        found[str(name)] = Within(made, length[moved])
    return found


def which_differs(posterior: xr.Dataset, terms: pd.DataFrame, left: pd.Series) -> str:
    """Return the term whose slopes differ most between groups; `left` are residuals by row."""
    within = slopes_within(codes(posterior, terms.index), terms)
    size = {name: float(one.explained(left.to_numpy()[None])[0]) for name, one in within.items()}
    return max(size, key=size.__getitem__)


def _largest(left: np.ndarray, *, within: list[Within]) -> np.ndarray:
    flat = left.reshape(-1, left.shape[-1])
    found = np.max([one.explained(flat) for one in within], axis=0)
    return np.asarray(found.reshape(left.shape[:-1]))
