"""What the regressions share: standardised predictors, priors on predictions, own units out.

Centres, scales and axes are the data's own, computed once, and stay what they are when the data are
replaced (`with_data`): in a refit and in a simulation they are part of the prior.
"""

from math import sqrt

import numpy as np
import pandas as pd
import pymc as pm
from pytensor.tensor.variable import TensorVariable

SEEN = 1e-10  # of the largest sd of a direction: below it the data do not have the direction


def coordinates(terms: pd.DataFrame) -> dict[str, list]:
    """Return the coords of a regression: row (line in the file), term (column) and direction."""
    names = [str(name) for name in terms]
    return {"row": list(terms.index), "term": names, "direction": list(range(1, len(names) + 1))}


def standardised(terms: pd.DataFrame, *, scale_name: str = "scale") -> TensorVariable:
    """Add `terms`, `centre` and `scale` to the model of the context; return z; dims: row, term.

    z[i, k] = (terms[i, k] - centre[k]) / scale[k], with the mean and the step of each column (see
    `steps`). Where another thing is called scale, the steps are added as `scale_name`. A cell
    without a value is at the mean, until `models._imputed.with_gaps` makes it an unknown.
    """
    x = pm.Data("terms", terms.fillna(terms.mean()).to_numpy(dtype=float), dims=("row", "term"))
    centre = pm.Data("centre", terms.mean().to_numpy(), dims="term")
    scale = pm.Data(scale_name, steps(terms), dims="term")
    return (x - centre) / scale


def steps(terms: pd.DataFrame) -> np.ndarray:
    """Return what a coefficient is for one of: the sd of a column, 1 where it has 0 and 1 alone.

    So the coefficient of a level is that against its reference. Under the default prior the slopes
    in own units do not depend on it (see `axes`).
    """
    of_two = terms.isin((0, 1)).all()
    found: np.ndarray = terms.std().where(~of_two, 1.0).to_numpy()
    return found


def coefficients(
    name: str,
    terms: pd.DataFrame,
    *,
    r2: float,
    slope_sd: float | None,
    unit: float = 1,
    over: tuple[str, ...] = (),
) -> TensorVariable:
    """Add `name`, the coefficients for one step of each term, and their prior; dims: over, term.

    A step is one sd, or from 0 to 1 (see `steps`).

        name[k]  = spread * sum_j theta[j] * axes[j, k]
        theta[j] ~ Normal(0, 1)
        spread   = unit * sqrt(r2 / (1 - r2))

    `spread` is the prior sd, over the rows, of what the terms predict (see `axes`); `unit` the sd
    of the noise that r2 is reckoned against. With `slope_sd` each coefficient is Normal(0,
    slope_sd) by itself. Along the dims `over` there are several such lines, each with this prior.
    """
    directions = None if slope_sd is not None else axes(terms)
    return along_axes(name, directions, r2=r2, slope_sd=slope_sd, unit=unit, over=over)


def along_axes(
    name: str,
    directions: np.ndarray | None,
    *,
    r2: float,
    slope_sd: float | None,
    unit: float = 1,
    over: tuple[str, ...] = (),
) -> TensorVariable:
    """Add `name` as `coefficients` does, along known axes (dims: direction, term)."""
    if slope_sd is not None:
        return pm.Normal(name, 0, pm.Data("slope_sd", float(slope_sd)), dims=(*over, "term"))
    share = pm.Data("r2", float(r2))
    mix = pm.Data("axes", directions, dims=("direction", "term"))
    theta = pm.Normal("theta", 0, 1, dims=(*over, "direction"))
    spread = unit * pm.math.sqrt(share / (1 - share))
    return pm.Deterministic(name, spread * (theta @ mix), dims=(*over, "term"))


