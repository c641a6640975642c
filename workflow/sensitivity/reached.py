"""What the knobs of a prior reach in the graph of a model, and what has to move with them.

A knob in the density of a parameter leaves the parameter where it is. A knob that multiplies one
(beta = spread * theta) does not: what the data see is the product, so it is the product that has to
stay, and theta moves. Whatever else a knob does, draws under one prior say nothing of another.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pymc as pm
from pytensor.tensor.random import basic as families

type Variable = Any  # of a graph

# Families whose values can be scaled by a positive factor and are values still, whatever their
# parameters are; and such as have the same values whatever these are.
SCALABLE = (
    families.NormalRV,
    families.HalfNormalRV,
    families.GammaRV,
    families.ExponentialRV,
    families.StudentTRV,
    families.CauchyRV,
    families.HalfCauchyRV,
    families.LaplaceRV,
    families.LogNormalRV,
    families.InvGammaRV,
    families.MvNormalRV,
)
STEADY = (*SCALABLE, families.BetaRV, families.DirichletRV)


@dataclass(frozen=True)
class Reach:
    """The parameters whose density a change of the knobs changes, and those that move with it.

    `moved` has the quantities that have to stay what they are, by the parameter that makes them.
    """

    densities: tuple[Variable, ...]
    moved: dict[Variable, tuple[Variable, ...]]


def reach_of(model: pm.Model, knobs: Collection[Variable]) -> Reach | None:
    """Return what the `pm.Data` in `knobs` reach; None where draws cannot be reweighted.

    They cannot where a knob is in the likelihood, sets the limits of a parameter, or makes a
    quantity of several parameters, or of one that is used elsewhere too.
    """
    free, made = set(model.free_RVs), set(model.deterministics)
    near = {one: _reached(one, free | made) for one in (*free, *made, *_ends(model))}
    told = {one for one, reached in near.items() if reached & set(knobs)}
    if told & set(_ends(model)):
        return None
    moved: dict[Variable, tuple[Variable, ...]] = {}
    for one in told & made:
        parents = near[one] & (free | made)
        if len(parents) != 1 or not parents <= free:
            return None
        (parent,) = parents
        moved[parent] = (*moved.get(parent, ()), one)
    for parent, kept in moved.items():
        users = {one for one, reached in near.items() if parent in reached}
        if users != set(kept) or not _is(parent, SCALABLE):
            return None
    if not all(_is(one, STEADY) for one in told & free):
        return None
    return Reach(tuple(one for one in model.free_RVs if one in told | set(moved)), moved)


def _ends(model: pm.Model) -> tuple[Variable, ...]:
    """Return what the data are compared with."""
    return (*model.observed_RVs, *model.potentials)


def _is(variable: Variable, kinds: tuple[type, ...]) -> bool:
    return isinstance(variable.owner.op, kinds)


def _reached(variable: Variable, ends: Collection[Variable]) -> set[Variable]:
    """Return what a variable is computed from, up to the first of `ends` on each way."""
    found: set[Variable] = set()
    ahead = [*variable.owner.inputs]
    while ahead:
        one = ahead.pop()
        if one in found:
            continue
        found.add(one)
        if one not in ends and one.owner is not None:
            ahead += one.owner.inputs
    return found
