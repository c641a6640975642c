"""Predictors with gaps: what is missing is unknown, like a coefficient, and estimated with it.

A cell without a value (NaN in the terms) is filled by what the other terms say of it and by the
outcome of its row, both at once, as Bayes' theorem has it.
"""

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

        z[i, j]          = mean[i, j] + fill_sd[j] * e[i, j]     j: a term with gaps
        e[i, j]          ~ Normal(0, 1)                          in gaps: unknown
        mean[i, j]       = fill_level[j] + sum_k fill_beta[j, k] * z[i, k]
                         + sum_l fill_pair[l, j] * e[i, l]       l: terms with gaps before j
        fill_level[j]    ~ Normal(0, 1)
        fill_beta[j, k]  = sum_d fill_theta[j, d] * axes[d, k]   k: a term without gaps
        fill_theta[j, d] ~ Normal(0, 1)
        fill_pair[l, j]  ~ Normal(0, 1)
        fill_sd[j]       ~ Gamma(2, 2)                           mean: 1

        missing[i, j]    = centre[j] + scale[j] * z[i, j]        in gaps

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
    counts = gaps.sum()
    names = counts[counts > 0].sort_values(kind="stable").index
    row, column = np.nonzero(gaps[names].to_numpy())
    model = pm.modelcontext(None)
    model.add_coords({"filled": list(map(str, names)), "gap": list(range(1, len(row) + 1))})
    at = pm.Data("gap_row", row, dims="gap"), pm.Data("gap_filled", column, dims="gap")
    gap = pm.Data("is_gap", gaps[names].to_numpy(dtype=float), dims=("row", "filled"))
    places = (terms.columns.to_numpy() == names.to_numpy()[:, None]).astype(float)
    place = pm.Data("fill_place", places, dims=("filled", "term"))
    e = gap * pt.set_subtensor(pt.zeros_like(gap)[at], pm.Normal("gap_z", 0, 1, dims="gap"))
    mean = pm.Normal("fill_level", 0, 1, dims="filled") + gap * 0
    if len(names) < terms.shape[1]:
        mean = mean + z @ _coefficients(terms.drop(columns=names), terms.columns)
    values = _values(z @ place.T, e, mean, gap)
    own = model["centre"] @ place.T, model[scale_name] @ place.T
    pm.Deterministic("missing", (own[0] + own[1] * values)[at], dims="gap")
    return z + (gap * values) @ place  # which was 0, the mean, in gaps


def _coefficients(whole: pd.DataFrame, terms: pd.Index) -> TensorVariable:
    """Return those of the terms without gaps, and 0 for the others; dims: term, filled."""
    at = terms.get_indexer(whole.columns)
    wide = np.zeros((whole.shape[1], len(terms)))
    wide[:, at] = axes(whole)
    known = {"fill_direction": list(range(1, len(wide) + 1)), "known": list(map(str, whole))}
    pm.modelcontext(None).add_coords(known)
    theta = pm.Normal("fill_theta", 0, 1, dims=("filled", "fill_direction"))
    beta = theta @ pm.Data("fill_axes", wide, dims=("fill_direction", "term"))
    pm.Deterministic("fill_beta", beta[:, at], dims=("filled", "known"))
    return beta.T


def _values(
    z: TensorVariable, e: TensorVariable, mean: TensorVariable, gap: TensorVariable
) -> TensorVariable:
    """Return the values in the gaps, and add the density of those that are there to the model.

    `mean` is that given the terms without gaps, `e` has the unknowns where `gap` is 1. All are
    matrices; dims: row, filled.
    """
    sd = pm.Gamma("fill_sd", 2, 2, dims="filled")
    n = len(pm.modelcontext(None).coords["filled"])
    pairs, standard = _pairs(n), e
    for _ in range(n):  # a column needs those before it: after so many rounds all are right
        centre = mean + standard @ pairs if n > 1 else mean
        standard = e + (1 - gap) * (z - centre) / sd
    there = (1 - gap) * (standard**2 / 2 + pt.log(sd) + np.log(2 * np.pi) / 2)
    pm.Potential("seen", -there.sum())
    return centre + sd * e


def _pairs(n: int) -> TensorVariable | None:
    """Return what each term with gaps says of each later one, a matrix with 0 elsewhere."""
    if n == 1:
        return None
    model = pm.modelcontext(None)
    names, (earlier, later) = model.coords["filled"], np.triu_indices(n, 1)
    both = zip(earlier, later, strict=True)
    model.add_coord("pair", [f"{names[j]}, {names[k]}" for j, k in both])
    w = pm.Normal("fill_pair", 0, 1, dims="pair")
    return pt.set_subtensor(pt.zeros((n, n))[earlier, later], w)
