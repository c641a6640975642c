"""Predictors with gaps: what is missing is unknown, like a coefficient, and estimated with it.

A cell without a value (NaN in the terms) is filled by what the other terms say of it and by the
outcome of its row, both at once, as Bayes' theorem has it.
"""

from itertools import combinations

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt
from pytensor.tensor.variable import TensorVariable

from models._regression import axes


def with_gaps(
    z: TensorVariable, terms: pd.DataFrame, *, scale_name: str = "scale"
) -> TensorVariable:
    """Return the standardised terms with unknowns in their gaps; without gaps as they are.

        z[i, j]    = mean[i, j] + fill_sd[j] * e[i, j]           j: a term with gaps
        e[i, j]    ~ Normal(0, 1)
        mean[i, j] = fill_level[j] + sum_k fill_beta[j, k] * z[i, k] + sum_{l < j} fill_pair[j, l] * e[i, l]
        fill_level[j] ~ Normal(0, 1)
        fill_beta[j, k] = sum_d fill_theta[j, d] * axes[d, k]    k: a term without gaps
        fill_theta[j, d] ~ Normal(0, 1)
        fill_pair[j, l] ~ Normal(0, 1)
        fill_sd[j] ~ Gamma(2, 2)                                 mean: 1

        missing[c] = centre[j] + scale[j] * z[i, j]              c: a gap, of row i in term j

    So the terms with gaps are jointly normal, given those without, and what is known of them in a
    row tells of what is missing there. The outcome tells of it too: its formula above has these z.
    Their order is that of the number of gaps, the fewest first, and matters to the priors alone.
    These are those of the linear regression with r2 of .5, on the standardised scale.

    That leaves the reason for a gap out, which is right where a value is missing at random: whether
    it is there may depend on what is known of the row, the outcome included, and not on the value
    itself beyond that. Sources: Little and Rubin (2019), Statistical Analysis with Missing Data,
    chapters 6 and 10; Ibrahim, Chen and Lipsitz (2002), Bayesian methods for generalized linear
    models with covariates missing at random.
    """
    gaps = terms.isna()
    if not gaps.to_numpy().any():
        return z
    names = gaps.sum()[gaps.any()].sort_values(kind="stable").index
    filled, whole = terms.columns.get_indexer(names), np.flatnonzero(~gaps.any())
    row, column = np.nonzero(gaps[names].to_numpy())
    model = pm.modelcontext(None)
    model.add_coords({"filled": list(map(str, names)), "gap": list(range(1, len(row) + 1))})
    at = pm.Data("gap_row", row, dims="gap"), pm.Data("gap_filled", column, dims="gap")
    gap = pm.Data("is_gap", gaps[names].to_numpy(dtype=float), dims=("row", "filled"))
    unknown = pm.Normal("gap_z", 0, 1, dims="gap")
    e = pt.set_subtensor(pt.zeros_like(gap)[at], unknown)
    level = pm.Normal("fill_level", 0, 1, dims="filled")
    sd = pm.Gamma("fill_sd", 2, 2, dims="filled")
    mean = level + (z[:, whole] @ _coefficients(terms.iloc[:, whole]) if len(whole) else 0 * gap)
    columns = _columns(z[:, filled], e, mean, sd, gap, _pairs(list(map(str, names))))
    values = pt.stack(columns, axis=1)
    own = [model[name][filled] for name in ("centre", scale_name)]
    pm.Deterministic("missing", (own[0] + own[1] * values)[at], dims="gap")
    return pt.concatenate([z[:, whole], values], axis=1)[:, np.argsort([*whole, *filled])]


def _columns(
    z: TensorVariable,
    e: TensorVariable,
    mean: TensorVariable,
    sd: TensorVariable,
    gap: TensorVariable,
    pairs: dict[tuple[int, int], TensorVariable],
) -> list[TensorVariable]:
    """Return each column with its gaps filled, and add the density of what is there to the model.

    `e` has the unknowns where `gap` is 1; dims of the matrices: row, filled.
    """
    columns: list[TensorVariable] = []
    known: list[TensorVariable] = []
    for j in range(int(gap.type.shape[1] or len(gap.get_value()[0]))):
        centre = mean[:, j] + sum(pairs[k, j] * known[k] for k in range(j))
        there = (z[:, j] - centre) / sd[j]
        known.append(pt.where(gap[:, j], e[:, j], there))
        columns.append(pt.where(gap[:, j], centre + sd[j] * e[:, j], z[:, j]))
        density = pm.logp(pm.Normal.dist(0, 1), there) - pt.log(sd[j])
        pm.Potential(f"seen_{j + 1}", ((1 - gap[:, j]) * density).sum())
    return columns


def _coefficients(whole: pd.DataFrame) -> TensorVariable:
    """Return those of the terms without gaps, for each with gaps; dims: whole, filled."""
    model = pm.modelcontext(None)
    model.add_coord("fill_direction", list(range(1, whole.shape[1] + 1)))
    theta = pm.Normal("fill_theta", 0, 1, dims=("filled", "fill_direction"))
    return (theta @ axes(whole)).T


def _pairs(names: list[str]) -> dict[tuple[int, int], TensorVariable]:
    """Return what a term with gaps says of each later one, by their positions."""
    both = list(combinations(range(len(names)), 2))
    if not both:
        return {}
    pm.modelcontext(None).add_coord("pair", [f"{names[j]}, {names[k]}" for j, k in both])
    w = pm.Normal("fill_pair", 0, 1, dims="pair")
    return {pair: w[at] for at, pair in enumerate(both)}