def axes(terms: pd.DataFrame) -> np.ndarray:
    """Return uncorrelated directions of the terms; dims: direction, term.

    For theta ~ Normal(0, 1) the coefficients theta @ axes have the covariance
    (Z'Z / (n - 1))^-1 / d, Z the standardised terms and d the number of directions that the data
    have. The predictions Z (theta @ axes) then have variance 1 over the rows on average, whatever d
    is, and the same distribution however the columns are written: centred or not, in any unit, with
    any level as the reference, as sums and differences of one another. Directions that the data do
    not have (fewer rows than terms) get the variance that they would have if their sd were 1. A
    cell without a value is at the mean here.

    Source: Zellner (1986), On assessing prior distributions and Bayesian regression analysis with
    g-prior distributions; the scale by the share of variance: Zhang et al. (2022), Bayesian
    regression using a prior on the model fit.
    """
    z = ((terms - terms.mean()) / steps(terms)).fillna(0.0).to_numpy(dtype=float)
    _, found, basis = np.linalg.svd(np.linalg.qr(z, mode="r"))
    sd = np.zeros(len(basis))
    sd[: len(found)] = found / sqrt(len(z) - 1)
    seen = sd > SEEN * sd.max()
    size = np.abs(basis)
    first = (size > size.max(axis=1, keepdims=True) / 2).argmax(axis=1)  # of the larger weights
    basis *= np.sign(basis[np.arange(len(basis)), first])[:, None]
    return basis / np.where(seen, sd, 1.0)[:, None] / sqrt(seen.sum())


def prior_root(
    terms: pd.DataFrame, *, r2: float = 0.5, slope_sd: float | None = None, unit: float = 1
) -> np.ndarray:
    """Return a square root of the coefficients' prior covariance, root @ root.T; dims: term, other.

    The parameters are those of `coefficients`.
    """
    if slope_sd is not None:
        return slope_sd * np.eye(terms.shape[1])
    return unit * sqrt(r2 / (1 - r2)) * axes(terms).T


def in_own_units(
    level: TensorVariable,
    beta: TensorVariable,
    *,
    centre: float = 0,
    scale: float = 1,
    scale_name: str = "scale",
    over: tuple[str, ...] = (),
) -> None:
    """Add `slope` (dims: over, term) and `intercept` (over) in own units to the context's model.

    `level` is the linear predictor at the average row and `beta` its change for one step of each
    term, both as multiples of `scale` above `centre`: numbers or pm.Data of the outcome.
    """
    model = pm.modelcontext(None)
    slope = pm.Deterministic("slope", scale * beta / model[scale_name], dims=(*over, "term"))
    at_centre = pm.math.sum(model["centre"] * slope, axis=-1)
    pm.Deterministic("intercept", centre + scale * level - at_centre, dims=over or None)


def with_groups(
    eta: TensorVariable, groups: pd.Series | None, between: float, *, scale: float = 1
) -> TensorVariable:
    """Return the linear predictor with what the group of each row adds; without groups as it is.

        eta[i]    = eta[i] + offset[g[i]]                    g[i]: the group of row i
        offset[g] = group_sd * group_z[g]
        group_z[g] ~ Normal(0, 1)
        group_sd  = s * group_tau
        group_tau ~ HalfNormal(between)

    eta is the linear predictor above, and s its unit: the outcome's sd where the formulas above
    multiply by it, else 1. The groups are taken for draws from one population, and how much they
    differ, group_sd, is estimated: groups of few rows are drawn to the mean of all (partial
    pooling), and the intercept above is that of a group in the middle. As written, offsets are
    scaled from standard ones (non-centred), so that the sampler works also where groups hardly
    differ.

    `groups` has the label of each row's group. Source: Gelman and Hill (2007), Data Analysis Using
    Regression and Multilevel/Hierarchical Models, chapters 12 and 13.
    """
    if groups is None:
        return eta
    codes, labels = pd.factorize(groups, sort=True)
    model = pm.modelcontext(None)
    model.add_coord("group", list(labels))
    tau = pm.HalfNormal("group_tau", pm.Data("between", float(between)))
    sd = pm.Deterministic("group_sd", scale * tau)
    z = pm.Normal("group_z", 0, 1, dims="group")
    offset = pm.Deterministic("offset", sd * z, dims="group")
    return eta + offset[pm.Data("group_of_row", codes, dims="row")]
